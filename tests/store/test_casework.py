"""Notes and what they said before, contacts, flags, and answers that staff typed in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from screener.engine.answers import parse_answers
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.casework import Agreed, Agreement, ContactChannel, ContactOutcome, FlagReason, NoteRevision
from screener.store.database import reading, writing
from screener.store.models import Draft, Event, Note, NoteKind, Source, Submission
from screener.store.refusals import (
    FlagResolved,
    NoteChanged,
    NoteFixed,
    NotYourNote,
    RoleNotAllowed,
    TextMissing,
    UrgentNotSettled,
)
from screener.store.workflow import Move, Role
from tests.store.examples import CALM, CONTACT, NOW, URGENT, make_user

LATER = NOW + timedelta(hours=1)
Submit = Callable[..., Submission]


def edit(session: Session, note: Note, text: str, editor: User, seen: int = 0) -> Note:
    return operations.edit_note(session, note, text, editor=editor, seen_revisions=seen, now=LATER)


def test_edited_note_keeps_what_it_said_before(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session)
        note = operations.add_note(session, made, "First.", author=intake, now=NOW)
        edit(session, note, " Second. ", intake)
        edit(session, note, "Third.", intake, seen=1)
    with reading(engine) as session:
        (kept,) = queries.notes_of(session, made)
        assert (kept.text, kept.created_at, kept.edited_at) == ("Third.", NOW, LATER)
        revisions = queries.revisions_of(session, [kept])[kept.id]
        assert [(r.text, r.editor_id, r.replaced_at) for r in revisions] == [
            ("First.", intake.id, LATER),
            ("Second.", intake.id, LATER),
        ]
        names = [(e.name, e.detail.get("kind")) for e in queries.events_of(session, made)]
        assert names == [("submitted", None), ("noted", "note"), ("note_edited", "note"), ("note_edited", "note")]


def test_only_its_author_edits_a_note(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        author, other = make_user(session, Role.INTAKE), make_user(session, Role.INTAKE, "other")
        clinician, admin = make_user(session, Role.CLINICIAN), make_user(session, Role.ADMIN)
        note = operations.add_note(session, submitted(session), "Mine.", author=author, now=NOW)
        for editor in (other, clinician):
            with pytest.raises(NotYourNote):
                edit(session, note, "Theirs.", editor)
        with pytest.raises(RoleNotAllowed):
            edit(session, note, "Theirs.", admin)
        assert (note.text, note.edited_at) == ("Mine.", None)


def test_note_is_never_edited_to_nothing_and_the_same_words_change_nothing(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session, URGENT)
        note = operations.add_urgent_note(session, made, "Called.", author=intake, now=NOW)
        with pytest.raises(TextMissing):
            edit(session, note, " \n", intake)
        edit(session, note, "Called. ", intake)
        assert (note.text, note.edited_at) == ("Called.", None)
        edit(session, note, "Called, spoke to her son.", intake)
        assert queries.has_urgent_note(session, made) is True
        assert session.scalar(select(func.count(NoteRevision.id))) == 1


def test_question_and_reply_are_never_edited(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session)
        operations.move_submission(
            session, made, Move.ASK, actor=intake, expected_version=1, now=NOW, note="Which medicines?"
        )
        (question,) = queries.notes_of(session, made)
        with pytest.raises(NoteFixed):
            edit(session, question, "Another?", intake)
        reply = operations.reply_to_question(session, question, " Lisinopril ", now=LATER)
        with pytest.raises(NotYourNote):
            edit(session, reply, "Other words", intake)
        with pytest.raises(TextMissing):
            operations.reply_to_question(session, question, " ", now=LATER)
        with pytest.raises(NoteFixed):
            operations.reply_to_question(session, reply, "To a reply", now=LATER)
    assert (reply.kind, reply.author_id, reply.text, reply.answers_id) == (
        NoteKind.REPLY,
        None,
        "Lisinopril",
        question.id,
    )


def test_two_windows_editing_one_note_lose_nothing(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        note_id = operations.add_note(session, submitted(session), "First.", author=intake, now=NOW).id
    together = Barrier(2)

    def send(text: str) -> str:
        together.wait()
        try:
            with writing(engine) as session:
                edit(session, session.get_one(Note, note_id), text, intake)
        except NoteChanged:
            return "told"
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, ("One.", "Two."))) == ["kept", "told"]
    with reading(engine) as session:
        assert [r.text for r in session.scalars(select(NoteRevision)).all()] == ["First."]


def test_contact_is_logged_with_channel_outcome_and_words(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        clinician = make_user(session, Role.CLINICIAN)
        made = submitted(session)
        for outcome, text in ((ContactOutcome.NO_ANSWER, ""), (ContactOutcome.REACHED, "Will send a list.")):
            operations.log_contact(
                session, made, channel=ContactChannel.PHONE, outcome=outcome, text=text, author=clinician, now=NOW
            )
        notes = queries.notes_of(session, made)
    assert [(n.kind, n.detail, n.text, n.author_id) for n in notes] == [
        (NoteKind.CONTACT, {"channel": "phone", "outcome": "no_answer"}, "", clinician.id),
        (NoteKind.CONTACT, {"channel": "phone", "outcome": "reached"}, "Will send a list.", clinician.id),
    ]


def test_contact_alone_settles_nothing_urgent(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = submitted(session, URGENT)
        operations.log_contact(
            session,
            made,
            channel=ContactChannel.PHONE,
            outcome=ContactOutcome.NO_ANSWER,
            text="",
            author=intake,
            now=NOW,
        )
        with pytest.raises(UrgentNotSettled):
            operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)


def test_flag_is_raised_with_a_reason_and_resolved_with_words(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        made = submitted(session)
        flag = operations.raise_flag(session, made, FlagReason.IDENTITY, " Born when? ", actor=intake, now=NOW)
        with pytest.raises(TextMissing):
            operations.resolve_flag(session, flag, " ", actor=clinician, now=LATER)
        operations.resolve_flag(session, flag, "Asked her.", actor=clinician, now=LATER)
        with pytest.raises(FlagResolved):
            operations.resolve_flag(session, flag, "Me too.", actor=intake, now=LATER)
    with reading(engine) as session:
        (kept,) = queries.flags_of(session, made)
        assert (kept.reason, kept.text, kept.raised_by.name, kept.raised_at) == (
            "identity",
            "Born when?",
            "Intake",
            NOW,
        )
        assert kept.resolved_by is not None
        assert (kept.resolution, kept.resolved_by.name, kept.resolved_at) == ("Asked her.", "Clinician", LATER)
        assert [e.name for e in queries.events_of(session, made)] == ["submitted", "flag_raised", "flag_resolved"]
        assert queries.flag_of(session, made, kept.id) is not None
        assert queries.flag_of(session, made, kept.id + 1) is None


def test_flag_for_another_reason_says_which_and_admins_flag_nothing(engine: Engine, submitted: Submit) -> None:
    with writing(engine) as session:
        intake, admin = make_user(session, Role.INTAKE), make_user(session, Role.ADMIN)
        made = submitted(session)
        with pytest.raises(TextMissing):
            operations.raise_flag(session, made, FlagReason.OTHER, "", actor=intake, now=NOW)
        with pytest.raises(RoleNotAllowed):
            operations.raise_flag(session, made, FlagReason.IDENTITY, "x", actor=admin, now=NOW)
        flag = operations.raise_flag(session, made, FlagReason.IDENTITY, "", actor=intake, now=NOW)
        with pytest.raises(RoleNotAllowed):
            operations.resolve_flag(session, flag, "x", actor=admin, now=NOW)
        assert [flag.text for flag in queries.flags_of(session, made)] == [""]


def _entry(session: Session, ruleset: Ruleset, answers: dict[str, object], actor: User, **given: object) -> Submission:
    draft, _ = operations.begin_draft(session, ruleset, language="es", now=NOW, entry={"by": actor.id})
    operations.save_contact(session, draft, **CONTACT, now=NOW)
    operations.save_answers(session, draft, answers, now=NOW)
    told = {"source": Source.PHONE, "agreed": Agreed.PATIENT, "agreement": Agreement.SPOKEN, **given}
    screening = screen(ruleset, parse_answers(ruleset, answers))
    return operations.enter_submission(session, draft, screening=screening, actor=actor, now=NOW, **told)  # type: ignore[arg-type]


def test_entered_submission_is_marked_as_such(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        intake = make_user(session, Role.INTAKE)
        made = _entry(session, ruleset, URGENT, intake)
        assert (made.source, made.entered_by_id, made.language) == (Source.PHONE, intake.id, "es")
        assert queries.current_response(session, made).entered_by_id == intake.id
        last = queries.events_of(session, made)[-1]
        assert (last.name, last.actor_id, last.detail["agreed"], last.detail["agreement"]) == (
            "entered",
            intake.id,
            "patient",
            "spoken",
        )
        assert session.scalar(select(func.count(Draft.id))) == 0
        actors = session.scalars(select(Event.actor_role).where(Event.name.in_(["draft_begun", "answers_saved"])))
        assert set(actors) == {None}
        with pytest.raises(UrgentNotSettled):
            operations.move_submission(session, made, Move.ACCEPT, actor=intake, expected_version=1, now=NOW)


def test_only_intake_enters_and_never_as_if_from_the_web(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        with pytest.raises(RoleNotAllowed):
            _entry(session, ruleset, dict(CALM), clinician)
        with pytest.raises(ValueError, match="by phone or on paper"):
            _entry(session, ruleset, dict(CALM), intake, source=Source.WEB)
        assert session.scalar(select(func.count(Submission.id))) == 0
