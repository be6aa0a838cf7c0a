"""The list of all parts and the answers to look at again, as a person meets them: no fault on a small phone, nothing typed is lost."""

from __future__ import annotations

import pytest

from tests.browser import walk
from tests.browser.test_accessibility import faults


@pytest.mark.parametrize(
    ("locale", "again"), [("en-US", "things to look at again"), ("es-MX", "cosas para ver otra vez")]
)
def test_parts_and_things_to_look_at_again_have_no_fault(new_page, locale, again):
    page = new_page(width=320, height=640, locale=locale, color_scheme="dark")
    walk.enter(page)
    walk.choose(page, "emergency_now", "none")
    walk.follow(page, ".backrow button.link")
    assert page.url.endswith("/sections")
    found = faults(page, "sections")
    for section, answers in {
        "heart": {"heart_conditions": ["none"], "bp_systolic": "78", "bp_diastolic": "118"},
        "tried": {"opioids_now": "no"},
        "medicines": {"medicine_classes": ["opioid_or_strong_pain", "blood_pressure_or_heart"]},
    }.items():
        walk.follow(page, f'.parts a[href="/questions/{section}"]')
        walk.answer_section(page, answers)
        walk.follow(page, ".backrow button.link")
    walk.follow(page, '.parts a[href="/check"]')
    assert again in page.locator("main").inner_text()
    found += faults(page, "check")
    assert found == []


def test_a_slip_is_mended_and_the_check_comes_back(new_page):
    page = new_page(java_script_enabled=False)
    walk.enter(page)
    page.goto("/questions/tried")
    walk.choose(page, "opioids_now", "no")
    walk.submit(page)
    page.goto("/questions/medicines")
    walk.choose(page, "medicine_classes", "opioid_or_strong_pain")
    walk.submit(page)
    page.goto("/check")
    walk.follow(page, '.look-again a[href*="medicines"]')
    assert page.locator('input[value="opioid_or_strong_pain"]').is_checked()
    page.uncheck('input[value="opioid_or_strong_pain"]')
    walk.choose(page, "medicine_classes", "none")
    walk.submit(page)
    assert (page.url.split("?")[0].endswith("/check"), page.locator(".look-again").count()) == (True, 0)


def test_enter_in_a_field_continues_and_does_not_lead_to_the_list(new_page):
    page = new_page(java_script_enabled=False)
    walk.enter(page)
    page.goto("/questions/heart")
    page.fill('[name="bp_systolic"]', "120")
    with page.expect_navigation(wait_until="load"):
        page.press('[name="bp_systolic"]', "Enter")
    assert page.url.endswith("/questions/health")
