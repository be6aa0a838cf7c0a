"""Reads of what was done over the whole installation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session, joinedload

from screener.store.models import Event
from screener.store.queries.limits import MOST


def events_everywhere(
    session: Session,
    *,
    actor_id: int | None = None,
    name: str | None = None,
    submission_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Event]:
    """Events with their actors and submissions, the newest first; those before the event numbered `before`.

    Each way to narrow them is a range of an index, in this order.
    """
    wanted = select(Event).options(joinedload(Event.actor), joinedload(Event.submission))
    if actor_id is not None:
        wanted = wanted.where(Event.actor_id == actor_id)
    if name is not None:
        wanted = wanted.where(Event.name == name)
    if submission_id is not None:
        wanted = wanted.where(Event.submission_id == submission_id)
    if since is not None:
        wanted = wanted.where(Event.at >= since)
    last = session.scalar(select(Event.at).where(Event.id == before).order_by(Event.id)) if before is not None else None
    if before is not None and last is None:
        return []
    if last is not None and (until is None or last < until):  # one end of the range, not two
        wanted = wanted.where(tuple_(Event.at, Event.id) < tuple_(literal(last, Event.at.type), literal(before)))
    elif until is not None:
        wanted = wanted.where(Event.at < until)
    newest = wanted.order_by(Event.at.desc(), Event.id.desc())
    return list(session.scalars(newest.limit(max(1, min(limit, MOST)))))
