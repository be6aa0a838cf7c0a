"""One submission at intake: to look at, note on, and move to where it goes next."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import operations
from screener.store.models import Submission
from screener.store.workflow import Move, Role
from screener.web.auth import current_staff
from screener.web.case_acts import MoveForm, Refusal, attempt, incomplete, open_case, text_field
from screener.web.case_page import Page, case_page
from screener.web.case_view import language_words, preferred_words
from screener.web.extensions import now
from screener.web.forms import error_list
from screener.web.intake.blueprint import blueprint


class NoteForm(FlaskForm):
    """Something to keep about a submission."""

    text = text_field(lazy_gettext("Write the note first."))


class UrgentNoteForm(FlaskForm):
    """What was done about an urgent finding."""

    urgent_text = text_field(lazy_gettext("Write what was done first."))


@blueprint.get("/submissions/<public_id>")
def submission(public_id: str) -> Page:
    """One submission. That it was opened is recorded (see `open_case`)."""
    return _page(public_id)


@blueprint.post("/submissions/<public_id>/notes")
def note(public_id: str) -> Page | Response:
    """Keep a note."""
    is_action = "urgent_text" in request.form
    form = UrgentNoteForm() if is_action else NoteForm()
    field = form.urgent_text if is_action else form.text
    typed = {field.name: field.data}
    if not form.validate():
        return _page(public_id, incomplete(error_list(form), typed))

    def keep(session: Session, submission: Submission) -> None:
        add = operations.add_urgent_note if is_action and submission.is_urgent else operations.add_note
        add(session, submission, field.data, author=current_staff(), now=now())

    return _answer(public_id, attempt(public_id, keep, field=field.name, typed=typed), anchor="notes")


@blueprint.post("/submissions/<public_id>/moves")
def move(public_id: str) -> Page | Response:
    """Accept for a clinician, ask the patient, close."""
    form = MoveForm()
    typed = {"note": form.note.data}
    if not form.validate():
        return _page(public_id, incomplete(error_list(form), typed))
    wanted = form.wanted
    if wanted is Move.ASK and not form.note.data:
        missing = gettext("Write what the patient was asked, or is to be asked by phone.")
        return _page(public_id, incomplete([("note", missing)], typed))

    def act(session: Session, submission: Submission) -> None:
        operations.move_submission(
            session,
            submission,
            wanted,
            actor=current_staff(),
            expected_version=form.seen_version,
            now=now(),
            note=form.note.data,
        )

    return _answer(public_id, attempt(public_id, act, field="note", typed=typed), anchor="next")


def _answer(public_id: str, refusal: Refusal | None, *, anchor: str) -> Page | Response:
    if refusal is not None:
        return _page(public_id, refusal)
    return redirect(url_for("intake.submission", public_id=public_id, _anchor=anchor), 303)


def _page(public_id: str, refusal: Refusal | None = None) -> Page:
    case = open_case(public_id, refusal)
    view = case.findings_view(for_clinician=False)
    contact = case.submission.contact
    return case_page(
        "intake/submission.html",
        case,
        Role.INTAKE,
        refusal,
        preferred=preferred_words(contact.preferred_contact),
        languages=(language_words(case.submission.language), language_words(contact.language)),
        urgent_words=view.urgent_words(),
        needs_urgent_note=case.needs_urgent_note,
        bands=view.risk_bands(all_notices=False),
        unknowns=view.unknowns(),
    )
