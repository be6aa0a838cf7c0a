"""Working on a submission, at both doors: notes and their history, contacts, flags, questions, and the same person twice."""

from __future__ import annotations

from datetime import date

import pytest

from screener.engine.answers import parse_answers
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.workflow import Move, Role, Status
from tests.web.staff_page import panel, put, stored, typed, words

URGENT = {"emergency_now": ["heart_attack_signs"]}
FIRST = {"heart_conditions": ["angina"]}
CALM = {"pain_average": 4}


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: what is stored is tested on both in tests/store."""
    return sqlite_url


@pytest.fixture
def intake(sign_in):
    return sign_in(Role.INTAKE)


@pytest.fixture
def send(intake, post_form):
    """Sends a form of a submission's page: send(submission, "flags", {...}, door="clinician", client=…)."""

    def send(submission, act, fields, *, client=intake, door="intake", page=None):
        one = f"/{door}/submissions/{submission.public_id}"
        return post_form(client, f"{one}/{act}", fields, page=page or one)

    return send


@pytest.fixture
def amend(store, clock, shipped_ruleset):
    """Amends as the patient: amend(submission, answers)."""

    def amend(submission, answers):
        clock.move(minutes=5)
        with writing(store) as session:
            operations.amend_submission(
                session,
                submission,
                screening=screen(shipped_ruleset, parse_answers(shipped_ruleset, answers)),
                actor=None,
                expected_version=stored(store, submission).version,
                now=clock(),
            )

    return amend


def page_of(submission, door="intake"):
    return f"/{door}/submissions/{submission.public_id}"


def notes_of(store, submission):
    with reading(store) as session:
        return queries.notes_of(session, submission)


@pytest.mark.parametrize("text", ["\u200b", " \u2060\u00ad\n\ufeff ", "\u200e\u0301"])
def test_note_of_signs_that_nobody_sees_is_no_note_of_what_was_done(send, submitted, store, text):
    submission = submitted(URGENT)
    reply = send(submission, "notes", {"kind": "urgent_action", "urgent_text": text})
    assert (reply.status_code, list(notes_of(store, submission))) == (422, [])
    reply = send(submission, "notes", {"kind": "urgent_action", "urgent_text": "Called.\u200b"})
    assert (reply.status_code, [note.text for note in notes_of(store, submission)]) == (303, ["Called.\u200b"])


@pytest.mark.parametrize("door", ["intake", "clinician"])
def test_author_changes_a_note_and_everyone_sees_what_it_said(sign_in, send, submitted, store, door):
    submission = submitted(CALM)
    author, other = sign_in(door), sign_in(Role.CLINICIAN)
    send(submission, "notes", {"text": "First words."}, client=author, door=door)
    (note,) = notes_of(store, submission)
    address = f"{page_of(submission, door)}/notes/{note.id}"
    reply = send(
        submission, f"notes/{note.id}", {"text": "Second words.", "seen": "0"}, client=author, door=door, page=address
    )
    assert reply.status_code == 303
    theirs = other.get(address.replace(f"/{door}/", "/clinician/")).text
    assert "Second words." in words(theirs)
    assert "What it said before Until" in words(theirs)
    assert "First words." in words(theirs)
    assert "<textarea" not in theirs
    assert "<textarea" in author.get(address).text


def test_note_of_another_is_not_changed_and_words_are_given_back(sign_in, send, submitted, store):
    submission, other = submitted(CALM), sign_in(Role.INTAKE)
    send(submission, "notes", {"text": "Mine."})
    (note,) = notes_of(store, submission)
    reply = send(submission, f"notes/{note.id}", {"text": "Theirs.", "seen": "0"}, client=other)
    assert reply.status_code == 409
    assert "Only the one who wrote a note can change it." in reply.text
    assert "Theirs." in reply.text
    assert [n.text for n in notes_of(store, submission)] == ["Mine."]


def test_second_window_is_told_and_keeps_its_words(send, submitted, store, intake):
    submission = submitted(CALM)
    send(submission, "notes", {"text": "One."})
    (note,) = notes_of(store, submission)
    address = f"{page_of(submission)}/notes/{note.id}"
    send(submission, f"notes/{note.id}", {"text": "Two.", "seen": "0"}, page=address)
    reply = send(submission, f"notes/{note.id}", {"text": "Three.", "seen": "0"}, page=address)
    assert reply.status_code == 409
    assert "This note was changed after you opened it." in reply.text
    assert typed(reply.text, "text") == "Three."
    assert "What it says now Two." in words(reply.text)
    assert [n.text for n in notes_of(store, submission)] == ["Two."]


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_note_without_what_was_seen_is_refused(send, submitted, store, seen):
    submission = submitted(CALM)
    send(submission, "notes", {"text": "One."})
    (note,) = notes_of(store, submission)
    reply = send(submission, f"notes/{note.id}", {"text": "Two.", "seen": seen})
    assert reply.status_code == 409


