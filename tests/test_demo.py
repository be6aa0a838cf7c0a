"""The demo: made-up people through the real engine and the real operations, the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from screener.demo import STAFF, add_staff, fill
from screener.demo_stories import PLAIN, STORIES
from screener.engine.answers import parse_answers
from screener.engine.loader import load_ruleset
from screener.engine.screening import screen, screening_document
from screener.engine.summary import finding_from
from screener.paths import rules_folder
from screener.store import queries
from screener.store.casework import DecisionChoice
from screener.store.database import reading
from screener.store.identifiers import read_reference
from screener.store.models import NoteKind, Submission
from screener.store.queries import decisions_on, work_of
from screener.store.review_work import Disposition, gaps
from screener.store.signed_content import is_intact
from screener.store.workflow import Role, Status

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
COUNT = 90
HASHES = dict.fromkeys(STAFF, "not-a-real-hash")


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset(rules_folder())


def all_of(session):
    return list(session.scalars(select(Submission).order_by(Submission.id)))


def snapshot(engine):
    """Everything a person would see of the demo's submissions."""
    with reading(engine) as session:
        return [
            (
                one.public_id,
                one.reference,
                one.contact.name,
                one.contact.birth_date,
                one.status,
                one.submitted_at,
                queries.current_response(session, one).answers,
                [(note.kind, note.text, note.created_at) for note in queries.notes_of(session, one)],
                [(event.name, event.at) for event in queries.events_of(session, one)],
            )
            for one in all_of(session)
        ]


def test_same_seed_makes_the_same_people_and_a_second_run_adds_nobody(engine, ruleset):
    add_staff(engine, password_hashes=HASHES, now=NOW)
    assert fill(engine, ruleset, count=12, seed=3, now=NOW).submissions == 12
    before = snapshot(engine)
    assert fill(engine, ruleset, count=12, seed=3, now=NOW).submissions == 0
    assert fill(engine, ruleset, count=14, seed=3, now=NOW).submissions == 2
    assert snapshot(engine)[:12] == before


def test_two_databases_of_one_seed_are_equal(ruleset, sqlite_url, tmp_path):
    from shutil import copy

    from screener.store.database import connect

    other = tmp_path / "other.db"
    copy(sqlite_url.removeprefix("sqlite:///"), other)
    seen = []
    for url in (sqlite_url, f"sqlite:///{other}"):
        engine = connect(url)
        add_staff(engine, password_hashes=HASHES, now=NOW)
        fill(engine, ruleset, count=8, seed=5, now=NOW)
        seen.append(snapshot(engine))
        engine.dispose()
    assert seen[0] == seen[1]


def test_people_look_like_real_life_and_reach_nobody(engine, ruleset):
    add_staff(engine, password_hashes=HASHES, now=NOW)
    filled = fill(engine, ruleset, count=COUNT, seed=7, now=NOW)
    assert (filled.submissions, filled.has_staff_work) == (COUNT, True)
    with reading(engine) as session:
        found = all_of(session)
        statuses = Counter(one.status for one in found)
        severities = Counter(one.severity_raised for one in found)
        languages = Counter(one.language for one in found)
        for one in found:
            assert read_reference(one.reference) == one.reference
            assert 18 <= (one.submitted_at.date() - one.contact.birth_date).days / 365.25 < 100
            assert one.contact.phone is None or re.fullmatch(r"602-555-01\d\d", one.contact.phone)
            assert one.contact.email is None or re.fullmatch(r"[a-zñ.\-]+@example\.org", one.contact.email)
            assert one.contact.phone or one.contact.email
            assert timedelta(minutes=1) < NOW - one.submitted_at < timedelta(days=14)
            assert one.submitted_at <= one.status_at <= NOW
    assert set(statuses) == set(Status) - {Status.DRAFT}
    assert set(severities) == {"urgent", "first", "mention", "info"}
    assert min(languages["en"], languages["es"]) > 10
    assert any(one.unknown_count < 3 for one in found)
    assert any(one.unknown_count > 8 for one in found)


