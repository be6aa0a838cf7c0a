"""After handing in: where the answers are, in plain words, and what a patient may still do with them.

They may change them, reply to a question of the clinic, or take them back. Which of these is possible now, the workflow says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from screener.store import operations, queries
from screener.store.models import Submission
from screener.store.refusals import DraftGone, Refused
from screener.store.sealed_drafts import OpenDraft
from screener.store.workflow import Move
from screener.web.extensions import now, reading, writing
from screener.web.forms import ButtonForm, clean_text, error_list
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.standing import STATUS_WORDS, patient_moves
from screener.web.patient.visit import Visit, current_visit, find_draft, forget_current_visit
from screener.web.patient_timeline import patient_timeline
from screener.web.row_numbers import seen_number

LONGEST_REPLY = 2000

Problems = list[tuple[str, str]]
Reply = str | Response | tuple[str, int]
Verb = Callable[..., object]


class ReplyForm(FlaskForm):
    question = HiddenField()
    reply = TextAreaField(
        filters=[clean_text],
        validators=[
            DataRequired(lazy_gettext("Write your reply first.")),
            Length(max=LONGEST_REPLY, message=lazy_gettext("Write a shorter reply, or tell the rest when you talk.")),
        ],
    )

    @property
    def question_id(self) -> int:
        """The number of the question; one that never was where the field holds no number."""
        return seen_number(self.question.data)


@blueprint.route("/status", methods=["GET", "POST"])
def status() -> Reply:
    """Where the answers are; its form is the reply to what the clinic asked."""
    if request.method == "GET":
        return _page(ReplyForm(formdata=None), [])
    form = ReplyForm()
    if switch_language(request.form.get("language")):
        return _page(form, [])
    if not form.validate():
        return _page(form, error_list(form)), 422
    problems = _attempt(
        lambda session, draft: operations.send_reply(
            session, draft, form.question_id, form.reply.data or "", now=now()
        ),
        field="reply",
    )
    if problems:
        return _page(form, problems), 409
    flash(gettext("Your reply is with the clinic."))
    return redirect(url_for("patient.status"), 303)


@blueprint.post("/amend")
def amend() -> Reply:
    """Begin to change what was sent: the answers come back onto the page that checks them."""
    return _act(operations.begin_amendment, "patient.check", None)


@blueprint.post("/amend/drop")
def drop_changes() -> Reply:
    """Forget the changes that were not sent."""
    return _act(
        operations.drop_amendment, "patient.summary", gettext("Your changes are forgotten. What you sent stands.")
    )


@blueprint.route("/withdraw", methods=["GET", "POST"])
def withdraw() -> Reply:
    """Asks once, then takes the answers back."""
    present = current_visit()
    if _has_sent_nothing(present):
        return redirect(url_for("patient.check"), 303)
    present, submission = _sent()
    form = ButtonForm()
    if request.method == "POST" and not switch_language(request.form.get("language")) and form.validate():
        return _act(operations.withdraw, "patient.status", gettext("You took your answers back."))
    if Move.WITHDRAW not in patient_moves(submission):
        return redirect(url_for("patient.status"), 303)
    return render_template(
        "patient/withdraw.html", reference=submission.reference, errors=error_list(form), has_changes=present.amends
    )


def _act(verb: Verb, leads_to: str, said: str | None) -> Reply:
    form = ButtonForm()
    if not form.validate():
        return _page(ReplyForm(formdata=None), error_list(form)), 400
    problems = _attempt(lambda session, draft: verb(session, draft, now=now()), field="main")
    if problems:
        return _page(ReplyForm(formdata=None), problems), 409
    if said:
        flash(said)
    return redirect(url_for(leads_to), 303)


def _attempt(act: Callable[[Session, OpenDraft], object], *, field: str) -> Problems:
    """Do something with the draft of this cookie in a transaction; what was refused, for the error summary."""
    try:
        with writing() as transaction:
            draft: OpenDraft | None = find_draft(transaction)
            if draft is None:
                raise DraftGone()
            act(transaction, draft)
    except DraftGone:
        raise
    except Refused as refused:
        return [(field, gettext(str(refused)))]
    finally:
        forget_current_visit()
    return []


def _has_sent_nothing(present: Visit | None) -> bool:
    return present is not None and not present.is_submitted and present.amends is None


def _sent() -> tuple[Visit, Submission]:
    """The visit and the submission it is about. Raises DraftGone where there is none."""
    present = current_visit()
    submission = (present.submission or present.amends) if present is not None else None
    if present is None or submission is None:
        raise DraftGone()
    return present, submission


def _page(form: ReplyForm, errors: Problems) -> str | Response:
    present = current_visit()
    if _has_sent_nothing(present):
        return redirect(url_for("patient.check"), 303)
    present, submission = _sent()
    with reading() as transaction:
        shown = _shown(transaction, submission)
    return render_template(
        "patient/status.html",
        submission=submission,
        words=STATUS_WORDS[submission.status],
        may=patient_moves(submission),
        form=form,
        errors=errors,
        longest=LONGEST_REPLY,
        ends_at=present.draft.expires_at,
        **shown,
    )


def _shown(session: Session, submission: Submission) -> dict[str, Any]:
    """The open question, what was asked and replied before, and where merged answers went."""
    kept = queries.kept_submission(session, submission)
    return {
        "question": queries.open_question_of(session, submission),
        "thread": queries.thread_of(session, submission),
        "merged_into": kept.reference if kept is not None else None,
        "happenings": patient_timeline(queries.events_of(session, submission)),
    }
