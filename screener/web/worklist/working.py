"""That someone works on a submission, for others to see: the band over its page, and its two buttons."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import operations, queries
from screener.store.models import Submission
from screener.web.auth import current_staff
from screener.web.case.acts import attempt, found
from screener.web.extensions import now, reading
from screener.web.forms import ButtonForm
from screener.web.worklist.blueprint import blueprint
from screener.web.worklist.doors import own_door
from screener.web.worklist.rows import work_words

_MANY_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Work:
    """Who works on a submission, in words; None where nobody does. `worker_id` is 0 then."""

    words: str | None
    worker_id: int
    is_mine: bool
    can_begin: bool


def work_on(submission: Submission) -> Work:
    """What the band over a submission's page says."""
    with reading() as session:
        worker = queries.at_work(session, [submission], now=now()).get(submission.id)
    is_mine = worker is not None and worker.id == current_staff().id
    return Work(
        words=work_words(worker, submission) if worker else None,
        worker_id=worker.id if worker else 0,
        is_mine=is_mine,
        can_begin=submission.is_open and not is_mine,
    )


@blueprint.post("/<public_id>/begin")
def begin_work(public_id: str) -> Response:
    """Work on it from now on; from whom it is taken over was seen on the page."""
    seen = request.form.get("worker", "")
    seen_id = int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= _MANY_DIGITS else None

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
