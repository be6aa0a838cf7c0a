"""Writes of a patient who has not handed in yet: the draft, its contact, and the ruleset it is asked with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from screener.engine.rules import Ruleset
from screener.store.audit import record
from screener.store.identifiers import new_token, token_hash
from screener.store.models import Contact, Draft, StoredRuleset
from screener.store.refusals import DraftGone, DraftSubmitted
from screener.store.workflow import Role

DRAFT_LIFETIME = timedelta(hours=24)


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
) -> tuple[Draft, str]:
    """A new draft and the secret token that opens it. Only the token's hash is stored."""
    token = token or new_token()
    draft = Draft(
        token_hash=token_hash(token),
        submission_key=submission_key or new_token(),
        ruleset_hash=keep_ruleset(session, ruleset, now=now),
        language=language,
        answers={},
        acknowledged=[],
        contact=None,
        submission=None,
        created_at=now,
        updated_at=now,
        expires_at=now + DRAFT_LIFETIME,
    )
    session.add(draft)
    session.flush()
    _record(session, "draft_begun", draft, now)
    return draft, token


def save_answers(session: Session, draft: Draft, answers: Mapping[str, Any], *, now: datetime) -> None:
    """Replace the draft's answers. The caller has checked them against the questionnaire."""
    draft = _open(session, draft)
    draft.answers = dict(answers)
    _touch(draft, now)
    _record(session, "answers_saved", draft, now)


def save_contact(
    session: Session,
    draft: Draft,
    *,
    name: str,
    birth_date: date,
    phone: str | None,
    email: str | None,
    preferred_contact: str,
    language: str,
    helper: str | None,
    now: datetime,
) -> Contact:
    """Keep who the patient is and how to reach them, apart from the answers; replaces what was there."""
    draft = _open(session, draft)
    contact = draft.contact or Contact()
    contact.name = name
    contact.birth_date = birth_date
    contact.phone = phone
    contact.email = email
    contact.preferred_contact = preferred_contact
    contact.language = language
    contact.helper = helper
    contact.phone_digits = None  # searched for only once it was handed in
    draft.contact = contact
    _touch(draft, now)
    _record(session, "contact_saved", draft, now)
    session.flush()
    return contact


def set_draft_language(session: Session, draft: Draft, language: str, *, now: datetime) -> None:
    """The language in which the patient goes on; allowed after handing in too, for the summary."""
    draft = locked(session, draft)
    draft.language = language
    _touch(draft, now)
    _record(session, "language_set", draft, now)


def acknowledge_urgent(session: Session, draft: Draft, rule_ids: Iterable[str], *, now: datetime) -> None:
    """The patient has read these urgent findings and goes on."""
    draft = _open(session, draft)
    added = [rule_id for rule_id in dict.fromkeys(rule_ids) if rule_id not in draft.acknowledged]
    draft.acknowledged = [*draft.acknowledged, *added]
    _touch(draft, now)
    _record(session, "urgent_acknowledged", draft, now)


def forget_acknowledged(session: Session, draft: Draft, rule_ids: Iterable[str], *, now: datetime) -> None:
    """These urgent findings are no longer raised; should they come back, the patient reads them again."""
    draft = _open(session, draft)
    settled = set(rule_ids)
    draft.acknowledged = [rule_id for rule_id in draft.acknowledged if rule_id not in settled]
    _touch(draft, now)
    _record(session, "urgent_settled", draft, now)


def erase_draft(session: Session, draft: Draft, *, now: datetime) -> None:
    """Delete the draft with its contact. What was handed in already belongs to its submission and stays."""
    draft = locked(session, draft)
    _delete(session, draft)
    _record(session, "draft_erased", draft, now)
    session.flush()


def delete_expired_drafts(session: Session, *, now: datetime) -> int:
    """Delete every draft whose time ran out, with its contact; returns how many."""
    # A row that someone else holds at this moment is left for the next round.
    expired = session.scalars(
        select(Draft).where(Draft.expires_at <= now).order_by(Draft.id).with_for_update(skip_locked=True)
    ).all()
    for draft in expired:
        _delete(session, draft)
    if expired:
        record(session, "drafts_expired", now=now, count=len(expired))
    session.flush()
    return len(expired)


def locked(session: Session, draft: Draft) -> Draft:
    """The draft as it is now, with its row held until the transaction ends; raises DraftGone."""
    again = session.scalars(
        select(Draft)
        .where(Draft.id == draft.id)
        .order_by(Draft.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if again is None:
        raise DraftGone()
    return again


def _open(session: Session, draft: Draft) -> Draft:
    draft = locked(session, draft)
    if draft.submission_id is not None:
        raise DraftSubmitted()
    return draft


def _touch(draft: Draft, now: datetime) -> None:
    draft.updated_at = now
    draft.expires_at = now + DRAFT_LIFETIME


def _delete(session: Session, draft: Draft) -> None:
    contact = draft.contact
    session.delete(draft)
    if contact is not None:
        session.flush()
        session.delete(contact)


def _record(session: Session, name: str, draft: Draft, now: datetime) -> None:
    record(session, name, now=now, actor=Role.PATIENT, draft=draft.id)
