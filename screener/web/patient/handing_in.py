"""Checking the answers, handing them in, and the summary one leaves with: to read, what everyone is told, and to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from screener.engine.summary import has_own_words
from screener.store import operations, queries
from screener.store.models import Submission
from screener.store.refusals import AnswersChangedMeanwhile, DraftGone, DraftSubmitted, Refused
from screener.store.sealed_drafts import details_of
from screener.web.extensions import now, reading, writing
from screener.web.forms import ButtonForm, error_list
from screener.web.patient import journey, urgent_notices
from screener.web.patient.answer_rows import Row, changed_rows, groups
from screener.web.patient.blueprint import blueprint
from screener.web.patient.look_again import things_to_look_at
from screener.web.patient.summary_page import paper_page, summary_page
from screener.web.patient.visit import (
    Visit,
    current_visit,
    draft_to_change,
    forget_current_visit,
    open_visit,
    visit_of,
)


@blueprint.route("/check", methods=["GET", "POST"])
def check() -> str | Response:
    """All answers to look over; its button hands them in, or sends what was changed."""
    present = open_visit()
    if present.contact is None:
        return redirect(url_for("patient.about_you", back="check"), 303)
    if urgent_notices.unread(present):
        journey.remember_screen(journey.CHECK)
        return redirect(url_for("patient.help_now"), 303)
    form = ButtonForm()
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and form.validate():
        if present.amends is None:
            return _hand_in()
        errors, where_next = _send_changes()
        if where_next:
            return redirect(url_for(where_next), 303)
        present = open_visit()
    return render_template(
        "patient/check.html",
        groups=groups(present),
        conflicts=things_to_look_at(present),
        changes=_changes(present),
        errors=[*error_list(form), *errors],
        progress=journey.progress(present, journey.CHECK),
        back_url=journey.url_before(present, journey.CHECK),
        quiet_lines=urgent_notices.quiet_lines(present, None),
        ends_at=present.draft.expires_at,
        has_own_words=has_own_words(present.ruleset, present.answers),
    )


def _hand_in() -> Response:
    """Screen what is stored and hand it in, in one transaction; a second time finds it handed in and shows the summary."""
    with writing() as transaction:
        draft = draft_to_change(transaction)
        present = visit_of(transaction, draft)
        if present.screening is not None and not urgent_notices.unread(present):
            operations.submit(transaction, draft, screening=present.screening, now=now())
    forget_current_visit()
    return redirect(url_for("patient.summary"), 303)


def _send_changes() -> tuple[list[tuple[str, str]], str | None]:
    """Screen the changed answers and hand them in as a new version; what stands in the way, for the error summary, or where
    to go on: back to the check where another tab raised something urgent since the page was looked at.
    """
    try:
        with writing() as transaction:
            draft = draft_to_change(transaction)
            present = visit_of(transaction, draft)
            if present.screening is None or urgent_notices.unread(present):
                forget_current_visit()
                return [], "patient.check"
            operations.send_amendment(transaction, draft, screening=present.screening, now=now())
    except DraftSubmitted:
        raise
    except Refused as refused:
        if isinstance(refused, AnswersChangedMeanwhile):
            with writing() as transaction:
                operations.look_again(transaction, draft_to_change(transaction), now=now())
        forget_current_visit()
        return [("main", gettext(str(refused)))], None
    forget_current_visit()
    flash(gettext("Your changes are with the clinic. What you sent before is kept beside them."))
    return [], "patient.summary"


def _changes(present: Visit) -> list[tuple[str, Row, Row]] | None:
    """What was changed since it was sent; None where nothing was sent yet."""
    if present.amends is None:
        return None
    with reading() as transaction:
        before = queries.current_response(transaction, present.amends).answers
    return changed_rows(present, before, details_of(present.amends.contact))


@blueprint.get("/summary")
def summary() -> str | Response:
    """What to talk about, as it was when it was sent."""
    return _from_summary("patient/summary.html", summary_page)


@blueprint.get("/summary/good-to-know")
def summary_facts() -> str | Response:
    """What everyone is told, whatever they answered."""
    return _from_summary("patient/summary_facts.html", summary_page)


@blueprint.get("/summary/print")
def summary_paper() -> str | Response:
    """The whole summary in the order of the paper, for the browser's own printer."""
    return _from_summary("patient/summary_paper.html", paper_page)


def _from_summary(template: str, variables: Callable[[Visit, Submission], dict[str, Any]]) -> str | Response:
    present = current_visit()
    if present is None:
        raise DraftGone()
    if present.submission is None:
        return redirect(url_for("patient.check"), 303)
    return render_template(template, **variables(present, present.submission))
