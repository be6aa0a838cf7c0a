"""The queue: its orders, its pages in both directions, every filter, and counts that end at a bound."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.casework import Flag, Tag
from screener.store.database import connect, reading, writing
from screener.store.models import Contact, Source, Submission
from screener.store.queries import queue_conditions, queue_totals, queue_walk
from screener.store.queue_filters import Filters, Scope, Sort, tag_code
from screener.store.refusals import BadCursor, BadFilter
from screener.store.workflow import OPEN, Role, Status
from tests.store.examples import CALM, NOW, URGENT, make_user

FIRST = {"heart_conditions": ["hypertension"], "bp_control": "poor"}
MENTION = {"bladder_pain": "yes"}
INTAKE = Scope(OPEN, (Status.SIGNED_OFF, Status.CLOSED, Status.WITHDRAWN))
CLINICIAN = Scope((Status.ACCEPTED, Status.IN_REVIEW), (Status.SIGNED_OFF,))
TODAY = date(2026, 11, 22)
Submit = Callable[..., Submission]


def asked(query: str = "", *, scope: Scope = INTAKE, viewer_id: int = 0) -> queries.Asked:
    return queries.Asked(Filters.from_query(query), scope, viewer_id, TODAY)


def ids(session: Session, query: str = "", **given: Any) -> list[int]:
    return [submission.id for submission in queries.queue_page(session, asked(query, **given)).submissions]


def put(session: Session, submission: Submission, **values: Any) -> None:
    session.execute(update(Submission).where(Submission.id == submission.id).values(**values))


@pytest.fixture
def six(engine: Engine, submitted: Submit) -> list[int]:
    """Six submissions a minute apart, the newest first; the second and fourth are urgent, the fifth is first."""
    with writing(engine) as session:
        arrivals = [CALM, URGENT, MENTION, URGENT, FIRST, CALM]
        return [
            submitted(session, answers, now=NOW - timedelta(minutes=minute)).id
            for minute, answers in enumerate(arrivals)
        ]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", [3, 1, 4, 2, 5, 0]),
        ("sort=waiting", [5, 4, 3, 2, 1, 0]),
        ("sort=newest", [0, 1, 2, 3, 4, 5]),
        ("sort=since", [0, 5, 4, 3, 2, 1]),
        ("severity=urgent&sort=newest", [1, 3]),
        ("severity=urgent&sort=since", [3, 1]),
    ],
)
def test_queue_stands_in_the_order_asked_for(engine: Engine, six: list[int], query: str, places: list[int]) -> None:
    with writing(engine) as session:
        session.execute(update(Submission).where(Submission.id == six[0]).values(status_at=NOW - timedelta(days=1)))
    with reading(engine) as session:
        assert ids(session, query) == [six[place] for place in places]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("scope", [INTAKE, CLINICIAN])
@pytest.mark.parametrize("narrowing", ["", "&language=en"])
def test_queue_pages_lead_forth_and_back_over_everyone_once(
    engine: Engine, submitted: Submit, sort: Sort, scope: Scope, narrowing: str
) -> None:
    with writing(engine) as session:  # many at the same moment: the number decides between them
        for number in range(11):
            status = (Status.ACCEPTED, Status.IN_REVIEW)[number % 3 == 0]
            put(session, submitted(session, (CALM, URGENT)[number % 2]), status=status)
    what = asked(f"sort={sort}{narrowing}", scope=scope)
    pages, after = [], None
    with reading(engine) as session:
        for _ in range(3):
            page = queries.queue_page(session, what, after=after, limit=4)
            pages.append([submission.id for submission in page.submissions])
            after = page.next
        assert after is None
        whole = [submission.id for submission in queries.queue_page(session, what, limit=50).submissions]
        back, before = [], page.previous
        while before is not None:
            page = queries.queue_page(session, what, before=before, limit=4)
            back.append([submission.id for submission in page.submissions])
            assert page.next is not None
            before = page.previous
    assert [len(page) for page in pages] == [4, 4, 3]
    assert [number for page in pages for number in page] == whole
    assert len(set(whole)) == 11
    assert back == [pages[1], pages[0]]


def test_queue_page_that_ends_exactly_is_the_last(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        for _ in range(2):
            submitted(session)
    with reading(engine) as session:
        page = queries.queue_page(session, asked(), limit=2)
        assert (page.next, page.previous, page.is_partial) == (None, None, False)
        assert len(queries.queue_page(session, asked(), limit=0).submissions) == 1


@pytest.mark.parametrize(
    "cursor",
    ["", "1", "a.b.c", "1.2.3.4", "-1.2.3", "1.٢.3", "10.1.1", "1." + "9" * 18 + ".1", "1.1.1234567890", "1.1.1\n"],
)
def test_queue_refuses_what_is_no_place(engine: Engine, cursor: str) -> None:
    with reading(engine) as session:
        for direction in ({"after": cursor}, {"before": cursor}):
            with pytest.raises(BadCursor):
                queries.queue_page(session, asked(), **direction)


def test_queue_refuses_a_status_that_its_list_is_not_about(engine: Engine) -> None:
    with reading(engine) as session, pytest.raises(BadFilter):
        queries.queue_page(session, asked("status=closed", scope=CLINICIAN))


def test_each_filter_keeps_what_it_names(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        dana, lee = (make_user(session, Role.INTAKE, name) for name in ("dana", "lee"))
        plain, other = submitted(session, CALM), submitted(session, URGENT)
        session.execute(
            update(Contact).where(Contact.id == other.contact_id).values(birth_date=date(1996, 11, 22))  # 30 today
        )
        put(session, other, language="es", source=Source.PHONE, assignee_id=dana.id, ruleset_hash=other.ruleset_hash)
        session.add(Tag(submission_id=other.id, word="waits"))
        flag = {"reason": "other", "text": "Look.", "raised_by_id": dana.id, "raised_at": NOW}
        session.add(Flag(submission_id=other.id, **flag))
        session.add(Flag(submission_id=plain.id, **flag, resolved_at=NOW, resolved_by_id=dana.id, resolution="Seen."))
    topic = other.topics[0]
    found = {
        "severity=urgent": [other.id],
        "severity=none": [plain.id] if plain.severity_raised is None else [],
        f"topic={topic}": [other.id],
        "topic=unheard_of": [],
        "unknown=no": [s.id for s in (other, plain) if not s.unknown_count],
        "unknown=yes": [s.id for s in (other, plain) if s.unknown_count],
        "assignee=me": [other.id],
        "assignee=nobody": [plain.id],
        f"assignee={dana.id}": [other.id],
        f"assignee={lee.id}": [],
        "age=30-49": [other.id],
        "age=65-79": [plain.id],
        "age=0-29": [],
        "language=es": [other.id],
        "language=en": [plain.id],
        f"ruleset={plain.ruleset_hash[:8]}": [other.id, plain.id],
        "ruleset=000000": [],
        f"tag={tag_code('waits')}": [other.id],
        f"tag={tag_code('else')}": [],
        "flagged=yes": [other.id],
        "flagged=no": [plain.id],
        "source=phone": [other.id],
        "source=web": [plain.id],
        f"topic={topic}&language=en": [],
        f"topic={topic}&severity=urgent&assignee=me": [other.id],
        f"topic={topic}&status=done": [],
    }
    with reading(engine) as session:
        assert {query: ids(session, query, viewer_id=dana.id) for query in found} == found
        counts = {
            query: str(queries.queue_counts(session, asked(query, viewer_id=dana.id), ["open"])["open"])
            for query in found
        }
    assert counts == {query: str(len(here)) for query, here in found.items() if "status" not in query} | {
        f"topic={topic}&status=done": "1"
    }


@pytest.mark.parametrize("leading", [0, 1000])
def test_filters_find_the_same_whether_they_lead_or_follow(
    engine: Engine, six: list[int], monkeypatch: pytest.MonkeyPatch, leading: int
) -> None:
    monkeypatch.setattr(queue_conditions, "LEADING", leading)
    with reading(engine) as session:
        topic = queries.queue_page(session, asked()).submissions[0].topics[0]
        first = queries.queue_page(session, asked(f"topic={topic}"), limit=1)
        second = queries.queue_page(session, asked(f"topic={topic}"), after=first.next, limit=1)
        assert [first.submissions[0].id, second.submissions[0].id] == [six[3], six[1]]
        before = queries.queue_page(session, asked(f"topic={topic}"), before=second.previous, limit=1)
        assert [submission.id for submission in before.submissions] == [six[3]]


def test_filtered_page_looks_at_so_many_and_says_where_to_look_further(
    engine: Engine, submitted: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_walk, "LOOKED_AT", 3)
    with writing(engine) as session:
        kept = [submitted(session, now=NOW + timedelta(minutes=minute)).id for minute in range(8)]
        session.execute(update(Submission).where(Submission.id == kept[6]).values(language="es"))
    pages, after = [], None
    with reading(engine) as session:
        for _ in range(3):
            page = queries.queue_page(session, asked("language=es"), after=after, limit=2)
            pages.append(([submission.id for submission in page.submissions], page.is_partial))
            after = page.next
    assert pages == [([], True), ([], True), ([kept[6]], False)]
    assert after is None


def test_merged_submission_is_among_the_closed_ones_only(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        kept, gone = submitted(session), submitted(session)
        put(session, gone, merged_into_id=kept.id, is_open=False)
    with reading(engine) as session:
        assert ids(session) == ids(session, "status=submitted") == [kept.id]
        assert ids(session, "status=done") == [gone.id]
        assert queries.queue_page(session, asked("status=done")).submissions[0].merged_into.reference == kept.reference


def test_counts_follow_status_and_filters_and_end_at_a_bound(
    engine: Engine, submitted: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as session:
        rows = [submitted(session, (CALM, URGENT)[number == 0]) for number in range(4)]
        put(session, rows[3], status=Status.CLOSED, is_open=False)
    choices = ["open", "done", "submitted", "closed", "withdrawn"]

    def counted(query: str) -> list[str]:
        with reading(engine) as session:
            return [str(count) for count in queries.queue_counts(session, asked(query), choices).values()]

    assert counted("") == ["3", "1", "3", "1", "0"]
    assert counted("language=en&severity=urgent") == ["1", "0", "1", "0", "0"]
    monkeypatch.setattr(queue_totals, "COUNTED", 2)
    assert counted("") == ["2+", "1", "2+", "1", "0"]
    assert counted("language=es") == ["0+", "0", "0+", "0", "0"]


def test_filtered_counts_look_further_at_what_is_open_or_shown(
    engine: Engine, submitted: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as session:
        for number in range(6):
            put(
                session,
                submitted(session),
                status=(Status.CLOSED, Status.SUBMITTED)[number % 2],
                is_open=bool(number % 2),
            )
    monkeypatch.setattr(queue_totals, "LOOKED_AT_ASIDE", 2)
    choices = ["submitted", "closed", "done"]
    with reading(engine) as session:
        found = {
            query: [str(count) for count in queries.queue_counts(session, asked(query), choices).values()]
            for query in ("", "language=en", "language=en&status=closed", "language=en&status=done")
        }
    assert found == {
        "": ["3", "3", "3"],
        "language=en": ["3", "2+", "2+"],
        "language=en&status=closed": ["3", "3", "3"],
        "language=en&status=done": ["3", "3", "3"],
    }


@pytest.mark.parametrize("first_look", [1, 3, 200])
def test_filtered_page_is_the_same_however_far_the_first_look_goes(
    engine: Engine, submitted: Submit, monkeypatch: pytest.MonkeyPatch, first_look: int
) -> None:
    monkeypatch.setattr(queue_walk, "FIRST_LOOK", first_look)
    with writing(engine) as session:
        kept = [submitted(session, now=NOW + timedelta(minutes=minute)).id for minute in range(6)]
        for number in kept[::2]:
            session.execute(update(Submission).where(Submission.id == number).values(language="es"))
    with reading(engine) as session:
        assert ids(session, "language=es&sort=waiting") == kept[::2]
        page = queries.queue_page(session, asked("language=es&sort=newest"), limit=2)
        assert [one.id for one in page.submissions] == [kept[4], kept[2]]
        assert (page.next is None, page.is_partial) == (False, False)


def test_count_of_what_is_assigned_to_someone(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        dana = make_user(session, Role.INTAKE)
        for number in range(3):
            put(session, submitted(session), assignee_id=dana.id, is_open=number > 0)
    with reading(engine) as session:
        assert str(queries.count_assigned(session, dana.id)) == "2"


def test_tag_words_are_each_given_once_in_order(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        one, two = submitted(session), submitted(session)
        session.add_all(Tag(submission_id=s.id, word=word) for s in (one, two) for word in ("waits", "call back"))
    with reading(engine) as session:
        assert queries.tag_words(session) == ["call back", "waits"]


PLANS = {
    "": "ix_submission_queue (is_open=? AND (severity_rank,submitted_at)>(?,?))",
    "status=done": "ix_submission_queue (is_open=? AND (severity_rank,submitted_at)>(?,?))",
    "status=accepted": "ix_submission_status_queue (is_open=? AND status=? AND (severity_rank,submitted_at)>(?,?))",
    "sort=waiting": "ix_submission_waiting (is_open=? AND submitted_at>?)",
    "sort=newest&status=closed": "ix_submission_status_waiting (is_open=? AND status=? AND submitted_at<?)",
    "sort=since&severity=first": "ix_submission_since (is_open=? AND status_at>?)",
    "sort=since&status=closed": "ix_submission_status_since (is_open=? AND status=? AND status_at>?)",
    "severity=info&status=done": "ix_submission_queue (is_open=? AND severity_rank=? AND submitted_at>?)",
    "age=30-49&flagged=no": "ix_submission_queue (is_open=? AND (severity_rank,submitted_at)>(?,?))",
}


@pytest.mark.parametrize("query", PLANS)
def test_page_is_one_range_of_one_index(sqlite_url: str, query: str) -> None:
    engine = connect(sqlite_url)
    plans: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "is_open = ?" in statement:
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            plans.append("\n".join(row[3] for row in rows))

    place = "1000000.5" if {"sort", "severity"} & set(re.findall(r"\w+", query)) else "1.1000000.5"
    with reading(engine) as session:
        queries.queue_page(session, asked(query), after=place)
    walks = {
        re.sub(r".*INDEX ", "", line) for plan in plans for line in plan.split("\n") if "SEARCH submission" in line
    }
    assert walks == {PLANS[query]}
    assert not any("SCAN submission" in plan for plan in plans)
    engine.dispose()


def test_replacing_filters_keeps_the_rest() -> None:
    assert replace(Filters.from_query("severity=first"), sort=Sort.NEWEST).query() == "severity=first&sort=newest"
