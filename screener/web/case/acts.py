"""Acting on one submission, at both doors: find it, write in one transaction, and say what was refused without losing a word.

A page that was open while someone else acted is answered with 409 and shown anew, with what was typed still in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import abort
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from screener.store import operations, queries
from screener.store.database import is_busy
from screener.store.models import Submission
from screener.store.refusals import Refused, RoleNotAllowed
from screener.store.workflow import Move
from screener.web.auth import current_staff
from screener.web.case.view import Case, read_whole_case
from screener.web.extensions import now, reading, writing
from screener.web.forms import clean_text
from screener.web.row_numbers import seen_number

LONGEST_TEXT = 5000
INCOMPLETE, REFUSED, BUSY = 422, 409, 503
_TOO_LONG = lazy_gettext("Write %(num)s characters or fewer.", num=LONGEST_TEXT)
_PUBLIC_ID = re.compile(r"[0-9a-f]{32}")


def text_field(missing: str | None = None, *, name: str | None = None) -> Field:
    """A text that staff write; `missing` is what to say when it is empty and must not be, `name` its name in HTML if not its own."""
    required = [DataRequired(missing)] if missing else []
    validators = [*required, Length(max=LONGEST_TEXT, message=_TOO_LONG)]
    return TextAreaField(filters=[clean_text], validators=validators, name=name)


class VersionedForm(FlaskForm):
    """A form that acts on what its reader saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that was looked at; one that never was where the field holds no number."""
        return seen_number(self.version.data)


class MoveForm(VersionedForm):
    """A move, and what is noted with it."""

    move = StringField()
    note = text_field()

    @property
    def wanted(self) -> Move:
        """The move; a bad request where there is no such one."""
        return next((move for move in Move if move.value == self.move.data), None) or abort(400)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing was saved: where and why (for `error_summary`), what was typed, and the status of the reply."""

    errors: list[tuple[str, str]]
    typed: dict[str, str | None]
    status: int


def incomplete(errors: list[tuple[str, str]], typed: dict[str, str | None]) -> Refusal:
    """What was sent is to be mended by its writer."""
    return Refusal(errors, typed, INCOMPLETE)


def found(session: Session, public_id: str) -> Submission:
    """The submission of this address, or the page that says there is none."""
    submission = queries.submission_by_public_id(session, public_id) if _PUBLIC_ID.fullmatch(public_id) else None
    if submission is None:
        abort(404)
    return submission


def open_case(public_id: str, refusal: Refusal | None) -> Case:
    """Everything about a submission. That it was opened is written down first: the one write of a GET, the access log.

    Not where the refusal is that the store is busy: another write would be refused too.
    """
    if refusal is None or refusal.status != BUSY:
        record_opening(public_id)
    with reading() as session:
        return read_whole_case(session, found(session, public_id))


def record_opening(public_id: str) -> None:
    """Write down that its reader opened this submission."""
    with writing() as session:
        operations.record_view(session, found(session, public_id), actor=current_staff(), now=now())


def attempt(
    public_id: str, act: Callable[[Session, Submission], object], *, field: str, typed: dict[str, str | None]
) -> Refusal | None:
    """Do something to a submission in a transaction of its own; None when it is done. A refusal is shown at `field`."""
    try:
        with writing() as session:
            act(session, found(session, public_id))
    except RoleNotAllowed:
        raise
    except Refused as refused:
        return Refusal([(field, gettext(refused.text))], typed, REFUSED)
    except Exception as error:
        if not is_busy(error):
            raise
        busy = gettext("The guide is busy, and nothing was saved. Please send it once more.")
        return Refusal([(field, busy)], typed, BUSY)
    return None
