"""The clinician door: what was accepted, and one screen for one submission to read, review and sign off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField

from screener.store import operations, queries
from screener.store.models import Review, Submission
from screener.store.refusals import BadCursor, WorkflowError
from screener.store.workflow import Move, Role, Status
from screener.web.auth import current_staff
from screener.web.case_acts import (
    MoveForm,
    Problem,
    VersionedForm,
    attempt,
    open_case,
    shown_moves,
    text_field,
)
from screener.web.case_list import OPEN, PAGE, WAITING, chosen_statuses, list_row, tab_rows, waiting_words
from screener.web.case_view import (
    MOVE_WORDS,
    SHORT_HASH,
    age,
    answer_groups,
    language_words,
    note_rows,
    opening_rows,
    set_aside,
    timeline_rows,
)
from screener.web.extensions import now, reading
from screener.web.forms import error_list

TO_DO = (Status.ACCEPTED, Status.IN_REVIEW)
DONE = (Status.SIGNED_OFF,)
SIGN_OFF = Move.SIGN_OFF.value

blueprint = Blueprint("clinician", __name__, url_prefix="/clinician")

Errors = list[tuple[str, str]]
Page = tuple[str, int]


class ReviewForm(VersionedForm):
    """The clinician's assessment; `act` says whether to sign it off at once."""

    act = StringField()
    assessment = text_field(lazy_gettext("Write your assessment first."))


@blueprint.get("/")
def reviews() -> str:
    """Accepted, in review, signed off: in reading order."""
    chosen = request.args.get("status", OPEN)
    statuses = chosen_statuses(chosen, TO_DO, DONE)
    if statuses is None:
        abort(404)
    with reading() as session:
        try:
            page = queries.queue(session, statuses=statuses, after=request.args.get("after"), limit=PAGE)
        except BadCursor:
            abort(404)
        counts = queries.counts_by_status(session)
    return render_template(
        "clinician/reviews.html",
        rows=[list_row(submission) for submission in page.submissions],
        tabs=tab_rows("clinician.reviews", chosen, counts, TO_DO, DONE),
        open_count=sum(counts[status] for status in TO_DO),
        total=sum(counts[status] for status in statuses),
        next_url=url_for("clinician.reviews", status=chosen, after=page.next) if page.next else None,
        first_url=url_for("clinician.reviews", status=chosen) if request.args.get("after") else None,
        as_of=now(),
    )


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
        return _page(public_id, errors=error_list(form), typed=typed, status=422)

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

    return _answer(public_id, attempt(public_id, act), "assessment", typed)


@blueprint.post("/submissions/<public_id>/moves")
def move(public_id: str) -> Page | Response:
    """Start a review, ask the patient, sign off what was recorded."""
    form = MoveForm()
    typed = {"note": form.note.data}
    if not form.validate():
        return _page(public_id, errors=error_list(form), typed=typed, status=422)
    wanted = form.wanted
    if wanted is None:
        abort(400)
    if wanted is Move.ASK and not form.note.data:
        missing = gettext("Write what the patient is to be asked.")
        return _page(public_id, errors=[("note", missing)], typed=typed, status=422)
    return _answer(public_id, attempt(public_id, _act_of(wanted, form)), "note", typed)


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


def _answer(public_id: str, problem: Problem | None, field: str, typed: dict[str, str | None]) -> Page | Response:
    if problem is None:
        return redirect(url_for("clinician.submission", public_id=public_id, _anchor="review"), 303)
    return _page(public_id, errors=[(field, problem.message)], typed=typed, status=problem.status)


def _page(
    public_id: str,
    *,
    errors: Errors | None = None,
    typed: dict[str, str | None] | None = None,
    status: int = 200,
) -> Page:
    case = open_case(public_id, is_recorded=status != 503)
    view = case.findings_view(for_clinician=True)
    contact = case.submission.contact
    page = render_template(
        "clinician/submission.html",
        submission=case.submission,
        contact=contact,
        age=age(contact.birth_date),
        answered_in=language_words(case.submission.language),
        waiting=waiting_words(case.submission.submitted_at) if case.submission.status in WAITING else "–",
        ruleset=case.ruleset,
        short_hash=case.ruleset.hash[:SHORT_HASH],
        bands=view.risk_bands(all_notices=True),
        indications=view.indications(),
        routes=view.routes(),
        info=view.info(for_everyone=False),
        info_for_everyone=view.info(for_everyone=True),
        unknowns=view.unknowns(),
        unassessed=view.unassessed(),
        answers=answer_groups(case),
        set_aside=set_aside(case),
        notes=note_rows(case),
        events=timeline_rows(case),
        openings=opening_rows(case),
        moves=[(move.value, MOVE_WORDS[move]) for move in shown_moves(case, Role.CLINICIAN)],
        review=case.review,
        signed=[review for review in case.reviews if review.sign_off],
        errors=errors or [],
        typed=typed or {},
    )
    return page, status
