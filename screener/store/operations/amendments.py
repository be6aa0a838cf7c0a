"""Changing answers that were handed in: a new version beside the old one, whoever sends it, and what it undoes.

Nothing is edited: the earlier answers and findings stay as they are. A sign-off was of the earlier content, so it is
voided and the review begins anew.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from screener.engine.screening import Screening
from screener.engine.summary import open_questions
from screener.store import queries, workflow
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.models import Response, Submission
from screener.store.operations.carried_decisions import begin_review, carry_decisions
from screener.store.operations.notifications import News, tell_intake_of_urgent, tell_those_who_work_on_it
from screener.store.operations.responses import keep_response, renew_standing
from screener.store.operations.submissions import REVIEWERS, claim, settle
from screener.store.refusals import NothingChanged
from screener.store.workflow import Move, Role, Status

AMENDED = "amended"  # why a sign-off was voided


def amend_submission(
    session: Session,
    submission: Submission,
    *,
    screening: Screening,
    actor: User | None,
    expected_version: int,
    now: datetime,
) -> Response:
    """Keep changed answers as the next version, with what the engine concluded on them. `actor` None is the patient.

    A member of staff makes the patient's move for them, and the version says who typed it. Raises ValueError where the answers
    were screened with another ruleset than the version before, NothingChanged where they are the same as there; WorkflowError,
    RoleNotAllowed, StaleSubmission, SubmissionMerged.
    """
    if actor is not None:
        require_role(actor, REVIEWERS)
    submission = claim(session, submission, expected_version)
    to = workflow.target(submission.status, Move.AMEND, Role.PATIENT)
    before = queries.current_response(session, submission)
    if screening.ruleset.hash != before.ruleset_hash:
        raise ValueError("an amendment is screened with the ruleset of the answers before it")
    if {k: answer for k, answer in screening.answers.items() if k not in screening.dropped} == before.answers:
        raise NothingChanged()
    response = keep_response(session, submission, screening, number=before.number + 1, entered_by=actor, now=now)
    submission.unknown_count = len(open_questions(screening.ruleset, screening.findings))
    submission.ruleset_hash = response.ruleset_hash
    renew_standing(session, submission)
    _reopen_review(session, submission, before, now)
    settle(session, submission, Move.AMEND, to, actor=actor or Role.PATIENT, now=now, number=response.number)
    if queries.unsettled_urgent(session, submission):
        tell_intake_of_urgent(session, submission, now=now)
    elif actor is None:
        tell_those_who_work_on_it(session, submission, News.PATIENT_CHANGED, now=now)
    return response


def _reopen_review(session: Session, submission: Submission, before: Response, now: datetime) -> None:
    """What a clinician recorded was about the answers `before`: it is to be recorded again, and a sign-off no longer stands."""
    review = queries.review_of(session, submission)
    if review is None:
        return
    if review.sign_off is None:
        review.recorded_at = review.disposition = None
        carry_decisions(session, review, before=before, now=now)
        return
    if submission.status is not Status.SIGNED_OFF:
        return
    review.sign_off.voided_at, review.sign_off.void_reason = now, AMENDED
    record(session, "sign_off_voided", now=now, submission=submission, review=review.id, reason=AMENDED)
    begin_review(session, submission, clinician_id=review.clinician_id, now=now)
