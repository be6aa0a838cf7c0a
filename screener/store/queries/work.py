"""Reads of what staff work with on one submission: flags, what notes said before, and who else may be the same person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased, joinedload

from screener.store.casework import Flag, NoteRevision
from screener.store.models import AccessKind, Contact, ContactWord, Draft, DraftAccess, Note, Submission
from screener.store.queries.limits import MOST
from screener.store.workflow import Status

MOST_ALIKE = 20
MOST_CONTACTS = 200
FEWEST_LETTERS = 2  # of a word of a name that says anything


def flags_of(session: Session, submission: Submission) -> list[Flag]:
    """All flags of a submission with who raised and resolved them, the oldest first."""
    wanted = select(Flag).options(joinedload(Flag.raised_by), joinedload(Flag.resolved_by))
    return list(session.scalars(wanted.where(Flag.submission_id == submission.id).order_by(Flag.id).limit(MOST)))


def flag_of(session: Session, submission: Submission, flag_id: int) -> Flag | None:
    """The flag of that number, if it is this submission's."""
    wanted = select(Flag).where(Flag.id == flag_id, Flag.submission_id == submission.id)
    return session.scalars(wanted.order_by(Flag.id).limit(1)).first()


def note_of(session: Session, submission: Submission, note_id: int) -> Note | None:
    """The note of that number, if it is about this submission."""
    wanted = select(Note).options(joinedload(Note.author))
    wanted = wanted.where(Note.id == note_id, Note.submission_id == submission.id)
    return session.scalars(wanted.order_by(Note.id).limit(1)).first()


def revisions_of(session: Session, notes: Iterable[Note]) -> dict[int, list[NoteRevision]]:
    """What these notes said before they were edited, by the note's number, the oldest first."""
    wanted = select(NoteRevision).where(NoteRevision.note_id.in_([note.id for note in notes]))
    found: dict[int, list[NoteRevision]] = {}
    for revision in session.scalars(wanted.order_by(NoteRevision.id).limit(MOST)):
        found.setdefault(revision.note_id, []).append(revision)
    return found


def likely_same_person(session: Session, submission: Submission) -> list[Submission]:
    """Other submissions that may be the same person's, the newest first, with their contacts: born on the same day with a word
    of the name in common, or with the same phone number. Those merged into another or withdrawn are left out.
    """
    contacts = {
        *_born_and_called_alike(session, submission.contact),
        *_with_the_same_phone(session, submission.contact),
    }
    # Led by the few contacts alone: SQLite would rather walk through all that are not merged, or all there are by number.
    wanted = select(Submission).options(joinedload(Submission.contact)).where(Submission.contact_id.in_(contacts))
    newest = wanted.order_by(Submission.submitted_at.desc(), Submission.id.desc()).limit(2 * MOST_CONTACTS)
    alike = (
        other
        for other in session.scalars(newest)
        if other.id != submission.id and other.merged_into_id is None and other.status is not Status.WITHDRAWN
    )
    return list(islice(alike, MOST_ALIKE))


def _born_and_called_alike(session: Session, contact: Contact) -> list[int]:
    """The numbers of the newest contacts with this birth date and a word of this name; the contact itself is among them."""
    own, other = aliased(ContactWord), aliased(ContactWord)
    shares_word = (
        select(other.id)
        .join(own, and_(own.word == other.word, own.contact_id == contact.id))
        .where(other.contact_id == Contact.id, other.word.like("_" * FEWEST_LETTERS + "%"))
        .exists()
    )
    alike = select(Contact.id).where(Contact.birth_date == contact.birth_date, shares_word)
    return list(session.scalars(alike.order_by(Contact.id.desc()).limit(MOST_CONTACTS)))


def _with_the_same_phone(session: Session, contact: Contact) -> list[int]:
    """The numbers of the newest contacts with this phone number."""
    if contact.phone_digits is None:
        return []
    alike = select(Contact.id).where(Contact.phone_digits == contact.phone_digits)
    return list(session.scalars(alike.order_by(Contact.id.desc()).limit(MOST_CONTACTS)))


def has_return_code(session: Session, submission: Submission, *, now: datetime) -> bool:
    """Whether the patient can come back to this submission with a return code, and so read what the clinic asks."""
    return return_code_id(session, submission, now=now) != 0


def return_code_id(session: Session, submission: Submission, *, now: datetime) -> int:
    """The number of the newest return code that opens this submission; 0 where none does."""
    wanted = select(DraftAccess.id).join(Draft, Draft.id == DraftAccess.draft_id)
    wanted = wanted.where(
        Draft.submission_id == submission.id, DraftAccess.kind == AccessKind.CODE, DraftAccess.expires_at > now
    )
    return session.scalars(wanted.order_by(DraftAccess.id.desc()).limit(1)).first() or 0
