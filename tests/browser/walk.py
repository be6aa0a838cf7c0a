"""Walks through the questionnaire as a person would: page by page, by what stands on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Locator, Page

PERSON = {"name": "Ana Prueba", "month": "3", "day": "14", "year": "1968", "phone": "555-0142"}
Look = Callable[[Page, str], None]


def nothing(_page: Page, _state: str) -> None:
    """Looks at no page."""


def follow(page: Page, control: str | Locator) -> None:
    """Press a link or button that leads to another page, and wait until that page is there."""
    target = page.locator(control).first if isinstance(control, str) else control
    with page.expect_navigation(wait_until="load"):
        target.click()


def submit(page: Page) -> None:
    """Press the main button of the page's main form."""
    follow(page, "#main-form .actions button")


def choose(page: Page, item: str, *codes: str) -> None:
    """Tick rows of a question, by their codes."""
    for code in codes:
        page.check(f'input[name="{item}"][value="{code}"]')


def enter(page: Page, look: Look = nothing) -> None:
    """From the start page to the first section."""
    page.goto("/")
    look(page, "start")
    follow(page, "main a.button, main .actions a, main .actions button")
    look(page, "age")
    choose(page, "adult", "yes")
    submit(page)
    look(page, "consent")
    page.check('input[name="agree"]')
    submit(page)
    look(page, "about-you")
    fill_person(page)
    submit(page)


def fill_person(page: Page) -> None:
    page.fill('input[name="name"]', PERSON["name"])
    for part in ("month", "day", "year"):
        page.fill(f'input[name="birth_date-{part}"]', PERSON[part])
    page.fill('input[name="phone"]', PERSON["phone"])
    choose(page, "preferred_contact", "phone")
    choose(page, "contact_language", "es")


def answer_section(page: Page, answers: Mapping[str, Any]) -> None:
    """Answer every question on the page that `answers` has an answer for."""
    for item, answer in answers.items():
        controls = page.locator(f'[name="{item}"], [name="{item}-unknown"]')
        if controls.count() == 0:
            continue
        if answer in ("not_sure", "declined") and page.locator(f'[name="{item}-unknown"]').count():
            page.check(f'input[name="{item}-unknown"][value="{answer}"]')
        elif isinstance(answer, list):
            choose(page, item, *answer)
        elif page.locator(f'input[name="{item}"][type=radio], input[name="{item}"][type=checkbox]').count():
            choose(page, item, str(answer))
        else:
            page.fill(f'[name="{item}"]', str(answer))


def answer_all(page: Page, answers: Mapping[str, Any], look: Look = nothing) -> None:
    """Through every section to *check your answers*, past urgent pages and screens that come back with follow-ups."""
    for _ in range(60):
        path = page.url.split("?")[0]
        if path.endswith("/check"):
            look(page, "check")
            return
        if path.endswith("/help-now"):
            look(page, "help-now")
            submit(page)
            continue
        section = path.rsplit("/", 1)[-1]
        look(page, f"section-{section}")
        answer_section(page, answers)
        submit(page)
    raise AssertionError(f"the questionnaire did not end; last at {page.url}")
