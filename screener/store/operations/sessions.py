"""Writes on staff's sessions: one begins at each sign-in, and ends at sign-out, when its account changes, or when it is ended.

The secret of a session is drawn here and stands in the browser's cookie; only its hash is kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from screener.store.accounts import StaffSession, User
from screener.store.audit import record
from screener.store.identifiers import new_token, token_hash


def begin_session(session: Session, user: User, *, now: datetime, token: str | None = None) -> str:
    """Someone signed in: the secret of their session."""
    token = token or new_token()
    session.add(StaffSession(token_hash=token_hash(token), user_id=user.id, started_at=now, seen_at=now, ended_at=None))
    session.flush()
    return token


def end_session(session: Session, session_id: int, *, actor: User, now: datetime) -> User | None:
    """End one session; whose it was, None where there is no such one or it is over."""
    kept = session.scalars(
        select(StaffSession).where(StaffSession.id == session_id, StaffSession.ended_at.is_(None)).with_for_update()
    ).one_or_none()
    if kept is None:
        return None
    kept.ended_at = now
    record(session, "session_ended", now=now, actor=actor, user=kept.user_id, number=kept.id)
    session.flush()
    return kept.user


def end_sessions(session: Session, user: User, *, actor: User | None, now: datetime) -> None:
    """End all sessions of an account, and give it a new key, so that cookies which name the old one are dead in any case."""
    session.execute(update(User).where(User.id == user.id).values(fs_uniquifier=new_token()))
    theirs = update(StaffSession).where(StaffSession.user_id == user.id, StaffSession.ended_at.is_(None))
    if session.execute(theirs.values(ended_at=now).returning(StaffSession.id)).first() is not None:
        record(session, "sessions_ended", now=now, actor=actor, user=user.id)


def note_seen(session: Session, token: str, *, now: datetime) -> None:
    """Someone did something in this session."""
    seen = update(StaffSession).where(StaffSession.token_hash == token_hash(token))
    session.execute(seen.values(seen_at=now))
