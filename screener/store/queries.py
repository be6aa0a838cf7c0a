"""Every read, as a named question: always ordered, always limited, never changing anything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from screener.store.accounts import User
from screener.store.identifiers import read_reference, token_hash
from screener.store.models import (
    AccessKind,
    Draft,
    DraftAccess,
    Event,
    Invitation,
    Note,
    NoteKind,
    Response,
    Review,
    SignOff,
    StoredFinding,
    StoredRuleset,
    Submission,
)
from screener.store.refusals import BadCursor
from screener.store.sealed_drafts import Lifetimes, OpenDraft, code_lookup, open_with_code, open_with_token
from screener.store.workflow import Status

MOST_WRONG_TRIES = 20  # on one return code since it last opened its draft
MOST = 1000  # more rows than any one screen shows
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Rank, microseconds, number; no more digits than the columns hold.
_CURSOR = re.compile(r"([0-9])\.([0-9]{1,17})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some submissions in reading order, and the cursor of the page after, None on the last."""

    submissions: list[Submission]
    next: str | None


def ruleset_content(session: Session, ruleset_hash: str) -> str | None:
    """The canonical JSON of a kept ruleset."""
    kept = session.get(StoredRuleset, ruleset_hash)
    return kept.content if kept else None


def ruleset_hashes(session: Session, beginning: str) -> list[str]:
    """Hashes of the kept rulesets that begin so, the newest first."""
    wanted = select(StoredRuleset.hash).where(StoredRuleset.hash.startswith(beginning, autoescape=True))
    return list(session.scalars(wanted.order_by(StoredRuleset.stored_at.desc(), StoredRuleset.hash).limit(MOST)))


# The patient's side


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


# Submissions


def submission_by_public_id(session: Session, public_id: str) -> Submission | None:
    """The submission with this id in its URL, with its contact."""
    return _submission(session, Submission.public_id == public_id)


def submission_by_reference(session: Session, reference: str) -> Submission | None:
    """The submission with this reference, however it was typed, with its contact."""
    spelled = read_reference(reference)
    return _submission(session, Submission.reference == spelled) if spelled else None


def _submission(session: Session, same: ColumnElement[bool]) -> Submission | None:
    wanted = select(Submission).options(joinedload(Submission.contact)).where(same)
    return session.scalars(wanted.order_by(Submission.id).limit(1)).first()


def current_response(session: Session, submission: Submission) -> Response:
    """The newest version of a submission's answers."""
    wanted = select(Response).where(Response.submission_id == submission.id)
    return session.scalars(wanted.order_by(Response.number.desc()).limit(1)).one()


def count_submissions_not_withdrawn(session: Session) -> int:
    """How many submissions there are, those withdrawn aside."""
    return session.scalar(select(func.count(Submission.id)).where(Submission.status != Status.WITHDRAWN)) or 0


def answers_not_withdrawn(session: Session, *, after: int = 0) -> list[tuple[int, dict[str, Any]]]:
    """The newest answers of submissions not withdrawn with their submission's number, in its order, from the one after `after`."""
    versions = aliased(Response)
    newest = select(func.max(versions.number)).where(versions.submission_id == Submission.id).scalar_subquery()
    wanted = select(Submission.id, Response.answers).join(Response, Response.submission_id == Submission.id)
    wanted = wanted.where(Submission.id > after, Submission.status != Status.WITHDRAWN, Response.number == newest)
    return [(number, answers) for number, answers in session.execute(wanted.order_by(Submission.id).limit(MOST))]


def responses_of(session: Session, submission: Submission) -> list[Response]:
    """All versions of a submission's answers, the oldest first."""
    wanted = select(Response).where(Response.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Response.number).limit(MOST)))


def findings_of(session: Session, response: Response) -> list[StoredFinding]:
    """What was concluded on a response, in reading order."""
    wanted = select(StoredFinding).where(StoredFinding.response_id == response.id)
    return list(session.scalars(wanted.order_by(StoredFinding.position).limit(MOST)))


