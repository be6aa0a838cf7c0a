"""What a list can be narrowed by: the choices of each filter in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from screener.engine.rules import Severity
from screener.store import queries
from screener.store.queue_filters import ME, NOBODY, NOTHING_RAISED, AgeBand, Filters, Sort, tag_code
from screener.web.auth import current_staff
from screener.web.case.findings import SEVERITY_WORDS, topic_words
from screener.web.case.view import SHORT_HASH, language_words
from screener.web.codes_in_words import SOURCE_WORDS
from screener.web.extensions import current_ruleset
from screener.web.i18n import language

SORT_WORDS = {
    Sort.SEVERITY: lazy_gettext("Highest severity, then longest wait"),
    Sort.WAITING: lazy_gettext("Longest wait"),
    Sort.NEWEST: lazy_gettext("Newest"),
    Sort.SINCE: lazy_gettext("Longest in its status"),
}
AGE_WORDS = {
    AgeBand.UNDER_30: lazy_gettext("Under 30"),
    AgeBand.FROM_30: lazy_gettext("30 to 49"),
    AgeBand.FROM_50: lazy_gettext("50 to 64"),
    AgeBand.FROM_65: lazy_gettext("65 to 79"),
    AgeBand.FROM_80: lazy_gettext("80 and over"),
}

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FilterField:
    """One filter: its name in the address, its label, its choices (value, words), and the chosen value."""

    name: str
    label: str
    choices: list[Choice]
    chosen: str


def first_fields(session: Session, filters: Filters) -> list[FilterField]:
    """The filters that are always in sight."""
    severities = [*((severity.value, str(SEVERITY_WORDS[severity])) for severity in Severity)]
    return [
        _field(
            filters, "severity", gettext("Highest severity"), [*severities, (NOTHING_RAISED, gettext("Nothing raised"))]
        ),
        _field(filters, "unknown", gettext("Could not assess"), [("yes", gettext("Some")), ("no", gettext("None"))]),
        _field(filters, "assignee", gettext("Assigned to"), _holders(session), plain=gettext("Anyone")),
        _field(filters, "language", gettext("Language"), _languages()),
        _field(
            filters, "sort", gettext("Order"), [(str(s), str(words)) for s, words in SORT_WORDS.items()], plain=None
        ),
    ]


def more_fields(session: Session, filters: Filters) -> list[FilterField]:
    """The filters that are folded away."""
    tags = [(tag_code(word), word) for word in queries.tag_words(session)]
    fields = [
        _field(filters, "topic", gettext("Topic"), _topics()),
        _field(filters, "age", gettext("Age"), _words(AGE_WORDS.items())),
        _field(
            filters, "flagged", gettext("Flag"), [("yes", gettext("Has an open flag")), ("no", gettext("Has none"))]
        ),
        _field(filters, "tag", gettext("Tag"), tags),
        _field(filters, "source", gettext("How it came"), _words(SOURCE_WORDS.items())),
        _field(filters, "ruleset", gettext("Rules version"), _rulesets(session)),
    ]
    return [field for field in fields if field.choices]


def people_choices(session: Session) -> list[Choice]:
    """Who submissions can be given to: oneself, nobody, everyone else by name."""
    others = [user for user in queries.assignable_users(session) if user.id != current_staff().id]
    return [(ME, gettext("Me")), (NOBODY, gettext("No one")), *((str(user.id), user.name) for user in others)]


def _holders(session: Session) -> list[Choice]:
    """Whose work can be looked for: also of those who left it behind, or nobody would find it."""
    left = [
        (str(user.id), gettext("%(name)s (gets no new work)", name=user.name))
        for user in queries.users_with_work_left(session)
        if user.id != current_staff().id
    ]
    return [*people_choices(session), *left]


def _field(filters: Filters, name: str, label: str, choices: list[Choice], *, plain: str | None = "") -> FilterField:
    """`plain` is what the choice that leaves the filter out is called; None where there is none."""
    chosen = filters.parts().get(name, "")
    if plain is not None and choices:
        choices = [("", plain or gettext("Any")), *choices]
    if chosen and choices and chosen not in dict(choices):
        choices = [*choices, (chosen, chosen)]
    return FilterField(name, label, choices, chosen or choices[0][0] if choices else "")


def _words(rows: Iterable[tuple[object, object]]) -> list[Choice]:
    return [(str(code), str(words)) for code, words in rows]


def _languages() -> list[Choice]:
    return [(code, language_words(code)) for code in current_ruleset().languages]


def _topics() -> list[Choice]:
    ruleset = current_ruleset()
    raised = dict.fromkeys(rule.topic for rule in ruleset.rules if rule.severity is not Severity.INFO)
    return sorted(((topic, topic_words(ruleset, topic, language())) for topic in raised), key=lambda row: row[1])


def _rulesets(session: Session) -> list[Choice]:
    return [
        (kept[:SHORT_HASH], gettext("%(version)s, hash %(hash)s", version=version, hash=kept[:SHORT_HASH]))
        for kept, version in queries.ruleset_versions(session)
    ]
