"""A call typed in, worked on, corrected and put together with another one: in a browser, on a phone and on a desk, without a fault."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import walk
from tests.browser.test_accessibility import faults

CALLER = {"agreed": "patient", "agreement": "spoken", "preferred_contact": "phone", "contact_language": "es"}


def begin(page: Page, source: str, name: str) -> None:
    """The first page of typing in for a patient."""
    page.goto("/intake/new")
    for field, code in {"source": source, **CALLER}.items():
        walk.choose(page, field, code)
    page.fill('input[name="name"]', name)
    for part in ("month", "day", "year"):
        page.fill(f'input[name="birth_date-{part}"]', walk.PERSON[part])
    page.fill('input[name="phone"]', "555 555 0142")
    walk.submit(page)


def keep(page: Page) -> str:
    """From the check: keep it; its address."""
    page.goto("/intake/new/check")
    walk.submit(page)
    return page.url


def write(page: Page, panel: str, fields: dict[str, str]) -> None:
    """Open a panel's form where it is folded, fill it in and send it."""
    summary = page.locator(f"{panel} summary")
    if summary.count():
        summary.first.click()
    for field, value in fields.items():
        control = page.locator(f"#{field}")
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    walk.follow(page, f"{panel} form:has(#{next(iter(fields))}) button")


@pytest.mark.parametrize(("width", "locale"), [(390, "es-MX"), (1280, "en-US")])
def test_call_is_typed_in_worked_on_corrected_and_merged(sign_in: Any, width: int, locale: str) -> None:
    page = sign_in("intake", width=width, locale=locale)
    name = f"Zacarías Llamada {width}"
    found: list[str] = []

    def look(state: str) -> None:
        found.extend(faults(page, f"{state} at {width}"))

    page.goto("/intake/new")
    look("entry")
    walk.submit(page)
    look("entry with errors")
    begin(page, "phone", name)
    walk.choose(page, "emergency_now", "heart_attack_signs")
    walk.submit(page)
    page.fill('[name="pain_average"]', "lots")
    walk.submit(page)
    look("section, urgent, with an error")
    page.fill('[name="pain_average"]', "7")
    walk.submit(page)
    page.goto("/intake/new/check")
    look("check")
    one = keep(page)
    look("kept, urgent")
    write(page, ".urgent-box", {"urgent_text": "Called an ambulance."})
    write(page, "#flag", {"reason": "interpreter", "flag_text": "Mixteco"})
    write(page, "#contacts", {"channel": "phone", "outcome": "message", "contact_text": "To her daughter."})
    write(page, "#notes", {"text": "First words."})
    walk.follow(page, page.locator('#notes a[href*="/notes/"]').last)
    page.fill("#text", "Other words.")
    walk.submit(page)
    walk.follow(page, page.locator('#notes a[href*="/notes/"]').last)
    look("note that was changed")
    assert "First words." in page.locator("main").inner_text()
    page.goto(one)
    walk.follow(page, 'form[action$="/answers"] button')
    page.goto(f"{one}/answers/questions/pain")
    page.fill('[name="pain_average"]', "9")
    walk.follow(page, '#main-form button[value="check"]')
    look("correction")
    walk.submit(page)
    look("worked on")
    page.goto(f"{one}/versions")
    look("versions")
    begin(page, "paper", name)
    other = keep(page)
    walk.follow(page, page.locator('#same-person a[href*="/beside/"]').first)
    look("two beside each other")
    walk.follow(page, page.locator("#main-form button").nth(1))
    assert page.url.startswith(one)
    look("kept one of two")
    page.goto(other)
    look("merged")
    assert page.locator('a.reference[href*="/submissions/"]').first.is_visible()
    assert found == []
