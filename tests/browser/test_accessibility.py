"""axe finds nothing on any page or state, every group has its legend, and nothing scrolls sideways on a small phone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import walk
from tests.browser.test_patient_journey import PLAIN, send

AXE = Axe()
BOXES_OF_THEIR_OWN = {"agree", "shared_device"}  # one box is no group: its label says all


def faults(page: Page, state: str) -> list[str]:
    """What axe, the groups and the width of the page say against it; empty where all is well."""
    found = [f"{state}: {fault['id']} {fault['nodes'][0]['target']}" for fault in AXE.run(page).response["violations"]]
    loose = page.evaluate(
        """() => [...document.querySelectorAll('input[type=radio], input[type=checkbox]')]
            .filter(control => !control.closest('fieldset')?.querySelector(':scope > legend')?.textContent.trim())
            .map(control => control.name)"""
    )
    found += [f"{state}: {name} stands in no fieldset with a legend" for name in set(loose) - BOXES_OF_THEIR_OWN]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{state}: scrolls sideways at {page.viewport_size}")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main a.button, main input:not([type=hidden]), main select, main textarea')]
            .map(control => control.closest('label, .choice') ?? control)
            .filter(control => { const box = control.getBoundingClientRect(); return box.width > 1 && box.height > 1 && box.height < 43.5 })
            .map(control => control.outerHTML.slice(0, 80))"""
    )
    return found + [f"{state}: a target of less than 44 px: {control}" for control in small]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_no_patient_page_has_a_fault(new_page, locale, scheme):
    page = new_page(width=320, height=640, locale=locale, color_scheme=scheme)
    found: list[str] = []

    def look(page: Page, state: str) -> None:
        found.extend(faults(page, state))

    answers: dict[str, Any] = {**PLAIN, "emergency_now": ["cannot_urinate"], "bladder_now": ["blood"]}
    walk.enter(page, look)
    page.goto("/questions/heart")
    walk.choose(page, "heart_conditions", "hypertension", "none")
    page.fill('[name="bp_systolic"]', "1580")
    walk.submit(page)
    look(page, "section-heart with errors")
    page.goto("/questions/right_now")
    walk.answer_all(page, answers, look)
    send(page)
    look(page, "summary")
    for path in ("/summary/good-to-know", "/summary/print"):
        page.goto(path)
        look(page, path)
    reading = ("/about", "/rules", "/rules/cardiovascular", "/rules/questions/heart", "/privacy")
    for path in (*reading, "/adults-only", "/stopped", "/nowhere", "/return", "/left", "/sign-in"):
        page.goto(path)
        look(page, path)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_staff_page_has_a_fault(site, sign_in, scheme):
    site.command("demo", "--count", "30", "--seed", "7", "--anyway")
    found: list[str] = []
    for role, start in (("intake", "/intake/"), ("clinician", "/clinician/"), ("admin", "/admin/")):
        for width in (390, 1280):
            page = sign_in(role, width=width, color_scheme=scheme)
            page.goto(start)
            found += faults(page, f"{start} at {width}")
            first = page.locator('main a[href*="/submissions/"]')
            if first.count():
                walk.follow(page, first.first)
                found += faults(page, f"{role}'s submission at {width}")
            if role == "clinician":
                page.goto(f"{page.url.partition('#')[0]}/print")
                found += faults(page, f"print view at {width}")
    assert found == []
