"""Finding patients' submissions by what staff know of them: a reference, words of a name, a birth date, a phone number.

What is looked for most narrowly leads: a range of an index, of which no more than LOOKED_AT are looked at for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from screener.store.models import Contact, ContactWord, Submission
from screener.store.search_words import phone_reversed

MOST_FOUND = 50
LOOKED_AT = 1000
COUNTED = 1000
_LAST_SIGN = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; everything given must fit. `words` as `search_words.name_words` makes them, digits likewise.

    A birth date that was typed in a way that can be read twice is given twice: either fits. Of a phone number the beginning
    or the end may be given.
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
    """The submissions found, the newest first; `has_more` where others fit too.

    `is_partial`: so many people fit one part of what is looked for that not all of them were held against the rest.
    """

    submissions: list[Submission]
    has_more: bool
    is_partial: bool = False


def search_submissions(session: Session, sought: Sought) -> Found:
    """At most MOST_FOUND submissions of patients that fit; none where nothing is looked for."""
    contacts, is_partial = _contacts(session, sought)
    shown = (Submission.contact, Submission.assignee, Submission.held_by, Submission.merged_into)
    wanted = select(Submission).options(*map(joinedload, shown)).where(Submission.contact_id.in_(contacts))
    newest = wanted.order_by(Submission.submitted_at.desc(), Submission.id.desc())
    found = list(session.scalars(newest.limit(MOST_FOUND + 1)))
    has_more = len(found) > MOST_FOUND
    return Found(found[:MOST_FOUND], has_more, is_partial and not has_more)


def _contacts(session: Session, sought: Sought) -> tuple[Sequence[int], bool]:
    """The numbers of the patients who fit, a few more than are shown, and whether others were never looked at."""
    found: dict[int, None] = {}
    is_partial = False
    for lead, left in _leads(session, sought):
        enough = 2 * (MOST_FOUND + 1)  # one word may begin so twice in a name
        looked = lead.limit(LOOKED_AT if left != Sought() else enough).subquery("looked")
        fitting = select(looked.c.number).where(*_fitting(looked.c.number, left))
        rows = session.scalars(fitting.order_by(looked.c.place, looked.c.number).limit(enough)).all()
        found.update(dict.fromkeys(rows))
        if len(rows) <= MOST_FOUND and left != Sought():
            beyond = lead.with_only_columns(literal(1)).offset(LOOKED_AT).limit(1)
            is_partial |= session.execute(beyond).first() is not None
    return list(found), is_partial


def _leads(session: Session, sought: Sought) -> Iterator[tuple[Select[Any], Sought]]:
    """The ranges of an index that hold everyone who may fit, each in its order, and what is left to hold them against."""
    if sought.birth_dates:
        born = _numbers(Contact.id, Contact.birth_date).where(Contact.birth_date.in_(sought.birth_dates))
        yield born.order_by(Contact.birth_date, Contact.id), Sought(sought.words, phone=sought.phone)
    elif sought.phone:
        for digits, begins in _phone_beginnings(sought.phone):
            wanted = _numbers(Contact.id, digits).where(begins)
            yield wanted.order_by(digits, Contact.id), Sought(sought.words)
    elif sought.words:
        rarest, *others = sorted(sought.words, key=lambda word: (_how_many(session, word), -len(word)))
        named = _numbers(ContactWord.contact_id, ContactWord.word).where(_begins(ContactWord.word, rarest))
        yield named.order_by(ContactWord.word, ContactWord.id), Sought(tuple(others))


def _numbers(contact_id: InstrumentedAttribute[int], place: InstrumentedAttribute[Any]) -> Select[Any]:
    return select(contact_id.label("number"), place.label("place"))


def _fitting(contact_id: ColumnElement[int], sought: Sought) -> Iterator[ColumnElement[bool]]:
    """What must hold of a patient besides what led to them."""
    for word in sought.words:
        theirs = aliased(ContactWord)
        yield select(theirs.id).where(theirs.contact_id == contact_id, _begins(theirs.word, word)).exists()
    if sought.phone:
        (_, begins), (_, ends) = _phone_beginnings(sought.phone)
        yield select(Contact.id).where(Contact.id == contact_id, begins | ends).exists()


def _phone_beginnings(digits: str) -> list[tuple[InstrumentedAttribute[Any], ColumnElement[bool]]]:
    """That a phone number begins so, and that it ends so."""
    turned = phone_reversed(digits) or ""
    return [
        (Contact.phone_digits, _begins_with_digits(Contact.phone_digits, digits)),
        (Contact.phone_reversed, _begins_with_digits(Contact.phone_reversed, turned)),
    ]


def _how_many(session: Session, word: str) -> int:
    """How many names have a word that begins so, as far as COUNTED."""
    some = select(literal(1)).where(_begins(ContactWord.word, word)).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _begins(column: InstrumentedAttribute[Any], beginning: str) -> ColumnElement[bool]:
    """As a range, which an index holds on both databases."""
    return column.between(beginning, beginning + _LAST_SIGN)


def _begins_with_digits(column: InstrumentedAttribute[Any], digits: str) -> ColumnElement[bool]:
    """The same of digits alone, whatever else a database sorts after them."""
    stem = digits.rstrip("9")
    return and_(column >= digits, column < f"{stem[:-1]}{int(stem[-1]) + 1}" if stem else true())
