"""Closing a submission: after its sign-off, or before anyone read it for a reason that is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from screener.store import queries, workflow
from screener.store.accounts import User
from screener.store.audit import require_role
from screener.store.casework import CloseReason
from screener.store.models import Submission
from screener.store.operations.submissions import REVIEWERS, add_note, claim, settle
from screener.store.refusals import CloseReasonMissing, TextMissing, UrgentNotSettled
from screener.store.workflow import Move, Status


def close_submission(
    session: Session,
    submission: Submission,
    reason: CloseReason | None,
    *,
    actor: User,
    expected_version: int,
    now: datetime,
    text: str = "",
) -> Submission:
    """Close it. The reason may be left out after the sign-off alone; what is written with it is kept as a note.

    Raises RoleNotAllowed, StaleSubmission, SubmissionMerged, WorkflowError, UrgentNotSettled (nobody noted what was done),
    CloseReasonMissing, TextMissing (another reason than the coded ones, and it is not told).
    """
    require_role(actor, REVIEWERS)
    submission = claim(session, submission, expected_version)
    to = workflow.target(submission.status, Move.CLOSE, actor.role)
    if not queries.has_urgent_note(session, submission):
        raise UrgentNotSettled()
    if reason is None and submission.status is not Status.SIGNED_OFF:
        raise CloseReasonMissing()
    if reason is CloseReason.OTHER and not text.strip():
        raise TextMissing()
    if text.strip():
        add_note(session, submission, text, author=actor, now=now)
    submission.close_reason = reason.value if reason else None
    settle(session, submission, Move.CLOSE, to, actor=actor, now=now, reason=submission.close_reason)
    return submission
