"""The list of all parts and the answers to look at again, as a person meets them: a slip is mended, nothing typed is lost."""

from __future__ import annotations

from tests.browser import walk


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
