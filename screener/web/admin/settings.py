"""The clinic's settings: what an administrator may change here, and what stands in the instance's `config.toml`."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from screener.store import operations
from screener.web.admin.blueprint import blueprint
from screener.web.auth import current_staff
from screener.web.extensions import now, reading, services, writing
from screener.web.forms import error_list
from screener.web.waiting import WAITING_TARGET, waiting_target_hours

MOST_HOURS = 24 * 60
_RANGE = lazy_gettext("Write a number of hours from 1 to %(most)s.", most=MOST_HOURS)


class SettingsForm(FlaskForm):
    """What is changed here."""

    waiting_target_hours = IntegerField(validators=[InputRequired(_RANGE), NumberRange(1, MOST_HOURS, _RANGE)])


@blueprint.route("/settings", methods=["GET", "POST"])
def settings() -> str | Response | tuple[str, int]:
    """The clinic as patients and staff see it."""
    if request.method == "GET":
        with reading() as store:
            hours = waiting_target_hours(store)
        return _page(SettingsForm(formdata=None, data={WAITING_TARGET: hours}), [])
    form = SettingsForm()
    if not form.validate():
        errors = [(name, str(_RANGE) if name == WAITING_TARGET else words) for name, words in error_list(form)]
        return _page(form, errors), 422
    with writing() as store:
        operations.change_setting(
            store, WAITING_TARGET, form.waiting_target_hours.data, actor=current_staff(), now=now()
        )
    flash(gettext("Saved."))
    return redirect(url_for("admin.settings"), 303)


def _page(form: SettingsForm, errors: list[tuple[str, str]]) -> str:
    return render_template("admin/settings.html", form=form, errors=errors, settings=services().settings)
