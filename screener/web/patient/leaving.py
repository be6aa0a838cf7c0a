"""The ways out: stopping for now, erasing one's answers, and what one sees when they are no longer there."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from screener.web.extensions import current_ruleset
from screener.web.forms import ButtonForm, error_list
from screener.web.patient import journey
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.entry import forget_patient
from screener.web.patient.visit import Visit, current_visit, open_visit


@blueprint.get("/stopped")
def stopped() -> str | Response:
    present = open_visit()
    if present.amends is not None:  # what was sent before stays sent
        return redirect(url_for("patient.status"), 303)
    return render_template(
        "patient/stopped.html",
        go_on_url=journey.url_to_go_on(present),
        help_now=present.ruleset.prose.help_now,
        ends_at=present.draft.expires_at,
    )


@blueprint.post("/erase")
def erase() -> str | Response:
    """Asks once, then erases: a slip of the finger must not cost an hour's work."""
    present = current_visit()
    form = ButtonForm()
    is_switched = switch_language(request.form.get("language"))
    is_valid = form.validate()
    has_code = present is not None and bool(present.draft.return_code)
    if not is_switched and is_valid and (present is None or "confirm" in request.form):
        was_submitted = _was_sent(present)
        only_here = has_code and request.form.get("confirm") == "device"
        forget_patient(only_here=only_here)
        way = {"sent": 1 if was_submitted else None, "code": 1 if only_here else None}
        return redirect(url_for("patient.erased", **way), 303)
    keep_url = url_for("patient.start")
    if present is not None:
        keep_url = url_for("patient.summary") if present.is_submitted else journey.url_to_go_on(present)
    return render_template(
        "patient/erase.html",
        keep_url=keep_url,
        is_submitted=_was_sent(present),
        has_code=has_code,
        errors=[] if is_switched else error_list(form),
    )


def _was_sent(present: Visit | None) -> bool:
    """Whether there is something that stays with the clinic, though this browser forgets it."""
    return present is not None and (present.is_submitted or present.amends is not None)


@blueprint.get("/erased")
def erased() -> str:
    return render_template("patient/erased.html", was_sent="sent" in request.args, code_opens="code" in request.args)


@blueprint.get("/gone")
def gone() -> str:
    return render_template("patient/gone.html", help_now=current_ruleset().prose.help_now)
