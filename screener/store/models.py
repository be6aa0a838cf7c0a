"""The tables of patients' submissions and of staff's work on them.

Name, birth date and contact stand apart from the answers. A response and its findings are written once and
never changed; what comes later is another response. No table cascades: rows go only where an operation says.
Accounts are in `accounts`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from screener.store.columns import Base, Numbered, code_column
from screener.store.workflow import Role, Status

if TYPE_CHECKING:
    from screener.store.accounts import User


class NoteKind(StrEnum):
    """Why a note was written."""

    NOTE = "note"
    URGENT_ACTION = "urgent_action"
    QUESTION = "question"


class StoredRuleset(Base):
    """The canonical content of a ruleset that something was screened with, kept once by its hash."""

    __tablename__ = "ruleset"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    ruleset_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime]

    def __repr__(self) -> str:
        return f"<StoredRuleset {self.hash}>"


class Contact(Numbered, Base):
    """Who a patient is and how to reach them."""

    __tablename__ = "contact"

    name: Mapped[str] = mapped_column(String(200))
    birth_date: Mapped[date]
    phone: Mapped[str | None] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(String(254))
    preferred_contact: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    helper: Mapped[str | None] = mapped_column(String(200))


class Draft(Numbered, Base):
    """Answers not handed in yet. Its contact is its own until it is submitted."""

    __tablename__ = "draft"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    ruleset_hash: Mapped[str] = mapped_column(ForeignKey("ruleset.hash"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    language: Mapped[str] = mapped_column(String(10))
    answers: Mapped[dict[str, Any]]
    acknowledged: Mapped[list[str]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    contact: Mapped[Contact | None] = relationship()
    submission: Mapped[Submission | None] = relationship()


class Submission(Numbered, Base):
    """A response handed in, and its case."""

    __tablename__ = "submission"
    __table_args__: Any = (
        Index(None, "status", "severity_rank", "submitted_at", "id"),
        {"sqlite_autoincrement": True},
    )

    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    reference: Mapped[str] = mapped_column(String(9), unique=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    language: Mapped[str] = mapped_column(String(10))
    status: Mapped[Status] = mapped_column(code_column(Status, "status"))
    severity_raised: Mapped[str | None] = mapped_column(String(20))
    severity_possible: Mapped[str | None] = mapped_column(String(20))
    severity_rank: Mapped[int]
    unknown_count: Mapped[int]
    topics: Mapped[list[str]]
    version: Mapped[int]
    submitted_at: Mapped[datetime]
    status_at: Mapped[datetime]

    contact: Mapped[Contact] = relationship()

    @property
    def is_urgent(self) -> bool:
        """An urgent rule was raised."""
        return self.severity_raised == "urgent"


class Response(Numbered, Base):
    """One version of all answers together, with what the engine derived from them."""

    __tablename__ = "response"
    __table_args__: Any = (UniqueConstraint("submission_id", "number"), {"sqlite_autoincrement": True})

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    number: Mapped[int]
    ruleset_hash: Mapped[str] = mapped_column(ForeignKey("ruleset.hash"), index=True)
    answers: Mapped[dict[str, Any]]
    scores: Mapped[dict[str, Any]]
    dropped: Mapped[list[str]]
    not_raised: Mapped[list[str]]
    created_at: Mapped[datetime]


class StoredFinding(Numbered, Base):
    """What a rule concluded on a response; never silently recomputed."""

    __tablename__ = "finding"
    __table_args__: Any = (UniqueConstraint("response_id", "position"), {"sqlite_autoincrement": True})

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    position: Mapped[int]
    rule_id: Mapped[str] = mapped_column(String(60), index=True)
    pack: Mapped[str] = mapped_column(String(60))
    topic: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    severity: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[dict[str, Any]]
    missing: Mapped[dict[str, Any]]
    citations: Mapped[list[str]]


class Note(Numbered, Base):
    """What a member of staff wrote about a submission; added, never edited."""

    __tablename__ = "note"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column(code_column(NoteKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    author: Mapped[User] = relationship()


class Review(Numbered, Base):
    """A clinician's work on one submission, open until it is signed off."""

    __tablename__ = "review"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assessment: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
    clinician: Mapped[User] = relationship()
    sign_off: Mapped[SignOff | None] = relationship(back_populates="review")


class SignOff(Numbered, Base):
    """Named, dated approval of exactly this content; at most one a review."""

    __tablename__ = "sign_off"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), unique=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]

    review: Mapped[Review] = relationship(back_populates="sign_off")
    user: Mapped[User] = relationship()


class Event(Numbered, Base):
    """That something happened: a past participle, who, when. Never an answer, a name or a contact."""

    __tablename__ = "event"

    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    actor_role: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()


class Invitation(Numbered, Base):
    """A one-time link with which someone makes their own account. Without an e-mail it is the first admin's."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(code_column(Role, "role"))
    name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
