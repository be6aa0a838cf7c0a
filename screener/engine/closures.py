"""Conditions compiled to closures: the same verdicts as the interpreter, several times sooner. Why is still asked of the interpreter.

For judging many documents at once. `screen` stays with the interpreter: it also explains every finding, which takes most of its time,
so that closures would save it about a fifth and leave two readers in the way of one response.

Truths are plain integers here, 0 false, 1 unknown, 2 true, so that `all` is the minimum and `any` the maximum. A test holds both
readers together, verdict by verdict, on more than 100,000 random answer documents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from screener.engine.answers import DECLINED, NOT_SURE, Answers, as_decimal
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
    compare_interval,
)
from screener.engine.questionnaire import NONE, ItemType, Score, ScoreKind
from screener.engine.rules import Ruleset

_WAYS_OUT = frozenset((NOT_SURE, DECLINED))
_FALSE, _UNKNOWN, _TRUE = 0, 1, 2


@dataclass(slots=True)
class State:
    """The answers at hand, and of each gated item whether it is asked."""

    answers: Answers
    asked: dict[str, int]


Judge = Callable[[State], int]
Interval = Callable[[State], tuple[Fraction, Fraction]]


class CompiledRuleset:
    """The rules of one ruleset, ready to judge checked answers (see `parse_answers`).

    >>> from screener.engine.loader import load_ruleset
    >>> from screener.paths import rules_folder
    >>> compiled = CompiledRuleset(load_ruleset(rules_folder()))
    >>> {truth.name for truth in compiled.truths({})} <= {"TRUE", "UNKNOWN"}
    True
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self._done: dict[Condition, Judge] = {}
        self._gates: list[tuple[str, Judge]] = []
        for item in ruleset.items.values():  # gates name earlier items only
            if item.enabled_when is not None:
                self._gates.append((item.id, self.compiled(item.enabled_when)))
        self._rules = [self.compiled(rule.when) for rule in ruleset.rules]

    def truths(self, answers: Answers) -> list[Truth]:
        """The truth of each rule's condition, in the order of the rules."""
        return [Truth(truth) for truth in self.verdicts(self.state(answers))]

    def state(self, answers: Answers) -> State:
        """The answers with their gates judged, in the order of the questionnaire."""
        state = State(answers, {})
        for item_id, gate in self._gates:
            state.asked[item_id] = gate(state)
        return state

    def verdicts(self, state: State) -> list[int]:
        """The truth of each rule's condition as 0, 1 or 2."""
        return [judge(state) for judge in self._rules]

    def is_asked(self, state: State, item_id: str) -> bool:
        """Whether an item is asked."""
        return state.asked.get(item_id, _TRUE) == _TRUE

    def compiled(self, condition: Condition) -> Judge:
        """A condition as a function of a state."""
        if condition not in self._done:
            self._done[condition] = self._compile(condition)
        return self._done[condition]

    def _compile(self, condition: Condition) -> Judge:
        match condition:
            case All(parts):
                return _all([self.compiled(part) for part in parts])
            case AnyOf(parts):
                return _any([self.compiled(part) for part in parts])
            case Not(part):
                judge = self.compiled(part)
                return lambda state: 2 - judge(state)
            case AtLeast(n, parts):
                return _at_least(n, [self.compiled(part) for part in parts])
            case Chosen():
                return self._gated(condition.item, self._chosen(condition))
            case Compared():
                return self._compared(condition)
            case Always():
                return lambda state: _TRUE

    def _gated(self, item_id: str, judge: Judge) -> Judge:
        if self.ruleset.items[item_id].enabled_when is None:
            return judge

        def gated(state: State) -> int:
            asked = state.asked[item_id]
            return judge(state) if asked == _TRUE else asked

        return gated

    def _chosen(self, leaf: Chosen) -> Judge:
        if self.ruleset.items[leaf.item].type is ItemType.MULTI:
            return _includes_all(leaf) if leaf.every else _includes_any(leaf)
        item_id, codes = leaf.item, frozenset(leaf.codes)
        every = leaf.every and len(codes) > 1  # one answer is never two codes

        def equals(state: State) -> int:
            answer = state.answers.get(item_id)
            if answer is None or answer in _WAYS_OUT:
                return _UNKNOWN
            return _TRUE if answer in codes and not every else _FALSE

        return equals

    def _compared(self, leaf: Compared) -> Judge:
        score = self.ruleset.scores.get(leaf.subject)
        if score is None:
            return self._gated(leaf.subject, _number_compared(leaf))
        interval = self._count(score) if score.kind is ScoreKind.COUNT else self._total(score)

        def judge(state: State) -> int:
            return int(compare_interval(leaf, *interval(state)))

        return judge if score.kind is ScoreKind.COUNT else self._gated(score.items[0], judge)

    def _count(self, score: Score) -> Interval:
        judges = [self.compiled(condition) for condition in score.conditions]

        def count(state: State) -> tuple[Fraction, Fraction]:
            truths = [judge(state) for judge in judges]
            true = truths.count(_TRUE)
            return Fraction(true), Fraction(true + truths.count(_UNKNOWN))

        return count

    def _total(self, score: Score) -> Interval:
        """Of an asked score: its unknown parts count with their least and their greatest value."""
        parts = []
        for item_id in score.items:
            item = self.ruleset.items[item_id]
            points = {code: Fraction(value) for code, value in (item.points or {}).items()}
            least, greatest = item.value_range
            parts.append((item_id, points, (Fraction(least), Fraction(greatest))))
        divisor = len(parts) if score.kind is ScoreKind.MEAN else 1

        def total(state: State) -> tuple[Fraction, Fraction]:
            low = high = Fraction(0)
            for item_id, points, (least, greatest) in parts:
                answer = state.answers.get(item_id)
                if answer is None or answer in _WAYS_OUT:
                    low, high = low + least, high + greatest
                else:
                    assert not isinstance(answer, list)
                    value = points[answer] if isinstance(answer, str) else Fraction(as_decimal(answer))
                    low, high = low + value, high + value
            return low / divisor, high / divisor

        return total


