"""What each status is called on staff's pages."""

from __future__ import annotations

from flask_babel import lazy_gettext

from screener.store.workflow import Status

STATUS_WORDS = {
    Status.SUBMITTED: lazy_gettext("Submitted"),
    Status.NEEDS_INFORMATION: lazy_gettext("Needs information"),
    Status.ACCEPTED: lazy_gettext("Accepted"),
    Status.IN_REVIEW: lazy_gettext("In review"),
    Status.SIGNED_OFF: lazy_gettext("Signed off"),
    Status.CLOSED: lazy_gettext("Closed"),
    Status.WITHDRAWN: lazy_gettext("Withdrawn"),
}
