"""Handing in, once; and moving on, lawfully."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from screener.engine.answers import parse_answers
from screener.engine.loader import ruleset_from_content
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.identifiers import read_reference
from screener.store.models import Event, NoteKind, Response, Submission
from screener.store.operations.drafts import locked
from screener.store.refusals import (
    DraftChanged,
    DraftGone,
    DraftIncomplete,
    RoleNotAllowed,
    StaleSubmission,
    TextMissing,
    UrgentNotSettled,
    WorkflowError,
)
from screener.store.sealed_drafts import OpenDraft
from screener.store.workflow import Move, Role, Status
from tests.store.examples import CALM, CONTACT, NOW, URGENT, make_user

UNSURE = {
    "chest_pain": "not_sure",
    "heart_conditions": ["hypertension"],
    "bladder_pain": "yes",
    "pain_average": 7.5,
}


def test_submission_holds_what_the_queue_needs(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        made = submitted(session, UNSURE)
    with reading(engine) as session:
        found = queries.submission_by_public_id(session, made.public_id)
    assert found is not None
    assert read_reference(found.reference) == found.reference
    assert (found.status, found.version, found.language) == (Status.SUBMITTED, 1, "en")
    assert (found.severity_raised, found.severity_possible) == ("mention", "urgent")
    assert (found.submitted_at, found.status_at) == (NOW, NOW)
    assert found.unknown_count == 2  # chest_pain, bp_control; the pain score settles only an info rule
    assert found.topics == ["cardiovascular", "bladder"]
    assert found.is_urgent is False
    assert found.contact.name == CONTACT["name"]


def test_topics_stand_in_order_of_severity(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        made = submitted(session, {**URGENT, "bladder_pain": "yes"})
    assert made.topics == ["emergency", "cardiovascular", "bladder"]
    assert (made.is_urgent, made.severity_raised, made.severity_rank) == (True, "urgent", 0)


def test_response_keeps_what_applied_and_names_what_was_set_aside(
    engine: Engine, submitted: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        made = submitted(session, {**CALM, "bp_control": "poor", "pain_average": 4, "pain_activity": 7.5})
    with reading(engine) as session:
        response = queries.current_response(session, made)
    assert response.answers == {**CALM, "pain_average": 4, "pain_activity": 7.5}
    assert list(response.answers)[-2:] == ["pain_average", "pain_activity"]
    assert response.dropped == ["bp_control"]
    assert response.scores == {"pain_impact": {"low": 5.75, "high": 5.75}}
    assert response.not_raised == [
        "safety_chest_pain",
        "article_bp_not_controlled",
        "article_hypertension",
        "article_bladder_pain",
        "article_strong_pain",
    ]
    assert (response.number, response.created_at) == (1, NOW)


def test_findings_are_kept_as_they_were_concluded(
    engine: Engine, ruleset: Ruleset, submitted: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        made = submitted(session, UNSURE)
    with reading(engine) as session:
        findings = queries.findings_of(session, queries.current_response(session, made))
    assert [(f.position, f.rule_id, f.outcome, f.evidence, f.missing) for f in findings] == [
        (1, "safety_chest_pain", "could_not_assess", {}, {"chest_pain": "not_sure"}),
        (2, "article_bp_not_controlled", "could_not_assess", {}, {"bp_control": "not_answered"}),
        (3, "article_hypertension", "raised", {"heart_conditions": ["hypertension"]}, {}),
        (4, "article_bladder_pain", "raised", {"bladder_pain": "yes"}, {}),
        (5, "article_off_label", "raised", {}, {}),
        (6, "article_strong_pain", "could_not_assess", {}, {"pain_activity": "not_answered"}),
    ]
    rule = ruleset.rule("article_bp_not_controlled")
    kept = findings[1]
    assert (kept.pack, kept.topic, kept.kind, kept.severity) == (
        rule.pack,
        rule.topic,
        rule.kind,
        rule.severity,
    )
    assert kept.citations == ["article.heart"]


@pytest.mark.parametrize("answers", [CALM, URGENT, UNSURE, {}, {"heart_conditions": ["angina", "declined"]}])
def test_kept_ruleset_gives_the_same_findings_again(
    engine: Engine, submitted: Callable[..., Submission], answers: dict[str, object]
) -> None:
    with writing(engine) as session:
        made = submitted(session, answers)
    with reading(engine) as session:
        response = queries.current_response(session, made)
        findings = queries.findings_of(session, response)
        content = queries.ruleset_content(session, response.ruleset_hash)
    assert content is not None
    again = ruleset_from_content(content)
    assert (again.hash, again.content) == (response.ruleset_hash, content)
    replayed = screen(again, parse_answers(again, response.answers))
    assert [
        (f.rule.id, f.outcome, dict(f.evidence), dict(f.missing), list(f.rule.cites)) for f in replayed.findings
    ] == [(f.rule_id, f.outcome, f.evidence, f.missing, f.citations) for f in findings]
    assert list(replayed.not_raised) == response.not_raised


def test_submitting_twice_makes_one_submission(
    engine: Engine, ruleset: Ruleset, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
        first = submit(session, draft)
    with writing(engine) as session:
        assert (locked(session, draft).answers, draft.acknowledged, draft.contact) == ({}, [], None)
        second = submit(session, draft, now=NOW + timedelta(hours=1))
    assert (second.id, second.reference, second.submitted_at) == (first.id, first.reference, NOW)
    with reading(engine) as session:
        for table in (Submission, Response):
            assert session.scalar(select(func.count()).select_from(table)) == 1
        names = session.scalars(select(Event.name).order_by(Event.id)).all()
        assert names.count("submitted") == 1


def test_submitting_from_many_threads_makes_one_submission(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        draft, token = operations.begin_draft(session, ruleset, language="en", now=NOW)
        operations.save_contact(session, draft, **CONTACT, now=NOW)
        operations.save_answers(session, draft, CALM, now=NOW)
    together = Barrier(6)
    screening = screen(ruleset, parse_answers(ruleset, CALM))

    def hand_in(_number: int) -> str:
        with reading(engine) as session:
            draft = queries.draft_for_token(session, token, now=NOW)
        assert draft is not None
        together.wait()
        with writing(engine) as session:
            return operations.submit(session, draft, screening=screening, now=NOW).reference

    with ThreadPoolExecutor(6) as pool:
        references = set(pool.map(hand_in, range(6)))
    assert len(references) == 1
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


def test_draft_without_contact_is_not_handed_in(
    engine: Engine, ruleset: Ruleset, submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft, _ = operations.begin_draft(session, ruleset, language="en", now=NOW)
        with pytest.raises(DraftIncomplete):
            submit(session, draft)


def test_answers_other_than_those_screened_are_not_handed_in(
    engine: Engine, ruleset: Ruleset, filled_draft: Callable[..., OpenDraft]
) -> None:
    stale = screen(ruleset, parse_answers(ruleset, {**CALM, "chest_pain": "yes"}))
    with pytest.raises(DraftChanged), writing(engine) as session:
        operations.submit(session, filled_draft(session), screening=stale, now=NOW)


def test_erased_draft_is_not_handed_in(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
        operations.erase_draft(session, draft, now=NOW)
    with pytest.raises(DraftGone), writing(engine) as session:
        submit(session, draft)


def test_given_reference_and_public_id_are_used(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        made = submit(session, filled_draft(session), reference="K7Q4-9MPB", public_id="ab" * 16)
    with reading(engine) as session:
        for typed in ("K7Q4-9MPB", "k7q49mpb"):
            found = queries.submission_by_reference(session, typed)
            assert found is not None
            assert found.id == made.id
        assert queries.submission_by_reference(session, "K7Q4-9MPJ") is None
        assert queries.submission_by_public_id(session, "cd" * 16) is None


def test_accepted_submission_moves_on_with_its_event(engine: Engine, submitted: Callable[..., Submission]) -> None:
    later = NOW + timedelta(minutes=5)
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session)
    with writing(engine) as session:
        submission = queries.submission_by_public_id(session, made.public_id)
        assert submission is not None
        operations.move_submission(
            session, submission, Move.ACCEPT, actor=intake, expected_version=1, now=later, note="Called back."
        )
    with reading(engine) as session:
        found = queries.submission_by_public_id(session, made.public_id)
        assert found is not None
        assert (found.status, found.version, found.status_at) == (Status.ACCEPTED, 2, later)
        events = queries.events_of(session, found)
        assert [(e.name, e.actor_id, e.actor_role) for e in events] == [
            ("submitted", None, "patient"),
            ("noted", intake.id, "intake"),
            ("accepted", intake.id, "intake"),
        ]
        assert events[-1].detail == {"left": "submitted", "reached": "accepted"}


def test_asked_question_is_kept_as_one(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session)
        operations.move_submission(
            session, made, Move.ASK, actor=intake, expected_version=1, now=NOW, note="Which medicines?"
        )
        notes = queries.notes_of(session, made)
    assert made.status is Status.NEEDS_INFORMATION
    assert [(n.kind, n.text, n.author.id) for n in notes] == [(NoteKind.QUESTION, "Which medicines?", intake.id)]


def test_patient_may_withdraw(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        made = submitted(session)
        operations.move_submission(session, made, Move.WITHDRAW, actor=None, expected_version=1, now=NOW)
        last = queries.events_of(session, made)[-1]
    assert made.status is Status.WITHDRAWN
    assert (last.name, last.actor_id, last.actor_role) == ("withdrawn", None, "patient")


@pytest.mark.parametrize("move", [Move.SUBMIT, Move.AMEND, Move.START_REVIEW, Move.SIGN_OFF])
def test_move_that_is_not_lawful_or_needs_its_own_verb_changes_nothing(
    engine: Engine, submitted: Callable[..., Submission], move: Move
) -> None:
    with writing(engine) as session:
        made = submitted(session)
        for role in (Role.INTAKE, Role.CLINICIAN):
            actor = make_user(session, role)
            with pytest.raises(WorkflowError):
                operations.move_submission(session, made, move, actor=actor, expected_version=1, now=NOW)
    assert (made.status, made.version) == (Status.SUBMITTED, 1)


def test_admin_and_switched_off_account_write_nothing_about_patients(
    engine: Engine, submitted: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        made = submitted(session)
        admin, former = make_user(session, Role.ADMIN), make_user(session, Role.INTAKE)
        former.active = False
        for actor in (admin, former):
            with pytest.raises(RoleNotAllowed):
                operations.move_submission(session, made, Move.ACCEPT, actor=actor, expected_version=1, now=NOW)
            with pytest.raises(RoleNotAllowed):
                operations.add_note(session, made, "x", author=actor, now=NOW)
            with pytest.raises(RoleNotAllowed):
                operations.start_review(session, made, clinician=actor, expected_version=1, now=NOW)
        assert queries.notes_of(session, made) == []


def test_stale_version_is_refused_and_nothing_saved(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        made = submitted(session)
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
    for act in (
        lambda s, m: operations.move_submission(
            s, m, Move.ASK, actor=clinician, expected_version=1, now=NOW, note="Why?"
        ),
        lambda s, m: operations.start_review(s, m, clinician=clinician, expected_version=1, now=NOW),
    ):
        with pytest.raises(StaleSubmission), writing(engine) as session:
            act(session, session.get_one(Submission, made.id))
    with reading(engine) as session:
        assert session.get_one(Submission, made.id).status is Status.ACCEPTED
        assert queries.notes_of(session, made) == []


def test_only_one_of_two_at_once_gets_through(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made_id = submitted(session).id
    together = Barrier(4)

    def move(number: int) -> str:
        together.wait()
        try:
            with writing(engine) as session:
                submission = session.get_one(Submission, made_id)
                to = Move.ACCEPT if number % 2 else Move.ASK
                operations.move_submission(session, submission, to, actor=intake, expected_version=1, now=NOW)
        except StaleSubmission:
            return "stale"
        return "moved"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(move, range(4))) == ["moved", "stale", "stale", "stale"]


def test_urgent_submission_needs_a_note_of_what_was_done(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session, URGENT)
        operations.add_note(session, made, "An ordinary note settles nothing.", author=intake, now=NOW)
        for move in (Move.ACCEPT, Move.ASK):
            with pytest.raises(UrgentNotSettled):
                operations.move_submission(session, made, move, actor=intake, expected_version=1, now=NOW)
        assert queries.has_urgent_note(session, made) is False
        operations.add_urgent_note(session, made, " Called, is with her doctor. ", author=intake, now=NOW)
        assert queries.has_urgent_note(session, made) is True
        operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)
        notes = queries.notes_of(session, made)
    assert made.status is Status.ACCEPTED
    assert [(note.kind, note.text) for note in notes] == [
        (NoteKind.NOTE, "An ordinary note settles nothing."),
        (NoteKind.URGENT_ACTION, "Called, is with her doctor."),
    ]


def test_note_on_another_submission_settles_nothing(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        one, other = submitted(session, URGENT), submitted(session, URGENT)
        operations.add_urgent_note(session, other, "Called.", author=intake, now=NOW)
        with pytest.raises(UrgentNotSettled):
            operations.move_submission(session, one, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)


def test_empty_note_is_refused(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session)
        for text in ("", "  \n\t "):
            with pytest.raises(TextMissing):
                operations.add_note(session, made, text, author=intake, now=NOW)


def test_view_is_recorded_with_its_reader(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        clinician = make_user(session, Role.CLINICIAN)
        made = submitted(session)
        operations.record_view(session, made, actor=clinician, now=NOW)
    with reading(engine) as session:
        last = queries.events_of(session, made)[-1]
        assert (last.name, last.actor_id, last.at, json.dumps(last.detail)) == (
            "viewed",
            clinician.id,
            NOW,
            "{}",
        )
