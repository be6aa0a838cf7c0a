"""Decisions on findings: what may be written, what a sign-off waits for, and what newer answers leave of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from screener.engine.answers import parse_answers
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.engine.summary import open_questions
from screener.paths import rules_folder
from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.casework import DecisionChoice
from screener.store.database import reading, writing
from screener.store.models import Response, Review, Submission
from screener.store.operations.responses import keep_response
from screener.store.refusals import DecisionUnexplained, ReviewIncomplete, StaleSubmission, WorkflowError
from screener.store.review_work import REASONS, Decided, Disposition, ReviewWork, gaps, open_items
from screener.store.signed_content import is_intact
from screener.store.workflow import Move, Role
from tests.store.examples import NOW, finished_work, make_user

LATER = NOW + timedelta(hours=2)
# Raises article_hypertension (mention) and article_off_label (info); the chest, the control and the bladder are open.
UNSURE = {"heart_conditions": ["hypertension"], "pain_average": 8, "pain_activity": 8}
AGREE = Decided(DecisionChoice.AGREE)
ASIDE = Decided(DecisionChoice.NOT_RELEVANT, "long_past")
WORK_UP = Decided(DecisionChoice.NEEDS_WORK_UP, None, "Ask for the readings of this month.")


@pytest.fixture
def in_review(submitted: Callable[..., Submission]) -> Callable[..., tuple[Review, User]]:
    """A review that was just begun; its submission is at version 3."""

    def make(session: Session, answers: Mapping[str, Any] = UNSURE) -> tuple[Review, User]:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        made = submitted(session, answers)
        if made.is_urgent:
            operations.add_urgent_note(session, made, "Called.", author=intake, now=NOW)
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
        return operations.start_review(session, made, clinician=clinician, expected_version=2, now=NOW), clinician

    return make


InReview = Callable[..., tuple[Review, User]]


def save(session: Session, review: Review, clinician: User, work: ReviewWork, *, at: Any = NOW) -> None:
    version = review.submission.version
    operations.record_review(
        session, review, "Words.", clinician=clinician, expected_version=version, now=at, work=work
    )


def marks(
    decisions: Mapping[str, Decided], *, seen: tuple[str, ...] = (), then: Disposition | None = None
) -> ReviewWork:
    return ReviewWork(decisions, seen, then)


def kept(session: Session, review: Review) -> dict[str, tuple[str, str | None, str, int]]:
    return {
        one.finding.rule_id: (one.choice.value, one.reason, one.text, one.decided_by_id)
        for one in queries.decisions_of(session, review)
    }


def amend(session: Session, review: Review, ruleset: Ruleset, answers: Mapping[str, Any]) -> Response:
    """The patient changes their answers."""
    submission = review.submission
    screening = screen(ruleset, parse_answers(ruleset, answers))
    version = submission.version
    return operations.amend_submission(
        session, submission, screening=screening, actor=None, expected_version=version, now=LATER
    )


def test_decisions_ticks_and_disposition_are_kept_as_they_were_marked(engine: Engine, in_review: InReview) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        given = {"article_hypertension": WORK_UP, "article_strong_pain": ASIDE}
        save(session, review, clinician, marks(given, seen=("bladder_pain",), then=Disposition.RECORDS_FIRST))
    with reading(engine) as session:
        found = queries.review_of(session, review.submission)
        assert found is not None
        assert kept(session, found) == {
            "article_hypertension": ("needs_work_up", None, "Ask for the readings of this month.", clinician.id),
            "article_strong_pain": ("not_relevant", "long_past", "", clinician.id),
        }
        assert (found.seen_items, found.disposition, found.assessment) == (["bladder_pain"], "records_first", "Words.")
        event = queries.events_of(session, found.submission)[-1]
        assert (event.name, event.detail) == ("review_recorded", {"review": found.id, "version": 4, "decisions": 2})
        findings = queries.findings_of(session, queries.current_response(session, found.submission))
        work = queries.work_of(session, found, findings)
        assert (work.decisions, work.seen, work.disposition) == (given, ["bladder_pain"], Disposition.RECORDS_FIRST)


def test_decision_that_did_not_change_keeps_who_made_it_and_one_left_out_is_taken_back(
    engine: Engine, in_review: InReview
) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        other = make_user(session, Role.CLINICIAN, "other")
        save(session, review, clinician, marks({"article_hypertension": AGREE, "article_strong_pain": ASIDE}))
        save(session, review, other, marks({"article_hypertension": AGREE}), at=LATER)
    with reading(engine) as session:
        assert kept(session, review) == {"article_hypertension": ("agree", None, "", clinician.id)}
        assert [one.decided_at for one in queries.decisions_of(session, review)] == [NOW]
    with writing(engine) as session:
        save(session, session.get_one(Review, review.id), other, marks({"article_hypertension": WORK_UP}), at=LATER)
    with reading(engine) as session:
        one = queries.decisions_of(session, review)[0]
        assert (one.choice, one.decided_by.id, one.decided_at) == (DecisionChoice.NEEDS_WORK_UP, other.id, LATER)


def test_decision_taken_back_is_told_in_codes_and_the_rest_stays(engine: Engine, in_review: InReview) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        save(session, review, clinician, marks({"article_hypertension": ASIDE, "article_off_label": AGREE}))
        save(session, review, clinician, marks({"article_off_label": AGREE}), at=LATER)
        assert list(kept(session, review)) == ["article_off_label"]
        told = [event for event in queries.events_of(session, review.submission) if event.name == "decision_taken_back"]
        assert [(event.actor_id, event.at, event.detail) for event in told] == [
            (clinician.id, LATER, {"rule": "article_hypertension", "choice": "not_relevant", "reason": "long_past"})
        ]
        save(session, review, clinician, marks({"article_off_label": AGREE}), at=LATER)
        names = [event.name for event in queries.events_of(session, review.submission)]
        assert names.count("decision_taken_back") == 1


def test_decision_that_is_signed_is_not_taken_back(engine: Engine, in_review: InReview) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        save(session, review, clinician, finished_work(session, review.submission))
        version = review.submission.version
        operations.sign_off(session, review, clinician=clinician, expected_version=version, now=NOW)
    with writing(engine) as session:
        again, by = session.get_one(Review, review.id), session.get_one(User, clinician.id)
        with pytest.raises(WorkflowError):
            save(session, again, by, marks({}))
    with reading(engine) as session:
        review = session.get_one(Review, review.id)
        assert review.sign_off is not None
        assert (review.sign_off.voided_at, is_intact(session, review)) == (None, True)
        assert "decision_taken_back" not in [event.name for event in queries.events_of(session, review.submission)]


def test_words_alone_leave_the_marks_as_they_are(engine: Engine, in_review: InReview) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        save(session, review, clinician, marks({"article_hypertension": AGREE}, then=Disposition.DISCUSS))
        operations.record_review(session, review, "", clinician=clinician, expected_version=4, now=LATER)
        assert (review.assessment, review.disposition) == ("", "discuss")
        assert list(kept(session, review)) == ["article_hypertension"]


@pytest.mark.parametrize("choice", [DecisionChoice.NOT_RELEVANT, DecisionChoice.NEEDS_WORK_UP])
def test_setting_aside_and_work_up_need_a_reason_or_words(
    engine: Engine, in_review: InReview, choice: DecisionChoice
) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
    with pytest.raises(DecisionUnexplained), writing(engine) as session:
        save(session, session.merge(review), clinician, marks({"article_hypertension": Decided(choice, None, " \n")}))
    with reading(engine) as session:
        assert kept(session, review) == {}
    with writing(engine) as session:
        for reason in REASONS[choice]:
            save(session, session.merge(review), clinician, marks({"article_hypertension": Decided(choice, reason)}))


@pytest.mark.parametrize(
    "work",
    [
        marks({"safety_chest_pain": AGREE}),
        marks({"no_such_rule": AGREE}),
        marks({"article_hypertension": Decided(DecisionChoice.AGREE, "long_past")}),
        marks({"article_hypertension": Decided(DecisionChoice.NOT_RELEVANT, "ask_patient")}),
        marks({"article_hypertension": Decided(DecisionChoice.AGREE, None, "x" * 1001)}),
        marks({}, seen=("heart_conditions",)),
    ],
    ids=["could not be assessed", "no such rule", "reason to agree", "another's reason", "too long", "not open"],
)
def test_what_no_page_offers_is_a_defect(engine: Engine, in_review: InReview, work: ReviewWork) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
    with pytest.raises(ValueError), writing(engine) as session:  # noqa: PT011
        save(session, session.merge(review), clinician, work)


def test_sign_off_waits_for_every_decision_tick_disposition_and_word(engine: Engine, in_review: InReview) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        whole = finished_work(session, review.submission)
        findings = queries.findings_of(session, queries.current_response(session, review.submission))
    assert set(whole.decisions) == {"article_hypertension"}
    assert set(whole.seen) == {"chest_pain", "bp_control", "bladder_pain"}
    less = [
        (marks({}, seen=tuple(whole.seen), then=Disposition.OTHER), "Words."),
        (marks(whole.decisions, seen=("chest_pain", "bp_control"), then=Disposition.OTHER), "Words."),
        (marks(whole.decisions, seen=tuple(whole.seen)), "Words."),
        (whole, " "),
    ]
    assert [tuple(vars_of(gaps(findings, work, words))) for work, words in less] == [
        (("article_hypertension",), (), (), False, False),
        ((), (), ("bladder_pain",), False, False),
        ((), (), (), True, False),
        ((), (), (), False, True),
    ]
    for number, (work, words) in enumerate(less):
        with writing(engine) as session:
            operations.record_review(
                session, review, words, clinician=clinician, expected_version=3 + number, now=NOW, work=work
            )
        with pytest.raises(ReviewIncomplete), writing(engine) as session:
            operations.sign_off(session, review, clinician=clinician, expected_version=4 + number, now=NOW)
    with writing(engine) as session:
        operations.record_review(session, review, "W", clinician=clinician, expected_version=7, now=NOW, work=whole)
        operations.sign_off(session, review, clinician=clinician, expected_version=8, now=NOW)


def vars_of(found: Any) -> list[Any]:
    return [getattr(found, name) for name in found.__slots__]


def test_open_questions_from_the_rows_are_those_the_engine_tells(
    engine: Engine, submitted: Callable[..., Submission]
) -> None:
    shipped = load_ruleset(rules_folder())
    answers = {"heart_conditions": ["hypertension", "not_sure"], "stomach_upset": "declined", "pain_average": 8}
    screening = screen(shipped, parse_answers(shipped, answers))
    with writing(engine) as session:
        made = submitted(session, UNSURE)
        newer = keep_response(session, made, screening, number=2, entered_by=None, now=LATER)
        rows = queries.findings_of(session, newer)
    told = open_questions(shipped, screening.findings)
    assert len(told) > 10
    assert {item: one.reason for item, one in open_items(rows).items()} == {one.item: one.reason for one in told}


def test_two_clinicians_at_once_lose_nothing(engine: Engine, in_review: InReview) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        other = make_user(session, Role.CLINICIAN, "other")
    with writing(engine) as session:
        save(session, session.merge(review), other, marks({"article_hypertension": WORK_UP}))
    with pytest.raises(StaleSubmission), writing(engine) as session:
        operations.record_review(
            session, review, "Mine.", clinician=clinician, expected_version=3, now=NOW, work=marks({})
        )
    with reading(engine) as session:
        assert list(kept(session, review)) == ["article_hypertension"]


def test_newer_answers_keep_decisions_where_they_say_the_same(
    engine: Engine, in_review: InReview, ruleset: Ruleset
) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        given = {"article_hypertension": WORK_UP, "article_strong_pain": ASIDE, "article_off_label": AGREE}
        save(session, review, clinician, marks(given, seen=("chest_pain", "bladder_pain")))
    with writing(engine) as session:
        review = session.merge(review)
        newer = amend(session, review, ruleset, UNSURE | {"pain_activity": 9, "chest_pain": "no"})
    with reading(engine) as session:
        rows = {f.id for f in queries.findings_of(session, newer)}
        here = [one for one in queries.decisions_of(session, review) if one.finding_id in rows]
        # The pain it rests on is another, so that one waits again.
        assert {one.finding.rule_id: one.decided_at for one in here} == {
            "article_hypertension": NOW,
            "article_off_label": NOW,
        }
        again = session.get_one(Review, review.id)
        assert (again.seen_items, again.disposition, again.recorded_at) == (["bladder_pain"], None, None)
        assert len(queries.decisions_on(session, review.submission)) == 5


def test_review_taken_up_again_goes_on_from_the_marks_of_the_one_before(engine: Engine, in_review: InReview) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        save(session, review, clinician, marks({"article_hypertension": ASIDE}, seen=("chest_pain",)))
        intake = queries.user_by_email(session, "intake@clinic.example")
        submission = review.submission
        operations.move_submission(session, submission, Move.ASK, actor=clinician, expected_version=4, now=NOW)
        operations.move_submission(session, submission, Move.ACCEPT, actor=intake, expected_version=5, now=NOW)
        second = operations.start_review(session, submission, clinician=clinician, expected_version=6, now=LATER)
    with reading(engine) as session:
        assert kept(session, second) == kept(session, review) != {}
        assert (second.seen_items, second.disposition, second.recorded_at) == (["chest_pain"], None, None)
        assert "decisions_carried" in [event.name for event in queries.events_of(session, submission)]


def test_review_after_a_voided_sign_off_goes_on_from_what_still_holds(
    engine: Engine, in_review: InReview, ruleset: Ruleset
) -> None:
    with writing(engine) as session:
        review, clinician = in_review(session)
        whole = finished_work(session, review.submission)
        decisions = {**whole.decisions, "article_strong_pain": ASIDE}
        save(session, review, clinician, ReviewWork(decisions, whole.seen, whole.disposition))
        operations.sign_off(session, review, clinician=clinician, expected_version=4, now=NOW)
        signed_hash = review.sign_off.content_hash if review.sign_off else ""
    with writing(engine) as session:
        amend(session, session.merge(review), ruleset, UNSURE | {"pain_activity": 9, "bladder_pain": "yes"})
    with reading(engine) as session:
        old, new = queries.reviews_of(session, review.submission)
        assert old.sign_off is not None
        assert (old.sign_off.void_reason, old.sign_off.content_hash) == ("amended", signed_hash)
        assert is_intact(session, old)
        assert kept(session, new) == {"article_hypertension": ("agree", None, "", clinician.id)}
        assert (new.seen_items, new.assessment, new.sign_off) == (["chest_pain", "bp_control"], "Words.", None)
        findings = queries.findings_of(session, queries.current_response(session, new.submission))
        missing = gaps(findings, queries.work_of(session, new, findings), new.assessment)
        assert (missing.undecided, missing.unseen) == (("article_bladder_pain",), ())
