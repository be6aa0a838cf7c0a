"""Why a submission was closed before a clinician read it, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext

from screener.store.casework import CloseReason

REASON_WORDS = {
    CloseReason.DUPLICATE: lazy_gettext("Sent twice"),
    CloseReason.TEST: lazy_gettext("A test, no patient"),
    CloseReason.TAKEN_BACK: lazy_gettext("The patient took it back"),
    CloseReason.NOT_REACHED: lazy_gettext("The patient could not be reached"),
    CloseReason.OTHER: lazy_gettext("Another reason"),
}
