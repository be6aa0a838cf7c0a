"""Writes on staff accounts: making, inviting, switching off and on, and what is recorded of signing in.

Passwords arrive here hashed: hashing belongs to the edge, which knows its parameters.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.accounts import Notify, User
from screener.store.audit import record, require_role
from screener.store.identifiers import new_token, token_hash
from screener.store.models import Invitation
from screener.store.operations.sessions import end_sessions
from screener.store.refusals import (
    AlreadySetUp,
    EmailTaken,
    InvitationInvalid,
    LastAdmin,
    RoleNotAllowed,
    TextMissing,
)
from screener.store.workflow import Role

INVITATION_LIFETIME = timedelta(hours=72)


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password_hash: str,
    actor: User | None,
    now: datetime,
) -> User:
    """A new active account; `actor` None is the command line or someone's own invitation. Raises EmailTaken."""
    _require_admin(actor)
    if role is Role.PATIENT:
        raise RoleNotAllowed("Patients have no account.")
    email, name = email.strip().lower(), name.strip()
    if not email or not name:
        raise TextMissing("An account needs an e-mail address and a name.")
    if queries.user_by_email(session, email) is not None:
        raise EmailTaken()
    user = User(
        email=email,
        name=name,
        role=role,
        password=password_hash,
        active=True,
        fs_uniquifier=new_token(),
        notify=Notify.NEVER,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:  # someone was faster; the driver's message holds the address, so it goes no further
        raise EmailTaken() from None
    record(session, "user_created", now=now, actor=actor, user=user.id, role=role.value)
    return user


def begin_setup(session: Session, *, now: datetime, token: str | None = None) -> str:
    """The token of a link with which the first admin makes their account; an earlier unused one stops working."""
    if queries.has_any_user(session):
        raise AlreadySetUp()
    session.execute(delete(Invitation).where(Invitation.email.is_(None), Invitation.used_at.is_(None)))
    _, token = _invite(session, Role.ADMIN, email=None, name=None, actor=None, now=now, token=token)
    return token


def invite_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    actor: User | None,
    now: datetime,
    token: str | None = None,
) -> tuple[Invitation, str]:
    """An invitation for 72 hours and its token, of which only the hash is stored; an earlier one stops working.

    Raises EmailTaken.
    """
    _require_admin(actor)
    if role is Role.PATIENT:
        raise RoleNotAllowed("Patients have no account.")
    email = email.strip().lower()
    if queries.user_by_email(session, email) is not None:
        raise EmailTaken()
    session.execute(delete(Invitation).where(Invitation.email == email, Invitation.used_at.is_(None)))
    return _invite(session, role, email=email, name=name.strip(), actor=actor, now=now, token=token)


def accept_invitation(
    session: Session,
    token: str,
    *,
    password_hash: str,
    now: datetime,
    email: str | None = None,
    name: str | None = None,
) -> User:
    """Make the account an invitation is for. E-mail and name count only where the invitation names none."""
    held = select(Invitation).where(Invitation.token_hash == token_hash(token)).order_by(Invitation.id)
    invitation = session.scalars(held.with_for_update().execution_options(populate_existing=True)).first()
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= now:
        raise InvitationInvalid()
    if invitation.email is None and queries.has_any_user(session):
        raise AlreadySetUp()
    user = create_user(
        session,
        email=invitation.email or email or "",
        name=invitation.name or name or "",
        role=invitation.role,
        password_hash=password_hash,
        actor=None,
        now=now,
    )
    invitation.user_id, invitation.used_at = user.id, now
    record(session, "invitation_accepted", now=now, actor=user, invitation=invitation.id)
    return user


def deactivate_user(session: Session, user: User, *, actor: User | None, now: datetime) -> None:
    """Switch an account off and end its sessions. Raises LastAdmin where no other admin would be left."""
    _require_admin(actor)
    user = _hold_with_admins(session, user)
    user.active = False
    end_sessions(session, user, actor=actor, now=now)
    record(session, "user_deactivated", now=now, actor=actor, user=user.id)
    session.flush()


def activate_user(session: Session, user: User, *, actor: User | None, now: datetime) -> None:
    """Switch an account on again."""
    _require_admin(actor)
    user = session.get_one(User, user.id)
    user.active = True
    record(session, "user_activated", now=now, actor=actor, user=user.id)
    session.flush()


def change_role(session: Session, user: User, role: Role, *, actor: User | None, now: datetime) -> None:
    """Give an account other work, and end its sessions. Raises LastAdmin where no other admin would be left."""
    _require_admin(actor)
    if role is Role.PATIENT:
        raise RoleNotAllowed("Patients have no account.")
    user = _hold_with_admins(session, user)
    before = user.role
    if before is role:
        return
    user.role = role
    end_sessions(session, user, actor=actor, now=now)
    record(session, "role_changed", now=now, actor=actor, user=user.id, before=before.value, role=role.value)
    session.flush()


def withdraw_invitation(session: Session, invitation_id: int, *, actor: User | None, now: datetime) -> None:
    """Make a link that was not used yet stop working; one that is gone already is no error."""
    _require_admin(actor)
    gone = delete(Invitation).where(Invitation.id == invitation_id, Invitation.used_at.is_(None))
    if session.execute(gone.returning(Invitation.id)).first() is not None:
        record(session, "invitation_withdrawn", now=now, actor=actor, invitation=invitation_id)


def _hold_with_admins(session: Session, user: User) -> User:
    """The account as it is now. All admins' rows are held, in one order, so that two admins cannot switch each other off.

    Raises LastAdmin where this is the only one of them.
    """
    admins = session.scalars(
        select(User).where(User.role == Role.ADMIN, User.active).order_by(User.id).with_for_update()
    ).all()
    user = session.get_one(User, user.id, populate_existing=True)
    if user.role is Role.ADMIN and [admin.id for admin in admins] == [user.id]:
        raise LastAdmin()
    return user


def record_sign_in(session: Session, user: User, *, now: datetime) -> None:
    """A member of staff signed in."""
    record(session, "signed_in", now=now, actor=user)


def record_sign_out(session: Session, user: User, *, now: datetime) -> None:
    """A member of staff signed out."""
    record(session, "signed_out", now=now, actor=user)


def record_refused_sign_in(session: Session, *, now: datetime, user: User | None = None) -> None:
    """Someone tried to sign in and could not; `user` where the address is that of an account."""
    record(session, "sign_in_refused", now=now, user=user.id if user else None)


def record_refused_password(session: Session, user: User, *, now: datetime) -> None:
    """A member of staff who is signed in typed a wrong password where it is asked for again."""
    record(session, "password_refused", now=now, actor=user)


def _require_admin(actor: User | None) -> None:
    if actor is not None:
        require_role(actor, (Role.ADMIN,))


def _invite(
    session: Session,
    role: Role,
    *,
    email: str | None,
    name: str | None,
    actor: User | None,
    now: datetime,
    token: str | None,
) -> tuple[Invitation, str]:
    token = token or new_token()
    invitation = Invitation(
        token_hash=token_hash(token),
        role=role,
        email=email,
        name=name,
        user_id=None,
        expires_at=now + INVITATION_LIFETIME,
        used_at=None,
    )
    session.add(invitation)
    session.flush()
    record(session, "user_invited", now=now, actor=actor, invitation=invitation.id, role=role.value)
    return invitation, token
