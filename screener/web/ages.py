"""How old someone is, and the item that a date of birth answers for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from screener.engine.answers import problem_with
from screener.engine.questionnaire import Item, ItemType
from screener.engine.rules import Ruleset
from screener.web.extensions import now

AGE = "age"  # a number item of this name is worked out from the birth date and never shown
ADULT_YEARS = 18


def full_years(born: date, today: date) -> int:
    """Completed years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_adult(born: date) -> bool:
    """Whether someone may use the guide by now."""
    return full_years(born, now().date()) >= ADULT_YEARS


def is_age(item: Item) -> bool:
    """Whether this is the item that the birth date answers."""
    return item.id == AGE and item.type is ItemType.NUMBER


def with_age(ruleset: Ruleset, answers: Mapping[str, Any], born: date | None) -> dict[str, Any]:
    """The answers to items of this ruleset, with the age where it asks for one and the date of birth is known."""
    known = {item_id: answer for item_id, answer in answers.items() if item_id in ruleset.items}
    item = ruleset.items.get(AGE)
    if item is None or not is_age(item) or born is None:
        return known
    age = full_years(born, now().date())
    return known if problem_with(item, age) is not None else {**known, AGE: age}
