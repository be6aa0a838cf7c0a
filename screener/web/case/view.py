"""One submission as staff see it, at both doors: who, where it stands, what was answered, noted and done.

Everything comes from what is stored, and from the ruleset the answers were screened with, found by its hash; nothing is
screened again. How findings are arranged is in `case.findings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from screener.engine.answers import DECLINED, NOT_SURE, Answer, Reason, reason_unknown
from screener.engine.conditions import Truth
from screener.engine.questionnaire import Item, ItemType, Section
from screener.engine.rules import Ruleset
from screener.engine.screening import Finding, asked_items
from screener.engine.summary import finding_from
from screener.engine.wording import score_sentence
from screener.store import queries
from screener.store.models import Event, Note, Response, Review, Submission
from screener.store.workflow import Move
from screener.web.ages import full_years
from screener.web.answer_words import answer_words
from screener.web.case.findings import REASON_WORDS, FindingsView, reason_words
from screener.web.case.work import Work, read_work
from screener.web.extensions import now, ruleset_of
from screener.web.filters import number
from screener.web.i18n import language

SHORT_HASH = 12
MOVE_WORDS = {
    Move.ACCEPT: lazy_gettext("Accept for a clinician"),
    Move.ASK: lazy_gettext("Ask the patient"),
    Move.CLOSE: lazy_gettext("Close"),
    Move.START_REVIEW: lazy_gettext("Start review"),
    Move.SIGN_OFF: lazy_gettext("Sign off"),
}
_PREFERRED_WORDS = {
    "phone": lazy_gettext("Phone call"),
    "text": lazy_gettext("Text message"),
    "email": lazy_gettext("E-mail"),
}
_LANGUAGE_WORDS = {"en": lazy_gettext("English"), "es": lazy_gettext("Spanish")}
AnswerRow = tuple[str, list[str], str | None]


@dataclass(frozen=True, slots=True)
class Case:
    """What the store holds of one submission, read in one transaction."""

    submission: Submission
    response: Response
    ruleset: Ruleset
    findings: tuple[Finding, ...]
    notes: Sequence[Note]
    events: Sequence[Event]
    reviews: Sequence[Review]
    work: Work = field(default_factory=Work)
    people: Mapping[int, str] = field(default_factory=dict)

    @property
    def answers(self) -> Mapping[str, Answer]:
        """The newest answers, without those set aside."""
        return self.response.answers

    @property
    def review(self) -> Review | None:
        """The newest review."""
        return self.reviews[-1] if self.reviews else None

    @property
    def needs_urgent_note(self) -> bool:
        """Something urgent was raised, by these answers or earlier ones, and nobody noted yet what was done about it."""
        return bool(self.work.unsettled)

    def findings_view(self, *, for_clinician: bool) -> FindingsView:
        """The findings arranged for a page in the language of its reader."""
        return FindingsView(self.ruleset, self.answers, self.findings, language=language(), for_clinician=for_clinician)


def read_case(session: Session, submission: Submission) -> Case:
    """Everything stored about a submission."""
    response = queries.current_response(session, submission)
    ruleset = ruleset_of(session, response.ruleset_hash)
    findings = tuple(
        finding_from(ruleset, kept.rule_id, kept.outcome, kept.evidence, kept.missing)
        for kept in queries.findings_of(session, response)
    )
    return Case(
        submission=submission,
        response=response,
        ruleset=ruleset,
        findings=findings,
        notes=queries.notes_of(session, submission),
        events=queries.events_of(session, submission),
        reviews=queries.reviews_of(session, submission),
    )


def read_whole_case(session: Session, submission: Submission) -> Case:
    """The same with what staff work with (see `case.work`)."""
    case = read_case(session, submission)
    given_to = {event.detail["assignee"] for event in case.events if event.name == "assigned"}
    return replace(case, work=read_work(session, submission), people=queries.names_of_users(session, given_to))


def urgent_words(case: Case) -> list[str]:
    """What the patient was shown of everything urgent: by these answers, and by earlier ones as long as nobody noted anything."""
    now_shown = case.findings_view(for_clinician=False).urgent_words()
    earlier = [finding.rule.patient.in_language(language()) for finding in case.work.unsettled]
    return list(dict.fromkeys((*now_shown, *earlier)))


def age(birth_date: date) -> int:
    """Full years today."""
    return full_years(birth_date, now().date())


def language_words(code: str) -> str:
    """The name of a language; its code where we have none."""
    return str(_LANGUAGE_WORDS.get(code, code))


def preferred_words(code: str) -> str:
    """How a patient likes to be reached."""
    return str(_PREFERRED_WORDS.get(code, code))


def answer_groups(case: Case) -> list[tuple[str, list[AnswerRow]]]:
    """All answers by section, for `all_answers`. Questions that did not apply are left out; unknown ones say why."""
    asked = asked_items(case.ruleset, case.answers)
    groups = [
        (section.title.in_language(language()), [_answer_row(i, case.answers.get(i.id), asked[i.id]) for i in items])
        for section, items in shown_items(case)
    ]
    if case.response.scores:
        groups.append((gettext("Derived numbers"), _score_rows(case)))
    return groups


def shown_items(case: Case) -> list[tuple[Section, list[Item]]]:
    """The sections and items that `answer_groups` tells of, in its order; sections of which none applied are left out."""
    asked = asked_items(case.ruleset, case.answers)
    shown = [
        (section, [i for i in section.items if i.type is not ItemType.DISPLAY and asked[i.id] is not Truth.FALSE])
        for section in case.ruleset.sections
    ]
    return [(section, items) for section, items in shown if items]


def set_aside(case: Case) -> list[str]:
    """The questions whose answers were set aside, because they no longer applied when the answers were handed in."""
    return [case.ruleset.items[item_id].text.in_language(language()) for item_id in case.response.dropped]


def _answer_row(item: Item, answer: Answer | None, asked: Truth) -> AnswerRow:
    question = item.text.in_language(language())
    if item.type is ItemType.TEXT:
        question = gettext("%(question)s (No rule checked these words.)", question=question)
    if asked is Truth.UNKNOWN:
        return question, [], str(REASON_WORDS[Reason.NOT_ASKED])
    reason = reason_unknown(item, answer)
    unknown = reason_words(reason, answer) if reason else None
    return question, _known_words(item, answer), unknown


def _known_words(item: Item, answer: Answer | None) -> list[str]:
    if answer is None:
        return []
    if item.type is ItemType.TEXT:
        return [str(answer)]
    parts = answer if isinstance(answer, list | tuple) else [answer]
    return [answer_words(item, part) for part in parts if part not in (NOT_SURE, DECLINED)]


def _score_rows(case: Case) -> list[AnswerRow]:
    """Derived numbers, each with its id and what it was made of: it has no name in any language."""
    return [
        _score_row(
            Markup("<code>{}</code> {}").format(
                score_id, score_sentence(case.ruleset, case.ruleset.scores[score_id], language())
            ),
            value,
        )
        for score_id, value in case.response.scores.items()
    ]


def _score_row(name: str, value: Mapping[str, float] | None) -> AnswerRow:
    if value is None:
        return name, [gettext("Does not apply")], None
    low, high = round(value["low"], 1), round(value["high"], 1)
    if low == high:
        return name, [number(low)], None
    return (
        name,
        [gettext("%(low)s to %(high)s", low=number(low), high=number(high))],
        gettext("Some answers are unknown"),
    )
