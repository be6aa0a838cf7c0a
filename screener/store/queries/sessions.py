"""Reads of staff's sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from screener.store.accounts import StaffSession
from screener.store.identifiers import token_hash
from screener.store.queries.limits import MOST


def open_session(session: Session, token: str, user_id: int) -> StaffSession | None:
    """The session of this secret, if it is this person's and was not ended."""
    wanted = select(StaffSession).where(
        StaffSession.token_hash == token_hash(token), StaffSession.user_id == user_id, StaffSession.ended_at.is_(None)
    )
    return session.scalars(wanted.order_by(StaffSession.id).limit(1)).first()


def open_sessions(session: Session, *, longest: timedelta, now: datetime) -> list[StaffSession]:
    """Sessions that were not ended and are not too old to be used, with their people; the newest first."""
    wanted = (
        select(StaffSession)
        .options(joinedload(StaffSession.user))
        .where(StaffSession.ended_at.is_(None), StaffSession.started_at > now - longest)
    )
    return list(session.scalars(wanted.order_by(StaffSession.id.desc()).limit(MOST)))
