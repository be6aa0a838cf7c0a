"""Typing answers in for a patient, by phone or from paper, and correcting those that were sent."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import Draft, Source, Submission
from screener.store.workflow import Role, Status
from tests.web.staff_page import panel, put, stored, words

CALM = {"pain_average": 4}
PERSON = {
    "source": "phone",
    "agreed": "patient",
    "agreement": "spoken",
    "name": "Ana Prueba",
    "birth_date-month": "3",
    "birth_date-day": "14",
    "birth_date-year": "1968",
    "phone": "555 555 0142",
    "preferred_contact": "phone",
    "contact_language": "es",
}
NEW = "/intake/new"


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: what is stored is tested on both in tests/store."""
    return sqlite_url


@pytest.fixture
def intake(sign_in):
    return sign_in(Role.INTAKE)


@pytest.fixture
def fill(post_form):
    """Answers one section as its page shows it: fill(client, address, {...})."""

    def fill(client, address, answers, **more):
        shown = re.findall(r'name="items-shown" value="(\w+)"', client.get(address).text)
        return post_form(client, address, {"items-shown": shown, **answers, **more})

    return fill


@pytest.fixture
def all_submissions(store):
    def read():
        with reading(store) as session:
            return session.scalars(select(Submission).order_by(Submission.id)).all()

    return read


def test_call_is_typed_in_and_kept_marked_as_such(intake, post_form, fill, all_submissions, store):
    reply = post_form(intake, NEW, PERSON)
    assert (reply.status_code, reply.location) == (303, f"{NEW}/questions/right_now")
    assert fill(intake, reply.location, {"emergency_now": "none"}).location == f"{NEW}/questions/pain"
    assert fill(intake, f"{NEW}/questions/pain", {"pain_average": "7"}, then="check").location == f"{NEW}/check"
    check = words(intake.get(f"{NEW}/check").text)
    assert "7" in check
    reply = post_form(intake, f"{NEW}/check", {"version": "0"})
    (made,) = all_submissions()
    assert (reply.status_code, reply.location) == (303, f"/intake/submissions/{made.public_id}")
    assert (made.source, made.language, made.status) == (Source.PHONE, "es", Status.SUBMITTED)
    page = words(intake.get(reply.location).text)
    assert "Entered for the patient. By phone, typed by staff (Robin" in page
    assert "Entered for the patient by Robin" in page
    assert "Agreed: The patient. Said yes, after the words above were read out." in page
    with reading(store) as session:
        answers = queries.current_response(session, made).answers
        assert (answers["emergency_now"], answers["pain_average"]) == (["none"], 7)
        assert session.scalar(select(func.count(Draft.id))) == 0


def test_nothing_is_chosen_beforehand(intake, post_form):
    assert " checked" not in intake.get(NEW).text
    post_form(intake, NEW, PERSON)
    assert " checked" not in intake.get(f"{NEW}/questions/heart").text


def test_first_page_tells_what_is_missing_and_keeps_what_was_typed(intake, post_form, store):
    reply = post_form(intake, NEW, {"name": "Ana Prueba", "birth_date-year": "1968"})
    assert reply.status_code == 422
    for field, complaint in (
        ("source", "Choose how the answers reached you."),
        ("agreed", "Choose who agreed."),
        ("agreement", "Choose how they agreed."),
        ("phone", "Write a phone number or an e-mail address of the patient."),
        ("preferred_contact", "Choose how to reach the patient."),
        ("contact_language", "Choose the language the patient speaks."),
    ):
        assert f'href="#{field}">{complaint}' in reply.text
    first = re.findall(r'<a href="#(\w+)">', reply.text.split('id="error-summary"')[1])[:4]
    assert first == ["source", "agreed", "agreement", "birth_date"]
    assert 'value="Ana Prueba"' in reply.text
    assert 'value="1968"' in reply.text
    with reading(store) as session:
        assert session.scalar(select(func.count(Draft.id))) == 0


def test_nobody_under_18_is_entered(intake, post_form, store):
    reply = post_form(intake, NEW, PERSON | {"birth_date-year": "2015"})
    assert (reply.status_code, "only for people who are 18 or older" in reply.text) == (422, True)
    with reading(store) as session:
        assert session.scalar(select(func.count(Draft.id))) == 0


def test_what_cannot_be_read_is_told_and_the_rest_is_saved(intake, post_form, fill):
    post_form(intake, NEW, PERSON)
    reply = fill(intake, f"{NEW}/questions/pain", {"pain_average": "lots", "pain_activity": "6"})
    assert reply.status_code == 422
    assert 'href="#pain_average">' in reply.text
    assert 'value="lots"' in reply.text
    assert 'value="6"' in intake.get(f"{NEW}/questions/pain").text


def test_server_decides_what_is_asked(intake, post_form, fill):
    post_form(intake, NEW, PERSON)
    assert 'name="bp_control"' not in intake.get(f"{NEW}/questions/heart").text
    reply = fill(intake, f"{NEW}/questions/heart", {"heart_conditions": "hypertension"})
    assert reply.location.startswith(f"{NEW}/questions/heart?more=1#")
    page = intake.get(f"{NEW}/questions/heart?more=1").text
    assert "there is more to ask on this page" in page
    assert 'name="bp_control"' in page


