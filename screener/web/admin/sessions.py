"""Who is signed in where, and ending it."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as Redirect

from screener.store import operations, queries
from screener.web.admin.blueprint import blueprint
from screener.web.auth import LONGEST_SESSION, ROLE_WORDS, SESSION, current_staff
from screener.web.errors import error_page
from screener.web.extensions import now, reading, writing
from screener.web.forms import ButtonForm


@blueprint.get("/sessions")
def sessions() -> str:
    """Every sign-in that can still be used."""
    with reading() as store:
        found = queries.open_sessions(store, longest=LONGEST_SESSION, now=now())
        mine = queries.open_session(store, str(cookie.get(SESSION, "")), current_staff().id)
    return render_template(
        "admin/sessions.html", sessions=found, roles=ROLE_WORDS, mine=mine.id if mine is not None else None
    )


@blueprint.post("/sessions/<row:session_id>/end")
def end_session(session_id: int) -> Response | Redirect:
    """End one of them at once."""
    if not ButtonForm().validate():
        return error_page(400)
    with writing() as store:
        operations.end_session(store, session_id, actor=current_staff(), now=now())
    return redirect(url_for("admin.sessions"), 303)
