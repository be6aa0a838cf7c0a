"""Writes on a submission: handing it in, looking at it, noting something, moving it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from screener.engine.rules import Severity
from screener.engine.screening import Screening
from screener.engine.summary import open_questions
from screener.store import queries, workflow
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.identifiers import new_public_id, new_reference
from screener.store.models import Contact, ContactWord, Note, NoteKind, Source, Submission
from screener.store.operations.drafts import keep_changes, keep_ruleset, locked
from screener.store.operations.notifications import tell_intake_of_urgent
from screener.store.operations.responses import keep_response, renew_standing
from screener.store.refusals import (
    CloseReasonMissing,
    DraftChanged,
    DraftIncomplete,
    StaleSubmission,
    SubmissionMerged,
    TextMissing,
    UrgentNotSettled,
    WorkflowError,
)
from screener.store.sealed_drafts import Content, OpenDraft
from screener.store.search_words import name_words, phone_digits, phone_reversed
from screener.store.workflow import Move, Role, Status

REVIEWERS = (Role.INTAKE, Role.CLINICIAN)
# Moves that need more than a button have their own verbs: submit, start_review, sign_off.
PLAIN_MOVES = (Move.ACCEPT, Move.ASK, Move.CLOSE, Move.WITHDRAW)


def submit(
    session: Session,
    draft: OpenDraft,
    *,
    screening: Screening,
    now: datetime,
    reference: str | None = None,
    public_id: str | None = None,
    source: Source = Source.WEB,
    entered_by: User | None = None,
    detail: Mapping[str, str] | None = None,
) -> Submission:
    """Hand in a draft with what the engine concluded on its answers. A second call returns the first submission.

    `entered_by` typed the answers for the patient (see `entry`); `detail` goes into the event.

    The draft gives its contact and its answers away, which from now on staff can read; it stays, with nothing in it but the
    words of its return code, so that its secrets still open the summary.
    Raises DraftGone, DraftIncomplete (no contact yet), DraftChanged (other answers than those screened).
    """
    draft = locked(session, draft)
    if draft.submission is not None:
        return draft.submission
    if draft.contact is None:
        raise DraftIncomplete()
    if any(screening.answers.get(item_id) != answer for item_id, answer in draft.answers.items()):
        raise DraftChanged()
    submission = Submission(
        public_id=public_id or new_public_id(),
        reference=reference or _unused_reference(session),
        submission_key=draft.submission_key,
        contact=Contact(**asdict(draft.contact), phone_digits=None, phone_reversed=None),
        is_open=True,
        ruleset_hash=keep_ruleset(session, screening.ruleset, now=now),
        source=source,
        entered_by=entered_by,
        assignee=None,
        held_by=None,
        held_at=None,
        merged_into=None,
        close_reason=None,
        language=draft.language,
        status=workflow.target(Status.DRAFT, Move.SUBMIT, Role.PATIENT),
        severity_raised=None,
        severity_possible=None,
        severity_rank=len(Severity),
        unknown_count=len(open_questions(screening.ruleset, screening.findings)),
        topics=[],
        version=1,
        submitted_at=now,
        status_at=now,
    )
    session.add(submission)
    session.flush()
    keep_contact_words(session, submission.contact)
    keep_response(session, submission, screening, number=1, entered_by=entered_by, now=now)
    renew_standing(session, submission)
    draft.row.submission, draft.row.submission_id = submission, submission.id
    draft.content = Content(return_code=draft.content.return_code)
    keep_changes(session, draft, now=now)
    more: dict[str, str | int | None] = {"draft": draft.id, **(detail or {})}
    actor = entered_by or Role.PATIENT
    record(session, "entered" if entered_by else "submitted", now=now, actor=actor, submission=submission, **more)
    if submission.is_urgent:
        tell_intake_of_urgent(session, submission, now=now)
    session.flush()
    return submission


def keep_contact_words(session: Session, contact: Contact) -> None:
    """Keep the forms of name and phone that a search looks for; replaces those that were there."""
    contact.phone_digits = phone_digits(contact.phone)
    contact.phone_reversed = phone_reversed(contact.phone_digits)
    session.execute(delete(ContactWord).where(ContactWord.contact_id == contact.id))
    session.add_all(ContactWord(contact_id=contact.id, word=word) for word in name_words(contact.name))


def record_view(session: Session, submission: Submission, *, actor: User, now: datetime) -> None:
    """A member of staff looked at this submission."""
    record(session, "viewed", now=now, actor=actor, submission=submission)


def record_print(session: Session, submission: Submission, *, actor: User, as_pdf: bool, now: datetime) -> None:
    """A member of staff printed this submission, or saved it as a PDF."""
    record(session, "printed", now=now, actor=actor, submission=submission, form="pdf" if as_pdf else "page")


def add_note(session: Session, submission: Submission, text: str, *, author: User, now: datetime) -> Note:
    """Note something about a submission."""
    return _add_note(session, submission, NoteKind.NOTE, text, author=author, now=now)


def add_urgent_note(session: Session, submission: Submission, text: str, *, author: User, now: datetime) -> Note:
    """Note what was done about an urgent finding; without it the submission is not moved on."""
    note = _add_note(session, submission, NoteKind.URGENT_ACTION, text, author=author, now=now)
    renew_standing(session, submission)
    return note


def move_submission(
    session: Session,
    submission: Submission,
    move: Move,
    *,
    actor: User | None,
    expected_version: int,
    now: datetime,
    note: str | None = None,
) -> Submission:
    """Accept, ask, close or withdraw; `actor` None is the patient. The note is kept as a question for ask.

    Raises WorkflowError, RoleNotAllowed, StaleSubmission (someone was faster), UrgentNotSettled, and
    CloseReasonMissing for what `close_submission` closes with a reason.
    """
    if move not in PLAIN_MOVES:
        raise WorkflowError()
    role = _role_of(actor)
    submission = claim(session, submission, expected_version)
    to = workflow.target(submission.status, move, role)
    if role is Role.INTAKE and not queries.has_urgent_note(session, submission):
        raise UrgentNotSettled()
    if move is Move.CLOSE and submission.status is not Status.SIGNED_OFF:
        raise CloseReasonMissing()  # before the sign-off it takes `close_submission`
    if note and note.strip() and actor is not None:
        kind = NoteKind.QUESTION if move is Move.ASK else NoteKind.NOTE
        _add_note(session, submission, kind, note, author=actor, now=now)
    settle(session, submission, move, to, actor=actor or Role.PATIENT, now=now)
    return submission


def claim(session: Session, submission: Submission, expected_version: int) -> Submission:
    """The submission as it is now, its row held until the transaction ends.

    Raises StaleSubmission when it is not the version that was looked at, SubmissionMerged when another one stands for it.
    """
    held = hold(session, submission)
    if held.version != expected_version:
        raise StaleSubmission()
    if held.merged_into_id is not None:
        raise SubmissionMerged()
    return held


def hold(session: Session, submission: Submission) -> Submission:
    """The submission as it is now, whatever became of it, its row held until the transaction ends."""
    wanted = select(Submission).where(Submission.id == submission.id).order_by(Submission.id)
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()


def settle(
    session: Session,
    submission: Submission,
    move: Move,
    to: Status,
    *,
    actor: User | Role,
    now: datetime,
    **detail: str | int | None,
) -> None:
    """Write a checked move of a claimed submission, and its event."""
    left, submission.status = submission.status, to
    if left is not to:
        submission.status_at = now
    submission.is_open = to in workflow.OPEN and submission.merged_into_id is None
    if move is not Move.START_REVIEW:  # who moved it on is done with it
        submission.held_by_id = submission.held_at = None
    submission.version += 1
    moved = {"left": left.value, "reached": to.value, **detail}
    record(session, _PAST[move], now=now, actor=actor, submission=submission, **moved)
    session.flush()


_PAST = {
    Move.ACCEPT: "accepted",
    Move.ASK: "asked",
    Move.CLOSE: "closed",
    Move.WITHDRAW: "withdrawn",
    Move.START_REVIEW: "review_started",
    Move.SIGN_OFF: "signed_off",
    Move.AMEND: "amended",
    Move.SUBMIT: "requeued",
}


def _role_of(actor: User | None) -> Role:
    if actor is None:
        return Role.PATIENT
    require_role(actor, REVIEWERS)
    return actor.role


def keep_note(
    session: Session,
    submission: Submission,
    kind: NoteKind,
    text: str,
    *,
    author: User,
    now: datetime,
    detail: Mapping[str, str] | None = None,
) -> Note:
    """A new note of this kind with its event; raises SubmissionMerged where another submission stands for this one."""
    submission = hold(session, submission)
    if submission.merged_into_id is not None:
        raise SubmissionMerged()
    note = Note(
        submission_id=submission.id,
        author_id=author.id,
        kind=kind,
        text=text.strip(),
        detail=dict(detail or {}),
        answers_id=None,
        created_at=now,
        edited_at=None,
    )
    session.add(note)
    session.flush()
    record(session, "noted", now=now, actor=author, submission=submission, note=note.id, kind=kind.value)
    return note


def _add_note(
    session: Session, submission: Submission, kind: NoteKind, text: str, *, author: User, now: datetime
) -> Note:
    require_role(author, REVIEWERS)
    if not text.strip():
        raise TextMissing()
    return keep_note(session, submission, kind, text, author=author, now=now)


def _unused_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        taken = select(Submission.id).where(Submission.reference == reference).order_by(Submission.id)
        if session.scalars(taken.limit(1)).first() is None:
            return reference