@pytest.mark.parametrize("number", ["0", "999", "9" * 30, "x"])
def test_note_and_flag_that_do_not_exist_are_404(intake, send, submitted, number):
    submission = submitted(CALM)
    assert intake.get(f"{page_of(submission)}/notes/{number}").status_code == 404
    assert send(submission, f"flags/{number}", {}).status_code in (404, 422)


def test_note_of_another_submission_is_not_opened_here(intake, send, submitted, store):
    one, other = submitted(CALM), submitted(CALM, name="Someone Else")
    send(other, "notes", {"text": "Secret."})
    (note,) = notes_of(store, other)
    reply = intake.get(f"{page_of(one)}/notes/{note.id}")
    assert (reply.status_code, "Secret." in reply.text) == (404, False)


@pytest.mark.parametrize("door", ["intake", "clinician"])
def test_contact_is_logged_with_who_and_when(sign_in, send, submitted, door):
    submission, staff = submitted(CALM), sign_in(door)
    fields = {"channel": "phone", "outcome": "message", "contact_text": "Will call back."}
    assert send(submission, "contacts", fields, client=staff, door=door).status_code == 303
    shown = panel(sign_in(Role.INTAKE).get(page_of(submission)).text, "Contact log")
    assert "Phone call: Left a message Nov 23, 2026" in shown
    assert "Will call back. Robin" in shown


def test_contact_without_channel_or_outcome_is_told_and_keeps_its_words(send, submitted, store):
    submission = submitted(CALM)
    reply = send(submission, "contacts", {"channel": "pigeon", "outcome": "", "contact_text": "Hello."})
    assert reply.status_code == 422
    assert 'href="#channel">Choose how you tried.' in reply.text
    assert 'href="#outcome">Choose what came of it.' in reply.text
    assert typed(reply.text, "contact_text") == "Hello."
    assert notes_of(store, submission) == []


def test_flag_stands_on_top_until_it_is_resolved_with_words(intake, send, submitted, store):
    submission = submitted(CALM)
    send(submission, "flags", {"reason": "identity", "flag_text": "Two birth dates."})
    page = intake.get(page_of(submission)).text
    assert page.index("1 open flag") < page.index("Risk notes")
    with reading(store) as session:
        (flag,) = queries.flags_of(session, submission)
    reply = send(submission, f"flags/{flag.id}", {f"flag{flag.id}-resolution": " "})
    assert (reply.status_code, "Write how it was settled." in reply.text) == (422, True)
    assert send(submission, f"flags/{flag.id}", {f"flag{flag.id}-resolution": "Asked."}).status_code == 303
    page = intake.get(page_of(submission)).text
    assert "open flag" not in page
    assert "Resolved by Robin" in panel(page, "Flags")
    again = send(submission, f"flags/{flag.id}", {f"flag{flag.id}-resolution": "Me too."})
    assert (again.status_code, "This flag was resolved meanwhile." in again.text) == (409, True)


def test_flag_for_something_else_needs_words(send, submitted):
    reply = send(submitted(CALM), "flags", {"reason": "other", "flag_text": ""})
    assert reply.status_code == 409
    assert "Write something first." in reply.text


def test_page_says_whether_the_patient_can_read_a_question(intake, send, submitted, store):
    submission = submitted(CALM)
    page = words(intake.get(page_of(submission)).text)
    assert "they have no return code and cannot read it, so ask by phone" in page
    assert "The patient has no return code." in page


def test_question_and_reply_stand_together(intake, submitted, store, clock, make_user):
    submission, staff = submitted(CALM), make_user(Role.INTAKE, name="Robin Asks")
    with writing(store) as session:
        operations.move_submission(
            session, submission, Move.ASK, actor=staff, expected_version=1, now=clock(), note="Which medicines?"
        )
        (question,) = queries.notes_of(session, submission)
        operations.reply_to_question(session, question, "Lisinopril.", now=clock())
    shown = panel(intake.get(page_of(submission)).text, "Questions to the patient")
    assert "Robin Asks asked Nov 23, 2026, 3:00 PM Which medicines? The patient replied" in shown.replace("\u202f", " ")
    assert shown.endswith("Lisinopril.")


