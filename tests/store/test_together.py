"""Two people at the same submission in the same moment: nothing either of them wrote is lost, and who was slower is told.

Each act runs in a thread and a transaction of its own, begun together, as two requests do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.casework import CloseReason, DecisionChoice, Flag, FlagReason
from screener.store.database import reading, writing
from screener.store.models import Review, Submission
from screener.store.refusals import Refused
from screener.store.review_work import Decided, ReviewWork
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CALM, NOW, finished_work, make_user

Submit = Callable[..., Submission]
Act = Callable[[Session, Submission], object]
KEPT = "kept"
# Raises a finding that waits for a decision.
DECIDABLE = {"heart_conditions": ["hypertension"], "bladder_pain": "no", "chest_pain": "no", "bp_control": "good"}


@pytest.fixture
def staff(engine: Engine) -> dict[str, User]:
    roles = {"dana": Role.INTAKE, "lee": Role.INTAKE, "priya": Role.CLINICIAN, "marcus": Role.CLINICIAN}
    with writing(engine) as session:
        return {name: make_user(session, role, name) for name, role in roles.items()}


@pytest.fixture
def one(engine: Engine, submitted: Submit) -> int:
    """The number of a submission at version 1."""
    with writing(engine) as session:
        return submitted(session, CALM).id


def at_once(engine: Engine, one: int, *acts: Act) -> list[str]:
    """Begin all of these together; of each what became of it: KEPT, or the name of its refusal."""
    together = Barrier(len(acts))

    def run(act: Act) -> str:
        together.wait()
        try:
            with writing(engine) as session:
                act(session, session.get_one(Submission, one))
        except Refused as refused:
            return type(refused).__name__
        return KEPT

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def names(engine: Engine, one: int) -> Counter[str]:
    """How often what happened to it."""
    with reading(engine) as session:
        return Counter(event.name for event in queries.events_of(session, session.get_one(Submission, one)))


def assign(to: User, actor: User, version: int = 1) -> Act:
    def act(session: Session, submission: Submission) -> None:
        operations.assign_submission(session, submission, to, actor=actor, expected_version=version, now=NOW)

    return act


def move(to: Move, actor: User, version: int = 1) -> Act:
    def act(session: Session, submission: Submission) -> None:
        operations.move_submission(session, submission, to, actor=actor, expected_version=version, now=NOW)

    return act


def note(text: str, author: User) -> Act:
    return lambda session, submission: operations.add_note(session, submission, text, author=author, now=NOW)


def flag(text: str, actor: User) -> Act:
    def act(session: Session, submission: Submission) -> None:
        operations.raise_flag(session, submission, FlagReason.OTHER, text, actor=actor, now=NOW)

    return act


def test_notes_and_flags_of_several_people_are_all_kept(engine: Engine, one: int, staff: dict[str, User]) -> None:
    dana, lee = staff["dana"], staff["lee"]
    acts = (note("Called.", dana), note("Wrote.", lee), flag("Which name?", dana), flag("Sent twice.", lee))
    assert at_once(engine, one, *acts) == [KEPT] * 4
    with reading(engine) as session:
        submission = session.get_one(Submission, one)
        assert {(n.text, n.author_id) for n in queries.notes_of(session, submission)} == {
            ("Called.", dana.id),
            ("Wrote.", lee.id),
        }
        assert {(f.text, f.raised_by_id) for f in queries.flags_of(session, submission)} == {
            ("Which name?", dana.id),
            ("Sent twice.", lee.id),
        }
    assert names(engine, one) == {"submitted": 1, "noted": 2, "flag_raised": 2}


def test_flag_is_resolved_once_and_the_slower_is_told(engine: Engine, one: int, staff: dict[str, User]) -> None:
    at_once(engine, one, flag("Which name?", staff["dana"]))

    def resolve(text: str, actor: User) -> Act:
        def act(session: Session, submission: Submission) -> None:
            (raised,) = queries.flags_of(session, submission)
            operations.resolve_flag(session, raised, text, actor=actor, now=NOW)

        return act

    told = at_once(engine, one, resolve("The first.", staff["dana"]), resolve("The second.", staff["lee"]))
    assert sorted(told) == ["FlagResolved", KEPT]
    with reading(engine) as session:
        kept = session.get_one(Flag, 1)
        winner = ("The first.", staff["dana"].id) if told[0] == KEPT else ("The second.", staff["lee"].id)
        assert (kept.resolution, kept.resolved_by_id) == winner
    assert names(engine, one)["flag_resolved"] == 1


def test_two_who_take_it_do_not_both_have_it(engine: Engine, one: int, staff: dict[str, User]) -> None:
    dana, lee = staff["dana"], staff["lee"]
    told = at_once(engine, one, assign(dana, dana), assign(lee, lee))
    assert sorted(told) == ["StaleSubmission", KEPT]
    with reading(engine) as session:
        submission = session.get_one(Submission, one)
        assert (submission.assignee_id, submission.version) == ((dana, lee)[told.index(KEPT)].id, 2)
    assert names(engine, one) == {"submitted": 1, "assigned": 1}


def test_note_is_kept_beside_an_acceptance(engine: Engine, one: int, staff: dict[str, User]) -> None:
    told = at_once(engine, one, move(Move.ACCEPT, staff["dana"]), note("Called.", staff["lee"]))
    assert told == [KEPT, KEPT]
    assert names(engine, one) == {"submitted": 1, "accepted": 1, "noted": 1}


def test_of_accepting_assigning_and_closing_one_is_done_and_the_others_are_told(
    engine: Engine, one: int, staff: dict[str, User]
) -> None:
    dana, lee = staff["dana"], staff["lee"]

    def close(session: Session, submission: Submission) -> None:
        given = {"expected_version": 1, "now": NOW, "text": ""}
        operations.close_submission(session, submission, CloseReason.TEST, actor=lee, **given)

    told = at_once(engine, one, move(Move.ACCEPT, dana), assign(lee, lee), close)
    assert sorted(told) == ["StaleSubmission", "StaleSubmission", KEPT]
    done = ("accepted", "assigned", "closed")[told.index(KEPT)]
    assert names(engine, one) == {"submitted": 1, done: 1}
    with reading(engine) as session:
        submission = session.get_one(Submission, one)
        reached = {"accepted": Status.ACCEPTED, "assigned": Status.SUBMITTED, "closed": Status.CLOSED}[done]
        assert (submission.status, submission.version) == (reached, 2)
        assert (submission.assignee_id is None, submission.close_reason is None) == (
            done != "assigned",
            done != "closed",
        )


def test_two_who_begin_to_work_see_each_other(engine: Engine, one: int, staff: dict[str, User]) -> None:
    def begin(actor: User) -> Act:
        def act(session: Session, submission: Submission) -> None:
            operations.begin_work(session, submission, actor=actor, seen_worker_id=None, now=NOW)

        return act

    told = at_once(engine, one, begin(staff["dana"]), begin(staff["lee"]))
    assert sorted(told) == ["SomeoneElseWorks", KEPT]
    with reading(engine) as session:
        working = queries.at_work(session, [session.get_one(Submission, one)], now=NOW)
        assert {number: user.id for number, user in working.items()} == {
            one: (staff["dana"], staff["lee"])[told.index(KEPT)].id
        }


def test_two_who_assign_many_from_both_ends_leave_each_with_one_of_them(
    engine: Engine, submitted: Submit, staff: dict[str, User]
) -> None:
    dana, lee = staff["dana"], staff["lee"]
    with writing(engine) as session:
        many = [submitted(session, CALM).id for _ in range(8)]
    together = Barrier(2)

    def run(actor: User, numbers: list[int]) -> dict[int, str]:
        together.wait()
        return {number: at_once(engine, number, assign(actor, actor))[0] for number in numbers}

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, (dana, lee), (many, many[::-1]))
    assert {tuple(sorted((first[number], second[number]))) for number in many} == {("StaleSubmission", KEPT)}
    with reading(engine) as session:
        assert {number: session.get_one(Submission, number).assignee_id for number in many} == {
            number: dana.id if first[number] == KEPT else lee.id for number in many
        }
    assert {number: names(engine, number)["assigned"] for number in many} == dict.fromkeys(many, 1)


@pytest.fixture
def in_review(engine: Engine, submitted: Submit, staff: dict[str, User]) -> int:
    """The number of a submission whose review was begun; it is at version 3."""
    with writing(engine) as session:
        made = submitted(session, DECIDABLE)
        operations.move_submission(session, made, Move.ACCEPT, actor=staff["dana"], expected_version=1, now=NOW)
        operations.start_review(session, made, clinician=staff["priya"], expected_version=2, now=NOW)
        return made.id


def review_of(session: Session, submission: Submission) -> Review:
    review = queries.review_of(session, submission)
    assert review is not None
    return review


def decide(words: str, clinician: User, work: Callable[[Session, Submission], ReviewWork], version: int = 3) -> Act:
    def act(session: Session, submission: Submission) -> None:
        review, marks = review_of(session, submission), work(session, submission)
        operations.record_review(
            session, review, words, clinician=clinician, expected_version=version, now=NOW, work=marks
        )

    return act


def set_aside(session: Session, submission: Submission) -> ReviewWork:
    """Everything that waits for a decision, found not relevant."""
    finished = finished_work(session, submission)
    aside = Decided(DecisionChoice.NOT_RELEVANT, "long_past")
    return ReviewWork(dict.fromkeys(finished.decisions, aside), finished.seen, finished.disposition)


def test_decisions_of_two_clinicians_are_not_mixed(engine: Engine, in_review: int, staff: dict[str, User]) -> None:
    priya, marcus = staff["priya"], staff["marcus"]
    told = at_once(engine, in_review, decide("Agree.", priya, finished_work), decide("Not so.", marcus, set_aside))
    assert sorted(told) == ["StaleSubmission", KEPT]
    winner, choice, words = (
        (priya, DecisionChoice.AGREE, "Agree.") if told[0] == KEPT else (marcus, DecisionChoice.NOT_RELEVANT, "Not so.")
    )
    with reading(engine) as session:
        review = review_of(session, session.get_one(Submission, in_review))
        decisions = queries.decisions_of(session, review)
        assert {(one.choice, one.decided_by_id) for one in decisions} == {(choice, winner.id)}
        assert review.assessment == words
    assert names(engine, in_review)["review_recorded"] == 1


def test_what_is_signed_is_what_was_read_whoever_decides_in_that_moment(
    engine: Engine, in_review: int, staff: dict[str, User]
) -> None:
    priya, marcus = staff["priya"], staff["marcus"]
    assert at_once(engine, in_review, decide("Agree.", priya, finished_work)) == [KEPT]

    def sign(session: Session, submission: Submission) -> None:
        operations.sign_off(session, review_of(session, submission), clinician=priya, expected_version=4, now=NOW)

    told = at_once(engine, in_review, sign, decide("Not so.", marcus, set_aside, version=4))
    assert sorted(told) == ["StaleSubmission", KEPT]
    with reading(engine) as session:
        submission = session.get_one(Submission, in_review)
        review = review_of(session, submission)
        found = (submission.status, review.assessment, review.sign_off is not None)
    signed, decided = (Status.SIGNED_OFF, "Agree.", True), (Status.IN_REVIEW, "Not so.", False)
    assert found == (signed if told[0] == KEPT else decided)
