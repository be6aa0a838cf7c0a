"""Finding patients' submissions by what staff know of them: a reference, words of a name, a birth date, a phone number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from screener.store.models import Contact, ContactWord, Submission

MOST_FOUND = 50
COUNTED = 1000
_LAST_SIGN = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; everything given must fit. `words` as `search_words.name_words` makes them, digits likewise.

    A birth date that was typed in a way that can be read twice is given twice: either fits.
    """

    words: tuple[str, ...] = ()
    birth_dates: tuple[date, ...] = ()
    phone: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kinds of things are looked for, never which."""
        given = (("name", self.words), ("birth_date", self.birth_dates), ("phone", self.phone))
        return tuple(kind for kind, values in given if values)


@dataclass(frozen=True, slots=True)
class Found:
    """The submissions found, the newest first; `has_more` where others fit too."""

    submissions: list[Submission]
    has_more: bool


def search_submissions(session: Session, sought: Sought) -> Found:
    """At most MOST_FOUND submissions of patients that fit; none where nothing is looked for."""
    contacts = _contacts(session, sought)
    shown = (Submission.contact, Submission.assignee, Submission.held_by, Submission.merged_into)
    wanted = select(Submission).options(*map(joinedload, shown)).where(Submission.contact_id.in_(contacts))
    newest = wanted.order_by(Submission.submitted_at.desc(), Submission.id.desc())
    found = list(session.scalars(newest.limit(MOST_FOUND + 1)))
    return Found(found[:MOST_FOUND], len(found) > MOST_FOUND)


def _contacts(session: Session, sought: Sought) -> Sequence[int]:
    """The numbers of the patients who fit, one more than are shown; by birth date or phone, or by the rarest word."""
    if sought.birth_dates or sought.phone:
        leads = Contact.birth_date if sought.birth_dates else Contact.phone_digits
        wanted = select(Contact.id).where(*(_has_word(Contact.id, word) for word in sought.words))
        if sought.birth_dates:
            wanted = wanted.where(Contact.birth_date.in_(sought.birth_dates))
        if sought.phone:
            wanted = wanted.where(_begins(Contact.phone_digits, sought.phone))
        return session.scalars(wanted.order_by(leads, Contact.id).limit(MOST_FOUND + 1)).all()
    if not sought.words:
        return []
    rarest, *others = sorted(sought.words, key=lambda word: (_how_many(session, word), -len(word)))
    named = select(ContactWord.contact_id).where(_begins(ContactWord.word, rarest))
    named = named.where(*(_has_word(ContactWord.contact_id, word) for word in others))
    # One word may begin so twice in a name; the rows stand in the order of the index that is walked.
    rows = session.scalars(named.order_by(ContactWord.word, ContactWord.id).limit(2 * (MOST_FOUND + 1))).all()
    return list(dict.fromkeys(rows))


def _how_many(session: Session, word: str) -> int:
    """How many names have a word that begins so, as far as COUNTED."""
    some = select(ContactWord.id).where(_begins(ContactWord.word, word)).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _has_word(contact_id: InstrumentedAttribute[int], word: str) -> ColumnElement[bool]:
    theirs = aliased(ContactWord)
    return select(theirs.id).where(theirs.contact_id == contact_id, _begins(theirs.word, word)).exists()


def _begins(column: InstrumentedAttribute[Any], beginning: str) -> ColumnElement[bool]:
    """As a range, which an index holds on both databases."""
    return column.between(beginning, beginning + _LAST_SIGN)
