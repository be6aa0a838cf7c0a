"""An answer as a page says it: the engine's words for what was chosen, dates and numbers as the page's language writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel import numbers
from flask_babel import get_locale

from screener.engine.answers import DECLINED, NOT_SURE, Answer
from screener.engine.questionnaire import Item, ItemType
from screener.engine.wording import said
from screener.web.filters import day
from screener.web.i18n import language


def answer_words(item: Item, answer: Answer) -> str:
    """The words of a readable answer to this item."""
    if item.type is ItemType.DATE and answer not in (NOT_SURE, DECLINED):
        return day(date.fromisoformat(str(answer)))
    if isinstance(answer, int | float | Decimal):
        # No thousands apart: the number may be a year.
        written = numbers.format_decimal(answer, locale=get_locale(), group_separator=False, decimal_quantization=False)
        return f"{written} {item.unit}" if item.unit else written
    return said(item, answer, language())
