"""Who the patient is and how to reach them, kept apart from the answers. Under 18 nothing is kept."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask_babel import format_date, gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import operations
from screener.store.sealed_drafts import OpenDraft
from screener.web.ages import is_adult
from screener.web.contact_form import ContactForm
from screener.web.extensions import now, writing
from screener.web.forms import error_list
from screener.web.patient import journey
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.entry import forget_patient
from screener.web.patient.keeping import server_key
from screener.web.patient.visit import Visit, draft_to_change, forget_current_visit, open_visit

CONFIRMED = "confirmed-birth-date"  # posted once more, unchanged, after the page asked whether it is right
KEEP = "keep-answers"  # the button's name on a page whose draft is no longer there


@blueprint.route("/about-you", methods=["GET", "POST"])
def about_you() -> str | Response:
    """Name, date of birth and how to be reached."""
    present = open_visit()
    back_to_check = request.args.get("back") == "check"
    if request.method == "GET":
        return page(present, ContactForm(formdata=None, data=ContactForm.stored(present.contact)), [])
    form = ContactForm()
    if switch_language(request.form.get("language")):
        return page(open_visit(), ContactForm(), [])
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


def refuse_minor(present: Visit, form: ContactForm, *, kept: bool = False) -> str | Response | None:
    """Where the birth date of a validated form is one of a minor: ask once whether it is right, then erase all there is."""
    born = form.birth_date.data
    if is_adult(born):
        return None
    if request.form.get(CONFIRMED) != born.isoformat():
        return page(present, form, [_slip(born)], confirm=born, kept=kept)
    forget_patient()
    return redirect(url_for("patient.adults_only"), 303)


def keep_contact(transaction: Session, draft: OpenDraft, form: ContactForm) -> None:
    """Save what a validated form says."""
    operations.save_contact(
        transaction,
        draft,
        **form.details,
        now=now(),
        server_key=server_key(),
    )


def page(
    present: Visit,
    form: ContactForm,
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
