"""Writes of a patient who has not handed in yet: the draft, its contact, and the ruleset it is asked with.

Each takes the draft as its secret opened it, brings it up to date under a lock, and seals what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from screener.engine.rules import Ruleset
from screener.store.audit import record
from screener.store.crypto import new_key, new_salt
from screener.store.identifiers import new_token, token_hash
from screener.store.models import AccessKind, Draft, DraftAccess, StoredRuleset
from screener.store.refusals import DraftGone, DraftSubmitted
from screener.store.return_words import code_of
from screener.store.sealed_drafts import (
    ContactDetails,
    Content,
    Lifetimes,
    OpenDraft,
    code_lookup,
    key_from_code,
    key_from_token,
    seal_content,
    unseal_content,
    wrap_key,
)
from screener.store.workflow import Role


def keep_ruleset(session: Session, ruleset: Ruleset, *, now: datetime) -> str:
    """Store the ruleset's canonical content unless it is there already; returns its hash."""
    if session.get(StoredRuleset, ruleset.hash) is None:
        kept = StoredRuleset(
            hash=ruleset.hash,
            ruleset_id=ruleset.id,
            version=ruleset.version,
            content=ruleset.content,
            stored_at=now,
        )
        try:
            with session.begin_nested():
                session.add(kept)
        except IntegrityError:  # someone kept the same one meanwhile
            return ruleset.hash
        record(session, "ruleset_kept", now=now, ruleset=ruleset.hash)
    return ruleset.hash


def begin_draft(
    session: Session,
    ruleset: Ruleset,
    *,
    language: str,
    now: datetime,
    token: str | None = None,
    submission_key: str | None = None,
    lifetimes: Lifetimes | None = None,
    entry: Mapping[str, Any] | None = None,
) -> tuple[OpenDraft, str]:
    """A new draft and the secret token that opens it. The token is not stored; its hash finds the draft again.

    `entry` says what staff type in for a patient (see `sealed_drafts.Content`).
    """
    token, lifetimes, key = token or new_token(), lifetimes or Lifetimes(), new_key()
    row = Draft(
        submission_key=submission_key or new_token(),
        ruleset_hash=keep_ruleset(session, ruleset, now=now),
        language=language,
        sealed=b"",
        submission=None,
        created_at=now,
        updated_at=now,
        expires_at=now + lifetimes.plain,
    )
    access = access_for_token(row, key, token, now=now, lifetimes=lifetimes)
    draft = OpenDraft(row, key, Content(entry=dict(entry or {})), access, lifetimes)
    seal_content(draft)
    session.add_all((row, access))
    session.flush()
    _record(session, "draft_begun", draft, now)
    return draft, token


def save_answers(session: Session, draft: OpenDraft, answers: Mapping[str, Any], *, now: datetime) -> None:
    """Replace the draft's answers. The caller has checked them against the questionnaire."""
    _held(session, draft).content.answers = dict(answers)
    keep_changes(session, draft, now=now)
    _record(session, "answers_saved", draft, now)


def save_contact(
    session: Session,
    draft: OpenDraft,
    *,
    name: str,
    birth_date: date,
    phone: str | None,
    email: str | None,
    preferred_contact: str,
    language: str,
    helper: str | None,
    now: datetime,
    server_key: bytes | None = None,
) -> ContactDetails:
    """Keep who the patient is and how to reach them, sealed beside the answers; replaces what was there.

    A return code goes with the date of birth: where one was made, `server_key` is needed to let it go with a corrected date.
    """
    contact = ContactDetails(name, birth_date, phone, email, preferred_contact, language, helper)
    before = _held(session, draft).content.contact
    draft.content.contact = contact
    if draft.return_code and (before is None or before.birth_date != birth_date):
        _rebind_return_code(session, draft, birth_date, server_key)
    keep_changes(session, draft, now=now)
    _record(session, "contact_saved", draft, now)
    return contact


def save_entry(session: Session, draft: OpenDraft, entry: Mapping[str, Any], *, now: datetime) -> None:
    """Keep how what staff type in reached them; replaces what was there."""
    _held(session, draft).content.entry = dict(entry)
    keep_changes(session, draft, now=now)
    _record(session, "entry_saved", draft, now)


def set_draft_language(session: Session, draft: OpenDraft, language: str, *, now: datetime) -> None:
    """The language in which the patient goes on; allowed after handing in too, for the summary."""
    locked(session, draft).row.language = language
    keep_changes(session, draft, now=now)
    _record(session, "language_set", draft, now)


def keep_open(session: Session, draft: OpenDraft, *, now: datetime) -> None:
    """The patient is still here: put the draft's end off as a save does. Raises DraftGone."""
    keep_changes(session, locked(session, draft), now=now)
    _record(session, "kept_open", draft, now)


def acknowledge_urgent(session: Session, draft: OpenDraft, rule_ids: Iterable[str], *, now: datetime) -> None:
    """The patient has read these urgent findings and goes on."""
    content = _held(session, draft).content
    content.acknowledged = list(dict.fromkeys((*content.acknowledged, *rule_ids)))
    keep_changes(session, draft, now=now)
    _record(session, "urgent_acknowledged", draft, now)


def forget_acknowledged(session: Session, draft: OpenDraft, rule_ids: Iterable[str], *, now: datetime) -> None:
    """These urgent findings are no longer raised; should they come back, the patient reads them again."""
    content, settled = _held(session, draft).content, set(rule_ids)
    content.acknowledged = [rule_id for rule_id in content.acknowledged if rule_id not in settled]
    keep_changes(session, draft, now=now)
    _record(session, "urgent_settled", draft, now)


