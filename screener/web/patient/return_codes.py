"""Save and come back later: the page that gives a return code, when it is asked for and again as often as it is wanted."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from screener.store import operations
from screener.store.refusals import DraftGone
from screener.web.extensions import now, writing
from screener.web.forms import ButtonForm, error_list
from screener.web.i18n import language
from screener.web.patient import journey, urgent_notices
from screener.web.patient.blueprint import blueprint
from screener.web.patient.keeping import return_url, server_key
from screener.web.patient.visit import Visit, current_visit, find_draft, forget_current_visit, open_until

SAVE_FOR_LATER = "save_for_later"  # the button's name, in the form of every screen


@blueprint.route("/return-code", methods=["GET", "POST"])
def return_code() -> str | Response:
    """Make a return code, or show the one there is."""
    present = current_visit()
    if present is None:
        raise DraftGone()
    if present.contact is None:  # the code goes with the date of birth
        return redirect(url_for("patient.about_you"), 303)
    form = ButtonForm()
    if request.method == "POST" and form.validate():
        _make()
        return redirect(url_for("patient.return_code"), 303)
    return render_template(
        "patient/return_code.html",
        words=present.draft.return_code,
        ends_at=present.draft.expires_at,
        device_ends_at=open_until(present),
        return_address=_address(),
        go_on_url=url_for("patient.summary") if present.is_submitted else journey.url_after_saving(present),
        is_submitted=present.is_submitted,
        errors=error_list(form),
    )


def save_for_later(present: Visit) -> Response:
    """After a screen was saved: give the draft its code. Urgent words come first, then the page with the code."""
    _make()
    if urgent_notices.unread(present):
        journey.remember_screen(journey.RETURN_CODE)
        return redirect(url_for("patient.help_now"), 303)
    return redirect(url_for("patient.return_code"), 303)


def _make() -> None:
    with writing() as transaction:
        draft = find_draft(transaction)
        if draft is None:
            raise DraftGone()
        operations.make_return_code(transaction, draft, language=language(), server_key=server_key(), now=now())
    forget_current_visit()


def _address() -> str:
    """Where to type the code, as one copies it from paper."""
    whole = return_url()
    return whole.partition("://")[2] or whole
