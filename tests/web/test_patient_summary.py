"""The summary: lists with sources, never a verdict; and the same code with another questionnaire."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from screener.app import create_app
from screener.config import Settings
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.screening import Finding
from screener.engine.summary import finding_from, open_questions
from screener.store.database import reading
from screener.store.models import Response, StoredFinding
from tests.web.patient_browser import ABOUT_YOU, RULEBOOK, Fields, PatientBrowser

NOTHING_RAISED = "Your answers did not match the risks these sources list."
NO_RISKS: Mapping[str, Fields] = {
    "right_now": {"emergency_now": ["none"]},
    "pain": {"pain_kinds": ["fibromyalgia"]},
    "heart": {"heart_conditions": ["none"], "bp_systolic": "120", "bp_diastolic": "80"},
    "bladder": {"bladder_now": ["none"], "bladder_past": ["none"]},
    "mind": {"self_harm_thoughts": "no"},
    "memory": {"ketamine_history": "never", "yellow_signs": "no"},
}


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


def summary(client: FlaskClient, answers: Mapping[str, Fields], language: str = "en") -> PatientBrowser:
    """The summary of these answers."""
    patient = PatientBrowser(client)
    patient.press("/language", {"language": language, "next": "/"}).begin().answer(answers)
    while patient.path.startswith("/help-now"):
        patient.send().answer(answers)
    patient.send()
    assert patient.path == "/summary"
    return patient


def parts(patient: PatientBrowser) -> list[str]:
    """The headings of the page's parts, in order."""
    main = patient.text.split("<main", 1)[1].split('<div class="rail">')[0]
    found = re.findall(r"<h2[^>]*>(.*?)</h2>", main, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", heading).split()) for heading in found]


def test_the_parts_stand_in_their_order(client: FlaskClient) -> None:
    answers = {
        **NO_RISKS,
        "heart": {"heart_conditions": ["hypertension"], "bp_control": "poor"},
        "bladder": {"bladder_now": ["blood"]},
        "hopes": {"hopes_text": "Sleep"},
    }
    page = summary(client, answers)
    assert parts(page) == [
        "Call today",
        "Talk about this first",
        "Be sure to mention",
        "We could not check",
        "Why the sources say ketamine may be worth talking about",
        "Good to know",
        "More questions to ask",
        "What to bring",
        "What happens next",
    ]
    assert "No rule checked the words you wrote yourself." in page.words


def test_a_card_has_the_answers_both_sources_and_a_question(client: FlaskClient) -> None:
    page = summary(client, {**NO_RISKS, "heart": {"heart_conditions": ["hypertension"], "bp_control": "poor"}})
    card = page.text.split('class="card on-first"')[1].split("</section>")[0]
    words = " ".join(re.sub(r"<[^>]+>", " ", card).split())
    assert "You told us:" in words and "I have treatment but it is often too high" in words
    assert words.index("What one clinic") < words.index("What published reviews and guidelines say")
    assert "This guide has nothing from this source on this topic." in words
    assert "Source: Atlas Ketamine (a clinic that sells ketamine treatment)" in words
    assert "You could ask" in words


def test_what_speaks_for_it_stands_beside_the_evidence_and_its_grade(client: FlaskClient) -> None:
    page = summary(client, NO_RISKS)
    reasons = page.text.split('class="card reasons"')[1].split("</section>")[0]
    assert "may ease the pain of fibromyalgia" in reasons
    assert "no clear proof that they ease pain" in reasons.split("What published reviews", 1)[1]
    assert reasons.count("How sure this source is:") == 4
    assert "read in a summary" in reasons


def test_on_a_spanish_page_the_grade_is_spanish_on_screen_and_paper(client: FlaskClient) -> None:
    page = summary(client, NO_RISKS, "es")
    for path in ("/summary", "/summary/print"):
        words = page.open(path).words
        assert "certeza muy baja" in words
        assert not re.search(r"\b(certainty|grade)\b", words)


def test_nothing_raised_is_said_only_when_all_was_checked(client: FlaskClient, app: Flask) -> None:
    page = summary(client, NO_RISKS)
    assert NOTHING_RAISED in page.words
    assert "We could not check" not in page.words
    unsure = {**NO_RISKS, "bladder": {"bladder_now": ["none"], "bladder_past": ["not_sure"]}}
    page = summary(app.test_client(), unsure)
    assert NOTHING_RAISED not in page.words
    assert "We could not check 1 of the topics" in page.words
    assert "Your bladder: Have you had any of these in the past?" in page.words
    assert "1 topic depends on it: Your bladder." in page.words


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_verdict_in_either_language(client: FlaskClient, language: str) -> None:
    words = summary(client, NO_RISKS, language).words.lower()
    for verdict in (
        "eligible", "good candidate", "qualify", "cleared", "safe for you", "recommended for you", "no risks",
        "elegible", "buen candidato", "califica", "apto", "seguro para usted", "recomendado para usted", "sin riesgos",
    ):  # fmt: skip
        assert verdict not in words


def test_the_summary_is_that_of_the_stored_findings(client: FlaskClient, app: Flask) -> None:
    page = summary(client, {**NO_RISKS, "bladder": {"bladder_now": ["pain"], "bladder_past": ["none"]}})
    with reading(app.extensions["screener"].engine) as session:
        first = session.scalars(
            select(StoredFinding.rule_id).where(StoredFinding.severity == "first", StoredFinding.outcome == "raised")
        ).all()
    assert first == ["article_bladder_now"]
    assert page.text.count('class="card on-first"') == 1


def test_the_summary_opens_until_a_day_later(client: FlaskClient, clock: Any) -> None:
    page = summary(client, NO_RISKS)
    clock.move(hours=23)
    assert page.open("/summary").path == "/summary"
    clock.move(hours=2)
    assert page.open("/summary").path == "/gone"


@pytest.mark.parametrize("path", ["/summary", "/summary/print"])
def test_the_printed_page_names_patient_and_reference(client: FlaskClient, path: str) -> None:
    page = summary(client, NO_RISKS)
    reference = re.search(r"Reference ([0-9A-Z]{4}-[0-9A-Z]{4})", page.words)
    assert reference is not None
    page.open(path)
    assert f'<span class="print-only">Reference {reference[1]}</span>' in page.text
    assert '<span class="print-only">Zoraida Canary, born March 14, 1968</span>' in page.text
    assert "Zoraida" not in page.title and reference[1] not in page.title


def test_what_everyone_is_told_stands_on_a_page_of_its_own(client: FlaskClient, shipped_ruleset: Ruleset) -> None:
    page = summary(client, {**NO_RISKS, "heart": {"heart_conditions": ["hypertension"], "bp_control": "poor"}})
    own, general = html.unescape(page.words), html.unescape(page.open("/summary/good-to-know").words)
    told = [rule for rule in shipped_ruleset.rules if rule.is_always and rule.severity.value == "info"]
    words = [rule.patient.in_language("en") for rule in told]
    assert words and [text for text in words if (text in own) is (text in general)] == []
    for prose in shipped_ruleset.prose.packs.values():
        for text in prose.not_covered:
            assert text.in_language("en") in general
    assert "You told us" not in general


@pytest.mark.parametrize("path", ["/summary", "/summary/good-to-know", "/summary/print"])
def test_no_page_of_the_summary_opens_before_the_answers_are_sent(client: FlaskClient, path: str) -> None:
    patient = PatientBrowser(client)
    assert patient.open(path).path == "/gone"
    assert patient.begin().open(path).path == "/check"


def paper(page: PatientBrowser) -> str:
    """The words of the form of the summary that is printed."""
    printed = page.open("/summary/print").text.split('class="paper"')[1].split("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", printed).split()))


