"""Writes of a clinician: starting a review, recording it, signing it off."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from screener.engine.json import dumps
from screener.store import queries, workflow
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.models import Response, Review, SignOff, StoredFinding, Submission
from screener.store.operations.submissions import claim, settle
from screener.store.refusals import ReviewNotRecorded, TextMissing, WorkflowError
from screener.store.workflow import Move, Role, Status


def start_review(
    session: Session, submission: Submission, *, clinician: User, expected_version: int, now: datetime
) -> Review:
    """A clinician takes up an accepted submission. An unfinished earlier review keeps its text for the new one."""
    require_role(clinician, (Role.CLINICIAN,))
    submission = claim(session, submission, expected_version)
    to = workflow.target(submission.status, Move.START_REVIEW, clinician.role)
    earlier = queries.review_of(session, submission)
    review = Review(
        submission=submission,
        clinician_id=clinician.id,
        assessment=earlier.assessment if earlier and earlier.sign_off is None else "",
        disposition=None,
        seen_items=[],
        started_at=now,
        recorded_at=None,
        sign_off=None,
    )
    session.add(review)
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
) -> Review:
    """Keep the clinician's assessment; it can be recorded again until it is signed off."""
    review = _claim_open(session, review, clinician, expected_version)
    if not assessment.strip():
        raise TextMissing()
    review.assessment, review.recorded_at = assessment.strip(), now
    review.clinician_id = clinician.id
    review.submission.version += 1
    session.flush()
    session.expire(review, ["clinician"])
    record(session, "review_recorded", now=now, actor=clinician, submission=review.submission, review=review.id)
    return review


def sign_off(session: Session, review: Review, *, clinician: User, expected_version: int, now: datetime) -> SignOff:
    """Approve exactly this content, by name and date. Raises ReviewNotRecorded where nothing was recorded."""
    review = _claim_open(session, review, clinician, expected_version)
    submission = review.submission
    if review.recorded_at is None:
        raise ReviewNotRecorded()
    to = workflow.target(submission.status, Move.SIGN_OFF, clinician.role)
    response = queries.current_response(session, submission)
    findings = queries.findings_of(session, response)
    signed = SignOff(
        review=review,
        response_id=response.id,
        user_id=clinician.id,
        content_hash=content_hash(response, findings, review),
        signed_at=now,
        voided_at=None,
        void_reason=None,
    )
    session.add(signed)
    settle(session, submission, Move.SIGN_OFF, to, actor=clinician, now=now)
    return signed


def content_hash(response: Response, findings: Sequence[StoredFinding], review: Review) -> str:
    """SHA-256 over the canonical JSON of what is signed: answers, ruleset, findings and the clinician's words."""
    content = {
        "answers": response.answers,
        "ruleset": response.ruleset_hash,
        "findings": [_finding_content(finding) for finding in findings],
        "assessment": review.assessment,
    }
    return hashlib.sha256(dumps(content, sort_keys=True).encode()).hexdigest()


def _finding_content(finding: StoredFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule_id,
        "pack": finding.pack,
        "topic": finding.topic,
        "kind": finding.kind,
        "severity": finding.severity,
        "outcome": finding.outcome,
        "evidence": finding.evidence,
        "missing": finding.missing,
        "citations": finding.citations,
    }


def _claim_open(session: Session, review: Review, clinician: User, expected_version: int) -> Review:
    """The review as it is now, its submission held; raises WorkflowError unless it is the open one."""
    require_role(clinician, (Role.CLINICIAN,))
    submission = claim(session, session.get_one(Submission, review.submission_id), expected_version)
    newest = queries.review_of(session, submission)
    if newest is None or newest.id != review.id or newest.sign_off or submission.status is not Status.IN_REVIEW:
        raise WorkflowError("This review is not open any more.")
    return newest
