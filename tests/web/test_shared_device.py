"""A device that others use: nothing is kept on it, it closes by itself, and one press leaves it at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from screener.app import create_app
from screener.config import Settings
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.store import operations
from screener.store.database import reading, writing
from screener.store.models import Draft, DraftAccess, Event, Submission
from screener.web.patient.about_you import KEEP
from tests.web.patient_browser import ABOUT_YOU, RULEBOOK, PatientBrowser

SHARED = {"shared_device": "yes", "agree": "y"}
A_DAY = re.compile("for 24 hours|24 hours after|until Nov")
LEAVE = '<form class="leave" method="post" action="/leave">'
EVERYTHING = '"cache", "cookies", "storage"'
FIELD = re.compile(r"<(?:input|textarea)\b[^>]*>")
HEALTH = re.compile(
    r"guide|guía|health|salud|pain|dolor|ketamin|clinic|clínic|answer|respuesta|question|pregunta|summary|resumen"
    r"|medic|doctor|911|988|patient|paciente|form",
    re.IGNORECASE,
)


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient at the first page."""
    return PatientBrowser(client)


@pytest.fixture
def counted(app: Flask) -> Callable[[], dict[str, int]]:
    """How many drafts, ways into them, and submissions there are."""

    def count() -> dict[str, int]:
        with reading(app.extensions["screener"].engine) as session:
            tables = {"drafts": Draft, "ways in": DraftAccess, "submissions": Submission}
            return {name: session.scalar(select(func.count(table.id))) or 0 for name, table in tables.items()}

    return count


def begin(patient: PatientBrowser, *, shared: bool = True) -> PatientBrowser:
    """As far as the first question."""
    patient.open("/age").send({"adult": "yes"}).send(SHARED if shared else {"agree": "y"})
    assert patient.path == "/about-you"
    return patient.send(ABOUT_YOU)


def cookie_of(patient: PatientBrowser, path: str) -> str:
    """The session cookie as that page sets it."""
    found = [each for each in patient.client.get(path).headers.getlist("Set-Cookie") if each.startswith("screener=")]
    assert len(found) == 1
    return found[0]


def test_cookie_of_a_shared_device_ends_with_the_browser(patient: PatientBrowser, app: Flask) -> None:
    cookie = cookie_of(begin(patient), "/questions/heart")
    assert not re.search("expires|max-age", cookie, re.IGNORECASE)
    own = begin(PatientBrowser(app.test_client()), shared=False)
    sent = own.client.post("/questions/heart", data=own.open("/questions/heart").form())
    assert re.search("expires", sent.headers["Set-Cookie"], re.IGNORECASE)


def test_own_device_is_not_taken_for_a_shared_one(patient: PatientBrowser, clock: Any) -> None:
    begin(patient, shared=False)
    clock.move(hours=23)
    assert patient.open("/questions/heart").path == "/questions/heart"
    assert "data-idle" not in patient.text


@pytest.mark.parametrize("path", ["/about-you", "/questions/pain", "/questions/heart", "/questions/hopes", "/return"])
def test_no_field_of_a_shared_device_is_offered_again_by_the_browser(patient: PatientBrowser, path: str) -> None:
    begin(patient).open(path)
    form = re.search(r'<form[^>]*id="main-form"[^>]*>.*?</form>', patient.text, re.DOTALL)
    assert form is not None and 'autocomplete="off"' in form[0].partition(">")[0]
    fields = [field for field in FIELD.findall(form[0]) if 'type="hidden"' not in field]
    assert fields
    said = [re.search(r'autocomplete="([^"]+)"', field) for field in fields]
    assert {found[1] for found in said if found} <= {"off"}
    typed = [field for field in fields if not re.search('type="(radio|checkbox)"', field)]
    assert [field for field in typed if 'autocomplete="off"' not in field] == []


def test_own_device_may_fill_in_name_and_birthday(patient: PatientBrowser) -> None:
    begin(patient, shared=False).open("/about-you")
    assert set(re.findall(r'autocomplete="([^"]+)"', patient.text)) == {
        "name", "tel", "email", "bday-month", "bday-day", "bday-year", "off",
    }  # fmt: skip


