"""Text for a CSV that spreadsheets open: what they would take for a formula stays text, and a number stays a number.

A cell gets an apostrophe before it where a sign that starts a formula is the first thing a spreadsheet sees of it: plain or of full
width, and after blanks and characters that show nothing, which some of them pass over (OWASP, CSV injection). So does a heading.
Lines end as RFC 4180 says, and a byte order mark tells spreadsheets that it is UTF-8.
"""

from __future__ import annotations

import csv
import math
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"
STARTS_A_FORMULA = ("=", "+", "-", "@")
MINUS = "\N{MINUS SIGN}"
LINE_SIGNS = ("\t", "\r", "\n")
_PASSED_OVER = ("Cc", "Cf", "Zs", "Zl", "Zp")  # categories of characters that show nothing


def cell(value: object) -> str:
    r"""One cell.

    >>> cell("=1+1"), cell(" \uff1d1+1"), cell(-3), cell(None), cell("a-b"), cell("'quoted")
    ("'=1+1", "' ＝1+1", '-3', '', 'a-b', "'quoted")
    """
    if value is None:
        return ""
    number = _number(value)
    if number is not None:
        return number
    text = str(value)
    return f"'{text}" if is_risky(text) else text


def is_risky(text: str) -> bool:
    r"""Whether a spreadsheet might take this text for a formula.

    >>> is_risky("\n-1"), is_risky("\uff20SUM(A1)"), is_risky("a = b"), is_risky("")
    (True, True, False, False)
    """
    if text.startswith(LINE_SIGNS):
        return True
    first = next((letter for letter in text if unicodedata.category(letter) not in _PASSED_OVER), "")
    return first == MINUS or unicodedata.normalize("NFKC", first).startswith(STARTS_A_FORMULA)


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as lines of CSV, the first with the byte order mark."""
    first = BYTE_ORDER_MARK
    for row in rows:
        written = StringIO()
        csv.writer(written, lineterminator="\r\n").writerow([cell(value) for value in row])
        yield first + written.getvalue()
        first = ""


def _number(value: object) -> str | None:
    """A finite number in digits, also below zero; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not math.isfinite(value):
        return None
    return format(value, "f") if isinstance(value, Decimal) else str(value)
