"""Reads of what was done over the whole installation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
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
    """Events with their actors and submissions, the newest first; those before the event numbered `before`."""
    wanted = select(Event).options(joinedload(Event.actor), joinedload(Event.submission))
    if actor_id is not None:
        wanted = wanted.where(Event.actor_id == actor_id)
    if name is not None:
        wanted = wanted.where(Event.name == name)
    if submission_id is not None:
        wanted = wanted.where(Event.submission_id == submission_id)
    if since is not None:
        wanted = wanted.where(Event.at >= since)
    if until is not None:
        wanted = wanted.where(Event.at < until)
    if before is not None:
        wanted = wanted.where(Event.id < before)
    return list(session.scalars(wanted.order_by(Event.id.desc()).limit(max(1, min(limit, MOST)))))