def test_shared_device_opens_nothing_ten_minutes_after_its_last_request(patient: PatientBrowser, clock: Any) -> None:
    begin(patient).send({"emergency_now": ["none"]})
    for _ in range(5):
        clock.move(minutes=9, seconds=59)
        assert patient.open("/questions/heart").path == "/questions/heart"
    clock.move(minutes=10)
    assert patient.open("/questions/heart").path == "/gone"
    assert patient.open("/").text.count("Go on where I stopped") == 0
    with patient.client.session_transaction() as cookie:
        assert set(cookie) <= {"csrf_token", "_fresh"}


def test_looking_at_a_page_writes_nothing_though_it_keeps_the_device_open(
    patient: PatientBrowser, clock: Any, app: Flask
) -> None:
    begin(patient)

    def rows() -> list[Any]:
        with reading(app.extensions["screener"].engine) as session:
            columns = (Event.id, DraftAccess.expires_at, Draft.updated_at)
            return [session.scalars(select(column)).all() for column in columns]

    before = rows()
    clock.move(minutes=9)
    patient.open("/questions/heart")
    clock.move(minutes=20)
    assert patient.open("/questions/heart").path == "/gone"
    assert rows() == before


def test_page_sent_when_the_device_was_left_alone_erases_and_gives_back_what_it_said(
    patient: PatientBrowser, clock: Any, counted: Callable[[], dict[str, int]]
) -> None:
    begin(patient).open("/questions/heart")
    clock.move(minutes=11)
    patient.send({"heart_conditions": ["hypertension"]})
    assert (patient.page.status_code, patient.path) == (409, "/questions/heart")
    assert 'value="hypertension" checked' in patient.text
    assert counted() == {"drafts": 0, "ways in": 0, "submissions": 0}


def test_page_that_outlived_its_draft_is_still_one_of_a_shared_device(
    patient: PatientBrowser, clock: Any, counted: Callable[[], dict[str, int]]
) -> None:
    begin(patient).open("/questions/heart")
    clock.move(minutes=11)
    patient.send({"heart_conditions": ["hypertension"]})
    assert patient.text.count(LEAVE) == 1 and 'data-idle="120"' in patient.text
    assert "they close when you leave" in patient.words and not A_DAY.search(patient.words)
    patient.send({KEEP: "yes"})
    assert counted()["drafts"] == 1
    assert 'data-left="600"' in patient.open("/questions/heart").text
    clock.move(minutes=11)
    patient.send({"heart_conditions": ["hypertension"]}).press("/leave")
    assert patient.path == "/left" and patient.page.history[-1].headers["Clear-Site-Data"] == EVERYTHING


def test_what_nobody_left_is_gone_after_an_hour(
    patient: PatientBrowser, clock: Any, app: Flask, counted: Callable[[], dict[str, int]]
) -> None:
    begin(patient)
    clock.move(minutes=61)
    with writing(app.extensions["screener"].engine) as session:
        operations.delete_expired_drafts(session, now=clock())
    assert counted()["drafts"] == 0


@pytest.mark.parametrize("settings_change", [{"shared_device_minutes": 3}])
def test_minutes_are_a_setting(
    settings: Settings, clock: Any, shipped_ruleset: Ruleset, settings_change: dict[str, int]
) -> None:
    app = create_app(replace(settings, **settings_change), clock=clock, ruleset=shipped_ruleset)  # type: ignore[arg-type]
    patient = begin(PatientBrowser(app.test_client()))
    clock.move(minutes=2, seconds=59)
    assert patient.open("/questions/heart").path == "/questions/heart"
    clock.move(minutes=3)
    assert patient.open("/questions/heart").path == "/gone"
    app.extensions["screener"].engine.dispose()


@pytest.fixture
def tablet(settings: Settings, clock: Any, shipped_ruleset: Ruleset) -> Any:
    """A patient at a clinic's tablet, where the settings say that others use it."""
    app = create_app(replace(settings, shared_device=True), clock=clock, ruleset=shipped_ruleset)
    yield PatientBrowser(app.test_client())
    app.extensions["screener"].engine.dispose()


def test_on_a_tablet_of_the_clinic_nobody_is_asked(tablet: PatientBrowser, clock: Any) -> None:
    assert LEAVE not in tablet.text and "data-idle" not in tablet.text
    assert "closes here when you leave" in tablet.words
    tablet.open("/age").send({"adult": "yes"})
    assert tablet.text.count(LEAVE) == 1 and 'data-idle="120"' in tablet.text  # a form may have something in it
    assert "shared_device" not in tablet.text and not A_DAY.search(tablet.words)
    tablet.send({"agree": "y"}).send(ABOUT_YOU)
    assert 'data-idle="120"' in tablet.text and 'data-left="600"' in tablet.text
    assert "shared_device" not in tablet.open("/return").text
    clock.move(minutes=10)
    assert tablet.open("/questions/heart").path == "/gone"


