"""Staff accounts, and the door through which Flask-Security reads them.

The one module of the store that imports Flask-Security (and so Flask). The datastore opens its own short
transactions: a signed-in request never holds the database's writing lock, and no session needs tearing down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security import RoleMixin, UserDatastore, UserMixin
from sqlalchemy import Engine, ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from screener.store.columns import Base, Numbered, code_column
from screener.store.database import reading, writing
from screener.store.workflow import Role


@dataclass(frozen=True, slots=True, eq=False)
class StaffRole(RoleMixin):  # type: ignore[misc, unused-ignore]  # the mixin is untyped for subclasses
    """A role in the shape Flask-Security reads; the roles themselves are `workflow.Role`."""

    name: str


class Notify(StrEnum):
    """When someone wants to be told by e-mail that something is new."""

    NEVER = "never"
    AT_ONCE = "at_once"
    DAILY = "daily"


class User(Numbered, Base, UserMixin):
    """A member of staff. Patients have no account."""

    __tablename__ = "user"

    # The mixin declares these as plain values; here they are columns.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(code_column(Role, "role"))
    notify: Mapped[Notify] = mapped_column(code_column(Notify, "notify"))

    @property  # the mixin declares a plain attribute
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """The one role of this account, as the list Flask-Security expects."""
        return [StaffRole(self.role.value)]


class StaffSession(Numbered, Base):
    """One sign-in of a member of staff on one device. Only the hash of its secret is kept."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class AccountDatastore(UserDatastore):
    """Finds accounts for Flask-Security and keeps the password hash and session key it renews."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(User, StaffRole)
        self._engine = engine

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """The one account with this value in this unique column, detached."""
        ((name, value),) = kwargs.items()
        column = getattr(User, name)
        same = func.lower(column) == str(value).lower() if case_insensitive else column == value
        with reading(self._engine) as session:
            return session.scalars(select(User).where(same).order_by(User.id).limit(1)).first()

    def find_role(self, role: str) -> StaffRole | None:
        return StaffRole(role) if role in set(Role) else None

    def put(self, model: User) -> User:
        """Keeps a renewed password hash and session key at once."""
        renewed = {"password": model.password, "fs_uniquifier": model.fs_uniquifier}
        with writing(self._engine) as session:
            session.execute(update(User).where(User.id == model.id).values(renewed))
        return model

    def commit(self) -> None:
        """Nothing is left to do: `put` has committed."""


def account_datastore(engine: Engine) -> AccountDatastore:
    """What `Security(app, …)` is given."""
    return AccountDatastore(engine)
