"""Reads of the settings that an administrator changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from screener.store.casework import Setting


def setting(session: Session, name: str) -> Any:
    """The value of a setting; None where nobody changed it."""
    kept = session.get(Setting, name)
    return kept.value["value"] if kept is not None else None
