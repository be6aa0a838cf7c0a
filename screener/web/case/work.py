"""What staff work with on one submission, at both doors: flags, notes, contacts, questions, the same person's other submissions.

`read_work` reads it in the transaction of the page; `work_page` puts it into words. What is done with it is in `case.work_views`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from screener.engine.screening import Finding
from screener.engine.summary import finding_from
from screener.store import queries
from screener.store.accounts import User
from screener.store.casework import Flag, NoteRevision
from screener.store.models import Note, NoteKind, Response, Source, Submission
from screener.store.operations.given_codes import ABOUT_CODE
from screener.store.operations.notes import EDITABLE
from screener.store.workflow import Role
from screener.web.codes_in_words import CHANNEL_WORDS, FLAG_WORDS, OUTCOME_WORDS, SOURCE_WORDS, choices
from screener.web.extensions import now, ruleset_of
from screener.web.filters import moment
from screener.web.status_words import STATUS_WORDS

OWN_WORDS = (NoteKind.NOTE, NoteKind.URGENT_ACTION)
_KIND_WORDS = {NoteKind.URGENT_ACTION: lazy_gettext("What was done")}


@dataclass(frozen=True, slots=True)
class Work:
    """What is stored. `unsettled` are the urgent findings nobody noted anything about yet, of these or earlier answers;
    `kept` is the submission that stands for this one, `members` are those that this one stands for."""

    flags: Sequence[Flag] = ()
    revisions: Mapping[int, Sequence[NoteRevision]] = field(default_factory=dict)
    versions: Sequence[Response] = ()
    unsettled: Sequence[Finding] = ()
    kept: Submission | None = None
    members: Sequence[Submission] = ()
    alike: Sequence[Submission] = ()
    has_code: bool = False


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag; `resolved` says by whom and when, None while it is open."""

    id: int
    reason: str
    text: str
    raised: str
    resolution: str | None
    resolved: str | None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note. `edited` says when, None where it never was; `is_own`: its reader may change it."""

    id: int
    author: str
    when: str
    kind: str | None
    text: str
    edited: str | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One time the patient was contacted."""

    note: NoteRow
    channel: str
    outcome: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question to the patient, and what they replied: (when, words)."""

    note: NoteRow
    replies: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Another submission, of perhaps or surely the same person."""

    submission: Submission
    status: str
    sent: str


@dataclass(frozen=True, slots=True)
class WorkPage:
    """All of it in words. `source` is None where the patient wrote it themself; `can_merge`: this door puts submissions together."""

    door: str
    public_id: str
    version: int
    flags_open: list[FlagRow]
    flags_resolved: list[FlagRow]
    notes: list[NoteRow]
    contacts: list[ContactRow]
    questions: list[QuestionRow]
    members: list[OtherRow]
    alike: list[OtherRow]
    kept: OtherRow | None
    source: str | None
    has_versions: bool
    has_code: bool
    is_merged: bool
    can_merge: bool
    flag_reasons: list[tuple[str, str]]
    channels: list[tuple[str, str]]
    outcomes: list[tuple[str, str]]


def read_work(session: Session, submission: Submission) -> Work:
    """What is stored about the work on a submission."""
    versions = queries.responses_of(session, submission)
    rulesets = {version.id: version.ruleset_hash for version in versions}
    unsettled = tuple(
        finding_from(
            ruleset_of(session, rulesets[kept.response_id]), kept.rule_id, kept.outcome, kept.evidence, kept.missing
        )
        for kept in queries.unsettled_urgent(session, submission)
    )
    _ = submission.entered_by, submission.merged_into  # read now: the page is written when the transaction is over
    return Work(
        flags=queries.flags_of(session, submission),
        revisions=queries.revisions_of(session, queries.notes_of(session, submission)),
        versions=versions,
        unsettled=unsettled,
        kept=submission.merged_into,
        members=queries.merged_into(session, submission),
        alike=queries.likely_same_person(session, submission) if submission.merged_into_id is None else (),
        has_code=queries.has_return_code(session, submission, now=now()),
    )


