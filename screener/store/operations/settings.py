"""Changing the clinic's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.casework import Setting
from screener.store.workflow import Role


def change_setting(session: Session, name: str, value: Any, *, actor: User, now: datetime) -> None:
    """Give a setting a value. Raises RoleNotAllowed for all but an admin."""
    require_role(actor, (Role.ADMIN,))
    kept = session.get(Setting, name, with_for_update=True)
    wrapped = {"value": value}  # SQLite would take a bare number of the JSON for a number of its own
    before = kept.value["value"] if kept is not None else None
    if kept is None:
        session.add(Setting(name=name, value=wrapped, changed_by_id=actor.id, changed_at=now))
    else:
        kept.value, kept.changed_by_id, kept.changed_at = wrapped, actor.id, now
    record(session, "setting_changed", now=now, actor=actor, setting=name, before=before, value=value)
    session.flush()
