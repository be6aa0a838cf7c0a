"""What a patient does after handing in: changes answers, replies to a question, takes the answers back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from screener.engine.answers import parse_answers
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import Event, NoteKind, Submission
from screener.store.refusals import (
    AnswersChangedMeanwhile,
    DraftIncomplete,
    DraftSubmitted,
    NothingChanged,
    QuestionAnswered,
    TextMissing,
    WorkflowError,
)
from screener.store.sealed_drafts import OpenDraft
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CALM, CONTACT, NOW, URGENT, make_user

LATER = NOW + timedelta(hours=2)
BLADDER = {**CALM, "bladder_pain": "yes"}


@pytest.fixture
def sent(engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]) -> OpenDraft:
    """A draft that was handed in, opened by its own secret."""
    with writing(engine) as session:
        draft = filled_draft(session, CALM)
        submit(session, draft)
    return draft


@pytest.fixture
def send(engine: Engine, ruleset: Ruleset) -> Callable[..., Submission]:
    """Sends the changes of a draft."""

    def send(draft: OpenDraft) -> Submission:
        with writing(engine) as session:
            screening = screen(ruleset, parse_answers(ruleset, draft.answers))
            return operations.send_amendment(session, draft, screening=screening, now=LATER)

    return send


def begin(engine: Engine, draft: OpenDraft, answers: Mapping[str, Any] | None = None) -> None:
    with writing(engine) as session:
        operations.begin_amendment(session, draft, now=LATER)
        if answers is not None:
            operations.save_answers(session, draft, answers, now=LATER)


def ask(engine: Engine, draft: OpenDraft, question: str = "Since when?") -> int:
    """The clinic asks the patient something; the number of the question."""
    with writing(engine) as session:
        submission = session.get_one(Submission, draft.submission_id)
        intake = make_user(session, Role.INTAKE)
        seen = {"expected_version": submission.version, "now": LATER}
        operations.move_submission(session, submission, Move.ASK, actor=intake, note=question, **seen)
        asked = queries.open_question_of(session, submission)
        assert asked is not None
        return asked.id


def stored(engine: Engine, draft: OpenDraft) -> tuple[str, list[Mapping[str, Any]]]:
    """The status, and the answers of each version."""
    with reading(engine) as session:
        submission = session.get_one(Submission, draft.submission_id)
        return submission.status.value, [kept.answers for kept in queries.responses_of(session, submission)]


def events(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Event.name).order_by(Event.id)))


def test_amendment_begins_with_what_was_sent_and_changes_nothing_yet(engine: Engine, sent: OpenDraft) -> None:
    begin(engine, sent)
    assert (sent.answers, sent.amends, sent.takes_answers) == (CALM, 1, True)
    assert sent.contact is not None
    assert sent.contact.name == CONTACT["name"]
    begin(engine, sent, BLADDER)
    begin(engine, sent)
    assert sent.answers == BLADDER  # begun once: what was typed since stays
    assert stored(engine, sent) == ("submitted", [CALM])


def test_sent_amendment_is_a_new_version_beside_the_old_one(
    engine: Engine, sent: OpenDraft, send: Callable[..., Submission]
) -> None:
    begin(engine, sent, BLADDER)
    submission = send(sent)
    assert stored(engine, sent) == ("submitted", [CALM, BLADDER])
    assert submission.topics == ["bladder"]
    assert (sent.answers, sent.contact, sent.amends, sent.takes_answers) == ({}, None, None, False)
    assert events(engine)[-3:] == ["amendment_begun", "answers_saved", "amended"]


def test_amendment_sent_twice_makes_one_version(
    engine: Engine, sent: OpenDraft, send: Callable[..., Submission]
) -> None:
    begin(engine, sent, BLADDER)
    send(sent)
    with pytest.raises(DraftSubmitted):
        send(sent)
    assert stored(engine, sent) == ("submitted", [CALM, BLADDER])


def test_amendment_without_a_change_is_told_and_stays_open(
    engine: Engine, sent: OpenDraft, send: Callable[..., Submission]
) -> None:
    begin(engine, sent)
    with pytest.raises(NothingChanged):
        send(sent)
    assert sent.amends == 1
    assert stored(engine, sent) == ("submitted", [CALM])


def test_changed_contact_alone_is_kept_and_can_be_searched(
    engine: Engine, sent: OpenDraft, send: Callable[..., Submission]
) -> None:
    begin(engine, sent)
    with writing(engine) as session:
        operations.save_contact(session, sent, **{**CONTACT, "phone": "602-555-0177"}, now=LATER)
    submission = send(sent)
    with reading(engine) as session:
        contact = session.get_one(Submission, submission.id).contact
        assert (contact.phone, contact.phone_digits) == ("602-555-0177", "6025550177")
    assert stored(engine, sent) == ("submitted", [CALM])
    assert events(engine)[-1] == "contact_changed"


def test_dropped_amendment_leaves_what_was_sent(
    engine: Engine, sent: OpenDraft, send: Callable[..., Submission]
) -> None:
    begin(engine, sent, BLADDER)
    with writing(engine) as session:
        operations.drop_amendment(session, sent, now=LATER)
    assert (sent.answers, sent.amends) == ({}, None)
    assert stored(engine, sent) == ("submitted", [CALM])
    with pytest.raises(DraftSubmitted):
        send(sent)


def test_version_that_came_in_between_is_never_written_over(
    engine: Engine, ruleset: Ruleset, sent: OpenDraft, send: Callable[..., Submission]
) -> None:
    begin(engine, sent, BLADDER)
    by_phone = {**CALM, "heart_conditions": ["hypertension"]}
    with writing(engine) as session:
        submission = session.get_one(Submission, sent.submission_id)
        told = screen(ruleset, parse_answers(ruleset, by_phone))
        intake = make_user(session, Role.INTAKE)
        seen = {"expected_version": submission.version, "now": LATER}
        operations.amend_submission(session, submission, screening=told, actor=intake, **seen)
    with pytest.raises(AnswersChangedMeanwhile):
        send(sent)
    assert stored(engine, sent)[1] == [CALM, by_phone]
    with writing(engine) as session:
        operations.look_again(session, sent, now=LATER)
    send(sent)
    assert stored(engine, sent)[1] == [CALM, by_phone, BLADDER]


def test_amendment_before_anything_was_sent_is_refused(engine: Engine, filled_draft: Callable[..., OpenDraft]) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
    with pytest.raises(DraftIncomplete):
        begin(engine, draft)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_nothing_is_changed_once_it_is_closed_or_withdrawn(engine: Engine, sent: OpenDraft, status: Status) -> None:
    with writing(engine) as session:
        session.get_one(Submission, sent.submission_id).status = status
    with pytest.raises(WorkflowError):
        begin(engine, sent)
    with writing(engine) as session, pytest.raises(WorkflowError):
        operations.withdraw(session, sent, now=LATER)
    assert (sent.amends, stored(engine, sent)) == (None, (status.value, [CALM]))


def test_urgent_finding_of_what_was_sent_counts_as_read(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session, URGENT)
        submit(session, draft)
    begin(engine, draft)
    with reading(engine) as session:
        response = queries.current_response(session, session.get_one(Submission, draft.submission_id))
        urgent = {f.rule_id for f in queries.findings_of(session, response) if f.severity == "urgent"}
    assert set(draft.acknowledged) == urgent != set()


def test_reply_puts_the_submission_back_before_staff(engine: Engine, sent: OpenDraft) -> None:
    question = ask(engine, sent)
    with writing(engine) as session:
        operations.send_reply(session, sent, question, " Since May. ", now=LATER)
    with reading(engine) as session:
        submission = session.get_one(Submission, sent.submission_id)
        asked, reply = queries.notes_of(session, submission)
        assert (reply.kind, reply.text, reply.author, reply.answers_id) == (
            NoteKind.REPLY,
            "Since May.",
            None,
            asked.id,
        )
        assert queries.open_question_of(session, submission) is None
    assert stored(engine, sent) == ("submitted", [CALM])
    assert events(engine)[-2:] == ["noted", "requeued"]


def test_reply_is_taken_once_and_only_to_the_open_question(engine: Engine, sent: OpenDraft) -> None:
    question = ask(engine, sent)
    for number, text, refusal in ((question + 1, "Hello", QuestionAnswered), (question, "  ", TextMissing)):
        with writing(engine) as session, pytest.raises(refusal):
            operations.send_reply(session, sent, number, text, now=LATER)
    with writing(engine) as session:
        operations.send_reply(session, sent, question, "Since May.", now=LATER)
    with writing(engine) as session, pytest.raises(QuestionAnswered):
        operations.send_reply(session, sent, question, "Since June.", now=LATER)
    with reading(engine) as session:
        submission = session.get_one(Submission, sent.submission_id)
        assert [note.text for note in queries.notes_of(session, submission)] == ["Since when?", "Since May."]


def test_withdrawn_submission_is_out_of_the_queue_and_keeps_its_answers(engine: Engine, sent: OpenDraft) -> None:
    begin(engine, sent, BLADDER)
    with writing(engine) as session:
        submission = operations.withdraw(session, sent, now=LATER)
    assert (submission.status, submission.is_open) == (Status.WITHDRAWN, False)
    assert (sent.answers, sent.amends) == ({}, None)
    assert stored(engine, sent) == ("withdrawn", [CALM])
    assert events(engine)[-1] == "withdrawn"


def test_changes_that_were_not_sent_stand_sealed(engine: Engine, sent: OpenDraft) -> None:
    begin(engine, sent, {**CALM, "hopes": "Canary words"})
    with reading(engine) as session:
        row = session.get_one(type(sent.row), sent.id)
        assert b"Canary" not in row.sealed
