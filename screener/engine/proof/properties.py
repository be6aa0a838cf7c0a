"""What is proved of single rules, pairs of rules and items: that they can be raised and silent, are not told twice, can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from screener.engine.answers import Answers
from screener.engine.conditions import All, AnyOf, AtLeast, Condition, Truth, leaves
from screener.engine.evaluation import Evaluation
from screener.engine.proof.search import LeftOutError, Query, Search
from screener.engine.proof.space import items_behind, way_out
from screener.engine.rules import Rule

_NEAREST_OF = 200  # documents looked at for the one that comes nearest to what cannot be


def truth_query(search: Search, condition: Condition, truth: Truth) -> Query:
    """Whether answers exist on which a condition has a truth."""
    items = items_behind(search.ruleset, condition)
    judge = search.truth(condition, items)

    def formula(answers: Any) -> Any:
        from z3 import And, Not  # an optional extra, needed only here

        true, false = answers.pair(condition)
        return true if truth is Truth.TRUE else false if truth is Truth.FALSE else And(Not(true), Not(false))

    return Query(items, lambda document: judge(document) is truth, formula)


def implication_query(search: Search, rule: Rule, other: Rule) -> Query:
    """Whether answers exist on which `rule` is raised and `other` is not."""
    items = items_behind(search.ruleset, rule.when)
    judge = search.truth(rule.when, items)
    judge_other = search.truth(other.when, items | items_behind(search.ruleset, other.when))

    def shows(document: Answers) -> bool:
        return judge(document) is Truth.TRUE and judge_other(document) is not Truth.TRUE

    def formula(answers: Any) -> Any:
        from z3 import And, Not  # an optional extra, needed only here

        return And(answers.is_true(rule.when), Not(answers.is_true(other.when)))

    return Query(items, shows, formula)


def unsure_query(search: Search, condition: Condition) -> Query:
    """Whether replacing one answer by "not sure" can turn a raised rule into one that is not raised."""
    items = items_behind(search.ruleset, condition)
    judge = search.truth(condition, items)

    def formula(answers: Any) -> Any:
        from z3 import And, Or  # an optional extra, needed only here

        falses = [answers.not_sure(item).pair(condition)[1] for item in sorted(items)]
        return And(answers.is_true(condition), Or(*falses))

    def shows(document: Answers) -> bool:
        if judge(document) is not Truth.TRUE:
            return False
        return any(judge(not_sure(search, document, item)) is Truth.FALSE for item in document)

    return Query(items, shows, formula)


def not_sure(search: Search, document: Answers, item_id: str) -> Answers:
    """The document with one answer replaced by "not sure", or what comes nearest among what its item offers."""
    unsure = way_out(search.ruleset.items[item_id])
    rest = {other: answer for other, answer in document.items() if other != item_id}
    return rest if unsure is None else search.ruleset.in_order({**rest, item_id: unsure})


def at_odds(search: Search, condition: Condition) -> tuple[Condition, ...]:
    """The fewest parts of an `all` that no answers make true together; the condition itself where it is no such thing."""
    parts: list[Condition] = list(condition.conditions) if isinstance(condition, All) else [condition]
    for part in tuple(parts):
        rest = tuple(other for other in parts if other is not part)
        if rest and _is_impossible(search, All(rest)):
            parts.remove(part)
    return tuple(parts)


def _is_impossible(search: Search, condition: Condition) -> bool:
    try:
        return search.find(truth_query(search, condition, Truth.TRUE)) is None
    except LeftOutError:
        return False


def nearest(search: Search, condition: Condition, truth: Truth) -> Answers:
    """Of documents spread over all answers, the fullest on which most parts of a condition have a truth that the whole never has."""
    items = items_behind(search.ruleset, condition)
    parts = list(_parts(condition))

    def near(document: Answers) -> tuple[int, int]:
        evaluation = Evaluation(search.ruleset, document)
        return sum(evaluation.truth(part) is truth for part in parts), len(document)

    return max(_spread(search, items), key=near, default={})


def _parts(condition: Condition) -> Iterator[Condition]:
    """The conditions joined at the top, else the leaves."""
    if isinstance(condition, All | AnyOf | AtLeast):
        yield from condition.conditions
    else:
        yield from (leaf for leaf, _ in leaves(condition))


def _spread(search: Search, items: frozenset[str]) -> Iterator[Answers]:
    size = search.space.size(items)
    if size is not None and size <= _NEAREST_OF * 100:
        for number, document in enumerate(search.space.documents(items)):
            if number % max(1, size // (_NEAREST_OF * 10)) == 0:
                yield document
