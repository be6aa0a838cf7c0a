"""The intake door: the queue, and one submission to look at, note on, and move to where it goes next."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import operations, queries
from screener.store.models import Submission
from screener.store.refusals import BadCursor
from screener.store.workflow import Move, Role, Status
from screener.web.auth import current_staff
from screener.web.case_acts import MoveForm, Problem, attempt, open_case, shown_moves, text_field
from screener.web.case_list import (
    OPEN,
    PAGE,
    WAITING,
    chosen_statuses,
    could_be,
    list_row,
    tab_rows,
    waiting_words,
)
from screener.web.case_view import (
    MOVE_WORDS,
    age,
    answer_groups,
    language_words,
    note_rows,
    preferred_words,
    read_case,
    set_aside,
    timeline_rows,
)
from screener.web.extensions import now, reading
from screener.web.forms import error_list

DONE = (Status.SIGNED_OFF, Status.CLOSED, Status.WITHDRAWN)

blueprint = Blueprint("intake", __name__, url_prefix="/intake")

Errors = list[tuple[str, str]]
Page = tuple[str, int]


class NoteForm(FlaskForm):
    """Something to keep about a submission."""

    text = text_field(lazy_gettext("Write the note first."))


class UrgentNoteForm(FlaskForm):
    """What was done about an urgent finding."""

    urgent_text = text_field(lazy_gettext("Write what was done first."))


@blueprint.get("/")
def queue() -> str | Response:
    """Submissions in reading order: highest severity raised, then waiting time."""
    wanted = request.args.get("reference", "").strip()
    chosen = request.args.get("status", OPEN)
    statuses = chosen_statuses(chosen, WAITING, DONE)
    if statuses is None:
        abort(404)
    with reading() as session:
        sought = queries.submission_by_reference(session, wanted) if wanted else None
        if sought is not None:
            return redirect(url_for("intake.submission", public_id=sought.public_id), 303)
        try:
            page = queries.queue(session, statuses=statuses, after=request.args.get("after"), limit=PAGE)
        except BadCursor:
            abort(404)
        counts = queries.counts_by_status(session)
        rows = [(list_row(submission), _shown_line(session, submission)) for submission in page.submissions]
    return render_template(
        "intake/queue.html",
        rows=rows,
        tabs=tab_rows("intake.queue", chosen, counts, WAITING, DONE),
        open_count=sum(counts[status] for status in WAITING),
        total=sum(counts[status] for status in statuses),
        next_url=url_for("intake.queue", status=chosen, after=page.next) if page.next else None,
        first_url=url_for("intake.queue", status=chosen) if request.args.get("after") else None,
        reference=wanted,
        as_of=now(),
    )


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
        return _page(public_id, errors=error_list(form), typed=typed, status=422)

    def keep(session: Session, submission: Submission) -> None:
        add = operations.add_urgent_note if is_action and submission.is_urgent else operations.add_note
        add(session, submission, field.data, author=current_staff(), now=now())

    return _answer(public_id, attempt(public_id, keep), field.name, typed, anchor="notes")


@blueprint.post("/submissions/<public_id>/moves")
def move(public_id: str) -> Page | Response:
    """Accept for a clinician, ask the patient, close."""
    form = MoveForm()
    typed = {"note": form.note.data}
    if not form.validate():
        return _page(public_id, errors=error_list(form), typed=typed, status=422)
    wanted = form.wanted
    if wanted is None:
        abort(400)
    if wanted is Move.ASK and not form.note.data:
        missing = gettext("Write what the patient was asked, or is to be asked by phone.")
        return _page(public_id, errors=[("note", missing)], typed=typed, status=422)

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

    return _answer(public_id, attempt(public_id, act), "note", typed, anchor="next")


def _answer(
    public_id: str, problem: Problem | None, field: str, typed: dict[str, str | None], *, anchor: str
) -> Page | Response:
    if problem is None:
        return redirect(url_for("intake.submission", public_id=public_id, _anchor=anchor), 303)
    return _page(public_id, errors=[(field, problem.message)], typed=typed, status=problem.status)


def _page(
    public_id: str,
    *,
    errors: Errors | None = None,
    typed: dict[str, str | None] | None = None,
    status: int = 200,
) -> Page:
    case = open_case(public_id, is_recorded=status != 503)
    view = case.findings_view(for_clinician=False)
    contact = case.submission.contact
    page = render_template(
        "intake/submission.html",
        submission=case.submission,
        contact=contact,
        age=age(contact.birth_date),
        preferred=preferred_words(contact.preferred_contact),
        languages=(language_words(case.submission.language), language_words(contact.language)),
        could_be=could_be(case.submission),
        ruleset=case.ruleset,
        urgent_words=view.urgent_words(),
        needs_urgent_note=case.needs_urgent_note,
        bands=view.risk_bands(all_notices=False),
        unknowns=view.unknowns(),
        answers=answer_groups(case),
        set_aside=set_aside(case),
        notes=note_rows(case),
        events=timeline_rows(case),
        moves=[(move.value, MOVE_WORDS[move]) for move in shown_moves(case, Role.INTAKE)],
        errors=errors or [],
        typed=typed or {},
        waiting=waiting_words(case.submission.submitted_at) if case.submission.status in WAITING else "–",
    )
    return page, status


def _shown_line(session: Session, submission: Submission) -> str | None:
    """What the patient of an open urgent submission was shown, as long as nobody noted what was done."""
    if not submission.is_urgent or submission.status not in WAITING or queries.has_urgent_note(session, submission):
        return None
    return " ".join(read_case(session, submission).findings_view(for_clinician=False).urgent_words())
