"""Reads for the authors of the rulebook: how often each rule is raised, and what clinicians decided on it. Counts only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from screener.engine.rules import Outcome
from screener.store.casework import Decision, DecisionChoice
from screener.store.models import Response, StoredFinding

MOST_GROUPS = 100_000  # rules by months by choices and reasons


@dataclass(frozen=True, slots=True)
class RaisedCount:
    """How often a rule was raised in answers of one month, such as 2026-11."""

    rule_id: str
    month: str
    number: int


@dataclass(frozen=True, slots=True)
class DecidedCount:
    """How often a rule's finding was decided so, for this reason (None where none was coded), in one month."""

    rule_id: str
    month: str
    choice: DecisionChoice
    reason: str | None
    number: int


def raised_counts(session: Session, *, since: datetime) -> list[RaisedCount]:
    """How often each rule was raised, month by month, in versions of answers that came since then."""
    month = func.substr(cast(Response.created_at, String), 1, 7)
    wanted = (
        select(StoredFinding.rule_id, month, func.count())
        .join(Response, Response.id == StoredFinding.response_id)
        .where(StoredFinding.outcome == Outcome.RAISED, Response.created_at >= since)
        .group_by(StoredFinding.rule_id, month)
        .order_by(StoredFinding.rule_id, month)
    )
    return [RaisedCount(*row) for row in session.execute(wanted.limit(MOST_GROUPS))]


def decided_counts(session: Session, *, since: datetime) -> list[DecidedCount]:
    """What clinicians decided on each rule's findings and why, month by month, since then."""
    month = func.substr(cast(Decision.decided_at, String), 1, 7)
    by = (StoredFinding.rule_id, month, Decision.choice, Decision.reason)
    wanted = (
        select(*by, func.count())
        .join(StoredFinding, StoredFinding.id == Decision.finding_id)
        .where(Decision.decided_at >= since)
        .group_by(*by)
        .order_by(*by)
    )
    return [DecidedCount(*row) for row in session.execute(wanted.limit(MOST_GROUPS))]
