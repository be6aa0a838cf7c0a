"""What a clinician marked on earlier answers, taken over where the new answers say the same. Nothing else is: it waits again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.audit import record
from screener.store.casework import Decision
from screener.store.models import Response, Review, Submission
from screener.store.review_work import OpenItem, is_same, may_be_decided, open_items


def begin_review(session: Session, submission: Submission, *, clinician_id: int, now: datetime) -> Review:
    """A new review that goes on from the one before: its words, and what still holds of its decisions and ticks.

    After an amendment call it when the new answers and findings are stored and an earlier sign-off is voided.
    """
    earlier = queries.review_of(session, submission)
    review = Review(
        submission=submission,
        clinician_id=clinician_id,
        assessment=earlier.assessment if earlier else "",
        disposition=None,
        seen_items=[],
        started_at=now,
        recorded_at=None,
        sign_off=None,
    )
    session.add(review)
    session.flush()
    if earlier is not None:
        review.seen_items = list(earlier.seen_items)
        carry_decisions(session, review, before=queries.response_reviewed(session, earlier), now=now)
    return review


def carry_decisions(session: Session, review: Review, *, before: Response, now: datetime) -> int:
    """Take over what was decided and seen on the answers `before` that is the same on the newest; returns how many decisions.

    For a review that stays open while the answers change, call it when the new ones are stored. Who decided, and when, stays.
    """
    submission = review.submission
    response = queries.current_response(session, submission)
    findings = queries.findings_of(session, response)
    review.seen_items = _still_seen(review, open_items(queries.findings_of(session, before)), open_items(findings))
    newest: dict[str, Decision] = {}
    here: set[int] = set()
    for decision in queries.decisions_on(session, submission):
        newest[decision.finding.rule_id] = decision
        if decision.review_id == review.id:
            here.add(decision.finding_id)
    carried = [
        _copy(newest[finding.rule_id], review, finding.id)
        for finding in findings
        if may_be_decided(finding)
        and finding.id not in here
        and finding.rule_id in newest
        and is_same(newest[finding.rule_id].finding, finding)
    ]
    session.add_all(carried)
    session.flush()
    if carried:
        record(session, "decisions_carried", now=now, submission=submission, review=review.id, number=len(carried))
    return len(carried)


def _still_seen(review: Review, before: Mapping[str, OpenItem], after: Mapping[str, OpenItem]) -> list[str]:
    return [item for item in review.seen_items if item in after and before.get(item) == after[item]]


def _copy(decision: Decision, review: Review, finding_id: int) -> Decision:
    return Decision(
        review_id=review.id,
        finding_id=finding_id,
        choice=decision.choice,
        reason=decision.reason,
        text=decision.text,
        decided_by_id=decision.decided_by_id,
        decided_at=decision.decided_at,
    )
