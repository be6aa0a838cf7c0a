"""The clinician's list: what was accepted, is in review or was signed off, without a name."""

from __future__ import annotations

from werkzeug.wrappers import Response

from screener.store.workflow import Role
from screener.web.clinician.blueprint import blueprint
from screener.web.worklist.doors import DOORS
from screener.web.worklist.listing import show_list


@blueprint.get("/")
def reviews() -> str | Response:
    """The part of the list that the address asks for."""
    return show_list(DOORS[Role.CLINICIAN])