def queue(session: Session, *, statuses: Iterable[Status], after: str | None = None, limit: int = 50) -> QueuePage:
    """Submissions in these statuses: the highest severity raised first, then who waits longest.

    `after` is the `next` of the page before; raises BadCursor where it is none.
    """
    place = tuple_(Submission.severity_rank, Submission.submitted_at, Submission.id)
    wanted = select(Submission).options(joinedload(Submission.contact))
    wanted = wanted.where(Submission.status.in_(tuple(statuses)))
    if after is not None:
        wanted = wanted.where(place > tuple_(*_read_cursor(after)))
    order = (Submission.severity_rank, Submission.submitted_at, Submission.id)
    limit = max(1, min(limit, MOST))
    found = list(session.scalars(wanted.order_by(*order).limit(limit + 1)))
    page = found[:limit]
    return QueuePage(page, _cursor(page[-1]) if len(found) > limit else None)


def _cursor(submission: Submission) -> str:
    waited_since = (submission.submitted_at - _EPOCH) // _MICROSECOND
    return f"{submission.severity_rank}.{waited_since}.{submission.id}"


def _read_cursor(text: str) -> tuple[int, datetime, int]:
    parts = _CURSOR.fullmatch(text)
    if parts is None:
        raise BadCursor()
    rank, waited_since, number = map(int, parts.groups())
    return rank, _EPOCH + waited_since * _MICROSECOND, number


def counts_by_status(session: Session) -> dict[Status, int]:
    """How many submissions stand in each status; every status is there."""
    counted = select(Submission.status, func.count()).group_by(Submission.status).order_by(Submission.status)
    counts = dict.fromkeys(Status, 0)
    for status, number in session.execute(counted.limit(MOST)):
        counts[status] = number
    return counts


# Staff's work


def notes_of(session: Session, submission: Submission) -> list[Note]:
    """The notes on a submission with their authors, the oldest first."""
    wanted = select(Note).options(joinedload(Note.author)).where(Note.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Note.id).limit(MOST)))


def has_urgent_note(session: Session, submission: Submission) -> bool:
    """Whether someone noted what was done about the urgent findings."""
    wanted = select(Note.id).where(Note.submission_id == submission.id, Note.kind == NoteKind.URGENT_ACTION)
    return session.scalars(wanted.order_by(Note.id).limit(1)).first() is not None


def events_of(session: Session, submission: Submission) -> list[Event]:
    """The newest events of a submission with their actors, the oldest of them first."""
    wanted = select(Event).options(joinedload(Event.actor)).where(Event.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Event.id.desc()).limit(MOST)))[::-1]


def review_of(session: Session, submission: Submission) -> Review | None:
    """The newest review of a submission, with its clinician and sign-off."""
    return next(iter(reviews_of(session, submission)[-1:]), None)


def reviews_of(session: Session, submission: Submission) -> list[Review]:
    """All reviews of a submission with their clinicians and sign-offs, the oldest first."""
    loaded = (
        joinedload(Review.submission),
        joinedload(Review.clinician),
        joinedload(Review.sign_off).joinedload(SignOff.user),
    )
    wanted = select(Review).options(*loaded).where(Review.submission_id == submission.id)
    return list(session.scalars(wanted.order_by(Review.id).limit(MOST)))


# Accounts


def users(session: Session) -> list[User]:
    """All accounts, by name."""
    return list(session.scalars(select(User).order_by(User.name, User.id).limit(MOST)))


def user_by_id(session: Session, user_id: int) -> User | None:
    """The account of that number."""
    return session.get(User, user_id)


def user_by_email(session: Session, email: str) -> User | None:
    """The account with this e-mail address, whatever its capitals."""
    wanted = select(User).where(User.email == email.strip().lower())
    return session.scalars(wanted.order_by(User.id).limit(1)).first()


def has_any_user(session: Session) -> bool:
    """Whether there is any account yet."""
    return session.scalars(select(User.id).order_by(User.id).limit(1)).first() is not None


def invitation_for_token(session: Session, token: str, *, now: datetime) -> Invitation | None:
    """The invitation this secret opens; None when there is none, it was used, or its time ran out."""
    wanted = select(Invitation).where(
        Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    return session.scalars(wanted.order_by(Invitation.id).limit(1)).first()


def open_invitations(session: Session, *, now: datetime) -> list[Invitation]:
    """Invitations of someone by name that can still be used, the newest first; the first administrator's link names no one."""
    wanted = select(Invitation).where(
        Invitation.used_at.is_(None), Invitation.expires_at > now, Invitation.email.is_not(None)
    )
    return list(session.scalars(wanted.order_by(Invitation.id.desc()).limit(MOST)))
