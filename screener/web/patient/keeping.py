"""How long what a patient writes is kept on this device, and what else the patient's door needs of `kept_for`."""

from __future__ import annotations

from dataclasses import replace

from screener.store.sealed_drafts import Lifetimes
from screener.web.kept_for import kept_lifetimes, return_url, server_key
from screener.web.patient import shared_device

__all__ = ["lifetimes", "return_url", "server_key"]


def lifetimes(*, shared: bool | None = None) -> Lifetimes:
    """How long a draft is kept on this instance; on a shared device, an hour where nothing but its cookie opens it."""
    kept = kept_lifetimes()
    return replace(kept, plain=shared_device.KEPT) if shared or (shared is None and shared_device.is_shared()) else kept
