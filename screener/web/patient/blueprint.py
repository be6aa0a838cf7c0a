"""The blueprint itself, what every patient page is told, and the switch of language."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, session, url_for
from flask_babel import refresh

from screener.store import operations
from screener.web.errors import is_for_staff
from screener.web.extensions import now, services, writing
from screener.web.i18n import choose_language
from screener.web.patient import shared_device, urgent_notices, visit

blueprint = Blueprint("patient", __name__)


OPEN_DOORS = ("patient", "rulebook")  # whose pages stand in the patient's frame


@blueprint.app_context_processor
def every_page() -> dict[str, Any]:
    """What stays on every page of the open doors: the line after an urgent answer, what can be erased or left, and until when.

    The page that tells of an error needs no database to offer the way out.
    """
    can_leave = visit.TOKEN in session and not is_for_staff()
    is_shared = shared_device.is_shared()
    device = {
        "can_leave": can_leave,
        "shared_device": is_shared,
        "idle_seconds": shared_device.IDLE_SECONDS if is_shared else None,
    }
    if request.blueprint not in OPEN_DOORS:
        return device
    present = visit.current_visit()
    # The rulebook's pages hold nothing that could be lost, and are the heaviest.
    timed = present if request.blueprint == blueprint.name else None
    return {
        **device,
        "open_until": visit.open_until(timed) if timed is not None and not timed.is_submitted else None,
        "seconds_left": visit.seconds_left(timed) if timed is not None else None,
        "urgent_bar": urgent_notices.bar(present, url_for("patient.help_now")) if present else None,
        "has_draft": present is not None and not present.is_submitted and present.amends is None,
        "amends": present.amends if present is not None else None,
        "has_return_code": present is not None and bool(present.draft.return_code),
        "draft_days": services().settings.draft_days,
        "summary_days": services().settings.summary_days,
    }


def switch_language(wanted: str | None) -> bool:
    """Go on in another language, for this page and the draft; False where none was asked for."""
    if not choose_language(wanted):
        return False
    refresh()
    if visit.TOKEN in session:
        with writing() as transaction:
            found = visit.find_draft(transaction)
            if found is not None:
                operations.set_draft_language(transaction, found, str(wanted), now=now())
        visit.forget_current_visit()
    return True
