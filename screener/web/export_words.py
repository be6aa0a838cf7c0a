"""The states of an export in words, for those who ask for one and those who look after them."""

from __future__ import annotations

from flask_babel import lazy_gettext

from screener.store.casework import ExportState

STATE_WORDS = {
    ExportState.WAITING: lazy_gettext("Being counted"),
    ExportState.RUNNING: lazy_gettext("Being written"),
    ExportState.DONE: lazy_gettext("Done"),
    ExportState.FAILED: lazy_gettext("Stopped with an error"),
}
