"""Writes of a clinician: starting a review, recording it with its decisions, signing it off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from screener.store import queries, workflow
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.casework import Decision
from screener.store.models import Review, SignOff, StoredFinding, Submission
from screener.store.operations.carried_decisions import begin_review
from screener.store.operations.submissions import claim, settle
from screener.store.refusals import (
    DecisionUnexplained,
    ReviewIncomplete,
    ReviewNotRecorded,
    UrgentNotSettled,
    WorkflowError,
)
from screener.store.review_work import (
    LONGEST_WORDS,
    REASONS,
    Decided,
    ReviewWork,
    gaps,
    may_be_decided,
    open_items,
)
from screener.store.signed_content import hash_as_stored
from screener.store.workflow import Move, Role, Status


def start_review(
    session: Session, submission: Submission, *, clinician: User, expected_version: int, now: datetime
) -> Review:
    """A clinician takes up an accepted submission, and goes on from what an earlier review left (see `begin_review`)."""
    require_role(clinician, (Role.CLINICIAN,))
    submission = claim(session, submission, expected_version)
    to = workflow.target(submission.status, Move.START_REVIEW, clinician.role)
    review = begin_review(session, submission, clinician_id=clinician.id, now=now)
    settle(session, submission, Move.START_REVIEW, to, actor=clinician, now=now)
    return review


def record_review(
    session: Session,
    review: Review,
    assessment: str,
    *,
    clinician: User,
    expected_version: int,
    now: datetime,
    work: ReviewWork | None = None,
) -> Review:
    """Keep the clinician's words and, where given, all that they marked; it can be recorded again until it is signed off.

    `work` is the whole: a decision or tick that is not in it is taken back; None leaves them as they are. A decision that did
    not change keeps who made it and when. Raises DecisionUnexplained where a finding is set aside, or sent for work, without a reason;
    ValueError for a decision on what was not raised, a reason of another choice, or a tick on a question that is not open.
    """
    review = _claim_open(session, review, clinician, expected_version)
    review.assessment, review.recorded_at = assessment.strip(), now
    review.clinician_id = clinician.id
    changed = _keep_work(session, review, work, clinician, now) if work is not None else 0
    review.submission.version += 1
    session.flush()
    session.expire(review, ["clinician"])
    record(
        session,
        "review_recorded",
        now=now,
        actor=clinician,
        submission=review.submission,
        review=review.id,
        version=review.submission.version,
        decisions=changed,
    )
    return review


def sign_off(session: Session, review: Review, *, clinician: User, expected_version: int, now: datetime) -> SignOff:
    """Approve exactly this content, by name and date. The caller has asked for the password again.

    Raises ReviewNotRecorded where nothing was recorded on these answers, ReviewIncomplete where something is undecided, unseen or unsaid,
    UrgentNotSettled where nobody noted what was done about what an amendment raised.
    """
    review = _claim_open(session, review, clinician, expected_version)
    submission = review.submission
    if review.recorded_at is None:
        raise ReviewNotRecorded()
    to = workflow.target(submission.status, Move.SIGN_OFF, clinician.role)
    response = queries.current_response(session, submission)
    findings = queries.findings_of(session, response)
    if gaps(findings, queries.work_of(session, review, findings), review.assessment):
        raise ReviewIncomplete()
    if not queries.has_urgent_note(session, submission):
        raise UrgentNotSettled()
    signed = SignOff(
        review=review,
        response_id=response.id,
        user_id=clinician.id,
        content_hash=hash_as_stored(session, review, response),
        signed_at=now,
        voided_at=None,
        void_reason=None,
    )
    session.add(signed)
    settle(session, submission, Move.SIGN_OFF, to, actor=clinician, now=now)
    return signed


def _keep_work(session: Session, review: Review, work: ReviewWork, clinician: User, now: datetime) -> int:
    """Write all marks of a review; returns how many decisions are new, other or taken back."""
    findings = queries.findings_of(session, queries.current_response(session, review.submission))
    open_ones = open_items(findings)
    if unknown := set(work.seen) - set(open_ones):
        raise ValueError(f"{len(unknown)} ticks on questions that are not open")
    review.seen_items = [item for item in open_ones if item in work.seen]
    review.disposition = work.disposition.value if work.disposition is not None else None
    decidable = {finding.rule_id: finding for finding in findings if may_be_decided(finding)}
    kept = {one.finding_id: one for one in queries.decisions_of(session, review)}
    for rule, decided in work.decisions.items():
        _check(decided, is_raised=rule in decidable)
    changed = 0
    for rule, finding in decidable.items():
        changed += _keep_one(session, review, finding, work.decisions.get(rule), kept.get(finding.id), clinician, now)
    return changed


def _check(decided: Decided, *, is_raised: bool) -> None:
    if not is_raised:
        raise ValueError("a decision on a rule that was not raised")
    if decided.reason is not None and decided.reason not in REASONS[decided.choice]:
        raise ValueError("a reason that belongs to another choice")
    if len(decided.text) > LONGEST_WORDS:
        raise ValueError("the words to a decision are too long")
    if not decided.is_explained:
        raise DecisionUnexplained()


def _keep_one(
    session: Session,
    review: Review,
    finding: StoredFinding,
    decided: Decided | None,
    kept: Decision | None,
    clinician: User,
    now: datetime,
) -> bool:
    """Write one decision; whether that changed anything."""
    if decided is None:
        if kept is not None:
            _take_back(session, review, finding, kept, clinician, now)
        return kept is not None
    wanted = (decided.choice, decided.reason, decided.text.strip())
    if kept is not None and (kept.choice, kept.reason, kept.text) == wanted:
        return False
    if kept is None:
        kept = Decision(review_id=review.id, finding_id=finding.id)
    kept.choice, kept.reason, kept.text = wanted
    kept.decided_by_id, kept.decided_at = clinician.id, now
    session.add(kept)
    session.flush()
    session.expire(kept, ["decided_by"])
    return True


def _take_back(
    session: Session, review: Review, finding: StoredFinding, kept: Decision, clinician: User, now: datetime
) -> None:
    """Leave a finding undecided again. What was decided stands in the event, in codes."""
    codes = {"rule": finding.rule_id, "choice": kept.choice.value, "reason": kept.reason}
    session.delete(kept)
    record(session, "decision_taken_back", now=now, actor=clinician, submission=review.submission, **codes)


def _claim_open(session: Session, review: Review, clinician: User, expected_version: int) -> Review:
    """The review as it is now, its submission held; raises WorkflowError unless it is the open one."""
    require_role(clinician, (Role.CLINICIAN,))
    submission = claim(session, session.get_one(Submission, review.submission_id), expected_version)
    newest = queries.review_of(session, submission)
    if newest is None or newest.id != review.id or newest.sign_off or submission.status is not Status.IN_REVIEW:
        raise WorkflowError("This review is not open any more.")
    return newest
