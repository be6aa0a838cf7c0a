"""Conditions that say something else than they seem to: `not` over gated items, urgent rules on gated items, and comparisons
that come out the same whatever is answered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from screener.engine.conditions import (
    All,
    AnyOf,
    AtLeast,
    Chosen,
    Compared,
    Condition,
    Not,
    Operator,
    Truth,
    children,
    compare_interval,
    leaves,
    subject_of,
)
from screener.engine.lint.remarks import Remark, error
from screener.engine.place import Place
from screener.engine.questionnaire import Item, Score, ScoreKind
from screener.engine.rules import Conflict, Rule, Ruleset


def condition_remarks(ruleset: Ruleset) -> Iterator[Remark]:
    """Comparisons that cannot decide anything, in rules, conflicts, gates and scores."""
    for owner, condition in ruleset.conditions():
        yield from _comparison_remarks(ruleset, condition, owner.place, owner.id)


def _comparison_remarks(ruleset: Ruleset, condition: Condition, place: Place, where: str) -> Iterator[Remark]:
    for leaf, _ in leaves(condition):
        if not isinstance(leaf, Compared) or (bounds := _bounds(ruleset, leaf.subject)) is None:
            continue
        low, high, is_whole = bounds
        truth = compare_interval(leaf, low, high)
        if is_whole and not _holds_whole(leaf):
            truth = Truth.FALSE
        if truth is not Truth.UNKNOWN:
            numbers = " and ".join(str(number) for number in (leaf.value, leaf.high) if number is not None)
            always = "always true" if truth is Truth.TRUE else "never true"
            what = f"`{leaf.subject}: {{{leaf.operator}: {numbers}}}` is {always}: it lies from {low} to {high}"
            yield error(place, where, what, "choose a number that some answers meet and others do not")


def _bounds(ruleset: Ruleset, subject: str) -> tuple[Fraction, Fraction, bool] | None:
    """Least and greatest value of a number item or score, and whether only whole numbers are in between."""
    if subject in ruleset.scores:
        return _score_bounds(ruleset, ruleset.scores[subject])
    item = ruleset.items.get(subject)
    return _item_bounds(item) if item is not None else None


def _item_bounds(item: Item) -> tuple[Fraction, Fraction, bool] | None:
    try:
        low, high = item.value_range
    except ValueError:  # its range could not be read
        return None
    points = item.points.values() if item.points else ()
    return Fraction(low), Fraction(high), item.integer or bool(points and all(p == int(p) for p in points))


def _score_bounds(ruleset: Ruleset, score: Score) -> tuple[Fraction, Fraction, bool] | None:
    if score.kind is ScoreKind.COUNT:
        return Fraction(0), Fraction(len(score.conditions)), True
    parts = [_item_bounds(ruleset.items[item]) for item in score.items]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    divisor = len(parts) if score.kind is ScoreKind.MEAN else 1
    is_whole = divisor == 1 and all(part[2] for part in known)
    return (
        sum((part[0] for part in known), Fraction(0)) / divisor,
        sum((part[1] for part in known), Fraction(0)) / divisor,
        is_whole,
    )


def _holds_whole(leaf: Compared) -> bool:
    """Whether any whole number can meet the comparison at all."""
    if leaf.operator is Operator.EQ:
        return leaf.value == leaf.value.to_integral_value()
    if leaf.operator is Operator.BETWEEN and leaf.high is not None:
        return math.ceil(leaf.value) <= math.floor(leaf.high)
    return True


def gate_remarks(ruleset: Ruleset, rule: Rule) -> Iterator[Remark]:
    """Where a rule forgets that an item is not always asked."""
    if rule.severity.rank == 0:
        for item in sorted(_gated(ruleset, items_tested(ruleset, rule.when))):
            what = f"an urgent rule tests `{item}`, which is not always asked"
            yield error(rule.place, rule.id, what, "remove the item's `enabled_when`")
    yield from unguarded_remarks(ruleset, rule)


def unguarded_remarks(ruleset: Ruleset, rule: Rule | Conflict) -> Iterator[Remark]:
    """Where a rule or conflict tests by `not` an item that is not always asked, without that item's gate beside it."""
    for item in sorted(_unguarded(ruleset, rule.when)):
        what = f"`not` over `{item}`, which is true where that is not applicable"
        yield error(rule.place, rule.id, what, "put the gate's own condition beside it in the same `all`")


def items_tested(ruleset: Ruleset, condition: Condition) -> set[str]:
    """Every item a condition rests on, those behind its scores included."""
    found: set[str] = set()
    for leaf, _ in leaves(condition):
        name = subject_of(leaf)
        score = ruleset.scores.get(name)
        if score is None:
            found.add(name)
        elif score.kind is ScoreKind.COUNT:
            found = found.union(*(items_tested(ruleset, part) for part in score.conditions))
        else:
            found |= set(score.items)
    return found


def _gated(ruleset: Ruleset, items: set[str]) -> set[str]:
    return {item for item in items if ruleset.items[item].enabled_when is not None}


def _unguarded(
    ruleset: Ruleset, condition: Condition, beside: tuple[Condition, ...] = (), negated: bool = False
) -> set[str]:
    """Gated items under a `not` whose gate does not stand beside it in an enclosing `all`."""
    match condition:
        case All(parts):
            return set().union(*(_unguarded(ruleset, part, (*beside, *parts), negated) for part in parts))
        case Not(part):
            return _unguarded(ruleset, part, beside, not negated)
        case AnyOf() | AtLeast():
            return set().union(*(_unguarded(ruleset, part, beside, negated) for part in children(condition)))
        case Chosen() | Compared() if negated:
            gated = _gated(ruleset, items_tested(ruleset, condition))
            return {item for item in gated if ruleset.items[item].enabled_when not in beside}
    return set()
