"""Random answer documents for a whole questionnaire, many at a time: a column of answers an item, read off row by row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from screener.engine.questionnaire import Item, ItemType
from screener.engine.rules import Ruleset


def pools(ruleset: Ruleset, seed: int) -> dict[str, list[Any]]:
    """For each item the answers it is drawn from, None for a blank among them."""
    chance = random.Random(seed)
    items = [item for item in ruleset.items.values() if item.type is not ItemType.DISPLAY]
    return {item.id: [None, *unknown_answers(item, chance), *known_answers(item, chance)] for item in items}


def rows(ruleset: Ruleset, count: int, seed: int, *, blank: float = 0.15) -> Iterator[tuple[int, ...]]:
    """`count` documents as places in the pools; a share of the items is blank, and about as many are not sure, at least in part."""
    chance = random.Random(seed)
    columns = []
    for item_id, pool in pools(ruleset, seed).items():
        unknown = len(unknown_answers(ruleset.items[item_id], random.Random(seed)))
        known = len(pool) - 1 - unknown
        weights = [blank, *([blank / unknown] * unknown if unknown else []), *([(1 - 2 * blank) / known] * known)]
        columns.append(chance.choices(range(len(pool)), weights=weights, k=count))
    yield from zip(*columns, strict=True)


def documents(ruleset: Ruleset, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """`count` valid documents."""
    choices = list(pools(ruleset, seed).items())
    for row in rows(ruleset, count, seed):
        yield document_of(choices, row)


def document_of(choices: list[tuple[str, list[Any]]], row: tuple[int, ...]) -> dict[str, Any]:
    """The document that a row of places in the pools stands for."""
    drawn = ((item, pool[place]) for (item, pool), place in zip(choices, row, strict=True))
    return {item: answer for item, answer in drawn if answer is not None}


def known_answers(item: Item, chance: random.Random) -> list[Any]:
    """Answers that leave nothing open: all of them where they are few."""
    match item.type:
        case ItemType.NUMBER:
            return numbers(item, chance)
        case ItemType.MULTI:
            codes = list(item.choices or ())
            lists = [sorted(chance.sample(codes, chance.randint(1, len(codes))), key=codes.index) for _ in range(20)]
            return [*([code] for code in codes), *lists, *([["none"]] * 10 if item.none is not None else [])]
        case ItemType.DATE:
            return ["2026-11-22"]
        case ItemType.TEXT:
            return ["x"]
        case _:
            return list(item.codes)


def numbers(item: Item, chance: random.Random) -> list[Any]:
    """A few numbers of the whole range, and those around 100, 120, … 180, where thresholds stand."""
    low, high = (int(end) for end in item.value_range)
    near = {ten + step for ten in range(100, 200, 20) for step in (-1, 0, 1)}
    whole = {
        low,
        high,
        *(value for value in near if low <= value <= high),
        *chance.sample(range(low, high + 1), min(8, high - low)),
    }
    return sorted(whole) if item.integer else [*sorted(whole), low + 0.25]


def unknown_answers(item: Item, chance: random.Random) -> list[Any]:
    """Answers that leave something open, as far as the item offers them."""
    ways_out: list[Any] = ["not_sure"] * item.unsure + ["declined"] * item.decline
    if item.type is ItemType.MULTI and ways_out:
        codes = list(item.choices or ())
        some = [sorted(chance.sample(codes, chance.randint(1, min(3, len(codes))))) for _ in range(10)]
        return [*ways_out, *([way] for way in ways_out), *([*few, chance.choice(ways_out)] for few in some)]
    return ways_out
