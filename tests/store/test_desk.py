"""What staff do from the queue: assign, close, work on, keep views."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from screener.store import operations, queries, refusals
from screener.store.accounts import User
from screener.store.casework import CloseReason
from screener.store.database import reading, writing
from screener.store.models import Event, Submission
from screener.store.queue_filters import Filters
from screener.store.workflow import Move, Role, Status
from tests.store.examples import NOW, URGENT, make_user

Submit = Callable[..., Submission]


@pytest.fixture
def staff(engine: Engine) -> dict[str, User]:
    roles = {"dana": Role.INTAKE, "lee": Role.INTAKE, "priya": Role.CLINICIAN, "sam": Role.ADMIN}
    with writing(engine) as session:
        return {name: make_user(session, role, name) for name, role in roles.items()}


def events(session: Session, submission: Submission) -> list[tuple[str, dict[str, Any]]]:
    return [(event.name, event.detail) for event in queries.events_of(session, submission)]


def stored(session: Session, submission: Submission) -> Submission:
    found = queries.submission_by_public_id(session, submission.public_id)
    assert found is not None
    return found


def put(engine: Engine, submission: Submission, **values: Any) -> None:
    with writing(engine) as session:
        session.execute(update(Submission).where(Submission.id == submission.id).values(**values))


# Assigning


def test_assigning_tells_who_gave_it_to_whom(engine: Engine, submitted: Submit, staff: dict[str, User]) -> None:
    dana, priya = staff["dana"], staff["priya"]
    with writing(engine) as session:
        one = submitted(session)
        operations.assign_submission(session, one, dana, actor=dana, expected_version=1, now=NOW)
        operations.assign_submission(session, one, priya, actor=dana, expected_version=2, now=NOW)
        operations.assign_submission(session, one, None, actor=priya, expected_version=3, now=NOW)
        assert one.assignee is None
    with reading(engine) as session:
        assert events(session, one)[1:] == [
            ("assigned", {"left": None, "assignee": dana.id}),
            ("assigned", {"left": dana.id, "assignee": priya.id}),
            ("unassigned", {"left": priya.id, "assignee": None}),
        ]
        assert (stored(session, one).assignee, stored(session, one).version) == (None, 4)


def test_assigning_to_who_has_it_changes_nothing(engine: Engine, submitted: Submit, staff: dict[str, User]) -> None:
    dana = staff["dana"]
    with writing(engine) as session:
        one = submitted(session)
        for _ in range(2):
            operations.assign_submission(session, one, dana, actor=dana, expected_version=one.version, now=NOW)
    with reading(engine) as session:
        assert [name for name, _ in events(session, one)] == ["submitted", "assigned"]
        assert stored(session, one).version == 2


def test_second_of_two_who_take_it_is_told(engine: Engine, submitted: Submit, staff: dict[str, User]) -> None:
    with writing(engine) as session:
        one = submitted(session)
        operations.assign_submission(session, one, staff["dana"], actor=staff["dana"], expected_version=1, now=NOW)
    with writing(engine) as session, pytest.raises(refusals.StaleSubmission):
        operations.assign_submission(session, one, staff["lee"], actor=staff["lee"], expected_version=1, now=NOW)


@pytest.mark.parametrize(
    ("actor", "assignee", "values", "refusal"),
    [
        ("sam", "dana", {}, refusals.RoleNotAllowed),
        ("dana", "sam", {}, refusals.AssigneeNotPossible),
        ("dana", "gone", {}, refusals.AssigneeNotPossible),
        ("dana", "lee", {"is_open": False, "status": Status.CLOSED}, refusals.NotOpen),
        ("dana", "lee", {"is_open": False, "merged_into_id": 1}, refusals.SubmissionMerged),
    ],
)
def test_assigning_is_refused(
    engine: Engine,
    submitted: Submit,
    staff: dict[str, User],
    actor: str,
    assignee: str,
    values: dict[str, Any],
    refusal: type[Exception],
) -> None:
    with writing(engine) as session:
        gone = make_user(session, Role.INTAKE, "gone")
        gone.active = False
        submitted(session)
        one = submitted(session)
    if values:
        put(engine, one, **values)
    people = {**staff, "gone": gone}
    with writing(engine) as session, pytest.raises(refusal):
        operations.assign_submission(session, one, people[assignee], actor=people[actor], expected_version=1, now=NOW)
    with reading(engine) as session:
        assert stored(session, one).assignee_id is None


def test_only_active_reviewers_can_be_given_submissions(engine: Engine, staff: dict[str, User]) -> None:
    with writing(engine) as session:
        make_user(session, Role.INTAKE, "gone").active = False
    with reading(engine) as session:
        assert [user.name for user in queries.assignable_users(session)] == ["Dana", "Lee", "Priya"]


def test_those_who_can_be_given_nothing_more_are_named_while_they_have_open_work(
    engine: Engine, submitted: Submit, staff: dict[str, User]
) -> None:
    with writing(engine) as session:
        gone, moved, idle, busy = (make_user(session, Role.INTAKE, name) for name in ("gone", "moved", "idle", "busy"))
        session.flush()
        for person, closed in ((gone, False), (moved, False), (idle, True), (busy, False)):
            one = submitted(session)
            one.assignee_id = person.id
            if closed:
                one.status, one.is_open = Status.CLOSED, False
        gone.active = idle.active = False
        moved.role = Role.ADMIN
    with reading(engine) as session:
        assert [user.name for user in queries.users_with_work_left(session)] == ["Gone", "Moved"]


# Closing


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.NEEDS_INFORMATION])
def test_closing_unread_keeps_the_reason_and_the_words(
    engine: Engine, submitted: Submit, staff: dict[str, User], status: Status
) -> None:
    with writing(engine) as session:
        one = submitted(session)
    put(engine, one, status=status)
    with writing(engine) as session:
        operations.close_submission(
            session, one, CloseReason.OTHER, actor=staff["dana"], expected_version=1, now=NOW, text=" Moved away. "
        )
    with reading(engine) as session:
        closed = stored(session, one)
        assert (closed.status, closed.is_open, closed.close_reason) == (Status.CLOSED, False, "other")
        assert [note.text for note in queries.notes_of(session, one)] == ["Moved away."]
        detail = {"left": status.value, "reached": "closed", "reason": "other"}
        assert events(session, one)[-1] == ("closed", detail)


def test_closing_after_the_sign_off_needs_no_reason(engine: Engine, submitted: Submit, staff: dict[str, User]) -> None:
    with writing(engine) as session:
        one, two = submitted(session), submitted(session)
    for submission in (one, two):
        put(engine, submission, status=Status.SIGNED_OFF, is_open=False)
    with writing(engine) as session:
        operations.close_submission(session, one, None, actor=staff["dana"], expected_version=1, now=NOW)
        operations.move_submission(session, two, Move.CLOSE, actor=staff["dana"], expected_version=1, now=NOW)
    with reading(engine) as session:
        for submission in (one, two):
            assert (stored(session, submission).status, stored(session, submission).close_reason) == (
                Status.CLOSED,
                None,
            )


@pytest.mark.parametrize(
    ("who", "status", "reason", "text", "refusal"),
    [
        ("dana", Status.SUBMITTED, None, "Why not.", refusals.CloseReasonMissing),
        ("dana", Status.SUBMITTED, CloseReason.OTHER, "  ", refusals.TextMissing),
        ("dana", Status.ACCEPTED, CloseReason.TEST, "", refusals.WorkflowError),
        ("dana", Status.CLOSED, CloseReason.TEST, "", refusals.WorkflowError),
        ("priya", Status.SUBMITTED, CloseReason.TEST, "", refusals.WorkflowError),
        ("sam", Status.SUBMITTED, CloseReason.TEST, "", refusals.RoleNotAllowed),
    ],
)
def test_closing_is_refused(
    engine: Engine,
    submitted: Submit,
    staff: dict[str, User],
    who: str,
    status: Status,
    reason: CloseReason | None,
    text: str,
    refusal: type[Exception],
) -> None:
    with writing(engine) as session:
        one = submitted(session)
    put(engine, one, status=status)
    with writing(engine) as session, pytest.raises(refusal):
        operations.close_submission(session, one, reason, actor=staff[who], expected_version=1, now=NOW, text=text)
    with reading(engine) as session:
        assert (stored(session, one).status, queries.notes_of(session, one)) == (status, [])


def test_plain_move_does_not_get_around_the_reason(engine: Engine, submitted: Submit, staff: dict[str, User]) -> None:
    with writing(engine) as session:
        one = submitted(session)
    with writing(engine) as session, pytest.raises(refusals.CloseReasonMissing):
        operations.move_submission(session, one, Move.CLOSE, actor=staff["dana"], expected_version=1, now=NOW, note="x")


def test_urgent_one_is_not_closed_before_someone_noted_what_was_done(
    engine: Engine, submitted: Submit, staff: dict[str, User]
) -> None:
    dana = staff["dana"]
    close: dict[str, Any] = {"actor": dana, "now": NOW}
    with writing(engine) as session:
        one = submitted(session, URGENT)
    with writing(engine) as session, pytest.raises(refusals.UrgentNotSettled):
        operations.close_submission(session, one, CloseReason.TEST, expected_version=1, **close)
    with writing(engine) as session:
        operations.add_urgent_note(session, one, "Called.", author=dana, now=NOW)
        operations.close_submission(session, one, CloseReason.TEST, expected_version=one.version, **close)
    with reading(engine) as session:
        assert stored(session, one).status is Status.CLOSED


# Working on one


def begin(engine: Engine, one: Submission, who: User, *, saw: User | None = None, at: datetime = NOW) -> None:
    with writing(engine) as session:
        operations.begin_work(session, one, actor=who, seen_worker_id=saw.id if saw else None, now=at)


def working(engine: Engine, one: Submission, *, at: datetime = NOW) -> int | None:
    with reading(engine) as session:
        user = queries.at_work(session, [stored(session, one)], now=at).get(one.id)
        return user.id if user else None


def test_work_is_seen_until_fifteen_minutes_after_the_last_act(
    engine: Engine, submitted: Submit, staff: dict[str, User]
) -> None:
    dana = staff["dana"]
    with writing(engine) as session:
        one = submitted(session)
    assert working(engine, one) is None
    begin(engine, one, dana)
    assert working(engine, one, at=NOW + timedelta(minutes=14, seconds=59)) == dana.id
    assert working(engine, one, at=NOW + timedelta(minutes=15)) is None
    with writing(engine) as session:
        operations.record_view(session, one, actor=dana, now=NOW + timedelta(minutes=10))
        operations.record_view(session, one, actor=staff["lee"], now=NOW + timedelta(minutes=20))
    assert working(engine, one, at=NOW + timedelta(minutes=24)) == dana.id
    assert working(engine, one, at=NOW + timedelta(minutes=25)) is None
    with reading(engine) as session:
        assert stored(session, one).version == 1  # it informs; nobody's page grows old by it


def test_work_is_taken_over_only_from_whom_one_saw(engine: Engine, submitted: Submit, staff: dict[str, User]) -> None:
    dana, lee, priya = staff["dana"], staff["lee"], staff["priya"]
    with writing(engine) as session:
        one = submitted(session)
    begin(engine, one, dana)
    with pytest.raises(refusals.SomeoneElseWorks):
        begin(engine, one, lee)
    begin(engine, one, lee, saw=dana)
    with pytest.raises(refusals.SomeoneElseWorks):
        begin(engine, one, priya, saw=dana)
    assert working(engine, one) == lee.id
    with reading(engine) as session:
        assert events(session, one)[1:] == [("work_begun", {"left": None}), ("work_taken_over", {"left": dana.id})]


def test_work_ends_by_its_own_worker_and_with_a_move(engine: Engine, submitted: Submit, staff: dict[str, User]) -> None:
    dana, lee = staff["dana"], staff["lee"]
    with writing(engine) as session:
        one = submitted(session)
    begin(engine, one, dana)
    for who, left in ((lee, dana.id), (dana, None)):
        with writing(engine) as session:
            operations.end_work(session, one, actor=who, now=NOW)
        assert working(engine, one) == left
    begin(engine, one, dana)
    with writing(engine) as session:
        operations.move_submission(session, one, Move.ACCEPT, actor=dana, expected_version=1, now=NOW)
    assert working(engine, one) is None


def test_begun_work_of_a_closed_account_is_not_shown(engine: Engine, submitted: Submit, staff: dict[str, User]) -> None:
    with writing(engine) as session:
        one = submitted(session)
    begin(engine, one, staff["dana"])
    with writing(engine) as session:
        session.execute(update(User).where(User.id == staff["dana"].id).values(active=False))
    assert working(engine, one) is None


@pytest.mark.parametrize(
    ("who", "values", "refusal"),
    [
        ("sam", {}, refusals.RoleNotAllowed),
        ("dana", {"is_open": False}, refusals.NotOpen),
        ("dana", {"merged_into_id": 1}, refusals.SubmissionMerged),
    ],
)
def test_work_does_not_begin(
    engine: Engine,
    submitted: Submit,
    staff: dict[str, User],
    who: str,
    values: dict[str, Any],
    refusal: type[Exception],
) -> None:
    with writing(engine) as session:
        submitted(session)
        one = submitted(session)
    if values:
        put(engine, one, **values)
    with pytest.raises(refusal):
        begin(engine, one, staff[who])


# Views


def test_views_belong_to_one_person_and_have_each_name_once(engine: Engine, staff: dict[str, User]) -> None:
    dana, lee = staff["dana"], staff["lee"]
    with writing(engine) as session:
        operations.save_view(session, dana, " Urgent   ones ", Filters(severity="urgent"), now=NOW)
        operations.save_view(session, dana, "Spanish", Filters(language="es"), now=NOW)
        again = operations.save_view(session, dana, "Urgent ones", Filters(severity="urgent", unknown=True), now=NOW)
        operations.save_view(session, lee, "Spanish", Filters(), now=NOW)
    with reading(engine) as session:
        kept = [(view.name, view.query) for view in queries.saved_views(session, dana.id)]
        assert kept == [("Spanish", "language=es"), ("Urgent ones", "severity=urgent&unknown=yes")]
        assert queries.saved_view(session, again.id, user_id=lee.id) is None
    with writing(engine) as session:
        view = queries.saved_view(session, again.id, user_id=dana.id)
        assert view is not None
        operations.delete_view(session, view, user=dana, now=NOW)
    with reading(engine) as session:
        assert [view.name for view in queries.saved_views(session, dana.id)] == ["Spanish"]
        happened = (
            session.execute(select(Event.name).where(Event.name.like("view%")).order_by(Event.id)).scalars().all()
        )
        assert happened == ["view_saved"] * 4 + ["view_deleted"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_view_needs_a_name(engine: Engine, staff: dict[str, User], name: str) -> None:
    with writing(engine) as session, pytest.raises(refusals.ViewNameMissing):
        operations.save_view(session, staff["dana"], name, Filters(), now=NOW)


def test_views_end_at_twenty_but_can_still_be_replaced(engine: Engine, staff: dict[str, User]) -> None:
    with writing(engine) as session:
        for number in range(20):
            operations.save_view(session, staff["dana"], f"View {number}", Filters(), now=NOW)
        operations.save_view(session, staff["dana"], "View 3", Filters(language="es"), now=NOW)
        with pytest.raises(refusals.TooManyViews):
            operations.save_view(session, staff["dana"], "One more", Filters(), now=NOW)


def test_views_are_for_reviewers(engine: Engine, staff: dict[str, User]) -> None:
    with writing(engine) as session, pytest.raises(refusals.RoleNotAllowed):
        operations.save_view(session, staff["sam"], "Mine", Filters(), now=NOW)
