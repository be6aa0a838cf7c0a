"""Putting together what the same person sent twice, and taking it apart again. Nothing of either is lost.

The merged submission keeps its answers, notes and events, waits for nobody any more, and takes no move; the kept one stands for
both, and is as urgent as the more urgent of the two.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from screener.store import queries, workflow
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.models import Submission
from screener.store.operations.responses import renew_standing
from screener.store.operations.submissions import hold
from screener.store.refusals import CannotMerge, NotMerged, StaleSubmission, UrgentNotSettled
from screener.store.workflow import Role, Status

# What a clinician works on, or what is over, is not put away into another one.
MERGEABLE = (Status.SUBMITTED, Status.NEEDS_INFORMATION, Status.ACCEPTED)


def merge_submission(
    session: Session,
    merged: Submission,
    *,
    into: Submission,
    actor: User,
    expected_versions: tuple[int, int],
    now: datetime,
) -> None:
    """Let one submission stand for another. `expected_versions`: of the merged and of the kept one, as they were looked at.

    Raises CannotMerge (itself, a chain, under review or over), UrgentNotSettled (first note what was done), StaleSubmission.
    """
    require_role(actor, (Role.INTAKE,))
    if merged.id == into.id:
        raise CannotMerge()
    first, second = sorted(
        (merged, into), key=lambda submission: submission.id
    )  # one order, so that no two wait for each other
    held = {submission.id: hold(session, submission) for submission in (first, second)}
    merged, kept = held[merged.id], held[into.id]
    if (merged.version, kept.version) != expected_versions:
        raise StaleSubmission()
    is_chain = merged.merged_into_id is not None or kept.merged_into_id is not None
    if is_chain or queries.merged_into(session, merged):
        raise CannotMerge()
    if merged.status not in MERGEABLE or kept.status not in workflow.OPEN:
        raise CannotMerge()
    if not queries.has_urgent_note(session, merged):
        raise UrgentNotSettled()
    merged.merged_into, merged.is_open = kept, False
    merged.held_by, merged.held_at = None, None
    _renew(session, merged, kept)
    record(session, "merged", now=now, actor=actor, submission=merged, into=kept.id)
    record(session, "joined", now=now, actor=actor, submission=kept, other=merged.id)
    session.flush()


def unmerge_submission(
    session: Session, merged: Submission, *, actor: User, expected_version: int, now: datetime
) -> None:
    """Take a merged submission out again, as it was before. Raises NotMerged, StaleSubmission."""
    require_role(actor, (Role.INTAKE,))
    if merged.merged_into_id is None:
        raise NotMerged()
    first, second = sorted((merged.id, merged.merged_into_id))
    held = {number: hold(session, session.get_one(Submission, number)) for number in (first, second)}
    merged = held[merged.id]
    if merged.version != expected_version:
        raise StaleSubmission()
    kept = held[first if merged.id == second else second]
    if merged.merged_into_id != kept.id:
        raise NotMerged()
    merged.merged_into, merged.is_open = None, merged.status in workflow.OPEN
    _renew(session, merged, kept)
    record(session, "unmerged", now=now, actor=actor, submission=merged, other=kept.id)
    record(session, "separated", now=now, actor=actor, submission=kept, other=merged.id)
    session.flush()


def _renew(session: Session, merged: Submission, kept: Submission) -> None:
    """Both changed: pages that are open are of the past; the kept one is as urgent as what it stands for."""
    for submission in (merged, kept):
        submission.version += 1
    review = queries.review_of(session, kept)
    if review is not None and review.sign_off is None:
        review.recorded_at = None  # what was recorded was about other answers
    session.flush()
    renew_standing(session, kept)
