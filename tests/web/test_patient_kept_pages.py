"""A page that is sent when its draft is no longer there comes back as it was typed, and one click keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from screener.app import create_app
from screener.config import Settings
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.store.database import reading, writing
from screener.store.models import Draft, Event, Response
from screener.store.operations import delete_expired_drafts
from tests.web.patient_browser import ABOUT_YOU, RULEBOOK, PatientBrowser
from tests.web.test_patient_return import BORN, code_on

KEPT = "Your earlier answers are not open here any more"
TYPED: Mapping[str, Any] = {
    "heart_conditions": ["hypertension", "angina"],
    "bp_systolic": "150",
    "bp_diastolic": "90",
}


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient's browser at a page of questions."""
    return PatientBrowser(client).begin().open("/questions/heart")


@pytest.fixture
def asking(app: Flask) -> Callable[[Callable[[Session], Any]], Any]:
    """Looks into the database."""

    def ask(question: Callable[[Session], Any]) -> Any:
        with reading(app.extensions["screener"].engine) as session:
            return question(session)

    return ask


def count(*tables: Any) -> Callable[[Session], list[int]]:
    return lambda session: [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def lose_cookies(patient: PatientBrowser) -> None:
    patient.client.delete_cookie("screener")


def assert_filled_in(patient: PatientBrowser) -> None:
    form = patient.form()
    assert form.getlist("heart_conditions") == TYPED["heart_conditions"]
    assert (form["bp_systolic"], form["bp_diastolic"]) == ("150", "90")


@pytest.mark.parametrize("away", [{"hours": 1}, {"hours": 24}, {"days": 7}])
@pytest.mark.parametrize("has_cookies", [True, False])
@pytest.mark.parametrize("is_swept", [True, False])
def test_what_was_typed_is_sent_in_the_end(
    patient: PatientBrowser,
    asking: Callable[..., Any],
    clock: Any,
    app: Flask,
    away: Any,
    has_cookies: bool,
    is_swept: bool,
) -> None:
    clock.move(**away)
    if is_swept:
        with writing(app.extensions["screener"].engine) as session:
            delete_expired_drafts(session, now=clock())
    if not has_cookies:
        lose_cookies(patient)
    patient.send(TYPED)
    if KEPT in patient.words:
        assert_filled_in(patient)
        patient.send({"keep-answers": "yes"})
        assert patient.path == "/about-you"
        patient.send(ABOUT_YOU)
    patient.open("/check").send()
    assert patient.path == "/summary"
    assert asking(lambda session: session.scalars(select(Response)).one().answers) == {
        "heart_conditions": ["hypertension", "angina"],
        "bp_systolic": 150,
        "bp_diastolic": 90,
    }


def test_the_page_is_kept_whenever_its_draft_is_gone(patient: PatientBrowser, clock: Any) -> None:
    clock.move(hours=23)
    patient.send({})
    assert KEPT not in patient.words
    clock.move(hours=24)
    assert patient.send({}).page.status_code == 409 and KEPT in patient.words


def test_a_server_restarted_with_the_same_keys_loses_nothing(settings: Settings, clock: Any) -> None:
    apps = [create_app(settings, clock=clock, ruleset=load_ruleset(RULEBOOK)) for _ in range(2)]
    patient = PatientBrowser(apps[0].test_client()).begin().open("/questions/heart")
    cookie = patient.client.get_cookie("screener")
    assert cookie is not None
    again = apps[1].test_client()
    again.set_cookie("screener", cookie.decoded_value)
    patient.client = again
    patient.send(TYPED)
    assert KEPT not in patient.words
    patient.open("/questions/heart")
    assert_filled_in(patient)
    for app in apps:
        app.extensions["screener"].engine.dispose()


def test_a_page_for_a_lost_draft_stores_nothing_until_one_agrees(
    patient: PatientBrowser, asking: Callable[..., Any]
) -> None:
    lose_cookies(patient)
    before = asking(count(Draft, Event))
    patient.send(TYPED)
    assert patient.page.status_code == 409
    assert "If you go on, you agree to this again" in patient.words
    assert "the clinic's staff and its clinicians can read your answers" in patient.words
    assert asking(count(Draft, Event)) == before


def test_keeping_needs_a_token_of_ones_own(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    lose_cookies(patient)
    patient.send({**TYPED, "keep-answers": "yes"})  # the token was the lost cookie's
    assert patient.page.status_code == 409 and asking(count(Draft)) == [1]
    assert_filled_in(patient)
    assert patient.send({"keep-answers": "yes"}).path == "/about-you"


def test_what_cannot_be_read_stays_to_be_mended(patient: PatientBrowser) -> None:
    lose_cookies(patient)
    patient.send({**TYPED, "bp_systolic": "15O"})
    assert patient.form()["bp_systolic"] == "15O" and patient.title.startswith("Error: ")
    patient.send({"keep-answers": "yes"})
    assert patient.page.status_code == 409 and patient.form()["bp_systolic"] == "15O"
    assert patient.send({"bp_systolic": "150", "keep-answers": "yes"}).path == "/about-you"


def test_the_language_can_be_switched_on_a_kept_page(patient: PatientBrowser) -> None:
    lose_cookies(patient)
    patient.send(TYPED).send({"language": "es"})
    assert "Sus respuestas anteriores ya no están abiertas aquí" in patient.words
    assert_filled_in(patient)


def test_an_urgent_answer_on_a_kept_page_meets_its_words_at_once_and_again_once_kept(patient: PatientBrowser) -> None:
    patient.open("/questions/mind")
    lose_cookies(patient)
    patient.send({"self_harm_thoughts": "yes"})
    assert patient.page.status_code == 409 and "Call or text 988 now." in patient.words
    assert 'href="tel:988"' in patient.text
    patient.send({"keep-answers": "yes"})
    assert patient.path == "/help-now"
    assert patient.send().path == "/about-you"


def test_a_return_code_in_another_tab_brings_the_earlier_answers_back(patient: PatientBrowser) -> None:
    patient.open("/questions/pain").send({"pain_average": "7", "save_for_later": "yes"})
    words = code_on(patient)
    patient.open("/questions/heart")
    lose_cookies(patient)
    patient.send(TYPED)
    assert 'href="/return" target="_blank"' in patient.text
    other_tab = PatientBrowser(patient.client).open("/return").send({"code": " ".join(words), **BORN})
    assert other_tab.path == "/questions/right_now"
    patient.send({"keep-answers": "yes"})
    assert patient.path == "/questions/heart" and KEPT not in patient.words  # it asks more: bp_control
    assert patient.open("/questions/pain").form()["pain_average"] == "7"
    patient.open("/questions/heart")
    assert_filled_in(patient)


def test_about_you_is_kept_too(client: FlaskClient, asking: Callable[..., Any], clock: Any) -> None:
    patient = PatientBrowser(client).open("/age").send({"adult": "yes"}).send({"agree": "y"})
    clock.move(days=7)
    patient.send(ABOUT_YOU)
    assert patient.page.status_code == 409 and KEPT in patient.words
    assert "error-summary" not in patient.text
    form = patient.form()
    assert (form["name"], form["birth_date-year"], form["phone"]) == ("Zoraida Canary", "1968", "555 555 0142")
    assert patient.send({"keep-answers": "yes"}).path == "/questions/right_now"
    assert patient.open("/about-you").form()["name"] == "Zoraida Canary"


def test_about_you_that_is_not_complete_is_kept_to_be_mended(client: FlaskClient, clock: Any) -> None:
    patient = PatientBrowser(client).open("/age").send({"adult": "yes"}).send({"agree": "y"})
    clock.move(days=7)
    patient.send({**ABOUT_YOU, "phone": "12"}).send({"keep-answers": "yes"})
    assert patient.title.startswith("Error: ") and patient.form()["phone"] == "12" and KEPT in patient.words
    assert patient.send({"phone": "555 555 0142", "keep-answers": "yes"}).path == "/questions/right_now"


def test_a_minor_on_a_kept_page_is_stored_nowhere(
    client: FlaskClient, clock: Any, asking: Callable[..., Any], app: Flask
) -> None:
    patient = PatientBrowser(client).open("/age").send({"adult": "yes"}).send({"agree": "y"})
    clock.move(days=7)
    with writing(app.extensions["screener"].engine) as session:
        delete_expired_drafts(session, now=clock())
    young = {**ABOUT_YOU, "birth_date-year": "2012"}
    patient.send(young).send({"keep-answers": "yes"})
    assert "You wrote March 14, 2012." in patient.words and patient.path == "/about-you"
    patient.send({"keep-answers": "yes"})
    assert patient.path == "/adults-only" and asking(count(Draft)) == [0]


@pytest.mark.parametrize("page", ["/questions/nowhere", "/questions/heart"])
def test_a_form_without_anything_of_ours_leads_to_the_kind_page(client: FlaskClient, page: str) -> None:
    assert client.post(page, data={"bp_systolic": "1"}).headers["Location"] == "/gone"


def test_browser_that_keeps_no_cookies_is_told_what_would_help(client: FlaskClient) -> None:
    patient = PatientBrowser(client).open("/age")
    for _again in range(2):
        lose_cookies(patient)
        patient.send({"adult": "yes"})
        assert "If you see this again, let this site keep cookies." in patient.words
    patient.send({"adult": "yes"})
    assert patient.path == "/consent"


def test_page_with_a_token_of_an_earlier_session_says_nothing_of_cookies(client: FlaskClient) -> None:
    patient = PatientBrowser(client).open("/age")
    old = patient.form()["csrf_token"]
    lose_cookies(patient)
    patient.open("/age").send({"adult": "yes", "csrf_token": old})
    assert "This page was open for a long time. Please send it once more." in patient.words
    assert "cookies" not in patient.words
