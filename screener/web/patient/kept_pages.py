"""A page that is sent when its draft is no longer there: its time ran out, or the browser lost its cookies.

What was typed is not lost with it. The same screen comes back filled in and says what happened; one button agrees anew and
begins a new draft with what stands on it. Until then nothing is stored. Urgent answers meet their words at once.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from screener.engine.answers import Answer, parse_answers
from screener.engine.questionnaire import Section
from screener.engine.screening import asked_items, screen
from screener.store import operations
from screener.store.models import Draft, DraftAccess
from screener.store.refusals import DraftGone
from screener.store.sealed_drafts import Content, OpenDraft
from screener.web.contact_form import ContactForm
from screener.web.extensions import current_ruleset, now, writing
from screener.web.forms import error_list, has_stale_token
from screener.web.i18n import language
from screener.web.patient import about_you, journey, urgent_notices
from screener.web.patient.about_you import KEEP
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.keeping import lifetimes
from screener.web.patient.stale_pages import SHOWN, sent_items, sent_marks
from screener.web.patient.visit import (
    Visit,
    forget_current_visit,
    keep_current_visit,
    open_visit,
    remember_draft,
    visit_of,
)
from screener.web.questionnaire_form import posted_form, question_fields, reading_problems, with_posted

Reply = str | Response | tuple[str, int]


@blueprint.errorhandler(DraftGone)
def no_draft(_error: DraftGone) -> Reply:
    """Where a patient without a draft is led; what was typed on a page comes back on the same page."""
    forget_current_visit()  # it may have been erased while this request was under way
    if request.method == "POST" and request.endpoint == "patient.about_you":
        return _kept_about_you()
    if request.method == "POST" and request.endpoint == "patient.questions":
        here = journey.section_named(current_ruleset(), (request.view_args or {})["section"])
        if here is not None and sent_items(here):
            return _kept_questions(here)
    return redirect(url_for("patient.gone"), 303)


def _kept_questions(here: Section) -> Reply:
    is_switched = switch_language(request.form.get("language"))
    form = posted_form(sent_items(here), language())
    form.validate()
    is_asked = KEEP in request.form and not is_switched
    errors = [*(error_list(form) if is_asked and has_stale_token(form) else []), *reading_problems(form)]
    if is_asked and not errors:
        return _begin_with_answers(here, form)
    thought = _visit_without_draft(with_posted({}, form))
    page = render_template(
        "patient/questions.html",
        kept=True,
        keep_name=KEEP,
        notices=urgent_notices.notices_of(thought, urgent_notices.raised(thought)),
        section=here,
        fields=question_fields(form),
        shown_name=SHOWN,
        marks=sent_marks(),  # should the draft be opened again in another tab, this page is as stale as it was
        action=url_for("patient.questions", section=here.id),
        errors=[] if is_switched else errors,
        progress=None,
        back_url=url_for("patient.start"),
        quiet_lines=[],
        first_new=None,
    )
    return page, 409


def _begin_with_answers(here: Section, form: FlaskForm) -> Response:
    with writing() as transaction:
        draft, token = operations.begin_draft(
            transaction, current_ruleset(), language=language(), now=now(), lifetimes=lifetimes()
        )
        operations.save_answers(transaction, draft, with_posted({}, form), now=now())
        present = visit_of(transaction, draft)
    remember_draft(token)
    keep_current_visit(present)
    journey.remember_screen(here.id)
    if urgent_notices.unread(present):
        return redirect(url_for("patient.help_now"), 303)
    return redirect(url_for("patient.about_you"), 303)


def _kept_about_you() -> Reply:
    is_switched = switch_language(request.form.get("language"))
    form = ContactForm()
    is_valid = form.validate()
    nobody = _visit_without_draft({})
    if is_switched or KEEP not in request.form or not is_valid:
        is_asked = KEEP in request.form and not is_switched
        return about_you.page(nobody, form, error_list(form) if is_asked else [], kept=True), 409
    refused = about_you.refuse_minor(nobody, form, kept=True)
    if refused is not None:
        return refused
    with writing() as transaction:
        draft, token = operations.begin_draft(
            transaction, current_ruleset(), language=language(), now=now(), lifetimes=lifetimes()
        )
        about_you.keep_contact(transaction, draft, form)
    remember_draft(token)
    return redirect(journey.url_after(open_visit(), journey.ABOUT_YOU), 303)


def _visit_without_draft(answers: dict[str, Answer]) -> Visit:
    """What follows from the answers of one page. The draft in it exists nowhere."""
    ruleset = current_ruleset()
    parsed = parse_answers(ruleset, answers)
    screening = screen(ruleset, parsed)
    draft = OpenDraft(Draft(submission_id=None), b"", Content(answers=dict(answers)), DraftAccess(), lifetimes())
    return Visit(draft, ruleset, parsed, asked_items(ruleset, parsed), screening.findings, screening, None, None)
