"""Writes around the return code: making it, coming back with it on any device, and leaving a device.

The code opens a draft only together with the date of birth, and the key of the server (`server_key`, 32 bytes) takes part too, so
that a stolen database cannot be searched for codes. Tries are counted by `attempts`, and those on one code for as long as it lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from screener.store.audit import record
from screener.store.identifiers import new_token
from screener.store.models import DraftAccess
from screener.store.operations.attempts import forgive_attempt
from screener.store.operations.drafts import access_for_code, access_for_token, erase_draft, keep_changes, locked
from screener.store.refusals import DraftIncomplete
from screener.store.return_words import draw_words
from screener.store.sealed_drafts import OpenDraft, code_lookup
from screener.store.workflow import Role


def make_return_code(
    session: Session,
    draft: OpenDraft,
    *,
    language: str,
    server_key: bytes,
    now: datetime,
    words: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Give the draft a return code in this language, unless it has one; returns its words.

    From then on it is kept longer. Raises DraftGone, and DraftIncomplete where the date of birth is not known yet.
    """
    locked(session, draft)
    if draft.return_code:
        return draft.return_code
    born = birth_date_of(draft)
    draft.content.return_code = list(words or draw_words(language))
    code = draft.content.return_code
    session.add(access_for_code(draft.row, draft.key, code, born, server_key=server_key, now=now))
    session.flush()
    keep_changes(session, draft, now=now)
    record(session, "return_code_made", now=now, actor=Role.PATIENT, draft=draft.id)
    return draft.return_code


def come_back(session: Session, draft: OpenDraft, attempt_ids: Iterable[int], *, now: datetime) -> str:
    """Open this draft, which its code has opened, on one more device: returns the new secret token for its cookie.

    The tries of before no longer count against the code. Raises DraftGone.
    """
    locked(session, draft)
    forgive_attempt(session, attempt_ids)
    session.execute(update(DraftAccess).where(DraftAccess.id == draft.access.id).values(wrong_tries=0))
    token = new_token()
    draft.access = access_for_token(draft.row, draft.key, token, now=now, lifetimes=draft.lifetimes)
    session.add(draft.access)
    session.flush()
    record(session, "returned", now=now, actor=Role.PATIENT, draft=draft.id)
    return token


def refuse_return(session: Session, code: str, *, server_key: bytes, now: datetime) -> None:
    """A code and date of birth opened nothing: count it against the code, should there be such a one."""
    same = DraftAccess.lookup == code_lookup(server_key, code)
    session.execute(update(DraftAccess).where(same).values(wrong_tries=DraftAccess.wrong_tries + 1))
    record(session, "return_refused", now=now, actor=Role.PATIENT)


def leave_device(session: Session, draft: OpenDraft, *, now: datetime) -> None:
    """Close the draft on this device: its cookie opens nothing any more, its return code still does.

    Without a return code nothing would open it again, so it is erased. Raises DraftGone.
    """
    if not locked(session, draft).return_code:
        erase_draft(session, draft, now=now)
        return
    session.execute(delete(DraftAccess).where(DraftAccess.id == draft.access.id))
    record(session, "device_left", now=now, actor=Role.PATIENT, draft=draft.id)


def birth_date_of(draft: OpenDraft) -> date:
    """The date of birth that goes with the return code. Raises DraftIncomplete where it is not known yet."""
    if draft.contact is not None:
        return draft.contact.birth_date
    if draft.submission is None:
        raise DraftIncomplete()
    return draft.submission.contact.birth_date
