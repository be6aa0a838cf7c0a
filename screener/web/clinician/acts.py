"""What a clinician does to one submission: starts a review, records it, signs it off, sends a question back to intake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import operations, queries
from screener.store.models import Submission
from screener.store.refusals import StaleSubmission, WorkflowError
from screener.store.workflow import Move
from screener.web.auth import current_staff
from screener.web.case.acts import MoveForm, Refusal, attempt, incomplete
from screener.web.case.page import Page
from screener.web.clinician.blueprint import blueprint
from screener.web.clinician.review_desk import read_desk
from screener.web.clinician.review_form import (
    SIGN_OFF,
    ReviewForm,
    SentReview,
    gap_errors,
    mark_errors,
    sent_review,
)
from screener.web.clinician.review_page import review_page
from screener.web.extensions import now
from screener.web.forms import error_list
from screener.web.step_up import confirm_password


@blueprint.post("/submissions/<public_id>/review")
def review(public_id: str) -> Page | Response:
    """Record the review, and where that button was used sign off exactly what was sent, with the password once more."""
    form = ReviewForm()
    sent, version = sent_review(form), form.seen_version
    is_signing = form.act.data == SIGN_OFF
    refusal = _problems(public_id, form, sent, is_signing=is_signing)
    if refusal is None:
        refusal = attempt(public_id, _recording(sent, version, is_signing), field="review", typed=_typed(sent))
    if refusal is not None:
        return review_page(public_id, refusal, sent, version)
    return _seen(public_id, anchor="signed" if is_signing else "review")


def _problems(public_id: str, form: ReviewForm, sent: SentReview, *, is_signing: bool) -> Refusal | None:
    """What must be mended before anything is written; None where nothing is, or where the store is to say that it is too late."""
    is_valid, desk = form.validate(), read_desk(public_id)
    if not is_valid:
        return incomplete(error_list(form), _typed(sent))
    if not desk.is_open or desk.submission.version != form.seen_version:
        return None  # the store refuses it
    errors = mark_errors(sent, desk.findings, desk.names)
    if is_signing:
        errors = [*gap_errors(desk.gaps(sent), desk.names, desk.question), *errors]
    if errors:
        return incomplete(errors, _typed(sent))
    unconfirmed = confirm_password(form.password.data or "") if is_signing else None
    if unconfirmed is not None:
        return Refusal([("password", unconfirmed.words)], _typed(sent), unconfirmed.status)
    return None


def _recording(sent: SentReview, version: int, is_signing: bool) -> Callable[[Session, Submission], object]:
    """Keep what was sent, and sign it off: one transaction, so that nothing else is ever what was signed."""

    def record(session: Session, submission: Submission) -> None:
        kept = queries.review_of(session, submission)
        if kept is None or submission.version != version:
            raise StaleSubmission() if kept is not None else WorkflowError()
        findings = queries.findings_of(session, queries.current_response(session, submission))
        clinician, at = current_staff(), now()
        operations.record_review(
            session,
            kept,
            sent.assessment,
            work=sent.work(findings),
            clinician=clinician,
            expected_version=version,
            now=at,
        )
        if is_signing:
            operations.sign_off(session, kept, clinician=clinician, expected_version=version + 1, now=at)

    return record


def _typed(sent: SentReview) -> dict[str, str | None]:
    return {"assessment": sent.assessment}


@blueprint.post("/submissions/<public_id>/moves")
def move(public_id: str) -> Page | Response:
    """Start a review, or ask the patient. Signing off is no plain move: it needs the review's own form."""
    form = MoveForm()
    typed = {"note": form.note.data}
    if not form.validate():
        return review_page(public_id, incomplete(error_list(form), typed))
    wanted = form.wanted
    if wanted is Move.ASK and not form.note.data:
        missing = gettext("Write what the patient is to be asked.")
        return review_page(public_id, incomplete([("note", missing)], typed))
    refusal = attempt(public_id, _act_of(wanted, form), field="note", typed=typed)
    if refusal is not None:
        return review_page(public_id, refusal)
    # Who starts reads first: the page from its top, not where the review is written.
    return _seen(public_id, anchor=None if wanted is Move.START_REVIEW else "review")


def _act_of(wanted: Move, form: MoveForm) -> Callable[[Session, Submission], object]:
    """What a move does: starting a review has a verb of its own, asking is plain, and the store refuses all others here."""
    seen: dict[str, Any] = {"expected_version": form.seen_version, "now": now()}
    if wanted is Move.START_REVIEW:
        return lambda session, submission: operations.start_review(
            session, submission, clinician=current_staff(), **seen
        )
    return lambda session, submission: operations.move_submission(
        session, submission, wanted, actor=current_staff(), note=form.note.data, **seen
    )


def _seen(public_id: str, *, anchor: str | None) -> Response:
    return redirect(url_for("clinician.submission", public_id=public_id, _anchor=anchor), 303)
