"""Who works on a submission and who has it, for others to see: the band over its page, and its buttons."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import operations, queries
from screener.store.models import Submission
from screener.store.queue_filters import ME, NOBODY
from screener.web.auth import current_staff
from screener.web.case.acts import attempt, found
from screener.web.extensions import now, reading
from screener.web.forms import ButtonForm
from screener.web.row_numbers import number_in
from screener.web.worklist.blueprint import blueprint
from screener.web.worklist.doors import own_door
from screener.web.worklist.filter_form import FilterField, people_choices
from screener.web.worklist.rows import work_words


@dataclass(frozen=True, slots=True)
class Work:
    """Who works on a submission, in words; None where nobody does, and `worker_id` is 0. `assign_to`: whom it can be given to, None
    where it is open no more."""

    words: str | None
    worker_id: int
    is_mine: bool
    can_begin: bool
    assign_to: FilterField | None


def work_on(submission: Submission) -> Work:
    """What the band over a submission's page says."""
    with reading() as session:
        worker = queries.at_work(session, [submission], now=now()).get(submission.id)
        assign_to = _assign_to(session, submission) if submission.is_open else None
    is_mine = worker is not None and worker.id == current_staff().id
    return Work(
        words=work_words(worker, submission) if worker else None,
        worker_id=worker.id if worker else 0,
        is_mine=is_mine,
        can_begin=submission.is_open and not is_mine,
        assign_to=assign_to,
    )


def _assign_to(session: Session, submission: Submission) -> FilterField:
    """For `select_field`; who has it is chosen."""
    choices = people_choices(session)
    has_it = NOBODY if submission.assignee is None else str(submission.assignee.id)
    if submission.assignee is not None and submission.assignee.id == current_staff().id:
        has_it = ME
    elif submission.assignee is not None and has_it not in dict(choices):
        choices = [*choices, (has_it, submission.assignee.name)]
    return FilterField("assignee", gettext("Assign to"), choices, has_it)


@blueprint.post("/<public_id>/begin")
def begin_work(public_id: str) -> Response:
    """Work on it from now on; from whom it is taken over was seen on the page."""
    seen_id = number_in(request.form.get("worker"))

    def act(session: Session, submission: Submission) -> None:
        operations.begin_work(session, submission, actor=current_staff(), seen_worker_id=seen_id, now=now())

    return _answer(public_id, act)


@blueprint.post("/<public_id>/end")
def end_work(public_id: str) -> Response:
    """No longer work on it."""

    def act(session: Session, submission: Submission) -> None:
        operations.end_work(session, submission, actor=current_staff(), now=now())

    return _answer(public_id, act)


def _answer(public_id: str, act: object) -> Response:
    if not ButtonForm().validate():
        flash(gettext("This page was open for a long time. Please send it once more."))
    else:
        refusal = attempt(public_id, act, field="work", typed={})
        for _, message in refusal.errors if refusal else ():
            flash(message)
    with reading() as session:
        return redirect(own_door().submission_url(found(session, public_id)), 303)
