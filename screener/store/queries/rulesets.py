"""Reads of the rulesets that something was screened with."""

from __future__ import annotations

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, defer

from screener.store.models import StoredRuleset, Submission
from screener.store.queries.limits import MOST, Count

COUNTED = 10_000


def ruleset_content(session: Session, ruleset_hash: str) -> str | None:
    """The canonical JSON of a kept ruleset."""
    kept = session.get(StoredRuleset, ruleset_hash)
    return kept.content if kept else None


def ruleset_hashes(session: Session, beginning: str) -> list[str]:
    """Hashes of the kept rulesets that begin so, the newest first."""
    wanted = select(StoredRuleset.hash).where(StoredRuleset.hash.startswith(beginning, autoescape=True))
    return list(session.scalars(wanted.order_by(StoredRuleset.stored_at.desc(), StoredRuleset.hash).limit(MOST)))


def ruleset_versions(session: Session) -> list[tuple[str, str]]:
    """The rulesets that something was screened with: hash and version, the newest first."""
    wanted = select(StoredRuleset.hash, StoredRuleset.version).order_by(StoredRuleset.stored_at.desc())
    return [(kept, version) for kept, version in session.execute(wanted.order_by(StoredRuleset.hash).limit(MOST))]


def kept_rulesets(session: Session) -> list[StoredRuleset]:
    """The rulesets that are kept, without their content, the newest first."""
    wanted = select(StoredRuleset).options(defer(StoredRuleset.content))
    return list(session.scalars(wanted.order_by(StoredRuleset.stored_at.desc(), StoredRuleset.hash).limit(MOST)))


def counts_by_ruleset(session: Session) -> dict[str, Count]:
    """How many submissions' newest answers were screened with each kept ruleset, as far as COUNTED."""
    some = select(literal(1)).where(Submission.ruleset_hash == StoredRuleset.hash).limit(COUNTED + 1)
    counted = select(func.count()).select_from(some.correlate(StoredRuleset).subquery()).scalar_subquery()
    rows = session.execute(select(StoredRuleset.hash, counted).order_by(StoredRuleset.hash).limit(MOST))
    return {kept: Count(min(number, COUNTED), number > COUNTED) for kept, number in rows}
