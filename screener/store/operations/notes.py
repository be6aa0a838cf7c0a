"""Writes on what staff and patients wrote about a submission: editing a note, logging a contact, a patient's reply.

Nothing written is lost: an edit keeps what the note said before. New notes of staff are written in `submissions`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.casework import ContactChannel, ContactOutcome, NoteRevision
from screener.store.models import Note, NoteKind, Submission
from screener.store.operations.submissions import REVIEWERS, hold, keep_note
from screener.store.refusals import NoteChanged, NoteFixed, NotYourNote, SubmissionMerged, TextMissing
from screener.store.workflow import Role

EDITABLE = (NoteKind.NOTE, NoteKind.URGENT_ACTION, NoteKind.CONTACT)


def edit_note(session: Session, note: Note, text: str, *, editor: User, seen_revisions: int, now: datetime) -> Note:
    """Say something else in a note of one's own; what it said before is kept. The same words change nothing.

    `seen_revisions` is how often it had been edited when its editor looked. Raises NoteChanged where it was edited since,
    NotYourNote, NoteFixed (a patient may have read it), TextMissing, SubmissionMerged, RoleNotAllowed.
    """
    require_role(editor, REVIEWERS)
    submission = hold(session, session.get_one(Submission, note.submission_id))
    note = session.get_one(Note, note.id, populate_existing=True)
    if note.author_id != editor.id:
        raise NotYourNote()
    if note.kind not in EDITABLE:
        raise NoteFixed()
    if submission.merged_into_id is not None:
        raise SubmissionMerged()
    if not text.strip() and note.kind is not NoteKind.CONTACT:
        raise TextMissing()
    revisions = select(func.count(NoteRevision.id)).where(NoteRevision.note_id == note.id)
    if session.scalar(revisions) != seen_revisions:
        raise NoteChanged()
    if text.strip() == note.text:
        return note
    session.add(NoteRevision(note_id=note.id, editor_id=editor.id, text=note.text, replaced_at=now))
    note.text, note.edited_at = text.strip(), now
    record(session, "note_edited", now=now, actor=editor, submission=submission, note=note.id, kind=note.kind.value)
    session.flush()
    return note


def log_contact(
    session: Session,
    submission: Submission,
    *,
    channel: ContactChannel,
    outcome: ContactOutcome,
    text: str,
    author: User,
    now: datetime,
) -> Note:
    """Log that the patient was contacted, how, and what came of it; the words may be empty."""
    require_role(author, REVIEWERS)
    detail = {"channel": channel.value, "outcome": outcome.value}
    return keep_note(session, submission, NoteKind.CONTACT, text, author=author, now=now, detail=detail)


def reply_to_question(session: Session, question: Note, text: str, *, now: datetime) -> Note:
    """The patient's reply to a question of the clinic. Raises TextMissing, NoteFixed where it is none."""
    if question.kind is not NoteKind.QUESTION:
        raise NoteFixed()
    if not text.strip():
        raise TextMissing()
    submission = hold(session, session.get_one(Submission, question.submission_id))
    reply = Note(
        submission_id=submission.id,
        author_id=None,
        kind=NoteKind.REPLY,
        text=text.strip(),
        detail={},
        answers_id=question.id,
        created_at=now,
        edited_at=None,
    )
    session.add(reply)
    session.flush()
    kind = NoteKind.REPLY.value
    record(session, "noted", now=now, actor=Role.PATIENT, submission=submission, note=reply.id, kind=kind)
    return reply
