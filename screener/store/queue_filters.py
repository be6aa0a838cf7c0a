"""What part of the queue someone wants to see, and in what order: read strictly from an address and written back to it.

A value of codes and numbers only, no database: nothing a person typed, and nothing of a patient, ever stands in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode

from screener.engine.rules import Severity
from screener.store.models import Source
from screener.store.refusals import BadFilter
from screener.store.workflow import OPEN, Status

ALL_OPEN, ALL_DONE = "open", "done"
ME, NOBODY = "me", "nobody"
NOTHING_RAISED = "none"
TAG_CODE_LENGTH = 12
MOST_PARTS = 20

_TOPIC = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_HASH_BEGINNING = re.compile(r"[0-9a-f]{6,64}")
_TAG_CODE = re.compile(rf"[0-9a-f]{{{TAG_CODE_LENGTH}}}")
_USER = re.compile(r"[1-9][0-9]{0,8}")


class Sort(StrEnum):
    """In what order submissions stand."""

    SEVERITY = "severity"  # the highest severity raised first, then who waits longest
    WAITING = "waiting"  # who waits longest first
    NEWEST = "newest"
    SINCE = "since"  # what stands longest in its status first


class AgeBand(StrEnum):
    """Full years, both ends included."""

    UNDER_30 = "0-29"
    FROM_30 = "30-49"
    FROM_50 = "50-64"
    FROM_65 = "65-79"
    FROM_80 = "80-"

    def birth_dates(self, today: date) -> tuple[date | None, date]:
        """Born after the first (None: however early) and not after the second, people are of this age today."""
        youngest, _, oldest = self.value.partition("-")
        earliest = _years_before(today, int(oldest) + 1) if oldest else None
        return earliest, _years_before(today, int(youngest))


@dataclass(frozen=True, slots=True)
class Scope:
    """The statuses that a list is about: those that wait for work, and those that do not."""

    open: tuple[Status, ...]
    done: tuple[Status, ...]

    def statuses(self, chosen: str) -> tuple[Status, ...]:
        """The statuses behind a choice: all open, all closed, or one. Raises BadFilter where this list has no such one."""
        whole = {ALL_OPEN: self.open, ALL_DONE: self.done}
        found = whole.get(chosen) or tuple(status for status in (*self.open, *self.done) if status.value == chosen)
        if not found:
            raise BadFilter()
        return found


@dataclass(frozen=True, slots=True)
class Filters:
    """One choice; None leaves a filter out. Make it with `read` where the values come from outside."""

    status: str = ALL_OPEN
    severity: str | None = None
    topic: str | None = None
    unknown: bool | None = None
    assignee: str | None = None
    age: AgeBand | None = None
    language: str | None = None
    ruleset: str | None = None
    tag: str | None = None
    flagged: bool | None = None
    source: Source | None = None
    sort: Sort = Sort.SEVERITY

    @classmethod
    def read(cls, parts: Iterable[tuple[str, str]]) -> Filters:
        """From the parts of an address; an empty value chooses nothing. Raises BadFilter for anything else it does not know."""
        found: dict[str, Any] = {}
        for number, (name, text) in enumerate(parts):
            if number >= MOST_PARTS or name not in _READERS or name in found:
                raise BadFilter()
            if text:
                found[name] = _READERS[name](text)
        return cls(**found)

    @classmethod
    def from_query(cls, query: str) -> Filters:
        """The same from what `query` wrote. Raises BadFilter."""
        try:
            return cls.read(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
        except ValueError:
            raise BadFilter() from None

    def parts(self) -> dict[str, str]:
        """For an address: what differs from the plain queue, in one order."""
        plain = Filters()
        given = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: _written(value) for name, value in given if value != getattr(plain, name)}

    def query(self) -> str:
        """The same as one text; empty for the plain queue."""
        return urlencode(self.parts())

    @property
    def order(self) -> Sort:
        """The order to walk in: of one severity alone, who waits longest stands first in the order by severity too."""
        return Sort.WAITING if self.severity and self.sort is Sort.SEVERITY else self.sort

    @property
    def are_narrowing(self) -> bool:
        """Something besides status and order is chosen."""
        return bool(self.parts().keys() - {"status", "sort"})


def tag_code(word: str) -> str:
    """What stands in an address for a tag: staff choose the words freely, so the words themselves never do.

    >>> tag_code("waits")
    '7c4a345722b4'
    """
    return hashlib.sha256(word.encode()).hexdigest()[:TAG_CODE_LENGTH]


def severity_rank(code: str) -> int:
    """The place of a severity in reading order, as `Submission.severity_rank` holds it."""
    return len(Severity) if code == NOTHING_RAISED else Severity(code).rank


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _choice(allowed: Iterable[str]) -> Any:
    known = {str(value): value for value in allowed}

    def read(text: str) -> Any:
        if text not in known:
            raise BadFilter()
        return known[text]

    return read


def _matching(pattern: re.Pattern[str]) -> Any:
    def read(text: str) -> str:
        if pattern.fullmatch(text) is None:
            raise BadFilter()
        return text

    return read


def _read_assignee(text: str) -> str:
    if text not in (ME, NOBODY) and _USER.fullmatch(text) is None:
        raise BadFilter()
    return text


def _read_yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise BadFilter()
    return text == "yes"


_STATUSES = (ALL_OPEN, ALL_DONE, *(status.value for status in Status if status is not Status.DRAFT))
_READERS: Mapping[str, Any] = {
    "status": _choice(_STATUSES),
    "severity": _choice((*(severity.value for severity in Severity), NOTHING_RAISED)),
    "topic": _matching(_TOPIC),
    "unknown": _read_yes_or_no,
    "assignee": _read_assignee,
    "age": _choice(AgeBand),
    "language": _matching(_LANGUAGE),
    "ruleset": _matching(_HASH_BEGINNING),
    "tag": _matching(_TAG_CODE),
    "flagged": _read_yes_or_no,
    "source": _choice(Source),
    "sort": _choice(Sort),
}
DONE = tuple(status for status in Status if status not in (*OPEN, Status.DRAFT))


def _years_before(today: date, years: int) -> date:
    """The same day so many years ago; February 28 where that year has no 29th."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)
