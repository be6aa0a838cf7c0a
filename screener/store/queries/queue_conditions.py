"""What must hold of a submission for each filter of the queue, and which filters name so few that they can lead.

Worked out once for a page and all its counts: only the status differs between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from screener.store.casework import Flag, SubmissionTopic, Tag
from screener.store.models import Contact, Submission
from screener.store.queries.rulesets import ruleset_hashes
from screener.store.queries.tags import word_of_tag
from screener.store.queue_filters import ME, NOBODY, Filters, Scope

LEADING = 1000

Test = Callable[[Any], ColumnElement[bool]]
Condition = tuple[InstrumentedAttribute[Any], Test]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the queue: which part of it, by whom, and on what day."""

    filters: Filters
    scope: Scope
    viewer_id: int
    today: date


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the filters besides status, severity and order ask for: conditions, and the few submissions that may fit, if few."""

    conditions: tuple[Condition, ...]
    leading: tuple[int, ...] | None


def narrowing(session: Session, asked: Asked) -> Narrowing:
    """What these filters ask for."""
    return Narrowing(tuple(_conditions(session, asked)), _leading_ids(session, asked))


def _conditions(session: Session, asked: Asked) -> list[Condition]:
    """A column of a submission, and what must hold of it, for each filter that no range holds."""
    filters = asked.filters
    found: list[Condition] = []
    if filters.unknown is not None:
        found.append((Submission.unknown_count, lambda column: column > 0 if filters.unknown else column == 0))
    if filters.language:
        found.append((Submission.language, lambda column: column == filters.language))
    if filters.source:
        found.append((Submission.source, lambda column: column == filters.source))
    if filters.assignee == NOBODY:
        found.append((Submission.assignee_id, lambda column: column.is_(None)))
    elif filters.assignee:
        user_id = _user_id(asked)
        found.append((Submission.assignee_id, lambda column: column == user_id))
    if filters.ruleset:
        hashes = ruleset_hashes(session, filters.ruleset)
        found.append((Submission.ruleset_hash, lambda column: column.in_(hashes)))
    return found + _elsewhere(session, asked)


def _elsewhere(session: Session, asked: Asked) -> list[Condition]:
    """The filters that look into another table, one row of it for each submission looked at."""
    filters = asked.filters
    found: list[Condition] = []
    if filters.topic:
        found.append((Submission.id, _has(SubmissionTopic.submission_id, SubmissionTopic.topic == filters.topic)))
    if filters.tag:
        found.append((Submission.id, _has(Tag.submission_id, Tag.word == word_of_tag(session, filters.tag))))
    if filters.flagged is not None:
        has_flag = _has(Flag.submission_id, Flag.resolved_at.is_(None))
        found.append((Submission.id, has_flag if filters.flagged else lambda column: ~has_flag(column)))
    if filters.age:
        after, until = filters.age.birth_dates(asked.today)
        born = Contact.birth_date <= until
        found.append(
            (Submission.contact_id, _has(Contact.id, born if after is None else born & (Contact.birth_date > after)))
        )
    return found


def _has(link: InstrumentedAttribute[Any], same: ColumnElement[bool]) -> Test:
    return lambda column: select(link).where(link == column, same).exists()


def _user_id(asked: Asked) -> int:
    return asked.viewer_id if asked.filters.assignee == ME else int(str(asked.filters.assignee))


def _leading_ids(session: Session, asked: Asked) -> tuple[int, ...] | None:
    """The submissions that one of the filters alone names, where it names no more than LEADING."""
    for wanted in _leads(session, asked):
        if session.execute(wanted.offset(LEADING).limit(1)).first() is None:
            return tuple(sorted(set(session.scalars(wanted.limit(LEADING)))))
    return None


def _leads(session: Session, asked: Asked) -> Iterator[Select[int]]:
    """Each in the order of an index that holds it, so that it ends with its limit."""
    filters = asked.filters
    if filters.tag:
        yield select(Tag.submission_id).where(Tag.word == word_of_tag(session, filters.tag)).order_by(Tag.id)
    if filters.flagged:
        yield select(Flag.submission_id).where(Flag.resolved_at.is_(None)).order_by(Flag.submission_id)
    if filters.topic:
        topic = SubmissionTopic.topic == filters.topic
        yield select(SubmissionTopic.submission_id).where(topic).order_by(SubmissionTopic.submission_id)
    if filters.assignee and filters.assignee != NOBODY:
        theirs = select(Submission.id).where(Submission.assignee_id == _user_id(asked))
        yield theirs.order_by(Submission.is_open, Submission.severity_rank, Submission.submitted_at, Submission.id)
    if filters.ruleset:
        screened = Submission.ruleset_hash.in_(ruleset_hashes(session, filters.ruleset))
        yield select(Submission.id).where(screened).order_by(Submission.ruleset_hash, Submission.id)
