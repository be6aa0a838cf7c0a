"""Which conditions cannot change for the worse when one risk answer is turned on. A walk of the tree, no search.

The walk errs on the side of "it may": what it clears is proved, what it does not clear is searched.
"""

from __future__ import annotations

from dataclasses import dataclass

from screener.engine.conditions import Chosen, Compared, Condition, Not, Operator, Truth, children
from screener.engine.questionnaire import NONE, ItemType, ScoreKind
from screener.engine.rules import Ruleset

_MANY = (Operator.GTE, Operator.GT)
_FEW = (Operator.LTE, Operator.LT)


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    """A risk answer: `code` of `item`. `risk_codes` are all codes of the item that count as risk answers."""

    item: str
    code: str
    risk_codes: frozenset[str]


def may_lose(ruleset: Ruleset, condition: Condition, truth: Truth, answer: RiskAnswer) -> bool:
    """Whether turning `answer` on might take `truth` (TRUE or FALSE) away from a condition that has it.

    What was unknown and gets known takes nothing away (strict leaves, Kleene's connectives), so only known answers count.
    """
    match condition:
        case Not(part):
            return may_lose(ruleset, part, truth.opposite, answer)
        case Chosen(item):
            return _gate_may_lose(ruleset, item, truth, answer) or _leaf_may_lose(ruleset, condition, truth, answer)
        case Compared(subject) if subject in ruleset.scores:
            return _score_may_lose(ruleset, condition, truth, answer)
        case Compared(subject):
            return _gate_may_lose(ruleset, subject, truth, answer)  # a number is no risk answer
        case _:
            return any(may_lose(ruleset, part, truth, answer) for part in children(condition))


def _gate_may_lose(ruleset: Ruleset, item_id: str, truth: Truth, answer: RiskAnswer) -> bool:
    """A leaf over a gated item is true only where the gate is; it is false where the gate is false, and may be where it is true."""
    gate = ruleset.items[item_id].enabled_when
    if gate is None:
        return False
    wanted = (Truth.TRUE,) if truth is Truth.TRUE else (Truth.TRUE, Truth.FALSE)
    return any(may_lose(ruleset, gate, value, answer) for value in wanted)


def _leaf_may_lose(ruleset: Ruleset, leaf: Chosen, truth: Truth, answer: RiskAnswer) -> bool:
    if leaf.item != answer.item:
        return False
    if truth is Truth.FALSE:
        return answer.code in leaf.codes
    if ruleset.items[leaf.item].type is ItemType.MULTI:
        return NONE in leaf.codes  # the other codes of a list stay
    return answer.code not in leaf.codes and not answer.risk_codes.issuperset(leaf.codes)


def _score_may_lose(ruleset: Ruleset, leaf: Compared, truth: Truth, answer: RiskAnswer) -> bool:
    score = ruleset.scores[leaf.subject]
    if score.kind is not ScoreKind.COUNT:
        return answer.item in score.items or _gate_may_lose(ruleset, score.items[0], truth, answer)
    if leaf.operator in _MANY:
        wanted: tuple[Truth, ...] = (truth,)
    elif leaf.operator in _FEW:
        wanted = (truth.opposite,)
    else:
        wanted = (Truth.TRUE, Truth.FALSE)
    return any(may_lose(ruleset, part, value, answer) for part in score.conditions for value in wanted)