def erase_draft(session: Session, draft: OpenDraft, *, now: datetime) -> None:
    """Delete the draft, and with it every secret's way in. What was handed in belongs to its submission and stays."""
    delete_drafts(session, [locked(session, draft).id])
    _record(session, "draft_erased", draft, now)


def delete_expired_drafts(session: Session, *, now: datetime) -> int:
    """Delete every draft whose time ran out, and every way in whose time ran out; returns how many drafts."""
    # A row that someone else holds at this moment is left for the next round.
    expired = _expired(session, Draft, now)
    delete_drafts(session, expired)
    session.execute(delete(DraftAccess).where(DraftAccess.id.in_(_expired(session, DraftAccess, now))))
    if expired:
        record(session, "drafts_expired", now=now, count=len(expired))
    session.flush()
    return len(expired)


def locked(session: Session, draft: OpenDraft) -> OpenDraft:
    """The draft brought up to date in place, its row held until the transaction ends; raises DraftGone."""
    again = session.scalars(
        select(Draft)
        .where(Draft.id == draft.id)
        .order_by(Draft.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if again is None:
        raise DraftGone()
    draft.row, draft.content = again, unseal_content(again, draft.key)
    return draft


def keep_changes(session: Session, draft: OpenDraft, *, now: datetime) -> None:
    """Seal what changed in a locked draft, and put its end off: that of the draft, of this cookie, of the return code."""
    row, lifetimes = draft.row, draft.lifetimes
    row.updated_at = now
    end = now + lifetimes.plain
    if draft.return_code:  # its end was told, and comes no nearer
        kept_for = lifetimes.draft if row.submission_id is None else lifetimes.summary
        since = now if row.submission is None else row.submission.submitted_at
        end = max(row.expires_at, since + kept_for, end)
    row.expires_at = end
    seal_content(draft)
    ways_in = update(DraftAccess).where(DraftAccess.draft_id == row.id)
    session.execute(ways_in.where(DraftAccess.kind == AccessKind.CODE).values(expires_at=end))
    used = ways_in.where(DraftAccess.id == draft.access.id, DraftAccess.kind == AccessKind.COOKIE)
    session.execute(used.values(expires_at=now + lifetimes.plain))
    session.flush()


def access_for_token(row: Draft, key: bytes, token: str, *, now: datetime, lifetimes: Lifetimes) -> DraftAccess:
    """The way in for this secret of a cookie: what finds it, and the key of the draft wrapped with it."""
    salt, lookup = new_salt(), token_hash(token)
    return DraftAccess(
        draft=row,
        kind=AccessKind.COOKIE,
        lookup=lookup,
        salt=salt,
        wrapped_key=wrap_key(key, AccessKind.COOKIE, lookup, key_from_token(token, salt)),
        created_at=now,
        expires_at=now + lifetimes.plain,
    )


def access_for_code(
    row: Draft, key: bytes, words: Sequence[str], born: date, *, server_key: bytes, now: datetime
) -> DraftAccess:
    """The way in for these words and this date of birth, for as long as the draft is kept."""
    lookup, salt, wrapped = _wrapped_for_code(key, words, born, server_key)
    return DraftAccess(
        draft=row,
        kind=AccessKind.CODE,
        lookup=lookup,
        salt=salt,
        wrapped_key=wrapped,
        created_at=now,
        expires_at=row.expires_at,
    )


def _held(session: Session, draft: OpenDraft) -> OpenDraft:
    if not locked(session, draft).takes_answers:
        raise DraftSubmitted()
    return draft


def _rebind_return_code(session: Session, draft: OpenDraft, birth_date: date, server_key: bytes | None) -> None:
    if server_key is None:
        raise ValueError("the date of birth that a return code goes with cannot change without the server's key")
    lookup, salt, wrapped = _wrapped_for_code(draft.key, draft.return_code, birth_date, server_key)
    same = update(DraftAccess).where(DraftAccess.lookup == lookup)
    session.execute(same.values(salt=salt, wrapped_key=wrapped))


def _wrapped_for_code(key: bytes, words: Sequence[str], born: date, server_key: bytes) -> tuple[str, bytes, bytes]:
    """What finds these words, a new salt, and the draft's key as only they, the date of birth and the server open it."""
    code, salt = code_of(words), new_salt()
    lookup = code_lookup(server_key, code)
    return lookup, salt, wrap_key(key, AccessKind.CODE, lookup, key_from_code(server_key, code, born, salt))


def _expired(session: Session, table: type[Draft] | type[DraftAccess], now: datetime) -> Sequence[int]:
    wanted = select(table.id).where(table.expires_at <= now).order_by(table.id)
    return session.scalars(wanted.with_for_update(skip_locked=True)).all()


def delete_drafts(session: Session, draft_ids: Iterable[int]) -> None:
    """These drafts and every way into them."""
    ids = list(draft_ids)
    session.execute(delete(DraftAccess).where(DraftAccess.draft_id.in_(ids)))
    session.execute(delete(Draft).where(Draft.id.in_(ids)))


def _record(session: Session, name: str, draft: OpenDraft, now: datetime) -> None:
    # What staff type in is not the patient's doing; who it was is recorded when it is handed in.
    record(session, name, now=now, actor=None if draft.content.entry else Role.PATIENT, draft=draft.id)