def test_stored_findings_are_what_the_engine_concludes(engine, ruleset):
    fill(engine, ruleset, count=25, seed=11, now=NOW)
    with reading(engine) as session:
        for one in all_of(session):
            response = queries.current_response(session, one)
            result = screen(ruleset, parse_answers(ruleset, response.answers))
            kept = [
                finding_from(ruleset, f.rule_id, f.outcome, f.evidence, f.missing)
                for f in queries.findings_of(session, response)
            ]
            assert kept == list(result.findings)
            assert one.severity_raised == screening_document(result)["severity"]["raised"]


def test_nothing_urgent_was_moved_on_without_a_note(engine, ruleset):
    add_staff(engine, password_hashes=HASHES, now=NOW)
    fill(engine, ruleset, count=COUNT, seed=7, now=NOW)
    with reading(engine) as session:
        urgent = [one for one in all_of(session) if one.is_urgent]
        moved = [one for one in urgent if one.status not in (Status.SUBMITTED, Status.WITHDRAWN)]
        waiting = [one for one in urgent if one.status is Status.SUBMITTED]
        assert moved
        assert waiting
        for one in moved:
            assert NoteKind.URGENT_ACTION in {note.kind for note in queries.notes_of(session, one)}
        for one in waiting:
            assert queries.notes_of(session, one) == []


def test_signed_off_ones_have_a_review_with_words(engine, ruleset):
    add_staff(engine, password_hashes=HASHES, now=NOW)
    fill(engine, ruleset, count=COUNT, seed=7, now=NOW)
    with reading(engine) as session:
        signed = [one for one in all_of(session) if one.status in (Status.SIGNED_OFF, Status.CLOSED)]
        assert len(signed) > 5
        for one in signed:
            review = queries.review_of(session, one)
            assert review.assessment
            assert len(review.sign_off.content_hash) == 64
            assert review.started_at <= review.recorded_at <= review.sign_off.signed_at <= NOW
            assert review.disposition in set(Disposition)
            assert is_intact(session, review)
        choices = Counter(one.choice for case in signed for one in decisions_on(session, case))
        assert set(choices) == set(DecisionChoice)
        assert sum(choices.values()) > 3 * len(signed)


def test_those_in_review_are_decided_in_part(engine, ruleset):
    add_staff(engine, password_hashes=HASHES, now=NOW)
    fill(engine, ruleset, count=COUNT, seed=7, now=NOW)
    with reading(engine) as session:
        begun = [one for one in all_of(session) if one.status is Status.IN_REVIEW]
        recorded = [one for one in begun if queries.review_of(session, one).recorded_at]
        assert 0 < len(recorded) < len(begun)
        for one in recorded:
            findings = queries.findings_of(session, queries.current_response(session, one))
            review = queries.review_of(session, one)
            assert gaps(findings, work_of(session, review, findings), review.assessment)


def test_without_the_demo_staff_no_work_is_made_up(engine, ruleset):
    assert not fill(engine, ruleset, count=30, seed=7, now=NOW).has_staff_work
    with reading(engine) as session:
        assert {one.status for one in all_of(session)} <= {Status.SUBMITTED, Status.WITHDRAWN}
        assert queries.users(session) == []


def test_staff_are_made_once_one_of_each_role(engine):
    assert add_staff(engine, password_hashes=HASHES, now=NOW) == list(STAFF)
    assert add_staff(engine, password_hashes=HASHES, now=NOW) == []
    with reading(engine) as session:
        assert {user.role for user in queries.users(session)} == {Role.INTAKE, Role.CLINICIAN, Role.ADMIN}
        assert all(user.email.endswith("@example.org") for user in queries.users(session))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_each_story_answers_the_shipped_questionnaire(ruleset, story):
    told = {**PLAIN, **story.answers, **{item: words[0] for item, words in story.words.items()}}
    answers = parse_answers(ruleset, {item: answer for item, answer in told.items() if answer is not None})
    assert (screen(ruleset, answers).raised == "urgent") is story.is_urgent


def test_there_are_a_dozen_stories_from_plain_to_contradictory():
    assert len(STORIES) >= 12
    assert len({story.name for story in STORIES}) == len(STORIES)
