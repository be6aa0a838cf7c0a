"""How long a submission waits, and whether that is longer than the clinic means people to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.units import format_unit
from flask import g
from flask_babel import get_locale
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.models import Submission
from screener.store.workflow import OPEN
from screener.web.extensions import now, services

WAITING_TARGET = "waiting_target_hours"  # its name in the store and in the settings


def waiting_target(store: Session) -> timedelta:
    """How long nobody should have to wait. The one place that knows where the clinic says so."""
    return timedelta(hours=waiting_target_hours(store))


def waiting_target_hours(store: Session) -> int:
    """What an administrator chose, else the instance's setting; asked of the store once a request."""
    if WAITING_TARGET not in g:
        chosen = queries.setting(store, WAITING_TARGET)
        setattr(g, WAITING_TARGET, chosen if isinstance(chosen, int) else services().settings.waiting_target_hours)
    return int(getattr(g, WAITING_TARGET))


def is_overdue(store: Session, submission: Submission) -> bool:
    """It is open, and has waited for longer than the clinic means people to wait."""
    return submission.is_open and now() - submission.submitted_at > waiting_target(store)


def waiting_words(submission: Submission) -> str:
    """How long it has waited in its two greatest units, such as 2 days 18 hr; a dash where nothing is waited for."""
    if submission.status not in OPEN or submission.merged_into_id is not None:
        return "–"
    return duration_words(submission.submitted_at)


def duration_words(since: datetime) -> str:
    """How long since then in its two greatest units."""
    minutes = max(0, int((now() - since) / timedelta(minutes=1)))
    parts = (("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60))
    first = next((place for place, (_, number) in enumerate(parts) if number), len(parts) - 1)
    shown = [part for part in parts[first : first + 2] if part[1]] or [parts[-1]]
    return " ".join(
        format_unit(number, f"duration-{unit}", length="short", locale=get_locale()) for unit, number in shown
    )
