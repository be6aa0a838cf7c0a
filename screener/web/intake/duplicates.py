"""Putting together what the same person sent twice, and taking it apart again; at intake alone. How two are compared is shared."""

from __future__ import annotations

from flask import redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from screener.store import operations
from screener.store.models import Submission
from screener.web.auth import current_staff
from screener.web.case.acts import VersionedForm, attempt, found, incomplete
from screener.web.case.page import Page
from screener.web.extensions import now
from screener.web.forms import error_list
from screener.web.intake.blueprint import blueprint
from screener.web.intake.submission import intake_page
from screener.web.row_numbers import seen_number


class MergeForm(VersionedForm):
    """Which of two goes on: `keep` is the public id of the one that stands for both; versions are those that were compared."""

    keep = StringField()
    other_version = HiddenField()


class UnmergeForm(VersionedForm):
    """Only a version."""


@blueprint.post("/submissions/<public_id>/beside/<other_id>")
def merge(public_id: str, other_id: str) -> Page | Response:
    """Put two together; the one whose button was pressed goes on."""
    form = MergeForm()
    if not form.validate():
        return intake_page(public_id, incomplete(error_list(form), {}))
    keeps_this = form.keep.data != other_id
    seen = (form.seen_version, seen_number(form.other_version.data))

    def put_together(session: Session, this: Submission) -> None:
        other = found(session, other_id)
        merged, into, versions = (other, this, seen[::-1]) if keeps_this else (this, other, seen)
        operations.merge_submission(
            session, merged, into=into, actor=current_staff(), expected_versions=versions, now=now()
        )

    refusal = attempt(public_id, put_together, field="same-person", typed={})
    if refusal is not None:
        return intake_page(public_id, refusal)
    kept = public_id if keeps_this else other_id
    return redirect(url_for("intake.submission", public_id=kept, _anchor="also-sent"), 303)


@blueprint.post("/submissions/<public_id>/unmerge")
def unmerge(public_id: str) -> Page | Response:
    """Take a merged submission out again."""
    form = UnmergeForm()
    if not form.validate():
        return intake_page(public_id, incomplete(error_list(form), {}))

    def take_apart(session: Session, submission: Submission) -> None:
        operations.unmerge_submission(
            session, submission, actor=current_staff(), expected_version=form.seen_version, now=now()
        )

    refusal = attempt(public_id, take_apart, field="main", typed={})
    if refusal is not None:
        return intake_page(public_id, refusal)
    return redirect(url_for("intake.submission", public_id=public_id), 303)
