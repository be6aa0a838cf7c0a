"""The switch of language on staff's pages: one button in their header, back to the page it was pressed on.

Patients have a switch of their own, which keeps what stands in their form; staff choose once, and keep it when they sign in or out.
"""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from screener.web.forms import ButtonForm
from screener.web.i18n import choose_language
from screener.web.own_pages import page_to_open

FIRST_PAGE = "/sign-in"  # leads those who are signed in to their own first page

blueprint = Blueprint("staff", __name__)


@blueprint.post("/staff-language")
def language() -> Response:
    """Speak another language from now on, on this page first."""
    if not ButtonForm().validate():
        abort(400)
    choose_language(request.form.get("language"))
    return redirect(page_to_open(request.form.get("next", "")) or request.script_root + FIRST_PAGE, 303)
