"""Answers that hardly go together: asked about on *check your answers*, never in the way, shown to staff, told on the rulebook's page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from screener.engine.rules import Ruleset
from screener.store.models import Submission
from screener.store.workflow import Role
from tests.paper.read_pdf import lacks, squeezed, words
from tests.web.patient_browser import PatientBrowser

BOX = re.compile(r'<div class="quiet" id="look-again-(\w+)">(.*?)</div>', re.DOTALL)
OPIOIDS = {"opioids_now": "no", "medicine_classes": ["opioid_or_strong_pain"]}


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient's browser at the first page."""
    return PatientBrowser(client)


def boxes(patient: PatientBrowser) -> dict[str, str]:
    """Of each conflict the HTML of its box."""
    return dict(BOX.findall(patient.text))


def in_conflict(patient: PatientBrowser) -> PatientBrowser:
    """At the check with two answers that hardly go together."""
    patient.begin()
    patient.open("/questions/tried").send({"opioids_now": "no"})
    patient.open("/questions/medicines").send({"medicine_classes": ["opioid_or_strong_pain"]})
    return patient.open("/check")


def test_a_conflict_is_asked_about_with_a_way_to_each_answer(patient: PatientBrowser) -> None:
    box = boxes(in_conflict(patient))["no_opioid_but_one_listed"]
    assert re.findall(r'href="([^"]+)"', box) == [
        "/questions/tried?back=check#opioids_now",
        "/questions/medicines?back=check#medicine_classes",
    ]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", box))
    assert "Both can be true. Is one of them a slip?" in words
    assert "Do you take opioid pain medicine now? No" in words
    assert "You can send your answers as they are." in patient.words
    assert "1 thing to look at again" in patient.words
    assert 'role="alert"' not in patient.text
    assert "Error" not in patient.title


def test_it_stands_above_the_answers(patient: PatientBrowser) -> None:
    text = in_conflict(patient).text
    assert text.index('id="look-again"') < text.index('id="about-you"')


def test_it_is_gone_once_an_answer_is_changed_or_unknown(patient: PatientBrowser) -> None:
    in_conflict(patient).open("/questions/tried?back=check").send({"opioids_now": "yes"})
    assert (patient.path, boxes(patient)) == ("/questions/tried?back=check", {})  # more is asked now
    patient.send({"opioid_concerns": ["none"]})
    assert (patient.path, boxes(patient)) == ("/check", {})
    patient.open("/questions/tried?back=check").send({"opioids_now": "not_sure"})
    assert (patient.path, boxes(patient)) == ("/check", {})
    assert "to look at again" not in patient.words


def test_it_can_be_sent_as_it_is(patient: PatientBrowser) -> None:
    in_conflict(patient).send()
    assert patient.path == "/summary"


def test_only_questions_that_are_asked_now_are_led_to(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/heart").send({"heart_conditions": ["hypertension"]})
    patient.send({"bp_control": "good", "bp_systolic": "150"}).open("/check")
    assert list(boxes(patient)) == ["pressure_kept_down_but_reading_above_mark"]
    patient.open("/questions/heart").send({"heart_conditions": ["angina"], "bp_systolic": "150"}).open("/check")
    assert list(boxes(patient)) == ["no_high_pressure_but_reading_above_mark"]
    assert "bp_control" not in "".join(boxes(patient).values())


def test_it_is_asked_in_spanish(patient: PatientBrowser) -> None:
    in_conflict(patient).press("/language", {"language": "es", "next": "/check"})
    assert "1 cosa para ver otra vez" in patient.words
    assert "¿Marcó una sin querer?" in boxes(patient)["no_opioid_but_one_listed"]


@pytest.mark.parametrize(
    ("language", "asked", "answer"),
    [
        ("en", "Is one of them a slip?", "Do you take opioid pain medicine now? No"),
        ("es", "¿Marcó una sin querer?", "No"),
    ],
)
def test_what_was_sent_so_stands_on_the_summary_and_on_paper(
    patient: PatientBrowser, language: str, asked: str, answer: str
) -> None:
    in_conflict(patient).send()
    patient.press("/language", {"language": language, "next": "/summary"})
    pdf = patient.client.get("/summary.pdf").data
    for path in ("/summary", "/summary/print"):
        words = patient.open(path).words
        assert (asked in words, answer in words) == (True, True), path
    assert lacks(pdf, [asked, answer]) == []


def test_nothing_of_it_stands_there_where_answers_go_together(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/tried").send({"opioids_now": "no"}).open("/check").send()
    pages = [patient.open(path).words for path in ("/summary", "/summary/print")]
    assert ["hardly go together" in page for page in pages] == [False, False]
    assert squeezed("hardly go together") not in words(patient.client.get("/summary.pdf").data)


def test_clinician_has_it_in_print_too(
    submitted: Callable[..., Submission], sign_in: Callable[..., FlaskClient], app: Flask
) -> None:
    client = sign_in(Role.CLINICIAN)
    page = _page(app, "clinician", submitted(OPIOIDS))
    said = ["Answers that hardly go together", "Do you take opioid pain medicine now? No"]
    printed = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(f"{page}/print").text))
    assert [words in printed for words in said] == [True, True]
    assert lacks(client.get(f"{page}/print.pdf").data, said) == []


@pytest.mark.parametrize(("role", "path"), [(Role.INTAKE, "intake"), (Role.CLINICIAN, "clinician")])
def test_staff_see_what_was_sent_so(
    submitted: Callable[..., Submission], sign_in: Callable[..., FlaskClient], app: Flask, role: Role, path: str
) -> None:
    sent = submitted(OPIOIDS)
    plain = submitted({"opioids_now": "no"})
    client = sign_in(role)
    pages = [client.get(_page(app, path, one)).text for one in (sent, plain)]
    panel = re.search(r'<section class="panel" aria-labelledby="sent-conflicts">(.*?)</section>', pages[0], re.DOTALL)
    assert panel is not None
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", panel[1]))
    assert "Do you take opioid pain medicine now? No" in words
    assert "Which of these kinds of medicine do you take? Opioids or other strong pain medicine" in words
    assert ["sent-conflicts" in page for page in pages] == [True, False]


def _page(app: Flask, door: str, submission: Submission) -> str:
    with app.test_request_context():
        return url_for(f"{door}.submission", public_id=submission.public_id)


def test_the_rulebooks_page_tells_what_is_asked_about(client: FlaskClient, shipped_ruleset: Ruleset) -> None:
    page = client.get("/rules").text
    told = re.findall(r'<li><p>([^<]+)</p><p class="cite">We ask this when:', page)
    assert [html.unescape(words) for words in told] == [
        conflict.text.in_language("en") for conflict in shipped_ruleset.conflicts
    ]
    assert "We ask this when:" in page
