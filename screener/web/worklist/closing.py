"""Closing one or several submissions: a page that asks why, then says what was done and what was not."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request
from flask_babel import gettext, lazy_gettext, ngettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField

from screener.store import operations
from screener.store.casework import CloseReason
from screener.store.models import Submission
from screener.store.workflow import Status
from screener.web.auth import current_staff
from screener.web.case.acts import text_field
from screener.web.close_reasons import REASON_WORDS
from screener.web.extensions import now
from screener.web.forms import error_list
from screener.web.worklist.assigning import INCOMPLETE, REFUSED, nothing_chosen
from screener.web.worklist.blueprint import blueprint
from screener.web.worklist.chosen import Results, act_on, chosen_keys, chosen_submissions
from screener.web.worklist.doors import Door, nav_rows, own_door
from screener.web.worklist.listing import Where, render_list, where_in_form
from screener.web.worklist.rows import row_key

MISSING = lazy_gettext("Say why they are closed before a clinician has read them.")


class CloseForm(FlaskForm):
    """Why; `step` is `close` once that was asked for."""

    step = StringField()
    reason = StringField()
    text = text_field()

    @property
    def wanted_reason(self) -> CloseReason | None:
        """The reason; None where none was chosen."""
        return next((reason for reason in CloseReason if reason.value == self.reason.data), None)


@blueprint.post("/close")
def close() -> Response | str | tuple[str, int]:
    """First ask why, then close each chosen submission."""
    form, door, where = CloseForm(), own_door(), where_in_form()
    keys = chosen_keys()
    if not keys:
        return render_list(door, where, errors=[nothing_chosen()]), INCOMPLETE
    submissions = chosen_submissions(keys)
    if not form.validate():
        return _page(form, door, where, submissions, error_list(form)), INCOMPLETE
    if form.step.data != "close":
        return _page(form, door, where, submissions, [])
    reason = form.wanted_reason
    if reason is None and any(one.status is not Status.SIGNED_OFF for one in submissions):
        return _page(form, door, where, submissions, [("reason", str(MISSING))]), INCOMPLETE
    if reason is CloseReason.OTHER and not form.text.data:
        return _page(form, door, where, submissions, [("text", gettext("Write the reason."))]), INCOMPLETE

    def act(session: Session, submission: Submission, version: int) -> None:
        operations.close_submission(
            session,
            submission,
            None if submission.status is Status.SIGNED_OFF else reason,
            actor=current_staff(),
            expected_version=version,
            now=now(),
            text=form.text.data or "",
        )

    results = act_on(keys, act)
    return _answer(form, door, where, results)


def _answer(form: CloseForm, door: Door, where: Where, results: Results) -> Response | tuple[str, int]:
    if results.done:
        number = len(results.done)
        flash(ngettext("%(num)s submission is closed.", "%(num)s submissions are closed.", number))
    if not results.problems:
        return redirect(where.url(door), 303)
    left = chosen_submissions([(public_id, 0) for public_id in results.left])
    return _page(form, door, where, left, results.errors), REFUSED


def _page(
    form: CloseForm, door: Door, where: Where, submissions: Sequence[Submission], errors: list[tuple[str, str]]
) -> str:
    return render_template(
        "worklist/close.html",
        nav=nav_rows(door, "list"),
        back_url=where.url(door),
        back_label=str(door.title),
        query=request.form.get("query", ""),
        submissions=[(one, row_key(one), door.submission_url(one)) for one in submissions],
        needs_reason=any(one.status is not Status.SIGNED_OFF for one in submissions),
        reasons=[(reason.value, str(words)) for reason, words in REASON_WORDS.items()],
        reason=form.reason.data or "",
        text=form.text.data or "",
        errors=errors,
    )
