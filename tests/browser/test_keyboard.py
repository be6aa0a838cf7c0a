"""By keyboard alone: from the first page to the summary, with and without JavaScript; mending errors; staff from the list to an act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser import keys, tours, walk
from tests.browser.conftest import PASSWORD, STAFF

ANSWERS = {**tours.URGENT, "pain_duration": "over_5_years", "matters_most": "function"}
NewPage = Callable[..., Page]


@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no javascript"])
def test_the_keyboard_alone_leads_from_the_first_page_to_the_summary(new_page: NewPage, scripts: bool) -> None:
    page = new_page(width=1280, height=800, locale="en-US" if scripts else "es-MX", java_script_enabled=scripts)
    page.goto("/")
    keys.press(page, 'main a[href="/age"]')
    to_questions(page)
    passed: list[str] = []
    keys.to_the_end(page, ANSWERS, passed.append)
    assert page.url.endswith("/summary")
    assert "help-now" in passed and passed[-2:] == ["check", "summary"]
    assert passed.count("questions/heart") == 2  # it came back once, with its follow-ups
    assert len({path for path in passed if path.startswith("questions/")}) == 12


def test_what_was_typed_wrong_is_found_and_mended_by_keyboard(new_page: NewPage) -> None:
    page = new_page(locale="es-MX", java_script_enabled=False)
    page.goto("/age")
    to_questions(page)
    page.goto("/questions/heart")
    keys.write(page, "bp_systolic", "1580")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")  # Enter in a field sends the page, as Continue does
    to_the_error(page, "bp_systolic")
    page.keyboard.press("Control+A")
    page.keyboard.type("158")
    keys.go_on(page)
    assert page.url.endswith("/questions/health")


def test_the_focus_goes_to_an_error_again_after_its_link_was_followed(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/age")
    to_about_you(page)
    for _ in range(2):  # the second time the address ends in the answer the link led to
        keys.go_on(page)
        to_the_error(page, "birth_date")
        assert page.url.endswith("/about-you#birth_date")


def test_the_language_and_the_erasing_of_answers_are_within_reach_of_the_keyboard(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/age")
    to_questions(page)
    page.goto("/questions/pain")
    keys.press(page, 'header button[name="language"]')
    assert page.locator("html").get_attribute("lang") == "es"
    page.goto("/questions/pain")
    keys.press(page, 'footer form[action="/erase"] button')
    keys.press(page, 'main [name="confirm"]')
    assert page.url.partition("?")[0].endswith("/erased")


def test_staff_sign_in_open_an_urgent_submission_and_accept_it_by_keyboard(new_page: NewPage) -> None:
    patient = new_page()
    walk.enter(patient)
    walk.choose(patient, "emergency_now", "heart_attack_signs")
    walk.submit(patient)
    walk.submit(patient)  # the page with help, read
    patient.goto("/check")
    walk.submit(patient)
    assert patient.url.endswith("/summary")
    page = new_page(width=1280, height=900)
    page.goto("/sign-in")
    keys.write(page, "email", STAFF["intake"])
    keys.write(page, "password", PASSWORD)
    keys.press(page, "main form .actions button")
    page.goto("/intake/?status=submitted&severity=urgent")
    keys.press(page, "main a.reference")
    keys.press(page, ".work-band button")
    keys.write(page, "urgent_text", "Called at 3 PM; an ambulance was on its way.")
    keys.press(page, ".urgent-box form button")
    assert "Called at 3 PM" in page.locator("#notes").inner_text()
    keys.press(page, '#next button[value="accept"]')
    assert "Accepted" in page.locator(".meta").inner_text()


def to_about_you(page: Page) -> None:
    """From the question of age to the page about oneself."""
    keys.choose(page, "adult", "yes")
    keys.go_on(page)
    keys.choose(page, "agree", "yes")
    keys.go_on(page)


def to_questions(page: Page) -> None:
    """From the question of age to the first question."""
    to_about_you(page)
    keys.write(page, "name", "Ana Prueba")
    for part, words in (("month", "3"), ("day", "14"), ("year", "1968")):
        keys.write(page, f"birth_date-{part}", words)
    keys.write(page, "phone", "555-0142")
    keys.choose(page, "preferred_contact", "text")
    keys.choose(page, "contact_language", "es")
    keys.go_on(page)
    assert page.url.endswith("/questions/right_now")


def to_the_error(page: Page, field: str) -> None:
    """The focus is on the error summary; its link leads to the field."""
    assert page.evaluate("document.activeElement.id") == "error-summary"
    keys.tab_to(page, f'.error-summary a[href="#{field}"]')
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == field
