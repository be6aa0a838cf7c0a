"""What the patient's script is told: where a form leads on to, what is asked now, and how long answers stay open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.web.patient_files import WORDS, script_name
from tests.web.patient_browser import RULEBOOK, PatientBrowser

BY_SCRIPT = {"X-Sent-By": "script"}
CHECKED = re.compile(r'<input[^>]*name="([^"]+)" value="([^"]+)"[^>]*checked')


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient's browser at the questions about the heart."""
    return PatientBrowser(client).begin().open("/questions/heart")


def post(patient: PatientBrowser, headers: Any = BY_SCRIPT, **fields: Any) -> TestResponse:
    """Send the form that stands there without following where it leads."""
    form = patient.form()
    for name, value in fields.items():
        form.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return patient.client.post(patient.path, data=MultiDict(form.items(multi=True)), headers=headers)


def items_on(page: TestResponse) -> list[str]:
    return re.findall(r'<div data-item="(\w+)"', page.text)


def test_redirect_is_told_as_an_address_to_the_script_alone(patient: PatientBrowser) -> None:
    reply = post(patient)
    assert (reply.status_code, reply.headers["X-Next"], reply.text) == (204, "/questions/bladder", "")
    assert "Location" not in reply.headers
    plain = post(patient, headers={})
    assert (plain.status_code, plain.headers["Location"]) == (303, "/questions/bladder")
    assert [name for name in ("X-Next", "X-Left") if name in plain.headers] == []


def test_script_is_told_how_long_answers_stay_open(patient: PatientBrowser, clock: Any) -> None:
    clock.move(hours=20)
    assert post(patient).headers["X-Left"] == str(24 * 60 * 60)


def test_script_is_told_where_there_is_nothing_open(client: FlaskClient) -> None:
    patient = PatientBrowser(client).open("/age")
    reply = post(patient, adult="yes")
    assert (reply.status_code, reply.headers["X-Next"], "X-Left" in reply.headers) == (204, "/consent", False)


def test_errors_and_pages_come_to_the_script_as_they_are(patient: PatientBrowser, clock: Any) -> None:
    plain, told = post(patient, headers={}, bp_systolic="1580"), post(patient, bp_systolic="1580")
    assert (told.status_code, "X-Next" in told.headers) == (plain.status_code, False)
    assert 'class="error-summary"' in told.text
    clock.move(hours=25)
    gone = post(patient, heart_conditions=["angina"])
    assert (gone.status_code, "X-Left" in gone.headers) == (409, False)
    assert ("kept-notice" in gone.text, "data-gates" in gone.text) == (True, False)


def test_peek_saves_and_shows_what_is_asked_now(patient: PatientBrowser) -> None:
    reply = post(patient, heart_conditions=["hypertension"], only__peek="yes")
    before = items_on(patient.page)
    assert reply.status_code == 200 and "bp_control" not in before
    assert items_on(reply) == [before[0], "bp_control", *before[1:]]
    assert ("heart_conditions", "hypertension") in CHECKED.findall(patient.open("/questions/heart").text)


def test_page_names_the_answers_that_open_others(patient: PatientBrowser) -> None:
    assert re.findall(r'data-gates="([^"]*)"', patient.text) == ["heart_conditions"]
    assert re.findall(r'data-gates="([^"]*)"', patient.open("/questions/hopes").text) == [""]


def test_peek_says_nothing_yet_of_what_cannot_be_read(patient: PatientBrowser) -> None:
    reply = post(patient, heart_conditions=["hypertension"], bp_systolic="15o", only__peek="yes")
    assert (reply.status_code, "error-summary" in reply.text, 'value="15o"' in reply.text) == (200, False, True)
    assert items_on(reply)[1] == "bp_control"
    assert post(patient, bp_systolic="15o").status_code != 204  # Continue does say it


def test_peek_leads_nowhere_though_an_answer_is_urgent(patient: PatientBrowser) -> None:
    patient.open("/questions/right_now")
    reply = post(patient, emergency_now=["cannot_urinate"], only__peek="yes")
    assert (reply.status_code, "X-Next" in reply.headers) == (200, False)
    assert post(patient, emergency_now=["cannot_urinate"]).headers["X-Next"] == "/help-now"


def test_peek_of_a_page_of_before_takes_nothing_back(patient: PatientBrowser, app: Flask) -> None:
    """What the peek sends blank was answered in another tab since the page was shown."""
    old = patient.page
    patient.send({"heart_conditions": ["angina"]})
    patient.page, patient.path = old, "/questions/heart"
    reply = post(patient, bp_systolic="150", only__peek="yes")
    assert ("heart_conditions", "angina") in CHECKED.findall(reply.text)


@pytest.mark.parametrize(("language", "stay"), [("en", "Stay"), ("es", "Seguir aquí")])
def test_script_comes_with_its_words_in_the_pages_language(client: FlaskClient, language: str, stay: str) -> None:
    page = client.get("/age", headers={"Accept-Language": language})
    found = re.findall(r'<script defer src="(/static/[^"]+)"></script>', page.text)
    assert [url.partition("?")[0] for url in found] == [f"/static/{script_name(language)}"]
    script = client.get(found[0])
    assert script.mimetype == "text/javascript" and "immutable" in script.headers["Cache-Control"]
    first = script.text.partition("\n")[0]
    assert first.startswith("self.patientWords = {") and f'"stay":"{stay}"' in first.replace('": "', '":"')
    assert [name for name in WORDS if f'"{name}"' not in first] == []


def test_pages_with_nothing_to_lose_load_no_script(client: FlaskClient) -> None:
    for path in ("/", "/about", "/privacy", "/rules", "/left"):
        assert (path, "<script" in client.get(path).text) == (path, False)
    PatientBrowser(client).begin()
    for path, helps in (("/", True), ("/sections", True), ("/rules", False), ("/left", False)):
        assert (path, "<script" in client.get(path).text) == (path, helps)
