"""Reads of clinicians' decisions, and of the answers a sign-off was about. Ordered, limited, changing nothing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from screener.store.casework import Decision
from screener.store.models import Response, Review, StoredFinding, Submission
from screener.store.queries.limits import MOST
from screener.store.review_work import Decided, Disposition, ReviewWork


def decisions_of(session: Session, review: Review) -> list[Decision]:
    """The decisions of one review with their findings and who decided, in the order of the findings; on earlier answers too."""
    wanted = select(Decision).join(StoredFinding, StoredFinding.id == Decision.finding_id)
    wanted = wanted.options(joinedload(Decision.finding), joinedload(Decision.decided_by))
    wanted = wanted.where(Decision.review_id == review.id)
    return list(session.scalars(wanted.order_by(Decision.finding_id).limit(MOST)))


def work_of(session: Session, review: Review, findings: Iterable[StoredFinding]) -> ReviewWork:
    """What is stored of a review on these findings, in the shape in which it was recorded."""
    here = {finding.id for finding in findings}
    return ReviewWork(
        decisions={
            kept.finding.rule_id: Decided(kept.choice, kept.reason, kept.text)
            for kept in decisions_of(session, review)
            if kept.finding_id in here
        },
        seen=list(review.seen_items),
        disposition=Disposition(review.disposition) if review.disposition else None,
    )


def decisions_on(session: Session, submission: Submission) -> list[Decision]:
    """All decisions ever made on a submission, the oldest first, with their findings and who decided."""
    wanted = select(Decision).join(Review, Review.id == Decision.review_id)
    wanted = wanted.options(joinedload(Decision.finding), joinedload(Decision.decided_by))
    wanted = wanted.where(Review.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Decision.id.desc()).limit(MOST)))[::-1]


def response_by_number(session: Session, response_id: int) -> Response | None:
    """The response with this row number."""
    return session.get(Response, response_id)


def response_reviewed(session: Session, review: Review) -> Response:
    """The answers a review was last saved on: those it signed, else the newest there were when it was recorded or begun."""
    answers = select(Response).where(Response.submission_id == review.submission_id)
    if review.sign_off is not None:
        answers = answers.where(Response.id == review.sign_off.response_id)
    else:
        answers = answers.where(Response.created_at <= (review.recorded_at or review.started_at))
    return session.scalars(answers.order_by(Response.number.desc()).limit(1)).one()


def signed_reviews(session: Session, *, after: int = 0) -> list[Review]:
    """Reviews with a sign-off and their submissions, in the order they were begun, from the one after `after`; some at a time."""
    wanted = select(Review).join(Review.sign_off).where(Review.id > after)
    loaded = (joinedload(Review.sign_off), joinedload(Review.submission))
    return list(session.scalars(wanted.options(*loaded).order_by(Review.id).limit(MOST)))
