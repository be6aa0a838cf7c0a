"""Conditions with one mistake put in: what an author might get wrong, so that examples and cases can be seen to catch it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from screener.engine.conditions import All, Always, AnyOf, AtLeast, Chosen, Compared, Condition, Not, Operator
from screener.engine.questionnaire import Item
from screener.engine.rules import Ruleset

Mutant = tuple[str, Condition]
FLIPS = {
    Operator.GTE: (Operator.GT, Operator.LTE, Operator.LT, Operator.EQ),
    Operator.GT: (Operator.GTE, Operator.LTE, Operator.LT),
    Operator.LTE: (Operator.LT, Operator.GTE, Operator.GT, Operator.EQ),
    Operator.LT: (Operator.LTE, Operator.GTE, Operator.GT),
    Operator.EQ: (Operator.GTE, Operator.LTE),
    Operator.BETWEEN: (),
}


def mutants(ruleset: Ruleset, condition: Condition) -> Iterator[Mutant]:
    """Every mutant of a whole condition: negated, or with one mistake somewhere inside."""
    if not isinstance(condition, Always):
        yield "negated", Not(condition)
        yield from _inside(ruleset, condition)


def _inside(ruleset: Ruleset, condition: Condition) -> Iterator[Mutant]:
    match condition:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            yield from _joined(ruleset, condition, parts)
        case Not(part):
            yield "`not` dropped", part
            for what, other in _inside(ruleset, part):
                yield what, Not(other)
        case Chosen():
            yield from _chosen(ruleset.items[condition.item], condition)
        case Compared():
            yield from _compared(condition)
        case Always():
            pass


def _joined(ruleset: Ruleset, condition: All | AnyOf | AtLeast, parts: tuple[Condition, ...]) -> Iterator[Mutant]:
    if isinstance(condition, AtLeast):
        for n in (condition.n - 1, condition.n + 1):
            if 1 <= n <= len(parts):
                yield f"at_least {n}", replace(condition, n=n)
    elif len(parts) > 1:
        yield "all and any swapped", AnyOf(parts) if isinstance(condition, All) else All(parts)
    for index, part in enumerate(parts):
        rest = parts[:index] + parts[index + 1 :]
        if rest and not (isinstance(condition, AtLeast) and condition.n > len(rest)):
            yield f"branch {index + 1} dropped", replace(condition, conditions=rest)
        yield (
            f"branch {index + 1} negated",
            replace(condition, conditions=(*parts[:index], Not(part), *parts[index + 1 :])),
        )
        for what, other in _inside(ruleset, part):
            yield what, replace(condition, conditions=(*parts[:index], other, *parts[index + 1 :]))


def _chosen(item: Item, leaf: Chosen) -> Iterator[Mutant]:
    for index, code in enumerate(leaf.codes):
        rest = leaf.codes[:index] + leaf.codes[index + 1 :]
        if rest:
            yield f"{item.id}: {code} dropped", replace(leaf, codes=rest)
        for other in item.codes:
            if other not in leaf.codes:
                swapped = (*leaf.codes[:index], other, *leaf.codes[index + 1 :])
                yield f"{item.id}: {code} became {other}", replace(leaf, codes=swapped)
    if len(leaf.codes) > 1 and item.type.value == "multi":
        yield f"{item.id}: any and all_of swapped", replace(leaf, every=not leaf.every)


def _compared(leaf: Compared) -> Iterator[Mutant]:
    for operator in FLIPS[leaf.operator]:
        yield f"{leaf.subject}: {leaf.operator} became {operator}", replace(leaf, operator=operator)
    for step in (Decimal(-1), Decimal(1)):
        yield f"{leaf.subject}: {leaf.value} became {leaf.value + step}", replace(leaf, value=leaf.value + step)
        if leaf.high is not None:
            yield f"{leaf.subject}: {leaf.high} became {leaf.high + step}", replace(leaf, high=leaf.high + step)
