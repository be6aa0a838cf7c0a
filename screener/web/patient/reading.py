"""Pages to read: about this guide and its sources, and privacy; and the switch of language on pages without a form."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from screener.engine.approvals import standing_approvals
from screener.web.extensions import current_ruleset
from screener.web.forms import ButtonForm
from screener.web.own_pages import is_page
from screener.web.patient.blueprint import blueprint, switch_language


@blueprint.app_context_processor
def guide() -> dict[str, Any]:
    """What the guide says of itself, for every page that speaks of it."""
    return {"guide": current_ruleset().prose.guide}


@blueprint.get("/about")
def about() -> str:
    """What this guide is, who made its rules, and what they rest on."""
    ruleset = current_ruleset()
    sources = [ruleset.prose.packs[pack] for pack in ruleset.packs if pack in ruleset.prose.packs]
    is_approved = any(standing_approvals(ruleset))
    return render_template("patient/about.html", ruleset=ruleset, sources=sources, is_approved=is_approved)


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept, for how long, and who sees it."""
    return render_template("patient/privacy.html")


@blueprint.post("/language")
def language() -> Response:
    """Go on in another language, at the page where that was pressed."""
    if not ButtonForm().validate():
        abort(400)
    switch_language(request.form.get("language"))
    next_path = request.form.get("next", "")
    return redirect(next_path if is_page(next_path) else url_for("patient.start"), 303)
