"""The tables of what staff need to organise their work: flags, tags, decisions, saved views, notifications, exports, settings.

Submissions, reviews and notes themselves are in `models`; accounts and sessions in `accounts`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from screener.store.columns import Base, Numbered, code_column
from screener.store.models import Note, Review, StoredFinding, Submission

if TYPE_CHECKING:
    from screener.store.accounts import User


class DecisionChoice(StrEnum):
    """What a clinician thinks of one finding."""

    AGREE = "agree"
    NOT_RELEVANT = "not_relevant"
    NEEDS_WORK_UP = "needs_work_up"


class ExportState(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ExportFormat(StrEnum):
    """What kind of file an export is."""

    CSV = "csv"
    JSON = "json"


class FlagReason(StrEnum):
    """Why someone must look at a submission."""

    IDENTITY = "identity"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    INTERPRETER = "interpreter"
    SAFETY = "safety"
    CALL_BACK = "call_back"
    OTHER = "other"


class ContactChannel(StrEnum):
    """How a patient was contacted."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"


class ContactOutcome(StrEnum):
    """What came of contacting a patient."""

    REACHED = "reached"
    MESSAGE = "message"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    OTHER = "other"


class Agreed(StrEnum):
    """Who agreed that answers typed by staff are kept."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"


class Agreement(StrEnum):
    """How they agreed."""

    SPOKEN = "spoken"
    SIGNED = "signed"


class CloseReason(StrEnum):
    """Why a submission was closed before a clinician read it."""

    DUPLICATE = "duplicate"
    TEST = "test"
    TAKEN_BACK = "taken_back"
    NOT_REACHED = "not_reached"
    OTHER = "other"


class NoteRevision(Numbered, Base):
    """What a note said before it was edited."""

    __tablename__ = "note_revision"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]

    note: Mapped[Note] = relationship()
    editor: Mapped[User] = relationship()


class Flag(Numbered, Base):
    """Something about a submission that someone must look at, raised with a reason and resolved with one."""

    __tablename__ = "flag"
    __table_args__: Any = (Index("ix_flag_unresolved", "resolved_at", "submission_id"), {"sqlite_autoincrement": True})

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    raised_at: Mapped[datetime]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = mapped_column(Text)

    raised_by: Mapped[User] = relationship(foreign_keys=[raised_by_id])
    resolved_by: Mapped[User | None] = relationship(foreign_keys=[resolved_by_id])


class Tag(Numbered, Base):
    """A word that staff put on a submission to find it again; never of a patient's health."""

    __tablename__ = "tag"
    __table_args__: Any = (UniqueConstraint("submission_id", "word"), {"sqlite_autoincrement": True})

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    word: Mapped[str] = mapped_column(String(40), index=True)


class SubmissionTopic(Numbered, Base):
    """One topic raised at `mention` or higher by a submission's newest answers, to filter by."""

    __tablename__ = "submission_topic"
    __table_args__: Any = (UniqueConstraint("topic", "submission_id"), {"sqlite_autoincrement": True})

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    topic: Mapped[str] = mapped_column(String(60))


class Decision(Numbered, Base):
    """What a clinician decided on one finding, with a coded reason and their own words."""

    __tablename__ = "decision"
    __table_args__: Any = (UniqueConstraint("review_id", "finding_id"), {"sqlite_autoincrement": True})

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    choice: Mapped[DecisionChoice] = mapped_column(code_column(DecisionChoice, "choice"))
    reason: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    decided_at: Mapped[datetime] = mapped_column(index=True)

    review: Mapped[Review] = relationship()
    finding: Mapped[StoredFinding] = relationship()
    decided_by: Mapped[User] = relationship()


class SavedView(Numbered, Base):
    """Filters of the queue that a person keeps under a name; never with personal data in them."""

    __tablename__ = "saved_view"
    __table_args__: Any = (UniqueConstraint("user_id", "name"), {"sqlite_autoincrement": True})

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]


class Notification(Numbered, Base):
    """That someone is to be told that something is new; what it is stands on the page, never in the message."""

    __tablename__ = "notification"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)

    user: Mapped[User] = relationship()
    submission: Mapped[Submission] = relationship()


class Export(Numbered, Base):
    """One export of a filtered set: who asked for it, why, and how far it is. The file stands in the instance folder."""

    __tablename__ = "export"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(10))
    query: Mapped[str] = mapped_column(String(1000))
    state: Mapped[ExportState] = mapped_column(code_column(ExportState, "state"))
    done: Mapped[int]
    total: Mapped[int]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Setting(Base):
    """One setting of the clinic that an administrator changed."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    changed_at: Mapped[datetime]

    def __repr__(self) -> str:
        return f"<Setting {self.name}>"
