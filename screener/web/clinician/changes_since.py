"""What changed after a sign-off that no longer stands: the answers, and what the rules make of them, then and now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from screener.engine.answers import Answer
from screener.engine.rules import Outcome, Ruleset
from screener.store.models import Response, StoredFinding
from screener.web.answer_words import answer_words
from screener.web.i18n import language


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer as it was signed, and as it is now."""

    question: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Answers that are others now; rules raised only now, or only then, by the names they have on the page."""

    answers: tuple[AnswerChange, ...]
    raised: tuple[tuple[str, str], ...]
    no_longer: tuple[tuple[str, str], ...]


def changes_between(
    ruleset: Ruleset,
    before: tuple[Response, Sequence[StoredFinding]],
    after: tuple[Response, Sequence[StoredFinding]],
    names: Mapping[str, str],
) -> Changes:
    """The differences from what was signed to what stands. `names` are the rules' names on the page."""
    then, now = _raised(before[1]), _raised(after[1])
    answers = tuple(
        AnswerChange(
            question=item.text.in_language(language()),
            before=_said(ruleset, item_id, before[0].answers.get(item_id)),
            after=_said(ruleset, item_id, after[0].answers.get(item_id)),
        )
        for item_id, item in ruleset.items.items()
        if before[0].answers.get(item_id) != after[0].answers.get(item_id)
    )
    return Changes(
        answers=answers,
        raised=tuple((rule, names.get(rule, rule)) for rule in now if rule not in then),
        no_longer=tuple((rule, names.get(rule, rule)) for rule in then if rule not in now),
    )


def _raised(findings: Sequence[StoredFinding]) -> dict[str, StoredFinding]:
    return {finding.rule_id: finding for finding in findings if finding.outcome == Outcome.RAISED}


def _said(ruleset: Ruleset, item_id: str, answer: Answer | None) -> str:
    if answer is None:
        return gettext("Not answered")
    return answer_words(ruleset.items[item_id], answer)
