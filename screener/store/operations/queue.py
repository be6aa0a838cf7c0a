"""Writes of someone who reads the queue: the views they keep, and that they searched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.casework import SavedView
from screener.store.operations.submissions import REVIEWERS
from screener.store.queue_filters import Filters
from screener.store.refusals import TooManyViews, ViewNameMissing

MOST_VIEWS = 20
LONGEST_NAME = 60


def save_view(session: Session, user: User, name: str, filters: Filters, *, now: datetime) -> SavedView:
    """Keep these filters under a name; what this person had under it is replaced.

    Raises RoleNotAllowed, ViewNameMissing (none, or too long), TooManyViews.
    """
    require_role(user, REVIEWERS)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ViewNameMissing()
    kept = queries.saved_views(session, user.id)
    view = next((view for view in kept if view.name == name), None)
    if view is None:
        if len(kept) >= MOST_VIEWS:
            raise TooManyViews()
        view = SavedView(user_id=user.id, name=name, query="", created_at=now)
        session.add(view)
    view.query = filters.query()
    session.flush()
    record(session, "view_saved", now=now, actor=user, view=view.id)
    return view


def delete_view(session: Session, view: SavedView, *, user: User, now: datetime) -> None:
    """Delete a view of this person's own."""
    session.delete(view)
    record(session, "view_deleted", now=now, actor=user, view=view.id)
    session.flush()


def record_search(session: Session, kinds: Iterable[str], found: int, *, actor: User, now: datetime) -> None:
    """A member of staff searched patients: by what kinds of things and how many were found; never for whom."""
    require_role(actor, REVIEWERS)
    record(session, "searched", now=now, actor=actor, kinds=" ".join(kinds), found=found)
