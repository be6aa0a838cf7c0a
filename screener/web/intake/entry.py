"""Typing answers in for a patient, by phone or from paper: a new submission, or corrections to one that was sent.

Section by section, each saved as it is sent; at the end everything is read over once more, with what is urgent to be read to the
patient, before it is kept. What is typed stands in a `sheet`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice
from wtforms.validators import AnyOf

from screener.engine.questionnaire import Section
from screener.engine.version_difference import Version
from screener.store import operations, queries
from screener.store.casework import Agreed, Agreement
from screener.store.models import Source, Submission
from screener.store.refusals import Refused
from screener.web.ages import is_adult
from screener.web.auth import current_staff
from screener.web.case.acts import INCOMPLETE, REFUSED, VersionedForm, found, record_opening
from screener.web.case.difference import Difference, difference, version_of
from screener.web.codes_in_words import AGREED_WORDS, AGREEMENT_WORDS, SOURCE_WORDS
from screener.web.contact_form import ContactForm
from screener.web.extensions import now, reading, writing
from screener.web.forms import ButtonForm, error_list, has_stale_token
from screener.web.i18n import language
from screener.web.intake.blueprint import blueprint
from screener.web.intake.sheet import (
    Sheet,
    begin_correction,
    begin_entry,
    can_be_corrected,
    open_sheet,
    sheet_to_change,
)
from screener.web.questionnaire_form import filled_form, posted_form, question_fields, reading_problems, with_posted

_ASKED_FIRST = ("source", "agreed", "agreement")
MORE = "more"  # asked for where an answer made more to ask on the same page
SHOWN = "items-shown"  # no item's id has a dash
Page = tuple[str, int]


def _radio(words: Any, codes: Any, missing: str) -> RadioField:
    choices = [SelectChoice(str(code), words[code]) for code in codes]
    return RadioField(
        choices=choices, validate_choice=False, validators=[AnyOf([str(code) for code in codes], missing)]
    )


class EntryForm(ContactForm):
    """Where the answers come from, who the patient is, and who agreed that they are kept."""

    complaints: ClassVar[Mapping[str, Any]] = {
        "name": lazy_gettext("Write the patient’s name."),
        "birth_date": lazy_gettext("Write the patient’s date of birth."),
        "birth_year": lazy_gettext("Check the year of the date of birth."),
        "email": lazy_gettext("Write the e-mail address like name@example.org."),
        "no_way": lazy_gettext("Write a phone number or an e-mail address of the patient."),
        "no_phone": lazy_gettext("They want a call or a text. Write their phone number."),
        "no_email": lazy_gettext("They want e-mail. Write their e-mail address."),
        "preferred_contact": lazy_gettext("Choose how to reach the patient."),
        "contact_language": lazy_gettext("Choose the language the patient speaks."),
    }
    source = _radio(SOURCE_WORDS, (Source.PHONE, Source.PAPER), lazy_gettext("Choose how the answers reached you."))
    agreed = _radio(AGREED_WORDS, tuple(Agreed), lazy_gettext("Choose who agreed."))
    agreement = _radio(AGREEMENT_WORDS, tuple(Agreement), lazy_gettext("Choose how they agreed."))

    @property
    def told(self) -> dict[str, str]:
        """The codes of where it comes from and who agreed."""
        return {"source": self.source.data, "agreed": self.agreed.data, "agreement": self.agreement.data}


def _place_on_page(error: tuple[str, str]) -> bool:
    """What is asked first stands first: how the answers came and who agreed, then who the patient is."""
    return error[0] not in ("main", *_ASKED_FIRST)


@blueprint.route("/new", methods=["GET", "POST"])
def new_entry() -> Page | Response:
    """Who the patient is and how the answers reached the clinic."""
    if request.method == "GET":
        with reading() as session:
            sheet = open_sheet(session, None)
        return _contact_page(EntryForm(formdata=None, data=_typed_before(sheet)), [], sheet)
    form = EntryForm()
    errors = [] if form.validate() else sorted(error_list(form), key=_place_on_page)
    if not errors and not is_adult(form.birth_date.data):
        errors = [("birth_date", gettext("This guide is only for people who are 18 or older. Nothing was saved."))]
    if errors:
        with reading() as session:
            return _contact_page(form, errors, open_sheet(session, None))
    with writing() as session:
        sheet = sheet_to_change(session, None)
        draft = sheet.draft if sheet is not None else begin_entry(session, form.contact_language.data, form.told)
        operations.save_contact(session, draft, **form.details, now=now())
        if sheet is not None:
            operations.save_entry(session, draft, {**draft.content.entry, **form.told}, now=now())
            operations.set_draft_language(session, draft, form.contact_language.data, now=now())
        opened = open_sheet(session, None)
        assert opened is not None, "it was begun just now"
    return redirect(_url_after(opened, None), 303)


@blueprint.post("/submissions/<public_id>/answers")
def correct(public_id: str) -> Page | Response:
    """Begin to correct the answers of a submission, or go on with it."""
    if not ButtonForm().validate():
        abort(400)
    with writing() as session:
        submission = found(session, public_id)
        if not can_be_corrected(submission):
            abort(409)
        begin_correction(session, submission)
        sheet = open_sheet(session, public_id)
        assert sheet is not None, "it was begun just now"
    return redirect(_url_after(sheet, None), 303)


@blueprint.route("/new/questions/<section>", methods=["GET", "POST"])
@blueprint.route("/submissions/<public_id>/answers/questions/<section>", methods=["GET", "POST"])
def entry_questions(section: str, public_id: str | None = None) -> Page | Response:
    """One section; sent, it is saved as far as it can be read."""
    with reading() as session:
        sheet = open_sheet(session, public_id)
    if sheet is None:
        return _without_sheet(public_id)
    here = next((s for s in sheet.screening.ruleset.sections if s.id == section), None) or abort(404)
    if request.method == "GET":
        _look(public_id)
        form = filled_form(sheet.shown_items(here), language(), sheet.answers)
        return _questions_page(sheet, here, form, [])
    sent = set(request.form.getlist(SHOWN))
    form = posted_form([item for item in here.items if item.id in sent], language())
    form.validate()
    errors = reading_problems(form)
    if has_stale_token(form):
        return _questions_page(sheet, here, form, [*error_list(form), *errors])
    with writing() as session:
        held = sheet_to_change(session, public_id)
        if held is None:
            return _without_sheet(public_id)
        operations.save_answers(session, held.draft, with_posted(held.draft.answers, form), now=now())
        sheet = open_sheet(session, public_id) or held
    if errors:
        return _questions_page(sheet, here, form, errors)
    new = next((item.id for item in sheet.shown_items(here) if item.id not in sent), None)
    if new is not None:
        return redirect(f"{_section_url(sheet, here.id)}?{MORE}=1#{new}", 303)
    if request.form.get("then") == "check":
        return redirect(_check_url(sheet), 303)
    return redirect(_url_after(sheet, here), 303)


@blueprint.route("/new/check", methods=["GET", "POST"])
@blueprint.route("/submissions/<public_id>/answers/check", methods=["GET", "POST"])
def entry_check(public_id: str | None = None) -> Page | Response:
    """Everything once more, and what is urgent to be read to the patient; then it is kept."""
    form = VersionedForm()
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        errors = error_list(form) if not form.validate() else []
        if not errors:
            try:
                with writing() as session:
                    kept = _keep(session, public_id, form.seen_version)
                    address = kept.public_id if kept is not None else None
                if address is None:
                    return _without_sheet(public_id)
                return redirect(url_for("intake.submission", public_id=address), 303)
            except Refused as refused:
                errors = [("main", gettext(refused.text))]
    else:
        _look(public_id)
    with reading() as session:
        sheet = open_sheet(session, public_id)
        if sheet is None:
            return _without_sheet(public_id)
        changes = _changes(session, sheet)
    page = render_template(
        "intake/entry_check.html",
        sheet=sheet,
        groups=[
            (s.id, s.title.in_language(language()), sheet.rows(s), _section_url(sheet, s.id)) for s in sheet.sections
        ],
        difference=changes,
        address=_check_url(sheet),
        erase_url=_erase_url(sheet),
        back_url=_section_url(sheet, sheet.sections[-1].id),
        errors=errors,
    )
    return page, REFUSED if errors else 200


@blueprint.post("/new/erase")
@blueprint.post("/submissions/<public_id>/answers/erase")
def entry_erase(public_id: str | None = None) -> Response:
    """Throw away what was typed."""
    if not ButtonForm().validate():
        abort(400)
    with writing() as session:
        sheet = sheet_to_change(session, public_id)
        if sheet is not None:
            operations.erase_draft(session, sheet.draft, now=now())
    return _without_sheet(public_id)


def _keep(session: Session, public_id: str | None, seen_version: int) -> Submission | None:
    """Hand in what was typed; None where it is gone, such as kept already."""
    sheet = sheet_to_change(session, public_id)
    if sheet is None:
        return None
    staff, entry = current_staff(), sheet.draft.content.entry
    if sheet.corrects is not None:
        operations.amend_submission(
            session, sheet.corrects, screening=sheet.screening, actor=staff, expected_version=seen_version, now=now()
        )
        operations.erase_draft(session, sheet.draft, now=now())
        return sheet.corrects
    return operations.enter_submission(
        session,
        sheet.draft,
        screening=sheet.screening,
        source=Source(entry["source"]),
        agreed=Agreed(entry["agreed"]),
        agreement=Agreement(entry["agreement"]),
        actor=staff,
        now=now(),
    )


def _changes(session: Session, sheet: Sheet) -> Difference | None:
    """What the correction changes in the newest answers; None for a new submission."""
    if sheet.corrects is None:
        return None
    screening = sheet.screening
    kept = {i: answer for i, answer in screening.answers.items() if i not in screening.dropped}
    newest = version_of(session, queries.current_response(session, sheet.corrects))
    return difference(newest, Version(screening.ruleset, kept, screening.findings))


def _typed_before(sheet: Sheet | None) -> dict[str, Any]:
    if sheet is None or sheet.draft.contact is None:
        return {}
    contact, entry = sheet.draft.contact, sheet.draft.content.entry
    return {**ContactForm.stored(contact), **{name: entry.get(name) for name in ("source", "agreed", "agreement")}}


def _contact_page(form: EntryForm, errors: list[tuple[str, str]], sheet: Sheet | None) -> Page:
    page = render_template(
        "intake/entry.html",
        form=form,
        errors=errors,
        is_begun=sheet is not None,
        go_on_url=_url_after(sheet, None) if sheet is not None else None,
        erase_url=url_for("intake.entry_erase"),
    )
    return page, INCOMPLETE if errors else 200


def _questions_page(sheet: Sheet, here: Section, form: FlaskForm, errors: list[tuple[str, str]]) -> Page:
    page = render_template(
        "intake/entry_questions.html",
        sheet=sheet,
        section=here,
        sections=[(s.id, s.title.in_language(language()), _section_url(sheet, s.id)) for s in sheet.sections],
        fields=question_fields(form),
        shown_name=SHOWN,
        address=_section_url(sheet, here.id),
        check_url=_check_url(sheet),
        back_url=_url_before(sheet, here),
        has_more=request.method == "GET" and MORE in request.args,
        errors=errors,
    )
    return page, INCOMPLETE if errors else 200


def _look(public_id: str | None) -> None:
    """The answers of a submission are shown: that is written down."""
    if public_id is not None:
        record_opening(public_id)


def _without_sheet(public_id: str | None) -> Response:
    if public_id is None:
        return redirect(url_for("intake.new_entry"), 303)
    return redirect(url_for("intake.submission", public_id=public_id), 303)


def _public_id(sheet: Sheet) -> str | None:
    return sheet.corrects.public_id if sheet.corrects is not None else None


def _section_url(sheet: Sheet, section: str) -> str:
    return url_for("intake.entry_questions", section=section, public_id=_public_id(sheet))


def _check_url(sheet: Sheet) -> str:
    return url_for("intake.entry_check", public_id=_public_id(sheet))


def _erase_url(sheet: Sheet) -> str:
    return url_for("intake.entry_erase", public_id=_public_id(sheet))


def _url_after(sheet: Sheet, here: Section | None) -> str:
    """The next section that asks something, then the check; from None, the first section."""
    order = [section.id for section in sheet.screening.ruleset.sections]
    place = order.index(here.id) if here is not None else -1
    later = next((s for s in sheet.sections if order.index(s.id) > place), None)
    return _section_url(sheet, later.id) if later is not None else _check_url(sheet)


def _url_before(sheet: Sheet, here: Section) -> str:
    order = [section.id for section in sheet.screening.ruleset.sections]
    earlier = [s for s in sheet.sections if order.index(s.id) < order.index(here.id)]
    if earlier:
        return _section_url(sheet, earlier[-1].id)
    public_id = _public_id(sheet)
    return url_for("intake.submission", public_id=public_id) if public_id is not None else url_for("intake.new_entry")
