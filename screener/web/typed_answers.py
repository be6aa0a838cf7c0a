"""What a person typed becomes a number or a date, read strictly; what cannot be read is an error, never a guess.

Knows neither items nor WTForms. Whether a value read is an answer, the engine says; what to tell its writer, the fields.
"""

from __future__ import annotations

import re
from decimal import Decimal

from werkzeug.datastructures import MultiDict

LONGEST_TYPED = 200  # of a number or a part of a date, shown again
_BLANKS = " \t\r\n"
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,30}")
_DECIMAL_NUMBER = re.compile(r"-?[0-9]{1,30}([.,][0-9]{1,30})?")

Posted = MultiDict[str, str]


def read_number(typed: str, *, is_whole: bool) -> int | float | None:
    """A number in ASCII digits, with one decimal point or comma unless it is to be whole; None for a blank. Raises ValueError."""
    written = typed.strip(_BLANKS)
    if not written:
        return None
    pattern = _WHOLE_NUMBER if is_whole else _DECIMAL_NUMBER
    if pattern.fullmatch(written) is None:
        raise ValueError("not a number in digits")
    number = Decimal(written.replace(",", "."))
    return int(number) if number == number.to_integral_value() else float(number)


class DateParts:
    """Month, day and year as typed; `<name>-month`, `<name>-day`, `<name>-year`."""

    name: str
    month = day = year = ""

    def show_date(self, written: str | None) -> None:
        """Show a date such as 2026-11-22."""
        self.year, self.month, self.day = written.split("-") if written else ("", "", "")

    def keep_date(self, posted: Posted) -> None:
        """Keep the three parts as they were sent."""
        for part in ("month", "day", "year"):
            setattr(self, part, posted.get(f"{self.name}-{part}", "")[:LONGEST_TYPED])

    def read_date(self) -> str | None:
        """The parts as 2026-11-22, perhaps of a day that does not exist; None for a blank. Raises ValueError."""
        month, day, year = (part.strip(_BLANKS) for part in (self.month, self.day, self.year))
        if not (month or day or year):
            return None
        for part, pattern in ((month, "[0-9]{1,2}"), (day, "[0-9]{1,2}"), (year, "[0-9]{4}")):
            if re.fullmatch(pattern, part) is None:
                raise ValueError("a part of the date is missing or is not in digits")
        return f"{year}-{int(month):02}-{int(day):02}"
