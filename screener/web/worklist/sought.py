"""What someone typed to find a patient: a reference, or any of name, birth date and phone number, in one line.

Dates are read in the spellings of English and Spanish speakers. Where 4/2/1968 could be April or February, both are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from babel.dates import get_month_names

from screener.store.identifiers import read_reference
from screener.store.queries import Sought
from screener.store.search_words import name_words, phone_digits

FEWEST_DIGITS = 4  # people at a desk are told how a number ends
OLDEST = 120
_SIGN = r"\s*[-/.\s]\s*"
_YEAR_FIRST = re.compile(rf"\b(\d{{4}}){_SIGN}(\d{{1,2}}){_SIGN}(\d{{1,2}})\b")
_YEAR_LAST = re.compile(rf"\b(\d{{1,2}}){_SIGN}(\d{{1,2}}){_SIGN}(\d{{4}}|\d{{2}})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:de\s+|of\s+)?([^\W\d_]+)\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_PHONE = re.compile(r"\+?\(?\d[\d\s().-]*\d")


def read_sought(text: str, *, today: date) -> tuple[str | None, Sought]:
    """The reference, or what else is looked for.

    >>> read_sought("k7q4 9mpb", today=date(2026, 11, 26))[0]
    'K7Q4-9MPB'
    >>> read_sought("O'Brien, 2 de abril de 1968", today=date(2026, 11, 26))[1]
    Sought(words=('o', 'brien'), birth_dates=(datetime.date(1968, 4, 2),), phone=None)
    >>> read_sought("+1 (602) 555-0142", today=date(2026, 11, 26))[1].phone
    '6025550142'
    >>> read_sought("canary …4471", today=date(2026, 11, 26))[1]
    Sought(words=('canary',), birth_dates=(), phone='4471')
    """
    reference = read_reference(text)
    if reference:
        return reference, Sought()
    birth_dates, rest = _take_date(text, today)
    phone, rest = _take_phone(rest)
    return None, Sought(words=tuple(name_words(rest)), birth_dates=birth_dates, phone=phone)


def _take_date(text: str, today: date) -> tuple[tuple[date, ...], str]:
    """The dates that the first thing like a date can mean, and the text without it."""
    for pattern, read in (
        (_YEAR_FIRST, _year_first),
        (_DAY_FIRST, _day_first),
        (_MONTH_FIRST, _month_first),
        (_YEAR_LAST, _year_last),
    ):
        for match in pattern.finditer(text):
            possible = {day for day in read(match, today) if today.year - OLDEST <= day.year and day <= today}
            if possible:
                return tuple(sorted(possible)), f"{text[: match.start()]} {text[match.end() :]}"
    return (), text


def _take_phone(text: str) -> tuple[str | None, str]:
    for match in _PHONE.finditer(text):
        digits = phone_digits(match[0])
        if digits and len(digits) >= FEWEST_DIGITS:
            return digits, f"{text[: match.start()]} {text[match.end() :]}"
    return None, text


def _year_first(match: re.Match[str], _today: date) -> Iterator[date]:
    yield from _dates(int(match[1]), int(match[2]), int(match[3]))


def _year_last(match: re.Match[str], today: date) -> Iterator[date]:
    one, other, year = (int(part) for part in match.groups())
    years = (year,) if len(match[3]) == 4 else (1900 + year, today.year // 100 * 100 + year)
    for written in years:
        yield from _dates(written, one, other)
        yield from _dates(written, other, one)


def _day_first(match: re.Match[str], _today: date) -> Iterator[date]:
    for month in _month_numbers(match[2]):
        yield from _dates(int(match[3]), month, int(match[1]))


def _month_first(match: re.Match[str], _today: date) -> Iterator[date]:
    for month in _month_numbers(match[1]):
        yield from _dates(int(match[3]), month, int(match[2]))


def _month_numbers(word: str) -> tuple[int, ...]:
    return tuple(_months().get("".join(name_words(word)), ()))


def _dates(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


@cache
def _months() -> dict[str, tuple[int, ...]]:
    """The names of the months and their short forms, in lower case without accents."""
    found: dict[str, set[int]] = {}
    for language in ("en", "es"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                found.setdefault("".join(name_words(name)), set()).add(number)
    found.setdefault("sep", set()).add(9)
    return {name: tuple(sorted(numbers)) for name, numbers in found.items()}
