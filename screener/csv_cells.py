"""Text for a CSV that spreadsheets open: what they would take for a formula stays text.

A cell that begins with one of the signs that start a formula gets an apostrophe before it, and so does a heading (OWASP,
CSV injection). Lines end as RFC 4180 says, and a byte order mark tells spreadsheets that it is UTF-8.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """One cell.

    >>> cell("=1+1"), cell(-3), cell(None), cell("a-b"), cell("'quoted")
    ("'=1+1", '-3', '', 'a-b', "'quoted")
    """
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # a number is a number, also below zero
    text = str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as lines of CSV, the first with the byte order mark."""
    first = BYTE_ORDER_MARK
    for row in rows:
        written = StringIO()
        csv.writer(written, lineterminator="\r\n").writerow([cell(value) for value in row])
        yield first + written.getvalue()
        first = ""
