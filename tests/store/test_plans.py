"""What the pages of the review side ask of the database costs the same however much is kept: every table that grows is entered
through an index, and what is sorted beside it is never more than a bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.casework import Flag, Tag
from screener.store.database import connect, reading, writing
from screener.store.models import Submission
from screener.store.queries import Sought, queue_conditions
from screener.store.queue_filters import Filters, Scope, tag_code
from screener.store.workflow import OPEN, Role, Status
from tests.store.examples import NOW, URGENT, make_user

# All tables with a row or more for each submission.
GROWING = "submission|contact|contact_word|submission_topic|tag|flag|response|finding|note|event|review|decision"
READ = re.compile(rf"^(?:SCAN|SEARCH) ({GROWING})(_\d+)?\b")
SCANNED = re.compile(rf"^SCAN ({GROWING})(_\d+)?\b")
INTAKE = Scope(OPEN, (Status.SIGNED_OFF, Status.CLOSED, Status.WITHDRAWN))
CLINICIAN = Scope((Status.ACCEPTED, Status.IN_REVIEW), (Status.SIGNED_OFF,))
ORDERS = ("severity", "waiting", "newest", "since")
FILTERS = (
    "severity=first",
    "topic=bladder",
    "unknown=yes",
    "assignee=me",
    "assignee=nobody",
    "age=50-64",
    "language=es",
    "ruleset=abcdef",
    f"tag={tag_code('waits')}",
    "flagged=yes",
    "flagged=no",
    "source=phone",
    "age=80-&topic=bladder&flagged=no",
)
# A line of a plan: what it is a part of, and its words.
Plans = dict[str, list[tuple[int, str]]]


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """SQLite alone tells in words how it will go about something."""
    engine = connect(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def plans(engine: Engine, submitted: Callable[..., Submission]) -> Plans:
    """The plan of each statement from now on, by the statement; a tag, a flag and a submission are there."""
    with writing(engine) as session:
        one, dana = submitted(session, URGENT), make_user(session, Role.INTAKE)
        session.add(Tag(submission_id=one.id, word="waits"))
        session.add(Flag(submission_id=one.id, reason="other", text="Look.", raised_by_id=dana.id, raised_at=NOW))
    found: Plans = {}

    @event.listens_for(engine, "before_cursor_execute")
    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            found[statement] = [(row[1], row[3]) for row in rows]

    return found


def lines(plans: Plans) -> list[str]:
    return [line for plan in plans.values() for _, line in plan]


def scans(plans: Plans) -> list[str]:
    return [line for line in lines(plans) if SCANNED.match(line)]


def sorts(plans: Plans) -> list[str]:
    """What is sorted of a table that grows: all but what was chosen by its number, or by a few contacts."""
    sorting = {(name, part) for name, plan in plans.items() for part, line in plan if "TEMP B-TREE" in line}
    return [
        line
        for name, plan in plans.items()
        for part, line in plan
        if (name, part) in sorting and READ.match(line) and "PRIMARY KEY" not in line and "(contact_id=?)" not in line
    ]


def asked(query: str, scope: Scope) -> queries.Asked:
    return queries.Asked(Filters.from_query(query), scope, 1, date(2026, 11, 22))


def read_list(session: Session, what: queries.Asked, place: str) -> None:
    """What a page of a list reads, in the middle of it, forth and back."""
    queries.queue_page(session, what)
    queries.queue_page(session, what, after=place)
    queries.queue_page(session, what, before=place)
    queries.queue_counts(session, what, ["open", *what.scope.open, "done", *what.scope.done])
    queries.count_assigned(session, 1)
    queries.users_with_work_left(session)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("status", ["open", "done", "accepted", "closed"])
def test_list_without_filters_neither_scans_nor_sorts(engine: Engine, plans: Plans, order: str, status: str) -> None:
    place = "1.1000000.5" if order == "severity" else "1000000.5"
    with reading(engine) as session:
        read_list(session, asked(f"sort={order}&status={status}", INTAKE), place)
    assert (scans(plans), sorts(plans)) == ([], [])


@pytest.mark.parametrize("leading", [0, 1000])
@pytest.mark.parametrize("query", FILTERS)
def test_filtered_list_looks_at_no_more_than_a_bound(
    engine: Engine, plans: Plans, monkeypatch: pytest.MonkeyPatch, query: str, leading: int
) -> None:
    monkeypatch.setattr(queue_conditions, "LEADING", leading)
    for scope, status in ((INTAKE, "open"), (INTAKE, "done"), (CLINICIAN, "open"), (CLINICIAN, "signed_off")):
        for order in ORDERS:
            has_rank = order == "severity" and "severity" not in query
            with reading(engine) as session:
                place = "1.1000000.5" if has_rank else "1000000.5"
                read_list(session, asked(f"sort={order}&status={status}&{query}", scope), place)
    assert (scans(plans), sorts(plans)) == ([], [])


SOUGHT = (
    Sought(words=("maria",)),
    Sought(words=("maria", "canary")),
    Sought(birth_dates=(date(1961, 2, 3), date(1961, 3, 2)), words=("maria",), phone="4471"),
    Sought(phone="4471"),
    Sought(phone="60255501", words=("maria", "canary")),
)


@pytest.mark.parametrize("sought", SOUGHT)
def test_search_enters_every_table_by_an_index(engine: Engine, plans: Plans, sought: Sought) -> None:
    with reading(engine) as session:
        queries.search_submissions(session, sought)
    assert (scans(plans), sorts(plans)) == ([], [])
    assert "SEARCH submission USING INDEX ix_submission_contact_id (contact_id=?)" in lines(plans)


def test_one_submission_is_read_by_indexes_and_so_is_who_may_be_the_same_person(engine: Engine, plans: Plans) -> None:
    with reading(engine) as session:
        one = queries.queue_page(session, asked("", INTAKE)).submissions[0]
        reference = queries.submission_by_reference(session, one.reference)
        assert reference is not None
        plans.clear()
        queries.likely_same_person(session, reference)
        queries.events_of(session, reference)
        queries.unsettled_urgent(session, reference)
        queries.at_work(session, [reference], now=NOW)
    assert (scans(plans), sorts(plans)) == ([], [])
    chosen = [line for line in lines(plans) if line.startswith("SEARCH submission ")]
    assert [line for line in chosen if "contact_id" not in line and "PRIMARY KEY" not in line] == []


@pytest.mark.parametrize("before", [None, 1])
@pytest.mark.parametrize("name", [None, "viewed"])
@pytest.mark.parametrize("actor_id", [None, 1])
@pytest.mark.parametrize("has_day", [True, False])
def test_audit_is_one_range_of_one_index(
    engine: Engine, plans: Plans, actor_id: int | None, name: str | None, before: int | None, has_day: bool
) -> None:
    day = {"since": NOW, "until": NOW + timedelta(days=1)} if has_day else {}
    with reading(engine) as session:
        assert queries.events_everywhere(session, before=99) == []
        plans.clear()
        queries.events_everywhere(session, actor_id=actor_id, name=name, before=before, **day)
    is_whole = actor_id is None and name is None and not has_day and before is None
    assert scans(plans) == (["SCAN event USING INDEX ix_event_at"] if is_whole else [])
    assert sorts(plans) == []
    wanted = {(None, None): "at", (1, None): "actor", (None, "viewed"): "name", (1, "viewed"): "actor_name"}
    plan = list(plans.values())[-1]
    assert f" event USING INDEX ix_event_{wanted[actor_id, name]}" in plan[0][1]
