"""The way in: what this is, whether one is an adult, and consent, which begins the draft. Before consent nothing is stored."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectChoice
from wtforms.validators import AnyOf, DataRequired

from screener.store import operations
from screener.web.extensions import current_ruleset, now, writing
from screener.web.forms import error_list
from screener.web.i18n import language
from screener.web.patient import journey, shared_device
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.keeping import lifetimes
from screener.web.patient.visit import TOKEN, current_visit, find_draft, forget_current_visit, remember_draft

ADULT = "adult"  # the session's key: said to be 18 or older


class AgeForm(FlaskForm):
    adult = RadioField(
        choices=[SelectChoice("yes", lazy_gettext("Yes")), SelectChoice("no", lazy_gettext("No"))],
        validate_choice=False,
        validators=[AnyOf(("yes", "no"), lazy_gettext("Choose yes or no."))],
    )


class ConsentForm(FlaskForm):
    shared_device = BooleanField()
    agree = BooleanField(validators=[DataRequired(lazy_gettext("Tick the box to go on, or close this page."))])


@blueprint.get("/")
def start() -> str:
    """The start page, with the way back to a draft of this browser."""
    present = current_visit()
    go_on = None
    if present is not None:
        go_on = url_for("patient.summary") if present.is_submitted else journey.url_to_go_on(present)
    ruleset = current_ruleset()
    return render_template(
        "patient/start.html",
        minutes=journey.minutes(ruleset),
        help_now=ruleset.prose.help_now,
        go_on_url=go_on,
        is_submitted=present is not None and present.is_submitted,
    )


@blueprint.route("/age", methods=["GET", "POST"])
def age() -> str | Response:
    """Whether one is an adult; asked before anything is stored."""
    present = current_visit()
    if present is not None:  # answered already; a slip here must not erase what was written
        return redirect(url_for("patient.summary") if present.is_submitted else journey.url_to_go_on(present), 303)
    form = AgeForm()
    if request.method == "POST" and not switch_language(request.form.get("language")) and form.validate():
        if form.adult.data == "no":
            forget_patient()
            return redirect(url_for("patient.adults_only"), 303)
        session[ADULT] = True
        return redirect(url_for("patient.consent"), 303)
    return render_template("patient/age.html", form=form, errors=error_list(form))


@blueprint.get("/adults-only")
def adults_only() -> str:
    """Whom this guide is for, and where others find help."""
    return render_template("patient/adults_only.html", help_now=current_ruleset().prose.help_now)


@blueprint.route("/consent", methods=["GET", "POST"])
def consent() -> str | Response:
    """Consent, which begins the draft."""
    present = current_visit()
    if present is not None:
        return redirect(url_for("patient.summary") if present.is_submitted else journey.url_to_go_on(present), 303)
    if not session.get(ADULT):
        return redirect(url_for("patient.age"), 303)
    form = ConsentForm()
    if request.method == "POST" and not switch_language(request.form.get("language")) and form.validate():
        shared_device.say_shared(form.shared_device.data)
        with writing() as transaction:
            _, token = operations.begin_draft(
                transaction, current_ruleset(), language=language(), now=now(), lifetimes=lifetimes()
            )
        remember_draft(token)
        return redirect(url_for("patient.about_you"), 303)
    return render_template(
        "patient/consent.html", form=form, errors=error_list(form), asks_device=not shared_device.is_always_shared()
    )


def forget_patient(*, only_here: bool = False) -> None:
    """Erase the draft, if there is one, on all devices, and what the cookie knows of this patient.

    `only_here`: the draft stays for those who have its return code.
    """
    with writing() as transaction:
        draft = find_draft(transaction)
        if draft is not None:
            end = operations.leave_device if only_here else operations.erase_draft
            end(transaction, draft, now=now())
    session.pop(TOKEN, None)
    session.pop(ADULT, None)
    session.permanent = False
    journey.forget_screens()
    forget_current_visit()
