"""A clinician's work, from taking up to signing off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.database import reading, writing
from screener.store.models import Review, Submission
from screener.store.refusals import (
    ReviewNotRecorded,
    RoleNotAllowed,
    StaleSubmission,
    WorkflowError,
)
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CALM, NOW, finished_work, make_user

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def accepted(submitted: Callable[..., Submission]) -> Callable[[Session], tuple[Submission, User]]:
    """A submission at version 2 that waits for the clinician."""

    def make(session: Session) -> tuple[Submission, User]:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        made = submitted(session, {**CALM, "pain_average": 7.5})
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
        return made, clinician

    return make


Accepted = Callable[[Session], tuple[Submission, User]]


def test_review_runs_from_start_to_sign_off(engine: Engine, accepted: Accepted) -> None:
    with writing(engine) as session:
        made, clinician = accepted(session)
    with writing(engine) as session:
        review = operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW)
        assert (review.assessment, review.recorded_at, review.clinician.id) == ("", None, clinician.id)
    with writing(engine) as session:
        review = session.merge(review)
        operations.record_review(
            session,
            review,
            " Talk it through. ",
            clinician=clinician,
            expected_version=3,
            now=LATER,
            work=finished_work(session, review.submission),
        )
    with writing(engine) as session:
        operations.sign_off(session, review, clinician=clinician, expected_version=4, now=LATER)
    with reading(engine) as session:
        found = queries.submission_by_public_id(session, made.public_id)
        assert found is not None
        assert (found.status, found.version, found.status_at) == (Status.SIGNED_OFF, 5, LATER)
        done = queries.review_of(session, found)
        assert done is not None
        assert done.sign_off is not None
        assert (done.assessment, done.started_at, done.recorded_at) == ("Talk it through.", NOW, LATER)
        assert (done.sign_off.user.id, done.sign_off.signed_at) == (clinician.id, LATER)
        assert [e.name for e in queries.events_of(session, found)] == [
            "submitted",
            "accepted",
            "review_started",
            "review_recorded",
            "signed_off",
        ]


def signed(session: Session, accepted: Accepted) -> tuple[Submission, Review]:
    made, clinician = accepted(session)
    review = operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW)
    operations.record_review(
        session,
        review,
        "Seen.",
        clinician=clinician,
        expected_version=3,
        now=NOW,
        work=finished_work(session, made),
    )
    operations.sign_off(session, review, clinician=clinician, expected_version=4, now=NOW)
    return made, review


def test_unrecorded_review_is_not_signed_off(engine: Engine, accepted: Accepted) -> None:
    with writing(engine) as session:
        made, clinician = accepted(session)
        review = operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW)
        with pytest.raises(ReviewNotRecorded):
            operations.sign_off(session, review, clinician=clinician, expected_version=3, now=NOW)
    assert (made.status, made.version) == (Status.IN_REVIEW, 3)


def test_signed_review_takes_nothing_more(engine: Engine, accepted: Accepted) -> None:
    with writing(engine) as session:
        made, review = signed(session, accepted)
    clinician = review.clinician
    with writing(engine) as session:
        with pytest.raises(WorkflowError):
            operations.record_review(session, review, "x", clinician=clinician, expected_version=5, now=NOW)
        with pytest.raises(WorkflowError):
            operations.sign_off(session, review, clinician=clinician, expected_version=5, now=NOW)
        with pytest.raises(WorkflowError):
            operations.start_review(session, made, clinician=clinician, expected_version=5, now=NOW)


def test_assessment_that_someone_recorded_meanwhile_is_not_overwritten(engine: Engine, accepted: Accepted) -> None:
    with writing(engine) as session:
        made, clinician = accepted(session)
        other = make_user(session, Role.CLINICIAN, "other")
        review = operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW)
        operations.record_review(session, review, "First.", clinician=clinician, expected_version=3, now=NOW)
    with pytest.raises(StaleSubmission), writing(engine) as session:
        operations.record_review(session, review, "Second.", clinician=other, expected_version=3, now=NOW)
    with writing(engine) as session:
        again = operations.record_review(session, review, "Third.", clinician=other, expected_version=4, now=NOW)
        assert (again.assessment, again.clinician.id) == ("Third.", other.id)


def test_only_clinicians_review(engine: Engine, accepted: Accepted) -> None:
    with writing(engine) as session:
        made, clinician = accepted(session)
        intake = queries.user_by_email(session, "intake@clinic.example")
        assert intake is not None
        with pytest.raises(RoleNotAllowed):
            operations.start_review(session, made, clinician=intake, expected_version=2, now=NOW)
        review = operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW)
        with pytest.raises(RoleNotAllowed):
            operations.record_review(session, review, "x", clinician=intake, expected_version=3, now=NOW)
        with pytest.raises(RoleNotAllowed):
            operations.sign_off(session, review, clinician=intake, expected_version=3, now=NOW)


def test_review_taken_up_again_keeps_its_text(engine: Engine, accepted: Accepted) -> None:
    with writing(engine) as session:
        made, clinician = accepted(session)
        intake = queries.user_by_email(session, "intake@clinic.example")
        first = operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW)
        operations.record_review(session, first, "So far.", clinician=clinician, expected_version=3, now=NOW)
        operations.move_submission(session, made, Move.ASK, actor=clinician, expected_version=4, now=NOW)
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=5, now=NOW)
        second = operations.start_review(session, made, clinician=clinician, expected_version=6, now=LATER)
        assert (second.assessment, second.recorded_at) == ("So far.", None)
        with pytest.raises(WorkflowError):
            operations.record_review(session, first, "x", clinician=clinician, expected_version=7, now=NOW)
        assert [review.id for review in queries.reviews_of(session, made)] == [first.id, second.id]


def test_signed_off_submission_is_closed_by_intake(engine: Engine, accepted: Accepted) -> None:
    with writing(engine) as session:
        made, _ = signed(session, accepted)
        intake = queries.user_by_email(session, "intake@clinic.example")
        operations.move_submission(session, made, Move.CLOSE, actor=intake, expected_version=5, now=NOW)
        assert made.status is Status.CLOSED