@pytest.mark.parametrize("language", ["en", "es"])
def test_paper_has_all_that_asks_for_a_talk_with_its_sources_and_all_open_questions(
    client: FlaskClient, app: Flask, shipped_ruleset: Ruleset, language: str
) -> None:
    answers = {
        "heart": {"heart_conditions": ["hypertension", "not_sure"], "bp_control": "poor"},
        "bladder": {"bladder_now": ["blood"], "bladder_past": ["cystitis"]},
    }
    printed = paper(summary(client, answers, language))
    with reading(app.extensions["screener"].engine) as session:
        stored = session.scalars(select(StoredFinding)).all()
    raised = [shipped_ruleset.rule(f.rule_id) for f in stored if f.outcome == "raised" and f.severity != "info"]
    assert {rule.severity.value for rule in raised} == {"urgent", "first", "mention"}
    for rule in raised:
        words = rule.patient.in_language(language)
        assert (words if rule.severity.value != "urgent" else words.split(". ", 1)[1]) in printed
        for citation in (shipped_ruleset.citations[citation_id] for citation_id in rule.cites):
            assert (citation.section or "").rpartition(", ")[2] in printed.rsplit(
                {"en": "Sources", "es": "Fuentes"}[language], 1
            )[1]
    for question in open_questions(shipped_ruleset, [finding_of(shipped_ruleset, f) for f in stored]):
        assert shipped_ruleset.items[question.item].text.in_language(language) in printed


def finding_of(ruleset: Ruleset, stored: StoredFinding) -> Finding:
    return finding_from(ruleset, stored.rule_id, stored.outcome, stored.evidence, stored.missing)


def test_paper_names_each_source_once_and_a_silent_one_in_a_sentence(client: FlaskClient) -> None:
    page = summary(client, {**NO_RISKS, "heart": {"heart_conditions": ["hypertension"], "bp_control": "poor"}})
    printed = paper(page)
    assert printed.count("Atlas Ketamine (a clinic that sells ketamine treatment)") == 1
    assert "this guide has nothing from this source on: Your heart" in printed
    assert "This guide has nothing from this source on this topic." not in printed


