"""One walk through the submissions that someone asks for: along a range of an index, never further than a bound.

A range is one for each status, where a list has several, in the order asked for. Filters that the index does not hold are applied
to the next LOOKED_AT submissions of the walk. Where a filter alone names few submissions (`leading`), those are looked at instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from screener.store.models import Submission
from screener.store.queries.places import COLUMNS, Place
from screener.store.queries.queue_conditions import LEADING, Asked, Condition, conditions
from screener.store.queue_filters import DONE, Sort, severity_rank
from screener.store.workflow import OPEN, Status

LOOKED_AT = 1000
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `has_more` where counting stopped before the end."""

    number: int
    has_more: bool

    def __str__(self) -> str:
        return f"{self.number}+" if self.has_more else str(self.number)


class Walk:
    """One walk from a place on, in the order asked for or against it."""

    def __init__(
        self,
        session: Session,
        asked: Asked,
        *,
        leading: Sequence[int] | None,
        place: Place | None = None,
        is_backwards: bool = False,
    ) -> None:
        self.session, self.leading, self.place = session, leading, place
        self.sort = asked.filters.order
        self.columns = COLUMNS[self.sort]
        self.is_descending = (self.sort is Sort.NEWEST) is not is_backwards
        self.ranges = _ranges(asked)
        self.rank = severity_rank(asked.filters.severity) if asked.filters.severity else None
        self.conditions = conditions(session, asked) + self._left_to_conditions()

    def find(self, limit: int) -> Sequence[Row[Any]]:
        """The next submissions that match, as the columns of their places."""
        looked = self._looked(LOOKED_AT if self.conditions else limit)
        wanted = select(*(looked.c[column.key] for column in self.columns)).where(*self._matching(looked))
        return self.session.execute(self._ordered(wanted, looked.c).limit(limit)).all()

    def frontier(self) -> Row[Any] | None:
        """The place of the last submission that was looked at, where there may be more."""
        if not self.conditions or self.leading is not None:
            return None
        looked = self._looked(LOOKED_AT)
        last = self._ordered(select(*(looked.c[column.key] for column in self.columns)), looked.c)
        return self.session.execute(last.offset(LOOKED_AT - 1).limit(1)).first()

    def count(self) -> Count:
        """How many match, of the first COUNTED that are looked at."""
        looked = self._looked(COUNTED + 1)
        fits = case((and_(true(), *self._matching(looked)), 1), else_=0)
        counted = select(func.count(), func.coalesce(func.sum(fits), 0)).select_from(looked)
        walked, found = self.session.execute(counted).one()
        if self.leading is not None:
            return Count(found, False)
        return Count(min(found, COUNTED), walked > COUNTED)

    def _left_to_conditions(self) -> list[Condition]:
        """What is part of the range where an index can hold it, and else a condition."""
        found: list[Condition] = []
        if self.rank is not None and not self._is_rank_in_range:
            found.append((Submission.severity_rank, lambda column: column == self.rank))
        if self.leading is not None:
            (is_open, *_), statuses = next(iter(self.ranges)), [status for _, status in self.ranges]
            found.append((Submission.is_open, lambda column: column == literal(is_open)))
            if None not in statuses:
                found.append((Submission.status, lambda column: column.in_(statuses)))
        return found

    @property
    def _is_rank_in_range(self) -> bool:
        """One severity is a range of the index by severity, and stands in it by waiting time."""
        return self.leading is None and self.sort is not Sort.SINCE

    def _looked(self, limit: int) -> Subquery:
        """The submissions to look at, with the columns that order and conditions need."""
        if self.leading is not None:
            return self._columns().where(Submission.id.in_(self.leading)).limit(LEADING + 1).subquery("looked")
        parts = [self._range(*one, limit=limit) for one in self.ranges]
        if len(parts) == 1:
            return parts[0].subquery("looked")
        whole = union_all(*(select(part.subquery()) for part in parts)).subquery()
        return self._ordered(select(whole), whole.c).limit(limit).subquery("looked")

    def _range(self, is_open: bool, status: Status | None, *, limit: int) -> Select[Any]:
        """One range of one index, from the place on."""
        wanted = self._columns().where(Submission.is_open == literal(is_open))
        if status is not None:
            wanted = wanted.where(Submission.status == status)
        if self.rank is not None and self._is_rank_in_range:
            wanted = wanted.where(Submission.severity_rank == self.rank)
        if self.place is not None:
            wanted = wanted.where(self._is_beyond(Submission))
        return self._ordered(wanted, Submission).limit(limit)

    def _columns(self) -> Select[Any]:
        needed = {column.key: column for column in (*self.columns, *(column for column, _ in self.conditions))}
        return select(*needed.values())

    def _matching(self, looked: FromClause) -> list[ColumnElement[bool]]:
        found = [test(looked.c[column.key]) for column, test in self.conditions]
        if self.leading is not None and self.place is not None:
            found.append(self._is_beyond(looked.c))
        return found

    def _is_beyond(self, columns: Any) -> ColumnElement[bool]:
        assert self.place is not None
        here = tuple_(*(getattr(columns, column.key) for column in self.columns))
        there = tuple_(*(literal(value, column.type) for column, value in zip(self.columns, self.place, strict=True)))
        return here < there if self.is_descending else here > there

    def _ordered(self, wanted: Select[Any], columns: Any) -> Select[Any]:
        order = (getattr(columns, column.key) for column in self.columns)
        return wanted.order_by(*(column.desc() if self.is_descending else column for column in order))


def _ranges(asked: Asked) -> list[tuple[bool, Status | None]]:
    """The ranges of an index that hold the statuses asked for: one for all open or all closed, else one for each."""
    statuses = asked.scope.statuses(asked.filters.status)
    is_open = statuses[0] in OPEN
    if set(statuses) == set(OPEN if is_open else DONE):
        return [(is_open, None)]
    return [(is_open, status) for status in statuses]
