"""JSON exactly: numbers keep the digits they were given, nothing is rounded through a float on the way in.

Knows nothing of answers or rules; those who call it do.
"""

from __future__ import annotations

import json as _json
import math
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_DEEPEST = 100  # what is told as too deep where Python could not read on
_BRACKETS = re.compile(
    r'"(?:[^"\\]++|\\.)*+"?|([\[{])|([\]}])', re.DOTALL
)  # strings are passed over, theirs do not count
# Longer literals are read as decimals: Python refuses to turn very long digit strings into an int.
_LONGEST_INT = 40


class JSONError(ValueError):
    """What could not be read as JSON; the message is public text."""


class JSONObject(dict[str, Any]):
    """A JSON object that remembers which keys stood in it twice."""

    __slots__ = ("duplicates",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.duplicates = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]


def _read_int(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _LONGEST_INT else _read_decimal(digits)


def _read_decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond what a Decimal holds
        return Decimal("Infinity")


def loads(text: str | bytes) -> Any:
    """Read one JSON document: whole numbers as int, others as Decimal (NaN and Infinity too, for the caller to refuse).

    Raises JSONError, naming line and column, for bad syntax, an empty text, or nesting too deep to read, and the byte for what is
    not UTF-8.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        if not text.strip(" \t\r\n"):
            raise JSONError("not JSON at line 1, column 1: the document is empty")
        if text.startswith("\ufeff"):
            raise JSONError("not JSON at line 1, column 1: a byte order mark; save it as UTF-8 without one")
        return _json.loads(
            text, parse_int=_read_int, parse_float=_read_decimal, parse_constant=Decimal, object_pairs_hook=JSONObject
        )
    except UnicodeDecodeError as error:
        raise JSONError(f"the document is not UTF-8 text (byte {error.start + 1})") from None
    except _json.JSONDecodeError as error:
        raise JSONError(f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise JSONError(f"nested too deeply at {_too_deep_at(str(text))}; answers are one flat object") from None


def _too_deep_at(text: str) -> str:
    """Line and column of the first bracket that is nested too deeply."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += bool(found[1]) - bool(found[2])
        if depth > _DEEPEST:
            line, before = text.count("\n", 0, found.start()) + 1, text.rfind("\n", 0, found.start())
            return f"line {line}, column {found.start() - before}"
    return "line 1"


def dumps(value: Any, *, sort_keys: bool = False) -> str:
    """Write `value` as compact JSON, one line, no ASCII escapes; a Decimal keeps its digits.

    >>> dumps({"b": [Decimal("1.50"), True, None], "a": "ñ"}, sort_keys=True)
    '{"a":"ñ","b":[1.50,true,null]}'

    Raises TypeError for what JSON has no word for, ValueError for a number that is not finite.
    """
    if isinstance(value, str):
        return _json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool | int):
        return _json.dumps(value)
    if isinstance(value, float | Decimal):
        if not math.isfinite(value):
            raise ValueError("JSON has no number that is not finite")
        return str(value) if isinstance(value, Decimal) else repr(value)
    if isinstance(value, Mapping):
        keys = sorted(value) if sort_keys else value
        return "{" + ",".join(f"{dumps(str(key))}:{dumps(value[key], sort_keys=sort_keys)}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(dumps(part, sort_keys=sort_keys) for part in value) + "]"
    raise TypeError(f"JSON has no word for a {type(value).__name__}")
