"""The help page: urgent findings in their rules' own words, right after the screen that raised them."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from screener.store import operations
from screener.store.refusals import DraftGone
from screener.web.extensions import now, writing
from screener.web.forms import ButtonForm, error_list
from screener.web.patient import journey, urgent_notices
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.visit import Visit, current_visit, draft_to_change, forget_current_visit, open_visit

READ = "read-rules"  # the rules whose words stood on the page that was sent


@blueprint.route("/help-now", methods=["GET", "POST"])
def help_now() -> str | Response:
    """What to do now, after an urgent answer; its button goes on with the questions."""
    present = current_visit()
    if present is None:
        raise DraftGone()
    if request.method == "GET":
        return _page(present, [])
    is_switched = switch_language(request.form.get("language"))
    form = ButtonForm()
    is_valid = form.validate()
    if is_switched or not is_valid:
        return _page(current_visit() or present, [] if is_switched else error_list(form))
    if present.is_submitted:
        return redirect(url_for("patient.summary"), 303)
    read = [
        finding.rule.id for finding in urgent_notices.raised(present) if finding.rule.id in request.form.getlist(READ)
    ]
    with writing() as transaction:
        operations.acknowledge_urgent(transaction, draft_to_change(transaction), read, now=now())
    forget_current_visit()
    return redirect(_url_after(open_visit()), 303)


def _url_after(present: Visit) -> str:
    """The screen after the one that raised it. Another unread one comes first: it was raised in another tab."""
    after = journey.screen_left()
    back = "check" if request.args.get("back") == "check" else None
    section = journey.section_named(present.ruleset, after)
    if urgent_notices.unread(present):
        return url_for("patient.help_now", back=back)
    if after == journey.RETURN_CODE:
        return url_for("patient.return_code")
    if section is None:
        return url_for("patient.check") if after == journey.CHECK else journey.url_to_go_on(present)
    if journey.has_more_to_ask(section.id):
        return url_for("patient.questions", section=section.id, back=back)
    return journey.url_after(present, section.id, back_to_check=back is not None)


def _page(present: Visit, errors: list[tuple[str, str]]) -> str | Response:
    found = urgent_notices.unread(present) or urgent_notices.raised(present)
    if not found:
        return redirect(url_for("patient.summary") if present.is_submitted else journey.url_to_go_on(present), 303)
    shown = urgent_notices.notices_of(present, found)
    return render_template(
        "patient/help_now.html",
        now_notices=[notice for notice in shown if not notice.can_wait_hours],
        today_notices=[notice for notice in shown if notice.can_wait_hours],
        notices=shown,
        read_name=READ,
        errors=errors,
        help_now=present.ruleset.prose.help_now,
        is_submitted=present.is_submitted,
        urgent_bar=None,
    )
