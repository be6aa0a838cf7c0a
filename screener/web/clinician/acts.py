"""What a clinician does to one submission: starts a review, records it, signs it off, sends a question back to intake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField

from screener.store import operations, queries
from screener.store.models import Review, Submission
from screener.store.refusals import WorkflowError
from screener.store.workflow import Move
from screener.web.auth import current_staff
from screener.web.case_acts import MoveForm, Refusal, VersionedForm, attempt, incomplete, text_field
from screener.web.case_page import Page
from screener.web.clinician.blueprint import blueprint
from screener.web.clinician.review_page import review_page
from screener.web.extensions import now
from screener.web.forms import error_list

SIGN_OFF = Move.SIGN_OFF.value


class ReviewForm(VersionedForm):
    """The clinician's assessment; `act` says whether to sign it off at once."""

    act = StringField()
    assessment = text_field(lazy_gettext("Write your assessment first."))


@blueprint.post("/submissions/<public_id>/review")
def review(public_id: str) -> Page | Response:
    """Record the assessment, and sign off exactly what stands in the box where that button was used."""
    form = ReviewForm()
    typed = {"assessment": form.assessment.data}
    if not form.validate():
        return review_page(public_id, incomplete(error_list(form), typed))

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
        return review_page(public_id, incomplete(error_list(form), typed))
    wanted = form.wanted
    if wanted is Move.ASK and not form.note.data:
        missing = gettext("Write what the patient is to be asked.")
        return review_page(public_id, incomplete([("note", missing)], typed))
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
        return review_page(public_id, refusal)
    return redirect(url_for("clinician.submission", public_id=public_id, _anchor="review"), 303)