def work_page(
    door: str, role: Role, reader: User, submission: Submission, notes: Sequence[Note], work: Work
) -> WorkPage:
    """The same in words."""
    flags = [_flag_row(flag) for flag in work.flags]
    return WorkPage(
        door=door,
        public_id=submission.public_id,
        version=submission.version,
        flags_open=[flag for flag in flags if flag.resolved is None],
        flags_resolved=[flag for flag in flags if flag.resolved is not None],
        notes=[note_row(note, reader) for note in notes if note.kind in OWN_WORDS],
        contacts=[_contact_row(note, reader) for note in notes if note.kind is NoteKind.CONTACT],
        questions=_question_rows(notes, reader),
        members=[_other_row(member) for member in work.members],
        alike=[_other_row(other) for other in work.alike],
        kept=_other_row(work.kept) if work.kept is not None else None,
        source=source_words(submission),
        has_versions=len(work.versions) > 1,
        has_code=work.has_code,
        is_merged=submission.merged_into_id is not None,
        can_merge=role is Role.INTAKE,
        flag_reasons=choices(FLAG_WORDS),
        channels=choices(CHANNEL_WORDS),
        outcomes=choices(OUTCOME_WORDS),
    )


def source_words(submission: Submission) -> str | None:
    """How the answers reached the clinic and who typed them; None where the patient did, on the web."""
    if submission.source is Source.WEB:
        return None
    how = str(SOURCE_WORDS[submission.source])
    typed_by = submission.entered_by
    return gettext("%(how)s (%(name)s)", how=how, name=typed_by.name) if typed_by is not None else how


def note_row(note: Note, reader: User) -> NoteRow:
    """A note in words, for this reader."""
    return NoteRow(
        id=note.id,
        author=note.author.name if note.author is not None else gettext("The patient"),
        when=moment(note.created_at),
        kind=_kind_words(note),
        text=note.text,
        edited=moment(note.edited_at) if note.edited_at is not None else None,
        is_own=note.author_id == reader.id and note.kind in EDITABLE,
    )


def _kind_words(note: Note) -> str | None:
    if note.detail.get("about") == ABOUT_CODE:
        return gettext("Return code given")
    return str(_KIND_WORDS[note.kind]) if note.kind in _KIND_WORDS else None


def _flag_row(flag: Flag) -> FlagRow:
    resolved = None
    if flag.resolved_by is not None and flag.resolved_at is not None:
        resolved = gettext("%(name)s, %(when)s", name=flag.resolved_by.name, when=moment(flag.resolved_at))
    return FlagRow(
        id=flag.id,
        reason=str(FLAG_WORDS.get(flag.reason, flag.reason)),
        text=flag.text,
        raised=gettext("%(name)s, %(when)s", name=flag.raised_by.name, when=moment(flag.raised_at)),
        resolution=flag.resolution,
        resolved=resolved,
    )


def _contact_row(note: Note, reader: User) -> ContactRow:
    channel, outcome = note.detail.get("channel"), note.detail.get("outcome")
    return ContactRow(
        note_row(note, reader),
        str(CHANNEL_WORDS.get(channel, channel)),
        str(OUTCOME_WORDS.get(outcome, outcome)),
    )


def _question_rows(notes: Sequence[Note], reader: User) -> list[QuestionRow]:
    replies: dict[int | None, list[tuple[str, str]]] = {}
    for note in notes:
        if note.kind is NoteKind.REPLY:
            replies.setdefault(note.answers_id, []).append((moment(note.created_at), note.text))
    return [
        QuestionRow(note_row(note, reader), replies.get(note.id, []))
        for note in notes
        if note.kind is NoteKind.QUESTION
    ]


def _other_row(other: Submission) -> OtherRow:
    return OtherRow(other, str(STATUS_WORDS.get(other.status, other.status)), moment(other.submitted_at))