def test_tablet_that_closes_by_itself_goes_to_the_start_for_the_next_patient(tablet: PatientBrowser) -> None:
    begin(tablet, shared=False)
    assert tablet.press("/leave", {"idle": "yes"}).path == "/"
    begin(tablet, shared=False)
    assert tablet.press("/leave").path == "/left"


def test_pages_of_a_shared_device_promise_no_day(patient: PatientBrowser) -> None:
    begin(patient)
    for path in ("/", "/questions/heart", "/stopped", "/check", "/return-code"):
        assert (path, A_DAY.findall(patient.open(path).words)) == (path, [])
    assert "Other people use this device, so your answers close here" in patient.open("/check").words
    patient.send()
    assert patient.path == "/summary" and not A_DAY.search(patient.words)
    assert "Save as PDF" not in patient.words and "Print it, in a short form" in patient.words


def test_shared_device_can_be_named_when_coming_back(
    patient: PatientBrowser, app: Flask, clock: Any, counted: Callable[[], dict[str, int]]
) -> None:
    begin(patient, shared=False).open("/return-code").press("/return-code")
    code = " ".join(re.findall(r'<li translate="no">(\w+)</li>', patient.text))
    born = {name: value for name, value in ABOUT_YOU.items() if name.startswith("birth_date")}
    library = PatientBrowser(app.test_client()).open("/return")
    library.send({"code": code, "shared_device": "yes", **born})
    assert library.path == "/questions/right_now" and 'data-idle="120"' in library.text
    assert not re.search("expires", cookie_of(library, "/questions/heart"), re.IGNORECASE)
    clock.move(minutes=11)
    assert library.open("/questions/heart").path == "/gone"
    assert patient.open("/questions/heart").path == "/questions/heart"  # the patient's own phone
    assert counted()["drafts"] == 1


# Leaving at once


@pytest.mark.parametrize("shared", [True, False])
def test_leaving_erases_what_no_code_opens_and_tells_the_browser_to_forget(
    patient: PatientBrowser, counted: Callable[[], dict[str, int]], shared: bool
) -> None:
    begin(patient, shared=shared).send({"emergency_now": ["none"]})
    patient.press("/leave")
    (reply,) = patient.page.history
    assert (reply.status_code, reply.headers["Location"]) == (303, "/left")
    assert reply.headers["Clear-Site-Data"] == EVERYTHING
    assert counted() == {"drafts": 0, "ways in": 0, "submissions": 0}
    with patient.client.session_transaction() as cookie:
        assert "draft" not in cookie and "shared_device" not in cookie
    for path in ("/questions/heart", "/check", "/summary", "/return-code", "/stopped"):
        assert patient.open(path).path == "/gone"


def test_leaving_keeps_for_the_code_what_a_code_opens(
    patient: PatientBrowser, app: Flask, counted: Callable[[], dict[str, int]]
) -> None:
    begin(patient).open("/questions/heart").send({"heart_conditions": ["hypertension"]})
    patient.open("/return-code").press("/return-code")
    code = " ".join(re.findall(r'<li translate="no">(\w+)</li>', patient.text))
    patient.press("/leave")
    assert counted()["drafts"] == 1 and patient.open("/check").path == "/gone"
    born = {name: value for name, value in ABOUT_YOU.items() if name.startswith("birth_date")}
    again = PatientBrowser(app.test_client()).open("/return").send({"code": code, **born})
    assert 'value="hypertension" checked' in again.open("/questions/heart").text


def test_leaving_closes_the_summary_here_and_leaves_it_with_the_clinic(
    patient: PatientBrowser, counted: Callable[[], dict[str, int]]
) -> None:
    begin(patient).open("/check").send()
    assert patient.path == "/summary"
    patient.press("/leave")
    assert counted() == {"drafts": 0, "ways in": 0, "submissions": 1}
    assert patient.open("/summary").path == "/gone"


