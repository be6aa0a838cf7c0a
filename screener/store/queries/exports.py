"""Reads of exports, and of what an export writes of each submission."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from screener.engine.rules import Outcome
from screener.store.casework import Export, ExportState
from screener.store.models import Contact, Response, StoredFinding, StoredRuleset, Submission
from screener.store.queries.limits import MOST

UNFINISHED = (ExportState.WAITING, ExportState.RUNNING)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ExportedCase:
    """One submission with its newest answers, the version of their ruleset, and the rules raised on them in reading order."""

    submission: Submission
    contact: Contact
    response: Response
    ruleset_version: str
    raised: tuple[str, ...]


def export_by_id(session: Session, export_id: int) -> Export | None:
    """The export with this number."""
    return session.get(Export, export_id)


def exports_of(session: Session, user_id: int) -> list[Export]:
    """The newest exports that this person asked for, the newest first."""
    wanted = select(Export).where(Export.user_id == user_id).order_by(Export.id.desc())
    return list(session.scalars(wanted.limit(SHOWN)))


def all_exports(session: Session, *, before: int | None = None, limit: int) -> list[Export]:
    """The exports that anyone asked for, with who asked, the newest first; those older than the number `before`."""
    wanted = select(Export).options(joinedload(Export.user)).order_by(Export.id.desc())
    if before is not None:
        wanted = wanted.where(Export.id < before)
    return list(session.scalars(wanted.limit(limit)))


def unfinished_exports(session: Session, user_id: int | None = None) -> list[Export]:
    """The exports that are waiting or running, the oldest first; those of one person where one is named."""
    wanted = select(Export).where(Export.state.in_(UNFINISHED))
    if user_id is not None:
        wanted = wanted.where(Export.user_id == user_id)
    return list(session.scalars(wanted.order_by(Export.id).limit(MOST)))


def kept_exports(session: Session, export_ids: Collection[int], *, since: datetime) -> set[int]:
    """Which of these exports are unfinished, or were finished well after `since`."""
    is_done = (Export.state == ExportState.DONE) & (Export.finished_at > since)
    wanted = select(Export.id).where(Export.id.in_(export_ids), or_(Export.state.in_(UNFINISHED), is_done))
    return set(session.scalars(wanted.order_by(Export.id).limit(len(export_ids))))


def exported_cases(session: Session, submissions: Sequence[Submission]) -> list[ExportedCase]:
    """What is written of these submissions, in their order; a handful of reads however many they are."""
    numbers = [submission.id for submission in submissions]
    contacts = _contacts(session, {submission.contact_id for submission in submissions})
    responses = _newest_responses(session, numbers)
    versions = _versions(session, {response.ruleset_hash for response in responses.values()})
    raised = _raised(session, [response.id for response in responses.values()])
    return [
        ExportedCase(
            submission=submission,
            contact=contacts[submission.contact_id],
            response=responses[submission.id],
            ruleset_version=versions[responses[submission.id].ruleset_hash],
            raised=tuple(raised.get(responses[submission.id].id, ())),
        )
        for submission in submissions
    ]


def _contacts(session: Session, numbers: Collection[int]) -> dict[int, Contact]:
    wanted = select(Contact).where(Contact.id.in_(numbers)).order_by(Contact.id).limit(len(numbers))
    return {contact.id: contact for contact in session.scalars(wanted)}


def _newest_responses(session: Session, numbers: Collection[int]) -> dict[int, Response]:
    """By the number of their submission."""
    versions = aliased(Response)
    newest = select(func.max(versions.number)).where(versions.submission_id == Response.submission_id)
    wanted = select(Response).where(
        Response.submission_id.in_(numbers), Response.number == newest.correlate(Response).scalar_subquery()
    )
    found = session.scalars(wanted.order_by(Response.submission_id).limit(len(numbers)))
    return {response.submission_id: response for response in found}


def _versions(session: Session, hashes: Collection[str]) -> dict[str, str]:
    wanted = select(StoredRuleset.hash, StoredRuleset.version).where(StoredRuleset.hash.in_(hashes))
    return {row.hash: row.version for row in session.execute(wanted.order_by(StoredRuleset.hash).limit(len(hashes)))}


def _raised(session: Session, response_ids: Collection[int]) -> dict[int, list[str]]:
    wanted = select(StoredFinding.response_id, StoredFinding.rule_id).where(
        StoredFinding.response_id.in_(response_ids), StoredFinding.outcome == Outcome.RAISED.value
    )
    ordered = wanted.order_by(StoredFinding.response_id, StoredFinding.position)
    found: dict[int, list[str]] = {}
    for response_id, rule_id in session.execute(ordered.limit(MOST * len(response_ids))):
        found.setdefault(response_id, []).append(rule_id)
    return found
