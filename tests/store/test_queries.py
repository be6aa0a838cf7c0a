"""Reads of submissions and what belongs to them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import Submission
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CALM, NOW, URGENT, make_user


def test_counts_follow_the_status(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        one = submitted(session)
        submitted(session)
        operations.move_submission(session, one, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
    with reading(engine) as session:
        counts = queries.counts_by_status(session)
    assert counts == {**dict.fromkeys(Status, 0), Status.SUBMITTED: 1, Status.ACCEPTED: 1}


def test_responses_and_nothing_of_others(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        one, two = submitted(session, CALM), submitted(session, URGENT)
    with reading(engine) as session:
        assert [response.answers for response in queries.responses_of(session, one)] == [CALM]
        assert queries.current_response(session, two).answers == URGENT
        assert [event.name for event in queries.events_of(session, one)] == ["submitted"]
        assert queries.review_of(session, one) is None
        assert queries.notes_of(session, one) == []
