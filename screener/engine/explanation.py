"""Why a condition is true (its evidence) and what keeps it unknown (what is missing). Walks the tree evaluation judged.

Evidence alone still makes the condition true, and all other answers without it do not; answering all that is missing always
decides the condition. Both are tested as properties.

Gates wait in a list, each walked once: a chain of a thousand items, each asked because of the one before, costs no more than its
length.
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
    found: set[str] = set()
    explained: set[str] = set()
    waiting = [(condition, Truth.TRUE)]
    while waiting:
        part, wanted = waiting.pop()
        for item_id, is_answer in _rests_on(evaluation, part, wanted):
            asked = evaluation.asked[item_id]
            if is_answer and asked is Truth.TRUE:
                found.add(item_id)
            gate = evaluation.ruleset.items[item_id].enabled_when
            if gate is not None and asked is not Truth.UNKNOWN and item_id not in explained:
                explained.add(item_id)
                waiting.append((gate, asked))
    return frozenset(found)


def _rests_on(evaluation: Evaluation, condition: Condition, wanted: Truth) -> Iterator[tuple[str, bool]]:
    """Each item that a condition which is `wanted` rests on, with whether its answer speaks for that, or only its gate."""
    match condition:
        case Not(part):
            yield from _rests_on(evaluation, part, wanted.opposite)
        case Chosen(item):
            yield item, True
        case Compared(subject):
            score = evaluation.ruleset.scores.get(subject)
            if score is None:
                yield subject, True
            else:
                yield from _score_rests_on(evaluation, score, condition.operator, wanted)
        case _:
            for part in children(condition):
                if evaluation.truth(part) is wanted:
                    yield from _rests_on(evaluation, part, wanted)


def _score_rests_on(
    evaluation: Evaluation, score: Score, operator: Operator, wanted: Truth
) -> Iterator[tuple[str, bool]]:
    if score.kind is ScoreKind.COUNT:
        for part, truth in _counted(evaluation, score, operator, wanted):
            yield from _rests_on(evaluation, part, truth)
        return
    for item_id in score.items:  # they have one gate, and the gate of a score always counts
        yield item_id, not evaluation.is_unknown(item_id)


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
    found: dict[str, Reason] = {}
    waiting = [condition]
    while waiting:
        for item_id in _unknown_items(evaluation, waiting.pop()):
            item = evaluation.ruleset.items[item_id]
            if item_id in found:
                continue
            if evaluation.asked[item_id] is Truth.UNKNOWN:
                assert item.enabled_when is not None
                found[item_id] = Reason.NOT_ASKED
                waiting.append(item.enabled_when)
            elif (reason := reason_unknown(item, evaluation.answer(item_id))) is not None:
                found[item_id] = reason
    return evaluation.ruleset.in_order(found)


def _unknown_items(evaluation: Evaluation, condition: Condition) -> Iterator[str]:
    """The items in the unknown branches of a condition; of a score all its parts, the known ones among them."""
    if evaluation.truth(condition) is not Truth.UNKNOWN:
        return
    match condition:
        case Chosen(item):
            yield item
        case Compared(subject):
            score = evaluation.ruleset.scores.get(subject)
            if score is None:
                yield subject
                return
            yield from score.items
            for part in score.conditions:
                yield from _unknown_items(evaluation, part)
        case _:
            for part in children(condition):
                yield from _unknown_items(evaluation, part)
