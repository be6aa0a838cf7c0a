"""One screen a section: the items that are asked now, saved as they can be read, and what comes after the screen."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from screener.engine.questionnaire import Item, Section
from screener.store import operations
from screener.web.extensions import now, writing
from screener.web.forms import error_list, has_stale_token
from screener.web.i18n import language
from screener.web.patient import journey, urgent_notices
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.return_codes import SAVE_FOR_LATER, save_for_later
from screener.web.patient.stale_pages import SHOWN, Marks, keep_newer, marks_of, sent_items, sent_marks
from screener.web.patient.visit import Visit, draft_to_change, keep_current_visit, open_visit, visit_of
from screener.web.questionnaire_form import (
    filled_form,
    posted_form,
    question_fields,
    reading_problems,
    with_posted,
)

PEEK = "only-peek"  # no item has such an id: the script asks what is asked now, and does not go on
GO_TO = "go-to"  # nor such a one: where a button other than Continue leads after the answers are saved
ALL_PARTS = "sections"


@blueprint.route("/questions/<section>", methods=["GET", "POST"])
def questions(section: str) -> str | Response:
    """One screen of questions: shown with what is stored, saved as it is sent."""
    present = open_visit()
    here = journey.section_named(present.ruleset, section) or abort(404)
    if present.contact is None:
        return redirect(url_for("patient.about_you"), 303)
    if request.method == "POST":
        return _answered(here)
    items = present.shown_items(here)
    if not items:
        return redirect(journey.url_after(present, here.id, back_to_check=_is_from_check()), 303)
    form = filled_form(items, language(), present.answers)
    return _page(present, here, form, [], marks_of(present.draft, items, present.answers))


def _answered(here: Section) -> str | Response:
    """Save what can be read; then show the same screen, the help page, or the next screen."""
    is_switched = switch_language(request.form.get("language"))
    items = sent_items(here)
    form = posted_form(items, language())
    form.validate()
    if has_stale_token(form):
        errors = [] if is_switched else [*error_list(form), *reading_problems(form)]
        return _page(open_visit(), here, form, errors, sent_marks())  # nothing was saved: it is as stale as it was
    present = _save(form)
    if PEEK in request.form:
        return _peeked(present, here, unreadable={field.item.id for field in question_fields(form) if field.errors})
    errors = reading_problems(form)
    if is_switched or errors:
        # What cannot be read took the stored answer away: its mark is that of a blank.
        return _page(
            present, here, form, [] if is_switched else errors, marks_of(present.draft, items, present.answers)
        )
    url = _url_after(present, here, items)
    return save_for_later(present) if SAVE_FOR_LATER in request.form else redirect(url, 303)


def _peeked(present: Visit, here: Section, *, unreadable: set[str]) -> str:
    """The same screen as it is asked now, for the script to take new questions from.

    It was saved as it always is, so that nothing is lost should the connection go; urgent answers meet their words at Continue.
    What cannot be read yet stands as it was typed, without a word: its question is perhaps not finished.
    """
    items = present.shown_items(here)
    form = posted_form(items, language())
    for field in question_fields(form):
        if field.item.id not in unreadable:
            field.process_data(present.answers.get(field.item.id))
    return _page(present, here, form, [], marks_of(present.draft, items, present.answers))


def _save(form: FlaskForm) -> Visit:
    """Put this screen's answers among the stored ones; what became of the draft."""
    with writing() as transaction:
        draft = draft_to_change(transaction)
        keep_newer(draft, form, draft.answers)
        operations.save_answers(transaction, draft, with_posted(draft.answers, form), now=now())
        present = visit_of(transaction, draft)
        still_raised = {finding.rule.id for finding in urgent_notices.raised(present)}
        settled = [rule_id for rule_id in draft.acknowledged if rule_id not in still_raised]
        if settled:  # should one be raised anew, its page is shown anew
            operations.forget_acknowledged(transaction, draft, settled, now=now())
    return keep_current_visit(present)


def _url_after(present: Visit, here: Section, items: list[Item]) -> str:
    back = "check" if _is_from_check() else None
    sent = {item.id for item in items}
    enabled = [item for item in present.shown_items(here) if item.id not in sent]
    journey.remember_screen(here.id, has_more=bool(enabled))
    if urgent_notices.unread(present):
        return url_for("patient.help_now", back=back)
    if request.form.get(GO_TO) == ALL_PARTS:
        return url_for("patient.sections")
    if enabled:
        return url_for("patient.questions", section=here.id, back=back)
    return journey.url_after(present, here.id, back_to_check=back is not None)


def _is_from_check() -> bool:
    return request.args.get("back") == "check"


def _page(present: Visit, here: Section, form: FlaskForm, errors: list[tuple[str, str]], marks: Marks) -> str:
    before = journey.section_before(present, here.id)
    asked_for_more = request.method == "GET" and journey.has_more_to_ask(here.id)
    journey.more_was_shown()
    return render_template(
        "patient/questions.html",
        kept=False,
        section=here,
        fields=question_fields(form),
        shown_name=SHOWN,
        save_name=SAVE_FOR_LATER,
        marks=marks,
        # Without it a browser sends the form to the address it has, and takes its fragment along to the next page.
        all_parts=(GO_TO, ALL_PARTS),
        action=url_for("patient.questions", section=here.id, back="check" if _is_from_check() else None),
        gates=_gates(present, here),
        errors=errors,
        progress=journey.progress(present, here.id),
        back_url=url_for("patient.check") if _is_from_check() else journey.url_before(present, here.id),
        quiet_lines=urgent_notices.quiet_lines(present, before) if before is not None and not asked_for_more else [],
        first_new=_first_new(present, here) if asked_for_more else None,
    )


def _gates(present: Visit, here: Section) -> str:
    """The items of this screen whose answer opens or closes others of it, for the script."""
    found: set[str] = set()
    for item in here.items:
        if item.enabled_when is not None:
            found |= present.ruleset.items_behind(item.enabled_when)
    return " ".join(item.id for item in here.items if item.id in found)


def _first_new(present: Visit, here: Section) -> str | None:
    """The question to lead to on a screen that came back: the first follow-up without an answer."""
    new = (
        item for item in present.shown_items(here) if item.enabled_when is not None and item.id not in present.answers
    )
    return next((item.id for item in new), None)
