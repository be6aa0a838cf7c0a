"""Reads of the views of the queue that people keep under a name."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from screener.store.casework import SavedView
from screener.store.queries.limits import MOST


def saved_views(session: Session, user_id: int) -> list[SavedView]:
    """The views of one person, by name."""
    theirs = select(SavedView).where(SavedView.user_id == user_id)
    return list(session.scalars(theirs.order_by(SavedView.name, SavedView.id).limit(MOST)))


def saved_view(session: Session, view_id: int, *, user_id: int) -> SavedView | None:
    """One view of this person; None where it is someone else's or none."""
    theirs = select(SavedView).where(SavedView.id == view_id, SavedView.user_id == user_id)
    return session.scalars(theirs.order_by(SavedView.id).limit(1)).first()
