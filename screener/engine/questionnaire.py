"""What is asked: sections, items, choices, and the scores made of them. How an answer is judged is next door."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from screener.engine.conditions import Condition
from screener.engine.place import Place
from screener.engine.text import Text

NONE = "none"  # the code of "none of these" in answers and conditions


class ItemType(StrEnum):
    """The kinds of question; `text`, `date` and `display` stand in no condition."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTI = "multi"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `min` and `max` bound a number item, in `unit`; `unsure` and `decline` say which ways out it offers."""

    id: str
    section: str
    type: ItemType
    text: Text
    help: Text | None = None
    enabled_when: Condition | None = None
    choices: Mapping[str, Text] | None = None
    none: Text | None = None
    points: Mapping[str, Decimal] | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    integer: bool = False
    unit: str | None = None
    unsure: bool = False
    decline: bool = False
    max_length: int = 1000
    place: Place = field(default=Place("questionnaire", 0), compare=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes a condition or an answer may name, `none` last where the item has it; empty for numbers and words."""
        if self.type is ItemType.YES_NO:
            return ("yes", "no")
        own = tuple(self.choices or ())
        return (*own, NONE) if self.none is not None else own

    @property
    def value_range(self) -> tuple[Decimal, Decimal]:
        """Least and greatest possible value as part of a score: its points, or min and max (rounded inwards for whole numbers).

        Raises ValueError for an item that has no value.
        """
        if self.points:
            return min(self.points.values()), max(self.points.values())
        if self.min is None or self.max is None:
            raise ValueError(f"item {self.id} has no value")
        if self.integer:
            return Decimal(math.ceil(self.min)), Decimal(math.floor(self.max))
        return self.min, self.max


@dataclass(frozen=True, slots=True)
class Section:
    """One screen of the questionnaire."""

    id: str
    title: Text
    items: tuple[Item, ...]
    help: Text | None = None


class ScoreKind(StrEnum):
    """How a score is made of its parts."""

    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Score:
    """A derived number: the sum or mean of items, or how many of some conditions are true."""

    id: str
    kind: ScoreKind
    items: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    place: Place = field(default=Place("scores.yaml", 0), compare=False)
