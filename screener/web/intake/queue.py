"""The intake queue: every submission that waits for work, and those that no longer do."""

from __future__ import annotations

from werkzeug.wrappers import Response

from screener.store.workflow import Role
from screener.web.intake.blueprint import blueprint
from screener.web.worklist.doors import DOORS
from screener.web.worklist.listing import show_list


@blueprint.get("/")
def queue() -> str | Response:
    """The part of the queue that the address asks for."""
    return show_list(DOORS[Role.INTAKE])
