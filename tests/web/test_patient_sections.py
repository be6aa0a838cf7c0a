"""The list of all parts: what it says of each from the answers alone, where it leads, and that the way to it loses nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from screener.app import create_app
from screener.config import Settings
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from tests.web.conftest import Clock
from tests.web.patient_browser import ABOUT_YOU, RULEBOOK, PatientBrowser

ROW = re.compile(
    r'<li>\s*(?:<a href="([^"]+)"[^>]*>|<span>)([^<]+)</(?:a|span)>\s*<span class="state"[^>]*>([^<]+)</span>'
)


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient's browser at the first page."""
    return PatientBrowser(client)


def rows(patient: PatientBrowser) -> dict[str, tuple[str, str]]:
    """Of each part its state and where it leads, empty where nowhere."""
    found = [match.groups() for match in ROW.finditer(patient.text)]
    return {title: (state, url or "") for url, title, state in found}


def minutes(patient: PatientBrowser) -> tuple[int, int]:
    found = re.search(r"About (\d+) minutes? left, of about (\d+) in all", patient.words)
    assert found is not None, patient.words
    return int(found[1]), int(found[2])


def test_parts_open_once_about_you_is_filled_in(patient: PatientBrowser) -> None:
    patient.open("/age").send({"adult": "yes"}).send({"agree": "y"}).open("/sections")
    before = rows(patient)
    assert before["About you"] == ("No answer yet", "/about-you")
    assert {url for title, (_, url) in before.items() if title != "About you"} == {""}
    assert "Fill in “About you” first." in patient.words
    patient.open("/about-you").send(ABOUT_YOU).open("/sections")
    after = rows(patient)
    assert list(after) == [
        "About you", "Right now", "Your pain", "What you have tried", "Your heart and blood vessels", "Your bladder", "Your mood",
        "Memory and past ketamine", "Your hopes", "Check your answers",
    ]  # fmt: skip
    assert after["About you"] == ("Answered", "/about-you")
    assert after["Your pain"] == ("No answer yet", "/questions/pain")
    assert after["Check your answers"] == ("When you are ready", "/check")


def test_a_part_says_how_many_of_its_questions_have_an_answer(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/heart").send({"heart_conditions": ["none"]}).open("/sections")
    assert rows(patient)["Your heart and blood vessels"] == ("1 of 3 answered", "/questions/heart")
    patient.open("/questions/heart").send({"heart_conditions": ["hypertension"]}).open("/sections")
    assert rows(patient)["Your heart and blood vessels"][0] == "1 of 4 answered"
    patient.open("/questions/bladder").send({"bladder_now": ["none"], "bladder_past": ["declined"]}).open("/sections")
    assert rows(patient)["Your bladder"][0] == "All 2 answered"
    patient.open("/questions/right_now").send({"emergency_now": ["not_sure"]}).open("/sections")
    assert rows(patient)["Right now"][0] == "Answered"


def test_a_part_sent_blank_has_no_answer_yet(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/bladder").send().open("/sections")
    assert rows(patient)["Your bladder"][0] == "No answer yet"


def test_a_part_that_asks_nothing_now_is_not_listed(settings: Settings, clock: Clock, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(RULEBOOK, folder)
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("memory, hopes]", "memory, hopes, bleeding, read]"))
    both = "{en: %s, es: %s}"
    (folder / "questionnaire/09-bleeding.yaml").write_text(
        f"section: bleeding\ntitle: {both % ('Blood', 'Sangre')}\nitems:\n"
        f"  - {{id: bleeding_often, type: yes_no, enabled_when: {{bladder_now: blood}}, text: {both % ('Often', 'Mucho')}}}\n"
    )
    (folder / "questionnaire/10-read.yaml").write_text(
        f"section: read\ntitle: {both % ('Facts', 'Datos')}\nitems:\n"
        f"  - {{id: fact, type: display, text: {both % ('A fact.', 'Un dato.')}}}\n"
    )
    app = create_app(settings, clock=clock, ruleset=load_ruleset(folder))
    app.testing = True
    patient = PatientBrowser(app.test_client()).begin().open("/sections")
    assert ("Blood" in rows(patient), rows(patient)["Facts"]) == (False, ("To read", "/questions/read"))
    patient.open("/questions/bladder").send({"bladder_now": ["blood"]}).open("/sections")
    assert rows(patient)["Blood"] == ("No answer yet", "/questions/bleeding")
    app.extensions["screener"].engine.dispose()


def test_minutes_get_fewer_with_the_answers(patient: PatientBrowser) -> None:
    patient.begin().open("/sections")
    left, total = minutes(patient)
    assert left == total
    tried = {f"{what}_result": "failed" for what in ("nsaids", "opioids", "physical_therapy", "other_treatment")}
    patient.open("/questions/tried").send({**tried, "other_treatment_text": "Heat", "opioids_now": "no"})
    patient.open("/questions/mind").send({"self_harm_thoughts": "no"}).open("/sections")
    assert (minutes(patient)[0] < left, minutes(patient)[1]) == (True, total)


def test_minutes_in_all_are_those_that_the_start_page_named(patient: PatientBrowser) -> None:
    told = re.search(r"about (\d+) minutes", patient.open("/").words)
    assert told is not None
    assert minutes(patient.begin().open("/sections"))[1] == int(told[1])


def test_all_parts_saves_what_was_typed(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/bladder")
    assert 'name="go-to" value="sections">All parts</button>' in patient.text
    patient.send({"bladder_now": ["none"], "go-to": "sections"})
    assert patient.path == "/sections"
    assert rows(patient)["Your bladder"][0] == "1 of 2 answered"
    assert patient.open("/questions/bladder").form().getlist("bladder_now") == ["none"]


def test_all_parts_waits_until_what_was_typed_can_be_read(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/heart").send({"bp_systolic": "many", "go-to": "sections"})
    assert patient.path == "/questions/heart"
    assert 'value="many"' in patient.text


def test_help_comes_before_the_list(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/right_now").send({"emergency_now": ["cannot_urinate"], "go-to": "sections"})
    assert patient.path == "/help-now"


def test_enter_in_a_field_still_continues(patient: PatientBrowser) -> None:
    """The first button of the form in the page is what Enter presses."""
    patient.begin()
    first = re.search(r'<button[^>]*form="main-form"[^>]*>([^<]+)<', patient.text)
    assert first is not None
    assert (first[1], 'name="' in first[0]) == ("Continue", False)


def test_start_and_check_lead_to_the_list(patient: PatientBrowser) -> None:
    patient.begin().open("/")
    assert 'href="/sections"' in patient.text
    assert "Go on where I stopped" in patient.words
    assert 'href="/sections"' in patient.open("/check").text


def test_without_a_draft_there_is_no_list(patient: PatientBrowser) -> None:
    assert patient.open("/sections").path == "/gone"


def test_after_sending_the_list_leads_to_the_summary(patient: PatientBrowser) -> None:
    patient.begin().open("/check").send()
    assert patient.path == "/summary"
    patient.open("/sections")
    assert (patient.path, "All parts" in patient.words) == ("/summary", False)


def test_the_list_is_in_spanish_too(patient: PatientBrowser) -> None:
    patient.begin().press("/language", {"language": "es", "next": "/sections"})
    assert rows(patient)["Sobre usted"][0] == "Con respuesta"
    assert "Quedan unos" in patient.words
