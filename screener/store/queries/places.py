"""Where in the queue a page begins or ends, as a text for an address: the columns that the order goes by, as numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from screener.store.models import Submission
from screener.store.queue_filters import Sort
from screener.store.refusals import BadCursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# No more digits than the columns hold: rank, microseconds, number.
_RANK, _MOMENT, _NUMBER = "([0-9])", "([0-9]{1,17})", "([0-9]{1,9})"

# What each order goes by; the number comes last, so that no two stand at the same place.
COLUMNS: Mapping[Sort, tuple[InstrumentedAttribute[Any], ...]] = {
    Sort.SEVERITY: (Submission.severity_rank, Submission.submitted_at, Submission.id),
    Sort.WAITING: (Submission.submitted_at, Submission.id),
    Sort.NEWEST: (Submission.submitted_at, Submission.id),
    Sort.SINCE: (Submission.status_at, Submission.id),
}
_PATTERNS = {
    sort: re.compile(r"\.".join(((_RANK,) if len(columns) == 3 else ()) + (_MOMENT, _NUMBER)))
    for sort, columns in COLUMNS.items()
}

Place = tuple[Any, ...]


def write_place(sort: Sort, row: Any) -> str:
    """The place of a submission, or of a row with the columns of this order."""
    values = (getattr(row, column.key) for column in COLUMNS[sort])
    return ".".join(str((value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else value) for value in values)


def read_place(sort: Sort, text: str | None) -> Place | None:
    """What `write_place` wrote; None for None. Raises BadCursor for what it cannot have written."""
    if text is None:
        return None
    parts = _PATTERNS[sort].fullmatch(text)
    if parts is None:
        raise BadCursor()
    *rank, moment, number = map(int, parts.groups())
    return (*rank, _EPOCH + moment * _MICROSECOND, number)
