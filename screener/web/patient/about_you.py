"""Who the patient is and how to reach them: the web's own form, kept apart from the answers. Under 18 nothing is kept."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import format_date, gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Field, RadioField, SelectChoice, StringField
from wtforms.form import BaseForm
from wtforms.utils import unset_value
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from screener.store import operations
from screener.store.sealed_drafts import ContactDetails, OpenDraft
from screener.web.extensions import now, writing
from screener.web.forms import clean_line, error_list
from screener.web.patient import journey
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.entry import forget_patient
from screener.web.patient.keeping import server_key
from screener.web.patient.visit import Visit, draft_to_change, forget_current_visit, full_years, open_visit
from screener.web.typed_answers import DateParts

ADULT_YEARS = 18
CONFIRMED = "confirmed-birth-date"  # posted once more, unchanged, after the page asked whether it is right
KEEP = "keep-answers"  # the button's name on a page whose draft is no longer there
OLDEST_YEARS = 130
FEWEST_DIGITS = 7
PREFERRED = {"phone": lazy_gettext("Call me"), "text": lazy_gettext("Text me"), "email": lazy_gettext("E-mail me")}
LANGUAGE_NAMES = {"en": "English", "es": "Español"}


class BirthDateField(DateParts, Field):
    """Month, day and year of birth; `data` is the date, once validated."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if formdata is not None:
            self.keep_date(formdata)

    def process_data(self, value: date | None) -> None:
        self.data = value
        self.show_date(value.isoformat() if value is not None else None)

    def pre_validate(self, form: BaseForm) -> None:
        self.data = None
        try:
            written = self.read_date()
            born = date.fromisoformat(written) if written is not None else None
        except ValueError:
            raise ValidationError(
                gettext("Write a real date of birth in digits, with four digits for the year, like 3, 14 and 1968.")
            ) from None
        if born is None:
            raise ValidationError(gettext("Write your date of birth."))
        today = now().date()
        if born > today or full_years(born, today) > OLDEST_YEARS:
            raise ValidationError(gettext("Check the year of your date of birth."))
        self.data = born


class AboutYouForm(FlaskForm):
    name = StringField(
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Write your name.")),
            Length(max=200, message=lazy_gettext("Write a shorter name.")),
        ],
    )
    birth_date = BirthDateField()
    phone = StringField(
        filters=[clean_line], validators=[Length(max=50, message=lazy_gettext("Write a shorter number."))]
    )
    email = StringField(
        filters=[clean_line], validators=[Length(max=254, message=lazy_gettext("Write a shorter e-mail address."))]
    )
    preferred_contact = RadioField(
        choices=[SelectChoice(code, words) for code, words in PREFERRED.items()],
        validate_choice=False,
        validators=[AnyOf(tuple(PREFERRED), lazy_gettext("Choose how to reach you."))],
    )
    contact_language = RadioField(
        choices=[SelectChoice(code, words) for code, words in LANGUAGE_NAMES.items()],
        validate_choice=False,
        validators=[AnyOf(tuple(LANGUAGE_NAMES), lazy_gettext("Choose a language."))],
    )
    helper = StringField(
        filters=[clean_line], validators=[Length(max=200, message=lazy_gettext("Write fewer words about your helper."))]
    )

    def validate_phone(self, field: Field) -> None:
        if field.data and not _is_phone(field.data):
            raise ValidationError(gettext("Write a phone number with its area code, like 555 555 0142."))
        if not field.data and not self.email.data:
            raise ValidationError(gettext("Write a phone number or an e-mail address, so that we can reach you."))
        if not field.data and self.preferred_contact.data in ("phone", "text"):
            raise ValidationError(gettext("You asked for a call or a text. Write your phone number."))

    def validate_email(self, field: Field) -> None:
        if field.data and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,189}", field.data):
            raise ValidationError(gettext("Write your e-mail address like name@example.org."))
        if not field.data and self.phone.data and self.preferred_contact.data == "email":
            raise ValidationError(gettext("You asked for e-mail. Write your e-mail address."))


