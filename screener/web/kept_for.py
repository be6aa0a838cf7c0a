"""How long what patients write is kept, where they come back to it, and the key of their return codes: settings in the store's terms.

For the patient's own door, which knows the device too, and for staff who give a return code.
"""

from __future__ import annotations

from datetime import timedelta

from flask import url_for

from screener.store.crypto import quick_key
from screener.store.sealed_drafts import Lifetimes
from screener.web.extensions import services


def kept_lifetimes() -> Lifetimes:
    """How long a draft is kept on this instance, whatever device it is opened on."""
    settings = services().settings
    return Lifetimes(draft=timedelta(days=settings.draft_days), summary=timedelta(days=settings.summary_days))


def server_key() -> bytes:
    """The server's part in return codes. Another secret_key, and no code of before opens anything."""
    return quick_key(services().settings.secret_key.encode(), salt=b"", purpose="return codes")


def return_url() -> str:
    """The whole address of the page that takes a return code: the public one where the settings have it, else this site's own."""
    public = services().settings.public_url.rstrip("/")
    return public + url_for("patient.come_back") if public else url_for("patient.come_back", _external=True)
