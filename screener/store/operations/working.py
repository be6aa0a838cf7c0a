"""That someone works on a submission at this moment, for others to see. It informs and blocks nothing.

What keeps two people from undoing each other's work is the version of a submission, not this.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.models import Submission
from screener.store.operations.submissions import REVIEWERS, hold
from screener.store.refusals import NotOpen, SomeoneElseWorks, SubmissionMerged


def begin_work(
    session: Session, submission: Submission, *, actor: User, seen_worker_id: int | None, now: datetime
) -> Submission:
    """`actor` begins to work on it, or takes over from whom they saw working on it.

    Raises RoleNotAllowed, SubmissionMerged, NotOpen, and SomeoneElseWorks where someone began whom they did not see.
    """
    require_role(actor, REVIEWERS)
    submission = hold(session, submission)
    if submission.merged_into_id is not None:
        raise SubmissionMerged()
    if not submission.is_open:
        raise NotOpen()
    worker = queries.at_work(session, [submission], now=now).get(submission.id)
    if worker is not None and worker.id == actor.id:
        return submission
    if worker is not None and worker.id != seen_worker_id:
        raise SomeoneElseWorks()
    submission.held_by_id, submission.held_at = actor.id, now
    name = "work_begun" if worker is None else "work_taken_over"
    record(session, name, now=now, actor=actor, submission=submission, left=worker.id if worker else None)
    session.flush()
    session.expire(submission, ["held_by"])
    return submission


def end_work(session: Session, submission: Submission, *, actor: User, now: datetime) -> Submission:
    """`actor` no longer works on it; nothing happens where they do not. Raises RoleNotAllowed."""
    require_role(actor, REVIEWERS)
    submission = hold(session, submission)
    if submission.held_by_id != actor.id:
        return submission
    submission.held_by_id = submission.held_at = None
    record(session, "work_ended", now=now, actor=actor, submission=submission)
    session.flush()
    session.expire(submission, ["held_by"])
    return submission