def test_every_page_has_the_way_out_as_long_as_something_is_open(patient: PatientBrowser) -> None:
    for path in ("/", "/age", "/about", "/rules", "/nowhere"):
        assert (path, LEAVE in patient.open(path).text) == (path, False)
    begin(patient)
    patient.open("/questions/right_now").send({"emergency_now": ["cannot_urinate"]})
    assert patient.path == "/help-now" and patient.text.count(LEAVE) == 1
    patient.send()
    for path in ("/", "/about-you", "/questions/heart", "/sections", "/check", "/stopped", "/about", "/rules",
                 "/rules/bladder", "/rules/questions/heart", "/privacy", "/return", "/return-code", "/nowhere"):  # fmt: skip
        assert (path, patient.open(path).text.count(LEAVE)) == (path, 1)
    patient.open("/check").send()
    for path in ("/summary", "/summary/good-to-know", "/summary/print", "/status", "/help-now"):
        assert (path, patient.open(path).text.count(LEAVE)) == (path, 1)


@pytest.mark.parametrize("language", ["en", "es"])
def test_page_after_leaving_says_nothing_of_health_or_of_this_guide(client: FlaskClient, language: str) -> None:
    reply = client.get("/left", headers={"Accept-Language": language})
    assert reply.status_code == 200 and f'<html lang="{language}">' in reply.text
    said = re.sub(r"<[^>]+>", " ", reply.text)
    assert {"en": "This page is closed", "es": "Esta página está cerrada"}[language] in said
    assert HEALTH.findall(said) == []
    assert 'rel="icon" href="data:,"' in reply.text
    assert (reply.headers["Cache-Control"], "Set-Cookie" in reply.headers) == ("no-store", False)
    assert "Clear-Site-Data" not in reply.headers  # another site could open this page, and so clear everything


def test_another_site_cannot_make_one_leave(patient: PatientBrowser, counted: Callable[[], dict[str, int]]) -> None:
    begin(patient)
    reply = patient.client.post("/leave", data={"csrf_token": "guessed"})
    assert (reply.status_code, "Clear-Site-Data" in reply.headers) == (400, False)
    assert reply.text.count('action="/leave"') == 1  # and who pressed it on an old page can press it again
    reply = patient.client.post("/leave", headers={"Sec-Fetch-Site": "cross-site"})
    assert (reply.status_code, "Clear-Site-Data" in reply.headers) == (400, False)
    assert counted()["drafts"] == 1


def test_leaving_from_a_page_of_before_just_goes(client: FlaskClient) -> None:
    reply = client.post("/leave", data={"csrf_token": "of-another-session"})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/left")
    assert "Clear-Site-Data" not in reply.headers


def test_erasing_tells_the_browser_to_forget_too(patient: PatientBrowser) -> None:
    begin(patient).press("/erase").send({"confirm": "yes"})
    assert patient.path == "/erased"
    assert patient.page.history[-1].headers["Clear-Site-Data"] == '"cache", "storage"'


# Until when answers are open


def test_every_page_says_until_when_answers_are_open_here(patient: PatientBrowser) -> None:
    begin(patient, shared=False)
    for path in ("/questions/heart", "/sections", "/about"):
        patient.open(path)
        assert "open on this device until Nov 24, 2026, 3:00" in patient.words
        assert 'data-left="86400"' in patient.text


def test_time_runs_and_staying_puts_the_end_off(patient: PatientBrowser, clock: Any, app: Flask) -> None:
    begin(patient, shared=False).open("/questions/heart")
    token = re.search(r'name="csrf_token" value="([^"]+)"', patient.text)
    assert token is not None
    clock.move(hours=23, minutes=57)
    assert 'data-left="180"' in patient.open("/questions/heart").text
    assert patient.client.post("/stay", data={"csrf_token": "guessed"}).status_code == 400
    assert 'data-left="180"' in patient.open("/questions/heart").text
    assert patient.client.post("/stay", data={"csrf_token": token[1]}).status_code == 204
    assert 'data-left="86400"' in patient.open("/questions/heart").text
    with reading(app.extensions["screener"].engine) as session:
        assert session.scalars(select(Event.name).order_by(Event.id.desc())).first() == "kept_open"


def test_staying_opens_nothing_where_nothing_is_open(client: FlaskClient) -> None:
    page = client.get("/")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    reply = client.post("/stay", data={"csrf_token": token[1]})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/gone")
