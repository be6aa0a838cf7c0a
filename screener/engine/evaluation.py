"""One response held against one ruleset: which items are asked, what each condition and score is worth. The oracle.

Written to be read beside rulebook.md, not to be fast; why a condition came out as it did is explanation's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from screener.engine.answers import DECLINED, NOT_SURE, Answer, Answers, as_decimal, reason_unknown
from screener.engine.conditions import (
    All,
    Always,
    AnyOf,
    AtLeast,
    Chosen,
    Compared,
    Condition,
    Not,
    Truth,
    at_least,
    compare_interval,
)
from screener.engine.questionnaire import NONE, Item, ItemType, Score, ScoreKind
from screener.engine.rules import Ruleset


@dataclass(frozen=True, slots=True)
class ScoreValue:
    """A score as a closed interval; `applicable` is false where its parts are not asked, unknown where that is not known."""

    applicable: Truth
    low: Fraction
    high: Fraction


class Evaluation:
    """The truth of any condition of `ruleset` on checked `answers` (see `parse_answers`).

    `asked` says of each item whether it is asked (TRUE), not applicable (FALSE) or not asked (UNKNOWN).
    """

    def __init__(self, ruleset: Ruleset, answers: Answers) -> None:
        self.ruleset = ruleset
        self.answers = answers
        self.asked: dict[str, Truth] = {}
        self._scores: dict[str, ScoreValue] = {}
        for item in ruleset.items.values():  # gates name earlier items only, so one pass in order is enough
            self.asked[item.id] = Truth.TRUE if item.enabled_when is None else self.truth(item.enabled_when)

    def answer(self, item_id: str) -> Answer | None:
        """The answer that counts: None where it is missing, or set aside because its item is not asked."""
        return self.answers.get(item_id) if self.asked[item_id] is Truth.TRUE else None

    def is_unknown(self, item_id: str) -> bool:
        """Whether the answer of an item is unknown, wholly or in part."""
        return reason_unknown(self.ruleset.items[item_id], self.answer(item_id)) is not None

    def dropped(self) -> tuple[str, ...]:
        """Items that were answered though not asked: their answers were set aside."""
        return tuple(i for i in self.asked if i in self.answers and self.asked[i] is not Truth.TRUE)

    def truth(self, condition: Condition) -> Truth:
        """The truth of a condition, in Kleene's strong three-valued logic."""
        match condition:
            case All(parts):
                return min(self.truth(part) for part in parts)
            case AnyOf(parts):
                return max(self.truth(part) for part in parts)
            case Not(part):
                return self.truth(part).opposite
            case AtLeast(n, parts):
                return at_least(n, (self.truth(part) for part in parts))
            case Chosen():
                return self._chosen(condition)
            case Compared():
                return self._compared(condition)
            case Always():
                return Truth.TRUE

    def _chosen(self, leaf: Chosen) -> Truth:
        if self.asked[leaf.item] is not Truth.TRUE:
            return self.asked[leaf.item]
        item = self.ruleset.items[leaf.item]
        truths = (has_code(item, self.answers.get(leaf.item), code) for code in leaf.codes)
        return min(truths) if leaf.every else max(truths)

    def _compared(self, leaf: Compared) -> Truth:
        if leaf.subject in self.ruleset.scores:
            value = self.score(leaf.subject)
            if value.applicable is not Truth.TRUE:
                return value.applicable
            return compare_interval(leaf, value.low, value.high)
        if self.asked[leaf.subject] is not Truth.TRUE:
            return self.asked[leaf.subject]
        if self.is_unknown(leaf.subject):
            return Truth.UNKNOWN  # whatever its range: an item, unlike a score, is not an interval
        number = self._value(self.ruleset.items[leaf.subject])
        return compare_interval(leaf, number, number)

    def _value(self, item: Item) -> Fraction:
        """What a known answer counts as part of a score, or in a comparison."""
        answer = self.answers[item.id]
        if item.points:
            return Fraction(item.points[str(answer)])
        assert not isinstance(answer, str | list)
        return Fraction(as_decimal(answer))

    def score(self, score_id: str) -> ScoreValue:
        """The value of a score on this response."""
        if score_id not in self._scores:
            self._scores[score_id] = self._work_out(self.ruleset.scores[score_id])
        return self._scores[score_id]

    def _work_out(self, score: Score) -> ScoreValue:
        if score.kind is ScoreKind.COUNT:
            truths = [self.truth(condition) for condition in score.conditions]
            low = truths.count(Truth.TRUE)
            return ScoreValue(Truth.TRUE, Fraction(low), Fraction(low + truths.count(Truth.UNKNOWN)))
        applicable = self.asked[score.items[0]]  # the loader saw to it that all parts have the same gate
        lows, highs = Fraction(0), Fraction(0)
        for item_id in score.items:
            item = self.ruleset.items[item_id]
            if applicable is not Truth.TRUE or self.is_unknown(item_id):
                least, greatest = item.value_range
                lows, highs = lows + Fraction(least), highs + Fraction(greatest)
            else:
                lows, highs = lows + self._value(item), highs + self._value(item)
        parts = len(score.items) if score.kind is ScoreKind.MEAN else 1
        return ScoreValue(applicable, lows / parts, highs / parts)


def has_code(item: Item, answer: Answer | None, code: str) -> Truth:
    """Whether the answer to an asked item is, or includes, `code`."""
    if answer is None or answer in (NOT_SURE, DECLINED):
        return Truth.UNKNOWN
    if item.type is not ItemType.MULTI:
        return Truth.of(answer == code)
    assert isinstance(answer, list | tuple)
    if code in answer:
        return Truth.TRUE
    known = [given for given in answer if given not in (NOT_SURE, DECLINED)]
    if len(known) == len(answer) or (code == NONE and known):
        return Truth.FALSE
    return Truth.UNKNOWN
