"""What a patient reads can be read: every page, as it is sent, at US grade 6 or below, and as easily in Spanish."""

from __future__ import annotations

import pytest

from screener.engine.lint.reading_level import (
    HIGHEST_GRADE,
    HIGHEST_SAFETY_GRADE,
    LOWEST_INFLESZ,
    LOWEST_SAFETY_INFLESZ,
    inflesz,
    school_grade,
)
from tests.web.page_sentences import sentences
from tests.web.patient_browser import ABOUT_YOU, PatientBrowser

BROWSERS = {"en": "en-US,en;q=0.9", "es": "es-MX,es;q=0.9"}
MANY = {
    "emergency_now": ["cannot_urinate"],
    "pain_kinds": ["crps", "fibromyalgia"],
    "pain_duration": "over_5_years",
    "nsaids_result": "failed",
    "opioids_now": "yes",
    "heart_conditions": ["hypertension", "not_sure"],
    "bp_control": "poor",
    "bp_systolic": 150,
    "bladder_now": ["blood"],
    "self_harm_thoughts": "yes",
    "unreal_experiences": "yes",
    "substance_problem": "now",
}


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: words do not depend on it."""
    return sqlite_url


class Walk:
    """One patient's way through every page; `pages` are those that were sent, by path, each state of a page once."""

    def __init__(self, app, language):
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = BROWSERS[language]
        self.browser = PatientBrowser(client)
        self.pages = []

    def note(self):
        assert self.browser.page.status_code in (200, 400, 404, 422), self.browser.path
        self.pages.append((self.browser.path, self.browser.text))

    def open(self, path):
        self.browser.open(path)
        self.note()

    def send(self, fields=None):
        self.browser.send(fields)
        self.note()

    def start(self):
        for path in ("/", "/about", "/privacy", "/return", "/help-now", "/questions/heart"):
            self.open(path)
        self.open("/age")
        self.send()
        self.send({"adult": "yes"})
        self.send()
        self.send({"agree": "y"})
        self.send({"phone": "12", "email": "nobody", "birth_date-month": "13"})
        self.send(ABOUT_YOU)

    def answer(self, answers):
        for _ in range(40):
            if self.browser.path == "/check":
                return
            here = {
                name: [str(code) for code in answer] if isinstance(answer, list) else str(answer)
                for name, answer in answers.items()
                if f'name="{name}"' in self.browser.text
            }
            self.send(here)

    def finish(self):
        for path in ("/sections", "/return-code", "/stopped", "/check"):
            self.open(path)
        self.send()
        assert self.browser.path == "/summary"
        for path in ("/summary/good-to-know", "/summary/print", "/status", "/withdraw"):
            self.open(path)
        for fields in ({}, {"confirm": "yes"}):
            self.browser.press("/erase", fields)
            self.note()


def measured(path, page, language):
    """How hard this page is: (path, number, limit), for a reader of its language."""
    text = " ".join(sentences(page))
    is_safety = path == "/help-now"
    if language == "en":
        return path, round(school_grade(text), 1), HIGHEST_SAFETY_GRADE if is_safety else HIGHEST_GRADE
    return path, round(inflesz(text)), LOWEST_SAFETY_INFLESZ if is_safety else LOWEST_INFLESZ


@pytest.mark.parametrize("language", BROWSERS)
@pytest.mark.parametrize("answers", [MANY, {}], ids=["much to tell", "nothing told"])
def test_every_page_of_a_patient_is_easy_to_read(app, language, answers):
    walk = Walk(app, language)
    walk.start()
    walk.answer(answers)
    walk.finish()
    found = [measured(path, page, language) for path, page in walk.pages]
    hard = [row for row in found if (row[1] > row[2] if language == "en" else row[1] < row[2])]
    assert hard == []


def test_hard_page_is_found():
    page = """<html lang="en"><title>Title of it all.</title><main><h1>Contraindications</h1><p>Administration of sympathomimetic
    anaesthetics necessitates cardiovascular evaluation.</p><p class="cite">Source: Somebody, somewhere.</p></main></html>"""
    assert sentences(page) == ["Administration of sympathomimetic anaesthetics necessitates cardiovascular evaluation."]
    path, grade, highest = measured("/summary", page, "en")
    assert (path, grade > highest) == ("/summary", True)


def test_sentences_of_two_blocks_are_never_taken_for_one():
    page = """<html lang="es"><ul><li>Llame a su clínica.</li><li>Lleve sus medicinas.</li><li>Agua</li></ul>
    <p>Lea <a href="/x">esto</a> antes.<br>Pregunte lo que quiera. <span lang="en">Read it.</span></p></html>"""
    assert sentences(page) == [
        "Llame a su clínica.",
        "Lleve sus medicinas.",
        "Lea esto antes.",
        "Pregunte lo que quiera.",
    ]


def test_no_grade_speaks_of_a_contraindication_without_saying_what_that_is(shipped_ruleset):
    grades = [rule.grade.in_language(language) for rule in shipped_ruleset.rules if rule.grade for language in BROWSERS]
    named = [grade for grade in grades if "contraindica" in grade.lower()]
    assert len(named) > 10
    said = (
        "A reason to hold back (relative contraindication)",
        "Un motivo para no usarla sin más (contraindicación relativa)",
    )
    assert [grade for grade in named if not grade.startswith(said)] == []
