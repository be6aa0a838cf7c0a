"""Conflicts after sending: answers that hardly go together and were sent so, told by the questions and what was answered.

For staff, and for the patient's own summary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screener.engine.answers import Answer
from screener.engine.conflicts import standing_conflicts
from screener.engine.rules import Ruleset
from screener.web.answer_words import answer_words
from screener.web.i18n import language


@dataclass(frozen=True, slots=True)
class SentConflict:
    """One conflict: the words the patient read about it, and each question with what was answered."""

    id: str
    asked: str
    told: tuple[tuple[str, str], ...]


def sent_conflicts(ruleset: Ruleset, answers: Mapping[str, Answer]) -> list[SentConflict]:
    """Those that stand in stored answers, by the ruleset they were screened with."""
    return [
        SentConflict(
            id=conflict.id,
            asked=conflict.text.in_language(language()),
            told=tuple(
                (item.text.in_language(language()), answer_words(item, answers[item.id]))
                for item in (ruleset.items[item_id] for item_id in conflict.items)
                if item.id in answers
            ),
        )
        for conflict in standing_conflicts(ruleset, answers)
    ]