def test_paper_shortens_what_everyone_is_told_but_not_what_weighs_a_claim(client: FlaskClient) -> None:
    printed = paper(summary(client, NO_RISKS))
    assert "may ease the pain of fibromyalgia" in printed and "no clear proof that they ease pain" in printed
    assert printed.count("How sure:") == 4


# Another questionnaire, the same code

FILES = {
    "manifest.yaml": """
        id: sleep
        version: "1"
        effective: 2026-01-01
        languages: [en]
        sections: [nights, teens]
        packs: [leaflet]
    """,
    "citations.yaml": """
        leaflet.one: {source: leaflet, title: A leaflet, verified: primary}
    """,
    "questionnaire/1-nights.yaml": """
        section: nights
        title: {en: Your nights}
        items:
          - {id: age, type: number, min: 0, max: 120, integer: true, text: {en: Age}}
          - {id: language, type: yes_no, text: {en: Do you talk in your sleep?}}
          - {id: hours, type: number, min: 0, max: 24, unit: hours, text: {en: How many hours do you sleep?}}
          - {id: last_nap, type: date, text: {en: When was your last nap?}}
          - {id: dreams, type: text, max_length: 20, text: {en: What do you dream?}, enabled_when: {language: yes}}
    """,
    "questionnaire/2-teens.yaml": """
        section: teens
        title: {en: For those over 60}
        items:
          - {id: snores, type: yes_no, unsure: false, decline: false, text: {en: Do you snore?}, enabled_when: {age: {gte: 60}}}
    """,
    "screening/leaflet/rest.yaml": """
        topic: rest
        rules:
          - id: no_sleep
            kind: notice
            severity: urgent
            when: {hours: {lt: 1}}
            patient: {en: See a doctor}
            cites: [leaflet.one]
          - id: older_sleeper
            kind: risk
            severity: mention
            when: {age: {gte: 55}}
            patient: {en: Sleep changes after 55.}
            cites: [leaflet.one]
    """,
}


@pytest.fixture
def sleep_ruleset(tmp_path: Path) -> Ruleset:
    folder = tmp_path / "sleep"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return load_ruleset(folder)


@pytest.fixture
def sleeper(settings: Settings, clock: Any, sleep_ruleset: Ruleset) -> Any:
    app = create_app(settings, clock=clock, ruleset=sleep_ruleset)
    app.testing = True
    yield PatientBrowser(app.test_client())
    app.extensions["screener"].engine.dispose()


def begin(patient: PatientBrowser, born: Sequence[str]) -> PatientBrowser:
    patient.open("/age").send({"adult": "yes"}).send({"agree": "y"})
    month, day, year = born
    return patient.send({**ABOUT_YOU, "birth_date-month": month, "birth_date-day": day, "birth_date-year": year})


def test_another_questionnaire_needs_no_other_code(sleeper: PatientBrowser) -> None:
    begin(sleeper, ("11", "23", "1971"))  # 55 today
    assert sleeper.path == "/questions/nights" and "Part 2 of 3" in sleeper.words
    assert 'name="age"' not in sleeper.text
    sleeper.send(
        {"language-answer": "yes", "hours": "0,5", "last_nap-month": "2", "last_nap-day": "9", "last_nap-year": "2026"}
    )
    assert sleeper.path == "/help-now"
    assert "<h1>See a doctor</h1>" in sleeper.text
    assert sleeper.send().path == "/questions/nights"
    sleeper.send({"dreams": "Sheep"}, path="/questions/nights")
    assert sleeper.path == "/check"  # the other section is for older people
    assert "February 9, 2026" in sleeper.words and "0.5 hours" in sleeper.words
    sleeper.send()
    assert sleeper.path == "/summary"
    assert "Sleep changes after 55." in sleeper.words


def test_age_is_worked_out_from_the_birth_date(sleeper: PatientBrowser) -> None:
    begin(sleeper, ("11", "23", "1966"))  # 60 today
    assert "Part 2 of 4" in sleeper.words
    sleeper.send({})
    assert sleeper.path == "/questions/teens"
    assert "not_sure" not in sleeper.text
    sleeper.send({"snores": "yes"}).send()
    with reading(sleeper.client.application.extensions["screener"].engine) as session:
        assert session.scalars(select(Response)).one().answers == {"age": 60, "snores": "yes"}


def test_an_age_that_was_sent_is_not_taken(sleeper: PatientBrowser) -> None:
    begin(sleeper, ("11", "24", "1966"))  # 59 today
    sleeper.send({"age": "80", "items-shown": ["age", "language", "hours", "last_nap"], "hours": "8"})
    assert sleeper.path == "/check"
    assert "Do you snore?" not in sleeper.words
