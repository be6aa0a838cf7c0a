"""Writes on flags: raising one on a submission, with a reason, and resolving it, with words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.casework import Flag, FlagReason
from screener.store.models import Submission
from screener.store.operations.submissions import REVIEWERS, hold
from screener.store.refusals import FlagResolved, SubmissionMerged, TextMissing


def raise_flag(
    session: Session, submission: Submission, reason: FlagReason, text: str, *, actor: User, now: datetime
) -> Flag:
    """Flag a submission. The words may be empty but for the reason `other`. Raises TextMissing, SubmissionMerged."""
    require_role(actor, REVIEWERS)
    submission = hold(session, submission)
    if submission.merged_into_id is not None:
        raise SubmissionMerged()
    if reason is FlagReason.OTHER and not text.strip():
        raise TextMissing()
    flag = Flag(
        submission_id=submission.id,
        reason=reason.value,
        text=text.strip(),
        raised_by_id=actor.id,
        raised_at=now,
        resolved_by_id=None,
        resolved_at=None,
        resolution=None,
    )
    session.add(flag)
    session.flush()
    record(session, "flag_raised", now=now, actor=actor, submission=submission, flag=flag.id, reason=reason.value)
    return flag


def resolve_flag(session: Session, flag: Flag, resolution: str, *, actor: User, now: datetime) -> Flag:
    """Say in words how a flag was settled. Raises FlagResolved where someone was faster, TextMissing."""
    require_role(actor, REVIEWERS)
    submission = hold(session, session.get_one(Submission, flag.submission_id))
    flag = session.get_one(Flag, flag.id, populate_existing=True)
    if flag.resolved_at is not None:
        raise FlagResolved()
    if not resolution.strip():
        raise TextMissing()
    flag.resolved_by_id, flag.resolved_at, flag.resolution = actor.id, now, resolution.strip()
    record(session, "flag_resolved", now=now, actor=actor, submission=submission, flag=flag.id)
    session.flush()
    return flag
