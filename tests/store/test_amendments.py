"""Changed answers: a new version beside the old one, and what it undoes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from screener.engine.answers import parse_answers
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.casework import SubmissionTopic
from screener.store.database import reading, writing
from screener.store.models import Event, Response, Review, StoredFinding, Submission
from screener.store.refusals import (
    NothingChanged,
    RoleNotAllowed,
    StaleSubmission,
    UrgentNotSettled,
    WorkflowError,
)
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CALM, NOW, URGENT, finished_work, make_user

LATER = NOW + timedelta(hours=1)
BLADDER = {**CALM, "bladder_pain": "yes"}

Amend = Callable[..., Response]
BeginReview = Callable[[Session], tuple[Submission, Review, User]]


@pytest.fixture
def amend(ruleset: Ruleset) -> Amend:
    """Screens other answers and amends with them, on what is seen now."""

    def amend(
        session: Session,
        submission: Submission,
        answers: Mapping[str, Any],
        *,
        actor: User | None = None,
        now: datetime = LATER,
        expected_version: int | None = None,
    ) -> Response:
        screening = screen(ruleset, parse_answers(ruleset, answers))
        seen = submission.version if expected_version is None else expected_version
        return operations.amend_submission(
            session, submission, screening=screening, actor=actor, expected_version=seen, now=now
        )

    return amend


@pytest.fixture
def begin_review(submitted: Callable[..., Submission]) -> BeginReview:
    """A submission at version 3, its review, and the clinician who began it."""

    def begin(session: Session) -> tuple[Submission, Review, User]:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        made = submitted(session)
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
        review = operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW)
        return made, review, clinician

    return begin


def test_amendment_stands_beside_the_answers_before_it(
    engine: Engine, submitted: Callable[..., Submission], amend: Amend
) -> None:
    with writing(engine) as session:
        made = submitted(session, CALM)
        amend(session, made, BLADDER)
    with reading(engine) as session:
        first, second = queries.responses_of(session, made)
        assert (first.number, first.answers, first.created_at) == (1, CALM, NOW)
        assert (second.number, second.answers, second.created_at) == (2, BLADDER, LATER)
        assert second.ruleset_hash == first.ruleset_hash
        assert queries.current_response(session, made).id == second.id
        assert [f.rule_id for f in queries.findings_of(session, first)] == ["article_off_label", "article_strong_pain"]
        assert [f.rule_id for f in queries.findings_of(session, second)] == [
            "article_bladder_pain",
            "article_off_label",
            "article_strong_pain",
        ]


def test_amendment_renews_what_the_queue_reads(
    engine: Engine, submitted: Callable[..., Submission], amend: Amend
) -> None:
    with writing(engine) as session:
        made = submitted(session, CALM)
        assert (made.severity_raised, made.topics, made.unknown_count) == ("info", [], 0)
        amend(session, made, {"chest_pain": "no", "heart_conditions": ["hypertension"], "bladder_pain": "yes"})
        assert (made.severity_raised, made.severity_rank, made.severity_possible) == ("mention", 2, "first")
        assert (made.topics, made.unknown_count, made.version) == (["cardiovascular", "bladder"], 1, 2)
        kept = session.scalars(select(SubmissionTopic.topic).order_by(SubmissionTopic.id)).all()
    assert kept == ["cardiovascular", "bladder"]


def test_amendment_says_who_typed_it(engine: Engine, submitted: Callable[..., Submission], amend: Amend) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session)
        by_staff = amend(session, made, BLADDER, actor=intake)
        by_patient = amend(session, made, CALM)
        events = [event for event in queries.events_of(session, made) if event.name == "amended"]
    assert (by_staff.entered_by_id, by_patient.entered_by_id) == (intake.id, None)
    assert [(e.actor_id, e.actor_role, e.detail) for e in events] == [
        (intake.id, "intake", {"left": "submitted", "reached": "submitted", "number": 2}),
        (None, "patient", {"left": "submitted", "reached": "submitted", "number": 3}),
    ]


@pytest.mark.parametrize(
    ("status", "reached"),
    [
        (Status.SUBMITTED, Status.SUBMITTED),
        (Status.NEEDS_INFORMATION, Status.SUBMITTED),
        (Status.ACCEPTED, Status.ACCEPTED),
        (Status.IN_REVIEW, Status.IN_REVIEW),
        (Status.SIGNED_OFF, Status.IN_REVIEW),
    ],
)
def test_amendment_moves_as_the_table_says(
    engine: Engine, submitted: Callable[..., Submission], amend: Amend, status: Status, reached: Status
) -> None:
    with writing(engine) as session:
        made = submitted(session)
        made.status, made.is_open = status, False
        session.flush()
        amend(session, made, BLADDER)
        assert (made.status, made.is_open, made.version) == (reached, True, 2)
        assert made.status_at == (NOW if reached is status else LATER)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_what_is_over_is_not_amended(
    engine: Engine, submitted: Callable[..., Submission], amend: Amend, status: Status
) -> None:
    with writing(engine) as session:
        made = submitted(session)
        made.status = status
        session.flush()
        with pytest.raises(WorkflowError):
            amend(session, made, BLADDER)
        assert len(queries.responses_of(session, made)) == 1


def test_the_same_answers_are_no_amendment(engine: Engine, submitted: Callable[..., Submission], amend: Amend) -> None:
    with writing(engine) as session:
        made = submitted(session, CALM)
        with pytest.raises(NothingChanged):
            amend(session, made, {**CALM, "bp_control": "poor"})  # set aside: nobody asks it
        assert (len(queries.responses_of(session, made)), made.version) == (1, 1)


def test_amendment_with_another_ruleset_is_a_defect(
    engine: Engine, submitted: Callable[..., Submission], ruleset: Ruleset
) -> None:
    other = replace(ruleset, hash="0" * 64)
    with writing(engine) as session:
        made = submitted(session, CALM)
        with pytest.raises(ValueError, match="ruleset of the answers before"):
            operations.amend_submission(
                session,
                made,
                screening=screen(other, parse_answers(other, BLADDER)),
                actor=None,
                expected_version=1,
                now=LATER,
            )


def test_admin_and_switched_off_account_amend_nothing(
    engine: Engine, submitted: Callable[..., Submission], amend: Amend
) -> None:
    with writing(engine) as session:
        made = submitted(session)
        admin, former = make_user(session, Role.ADMIN), make_user(session, Role.INTAKE)
        former.active = False
        for actor in (admin, former):
            with pytest.raises(RoleNotAllowed):
                amend(session, made, BLADDER, actor=actor)
        assert len(queries.responses_of(session, made)) == 1


def test_amendment_voids_the_sign_off_and_begins_the_review_anew(
    engine: Engine, begin_review: BeginReview, amend: Amend
) -> None:
    with writing(engine) as session:
        made, review, clinician = begin_review(session)
        marked = {"clinician": clinician, "work": finished_work(session, made)}
        operations.record_review(session, review, "Read.", expected_version=3, now=NOW, **marked)
        signed = operations.sign_off(session, review, clinician=clinician, expected_version=4, now=NOW)
        content = signed.content_hash
        amend(session, made, BLADDER)
    with reading(engine) as session:
        kept = session.get_one(Submission, made.id)
        old, new = queries.reviews_of(session, kept)
        assert old.sign_off is not None
        assert (old.sign_off.content_hash, old.sign_off.voided_at, old.sign_off.void_reason) == (
            content,
            LATER,
            "amended",
        )
        assert (old.assessment, old.recorded_at) == ("Read.", NOW)
        assert (new.assessment, new.recorded_at, new.sign_off, new.clinician_id) == ("Read.", None, None, clinician.id)
        assert [e.name for e in queries.events_of(session, kept)][-2:] == ["sign_off_voided", "amended"]


def test_amendment_after_a_void_leaves_the_first_reason_alone_and_can_be_signed_again(
    engine: Engine, begin_review: BeginReview, amend: Amend
) -> None:
    with writing(engine) as session:
        made, review, clinician = begin_review(session)
        marked = {"clinician": clinician, "work": finished_work(session, made)}
        operations.record_review(session, review, "Read.", expected_version=3, now=NOW, **marked)
        operations.sign_off(session, review, clinician=clinician, expected_version=4, now=NOW)
        amend(session, made, BLADDER)
        amend(session, made, {**BLADDER, "pain_average": 7}, now=LATER + timedelta(hours=1))
        old, new = queries.reviews_of(session, made)
        assert old.sign_off is not None
        assert old.sign_off.voided_at == LATER
        marked["work"] = finished_work(session, made)
        operations.record_review(session, new, "Read again.", expected_version=made.version, now=LATER, **marked)
        again = operations.sign_off(session, new, clinician=clinician, expected_version=made.version, now=LATER)
    assert (again.response_id, again.voided_at) == (queries_newest(engine, made), None)


def queries_newest(engine: Engine, submission: Submission) -> int:
    with reading(engine) as session:
        return queries.current_response(session, submission).id


def test_recorded_review_is_to_be_recorded_again_after_an_amendment(
    engine: Engine, begin_review: BeginReview, amend: Amend
) -> None:
    with writing(engine) as session:
        made, review, clinician = begin_review(session)
        operations.record_review(session, review, "Read.", clinician=clinician, expected_version=3, now=NOW)
        amend(session, made, BLADDER)
        reviews = queries.reviews_of(session, made)
    assert [(r.id, r.assessment, r.recorded_at) for r in reviews] == [(review.id, "Read.", None)]


def test_urgent_amendment_asks_for_a_note_anew(
    engine: Engine, submitted: Callable[..., Submission], amend: Amend
) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session, URGENT)
        operations.add_urgent_note(session, made, "Called.", author=intake, now=NOW)
        assert queries.has_urgent_note(session, made) is True
        amend(session, made, {**URGENT, "bladder_pain": "yes"})  # the urgent answer is the one that was dealt with
        assert queries.has_urgent_note(session, made) is True
        amend(session, made, CALM)
        amend(session, made, URGENT)
        assert queries.has_urgent_note(session, made) is False
        with pytest.raises(UrgentNotSettled):
            operations.move_submission(
                session, made, Move.ACCEPT, actor=intake, expected_version=made.version, now=LATER
            )
        operations.add_urgent_note(session, made, "Called again.", author=intake, now=LATER + timedelta(minutes=1))
        assert queries.has_urgent_note(session, made) is True
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=made.version, now=LATER)


def test_amendment_hides_nothing_urgent_that_nobody_noted_anything_about(
    engine: Engine, submitted: Callable[..., Submission], amend: Amend
) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session, URGENT)
        amend(session, made, CALM)
        assert (made.is_urgent, made.severity_rank, made.topics) == (True, 0, ["emergency"])
        assert [f.rule_id for f in queries.unsettled_urgent(session, made)] == ["safety_chest_pain"]
        with pytest.raises(UrgentNotSettled):
            operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=2, now=LATER)
        operations.add_urgent_note(session, made, "Called: pressed the wrong one.", author=intake, now=LATER)
        assert queries.unsettled_urgent(session, made) == []
        assert (made.is_urgent, made.severity_raised, made.topics) == (False, "info", [])
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=2, now=LATER)


def test_sign_off_waits_for_a_note_on_what_an_amendment_raised_during_the_review(
    engine: Engine, begin_review: BeginReview, amend: Amend
) -> None:
    with writing(engine) as session:
        made, review, clinician = begin_review(session)
        amend(session, made, URGENT)
        operations.record_review(
            *(session, review, "Read."),
            clinician=clinician,
            expected_version=made.version,
            now=LATER,
            work=finished_work(session, made),
        )
        with pytest.raises(UrgentNotSettled):
            operations.sign_off(session, review, clinician=clinician, expected_version=made.version, now=LATER)
        assert (made.status, review.sign_off) == (Status.IN_REVIEW, None)
        operations.add_urgent_note(session, made, "Called.", author=clinician, now=LATER + timedelta(minutes=1))
        operations.sign_off(session, review, clinician=clinician, expected_version=made.version, now=LATER)
        assert made.status is Status.SIGNED_OFF


def test_stale_amendment_is_refused(engine: Engine, submitted: Callable[..., Submission], amend: Amend) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session)
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
        with pytest.raises(StaleSubmission):
            amend(session, made, BLADDER, expected_version=1)
        assert len(queries.responses_of(session, made)) == 1


def test_only_one_of_two_amendments_at_once_gets_through(
    engine: Engine, submitted: Callable[..., Submission], amend: Amend
) -> None:
    with writing(engine) as session:
        made_id = submitted(session).id
    together = Barrier(3)

    def send(number: int) -> str:
        together.wait()
        try:
            with writing(engine) as session:
                submission = session.get_one(Submission, made_id)
                amend(session, submission, {**BLADDER, "pain_average": number}, expected_version=1)
        except StaleSubmission:
            return "stale"
        return "amended"

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(send, range(3))) == ["amended", "stale", "stale"]
    with reading(engine) as session:
        assert session.scalar(select(func.count(Response.id))) == 2
        assert (
            session.scalar(select(func.count(StoredFinding.id)).where(StoredFinding.rule_id == "article_bladder_pain"))
            == 1
        )
        assert session.scalar(select(func.count(Event.id)).where(Event.name == "amended")) == 1
        assert session.scalar(select(func.count(Review.id))) == 0
