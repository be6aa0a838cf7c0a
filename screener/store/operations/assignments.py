"""Writes of who a submission is given to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.models import Submission
from screener.store.operations.notifications import News, tell
from screener.store.operations.submissions import REVIEWERS, claim
from screener.store.refusals import AssigneeNotPossible, NotOpen


def assign_submission(
    session: Session,
    submission: Submission,
    assignee: User | None,
    *,
    actor: User,
    expected_version: int,
    now: datetime,
) -> Submission:
    """Give an open submission to someone, or to nobody. Who has it already keeps it, without an event. Someone it is given to by
    another person is told of it, if they want to be.

    Raises RoleNotAllowed, StaleSubmission, SubmissionMerged, NotOpen, AssigneeNotPossible.
    """
    require_role(actor, REVIEWERS)
    if assignee is not None and (not assignee.active or assignee.role not in REVIEWERS):
        raise AssigneeNotPossible()
    submission = claim(session, submission, expected_version)
    if not submission.is_open:
        raise NotOpen()
    assignee_id = assignee.id if assignee is not None else None
    if submission.assignee_id == assignee_id:
        return submission
    left, submission.assignee_id = submission.assignee_id, assignee_id
    submission.version += 1
    name = "unassigned" if assignee is None else "assigned"
    record(session, name, now=now, actor=actor, submission=submission, left=left, assignee=assignee_id)
    if assignee is not None and assignee.id != actor.id:
        tell(session, [assignee], News.ASSIGNED, submission, now=now)
    session.flush()
    session.expire(submission, ["assignee"])
    return submission
