"""Reads of submissions, their answers and findings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from screener.store.identifiers import read_reference
from screener.store.models import Response, StoredFinding, Submission
from screener.store.queries.limits import MOST
from screener.store.workflow import Status

# What every page of a submission shows of the people around it.
_SHOWN = (Submission.contact, Submission.assignee, Submission.held_by, Submission.merged_into)


def submission_by_public_id(session: Session, public_id: str) -> Submission | None:
    """The submission with this id in its URL, with its contact, and who has it."""
    return _submission(session, Submission.public_id == public_id)


def submission_by_reference(session: Session, reference: str) -> Submission | None:
    """The submission with this reference, however it was typed, with its contact, and who has it."""
    spelled = read_reference(reference)
    return _submission(session, Submission.reference == spelled) if spelled else None


def _submission(session: Session, same: ColumnElement[bool]) -> Submission | None:
    wanted = select(Submission).options(*map(joinedload, _SHOWN)).where(same)
    return session.scalars(wanted.order_by(Submission.id).limit(1)).first()


def current_response(session: Session, submission: Submission) -> Response:
    """The newest version of a submission's answers."""
    wanted = select(Response).where(Response.submission_id == submission.id)
    return session.scalars(wanted.order_by(Response.number.desc()).limit(1)).one()


def ruleset_hashes_of(session: Session, response_ids: Collection[int]) -> dict[int, str]:
    """With which ruleset these versions of answers were screened, by their number."""
    wanted = select(Response.id, Response.ruleset_hash).where(Response.id.in_(response_ids)).order_by(Response.id)
    return (
        {row.id: row.ruleset_hash for row in session.execute(wanted.limit(len(response_ids)))} if response_ids else {}
    )


def counts_by_status(session: Session) -> dict[Status, int]:
    """How many submissions stand in each status, all counted; every status is there."""
    counted = select(Submission.status, func.count()).group_by(Submission.status).order_by(Submission.status)
    counts = dict.fromkeys(Status, 0)
    for status, number in session.execute(counted.limit(MOST)):
        counts[status] = number
    return counts


def count_submissions_not_withdrawn(session: Session) -> int:
    """How many submissions there are, those withdrawn aside."""
    return session.scalar(select(func.count(Submission.id)).where(Submission.status != Status.WITHDRAWN)) or 0


def answers_not_withdrawn(session: Session, *, after: int = 0) -> list[tuple[int, dict[str, Any]]]:
    """The newest answers of submissions not withdrawn with their submission's number, in its order, from the one after `after`."""
    versions = aliased(Response)
    newest = select(func.max(versions.number)).where(versions.submission_id == Submission.id).scalar_subquery()
    wanted = select(Submission.id, Response.answers).join(Response, Response.submission_id == Submission.id)
    wanted = wanted.where(Submission.id > after, Submission.status != Status.WITHDRAWN, Response.number == newest)
    return [(number, answers) for number, answers in session.execute(wanted.order_by(Submission.id).limit(MOST))]


def responses_of(session: Session, submission: Submission) -> list[Response]:
    """All versions of a submission's answers, the oldest first."""
    wanted = select(Response).where(Response.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Response.number).limit(MOST)))


def findings_of(session: Session, response: Response) -> list[StoredFinding]:
    """What was concluded on a response, in reading order."""
    wanted = select(StoredFinding).where(StoredFinding.response_id == response.id)
    return list(session.scalars(wanted.order_by(StoredFinding.position).limit(MOST)))
