"""Giving submissions to someone: one by its Take button or on its own page, or all that are chosen."""

from __future__ import annotations

from flask import abort, flash, redirect
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField

from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.models import Submission
from screener.store.queue_filters import ME, NOBODY
from screener.web.auth import current_staff
from screener.web.case.acts import VersionedForm, attempt, found
from screener.web.extensions import now, reading
from screener.web.forms import error_list
from screener.web.row_numbers import number_in
from screener.web.worklist.blueprint import blueprint
from screener.web.worklist.chosen import act_on, chosen_keys
from screener.web.worklist.doors import own_door
from screener.web.worklist.listing import render_list, where_in_form

REFUSED, INCOMPLETE = 409, 422


class AssignForm(FlaskForm):
    """Who is to have them: me, nobody, or the number of an account."""

    assignee = StringField()


class AssignOneForm(VersionedForm):
    """The same on the page of one submission."""

    assignee = StringField()


@blueprint.post("/assign")
def assign() -> Response | tuple[str, int]:
    """Give each chosen submission to someone; what could not be done is said line by line."""
    form, door, where = AssignForm(), own_door(), where_in_form()
    keys = chosen_keys()
    if not form.validate():
        chosen = [public_id for public_id, _ in keys]
        return render_list(door, where, errors=error_list(form), chosen=chosen), INCOMPLETE
    if not keys:
        return render_list(door, where, errors=[nothing_chosen()]), INCOMPLETE
    assignee = _assignee(str(form.assignee.data or ""))

    def act(session: Session, submission: Submission, version: int) -> None:
        operations.assign_submission(
            session, submission, assignee, actor=current_staff(), expected_version=version, now=now()
        )

    results = act_on(keys, act)
    if results.done:
        flash(_done_words(len(results.done), assignee))
    if results.problems:
        return render_list(door, where, errors=results.errors, chosen=results.left), REFUSED
    return redirect(where.url(door), 303)


@blueprint.post("/<public_id>/assign")
def assign_one(public_id: str) -> Response:
    """Give the submission of a page to someone, and go on with it."""
    form, door = AssignOneForm(), own_door()
    if not form.validate():
        flash(gettext("This page was open for a long time. Please send it once more."))
    else:
        assignee = _assignee(str(form.assignee.data or ""))

        def act(session: Session, submission: Submission) -> None:
            operations.assign_submission(
                session, submission, assignee, actor=current_staff(), expected_version=form.seen_version, now=now()
            )

        refusal = attempt(public_id, act, field="assignee", typed={})
        for _, message in refusal.errors if refusal else [("assignee", _done_words(1, assignee))]:
            flash(message)
    with reading() as session:
        return redirect(door.submission_url(found(session, public_id)), 303)


def nothing_chosen() -> tuple[str, str]:
    """For `error_summary`."""
    return "list", gettext("Choose one or more submissions first, with the box before the reference.")


def _assignee(code: str) -> User | None:
    """The account behind a choice; None for nobody, a bad request where there is none."""
    if code == NOBODY:
        return None
    if code == ME:
        return current_staff()
    number = number_in(code)
    if number is None:
        abort(400)
    with reading() as session:
        return queries.user_by_id(session, number) or abort(400)


def _done_words(number: int, assignee: User | None) -> str:
    if assignee is None:
        return ngettext("%(num)s submission is with no one now.", "%(num)s submissions are with no one now.", number)
    return ngettext(
        "%(num)s submission is with %(name)s now.",
        "%(num)s submissions are with %(name)s now.",
        number,
        name=assignee.name,
    )
