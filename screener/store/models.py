"""The tables of patients' submissions, and of reviews, notes and events on them.

Name, birth date and contact stand apart from the answers. A response and its findings are written once and
never changed; what comes later is another response. No table cascades: rows go only where an operation says.
What staff need to organise their work is in `casework`, accounts are in `accounts`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from screener.store.columns import Base, Numbered, code_column
from screener.store.workflow import Role, Status

if TYPE_CHECKING:
    from screener.store.accounts import User


class NoteKind(StrEnum):
    """Why a note was written. A question is read by the patient, a reply is written by them; all others are staff's own."""

    NOTE = "note"
    URGENT_ACTION = "urgent_action"
    CONTACT = "contact"
    QUESTION = "question"
    REPLY = "reply"


class Source(StrEnum):
    """How the answers reached the clinic."""

    WEB = "web"
    PHONE = "phone"
    PAPER = "paper"


class AccessKind(StrEnum):
    """Which kind of secret opens a draft: one that a browser keeps, or a return code with the date of birth."""

    COOKIE = "cookie"
    CODE = "code"


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
    birth_date: Mapped[date] = mapped_column(index=True)
    phone: Mapped[str | None] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(String(254))
    preferred_contact: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    helper: Mapped[str | None] = mapped_column(String(200))
    phone_digits: Mapped[str | None] = mapped_column(String(50), index=True)
    # The same from the last digit to the first, so that a number is found by its ending too.
    phone_reversed: Mapped[str | None] = mapped_column(
        String(50).with_variant(String(50, collation="C"), "postgresql"), index=True
    )


class ContactWord(Numbered, Base):
    """One word of a patient's name as it is searched for: lower case, without accents."""

    __tablename__ = "contact_word"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    # Searched by how it begins, so its order must be that of its bytes on both databases.
    word: Mapped[str] = mapped_column(String(100).with_variant(String(100, collation="C"), "postgresql"), index=True)


class Draft(Numbered, Base):
    """What a patient has not handed in, sealed; afterwards the patient's way to what was. See `sealed_drafts`.

    In the open stand only the row's own numbers, its language and its times.
    """

    __tablename__ = "draft"

    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    ruleset_hash: Mapped[str] = mapped_column(ForeignKey("ruleset.hash"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    language: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    submission: Mapped[Submission | None] = relationship()


class DraftAccess(Numbered, Base):
    """One secret that opens a draft: what finds it, and the draft's key wrapped with it. Never the secret itself."""

    __tablename__ = "draft_access"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    kind: Mapped[AccessKind] = mapped_column(code_column(AccessKind, "access_kind"))
    lookup: Mapped[str] = mapped_column(String(64), unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    draft: Mapped[Draft] = relationship()


class Submission(Numbered, Base):
    """A response handed in, and its case."""

    __tablename__ = "submission"
    __table_args__: Any = (
        # The orders of the queue, for all open or all closed ones and for each status: `queries.queue_walk`.
        Index("ix_submission_queue", "is_open", "severity_rank", "submitted_at", "id"),
        Index("ix_submission_waiting", "is_open", "submitted_at", "id"),
        Index("ix_submission_since", "is_open", "status_at", "id"),
        Index("ix_submission_status_queue", "is_open", "status", "severity_rank", "submitted_at", "id"),
        Index("ix_submission_status_waiting", "is_open", "status", "submitted_at", "id"),
        Index("ix_submission_status_since", "is_open", "status", "status_at", "id"),
        Index("ix_submission_assigned", "assignee_id", "is_open", "severity_rank", "submitted_at", "id"),
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
    # Waiting for someone: in a status that asks for work, and not merged into another one.
    is_open: Mapped[bool]
    ruleset_hash: Mapped[str] = mapped_column(ForeignKey("ruleset.hash"), index=True)  # of the newest response
    source: Mapped[Source] = mapped_column(code_column(Source, "source"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    held_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    close_reason: Mapped[str | None] = mapped_column(String(40))

    contact: Mapped[Contact] = relationship()
    entered_by: Mapped[User | None] = relationship(foreign_keys=[entered_by_id])
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
    held_by: Mapped[User | None] = relationship(foreign_keys=[held_by_id])
    merged_into: Mapped[Submission | None] = relationship(foreign_keys=[merged_into_id], remote_side="Submission.id")

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
    created_at: Mapped[datetime] = mapped_column(index=True)
    # Who of the staff typed it in for the patient; None where the patient did.
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    entered_by: Mapped[User | None] = relationship()


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
    """What someone wrote about a submission. `author` is None for the patient; `detail` holds codes of a contact.

    What it said before an edit is kept in `casework.NoteRevision`.
    """

    __tablename__ = "note"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column(code_column(NoteKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]]
    # The question this replies to.
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"), index=True)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    author: Mapped[User | None] = relationship()


class Review(Numbered, Base):
    """A clinician's work on one submission, open until it is signed off.

    `seen_items` are the open questions they have seen, `disposition` the code of what happens next on the whole.
    """

    __tablename__ = "review"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assessment: Mapped[str] = mapped_column(Text)
    disposition: Mapped[str | None] = mapped_column(String(40))
    seen_items: Mapped[list[str]]
    started_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
    clinician: Mapped[User] = relationship()
    sign_off: Mapped[SignOff | None] = relationship(back_populates="review")


class SignOff(Numbered, Base):
    """Named, dated approval of exactly this content; at most one a review. A later change voids it, and says why."""

    __tablename__ = "sign_off"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), unique=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(40))

    review: Mapped[Review] = relationship(back_populates="sign_off")
    user: Mapped[User] = relationship()


class Event(Numbered, Base):
    """That something happened: a past participle, who, when. Never an answer, a name or a contact."""

    __tablename__ = "event"
    __table_args__: Any = (
        # Each way to narrow them, the newest at the end: `queries.audit`.
        Index("ix_event_at", "at", "id"),
        Index("ix_event_actor", "actor_id", "at", "id"),
        Index("ix_event_name", "name", "at", "id"),
        Index("ix_event_actor_name", "actor_id", "name", "at", "id"),
        {"sqlite_autoincrement": True},
    )

    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_role: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()
    submission: Mapped[Submission | None] = relationship()


class Attempt(Numbered, Base):
    """Something that is counted to limit guessing: of which kind, when, and a keyed hash of what is counted; kept for a day."""

    __tablename__ = "attempt"
    __table_args__: Any = (Index(None, "kind", "counted", "at"), {"sqlite_autoincrement": True})

    kind: Mapped[str] = mapped_column(String(40))
    counted: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


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
