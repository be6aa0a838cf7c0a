"""The same person twice: found, put together without losing anything, taken apart again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from screener.engine.answers import parse_answers
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.casework import FlagReason
from screener.store.database import reading, writing
from screener.store.models import Submission
from screener.store.refusals import (
    CannotMerge,
    NotMerged,
    RoleNotAllowed,
    StaleSubmission,
    SubmissionMerged,
    UrgentNotSettled,
)
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CALM, CONTACT, NOW, URGENT, make_user

LATER = NOW + timedelta(hours=1)
Send = Callable[..., Submission]


@pytest.fixture
def send(ruleset: Ruleset) -> Send:
    """Hands in answers of a person: send(session, answers, name=…)."""

    def send(session: Session, answers: Mapping[str, Any] = CALM, **contact: Any) -> Submission:
        draft, _ = operations.begin_draft(session, ruleset, language="en", now=NOW)
        operations.save_contact(session, draft, **{**CONTACT, **contact}, now=NOW)
        operations.save_answers(session, draft, answers, now=NOW)
        return operations.submit(session, draft, screening=screen(ruleset, parse_answers(ruleset, answers)), now=NOW)

    return send


def merge(session: Session, merged: Submission, into: Submission, actor: User) -> None:
    seen = (merged.version, into.version)
    operations.merge_submission(session, merged, into=into, actor=actor, expected_versions=seen, now=LATER)


def test_likely_same_persons_are_found(engine: Engine, send: Send) -> None:
    other_day = date(1970, 1, 1)
    with writing(engine) as session:
        made = send(session)
        same_word = send(session, name="CANÁRY-Smith, Z.", phone="555-0001")
        same_phone = send(session, name="Someone Else", birth_date=other_day, phone="+1 555 0199".replace("+1 ", ""))
        send(session, name="Zoraida Canary", birth_date=other_day, phone="555-0002")
        send(session, name="Quite Different", phone="555-0003")
        send(session, name="Z X", phone=None)
        withdrawn = send(session)
        operations.move_submission(session, withdrawn, Move.WITHDRAW, actor=None, expected_version=1, now=NOW)
        found = queries.likely_same_person(session, made)
    assert [submission.id for submission in found] == [same_phone.id, same_word.id]


def test_nobody_is_alike_by_having_no_phone(engine: Engine, send: Send) -> None:
    with writing(engine) as session:
        made = send(session, phone=None)
        send(session, name="Quite Different", birth_date=date(1970, 1, 1), phone=None)
        assert queries.likely_same_person(session, made) == []


def test_merged_submission_keeps_everything_and_waits_for_nobody(engine: Engine, send: Send) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        kept, merged = send(session), send(session, {**CALM, "bladder_pain": "yes"})
        operations.add_note(session, merged, "A note.", author=intake, now=NOW)
        merge(session, merged, kept, intake)
        assert (merged.merged_into_id, merged.is_open, merged.status) == (kept.id, False, Status.SUBMITTED)
        assert (kept.is_open, kept.topics, kept.severity_raised) == (True, ["bladder"], "mention")
        assert [m.id for m in queries.merged_into(session, kept)] == [merged.id]
        assert queries.current_response(session, merged).answers == {**CALM, "bladder_pain": "yes"}
        assert [note.text for note in queries.notes_of(session, merged)] == ["A note."]
        last = [(e.name, e.actor_id, e.detail) for s in (merged, kept) for e in queries.events_of(session, s)[-1:]]
        assert last == [("merged", intake.id, {"into": kept.id}), ("joined", intake.id, {"other": merged.id})]
        assert queries.likely_same_person(session, kept) == []


def test_merged_submission_takes_no_move_note_flag_or_amendment(engine: Engine, ruleset: Ruleset, send: Send) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        kept, merged = send(session), send(session)
        note = operations.add_note(session, merged, "A note.", author=intake, now=NOW)
        merge(session, merged, kept, intake)
        seen = merged.version
        with pytest.raises(SubmissionMerged):
            operations.move_submission(session, merged, Move.ACCEPT, actor=intake, expected_version=seen, now=LATER)
        with pytest.raises(SubmissionMerged):
            operations.move_submission(session, merged, Move.WITHDRAW, actor=None, expected_version=seen, now=LATER)
        with pytest.raises(SubmissionMerged):
            operations.add_note(session, merged, "More.", author=intake, now=LATER)
        with pytest.raises(SubmissionMerged):
            operations.edit_note(session, note, "Other.", editor=intake, seen_revisions=0, now=LATER)
        with pytest.raises(SubmissionMerged):
            operations.raise_flag(session, merged, FlagReason.IDENTITY, "", actor=intake, now=LATER)
        screening = screen(ruleset, parse_answers(ruleset, URGENT))
        with pytest.raises(SubmissionMerged):
            operations.amend_submission(
                session, merged, screening=screening, actor=None, expected_version=seen, now=LATER
            )


def test_urgent_one_is_merged_only_with_a_note_and_its_urgency_is_carried(engine: Engine, send: Send) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        kept, merged = send(session), send(session, URGENT)
        with pytest.raises(UrgentNotSettled):
            merge(session, merged, kept, intake)
        operations.add_urgent_note(session, merged, "Called.", author=intake, now=NOW)
        merge(session, merged, kept, intake)
        assert (kept.is_urgent, kept.severity_rank, kept.topics) == (True, 0, ["emergency", "cardiovascular"])
        assert queries.has_urgent_note(session, kept) is True  # it stands on the merged one
        operations.unmerge_submission(session, merged, actor=intake, expected_version=merged.version, now=LATER)
        assert (kept.is_urgent, kept.severity_raised, kept.topics) == (False, "info", [])


def test_unmerged_submission_is_what_it_was(engine: Engine, send: Send) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        kept, merged = send(session), send(session)
        merge(session, merged, kept, intake)
        operations.unmerge_submission(session, merged, actor=intake, expected_version=2, now=LATER)
        assert (merged.merged_into_id, merged.is_open, merged.status, merged.version) == (
            None,
            True,
            Status.SUBMITTED,
            3,
        )
        assert [e.name for e in queries.events_of(session, merged)][-2:] == ["merged", "unmerged"]
        assert [e.name for e in queries.events_of(session, kept)][-2:] == ["joined", "separated"]
        with pytest.raises(NotMerged):
            operations.unmerge_submission(session, merged, actor=intake, expected_version=3, now=LATER)
        operations.move_submission(session, merged, Move.ACCEPT, actor=intake, expected_version=3, now=LATER)


def test_no_chain_no_circle_and_nothing_into_itself(engine: Engine, send: Send) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        one, two, three = send(session), send(session), send(session)
        with pytest.raises(CannotMerge):
            merge(session, one, one, intake)
        merge(session, two, one, intake)
        for merged, into in ((one, two), (one, three), (two, three), (three, two)):
            with pytest.raises(CannotMerge):
                merge(session, merged, into, intake)
        merge(session, three, one, intake)
        assert [m.id for m in queries.merged_into(session, one)] == [two.id, three.id]


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.SIGNED_OFF, Status.CLOSED, Status.WITHDRAWN])
def test_what_is_under_review_or_over_is_not_put_away(engine: Engine, send: Send, status: Status) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        kept, merged = send(session), send(session)
        merged.status = status
        with pytest.raises(CannotMerge):
            merge(session, merged, kept, intake)
        if status is not Status.IN_REVIEW:
            with pytest.raises(CannotMerge):
                merge(session, kept, merged, intake)


def test_only_intake_merges_and_only_what_was_seen(engine: Engine, send: Send) -> None:
    with writing(engine) as session:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        kept, merged = send(session), send(session)
        with pytest.raises(RoleNotAllowed):
            merge(session, merged, kept, clinician)
        for seen in ((0, 1), (1, 0)):
            with pytest.raises(StaleSubmission):
                operations.merge_submission(session, merged, into=kept, actor=intake, expected_versions=seen, now=LATER)
        assert merged.merged_into_id is None


def test_two_who_merge_each_into_the_other_at_once_make_no_circle(engine: Engine, send: Send) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        one, two = send(session).id, send(session).id
    together = Barrier(2)

    def put(pair: tuple[int, int]) -> str:
        together.wait()
        try:
            with writing(engine) as session:
                merged, into = (session.get_one(Submission, number) for number in pair)
                operations.merge_submission(
                    session, merged, into=into, actor=intake, expected_versions=(1, 1), now=LATER
                )
        except StaleSubmission:
            return "told"
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(put, ((one, two), (two, one)))) == ["merged", "told"]
    with reading(engine) as session:
        merged = [session.get_one(Submission, number).merged_into_id for number in (one, two)]
    assert sorted(merged, key=str) in ([one, None], [two, None])
