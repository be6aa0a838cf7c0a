"""Finding a patient: what was typed travels in a form and never in an address, and every search is recorded as an access."""

from __future__ import annotations

from flask import redirect, render_template
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from screener.store import operations, queries
from screener.store.queries import Found
from screener.web.auth import current_staff
from screener.web.extensions import now, reading, writing
from screener.web.forms import clean_line, error_list
from screener.web.worklist.assigning import INCOMPLETE
from screener.web.worklist.blueprint import blueprint
from screener.web.worklist.doors import Door, nav_rows, own_door
from screener.web.worklist.rows import list_rows
from screener.web.worklist.sought import read_sought

LONGEST = 200


class SearchForm(FlaskForm):
    """What is known of someone, in one line."""

    sought = StringField(filters=[clean_line], validators=[DataRequired(), Length(max=LONGEST)])


@blueprint.get("/search")
def search_form() -> str:
    """An empty search."""
    return _page(own_door(), "", [], None)


@blueprint.post("/search")
def search() -> Response | str | tuple[str, int]:
    """What was found; a reference leads to its submission at once."""
    form, door = SearchForm(), own_door()
    typed = form.sought.data or ""
    if not form.validate():
        missing = [("sought", gettext("Write a reference, a name, a birth date or a phone number."))]
        stale = [error for error in error_list(form) if error[0] == "main"]
        return _page(door, typed, stale or missing, None), INCOMPLETE
    reference, sought = read_sought(typed, today=now().date())
    with reading() as session:
        if reference:
            one = queries.submission_by_reference(session, reference)
            found = Found([one] if one else [], False)
        else:
            found = queries.search_submissions(session, sought)
    kinds = ("reference",) if reference else sought.kinds
    with writing() as session:
        operations.record_search(session, kinds, len(found.submissions), actor=current_staff(), now=now())
    if reference and found.submissions:
        return redirect(door.submission_url(found.submissions[0]), 303)
    return _page(door, typed, [], found)


def _page(door: Door, typed: str, errors: list[tuple[str, str]], found: Found | None) -> str:
    submissions = found.submissions if found else []
    with reading() as session:
        rows = list_rows(session, submissions, [door.submission_url(one) for one in submissions])
    return render_template(
        "worklist/search.html",
        nav=nav_rows(door, "search"),
        typed=typed,
        errors=errors,
        rows=rows,
        is_answer=found is not None,
        has_more=found is not None and found.has_more,
        is_partial=found is not None and found.is_partial,
    )
