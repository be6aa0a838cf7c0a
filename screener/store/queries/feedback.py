"""Reads for the authors of the rulebook: how often each rule is raised, and what clinicians decided on it. Counts only.

Of each month no more than COUNTED versions of answers and as many decisions are looked at, so that the page ends in a clinic of any
size; `months_not_counted_whole` says where that was not all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from screener.engine.rules import Outcome
from screener.store.casework import Decision, DecisionChoice
from screener.store.models import Response, StoredFinding

COUNTED = 2000
MOST_GROUPS = 10_000  # rules by choices and reasons
_LONGER_THAN_A_MONTH = timedelta(days=32)


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


def raised_counts(session: Session, months: Sequence[str]) -> list[RaisedCount]:
    """How often each rule was raised in the newest versions of answers of these months, such as 2026-11."""
    found = []
    for month in months:
        newest = _newest(Response.id, Response.created_at, month).limit(COUNTED).subquery()
        wanted = select(StoredFinding.rule_id, func.count()).join(newest, newest.c.id == StoredFinding.response_id)
        wanted = wanted.where(StoredFinding.outcome == Outcome.RAISED).group_by(StoredFinding.rule_id)
        rows = session.execute(wanted.order_by(StoredFinding.rule_id).limit(MOST_GROUPS))
        found += [RaisedCount(rule_id, month, number) for rule_id, number in rows]
    return found


def decided_counts(session: Session, months: Sequence[str]) -> list[DecidedCount]:
    """What clinicians decided on each rule's findings and why, in the newest decisions of these months."""
    found = []
    for month in months:
        newest = _newest(Decision.id, Decision.decided_at, month).limit(COUNTED).subquery()
        by = (StoredFinding.rule_id, Decision.choice, Decision.reason)
        wanted = select(*by, func.count()).select_from(newest).join(Decision, Decision.id == newest.c.id)
        wanted = wanted.join(StoredFinding, StoredFinding.id == Decision.finding_id).group_by(*by).order_by(*by)
        rows = session.execute(wanted.limit(MOST_GROUPS))
        found += [DecidedCount(rule_id, month, choice, reason, number) for rule_id, choice, reason, number in rows]
    return found


def months_not_counted_whole(session: Session, months: Sequence[str]) -> list[str]:
    """Which of these months have more answers or decisions than are counted."""
    kinds = ((Response.id, Response.created_at), (Decision.id, Decision.decided_at))
    beyond = ((month, _newest(*kind, month).offset(COUNTED).limit(1)) for month in months for kind in kinds)
    return sorted({month for month, next_one in beyond if session.execute(next_one).first() is not None})


def _newest(number: InstrumentedAttribute[int], at: InstrumentedAttribute[Any], month: str) -> Select[int]:
    """The numbers of what is of this month, the newest first: a range of an index."""
    begin = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    end = (begin + _LONGER_THAN_A_MONTH).replace(day=1)
    return select(number).where(at >= begin, at < end).order_by(at.desc(), number.desc())
