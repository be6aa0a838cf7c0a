"""Reads of staff's work on a submission: notes, events, reviews."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from screener.engine.rules import Outcome, Severity
from screener.store.models import Event, Note, NoteKind, Response, Review, SignOff, StoredFinding, Submission
from screener.store.queries.limits import MOST
from screener.store.workflow import Status


def notes_of(session: Session, submission: Submission) -> list[Note]:
    """The notes on a submission with their authors, the oldest first."""
    wanted = select(Note).options(joinedload(Note.author)).where(Note.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Note.id).limit(MOST)))


def open_question_of(session: Session, submission: Submission) -> Note | None:
    """The question that the clinic waits for the patient to reply to; None where it waits for nothing."""
    if submission.status is not Status.NEEDS_INFORMATION:
        return None
    asked = select(Note).where(Note.submission_id == submission.id, Note.kind == NoteKind.QUESTION)
    question = session.scalars(asked.order_by(Note.id.desc()).limit(1)).first()
    if question is None:
        return None
    replied = select(Note.id).where(Note.answers_id == question.id).order_by(Note.id).limit(1)
    return question if session.scalars(replied).first() is None else None


def thread_of(session: Session, submission: Submission) -> list[Note]:
    """What the clinic asked the patient and what the patient replied, the oldest first."""
    wanted = select(Note).where(Note.submission_id == submission.id, Note.kind.in_((NoteKind.QUESTION, NoteKind.REPLY)))
    return list(session.scalars(wanted.order_by(Note.id).limit(MOST)))


def kept_submission(session: Session, submission: Submission) -> Submission | None:
    """The submission that stands for this one since they were merged; None where it stands for itself."""
    wanted = select(Submission).where(Submission.id == submission.merged_into_id).order_by(Submission.id)
    return session.scalars(wanted.limit(1)).first()


def has_urgent_note(session: Session, submission: Submission) -> bool:
    """Whether of everything urgent that any of its answers raised someone noted what was done, after it was raised.

    True as well where nothing urgent was ever raised.
    """
    return not unsettled_urgent(session, submission)


def unsettled_urgent(session: Session, submission: Submission) -> list[StoredFinding]:
    """The urgent findings raised since someone last noted what was done; in the order of the answers.

    One that stands on the same answers as in the version before was raised there, not again.
    """
    return unsettled_urgent_of(session, [submission])[submission.id]


def unsettled_urgent_of(session: Session, submissions: Collection[Submission]) -> dict[int, list[StoredFinding]]:
    """The same of several, by their number; two reads however many they are."""
    numbers = [submission.id for submission in submissions]
    urgent = select(StoredFinding, Response.submission_id, Response.number, Response.created_at)
    urgent = urgent.join(Response, Response.id == StoredFinding.response_id).where(
        Response.submission_id.in_(numbers),
        StoredFinding.severity == Severity.URGENT,
        StoredFinding.outcome == Outcome.RAISED,
    )
    ordered = urgent.order_by(Response.submission_id, Response.number, StoredFinding.position)
    found = session.execute(ordered.limit(MOST * len(numbers))).all() if numbers else []
    noted = select(Note.submission_id, func.max(Note.created_at)).where(Note.kind == NoteKind.URGENT_ACTION)
    of_those = noted.where(Note.submission_id.in_({row.submission_id for row in found}))
    by_number = of_those.group_by(Note.submission_id).order_by(Note.submission_id).limit(MOST)
    last = {row[0]: row[1] for row in session.execute(by_number)} if found else {}
    known = {(of, number, finding.rule_id): finding.evidence for finding, of, number, _ in found}
    unsettled: dict[int, list[StoredFinding]] = {number: [] for number in numbers}
    for finding, of, number, raised_at in found:
        is_new = known.get((of, number - 1, finding.rule_id)) != finding.evidence
        # No note can be older than the first answers; of later ones it must be newer, at the same instant too.
        if is_new and (of not in last or (number > 1 and last[of] <= raised_at)):
            unsettled[of].append(finding)
    return unsettled


def merged_into(session: Session, submission: Submission) -> list[Submission]:
    """The submissions that this one stands for, the oldest first, with their contacts."""
    wanted = (
        select(Submission).options(joinedload(Submission.contact)).where(Submission.merged_into_id == submission.id)
    )
    return list(session.scalars(wanted.order_by(Submission.id).limit(MOST)))


def events_of(session: Session, submission: Submission) -> list[Event]:
    """The newest events of a submission with their actors, the oldest of them first."""
    wanted = select(Event).options(joinedload(Event.actor)).where(Event.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Event.id.desc()).limit(MOST)))[::-1]


def review_of(session: Session, submission: Submission) -> Review | None:
    """The newest review of a submission, with its clinician and sign-off."""
    return next(iter(reviews_of(session, submission)[-1:]), None)


def reviews_of(session: Session, submission: Submission) -> list[Review]:
    """All reviews of a submission with their clinicians and sign-offs, the oldest first."""
    loaded = (
        joinedload(Review.submission),
        joinedload(Review.clinician),
        joinedload(Review.sign_off).joinedload(SignOff.user),
    )
    wanted = select(Review).options(*loaded).where(Review.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Review.id).limit(MOST)))
