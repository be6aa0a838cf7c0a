"""Reads of what staff are to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from screener.store.accounts import Notify, User
from screener.store.casework import Notification
from screener.store.queries.limits import MOST


def due_notifications(session: Session, wanted: Notify, *, until: datetime) -> list[Notification]:
    """What people who want to be told so are to be told of, from before `until`, with them; person by person, the oldest first.

    The limit is each person's own, so that one whom no message reaches does not keep the others from being told.
    """
    is_due = (Notification.sent_at.is_(None), Notification.created_at <= until)
    waiting = exists().where(Notification.user_id == User.id, *is_due)
    people = select(User.id).where(User.notify == wanted, User.active, waiting).order_by(User.id).limit(MOST)
    due: list[Notification] = []
    for person_id in session.scalars(people).all():
        theirs = select(Notification).where(Notification.user_id == person_id, *is_due).order_by(Notification.id)
        due += session.scalars(theirs.options(joinedload(Notification.user)).limit(MOST))
    return due