@blueprint.route("/about-you", methods=["GET", "POST"])
def about_you() -> str | Response:
    present = open_visit()
    back_to_check = request.args.get("back") == "check"
    if request.method == "GET":
        return page(present, AboutYouForm(formdata=None, data=_stored(present.contact)), [])
    form = AboutYouForm()
    if switch_language(request.form.get("language")):
        return page(open_visit(), AboutYouForm(), [])
    if not form.validate():
        return page(present, form, error_list(form))
    if present.amends is not None and form.birth_date.data != present.amends.contact.birth_date:
        return page(present, form, [("birth_date", _fixed_birth_date())])
    refused = refuse_minor(present, form)
    if refused is not None:
        return refused
    with writing() as transaction:
        keep_contact(transaction, draft_to_change(transaction), form)
    forget_current_visit()
    return redirect(journey.url_after(open_visit(), journey.ABOUT_YOU, back_to_check=back_to_check), 303)


def refuse_minor(present: Visit, form: AboutYouForm, *, kept: bool = False) -> str | Response | None:
    """Where the birth date of a validated form is one of a minor: ask once whether it is right, then erase all there is."""
    born = form.birth_date.data
    if full_years(born, now().date()) >= ADULT_YEARS:
        return None
    if request.form.get(CONFIRMED) != born.isoformat():
        return page(present, form, [_slip(born)], confirm=born, kept=kept)
    forget_patient()
    return redirect(url_for("patient.adults_only"), 303)


def keep_contact(transaction: Session, draft: OpenDraft, form: AboutYouForm) -> None:
    """Save what a validated form says."""
    operations.save_contact(
        transaction,
        draft,
        name=form.name.data,
        birth_date=form.birth_date.data,
        phone=form.phone.data or None,
        email=form.email.data or None,
        preferred_contact=form.preferred_contact.data,
        language=form.contact_language.data,
        helper=form.helper.data or None,
        now=now(),
        server_key=server_key(),
    )


def page(
    present: Visit,
    form: AboutYouForm,
    errors: list[tuple[str, str]],
    *,
    confirm: date | None = None,
    kept: bool = False,
) -> str:
    """The page with this form. `kept`: its draft is no longer there, and one button begins a new one with what it says."""
    return render_template(
        "patient/about_you.html",
        form=form,
        errors=errors,
        kept=kept,
        keep_name=KEEP,
        confirm=(CONFIRMED, confirm.isoformat()) if confirm is not None else None,
        progress=journey.progress(present, journey.ABOUT_YOU),
        back_url=url_for("patient.check") if request.args.get("back") == "check" else url_for("patient.start"),
    )


def _slip(born: date) -> tuple[str, str]:
    """A slip of the pen must not erase a whole form: ask once before believing it."""
    words = gettext(
        "You wrote %(day)s. This guide is only for people who are 18 or older. Change the date if it is not right. "
        "If it is right, choose Continue again: what you wrote is erased then.",
        day=format_date(born, "long"),
    )
    return "birth_date", words


def _fixed_birth_date() -> str:
    """Staff know a patient by it, and the return code opens with it."""
    return gettext("Your date of birth cannot be changed here after you sent it. If it is wrong, tell the clinic.")


def _stored(contact: ContactDetails | None) -> dict[str, Any]:
    if contact is None:
        return {}
    return {
        "name": contact.name,
        "birth_date": contact.birth_date,
        "phone": contact.phone,
        "email": contact.email,
        "preferred_contact": contact.preferred_contact,
        "contact_language": contact.language,
        "helper": contact.helper,
    }


def _is_phone(written: str) -> bool:
    digits = sum(sign in "0123456789" for sign in written)
    return digits >= FEWEST_DIGITS and re.fullmatch(r"[0-9+().\-/ ]*(?:(?:x|ext\.?) ?[0-9]+)?", written) is not None
