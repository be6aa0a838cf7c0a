"""The page on which staff read who may move a submission from where to where: the one table, in words."""

from __future__ import annotations

from flask import Blueprint, render_template

from screener.web.auth import current_staff, home_of
from screener.web.workflow_words import moveless_roles, standings

blueprint = Blueprint("workflow", __name__)


@blueprint.get("/workflow")
def table() -> str:
    """Every status, what it means, and every move from it."""
    home_url = home_of(current_staff())
    return render_template("workflow/table.html", standings=standings(), moveless=moveless_roles(), home_url=home_url)
