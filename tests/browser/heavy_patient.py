"""A made-up patient whose answers raise nearly every rule at once: the heaviest summary that this rulebook can make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from screener.engine.answers import parse_answers
from screener.engine.questionnaire import Item, ItemType
from screener.engine.rules import Outcome, Ruleset
from screener.engine.screening import screen

AGE = "age"  # worked out from the birth date


def raised(ruleset: Ruleset, answers: dict[str, Any]) -> set[str]:
    """The rules these answers raise."""
    findings = screen(ruleset, parse_answers(ruleset, answers)).findings
    return {finding.rule.id for finding in findings if finding.outcome is Outcome.RAISED}


def heaviest_answers(ruleset: Ruleset) -> dict[str, Any]:
    """Question by question, of the answers tried here, the one with which most rules are raised."""
    answers: dict[str, Any] = {}
    most = raised(ruleset, answers)
    for item in ruleset.items.values():
        for answer in _tried(item):
            found = raised(ruleset, {**answers, item.id: answer})
            if item.id != AGE and len(found) > len(most):
                answers, most = {**answers, item.id: answer}, found
    return answers


def _tried(item: Item) -> Iterator[Any]:
    own = list(item.choices or ())
    if item.type is ItemType.YES_NO:
        yield from ("yes", "no")
    elif item.type is ItemType.CHOICE:
        yield from own
    elif item.type is ItemType.MULTI:
        yield own
        yield from ([code for code in own if code != left_out] for left_out in own)
    elif item.type is ItemType.NUMBER and item.min is not None and item.max is not None:
        steps = (item.max - item.min) / 20
        yield from (int(item.min + steps * step) for step in range(21))
