"""A draft as one who has its secret sees it: the row, its key, and what the row keeps sealed.

What a patient has not sent can be read with the patient's own secret alone: it stands in one sealed column, under a random key
of the draft's own. Each secret that opens the draft wraps that key in a row of `draft_access`. Nothing here writes to the
database; `operations.drafts` does, and puts a changed content back with `seal_content`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from screener.engine.json import dumps, loads
from screener.store.crypto import SALT_BYTES, Place, Unreadable, keyed_hash, quick_key, seal, slow_key, unseal
from screener.store.models import AccessKind, Contact, Draft, DraftAccess, Submission


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a draft is kept after the last save: without a return code; with one; and with one once it was handed in.

    A cookie alone opens a draft for `plain` after its last save there, whatever else opens it.
    """

    plain: timedelta = timedelta(hours=24)
    draft: timedelta = timedelta(days=14)
    summary: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """Who a patient is and how to reach them, as long as it was not handed in."""

    name: str
    birth_date: date
    phone: str | None
    email: str | None
    preferred_contact: str
    language: str
    helper: str | None


@dataclass(slots=True)
class Content:
    """What is sealed. `return_code` holds the words of the return code, so that they can be shown again.

    `entry` says what a member of staff types in for a patient, and how it reached them; empty where the patient does.
    `amends` is the number of the version that these answers would change; None where they were never handed in.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    contact: ContactDetails | None = None
    return_code: list[str] = field(default_factory=list)
    entry: dict[str, Any] = field(default_factory=dict)
    amends: int | None = None


@dataclass(slots=True, eq=False, repr=False)
class OpenDraft:
    """A draft opened by one of its secrets. Operations bring it up to date in place.

    `access` is the row of the secret that opened it. Whether it still takes answers is asked of `takes_answers` alone.
    """

    row: Draft
    key: bytes
    content: Content
    access: DraftAccess
    lifetimes: Lifetimes

    def __repr__(self) -> str:
        return f"<OpenDraft {self.id}>"

    @property
    def takes_answers(self) -> bool:
        """Whether it is being filled in: it was not handed in yet, or its answers are being changed since."""
        return self.row.submission_id is None or self.content.amends is not None

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def submission_key(self) -> str:
        return self.row.submission_key

    @property
    def submission_id(self) -> int | None:
        return self.row.submission_id

    @property
    def submission(self) -> Submission | None:
        return self.row.submission

    @property
    def ruleset_hash(self) -> str:
        return self.row.ruleset_hash

    @property
    def language(self) -> str:
        return self.row.language

    @property
    def updated_at(self) -> datetime:
        return self.row.updated_at

    @property
    def expires_at(self) -> datetime:
        """When the draft goes, however it is opened."""
        return self.row.expires_at

    @property
    def opens_here_until(self) -> datetime:
        """When the secret that opened it opens it no more: a cookie ends before the draft does."""
        return min(self.access.expires_at, self.row.expires_at)

    @property
    def answers(self) -> dict[str, Any]:
        return self.content.answers

    @property
    def acknowledged(self) -> list[str]:
        return self.content.acknowledged

    @property
    def contact(self) -> ContactDetails | None:
        return self.content.contact

    @property
    def amends(self) -> int | None:
        """The number of the version that is being changed; None where none is."""
        return self.content.amends

    @property
    def return_code(self) -> tuple[str, ...]:
        """The words of the return code; empty where none was asked for."""
        return tuple(self.content.return_code)


def details_of(contact: Contact) -> ContactDetails:
    """The same of a contact that was handed in."""
    return ContactDetails(**{each.name: getattr(contact, each.name) for each in fields(ContactDetails)})


def seal_content(draft: OpenDraft) -> None:
    """Put the content back into the row."""
    content = draft.content
    document = {
        "answers": content.answers,
        "acknowledged": content.acknowledged,
        "contact": _document(content.contact) if content.contact is not None else None,
        "return_code": content.return_code,
        "entry": content.entry,
        "amends": content.amends,
    }
    draft.row.sealed = seal(draft.key, dumps(document).encode(), _place_of(draft.row))


def unseal_content(row: Draft, key: bytes) -> Content:
    """What the row keeps sealed. Raises crypto.Unreadable."""
    kept = loads(unseal(key, row.sealed, _place_of(row)))
    contact = kept["contact"]
    if contact is not None:
        contact = ContactDetails(**{**contact, "birth_date": date.fromisoformat(contact["birth_date"])})
    return Content(
        kept["answers"],
        kept["acknowledged"],
        contact,
        kept["return_code"],
        kept.get("entry", {}),
        kept.get("amends"),
    )


def open_with_token(row: Draft, access: DraftAccess, token: str, lifetimes: Lifetimes) -> OpenDraft:
    """The draft that a cookie's token opens through its access row. Raises crypto.Unreadable."""
    key = unwrap_key(access, key_from_token(token, access.salt))
    return OpenDraft(row, key, unseal_content(row, key), access, lifetimes)


def open_with_code(
    access: DraftAccess | None, code: str, birth_date: date, server_key: bytes, lifetimes: Lifetimes
) -> OpenDraft | None:
    """The draft that a return code opens together with this date of birth; None where it does not.

    Without an access row it takes as long and opens nothing.
    """
    secret_key = key_from_code(server_key, code, birth_date, access.salt if access is not None else bytes(SALT_BYTES))
    if access is None:
        return None
    try:
        key = unwrap_key(access, secret_key)
    except Unreadable:
        return None
    return OpenDraft(access.draft, key, unseal_content(access.draft, key), access, lifetimes)


def wrap_key(key: bytes, kind: AccessKind, lookup: str, secret_key: bytes) -> bytes:
    """A draft's key for the one who can make `secret_key` from a secret."""
    return seal(secret_key, key, _access_place(kind, lookup))


def unwrap_key(access: DraftAccess, secret_key: bytes) -> bytes:
    """The draft's key. Raises crypto.Unreadable."""
    return unseal(secret_key, access.wrapped_key, _access_place(access.kind, access.lookup))


def key_from_token(token: str, salt: bytes) -> bytes:
    """The key that a cookie's 256-bit token makes."""
    return quick_key(token.encode("utf-8", "surrogatepass"), salt=salt, purpose="draft key for a cookie")


def code_lookup(server_key: bytes, code: str) -> str:
    """What finds the access row of a return code."""
    return keyed_hash(server_key, "return code", code)


def key_from_code(server_key: bytes, code: str, birth_date: date, salt: bytes) -> bytes:
    """The key that a return code makes with a date of birth; slow."""
    secret = keyed_hash(server_key, "draft key for a code", code, birth_date.isoformat())
    return slow_key(secret.encode(), salt=salt)


def _document(contact: ContactDetails) -> dict[str, Any]:
    document = {each.name: getattr(contact, each.name) for each in fields(ContactDetails)}
    return {**document, "birth_date": contact.birth_date.isoformat()}


def _place_of(row: Draft) -> Place:
    return Place("draft", "sealed", row.submission_key)


def _access_place(kind: AccessKind, lookup: str) -> Place:
    return Place("draft_access", "wrapped_key", f"{kind.value} {lookup}")
