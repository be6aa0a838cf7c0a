"""Reads of staff's accounts and of invitations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, literal, or_, select
from sqlalchemy.orm import Session

from screener.store.accounts import User
from screener.store.identifiers import token_hash
from screener.store.models import Invitation, Submission
from screener.store.queries.limits import MOST
from screener.store.workflow import Role

_ABLE = (Role.INTAKE, Role.CLINICIAN)


def users(session: Session) -> list[User]:
    """All accounts, by name."""
    return list(session.scalars(select(User).order_by(User.name, User.id).limit(MOST)))


def assignable_users(session: Session) -> list[User]:
    """The active accounts that submissions can be given to, by name."""
    able = select(User).where(User.active.is_(True), User.role.in_(_ABLE))
    return list(session.scalars(able.order_by(User.name, User.id).limit(MOST)))


def users_with_work_left(session: Session) -> list[User]:
    """Who can be given nothing more, switched off or of another role now, and still has an open submission; by name."""
    unable = or_(User.active.is_(False), User.role.not_in(_ABLE))
    theirs = exists().where(Submission.assignee_id == User.id, Submission.is_open == literal(True))
    return list(session.scalars(select(User).where(unable, theirs).order_by(User.name, User.id).limit(MOST)))


def user_by_id(session: Session, user_id: int) -> User | None:
    """The account of that number."""
    return session.get(User, user_id)


def names_of_users(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """The names of these accounts."""
    return _names(session, User, user_ids)


def names_of_invitations(session: Session, invitation_ids: Collection[int]) -> dict[int, str]:
    """The names of those invited, of whom one was given."""
    return _names(session, Invitation, invitation_ids)


def user_by_email(session: Session, email: str) -> User | None:
    """The account with this e-mail address, whatever its capitals."""
    wanted = select(User).where(User.email == email.strip().lower())
    return session.scalars(wanted.order_by(User.id).limit(1)).first()


def has_any_user(session: Session) -> bool:
    """Whether there is any account yet."""
    return session.scalars(select(User.id).order_by(User.id).limit(1)).first() is not None


def invitation_for_token(session: Session, token: str, *, now: datetime) -> Invitation | None:
    """The invitation this secret opens; None when there is none, it was used, or its time ran out."""
    wanted = select(Invitation).where(
        Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    return session.scalars(wanted.order_by(Invitation.id).limit(1)).first()


def open_invitations(session: Session, *, now: datetime) -> list[Invitation]:
    """Invitations of someone by name that can still be used, the newest first; the first administrator's link names no one."""
    wanted = select(Invitation).where(
        Invitation.used_at.is_(None), Invitation.expires_at > now, Invitation.email.is_not(None)
    )
    return list(session.scalars(wanted.order_by(Invitation.id.desc()).limit(MOST)))


def _names(session: Session, table: type[User] | type[Invitation], ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    named = select(table.id, table.name).where(table.id.in_(ids)).order_by(table.id).limit(MOST)
    return {row.id: row.name for row in session.execute(named) if row.name}
