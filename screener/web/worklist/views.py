"""The views that someone keeps of their list: the filters of the moment under a name."""

from __future__ import annotations

from flask import abort, flash, redirect
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from screener.store import operations, queries
from screener.store.operations.queue import LONGEST_NAME
from screener.store.refusals import TooManyViews, ViewNameMissing
from screener.web.auth import current_staff
from screener.web.extensions import now, writing
from screener.web.forms import ButtonForm, clean_line, error_list
from screener.web.worklist.assigning import INCOMPLETE, REFUSED
from screener.web.worklist.blueprint import blueprint
from screener.web.worklist.doors import own_door
from screener.web.worklist.listing import render_list, where_in_form


class ViewForm(FlaskForm):
    """A name for what is shown."""

    view_name = StringField(
        filters=[clean_line],
        validators=[DataRequired(ViewNameMissing.text), Length(max=LONGEST_NAME, message=ViewNameMissing.text)],
    )


@blueprint.post("/views")
def save_view() -> Response | tuple[str, int]:
    """Keep the filters of the list that this was sent from."""
    form, door, where = ViewForm(), own_door(), where_in_form()
    name = form.view_name.data or ""
    if not form.validate():
        errors = [(field, gettext(message)) for field, message in error_list(form)]
        return render_list(door, where, errors=errors, typed=name), INCOMPLETE
    try:
        with writing() as session:
            operations.save_view(session, current_staff(), name, where.filters, now=now())
    except TooManyViews as refused:
        return render_list(door, where, errors=[("view_name", gettext(refused.text))], typed=name), REFUSED
    flash(gettext("The view “%(name)s” is kept.", name=name))
    return redirect(door.list_url(where.filters), 303)


@blueprint.post("/views/<row:view_id>/delete")
def delete_view(view_id: int) -> Response:
    """Delete one of one's own views."""
    if not ButtonForm().validate():
        abort(400)
    door, where = own_door(), where_in_form()
    with writing() as session:
        view = queries.saved_view(session, view_id, user_id=current_staff().id) or abort(404)
        name = view.name
        operations.delete_view(session, view, user=current_staff(), now=now())
    flash(gettext("The view “%(name)s” is deleted.", name=name))
    return redirect(where.url(door), 303)
