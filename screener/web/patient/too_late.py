"""A page that was still open elsewhere is sent after the answers were handed in: nothing is saved, and that is said.

An urgent answer on it is still met with its rule's words. They are rendered in answer to the request itself, so that
they stand in no address, no cookie and no table.
"""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from screener.engine.answers import parse_answers
from screener.engine.screening import screen
from screener.store.refusals import DraftSubmitted
from screener.web.i18n import language
from screener.web.patient import journey, urgent_notices
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.stale_pages import changes_anything, keep_newer, sent_items
from screener.web.patient.summary_page import summary_page
from screener.web.patient.urgent_notices import UrgentNotice
from screener.web.patient.visit import Visit, current_visit, forget_current_visit
from screener.web.questionnaire_form import posted_form, with_posted


@blueprint.errorhandler(DraftSubmitted)
def handed_in_already(_error: DraftSubmitted) -> Response | tuple[str, int]:
    """The summary; before it, what became of answers that came too late."""
    to_summary = redirect(url_for("patient.summary"), 303)
    if request.method != "POST" or request.endpoint not in ("patient.questions", "patient.about_you"):
        return to_summary
    forget_current_visit()  # it may have been handed in while this request was under way
    switch_language(request.form.get("language"))
    present = current_visit()
    notices: list[UrgentNotice] = []
    if request.endpoint == "patient.questions" and present is not None:
        has_changes, notices = _not_saved(present)
        if not has_changes:
            return to_summary
    flash(
        gettext(
            "You had already sent your answers. What you just changed was not saved. "
            "You can change what you sent: look for “Change my answers”."
        )
    )
    if present is None or present.submission is None or not notices:
        return to_summary
    return render_template("patient/summary.html", **summary_page(present, present.submission), too_late=notices), 409


def _not_saved(present: Visit) -> tuple[bool, list[UrgentNotice]]:
    """Whether the sent screen differs from what was handed in, and the urgent notices that it would raise anew."""
    here = journey.section_named(present.ruleset, (request.view_args or {})["section"])
    if here is None:
        return False, []
    form = posted_form(sent_items(here), language())
    form.validate()  # a stale token does not matter: nothing is written
    keep_newer(present.draft, form, present.answers)
    if not changes_anything(form, present.answers):
        return False, []
    answers = parse_answers(present.ruleset, with_posted(present.answers, form))
    thought = replace(present, answers=answers, findings=screen(present.ruleset, answers).findings)
    before = {finding.rule.id for finding in urgent_notices.raised(present)}
    new = [finding for finding in urgent_notices.raised(thought) if finding.rule.id not in before]
    return True, urgent_notices.notices_of(thought, new)
