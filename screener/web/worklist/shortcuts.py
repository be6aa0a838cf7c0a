"""Single keys as shortcuts on the list: each person can switch them off, for those who speak or bump into keys."""

from __future__ import annotations

from flask import abort, redirect, request, session
from werkzeug.wrappers import Response

from screener.web.forms import ButtonForm
from screener.web.worklist.blueprint import blueprint
from screener.web.worklist.doors import own_door
from screener.web.worklist.listing import SHORTCUTS, where_in_form


@blueprint.post("/shortcuts")
def shortcuts() -> Response:
    """Switch them on or off until signing out."""
    if not ButtonForm().validate():
        abort(400)
    if request.form.get("shortcuts") == "off":
        session[SHORTCUTS] = "off"
    else:
        session.pop(SHORTCUTS, None)
    return redirect(where_in_form().url(own_door()), 303)
