"""The difference between two versions of answers in words, for staff: answers by section, findings by topic, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from screener.engine.rules import Outcome, Severity
from screener.engine.screening import Finding
from screener.engine.summary import finding_from
from screener.engine.version_difference import (
    AnswerChange,
    FindingChange,
    Turn,
    Version,
    answer_changes,
    finding_changes,
)
from screener.store import queries
from screener.store.models import Response
from screener.web.answer_words import answer_words
from screener.web.case.findings import topic_titles
from screener.web.extensions import ruleset_of
from screener.web.i18n import language

TURN_WORDS = {
    Turn.GAINED: lazy_gettext("Newly raised"),
    Turn.CHANGED: lazy_gettext("Raised on other answers"),
    Turn.LOST: lazy_gettext("No longer raised"),
    Turn.UNKNOWN: lazy_gettext("Can no longer be assessed"),
    Turn.SETTLED: lazy_gettext("Could not be assessed before; not raised now"),
}


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """One question with both answers in words; empty where there was none."""

    question: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """One rule that concluded otherwise; both sides in words."""

    turn: str
    severity: Severity
    topic: str
    rule_id: str
    words: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs. `same_rules` is False where the two were screened with different versions of the rulebook."""

    sections: list[tuple[str, list[ChangedAnswer]]]
    findings: list[ChangedFinding]
    same_rules: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.sections and not self.findings


def version_of(session: Session, response: Response) -> Version:
    """A stored version of answers with its findings, as the engine compares them."""
    ruleset = ruleset_of(session, response.ruleset_hash)
    findings = [
        finding_from(ruleset, kept.rule_id, kept.outcome, kept.evidence, kept.missing)
        for kept in queries.findings_of(session, response)
    ]
    return Version(ruleset, response.answers, findings)


def difference(old: Version, new: Version) -> Difference:
    """What differs, in the language of the page."""
    return Difference(
        sections=_by_section(old, new),
        findings=[_changed_finding(old, new, change) for change in finding_changes(old, new)],
        same_rules=old.ruleset.hash == new.ruleset.hash,
    )


def _by_section(old: Version, new: Version) -> list[tuple[str, list[ChangedAnswer]]]:
    titles = {s.id: s.title for version in (old, new) for s in version.ruleset.sections}
    found: dict[str, list[ChangedAnswer]] = {}
    for change in answer_changes(old, new):
        found.setdefault(change.item.section, []).append(_changed_answer(change))
    return [(titles[section].in_language(language()), rows) for section, rows in found.items()]


def _changed_answer(change: AnswerChange) -> ChangedAnswer:
    item = change.item
    old, new = (
        gettext("No answer") if answer is None else answer_words(item, answer) for answer in (change.old, change.new)
    )
    return ChangedAnswer(item.text.in_language(language()), old, new)


def _changed_finding(old: Version, new: Version, change: FindingChange) -> ChangedFinding:
    ruleset = new.ruleset if change.new is not None else old.ruleset
    rule = change.finding.rule
    return ChangedFinding(
        turn=str(TURN_WORDS[change.turn]),
        severity=rule.severity,
        topic=topic_titles(ruleset, [rule.topic], language())[0],
        rule_id=rule.id,
        words=rule.patient.in_language(language()),
        old=_side(old, change.old),
        new=_side(new, change.new),
    )


def _side(version: Version, finding: Finding | None) -> str:
    """What was concluded, with the answers it rests on."""
    if finding is None:
        return gettext("Not raised")
    items = version.ruleset.items
    if finding.outcome is Outcome.RAISED:
        parts = [
            _pair(items[i].text.in_language(language()), answer_words(items[i], a)) for i, a in finding.evidence.items()
        ]
        return gettext("Raised. %(why)s", why=" ".join(parts)) if parts else gettext("Raised")
    return gettext(
        "Could not be assessed: %(questions)s",
        questions=_listed([items[i].text.in_language(language()) for i in finding.missing]),
    )


def _pair(question: str, answer: str) -> str:
    return f"{question} {answer}."


def _listed(questions: Sequence[str]) -> str:
    return " ".join(questions)
