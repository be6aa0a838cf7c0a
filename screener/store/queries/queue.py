"""Reads of the list that staff work from: pages of submissions. How many there are is in `queue_totals`.

A page costs the same however many submissions are kept; how is in `queue_walk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from screener.store.models import Submission
from screener.store.queries.limits import MOST
from screener.store.queries.places import read_place, write_place
from screener.store.queries.queue_conditions import Asked, narrowing
from screener.store.queries.queue_walk import Walk


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some submissions in the order asked for, and where the pages beside it begin.

    `is_partial`: more could match than was looked at; `next` then looks further.
    """

    submissions: list[Submission]
    next: str | None
    previous: str | None
    is_partial: bool


def queue_page(
    session: Session, asked: Asked, *, after: str | None = None, before: str | None = None, limit: int = 25
) -> QueuePage:
    """The submissions after or before a place, which a page's `next` or `previous` named. Raises BadFilter, BadCursor."""
    sort, is_backwards = asked.filters.order, before is not None
    limit = max(1, min(limit, MOST))
    place = read_place(sort, before if is_backwards else after)
    walk = Walk(session, asked, narrowing(session, asked), place=place, is_backwards=is_backwards)
    rows = walk.find(limit + 1)
    frontier = walk.frontier() if len(rows) <= limit else None
    onward = rows[limit - 1] if len(rows) > limit else frontier
    rows = rows[:limit][::-1] if is_backwards else rows[:limit]
    beyond = write_place(sort, onward) if onward is not None else None
    if is_backwards:
        behind = write_place(sort, rows[-1]) if rows else before
    else:
        behind = write_place(sort, rows[0]) if rows and after is not None else after
    return QueuePage(
        submissions=_load(session, [row.id for row in rows]),
        next=behind if is_backwards else beyond,
        previous=beyond if is_backwards else behind,
        is_partial=frontier is not None,
    )


def _load(session: Session, ids: Sequence[int]) -> list[Submission]:
    """These submissions in this order, with the people around them."""
    shown = (Submission.assignee, Submission.held_by, Submission.merged_into)
    wanted = select(Submission).options(*map(joinedload, shown)).where(Submission.id.in_(ids)).order_by(Submission.id)
    found = {submission.id: submission for submission in session.scalars(wanted.limit(MOST))}
    return [found[number] for number in ids]
