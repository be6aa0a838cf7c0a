"""Reads of the patient's side: the draft that a secret opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from screener.store.identifiers import token_hash
from screener.store.models import AccessKind, Draft, DraftAccess, Submission
from screener.store.sealed_drafts import Lifetimes, OpenDraft, open_with_token


def draft_for_token(
    session: Session, token: str, *, now: datetime, lifetimes: Lifetimes | None = None
) -> OpenDraft | None:
    """The draft this secret opens, with its submission; None when there is none or its time ran out.

    `lifetimes` is for those who go on to write. Raises crypto.Unreadable where the stored draft was tampered with.
    """
    access = _access(session, AccessKind.COOKIE, token_hash(token), now)
    return open_with_token(access.draft, access, token, lifetimes or Lifetimes()) if access is not None else None


def _access(session: Session, kind: AccessKind, lookup: str, now: datetime) -> DraftAccess | None:
    wanted = select(DraftAccess).join(DraftAccess.draft).where(DraftAccess.kind == kind, DraftAccess.lookup == lookup)
    wanted = wanted.where(DraftAccess.expires_at > now, Draft.expires_at > now)
    loaded = contains_eager(DraftAccess.draft).joinedload(Draft.submission).joinedload(Submission.contact)
    return session.scalars(wanted.options(loaded).order_by(DraftAccess.id).limit(1)).first()
