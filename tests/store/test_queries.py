"""The queue and its counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import Submission
from screener.store.refusals import BadCursor
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CALM, NOW, URGENT, make_user

FIRST = {"heart_conditions": ["hypertension"], "bp_control": "poor"}
MENTION = {"bladder_pain": "yes"}


def test_queue_is_by_severity_then_waiting_time(engine: Engine, submitted: Callable[..., Submission]) -> None:
    arrivals = [CALM, URGENT, MENTION, URGENT, FIRST, CALM]
    with writing(engine) as session:
        ids = [
            submitted(session, answers, now=NOW - timedelta(minutes=minute)).id
            for minute, answers in enumerate(arrivals)
        ]
    wanted = [ids[place] for place in (3, 1, 4, 2, 5, 0)]
    with reading(engine) as session:
        page = queries.queue(session, statuses=[Status.SUBMITTED])
        assert ([submission.id for submission in page.submissions], page.next) == (wanted, None)
        assert page.submissions[0].contact.name == "Zoraida Canary"


def test_queue_pages_give_everyone_once(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:  # many at the same moment: the number decides between them
        ids = {submitted(session, (CALM, URGENT)[number % 2]).id for number in range(11)}
    seen: list[int] = []
    after = None
    sizes = []
    with reading(engine) as session:
        for _ in range(9):
            page = queries.queue(session, statuses=[Status.SUBMITTED], after=after, limit=4)
            seen += [submission.id for submission in page.submissions]
            sizes.append(len(page.submissions))
            after = page.next
            if after is None:
                break
    assert sizes == [4, 4, 3]
    assert len(seen) == 11
    assert set(seen) == ids


def test_queue_page_that_ends_exactly_is_the_last(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        for _ in range(2):
            submitted(session)
    with reading(engine) as session:
        assert queries.queue(session, statuses=[Status.SUBMITTED], limit=2).next is None
        assert queries.queue(session, statuses=[], limit=2).submissions == []
        assert len(queries.queue(session, statuses=Status, limit=0).submissions) == 1


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "1",
        "a.b.c",
        "1.2.3.4",
        "-1.2.3",
        "1.٢.3",
        "10.1.1",
        "1." + "9" * 18 + ".1",
        "1.1.1234567890",
        "1.1.1\n",
    ],
)
def test_queue_refuses_what_is_no_cursor(engine: Engine, cursor: str) -> None:
    with reading(engine) as session, pytest.raises(BadCursor):
        queries.queue(session, statuses=[Status.SUBMITTED], after=cursor)


def test_queue_and_counts_follow_the_status(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        one, two = submitted(session), submitted(session)
        operations.move_submission(session, one, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
    with reading(engine) as session:
        counts = queries.counts_by_status(session)
        waiting = queries.queue(session, statuses=[Status.SUBMITTED, Status.NEEDS_INFORMATION]).submissions
        taken = queries.queue(session, statuses=[Status.ACCEPTED]).submissions
    assert counts == {**dict.fromkeys(Status, 0), Status.SUBMITTED: 1, Status.ACCEPTED: 1}
    assert [submission.id for submission in waiting] == [two.id]
    assert [submission.id for submission in taken] == [one.id]


def test_responses_and_nothing_of_others(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        one, two = submitted(session, CALM), submitted(session, URGENT)
    with reading(engine) as session:
        assert [response.answers for response in queries.responses_of(session, one)] == [CALM]
        assert queries.current_response(session, two).answers == URGENT
        assert [event.name for event in queries.events_of(session, one)] == ["submitted"]
        assert queries.review_of(session, one) is None
        assert queries.notes_of(session, one) == []
