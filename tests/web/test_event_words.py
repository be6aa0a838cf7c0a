"""Every event that an operation can write has words, in both languages; and what a patient sees of them."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

import screener.store.operations
from screener.store.models import Event, NoteKind
from screener.web.case.timeline import timeline
from screener.web.event_words import EVENT_WORDS, NOTED_WORDS, event_words
from screener.web.patient_timeline import patient_timeline

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: words do not know it."""
    return sqlite_url


def _names(node: ast.expr) -> set[str]:
    """The names an expression can come to: a word, or one of two."""
    if isinstance(node, ast.IfExp):
        return _names(node.body) | _names(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def written_names() -> set[str]:
    """The names of events that the operations write: in calls of `record`, and in their table of moves."""
    found: set[str] = set()
    for path in Path(screener.store.operations.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in ("record", "_record"):
                found |= _names(node.args[1])
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "_PAST":
                assert isinstance(node.value, ast.Dict)
                found |= {name for value in node.value.values for name in _names(value)}
    return found


def event(name: str, *, role: str | None = "intake", minute: int = 0, **detail: Any) -> Event:
    return Event(name=name, actor_role=role, detail=detail, at=AT.replace(minute=minute), actor=None)


def test_every_event_that_can_be_written_has_words() -> None:
    written = written_names()
    assert {"submitted", "entered", "accepted", "amended", "viewed", "merged", "signed_in"} <= written
    assert written - set(EVENT_WORDS) == set()


def test_every_event_and_kind_of_note_is_told_in_both_languages(app: Flask) -> None:
    assert set(NOTED_WORDS) == set(NoteKind)
    with app.test_request_context():
        spoken = {}
        for language in ("en", "es"):
            with force_locale(language):
                names = {name: event_words(event(name)) for name in EVENT_WORDS}
                kinds = {kind.value: event_words(event("noted", kind=kind.value)) for kind in NoteKind}
                spoken[language] = names | kinds
    assert [name for name, words in spoken["en"].items() if words == spoken["es"][name]] == []


def test_views_that_follow_each_other_are_one_line(app: Flask) -> None:
    events = [
        event("submitted", role="patient"),
        *(event("viewed", minute=m) for m in (1, 2, 3)),
        event("accepted", minute=4),
    ]
    events += [event("viewed", minute=5)]
    with app.test_request_context():
        lines = [(line.what, line.who) for line in timeline(events, {})]
    assert lines == [
        ("Opened", "–"),
        ("Accepted for a clinician", None),
        ("Opened 3 times", "–"),
        ("Sent", "the patient"),
    ]


def test_change_of_answers_names_its_version(app: Flask) -> None:
    with app.test_request_context():
        (line,) = timeline([event("amended", left="signed_off", reached="in_review", number=3)], {})
    assert (line.what, line.version, line.details) == ("Answers changed", 3, "Now: In review")


def test_assignment_names_who_has_it_now(app: Flask) -> None:
    with app.test_request_context():
        lines = timeline([event("assigned", assignee=7, left=None), event("unassigned", left=7)], {7: "Dana Whitfield"})
    assert [(line.what, line.details) for line in lines] == [
        ("Assigned to no one", None),
        ("Assigned", "Dana Whitfield"),
    ]


def test_patient_sees_what_concerns_them_without_names_notes_and_views(app: Flask) -> None:
    events = [
        event("submitted", role="patient"),
        event("viewed"),
        event("noted", kind="note"),
        event("noted", kind="urgent_action"),
        event("flag_raised", reason="identity"),
        event("asked"),
        event("noted", kind="reply", role="patient"),
        event("amended", role="patient", number=2),
        event("amended", role="intake", number=3),
        event("signed_off", role="clinician"),
        event("something_new"),
        event("closed"),
    ]
    with app.test_request_context():
        told = [line.what for line in patient_timeline(events)]
    assert told == [
        "You sent your answers",
        "The clinic asked you something",
        "You replied",
        "You changed your answers",
        "The clinic changed your answers for you",
        "A clinician finished reading your answers",
        "The clinic closed your case",
    ]