def _all(judges: list[Judge]) -> Judge:
    def judge_all(state: State) -> int:
        least = _TRUE
        for judge in judges:
            truth = judge(state)
            if truth == _FALSE:
                return _FALSE
            least = truth if truth < least else least
        return least

    return judge_all


def _any(judges: list[Judge]) -> Judge:
    def judge_any(state: State) -> int:
        greatest = _FALSE
        for judge in judges:
            truth = judge(state)
            if truth == _TRUE:
                return _TRUE
            greatest = truth if truth > greatest else greatest
        return greatest

    return judge_any


def _at_least(n: int, judges: list[Judge]) -> Judge:
    def judge_at_least(state: State) -> int:
        truths = [judge(state) for judge in judges]
        true = truths.count(_TRUE)
        if true >= n:
            return _TRUE
        return _UNKNOWN if true + truths.count(_UNKNOWN) >= n else _FALSE

    return judge_at_least


def _includes_any(leaf: Chosen) -> Judge:
    item_id, codes, only_none = leaf.item, leaf.codes, set(leaf.codes) == {NONE}

    def includes_any(state: State) -> int:
        answer = state.answers.get(item_id)
        if answer is None or isinstance(answer, str):
            return _UNKNOWN
        assert isinstance(answer, list | tuple)
        for code in codes:
            if code in answer:
                return _TRUE
        if only_none and not _WAYS_OUT.issuperset(answer):
            return _FALSE
        return _FALSE if _WAYS_OUT.isdisjoint(answer) else _UNKNOWN

    return includes_any


def _includes_all(leaf: Chosen) -> Judge:
    item_id, codes, wants_none = leaf.item, leaf.codes, NONE in leaf.codes

    def includes_all(state: State) -> int:
        answer = state.answers.get(item_id)
        if answer is None or isinstance(answer, str):
            return _UNKNOWN
        assert isinstance(answer, list | tuple)
        if all(code in answer for code in codes):
            return _TRUE
        if wants_none and NONE not in answer and not _WAYS_OUT.issuperset(answer):
            return _FALSE
        return _FALSE if _WAYS_OUT.isdisjoint(answer) else _UNKNOWN

    return includes_all


def _number_compared(leaf: Compared) -> Judge:
    subject = leaf.subject

    def compared(state: State) -> int:
        answer = state.answers.get(subject)
        if answer is None or isinstance(answer, str):
            return _UNKNOWN
        assert not isinstance(answer, list)
        number = Fraction(as_decimal(answer))
        return int(compare_interval(leaf, number, number))

    return compared
