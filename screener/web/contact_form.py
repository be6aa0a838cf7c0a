"""Who a patient is and how to reach them, as a form: filled in by the patient, or by staff for one. What is wrong is told in the
words of who fills it in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectChoice, StringField
from wtforms.form import BaseForm
from wtforms.utils import unset_value
from wtforms.validators import Length, ValidationError

from screener.store.sealed_drafts import ContactDetails
from screener.web.ages import full_years
from screener.web.extensions import now
from screener.web.forms import clean_line
from screener.web.typed_answers import DateParts

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
        complaints = form.complaints if isinstance(form, ContactForm) else ContactForm.complaints
        self.data = None
        try:
            written = self.read_date()
            born = date.fromisoformat(written) if written is not None else None
        except ValueError:
            raise ValidationError(
                gettext("Write a real date of birth in digits, with four digits for the year, like 3, 14 and 1968.")
            ) from None
        if born is None:
            raise ValidationError(str(complaints["birth_date"]))
        today = now().date()
        if born > today or full_years(born, today) > OLDEST_YEARS:
            raise ValidationError(str(complaints["birth_year"]))
        self.data = born


class ContactForm(FlaskForm):
    """`complaints` are for the patient themself; another form of it may say them otherwise."""

    complaints: ClassVar[Mapping[str, Any]] = {
        "name": lazy_gettext("Write your name."),
        "birth_date": lazy_gettext("Write your date of birth."),
        "birth_year": lazy_gettext("Check the year of your date of birth."),
        "email": lazy_gettext("Write your e-mail address like name@example.org."),
        "no_way": lazy_gettext("Write a phone number or an e-mail address, so that we can reach you."),
        "no_phone": lazy_gettext("You asked for a call or a text. Write your phone number."),
        "no_email": lazy_gettext("You asked for e-mail. Write your e-mail address."),
        "preferred_contact": lazy_gettext("Choose how to reach you."),
        "contact_language": lazy_gettext("Choose a language."),
    }
    name = StringField(
        filters=[clean_line], validators=[Length(max=200, message=lazy_gettext("Write a shorter name."))]
    )
    birth_date = BirthDateField()
    phone = StringField(
        filters=[clean_line], validators=[Length(max=50, message=lazy_gettext("Write a shorter number."))]
    )
    email = StringField(
        filters=[clean_line], validators=[Length(max=254, message=lazy_gettext("Write a shorter e-mail address."))]
    )
    preferred_contact = RadioField(
        choices=[SelectChoice(code, words) for code, words in PREFERRED.items()], validate_choice=False
    )
    contact_language = RadioField(
        choices=[SelectChoice(code, words) for code, words in LANGUAGE_NAMES.items()], validate_choice=False
    )
    helper = StringField(
        filters=[clean_line], validators=[Length(max=200, message=lazy_gettext("Write fewer words about your helper."))]
    )

    @staticmethod
    def stored(contact: ContactDetails | None) -> dict[str, Any]:
        """What the form shows of what is kept."""
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

    @property
    def details(self) -> dict[str, Any]:
        """What a valid form says, as `save_contact` takes it."""
        return {
            "name": self.name.data,
            "birth_date": self.birth_date.data,
            "phone": self.phone.data or None,
            "email": self.email.data or None,
            "preferred_contact": self.preferred_contact.data,
            "language": self.contact_language.data,
            "helper": self.helper.data or None,
        }

    def complaint(self, about: str) -> ValidationError:
        """What is wrong, in the words of who fills it in."""
        return ValidationError(str(self.complaints[about]))

    def validate_name(self, field: Field) -> None:
        if not field.data:
            raise self.complaint("name")

    def validate_phone(self, field: Field) -> None:
        if field.data and not _is_phone(field.data):
            raise ValidationError(gettext("Write a phone number with its area code, like 555 555 0142."))
        if not field.data and not self.email.data:
            raise self.complaint("no_way")
        if not field.data and self.preferred_contact.data in ("phone", "text"):
            raise self.complaint("no_phone")

    def validate_email(self, field: Field) -> None:
        if field.data and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,189}", field.data):
            raise self.complaint("email")
        if not field.data and self.phone.data and self.preferred_contact.data == "email":
            raise self.complaint("no_email")

    def validate_preferred_contact(self, field: Field) -> None:
        if field.data not in PREFERRED:
            raise self.complaint("preferred_contact")

    def validate_contact_language(self, field: Field) -> None:
        if field.data not in LANGUAGE_NAMES:
            raise self.complaint("contact_language")


def _is_phone(written: str) -> bool:
    digits = sum(sign in "0123456789" for sign in written)
    return digits >= FEWEST_DIGITS and re.fullmatch(r"[0-9+().\-/ ]*(?:(?:x|ext\.?) ?[0-9]+)?", written) is not None
