"""Reads of who works on which submission at this moment.

Someone who began to work on a submission counts as working on it until WORK_RUNS_OUT after the last thing they did with it,
reading its page included; nothing has to be written for that to pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from screener.store.accounts import User
from screener.store.models import Event, Submission

WORK_RUNS_OUT = timedelta(minutes=15)


def at_work(session: Session, submissions: Iterable[Submission], *, now: datetime) -> dict[int, User]:
    """Who works on which of these submissions, by its number; those nobody works on are left out."""
    begun = {submission.id: submission for submission in submissions if submission.held_by_id is not None}
    if not begun:
        return {}
    acts = select(Event.submission_id, func.max(Event.at)).join(Submission, Submission.id == Event.submission_id)
    acts = acts.where(Event.submission_id.in_(begun), Event.actor_id == Submission.held_by_id)
    acts = acts.group_by(Event.submission_id).order_by(Event.submission_id)
    last = dict(session.execute(acts).all())
    working = {}
    for number, submission in begun.items():
        user = session.get(User, submission.held_by_id)
        is_alive = number in last and now - last[number] < WORK_RUNS_OUT
        if user is not None and user.active and is_alive:
            working[number] = user
    return working
