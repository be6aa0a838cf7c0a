"""Reads of the list that staff work from: pages of submissions in reading order, and how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from screener.store.models import Submission
from screener.store.queries.limits import MOST
from screener.store.refusals import BadCursor
from screener.store.workflow import Status

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Rank, microseconds, number; no more digits than the columns hold.
_CURSOR = re.compile(r"([0-9])\.([0-9]{1,17})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some submissions in reading order, and the cursor of the page after, None on the last."""

    submissions: list[Submission]
    next: str | None


def queue(session: Session, *, statuses: Iterable[Status], after: str | None = None, limit: int = 50) -> QueuePage:
    """Submissions in these statuses: the highest severity raised first, then who waits longest.

    `after` is the `next` of the page before; raises BadCursor where it is none.
    """
    place = tuple_(Submission.severity_rank, Submission.submitted_at, Submission.id)
    wanted = select(Submission).options(joinedload(Submission.contact))
    wanted = wanted.where(Submission.status.in_(tuple(statuses)))
    if after is not None:
        wanted = wanted.where(place > tuple_(*_read_cursor(after)))
    order = (Submission.severity_rank, Submission.submitted_at, Submission.id)
    limit = max(1, min(limit, MOST))
    found = list(session.scalars(wanted.order_by(*order).limit(limit + 1)))
    page = found[:limit]
    return QueuePage(page, _cursor(page[-1]) if len(found) > limit else None)


def _cursor(submission: Submission) -> str:
    waited_since = (submission.submitted_at - _EPOCH) // _MICROSECOND
    return f"{submission.severity_rank}.{waited_since}.{submission.id}"


def _read_cursor(text: str) -> tuple[int, datetime, int]:
    parts = _CURSOR.fullmatch(text)
    if parts is None:
        raise BadCursor()
    rank, waited_since, number = map(int, parts.groups())
    return rank, _EPOCH + waited_since * _MICROSECOND, number


def counts_by_status(session: Session) -> dict[Status, int]:
    """How many submissions stand in each status; every status is there."""
    counted = select(Submission.status, func.count()).group_by(Submission.status).order_by(Submission.status)
    counts = dict.fromkeys(Status, 0)
    for status, number in session.execute(counted.limit(MOST)):
        counts[status] = number
    return counts