def test_urgent_amendment_asks_for_a_note_anew_and_a_calm_one_hides_nothing(intake, send, submitted, amend):
    submission = submitted(URGENT)
    amend(submission, CALM)
    page = words(intake.get(page_of(submission)).text)
    assert "The patient was shown Call 911 now." in page
    assert "until then this cannot be moved on" in page
    send(submission, "notes", {"urgent_text": "Called: a slip of the finger."})
    assert "The patient was shown" not in words(intake.get(page_of(submission)).text)
    amend(submission, URGENT)
    assert "until then this cannot be moved on" in words(intake.get(page_of(submission)).text)


def test_difference_shows_old_and_new_answers_and_findings(intake, sign_in, submitted, amend):
    submission = submitted(CALM)
    amend(submission, {"pain_average": 9, "heart_conditions": ["angina"]})
    for client, door in ((intake, "intake"), (sign_in(Role.CLINICIAN), "clinician")):
        page = words(client.get(f"{page_of(submission, door)}/versions").text)
        assert "Answers that differ" in page
        assert "Newly raised First Your heart and blood vessels" in page
        assert "Version 1 Version 2" in page
    assert "?old=1&amp;new=2" in intake.get(page_of(submission)).text


@pytest.mark.parametrize("wanted", ["?old=0&new=1", "?old=1&new=3", "?old=x&new=1", "?new=" + "9" * 40])
def test_version_that_does_not_exist_is_404(intake, submitted, wanted):
    assert intake.get(f"{page_of(submitted(CALM))}/versions{wanted}").status_code == 404


def test_one_version_differs_in_nothing(intake, submitted):
    assert "There is one version of the answers" in intake.get(f"{page_of(submitted(CALM))}/versions").text


# The same person twice


def test_likely_same_person_is_listed_compared_and_put_together(intake, send, submitted, store):
    kept, other = submitted(CALM), submitted(FIRST, name="Ada B. Sample", phone="555-0123")
    submitted(CALM, name="Nobody Alike", birth_date=date(1950, 1, 1), phone="555-0124")
    assert "Ada B. Sample" in panel(intake.get(page_of(kept)).text, "Perhaps the same person")
    compare = f"{page_of(kept)}/beside/{other.public_id}"
    assert "Newly raised First" in words(intake.get(compare).text)
    fields = {"version": "1", "other_version": "1", "keep": kept.public_id}
    reply = send(kept, f"beside/{other.public_id}", fields, page=compare)
    assert (reply.status_code, reply.location) == (303, f"{page_of(kept)}#also-sent")
    page = intake.get(page_of(kept)).text
    assert other.reference in panel(page, "Also sent")
    assert stored(store, kept).severity_raised == "first"
    merged = intake.get(page_of(other)).text
    assert "Put together with another submission" in words(merged)
    assert 'name="move"' not in merged
    assert 'name="text"' not in merged
    reply = send(other, "moves", {"move": "accept", "version": str(stored(store, other).version)})
    assert (reply.status_code, "put together with others" in reply.text) == (409, True)


def test_the_other_one_may_go_on_and_be_taken_apart_again(intake, send, submitted, store):
    one, other = submitted(CALM), submitted(CALM)
    compare = f"{page_of(one)}/beside/{other.public_id}"
    fields = {"version": "1", "other_version": "1", "keep": other.public_id}
    assert send(one, f"beside/{other.public_id}", fields, page=compare).location == f"{page_of(other)}#also-sent"
    assert stored(store, one).merged_into_id == other.id
    assert send(one, "unmerge", {"version": "1"}).status_code == 409
    assert send(one, "unmerge", {"version": "2"}).status_code == 303
    assert stored(store, one).merged_into_id is None


def test_unsettled_urgent_one_and_one_under_review_are_not_put_away(intake, send, submitted, store):
    kept, urgent, reviewed = submitted(CALM), submitted(URGENT), submitted(CALM)
    put(store, reviewed, Status.IN_REVIEW)
    for other, why in ((urgent, "Note first what was done"), (reviewed, "cannot be put together")):
        compare = f"{page_of(kept)}/beside/{other.public_id}"
        fields = {"version": "1", "other_version": "1", "keep": kept.public_id}
        reply = send(kept, f"beside/{other.public_id}", fields, page=compare)
        assert (reply.status_code, why in reply.text) == (409, True)
        assert stored(store, other).merged_into_id is None


def test_clinician_compares_and_never_merges(sign_in, submitted):
    one, other, clinician = submitted(CALM), submitted(FIRST), sign_in(Role.CLINICIAN)
    page = clinician.get(f"{page_of(one, 'clinician')}/beside/{other.public_id}")
    assert (page.status_code, "Go on with" in page.text) == (200, False)
    assert clinician.get(f"{page_of(one, 'clinician')}/beside/{one.public_id}").status_code == 404
