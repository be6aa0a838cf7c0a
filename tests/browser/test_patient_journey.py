"""A new patient fills everything in, in both languages, with and without JavaScript, and gets the summary and a reference."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import walk

PLAIN: dict[str, Any] = {
    "emergency_now": ["none"],
    "pain_kinds": ["crps", "fibromyalgia"],
    "pain_duration": "over_5_years",
    "pain_average": 7,
    "pain_enjoyment": 6,
    "pain_activity": "not_sure",
    "nsaids_result": "failed",
    "opioids_result": "helped_some",
    "opioids_now": "yes",
    "opioid_concerns": ["wants_less"],
    "other_treatment_text": "Heat and rest.",
    "heart_conditions": ["hypertension", "not_sure"],
    "bp_control": "poor",
    "bp_systolic": 150,
    "bp_diastolic": 95,
    "bladder_now": ["none"],
    "phq_interest": "several_days",
    "phq_mood": "more_than_half",
    "self_harm_thoughts": "no",
    "unreal_experiences": "yes",
    "ketamine_history": "never",
    "substance_problem": "declined",
    "stomach_upset": "yes",
    "place_preference": "home",
    "matters_most": "function",
}
REFERENCE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b")


def send(page: Page) -> None:
    walk.submit(page)
    assert page.url.endswith("/summary")


@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no javascript"])
@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("es-MX", "es")])
def test_a_patient_answers_everything_and_reads_the_summary(new_page, locale, language, scripts):
    page = new_page(locale=locale, java_script_enabled=scripts)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    walk.enter(page)
    walk.answer_all(page, PLAIN)
    assert page.locator("html").get_attribute("lang") == language
    send(page)
    text = page.locator("main").inner_text()
    assert len(REFERENCE.findall(page.locator("body").inner_text())) >= 1
    said = "often too high" if language == "en" else "alta"
    assert said in text.lower()
    outside = [url for url in requests if not url.startswith(page.url.split("/summary")[0])]
    assert outside == []
    answers = ("hypertension", "crps", "Ana", "555", "1968", "several_days")
    assert [url for url in requests if any(word in url for word in answers)] == []
    assert [url for url in requests if "#" in url or ("?" in url and "/static/" not in url)] == []


def test_sending_twice_makes_one_submission_and_going_back_loses_nothing(new_page):
    page = new_page()
    walk.enter(page)
    walk.answer_all(page, PLAIN)
    page.go_back()
    page.goto("/questions/heart")
    assert page.is_checked('input[name="heart_conditions"][value="hypertension"]')
    assert page.is_checked('input[name="bp_control"][value="poor"]')
    page.goto("/check")
    send(page)
    reference = REFERENCE.findall(page.locator("body").inner_text())[0]
    page.goto("/check")
    assert page.url.endswith("/summary")
    assert REFERENCE.findall(page.locator("body").inner_text())[0] == reference


def test_an_urgent_answer_has_its_own_page_at_once_and_a_line_ever_after(new_page):
    page = new_page()
    walk.enter(page)
    walk.choose(page, "emergency_now", "cannot_urinate")
    walk.submit(page)
    assert page.url.endswith("/help-now")
    assert page.locator("h1").inner_text() == "Go to the emergency room now."
    assert page.locator('a[href="tel:911"]').count() >= 1
    walk.submit(page)
    assert page.url.endswith("/questions/pain")
    bar = page.locator(".urgent-bar")
    assert bar.count() == 1
    walk.answer_all(page, {key: value for key, value in PLAIN.items() if key != "emergency_now"})
    send(page)
    assert page.locator(".urgent-bar").count() == 1


def test_follow_ups_come_on_the_same_screen_once(new_page):
    page = new_page()
    walk.enter(page)
    page.goto("/questions/heart")
    assert page.locator('input[name="bp_control"]').count() == 0
    walk.choose(page, "heart_conditions", "hypertension")
    walk.submit(page)
    assert page.url.endswith("/questions/heart")
    assert page.locator('input[name="bp_control"]').count() > 0
    walk.submit(page)
    assert page.url.endswith("/questions/health")


def test_errors_are_listed_on_top_linked_to_their_question_and_keep_what_was_typed(new_page):
    page = new_page(java_script_enabled=False)
    walk.enter(page)
    page.goto("/questions/heart")
    walk.choose(page, "heart_conditions", "hypertension", "none")
    page.fill('[name="bp_systolic"]', "1580")
    walk.submit(page)
    assert page.title().startswith("Error: ")
    links = page.locator(".error-summary a")
    assert [link.get_attribute("href") for link in links.all()] == ["#heart_conditions", "#bp_systolic"]
    assert page.input_value('[name="bp_systolic"]') == "1580"
    assert page.is_checked('input[name="heart_conditions"][value="hypertension"]')
    links.last.click()
    assert page.evaluate("document.activeElement.name") == "bp_systolic"


def test_the_language_changes_on_a_half_filled_page_and_nothing_is_lost(new_page):
    page = new_page(java_script_enabled=False)
    walk.enter(page)
    page.goto("/questions/heart")
    walk.choose(page, "heart_conditions", "angina")
    page.fill('[name="bp_systolic"]', "abc")
    walk.follow(page, 'button[name="language"][value="es"]')
    assert page.url.endswith("/questions/heart")
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("h1").inner_text() == "Su corazón y sus vasos sanguíneos"
    assert page.is_checked('input[name="heart_conditions"][value="angina"]')
    assert page.input_value('[name="bp_systolic"]') == "abc"


def test_a_person_under_18_is_told_kindly_and_nothing_is_stored(new_page):
    page = new_page()
    page.goto("/age")
    walk.choose(page, "adult", "no")
    walk.submit(page)
    assert page.url.endswith("/adults-only")
    assert ["988" in page.content(), "911" in page.content()] == [True, True]
    page.goto("/questions/pain")
    assert "/questions/" not in page.url


def test_the_keyboard_alone_answers_a_screen(new_page):
    page = new_page()
    walk.enter(page)
    page.goto("/questions/bladder")
    page.keyboard.press("Tab")
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == "bladder_now":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator('input[name="bladder_now"]:checked').count() == 1
    for _ in range(60):
        if page.evaluate("document.activeElement.type") == "submit" and page.evaluate(
            "!!document.activeElement.closest('.actions')"
        ):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/mind")


@pytest.mark.parametrize(("path", "most"), [("/summary/print", 2), ("/summary", 5)])
def test_the_summary_prints_on_few_pages(new_page, path, most):
    page = new_page()
    walk.enter(page)
    walk.answer_all(page, PLAIN)
    send(page)
    page.goto(path)
    for language in ("en", "es"):
        if page.locator("html").get_attribute("lang") != language:
            walk.follow(page, f'button[name="language"][value="{language}"]')
        for sheet in ("A4", "Letter"):
            pdf = page.pdf(format=sheet, print_background=True)
            assert (language, sheet, len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= most) == (language, sheet, True)
