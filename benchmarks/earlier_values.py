"""The values of an earlier submission, worked out by the database itself: SQLite and PostgreSQL each in its own functions.

`made_up_clinic` copies rows to fill a large installation; what differs from copy to copy is written here.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal_column

Value = ColumnElement[Any]


class OnSqlite:
    """By `printf`, `strftime` and `date`."""

    def hexadecimal(self, number: Value, length: int) -> Value:
        """So many signs, filled up with 0."""
        return func.printf(f"%0{length}x", number)

    def capitals(self, number: Value, length: int) -> Value:
        """The same in capital letters."""
        return func.printf(f"%0{length}X", number)

    def decimal(self, number: Value, length: int) -> Value:
        """So many digits, filled up with 0."""
        return func.printf(f"%0{length}d", number)

    def minutes_earlier(self, at: Value, minutes: int) -> Value:
        """A moment so long before."""
        return func.strftime("%Y-%m-%d %H:%M:%f", at, f"-{minutes} minutes")

    def days_earlier(self, day: Value, days: int) -> Value:
        """A day so long before."""
        return func.date(day, f"-{days} days")

    def backwards(self, text: Value, length: int) -> Value:
        """A text of this length from its last sign to its first."""
        signs: list[Value] = [func.substr(text, place, 1) for place in range(length, 0, -1)]
        return reduce(lambda whole, sign: whole.concat(sign), signs)


class OnPostgresql:
    """By `to_hex`, `lpad` and intervals."""

    def hexadecimal(self, number: Value, length: int) -> Value:
        """So many signs, filled up with 0."""
        return func.lpad(func.to_hex(number), length, "0")

    def capitals(self, number: Value, length: int) -> Value:
        """The same in capital letters."""
        return func.upper(self.hexadecimal(number, length))

    def decimal(self, number: Value, length: int) -> Value:
        """So many digits, filled up with 0."""
        return func.lpad(cast(number, Text), length, "0")

    def minutes_earlier(self, at: Value, minutes: int) -> Value:
        """A moment so long before."""
        return at - literal_column(f"interval '{minutes} minutes'")

    def days_earlier(self, day: Value, days: int) -> Value:
        """A day so long before."""
        return day - literal_column(str(days))

    def backwards(self, text: Value, length: int) -> Value:
        """A text from its last sign to its first."""
        return func.reverse(text)


BY_DATABASE: dict[str, OnSqlite | OnPostgresql] = {"sqlite": OnSqlite(), "postgresql": OnPostgresql()}
