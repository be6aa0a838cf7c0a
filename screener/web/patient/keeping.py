"""How long what a patient writes is kept, and the key that return codes are looked up with: settings in the store's terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import url_for

from screener.store.crypto import quick_key
from screener.store.sealed_drafts import Lifetimes
from screener.web.extensions import services
from screener.web.patient import shared_device


def lifetimes(*, shared: bool | None = None) -> Lifetimes:
    """How long a draft is kept on this instance; on a shared device, an hour where nothing but its cookie opens it."""
    settings = services().settings
    kept = Lifetimes(draft=timedelta(days=settings.draft_days), summary=timedelta(days=settings.summary_days))
    return replace(kept, plain=shared_device.KEPT) if shared or (shared is None and shared_device.is_shared()) else kept


def server_key() -> bytes:
    """The server's part in return codes. Another secret_key, and no code of before opens anything."""
    return quick_key(services().settings.secret_key.encode(), salt=b"", purpose="return codes")


def return_url() -> str:
    """The whole address of the page that takes a return code: the public one where the settings have it, else this site's own."""
    public = services().settings.public_url.rstrip("/")
    return public + url_for("patient.come_back") if public else url_for("patient.come_back", _external=True)
