"""One submission at intake: to look at, note on, and move to where it goes next."""

from __future__ import annotations

from flask import redirect, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import operations
from screener.store.models import Submission
from screener.store.workflow import Move, Role, moves_from
from screener.web.auth import current_staff
from screener.web.case.acts import MoveForm, Refusal, attempt, incomplete, open_case
from screener.web.case.page import Page, case_page
from screener.web.case.view import Case, language_words, preferred_words, urgent_words
from screener.web.extensions import now
from screener.web.forms import error_list
from screener.web.intake.blueprint import blueprint
from screener.web.intake.return_code import can_get_code
from screener.web.intake.sheet import can_be_corrected


@blueprint.get("/submissions/<public_id>")
def submission(public_id: str) -> Page:
    """One submission. That it was opened is recorded (see `open_case`)."""
    return intake_page(public_id)


@blueprint.post("/submissions/<public_id>/moves")
def move(public_id: str) -> Page | Response:
    """Accept for a clinician, ask the patient, close."""
    form = MoveForm()
    typed = {"note": form.note.data}
    if not form.validate():
        return intake_page(public_id, incomplete(error_list(form), typed))
    wanted = form.wanted
    if wanted is Move.ASK and not form.note.data:
        missing = gettext("Write what the patient was asked, or is to be asked by phone.")
        return intake_page(public_id, incomplete([("note", missing)], typed))

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


def ask_hint(case: Case) -> str:
    """What to know before writing: whether the patient will read it."""
    if Move.ASK not in moves_from(case.submission.status, Role.INTAKE):
        return gettext("You need not write one.")
    if case.work.has_code:
        return gettext(
            "If you ask the patient: they can read what you write here with their return code, and reply. "
            "With any other button it is a note for staff."
        )
    return gettext(
        "If you ask the patient: they have no return code and cannot read it, so ask by phone and write here what was asked."
    )


def _answer(public_id: str, refusal: Refusal | None, *, anchor: str) -> Page | Response:
    if refusal is not None:
        return intake_page(public_id, refusal)
    return redirect(url_for("intake.submission", public_id=public_id, _anchor=anchor), 303)


def intake_page(public_id: str, refusal: Refusal | None = None) -> Page:
    """The page, with what was refused and typed if something was."""
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
        urgent_words=urgent_words(case),
        needs_urgent_note=case.needs_urgent_note,
        ask_hint=ask_hint(case),
        can_correct=can_be_corrected(case.submission),
        code_url=url_for("intake.return_code", public_id=public_id) if can_get_code(case.submission) else None,
        bands=view.risk_bands(all_notices=False),
        unknowns=view.unknowns(),
    )
