"""Reads of what staff are to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from screener.store.accounts import Notify, User
from screener.store.casework import Notification
from screener.store.queries.limits import MOST


def due_notifications(session: Session, wanted: Notify, *, until: datetime) -> list[Notification]:
    """What people who want to be told so are to be told of, from before `until`, with them; the oldest first."""
    due = (
        select(Notification)
        .join(User, User.id == Notification.user_id)
        .where(Notification.sent_at.is_(None), Notification.created_at <= until, User.notify == wanted, User.active)
    )
    return list(session.scalars(due.options(joinedload(Notification.user)).order_by(Notification.id).limit(MOST)))
