"""Giving a patient a return code: for answers that staff typed in, or when the patient lost the code.

The words are shown once, in the reply to the form, to be read out or printed; nothing can show them again. They are words of the
patient's language, and so is the slip that is printed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale, gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import HiddenField

from screener.store import operations, queries
from screener.store.models import Submission
from screener.store.workflow import Status
from screener.web.auth import current_staff
from screener.web.case.acts import Refusal, attempt, found, incomplete, record_opening, text_field
from screener.web.case.view import language_words
from screener.web.extensions import now, reading
from screener.web.filters import day
from screener.web.forms import error_list
from screener.web.i18n import LANGUAGES
from screener.web.intake.blueprint import blueprint
from screener.web.kept_for import kept_lifetimes, return_url, server_key
from screener.web.row_numbers import seen_number

Page = tuple[str, int]


class CodeForm(FlaskForm):
    """How the patient was known, and which code there was when this was written."""

    identity = text_field(lazy_gettext("Write how you know that this is the patient."))
    seen_code = HiddenField()


def can_get_code(submission: Submission) -> bool:
    """Whether staff may give the patient a way back to it."""
    return submission.merged_into_id is None and submission.status is not Status.WITHDRAWN


@blueprint.get("/submissions/<public_id>/return-code")
def return_code(public_id: str) -> Page:
    """What giving a code means, and the form for it."""
    return _page(public_id, None)


@blueprint.post("/submissions/<public_id>/return-code")
def give_return_code(public_id: str) -> Page:
    """Make the code and show it, this once."""
    form = CodeForm()
    typed = {"identity": form.identity.data}
    if not form.validate():
        return _page(public_id, incomplete(error_list(form), typed))
    made: list[tuple[tuple[str, ...], datetime, str]] = []

    def act(session: Session, submission: Submission) -> None:
        spoken = _language_of(submission)
        words, ends_at = operations.give_return_code(
            session,
            submission,
            form.identity.data,
            seen_code=seen_number(form.seen_code.data),
            actor=current_staff(),
            language=spoken,
            server_key=server_key(),
            lifetimes=kept_lifetimes(),
            now=now(),
        )
        made.append((words, ends_at, spoken))

    refusal = attempt(public_id, act, field="identity", typed=typed)
    if refusal is not None:
        return _page(public_id, refusal)
    with reading() as session:
        submission = found(session, public_id)
    (words, ends_at, spoken) = made[-1]
    return render_template(
        "intake/return_code_given.html", submission=submission, words=words, slip=_slip(spoken, ends_at)
    ), 200


def _page(public_id: str, refusal: Refusal | None) -> Page:
    record_opening(public_id)
    with reading() as session:
        submission = found(session, public_id)
        seen_code = queries.return_code_id(session, submission, now=now())
        _ = submission.contact
    page = render_template(
        "intake/return_code.html",
        submission=submission,
        contact=submission.contact,
        seen_code=seen_code,
        can_get_code=can_get_code(submission),
        code_language=language_words(_language_of(submission)),
        days=kept_lifetimes().summary.days,
        errors=refusal.errors if refusal else [],
        typed=refusal.typed if refusal else {},
    )
    return page, refusal.status if refusal else 200


def _language_of(submission: Submission) -> str:
    """The language the patient speaks; the one they answered in where we have no words in it."""
    spoken = submission.contact.language
    return spoken if spoken in LANGUAGES else submission.language


def _slip(spoken: str, ends_at: datetime) -> dict[str, Any]:
    """What is read out or printed with the words, in the patient's language."""
    address = return_url()
    with force_locale(spoken):
        return {
            "language": spoken,
            "title": gettext("Your return code"),
            "lead": gettext(
                "With this code and your date of birth you can open your summary again, on any phone or computer."
            ),
            "lines": [
                (gettext("Where to go:"), address.partition("://")[2] or address),
                (gettext("Until when:"), day(ends_at)),
            ],
            "keep": gettext(
                "Keep it to yourself. Anyone who has the words and knows your date of birth can read your answers."
            ),
            "spelling": gettext(
                "Capitals, accents and spaces do not matter. The first four letters of each word must be right."
            ),
        }
