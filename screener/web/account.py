"""One's own account: who one is here, and when one wants to be told by mail that something is new."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice
from wtforms.validators import AnyOf

from screener.store import operations
from screener.store.accounts import Notify
from screener.web.auth import ROLE_WORDS, current_staff, home_of
from screener.web.extensions import now, services, writing
from screener.web.forms import error_list

NOTIFY_WORDS = {
    Notify.NEVER: lazy_gettext("Not by e-mail"),
    Notify.AT_ONCE: lazy_gettext("At once"),
    Notify.DAILY: lazy_gettext("Once a day"),
}

blueprint = Blueprint("account", __name__, url_prefix="/account")


class NotifyForm(FlaskForm):
    """When to be told."""

    notify = RadioField(
        choices=[SelectChoice(choice.value, words) for choice, words in NOTIFY_WORDS.items()],
        validate_choice=False,
        validators=[AnyOf([choice.value for choice in Notify], lazy_gettext("Choose when you want to be told."))],
    )


@blueprint.route("/", methods=["GET", "POST"])
def account() -> str | Response | tuple[str, int]:
    """One's own account: what one is told by mail, and the keys on the list."""
    staff = current_staff()
    if request.method == "GET":
        return _page(NotifyForm(formdata=None, data={"notify": staff.notify.value}), [])
    form = NotifyForm()
    if not form.validate():
        return _page(form, error_list(form)), 422
    with writing() as store:
        operations.choose_notify(store, staff, Notify(form.notify.data), now=now())
    flash(gettext("Saved."))
    return redirect(url_for("account.account"), 303)


def _page(form: NotifyForm, errors: list[tuple[str, str]]) -> str:
    staff = current_staff()
    return render_template(
        "account/account.html",
        staff=staff,
        role=ROLE_WORDS[staff.role],
        form=form,
        errors=errors,
        choices=[(choice.value, str(words)) for choice, words in NOTIFY_WORDS.items()],
        has_mail=bool(services().settings.smtp_host),
        home_url=home_of(staff),
    )
