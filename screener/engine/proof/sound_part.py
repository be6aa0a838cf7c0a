"""The part of a ruleset that does not load which can be proved all the same: so that no mistake hides what a proof would find."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from screener.engine.conditions import UNREADABLE, Condition
from screener.engine.proof.space import items_behind
from screener.engine.questionnaire import Item, ItemType, Score
from screener.engine.rules import Rule, Ruleset


def sound_part(partial: Ruleset) -> Ruleset:
    """The items whose answers can be listed, the scores made of them alone, and the rules and conflicts about nothing else.

    A gate that could not be read counts as none: its item is then always asked.
    """
    unsound = {item.id for item in partial.items.values() if not _has_answers(item)}
    for item in partial.items.values():  # gates name earlier items only
        if item.enabled_when is not None and items_behind(partial, item.enabled_when) & unsound:
            unsound.add(item.id)
    items = {item.id: item for item in partial.items.values() if item.id not in unsound}
    return dataclasses.replace(
        partial,
        items=items,
        scores={score.id: score for score in partial.scores.values() if not _items_of(partial, score) & unsound},
        rules=tuple(_sound_rules(partial, items).values()),
        conflicts=tuple(
            conflict
            for conflict in partial.conflicts
            if conflict.when != UNREADABLE and items_behind(partial, conflict.when) <= items.keys()
        ),
    )


def _sound_rules(partial: Ruleset, items: Mapping[str, Item]) -> dict[str, Rule]:
    """Of two rules of one id the first."""
    found: dict[str, Rule] = {}
    for rule in partial.rules:
        is_readable = rule.when != UNREADABLE and bool(rule.patient.by_language)
        if is_readable and items_behind(partial, rule.when) <= items.keys():
            found.setdefault(rule.id, rule)
    return found


def _has_answers(item: Item) -> bool:
    if item.type is ItemType.NUMBER:
        return item.min is not None and item.max is not None
    if item.points is not None and set(item.points) != set(item.choices or ()):
        return False
    return bool(item.choices) or item.type not in (ItemType.CHOICE, ItemType.MULTI)


def _items_of(ruleset: Ruleset, score: Score) -> frozenset[str]:
    conditions: tuple[Condition, ...] = score.conditions
    return frozenset(score.items).union(*(items_behind(ruleset, condition) for condition in conditions))
