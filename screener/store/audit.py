"""Events: what happened, when and by whose hand, written in the transaction of the act itself.

An event never holds an answer, a name or a contact; only codes and row numbers stand in its detail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from screener.store.accounts import User
from screener.store.models import Event, Submission
from screener.store.refusals import RoleNotAllowed
from screener.store.workflow import Role


def record(
    session: Session,
    name: str,
    *,
    now: datetime,
    actor: User | Role | None = None,
    submission: Submission | None = None,
    **detail: str | int | None,
) -> Event:
    """Add one event. `actor` is a member of staff, or the role PATIENT; None is the command line or a timer."""
    role = actor.role if isinstance(actor, User) else actor
    event = Event(
        submission_id=submission.id if submission else None,
        actor_id=actor.id if isinstance(actor, User) else None,
        actor_role=role.value if role else None,
        name=name,
        detail=detail,
        at=now,
    )
    session.add(event)
    return event


def require_role(actor: User, roles: Iterable[Role]) -> None:
    """Raises RoleNotAllowed unless this account is active and has one of these roles."""
    if not actor.active or actor.role not in tuple(roles):
        raise RoleNotAllowed()
