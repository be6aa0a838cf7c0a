"""How many submissions each tab of a list would show, as far as a bound.

Each status is counted once: what is all open, or all closed, is the sum of its statuses. All are asked for in one statement. Where
filters are set that no index holds, LOOKED_AT of each status are looked at, and fewer of those closed that are not shown; such a
number is *at least so many*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import and_, case, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from screener.store.models import Submission
from screener.store.queries.limits import Count
from screener.store.queries.queue_conditions import Asked, narrowing
from screener.store.queries.queue_walk import Walk, matching
from screener.store.queue_filters import DONE
from screener.store.workflow import OPEN, Status

COUNTED = 1000
LOOKED_AT = 500
LOOKED_AT_ASIDE = 200

Group = tuple[bool, Status]


def queue_counts(session: Session, asked: Asked, choices: Iterable[str]) -> dict[str, Count]:
    """How many submissions each choice of status would show with the same filters, as far as COUNTED."""
    groups = {choice: _groups(asked, choice) for choice in choices}
    walk = Walk(session, asked, narrowing(session, asked))
    wanted = list(dict.fromkeys(group for several in groups.values() for group in several))
    if walk.leading is not None:
        found = _count_leading(walk)
    else:
        shown = _groups(asked, asked.filters.status)
        found = _count_ranges(walk, {group: _bound(walk, group, group in shown) for group in wanted})
    return {choice: _sum(found.get(group, Count(0, False)) for group in several) for choice, several in groups.items()}


def count_assigned(session: Session, user_id: int) -> Count:
    """How many open submissions are assigned to someone, as far as COUNTED."""
    theirs = select(Submission.id).where(Submission.assignee_id == user_id, Submission.is_open == literal(True))
    counted = session.scalar(select(func.count()).select_from(theirs.limit(COUNTED + 1).subquery())) or 0
    return Count(min(counted, COUNTED), counted > COUNTED)


def _groups(asked: Asked, choice: str) -> list[Group]:
    """The statuses behind a choice, open or not. What was merged keeps its status and is among all closed."""
    statuses = asked.scope.statuses(choice)
    is_open = statuses[0] in OPEN
    if set(statuses) == set(DONE):
        statuses = (*statuses, *OPEN)
    return [(is_open, status) for status in statuses]


def _sum(counts: Iterable[Count]) -> Count:
    several = list(counts)
    number = sum(count.number for count in several)
    return Count(min(number, COUNTED), number > COUNTED or any(count.has_more for count in several))


def _bound(walk: Walk, group: Group, is_shown: bool) -> int:
    """How many of these are looked at."""
    if not walk.conditions:
        return COUNTED
    is_open, _ = group
    return min(LOOKED_AT if is_open or is_shown else LOOKED_AT_ASIDE, COUNTED)


def _count_ranges(walk: Walk, bounds: Mapping[Group, int]) -> Mapping[Group, Count]:
    """Each along its own range of an index, never further than its bound."""
    columns = [column for column, _ in walk.conditions] or [Submission.id]
    parts = []
    for place, ((is_open, status), bound) in enumerate(bounds.items()):
        looked = walk.in_range(is_open, status, columns, limit=bound + 1).subquery()
        fits = func.coalesce(func.sum(case((and_(true(), *matching(walk.conditions, looked)), 1), else_=0)), 0)
        counted = (func.count().label("walked"), (fits if walk.conditions else func.count()).label("found"))
        parts.append(select(literal(place).label("place"), *counted).select_from(looked))
    whole = union_all(*parts).subquery()
    rows = walk.session.execute(select(whole).order_by(whole.c.place).limit(len(parts)))
    several = list(bounds.items())
    return {
        several[place][0]: Count(min(found, several[place][1]), walked > several[place][1])
        for place, walked, found in rows
    }


def _count_leading(walk: Walk) -> Mapping[Group, Count]:
    """Of the few that lead, how many match and stand where."""
    columns = (Submission.is_open, Submission.status, *(column for column, _ in walk.conditions))
    looked = walk.among_leading(columns)
    by = (looked.c.is_open, looked.c.status)
    counted = select(*by, func.count()).where(*matching(walk.conditions, looked)).group_by(*by).order_by(*by)
    rows = walk.session.execute(counted.limit(2 * len(Status)))
    return {(is_open, status): Count(number, False) for is_open, status, number in rows}
