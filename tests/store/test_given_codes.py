"""A return code that staff give opens what was sent, with the date of birth; what the earlier one opened is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.crypto import new_key
from screener.store.database import reading, writing
from screener.store.models import AccessKind, Draft, DraftAccess, Event, Submission
from screener.store.refusals import CodeGivenMeanwhile, RoleNotAllowed, SubmissionMerged, TextMissing, WorkflowError
from screener.store.return_words import code_of
from screener.store.sealed_drafts import Lifetimes, OpenDraft
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CONTACT, NOW, make_user

KEY = bytes(range(32))
WORDS = ("zebra", "castle", "garlic", "piano", "summer")
OTHERS = ("river", "castle", "garlic", "piano", "summer")
BORN: date = CONTACT["birth_date"]
DAY = timedelta(days=1)
Submit = Callable[..., Submission]


@pytest.fixture
def sent(engine: Engine, submitted: Submit) -> Submission:
    with writing(engine) as session:
        return submitted(session)


@pytest.fixture
def staff(engine: Engine) -> User:
    with writing(engine) as session:
        return make_user(session, Role.INTAKE)


def give(
    engine: Engine,
    sent: Submission,
    staff: User,
    *,
    seen: int = 0,
    words: tuple[str, ...] = WORDS,
    identity: str = "Called back.",
    now: datetime = NOW,
) -> tuple[tuple[str, ...], datetime]:
    with writing(engine) as session:
        return operations.give_return_code(
            session,
            session.get_one(Submission, sent.id),
            identity,
            seen_code=seen,
            actor=session.get_one(User, staff.id),
            language="en",
            server_key=KEY,
            lifetimes=Lifetimes(),
            now=now,
            words=words,
        )


def opened(
    engine: Engine, words: tuple[str, ...] = WORDS, born: date = BORN, *, now: datetime = NOW, key: bytes = KEY
) -> OpenDraft | None:
    with reading(engine) as session:
        return queries.draft_for_code(session, code_of(words), born, server_key=key, now=now)


def code_id(engine: Engine, sent: Submission, *, now: datetime = NOW) -> int:
    with reading(engine) as session:
        return queries.return_code_id(session, session.get_one(Submission, sent.id), now=now)


def test_code_opens_what_was_sent_with_the_date_of_birth_alone(engine: Engine, sent: Submission, staff: User) -> None:
    made, ends_at = give(engine, sent, staff)
    found = opened(engine)
    assert found is not None
    assert (made, ends_at, found.submission_id, found.return_code) == (WORDS, NOW + 30 * DAY, sent.id, WORDS)
    assert (opened(engine, born=BORN + DAY), opened(engine, OTHERS), opened(engine, key=new_key())) == (None,) * 3
    assert opened(engine, now=NOW + 30 * DAY) is None


def test_with_it_the_patient_can_change_and_reply_like_everyone(engine: Engine, sent: Submission, staff: User) -> None:
    give(engine, sent, staff)
    draft = opened(engine)
    assert draft is not None
    with writing(engine) as session:
        token = operations.come_back(session, draft, [], now=NOW)
    with writing(engine) as session:
        here = queries.draft_for_token(session, token, now=NOW)
        assert here is not None
        operations.begin_amendment(session, here, now=NOW)
        assert (here.amends, here.contact and here.contact.name) == (1, CONTACT["name"])
    assert opened(engine, now=NOW + 30 * DAY - timedelta(minutes=1)) is not None


def test_new_one_replaces_the_old_and_closes_what_is_open_with_it(
    engine: Engine, sent: Submission, staff: User
) -> None:
    give(engine, sent, staff)
    draft = opened(engine)
    assert draft is not None
    with writing(engine) as session:
        token = operations.come_back(session, draft, [], now=NOW)
    give(engine, sent, staff, seen=code_id(engine, sent), words=OTHERS)
    assert opened(engine) is None
    assert opened(engine, OTHERS) is not None
    with reading(engine) as session:
        assert queries.draft_for_token(session, token, now=NOW) is None
        coded = select(DraftAccess.id).where(DraftAccess.kind == AccessKind.CODE)
        assert len(session.scalars(coded.order_by(DraftAccess.id)).all()) == 1


def test_browser_that_is_open_without_a_code_stays_open(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Submit, staff: User
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
        sent = submit(session, draft)
    give(engine, sent, staff)
    with reading(engine) as session:
        assert session.get(Draft, draft.id) is not None


def test_note_and_event_tell_who_and_how_and_never_the_words(engine: Engine, sent: Submission, staff: User) -> None:
    give(engine, sent, staff, identity="  Called the number we have. ")
    with reading(engine) as session:
        submission = session.get_one(Submission, sent.id)
        (note,) = queries.notes_of(session, submission)
        events = queries.events_of(session, submission)
        assert (note.text, note.author_id, note.detail) == (
            "Called the number we have.",
            staff.id,
            {"about": "return_code"},
        )
        assert [(event.name, event.actor_id) for event in events][-2:] == [
            ("noted", staff.id),
            ("return_code_given", staff.id),
        ]
        everything = " ".join(str(event.detail) for event in session.scalars(select(Event)).all())
    assert [word in everything for word in WORDS] == [False] * len(WORDS)


def test_without_words_on_who_it_is_nothing_is_made(engine: Engine, sent: Submission, staff: User) -> None:
    with pytest.raises(TextMissing):
        give(engine, sent, staff, identity=" \n")
    assert (code_id(engine, sent), opened(engine)) == (0, None)


def test_second_one_who_did_not_see_the_first_makes_none(engine: Engine, sent: Submission, staff: User) -> None:
    give(engine, sent, staff)
    with pytest.raises(CodeGivenMeanwhile):
        give(engine, sent, staff, words=OTHERS)
    assert opened(engine) is not None
    assert opened(engine, OTHERS) is None


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ADMIN])
def test_only_intake_gives_one(engine: Engine, sent: Submission, role: Role) -> None:
    with writing(engine) as session:
        other = make_user(session, role)
    with pytest.raises(RoleNotAllowed):
        give(engine, sent, other)
    assert code_id(engine, sent) == 0


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.DRAFT, Status.WITHDRAWN)])
def test_one_is_given_wherever_the_patient_has_something_to_see(
    engine: Engine, sent: Submission, staff: User, status: Status
) -> None:
    with writing(engine) as session:
        session.get_one(Submission, sent.id).status = status
    give(engine, sent, staff)
    assert opened(engine) is not None


def test_none_is_given_for_what_was_taken_back(engine: Engine, sent: Submission, staff: User) -> None:
    with writing(engine) as session:
        submission = session.get_one(Submission, sent.id)
        operations.move_submission(
            session, submission, Move.WITHDRAW, actor=None, expected_version=submission.version, now=NOW
        )
    with pytest.raises(WorkflowError):
        give(engine, sent, staff)


def test_none_is_given_where_another_submission_stands_for_it(
    engine: Engine, sent: Submission, submitted: Submit, staff: User
) -> None:
    with writing(engine) as session:
        kept = submitted(session)
        session.get_one(Submission, sent.id).merged_into_id = kept.id
    with pytest.raises(SubmissionMerged):
        give(engine, sent, staff)


def test_later_one_lasts_as_long_as_one_given_at_once(engine: Engine, sent: Submission, staff: User) -> None:
    late = NOW + 100 * DAY
    _, ends_at = give(engine, sent, staff, now=late)
    assert ends_at == late + 30 * DAY
    assert opened(engine, now=late + 29 * DAY) is not None
