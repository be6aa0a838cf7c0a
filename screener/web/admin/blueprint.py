"""The blueprint of the admin's door, and the pages that stand at the top of each."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask_babel import gettext

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

Nav = list[tuple[str, str, int | None, bool]]


@blueprint.context_processor
def pages() -> dict[str, Nav]:
    """The pages of this door, for the top of each."""
    titles = {
        "admin.users": gettext("Accounts"),
        "admin.sessions": gettext("Sign-ins"),
        "admin.settings": gettext("Clinic"),
        "admin.rulesets": gettext("Rulesets"),
        "admin.exports": gettext("Exports"),
        "admin.audit": gettext("What was done"),
    }
    here = {
        "admin.invite": "admin.users",
        "admin.ruleset_changes": "admin.rulesets",
        "admin.audit_of_submission": "admin.audit",
    }.get(str(request.endpoint), request.endpoint)
    return {"nav": [(title, url_for(endpoint), None, endpoint == here) for endpoint, title in titles.items()]}
