"""Reads of the patient's side: the draft that a secret opens, a cookie's or a return code."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from screener.store.identifiers import token_hash
from screener.store.models import AccessKind, Draft, DraftAccess, Submission
from screener.store.sealed_drafts import Lifetimes, OpenDraft, code_lookup, open_with_code, open_with_token

MOST_WRONG_TRIES = 20  # on one return code since it last opened its draft


def draft_for_token(
    session: Session, token: str, *, now: datetime, lifetimes: Lifetimes | None = None
) -> OpenDraft | None:
    """The draft this secret opens, with its submission; None when there is none or its time ran out.

    `lifetimes` is for those who go on to write. Raises crypto.Unreadable where the stored draft was tampered with.
    """
    access = _access(session, AccessKind.COOKIE, token_hash(token), now)
    return open_with_token(access.draft, access, token, lifetimes or Lifetimes()) if access is not None else None


def draft_for_code(
    session: Session,
    code: str,
    birth_date: date,
    *,
    server_key: bytes,
    now: datetime,
    lifetimes: Lifetimes | None = None,
) -> OpenDraft | None:
    """The draft this return code opens together with this date of birth; `code` is what `return_words.read_code` gives.

    None, after the same time, when either is wrong, its time ran out, or too many tries on the code were wrong.
    """
    access = _access(session, AccessKind.CODE, code_lookup(server_key, code), now)
    if access is not None and access.wrong_tries >= MOST_WRONG_TRIES:
        access = None
    return open_with_code(access, code, birth_date, server_key, lifetimes or Lifetimes())


def _access(session: Session, kind: AccessKind, lookup: str, now: datetime) -> DraftAccess | None:
    wanted = select(DraftAccess).join(DraftAccess.draft).where(DraftAccess.kind == kind, DraftAccess.lookup == lookup)
    wanted = wanted.where(DraftAccess.expires_at > now, Draft.expires_at > now)
    loaded = contains_eager(DraftAccess.draft).joinedload(Draft.submission).joinedload(Submission.contact)
    return session.scalars(wanted.options(loaded).order_by(DraftAccess.id).limit(1)).first()
