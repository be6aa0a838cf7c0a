"""PostgreSQL goes about the reads of the review side as SQLite does (`test_plans`): with many submissions and its statistics up to date
it enters every table that grows through an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from screener.store import queries
from screener.store.database import connect, reading, writing
from screener.store.models import Submission
from screener.store.queries import Sought
from screener.store.queue_filters import Filters, Scope
from screener.store.workflow import OPEN, Status
from tests.store.examples import NOW, URGENT

SCANNED = re.compile(r"Seq Scan on (submission|contact|contact_word|submission_topic|event|response)\b")
SCOPE = Scope(OPEN, (Status.SIGNED_OFF, Status.CLOSED, Status.WITHDRAWN))
# One row of each table again for 30,000 numbers, a minute apart; but for a hundred, all are closed.
MANY = "generate_series(100, 30100) AS n"
COPIES = {
    "contact": {
        "id": "n",
        "birth_date": "date '1940-01-01' + n % 20000",
        "phone_digits": "lpad((n * 7919 % 10000000)::text, 10, '6025550000')",
        "phone_reversed": "reverse(lpad((n * 7919 % 10000000)::text, 10, '6025550000'))",
    },
    "contact_word": {"id": "n", "contact_id": "n", "word": "chr(97 + n % 26) || n"},
    "submission": {
        "id": "n",
        "public_id": "lpad(n::text, 32, '0')",
        "reference": "lpad(n::text, 9, '0')",
        "submission_key": "lpad(n::text, 64, '0')",
        "contact_id": "n",
        "status": "CASE WHEN n > 30000 THEN 'submitted' WHEN n % 9 = 0 THEN 'signed_off' ELSE 'closed' END",
        "is_open": "n > 30000",
        "severity_rank": "n % 5",
        "language": "CASE WHEN n % 3 = 0 THEN 'es' ELSE 'en' END",
        "submitted_at": "submitted_at - (30100 - n) * interval '1 minute'",
        "status_at": "status_at - (30100 - n) * interval '1 minute'",
    },
    "submission_topic": {
        "id": "n",
        "submission_id": "n",
        "topic": "(ARRAY['bladder', 'liver'])[1 + n % 2]",
    },
    "response": {
        "id": "n",
        "submission_id": "n",
        "created_at": "created_at - (30100 - n) * interval '1 minute'",
    },
    "event": {
        "id": "n",
        "submission_id": "n",
        "name": "(ARRAY['submitted', 'viewed', 'closed'])[1 + n % 3]",
        "at": "at - (30100 - n) * interval '1 minute'",
    },
}
LISTS = (
    "",
    "sort=newest&status=done",
    "sort=since&status=closed",
    "severity=first&status=closed",
    "language=en&status=closed",
    "age=30-49&topic=bladder&status=closed&sort=waiting",
    "assignee=nobody&unknown=no&status=done",
    "ruleset=abcdef",
)


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    engine = connect(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture
def plans(engine: Engine, submitted: Callable[..., Submission]) -> list[str]:
    """The plan of each statement from now on, with many submissions there."""
    with writing(engine) as session:
        submitted(session, URGENT)
        for table, changed in COPIES.items():
            found = text("SELECT column_name FROM information_schema.columns WHERE table_name = :table")
            columns = [*session.scalars(found, {"table": table})]
            values = ", ".join(changed.get(column, f'one."{column}"') for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            one = f"(SELECT * FROM {table} ORDER BY id LIMIT 1) AS one"
            session.execute(text(f"INSERT INTO {table} ({names}) SELECT {values} FROM {one}, {MANY}"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    told: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            rows = cursor.connection.execute(f"EXPLAIN {statement}", parameters).fetchall()
            told.append("\n".join(row[0] for row in rows))

    return told


def test_no_read_of_the_review_side_scans_a_table_that_grows(engine: Engine, plans: list[str]) -> None:
    with reading(engine) as session:
        for query in LISTS:
            asked = queries.Asked(Filters.from_query(query), SCOPE, 1, date(2026, 11, 22))
            page = queries.queue_page(session, asked)
            if page.next is not None:
                queries.queue_page(session, asked, after=page.next)
            queries.queue_counts(session, asked, ["open", *SCOPE.open, "done", *SCOPE.done])
        for sought in (
            Sought(phone="4471"),
            Sought(phone="60255", words=("b1",)),
            Sought(words=("c2", "d")),
            Sought(birth_dates=(date(1961, 2, 3),)),
        ):
            queries.search_submissions(session, sought)
        for narrowed in ({}, {"actor_id": 1}, {"name": "viewed"}, {"actor_id": 1, "name": "viewed"}):
            queries.events_everywhere(session, **narrowed)
            queries.events_everywhere(session, **narrowed, before=15_000)
            queries.events_everywhere(session, **narrowed, since=NOW - timedelta(days=9), until=NOW - timedelta(days=8))
        one = queries.queue_page(session, queries.Asked(Filters(), SCOPE, 1, date(2026, 11, 22))).submissions[0]
        one = queries.submission_by_reference(session, one.reference) or one
        queries.likely_same_person(session, one)
        queries.raised_counts(session, ["2026-10", "2026-11"])
    assert len(plans) > 50
    assert [plan for plan in plans if SCANNED.search(plan)] == []
