"""One walk through the submissions that someone asks for: along ranges of an index, never further than a bound.

A range is one for each status, where a list has several, in the order asked for. Filters that the index does not hold are applied
to the next LOOKED_AT submissions of the walk. Where a filter alone names few submissions (`leading`), those are looked at instead.
How many there are is in `queue_totals`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, Subquery, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from screener.store.models import Submission
from screener.store.queries.places import COLUMNS, Place
from screener.store.queries.queue_conditions import LEADING, Asked, Condition, Narrowing
from screener.store.queue_filters import DONE, Sort, severity_rank
from screener.store.workflow import OPEN, Status

LOOKED_AT = 1000
FIRST_LOOK = 200  # where many match, a page is full long before the bound

Columns = Sequence[InstrumentedAttribute[Any]]


class Walk:
    """One walk from a place on, in the order asked for or against it."""

    def __init__(
        self,
        session: Session,
        asked: Asked,
        narrowing: Narrowing,
        *,
        place: Place | None = None,
        is_backwards: bool = False,
    ) -> None:
        self.session, self.place, self.leading = session, place, narrowing.leading
        self.sort = asked.filters.order
        self.columns = COLUMNS[self.sort]
        self.is_descending = (self.sort is Sort.NEWEST) is not is_backwards
        self.ranges = _ranges(asked)
        self.rank = severity_rank(asked.filters.severity) if asked.filters.severity else None
        self.conditions = [*narrowing.conditions, *self._rank_condition()]

    def find(self, limit: int) -> Sequence[Row[Any]]:
        """The next submissions that match, as the columns of their places."""
        conditions = [*self.conditions, *self._range_conditions()]
        if not conditions and len(self.ranges) == 1:
            return self.session.execute(self.in_range(*self.ranges[0], self.columns, limit=limit)).all()
        if not conditions:
            return self._matching([], limit, limit)
        rows = self._matching(conditions, limit, min(FIRST_LOOK, LOOKED_AT)) if self.leading is None else []
        return rows if len(rows) == limit else self._matching(conditions, limit, LOOKED_AT)

    def _matching(self, conditions: Sequence[Condition], limit: int, looked_at: int) -> Sequence[Row[Any]]:
        """The next submissions that match, of so many."""
        looked = self._looked(looked_at, (*self.columns, *(column for column, _ in conditions)))
        wanted = select(*(looked.c[column.key] for column in self.columns)).where(*matching(conditions, looked))
        if self.leading is not None and self.place is not None:
            wanted = wanted.where(self._is_beyond(looked.c))
        return self.session.execute(self._ordered(wanted, looked.c).limit(limit)).all()

    def frontier(self) -> Row[Any] | None:
        """The place of the last submission that was looked at, where there may be more."""
        if not self.conditions or self.leading is not None:
            return None
        looked = self._looked(LOOKED_AT, self.columns)
        last = self._ordered(select(*(looked.c[column.key] for column in self.columns)), looked.c)
        return self.session.execute(last.offset(LOOKED_AT - 1).limit(1)).first()

    def in_range(self, is_open: bool, status: Status | None, columns: Columns, *, limit: int) -> Select[Any]:
        """These columns of one range of one index, from the place on."""
        wanted = _select(columns).where(Submission.is_open == literal(is_open))
        if status is not None:
            wanted = wanted.where(Submission.status == status)
        if self.rank is not None and self._is_rank_in_range:
            wanted = wanted.where(Submission.severity_rank == self.rank)
        if self.place is not None:
            wanted = wanted.where(self._is_beyond(Submission))
        return self._ordered(wanted, Submission).limit(limit)

    def among_leading(self, columns: Columns) -> Subquery:
        """These columns of the few that lead."""
        assert self.leading is not None
        return _select(columns).where(Submission.id.in_(self.leading)).limit(LEADING + 1).subquery("looked")

    def _rank_condition(self) -> list[Condition]:
        """One severity, where no index holds it in the order asked for."""
        if self.rank is None or self._is_rank_in_range:
            return []
        return [(Submission.severity_rank, lambda column: column == self.rank)]

    def _range_conditions(self) -> list[Condition]:
        """What a range would hold, for the few that lead."""
        if self.leading is None:
            return []
        (is_open, *_), statuses = next(iter(self.ranges)), [status for _, status in self.ranges]
        found: list[Condition] = [(Submission.is_open, lambda column: column == literal(is_open))]
        if None not in statuses:
            found.append((Submission.status, lambda column: column.in_(statuses)))
        return found

    @property
    def _is_rank_in_range(self) -> bool:
        """One severity is a range of the index by severity, and stands in it by waiting time."""
        return self.leading is None and self.sort is not Sort.SINCE

    def _looked(self, limit: int, columns: Columns) -> Subquery:
        """The submissions to look at."""
        if self.leading is not None:
            return self.among_leading(columns)
        parts = [self.in_range(*one, columns, limit=limit) for one in self.ranges]
        if len(parts) == 1:
            return parts[0].subquery("looked")
        whole = union_all(*(select(part.subquery()) for part in parts)).subquery()
        return self._ordered(select(whole), whole.c).limit(limit).subquery("looked")

    def _is_beyond(self, columns: Any) -> ColumnElement[bool]:
        assert self.place is not None
        here = tuple_(*(getattr(columns, column.key) for column in self.columns))
        there = tuple_(*(literal(value, column.type) for column, value in zip(self.columns, self.place, strict=True)))
        return here < there if self.is_descending else here > there

    def _ordered(self, wanted: Select[Any], columns: Any) -> Select[Any]:
        order = (getattr(columns, column.key) for column in self.columns)
        return wanted.order_by(*(column.desc() if self.is_descending else column for column in order))


def matching(conditions: Sequence[Condition], looked: FromClause) -> list[ColumnElement[bool]]:
    """The conditions, on what was looked at."""
    return [test(looked.c[column.key]) for column, test in conditions]


def _select(columns: Columns) -> Select[Any]:
    """Each of these once."""
    return select(*{column.key: column for column in columns}.values())


def _ranges(asked: Asked) -> list[tuple[bool, Status | None]]:
    """The ranges of an index that hold the statuses asked for: one for all open or all closed, else one for each."""
    statuses = asked.scope.statuses(asked.filters.status)
    is_open = statuses[0] in OPEN
    if set(statuses) == set(OPEN if is_open else DONE):
        return [(is_open, None)]
    return [(is_open, status) for status in statuses]
