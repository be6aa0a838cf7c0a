"""Numbers of rows as pages and addresses send them back: read in one place, and never larger than a row's can be."""

from __future__ import annotations

from flask import Flask, abort
from werkzeug.routing import IntegerConverter, Map

_MOST_DIGITS = 9
_LARGEST = 2**31 - 1  # of PostgreSQL's integer; it refuses to look for more


class RowNumber(IntegerConverter):
    """`<row:name>` in an address: a number that a row can have. With any other there is no such page."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=_LARGEST)


def init_app(app: Flask) -> None:
    """Make `<row:name>` known. Call it before a blueprint that has one is registered."""
    app.url_map.converters["row"] = RowNumber


def number_in(text: str | None) -> int | None:
    """The number of a row that a page sent back; None where there is none, or more digits than any row has.

    >>> number_in("12"), number_in("-1"), number_in("٣"), number_in("1234567890"), number_in("")
    (12, None, None, None, None)
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def seen_number(text: str | None) -> int:
    """The same; one that nothing has where it holds none.

    >>> seen_number("12"), seen_number(None)
    (12, -1)
    """
    number = number_in(text)
    return -1 if number is None else number


def number_or_404(text: str | None) -> int | None:
    """The number in a part of an address, None where that is left out or empty. Where it is no number there is no such page."""
    number = number_in(text)
    if text and number is None:
        abort(404)
    return number
