"""How many tries are taken before one has to wait: counted in the database, so that every process counts the same.

A try is counted before anyone looks whether it is right, so that many at once cannot slip through, and taken back when it was.
What is counted is a keyed hash: neither a code nor an address stands in the table, and nothing for longer than a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from screener.store.models import Attempt
from screener.store.refusals import TooManyAttempts

KEPT_FOR = timedelta(hours=24)
# One counts after the other on PostgreSQL too. Any fixed number does.
PG_LOCK = 7_246_310_553


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of one kind within a time, of the same code or network; of all together where the kind has one name."""

    kind: str
    most: int
    within: timedelta


def begin_attempt(
    session: Session, counted: Mapping[str, str], limits: Iterable[Limit], *, now: datetime
) -> Sequence[int]:
    """Count a try under each kind; returns what `forgive_attempt` takes. Commit before looking whether the try is right.

    `counted` says by kind the keyed hash that is counted. Raises TooManyAttempts, and counts nothing.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PG_LOCK})
    delete_old_attempts(session, now=now)
    for limit in limits:
        same = Attempt.kind == limit.kind, Attempt.counted == counted[limit.kind], Attempt.at > now - limit.within
        if (session.scalar(select(func.count(Attempt.id)).where(*same)) or 0) >= limit.most:
            raise TooManyAttempts()
    attempts = [Attempt(kind=kind, counted=hashed, at=now) for kind, hashed in counted.items()]
    session.add_all(attempts)
    session.flush()
    return [attempt.id for attempt in attempts]


def forgive_attempt(session: Session, attempt_ids: Iterable[int]) -> None:
    """The try was right: it no longer counts."""
    session.execute(delete(Attempt).where(Attempt.id.in_(tuple(attempt_ids))))


def delete_old_attempts(session: Session, *, now: datetime) -> None:
    """Forget what was counted more than a day ago."""
    session.execute(delete(Attempt).where(Attempt.at <= now - KEPT_FOR))
