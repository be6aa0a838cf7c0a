"""Telling staff that something is new: who is to be told of what, and that they were.

A row here says that somebody is to be told. It is written in the transaction of what happened, so that neither stands without
the other. What a message says, and how it is sent, is no business of the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.accounts import Notify, User
from screener.store.audit import record
from screener.store.casework import Notification
from screener.store.models import Submission
from screener.store.workflow import Role


class News(StrEnum):
    """What is new."""

    URGENT = "urgent"
    ASSIGNED = "assigned"
    PATIENT_REPLIED = "patient_replied"
    PATIENT_CHANGED = "patient_changed"


def tell_intake_of_urgent(session: Session, submission: Submission, *, now: datetime) -> None:
    """Something urgent was raised: everyone of intake who wants to be told is to be told."""
    intake = [user for user in queries.users(session) if user.role is Role.INTAKE]
    tell(session, intake, News.URGENT, submission, now=now)


def tell_those_who_work_on_it(session: Session, submission: Submission, news: News, *, now: datetime) -> None:
    """The patient did something: whom it is assigned to and who asked last are to be told."""
    numbers = [submission.assignee_id, *(note.author_id for note in queries.thread_of(session, submission)[-2:])]
    found = [queries.user_by_id(session, number) for number in dict.fromkeys(numbers) if number is not None]
    tell(session, [user for user in found if user is not None], news, submission, now=now)


def tell(session: Session, users: Iterable[User], news: News, submission: Submission, *, now: datetime) -> None:
    """These people are to be told, unless they do not want to be or cannot sign in."""
    session.add_all(
        Notification(user_id=user.id, submission_id=submission.id, kind=news.value, created_at=now, sent_at=None)
        for user in users
        if user.active and user.notify is not Notify.NEVER
    )
    session.flush()


def choose_notify(session: Session, user: User, wanted: Notify, *, now: datetime) -> None:
    """When this person wants to be told; with NEVER, what waits to be told is told no more."""
    user = session.get_one(User, user.id)
    user.notify = wanted
    if wanted is Notify.NEVER:
        waiting = update(Notification).where(Notification.user_id == user.id, Notification.sent_at.is_(None))
        session.execute(waiting.values(sent_at=now))
    record(session, "notify_chosen", now=now, actor=user, notify=wanted.value)
    session.flush()


def mark_told(session: Session, notification_ids: Iterable[int], *, now: datetime) -> None:
    """A message about these was taken by the mail server."""
    told = update(Notification).where(Notification.id.in_(list(notification_ids)), Notification.sent_at.is_(None))
    session.execute(told.values(sent_at=now))
