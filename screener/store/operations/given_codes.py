"""A return code that staff give: to a patient whose answers they typed in, or to one who lost the code.

Staff cannot open what the patient's own secrets open, so a new way in is made beside them, and then everything that the earlier code
had opened is closed, on every device. The words are told once; stored is only what they open, together with the date of birth.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.crypto import new_key
from screener.store.identifiers import new_token
from screener.store.models import AccessKind, Draft, DraftAccess, NoteKind, Submission
from screener.store.operations.drafts import access_for_code, delete_drafts
from screener.store.operations.submissions import hold, keep_note
from screener.store.refusals import CodeGivenMeanwhile, SubmissionMerged, TextMissing, WorkflowError
from screener.store.return_words import draw_words
from screener.store.sealed_drafts import Content, Lifetimes, OpenDraft, seal_content
from screener.store.workflow import Role, Status

ABOUT_CODE = "return_code"  # what the note about the patient's identity is about


def give_return_code(
    session: Session,
    submission: Submission,
    identity: str,
    *,
    seen_code: int,
    actor: User,
    language: str,
    server_key: bytes,
    lifetimes: Lifetimes,
    now: datetime,
    words: Sequence[str] | None = None,
) -> tuple[tuple[str, ...], datetime]:
    """Make a return code in this language for a patient who cannot make one; returns its words and when it ends.

    `identity` says how staff know that this is the patient, and is kept as a note. `seen_code` is what `queries.return_code_id` said
    when they looked. Raises RoleNotAllowed, TextMissing, SubmissionMerged, WorkflowError (taken back by the patient), and
    CodeGivenMeanwhile where the code is another one since.
    """
    require_role(actor, (Role.INTAKE,))
    if not identity.strip():
        raise TextMissing()
    earlier = _held_drafts(session, submission)
    submission = hold(session, submission)
    if submission.merged_into_id is not None:
        raise SubmissionMerged()
    if submission.status is Status.WITHDRAWN:
        raise WorkflowError()
    if queries.return_code_id(session, submission, now=now) != seen_code:
        raise CodeGivenMeanwhile()
    delete_drafts(session, earlier)
    code = list(words or draw_words(language))
    draft = _way_in(session, submission, code, server_key=server_key, lifetimes=lifetimes, now=now)
    keep_note(session, submission, NoteKind.NOTE, identity, author=actor, now=now, detail={"about": ABOUT_CODE})
    replaced = "yes" if earlier else "no"
    record(session, "return_code_given", now=now, actor=actor, submission=submission, replaced=replaced)
    session.flush()
    return tuple(code), draft.expires_at


def _held_drafts(session: Session, submission: Submission) -> list[int]:
    """The drafts that a code opens and that lead to this submission; held before it is, as a patient's own acts hold them."""
    coded = select(DraftAccess.draft_id).where(DraftAccess.kind == AccessKind.CODE)
    wanted = select(Draft.id).where(Draft.submission_id == submission.id, Draft.id.in_(coded)).order_by(Draft.id)
    return list(session.scalars(wanted.with_for_update()))


def _way_in(
    session: Session,
    submission: Submission,
    code: Sequence[str],
    *,
    server_key: bytes,
    lifetimes: Lifetimes,
    now: datetime,
) -> Draft:
    """An empty draft that leads to what was sent, and the code's row that opens it for as long as a summary is kept."""
    key = new_key()
    row = Draft(
        submission_key=new_token(),
        ruleset_hash=submission.ruleset_hash,
        submission=submission,
        language=submission.contact.language,
        sealed=b"",
        created_at=now,
        updated_at=now,
        expires_at=now + lifetimes.summary,
    )
    born = submission.contact.birth_date
    access = access_for_code(row, key, code, born, server_key=server_key, now=now)
    seal_content(OpenDraft(row, key, Content(return_code=list(code)), access, lifetimes))
    session.add_all((row, access))
    session.flush()
    return row
