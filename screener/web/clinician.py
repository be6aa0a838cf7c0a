"""The clinician door: what was accepted, and one screen for one submission to read, review and sign off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField

from screener.store import operations, queries
from screener.store.models import Review, Submission
from screener.store.refusals import WorkflowError
from screener.store.workflow import Move, Role, Status
from screener.web.auth import current_staff
from screener.web.case_acts import MoveForm, Refusal, VersionedForm, attempt, incomplete, open_case, text_field
from screener.web.case_list import list_page, list_row
from screener.web.case_page import Page, case_page
from screener.web.case_view import SHORT_HASH, language_words, opening_rows
from screener.web.extensions import now, reading
from screener.web.forms import error_list

TO_DO = (Status.ACCEPTED, Status.IN_REVIEW)
DONE = (Status.SIGNED_OFF,)
SIGN_OFF = Move.SIGN_OFF.value

blueprint = Blueprint("clinician", __name__, url_prefix="/clinician")


class ReviewForm(VersionedForm):
    """The clinician's assessment; `act` says whether to sign it off at once."""

    act = StringField()
    assessment = text_field(lazy_gettext("Write your assessment first."))


@blueprint.get("/")
def reviews() -> str:
    """Accepted, in review, signed off: in reading order."""
    with reading() as session:
        page = list_page(session, "clinician.reviews", TO_DO, DONE)
    rows = [list_row(submission) for submission in page.submissions]
    return render_template("clinician/reviews.html", page=page, rows=rows, as_of=now())


@blueprint.get("/submissions/<public_id>")
def submission(public_id: str) -> Page:
    """One submission. That it was opened is recorded (see `open_case`)."""
    return _page(public_id)


@blueprint.post("/submissions/<public_id>/review")
def review(public_id: str) -> Page | Response:
    """Record the assessment, and sign off exactly what stands in the box where that button was used."""
    form = ReviewForm()
    typed = {"assessment": form.assessment.data}
    if not form.validate():
        return _page(public_id, incomplete(error_list(form), typed))

    def act(session: Session, submission: Submission) -> None:
        kept, version = _review_of(session, submission), form.seen_version
        if form.act.data != SIGN_OFF or form.assessment.data != kept.assessment or kept.recorded_at is None:
            clinician = current_staff()
            operations.record_review(
                session, kept, form.assessment.data, clinician=clinician, expected_version=version, now=now()
            )
            version += 1
        if form.act.data == SIGN_OFF:
            _sign_off(session, submission, version)

    return _answer(public_id, attempt(public_id, act, field="assessment", typed=typed))


@blueprint.post("/submissions/<public_id>/moves")
def move(public_id: str) -> Page | Response:
    """Start a review, ask the patient, sign off what was recorded."""
    form = MoveForm()
    typed = {"note": form.note.data}
    if not form.validate():
        return _page(public_id, incomplete(error_list(form), typed))
    wanted = form.wanted
    if wanted is Move.ASK and not form.note.data:
        missing = gettext("Write what the patient is to be asked.")
        return _page(public_id, incomplete([("note", missing)], typed))
    return _answer(public_id, attempt(public_id, _act_of(wanted, form), field="note", typed=typed))


def _act_of(wanted: Move, form: MoveForm) -> Callable[[Session, Submission], object]:
    """What a move does: two have verbs of their own, the others are plain."""
    seen: dict[str, Any] = {"expected_version": form.seen_version, "now": now()}
    if wanted is Move.START_REVIEW:
        return lambda session, submission: operations.start_review(
            session, submission, clinician=current_staff(), **seen
        )
    if wanted is Move.SIGN_OFF:
        return lambda session, submission: _sign_off(session, submission, form.seen_version)
    return lambda session, submission: operations.move_submission(
        session, submission, wanted, actor=current_staff(), note=form.note.data, **seen
    )


def _sign_off(session: Session, submission: Submission, version: int) -> None:
    operations.sign_off(
        session,
        _review_of(session, submission),
        clinician=current_staff(),
        expected_version=version,
        now=now(),
    )


def _review_of(session: Session, submission: Submission) -> Review:
    kept = queries.review_of(session, submission)
    if kept is None:
        raise WorkflowError()
    return kept


def _answer(public_id: str, refusal: Refusal | None) -> Page | Response:
    if refusal is not None:
        return _page(public_id, refusal)
    return redirect(url_for("clinician.submission", public_id=public_id, _anchor="review"), 303)


def _page(public_id: str, refusal: Refusal | None = None) -> Page:
    case = open_case(public_id, refusal)
    view = case.findings_view(for_clinician=True)
    return case_page(
        "clinician/submission.html",
        case,
        Role.CLINICIAN,
        refusal,
        answered_in=language_words(case.submission.language),
        short_hash=case.ruleset.hash[:SHORT_HASH],
        bands=view.risk_bands(all_notices=True),
        indications=view.indications(),
        routes=view.routes(),
        info=view.info(for_everyone=False),
        info_for_everyone=view.info(for_everyone=True),
        unknowns=view.unknowns(),
        unassessed=view.unassessed(),
        openings=opening_rows(case),
        review=case.review,
        signed=[review for review in case.reviews if review.sign_off],
    )
