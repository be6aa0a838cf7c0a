"""The answers that can tell conditions apart: for each item so few that every other answer is worth the same to every rule.

Numbers are cut at the thresholds that conditions name: one value for each threshold, each end and each gap between them. A multi
item keeps the codes that conditions name and one more that stands for all others.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from screener.engine.answers import DECLINED, NOT_SURE, Answer, Answers
from screener.engine.conditions import Chosen, Compared, Condition, leaves, subject_of
from screener.engine.questionnaire import NONE, Item, ItemType, ScoreKind
from screener.engine.rules import Ruleset

Below = Callable[[int], int]  # a chance number from 0 to below the one given; passed in, so that proofs repeat exactly
_MOST_NUMBERS = 200  # of one item that is added up, and
_MOST_CODES = 12  # of one list: beyond these it is the solver's work
_LEFT_OUT = 8  # in a random document one answer in so many is missing


def items_behind(ruleset: Ruleset, condition: Condition) -> frozenset[str]:
    """Every item the truth of a condition can depend on: those it tests, behind its scores, and behind all their gates."""
    found: set[str] = set()
    waiting = [condition]
    while waiting:
        for leaf, _ in leaves(waiting.pop()):
            score = ruleset.scores.get(subject_of(leaf))
            items = score.items if score is not None else (subject_of(leaf),)
            waiting.extend(score.conditions if score is not None else ())
            for item_id in items:
                gate = ruleset.items[item_id].enabled_when
                if item_id not in found and gate is not None:
                    waiting.append(gate)
                found.add(item_id)
    return frozenset(found)


def way_out(item: Item) -> str | None:
    """How to say "not sure" to an item: that, or what comes nearest among what it offers; None is leaving it blank."""
    return NOT_SURE if item.unsure else DECLINED if item.decline else None


class AnswerSpace:
    """The telling answers of each item of a ruleset; `None` among them is a blank."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self._codes: dict[str, set[str]] = {item: set() for item in ruleset.items}
        self._thresholds: dict[str, set[Decimal]] = {item: set() for item in ruleset.items}
        for leaf, _ in itertools.chain.from_iterable(leaves(condition) for _, condition in ruleset.conditions()):
            if isinstance(leaf, Chosen):
                self._codes[leaf.item].update(leaf.codes)
            elif leaf.subject in ruleset.items:
                self._thresholds[leaf.subject].update(_ends(leaf))
        summed = {
            part for score in ruleset.scores.values() if score.kind is not ScoreKind.COUNT for part in score.items
        }
        used = set().union(*(subject_names(condition) for _, condition in ruleset.conditions()))
        self._summed = summed if used & set(ruleset.scores) else set()
        self._known: dict[str, tuple[Answer | None, ...] | None] = {}

    def answers(self, item_id: str) -> tuple[Answer | None, ...] | None:
        """Telling answers of one item, blank first; None where there are too many, or endlessly many, to list."""
        if item_id not in self._known:
            self._known[item_id] = self._listed(self.ruleset.items[item_id])
        return self._known[item_id]

    def _listed(self, item: Item) -> tuple[Answer | None, ...] | None:
        match item.type:
            case ItemType.YES_NO | ItemType.CHOICE:
                return (None, *item.codes)
            case ItemType.MULTI:
                return _lists(item, [code for code in item.choices or () if code in self._codes[item.id]])
            case ItemType.NUMBER:
                numbers = _whole(item) if item.id in self._summed else _cut(item, self._thresholds[item.id])
                return None if numbers is None else (None, *numbers)
            case _:
                return (None,)

    def size(self, items: Iterable[str]) -> int | None:
        """How many documents answer these items in every telling way; None where they cannot be listed."""
        total = 1
        for item_id in items:
            answers = self.answers(item_id)
            if answers is None:
                return None
            total *= len(answers)
        return total

    def documents(self, items: Iterable[str]) -> Iterator[Answers]:
        """Every document over these items, which `size` has found to be countable."""
        in_order = [item_id for item_id in self.ruleset.items if item_id in set(items)]
        for row in itertools.product(*(self.answers(item_id) or () for item_id in in_order)):
            yield {item: answer for item, answer in zip(in_order, row, strict=True) if answer is not None}

    def random_document(self, below: Below) -> Answers:
        """One document at random over the whole questionnaire; now and then an item is left blank or is not sure."""
        document: dict[str, Answer] = {}
        for item in self.ruleset.items.values():
            answer = self._drawn(item, below) if below(_LEFT_OUT) else None
            if answer is not None:
                document[item.id] = answer
        return document

    def _drawn(self, item: Item, below: Below) -> Answer | None:
        unsure = way_out(item) if below(_LEFT_OUT) == 0 else None
        if item.type is ItemType.MULTI and item.choices:
            codes = list(item.choices)
            chosen = sorted({codes[below(len(codes))] for _ in range(1 + below(3))}, key=codes.index)
            if item.none is not None and below(3) == 0:
                return [NONE]
            return [*chosen, unsure] if unsure is not None else chosen
        answers = self.answers(item.id) or (None, *_whole_ends(item))
        return unsure if unsure is not None else answers[below(len(answers))]


def subject_names(condition: Condition) -> set[str]:
    """Ids of the items and scores that the leaves of a condition name."""
    return {subject_of(leaf) for leaf, _ in leaves(condition)}


def _ends(leaf: Compared) -> tuple[Decimal, ...]:
    return (leaf.value,) if leaf.high is None else (leaf.value, leaf.high)


def _lists(item: Item, named: list[str]) -> tuple[Answer | None, ...] | None:
    """Blank, each set of the named codes or else one other, each also with the rest left open, and none of these."""
    if len(named) > _MOST_CODES:
        return None
    spare = [[code] for code in item.choices or () if code not in named][:1]
    sets = [list(some) for size in range(1, len(named) + 1) for some in itertools.combinations(named, size)]
    unsure = way_out(item)
    whole = [[NONE]] * (item.none is not None) + spare + sets
    if unsure is None:
        return (None, *whole)
    return (None, unsure, *whole, *([*some, unsure] for some in spare + sets))


def _number(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def _cut(item: Item, thresholds: set[Decimal]) -> list[Answer]:
    """One number for each threshold, for each end of the range and for each gap between them."""
    assert item.min is not None and item.max is not None
    low, high = item.value_range
    points = sorted({low, high, *(t for t in thresholds if low <= t <= high)})
    if not item.integer:
        gaps = [(a + b) / 2 for a, b in itertools.pairwise(points)]
        return [_number(value) for value in sorted({*points, *gaps})]
    between = {Decimal(math.floor(a) + 1) for a, b in itertools.pairwise(points) if math.floor(a) + 1 < b}
    whole = {point for point in points if point == point.to_integral_value()}
    return [int(value) for value in sorted(whole | between) if low <= value <= high]


def _whole(item: Item) -> list[Answer] | None:
    """Every number of an item that is added up: only whole numbers can be listed."""
    low, high = item.value_range
    if not item.integer or high - low > _MOST_NUMBERS:
        return None
    return list(range(int(low), int(high) + 1))


def _whole_ends(item: Item) -> tuple[Answer, ...]:
    if item.type is not ItemType.NUMBER:
        return ()
    low, high = item.value_range
    return (_number(low), _number((low + high) / 2) if not item.integer else int((low + high) // 2), _number(high))
