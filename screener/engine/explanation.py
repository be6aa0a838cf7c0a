"""Why a condition is true (its evidence) and what keeps it unknown (what is missing). Walks the tree evaluation judged.

Evidence alone still makes the condition true, and all other answers without it do not; answering all that is missing always
decides the condition. Both are tested as properties.
"""

from __future__ import annotations

from collections.abc import Iterator

from screener.engine.answers import Reason, reason_unknown
from screener.engine.conditions import Chosen, Compared, Condition, Not, Operator, Truth, children
from screener.engine.evaluation import Evaluation
from screener.engine.questionnaire import Score, ScoreKind

_COUNT_TRUE = (Operator.GTE, Operator.GT)
_COUNT_FALSE = (Operator.LTE, Operator.LT)


def evidence(evaluation: Evaluation, condition: Condition) -> frozenset[str]:
    """Ids of the items whose answers make a true condition true."""
    return frozenset(_evidence(evaluation, condition, Truth.TRUE))


def _evidence(evaluation: Evaluation, condition: Condition, wanted: Truth) -> Iterator[str]:
    match condition:
        case Not(part):
            yield from _evidence(evaluation, part, wanted.opposite)
        case Chosen(item):
            yield from _item_evidence(evaluation, item)
        case Compared(subject):
            if subject in evaluation.ruleset.scores:
                yield from _score_evidence(evaluation, condition, wanted)
            else:
                yield from _item_evidence(evaluation, subject)
        case _:
            for part in children(condition):
                if evaluation.truth(part) is wanted:
                    yield from _evidence(evaluation, part, wanted)


def _item_evidence(evaluation: Evaluation, item_id: str) -> Iterator[str]:
    """The item, where it is asked, and in any case why it is asked or not applicable."""
    asked = evaluation.asked[item_id]
    if asked is Truth.TRUE:
        yield item_id
    gate = evaluation.ruleset.items[item_id].enabled_when
    if gate is not None and asked is not Truth.UNKNOWN:
        yield from _evidence(evaluation, gate, asked)


def _score_evidence(evaluation: Evaluation, leaf: Compared, wanted: Truth) -> Iterator[str]:
    score = evaluation.ruleset.scores[leaf.subject]
    if score.kind is ScoreKind.COUNT:
        for part, truth in _counted(evaluation, score, leaf.operator, wanted):
            yield from _evidence(evaluation, part, truth)
        return
    gate_item = score.items[0]
    known = [
        item_id
        for item_id in score.items
        if evaluation.asked[item_id] is Truth.TRUE and not evaluation.is_unknown(item_id)
    ]
    for item_id in known:
        yield from _item_evidence(evaluation, item_id)
    if not known:  # the gate of a score always counts
        gate = evaluation.ruleset.items[gate_item].enabled_when
        if gate is not None and evaluation.asked[gate_item] is not Truth.UNKNOWN:
            yield from _evidence(evaluation, gate, evaluation.asked[gate_item])


def _counted(
    evaluation: Evaluation, score: Score, operator: Operator, wanted: Truth
) -> Iterator[tuple[Condition, Truth]]:
    """The conditions of a count that speak for a comparison: the true ones for "many", the false ones for "few", else both."""
    many, few = operator in _COUNT_TRUE, operator in _COUNT_FALSE
    if wanted is Truth.FALSE:
        many, few = few, many
    telling = {Truth.TRUE} if many else {Truth.FALSE} if few else {Truth.TRUE, Truth.FALSE}
    for part in score.conditions:
        truth = evaluation.truth(part)
        if truth in telling:
            yield part, truth


def missing(evaluation: Evaluation, condition: Condition) -> dict[str, Reason]:
    """What would decide an unknown condition: item id to the reason its answer is unknown, in questionnaire order."""
    return evaluation.ruleset.in_order(dict(_missing(evaluation, condition)))


def _missing(evaluation: Evaluation, condition: Condition) -> Iterator[tuple[str, Reason]]:
    if evaluation.truth(condition) is not Truth.UNKNOWN:
        return
    match condition:
        case Chosen(item):
            yield from _item_missing(evaluation, item)
        case Compared(subject):
            score = evaluation.ruleset.scores.get(subject)
            if score is None:
                yield from _item_missing(evaluation, subject)
            elif score.kind is ScoreKind.COUNT:
                for part in score.conditions:
                    yield from _missing(evaluation, part)
            else:
                for item_id in score.items:
                    yield from _item_missing(evaluation, item_id)
        case _:
            for part in children(condition):
                yield from _missing(evaluation, part)


def _item_missing(evaluation: Evaluation, item_id: str) -> Iterator[tuple[str, Reason]]:
    item = evaluation.ruleset.items[item_id]
    if evaluation.asked[item_id] is Truth.UNKNOWN:
        yield item_id, Reason.NOT_ASKED
        assert item.enabled_when is not None
        yield from _missing(evaluation, item.enabled_when)
    elif (reason := reason_unknown(item, evaluation.answer(item_id))) is not None:
        yield item_id, reason
