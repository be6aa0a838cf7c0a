"""What a sign-off is bound to, and that no changed row goes unnoticed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from screener.engine.json import dumps
from screener.store import operations, queries
from screener.store.casework import DecisionChoice
from screener.store.database import reading, writing
from screener.store.models import Review, Submission
from screener.store.review_work import Decided, Disposition, ReviewWork
from screener.store.signed_content import content_hash, is_intact, signed_content
from screener.store.workflow import Move, Role
from tests.store.examples import NOW, finished_work, make_user

ANSWERS = {"heart_conditions": ["hypertension"], "chest_pain": "no", "pain_average": 7.5}


@pytest.fixture
def signed(submitted: Callable[..., Submission]) -> Callable[[Session], Review]:
    """A review that was signed off with a decision, ticks and words."""

    def make(session: Session) -> Review:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        made = submitted(session, ANSWERS)
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
        review = operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW)
        whole = finished_work(session, made)
        aside = Decided(DecisionChoice.NOT_RELEVANT, "long_past", "Years ago.")
        work = ReviewWork({**whole.decisions, "article_hypertension": aside}, whole.seen, Disposition.DISCUSS)
        operations.record_review(session, review, "Ñ.", clinician=clinician, expected_version=3, now=NOW, work=work)
        operations.sign_off(session, review, clinician=clinician, expected_version=4, now=NOW)
        return review

    return make


Signed = Callable[[Session], Review]


def is_whole(engine: Engine, review: Review) -> bool:
    with reading(engine) as session:
        found = queries.review_of(session, review.submission)
        assert found is not None
        return is_intact(session, found)


def test_hash_is_of_the_canonical_json_of_everything_signed(engine: Engine, signed: Signed) -> None:
    with writing(engine) as session:
        review = signed(session)
    with reading(engine) as session:
        found = queries.review_of(session, review.submission)
        assert found is not None
        assert found.sign_off is not None
        response = queries.current_response(session, found.submission)
        findings = queries.findings_of(session, response)
        content = signed_content(response, findings, queries.decisions_of(session, found), found)
    assert set(content) == {"answers", "ruleset", "findings", "assessment", "decisions", "seen", "disposition"}
    assert content["decisions"] == [
        {
            "rule": "article_hypertension",
            "choice": "not_relevant",
            "reason": "long_past",
            "text": "Years ago.",
            "by": found.sign_off.user_id,
        }
    ]
    assert (content["seen"], content["disposition"]) == (["bladder_pain", "bp_control"], "discuss")
    canonical = dumps(content, sort_keys=True).encode()
    assert found.sign_off.content_hash == hashlib.sha256(canonical).hexdigest()
    assert is_whole(engine, review)


TAMPERED = [
    """UPDATE response SET answers = '{"pain_average": 7.5, "chest_pain": "no", "heart_conditions": ["none"]}'""",
    "UPDATE finding SET severity = 'info' WHERE rule_id = 'article_hypertension'",
    "UPDATE finding SET citations = '[]' WHERE rule_id = 'article_off_label'",
    "UPDATE finding SET outcome = 'not_raised' WHERE rule_id = 'safety_chest_pain' OR rule_id = 'article_hypertension'",
    "DELETE FROM decision",
    "UPDATE decision SET choice = 'agree'",
    "UPDATE decision SET reason = NULL",
    "UPDATE decision SET text = 'Last year.'",
    'UPDATE decision SET decided_by_id = (SELECT MIN(id) FROM "user")',
    "UPDATE review SET assessment = 'N.'",
    "UPDATE review SET disposition = 'no_step_now'",
    "UPDATE review SET disposition = NULL",
    "UPDATE review SET seen_items = '[]'",
    "UPDATE sign_off SET content_hash = REPLACE(content_hash, 'a', 'b')",
]


@pytest.mark.parametrize("statement", TAMPERED)
def test_row_changed_behind_the_programs_back_is_noticed(engine: Engine, signed: Signed, statement: str) -> None:
    with writing(engine) as session:
        review = signed(session)
    with writing(engine) as session:
        assert session.execute(text(statement)).rowcount > 0  # type: ignore[attr-defined]
    assert not is_whole(engine, review)


def test_sign_off_from_before_there_were_decisions_still_holds(engine: Engine, signed: Signed) -> None:
    with writing(engine) as session:
        review = signed(session)
    with writing(engine) as session:
        session.execute(text("DELETE FROM decision"))
        session.execute(text("UPDATE review SET disposition = NULL, seen_items = '[]'"))
    with writing(engine) as session:
        found = queries.review_of(session, review.submission)
        assert found is not None
        assert found.sign_off is not None
        response = queries.current_response(session, found.submission)
        earlier = signed_content(response, queries.findings_of(session, response), [], found)
        assert set(earlier) == {"answers", "ruleset", "findings", "assessment"}
        found.sign_off.content_hash = content_hash(response, queries.findings_of(session, response), [], found)
    assert is_whole(engine, review)


def test_only_a_signed_review_can_be_compared(engine: Engine, signed: Signed) -> None:
    with writing(engine) as session:
        review = signed(session)
        review.sign_off = None
        with pytest.raises(ValueError, match="signed"), session.no_autoflush:
            is_intact(session, review)
        session.rollback()
