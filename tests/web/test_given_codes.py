"""Staff give a patient a return code: shown once, after the identity was noted; the patient comes in with it like everyone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from screener.store.models import Submission
from screener.store.workflow import Role, Status
from tests.web.staff_page import event_names, panel, put, stored, typed, words

WORD = re.compile(r'<li translate="no">(\w+)</li>')
NOTED = {"identity": "Gave name and birth date; I called the number we have."}
Submit = Callable[..., Submission]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: what is stored is tested on both in tests/store."""
    return sqlite_url


@pytest.fixture
def intake(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(Role.INTAKE)


def url(submission: Submission) -> str:
    return f"/intake/submissions/{submission.public_id}/return-code"


def seen_code(client: FlaskClient, submission: Submission) -> str:
    found = re.search(r'name="seen_code" value="(\d+)"', client.get(url(submission)).text)
    assert found is not None
    return found[1]


def test_code_is_shown_once_and_opens_the_summary_elsewhere(
    intake: FlaskClient, submitted: Submit, post_form: Callable[..., object], app: Flask, store: Engine
) -> None:
    sent = submitted({"pain_average": 8})
    reply = post_form(intake, url(sent), NOTED | {"seen_code": seen_code(intake, sent)})
    code = WORD.findall(reply.text)
    assert (reply.status_code, len(code)) == (200, 5)
    assert "localhost/return" in reply.text
    pages = [intake.get(url(sent)).text, intake.get(url(sent).removesuffix("/return-code")).text]
    found = [sum(re.search(rf"\b{word}\b", page) is not None for word in code) for page in pages]
    assert [count > 1 for count in found] == [False, False]  # one of them may be a word of the page by chance
    assert event_names(store, sent)[-3:] == ["return_code_given", "viewed", "viewed"]
    assert "Return code given " + NOTED["identity"][:4] in re.sub(
        r"Nov \S+ \d+, \S+ [AP]M ", "", panel(pages[1], "Notes")
    )
    patient = app.test_client()
    born = {"birth_date-month": "4", "birth_date-day": "2", "birth_date-year": "1968"}
    wrong = post_form(patient, "/return", {"code": " ".join(code), **born, "birth_date-year": "1969"})
    assert wrong.status_code == 422
    reply = post_form(patient, "/return", {"code": " ".join(code), **born})
    assert (reply.status_code, reply.location) == (303, "/summary")
    assert sent.reference in patient.get("/summary").text
    assert "The clinic gave you a return code" in patient.get("/status").text


def test_slip_speaks_the_patients_language_whatever_staff_speak(
    intake: FlaskClient, submitted: Submit, post_form: Callable[..., object]
) -> None:
    sent = submitted(language="es")
    page = words(intake.get(url(sent)).text)
    assert "They are words in the patient’s language: Spanish." in page
    reply = post_form(intake, url(sent), NOTED | {"seen_code": "0"})
    slip = re.search(r'<section class="card code-slip" lang="es".*?</section>', reply.text, re.DOTALL)
    assert slip is not None
    assert "Su código de regreso" in words(slip[0])
    assert "Read this out, or print it" in words(reply.text)


def test_without_a_word_on_identity_none_is_made(
    intake: FlaskClient, submitted: Submit, post_form: Callable[..., object], store: Engine
) -> None:
    sent = submitted()
    reply = post_form(intake, url(sent), {"identity": " ", "seen_code": "0"})
    assert (reply.status_code, 'href="#identity">Write how you know' in reply.text) == (422, True)
    assert "return_code_given" not in event_names(store, sent)


@pytest.mark.parametrize("seen", ["0", "", "x", "99999999999"])
def test_form_that_is_sent_twice_makes_one(
    intake: FlaskClient, submitted: Submit, post_form: Callable[..., object], store: Engine, seen: str
) -> None:
    sent = submitted()
    post_form(intake, url(sent), NOTED | {"seen_code": "0"})
    reply = post_form(intake, url(sent), NOTED | {"seen_code": seen})
    assert (reply.status_code, typed(reply.text, "identity"), WORD.findall(reply.text)) == (409, NOTED["identity"], [])
    assert "A return code was made after you opened this page" in words(reply.text)
    assert "The patient has a code already." in words(reply.text)
    assert event_names(store, sent).count("return_code_given") == 1


def test_page_of_the_submission_leads_there(intake: FlaskClient, submitted: Submit) -> None:
    sent = submitted()
    page = intake.get(f"/intake/submissions/{sent.public_id}").text
    assert f'<a class="inline-target" href="{url(sent)}">Give the patient a return code</a>' in page


def test_taken_back_answers_get_none(
    intake: FlaskClient, submitted: Submit, post_form: Callable[..., object], store: Engine
) -> None:
    sent = submitted()
    put(store, sent, Status.WITHDRAWN)
    page = intake.get(url(sent)).text
    assert ("The patient took these answers back" in page, "<textarea" in page) == (True, False)
    reply = post_form(intake, url(sent), NOTED | {"seen_code": "0"})
    assert (reply.status_code, NOTED["identity"] in reply.text) == (409, True)
    assert url(sent) not in intake.get(f"/intake/submissions/{sent.public_id}").text
    assert stored(store, sent).status is Status.WITHDRAWN