def test_urgent_words_are_read_to_the_patient_and_then_noted(intake, post_form, fill, all_submissions):
    post_form(intake, NEW, PERSON)
    fill(intake, f"{NEW}/questions/right_now", {"emergency_now": "heart_attack_signs"})
    for address in (f"{NEW}/questions/pain", f"{NEW}/check"):
        page = words(intake.get(address).text)
        assert "Read this to the patient now" in page
        assert "Call 911 now." in page
    reply = post_form(intake, f"{NEW}/check", {"version": "0"})
    (made,) = all_submissions()
    assert made.is_urgent is True
    page = words(intake.get(reply.location).text)
    assert "Note here what was said and done; until then this cannot be moved on." in page
    assert "First note what was done" in page


def test_kept_once_however_often_it_is_sent(intake, post_form, fill, all_submissions):
    post_form(intake, NEW, PERSON)
    token = re.search(r'name="csrf_token" value="([^"]+)"', intake.get(f"{NEW}/check").text)[1]
    replies = [intake.post(f"{NEW}/check", data={"version": "0", "csrf_token": token}) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [303, 303]
    assert len(all_submissions()) == 1


def test_sheet_outlives_the_session_and_is_nobody_elses(intake, sign_in, make_user, post_form, fill):
    user = make_user(Role.INTAKE)
    mine = sign_in(user=user)
    post_form(mine, NEW, PERSON)
    fill(mine, f"{NEW}/questions/pain", {"pain_average": "7"})
    post_form(mine, "/sign-out", page=NEW)
    again = sign_in(user=user)
    assert 'value="7"' in again.get(f"{NEW}/questions/pain").text
    assert "You began this one earlier" in again.get(NEW).text
    assert "Ana Prueba" not in intake.get(NEW).text
    assert intake.get(f"{NEW}/questions/pain").location == NEW
    assert post_form(again, f"{NEW}/erase", page=NEW).location == NEW
    assert "Ana Prueba" not in again.get(NEW).text


def test_unknown_section_is_404(intake, post_form):
    post_form(intake, NEW, PERSON)
    assert intake.get(f"{NEW}/questions/nowhere").status_code == 404


# Correcting


def test_answers_are_corrected_in_a_new_version(intake, post_form, fill, submitted, store):
    submission = submitted(CALM)
    one = f"/intake/submissions/{submission.public_id}"
    reply = post_form(intake, f"{one}/answers", page=one)
    assert reply.location.startswith(f"{one}/answers/questions/")
    pain = f"{one}/answers/questions/pain"
    assert 'value="4"' in intake.get(pain).text
    fill(intake, pain, {"pain_average": "9"}, then="check")
    check = intake.get(f"{one}/answers/check").text
    assert "Answers that differ" in check
    assert "Now kept As corrected" in words(check)
    assert post_form(intake, f"{one}/answers/check", {"version": "1"}).location == one
    with reading(store) as session:
        first, second = queries.responses_of(session, submission)
        assert (first.answers["pain_average"], second.answers["pain_average"]) == (4, 9)
        assert (first.entered_by_id, second.entered_by_id is not None) == (None, True)
    assert "Answers changed by Robin" in panel(intake.get(one).text, "History")


def test_correction_of_what_changed_meanwhile_is_told_and_lost_by_nobody(
    intake, post_form, fill, submitted, store, make_user, clock
):
    submission = submitted(CALM)
    one = f"/intake/submissions/{submission.public_id}"
    post_form(intake, f"{one}/answers", page=one)
    fill(intake, f"{one}/answers/questions/pain", {"pain_average": "9"})
    with writing(store) as session:
        colleague = make_user(Role.INTAKE)
        operations.move_submission(session, submission, "accept", actor=colleague, expected_version=1, now=clock())
    reply = post_form(intake, f"{one}/answers/check", {"version": "1"})
    assert reply.status_code == 409
    assert "Someone changed this submission after you opened it." in reply.text
    assert 'name="version" value="2"' in reply.text
    assert "9" in words(reply.text)
    assert post_form(intake, f"{one}/answers/check", {"version": "2"}).status_code == 303


def test_correction_that_changes_nothing_is_told(intake, post_form, submitted):
    submission = submitted(CALM)
    one = f"/intake/submissions/{submission.public_id}"
    post_form(intake, f"{one}/answers", page=one)
    reply = post_form(intake, f"{one}/answers/check", {"version": "1"})
    assert (reply.status_code, "These are the same answers as before." in reply.text) == (409, True)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_what_is_over_is_not_corrected(intake, post_form, submitted, store, status):
    submission = submitted(CALM)
    one = f"/intake/submissions/{submission.public_id}"
    put(store, submission, status)
    assert "Correct answers" not in intake.get(one).text
    assert post_form(intake, f"{one}/answers", page=one).status_code == 409
    assert stored(store, submission).version == 1


def test_queue_leads_to_typing_in_and_marks_what_was_typed(intake, post_form, fill):
    assert 'href="/intake/new">Enter for a patient' in intake.get("/intake/").text
    post_form(intake, NEW, PERSON | {"source": "paper"})
    post_form(intake, f"{NEW}/check", {"version": "0"})
    assert "ES on paper" in words(intake.get("/intake/").text)
