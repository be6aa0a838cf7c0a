"""Walks through the questionnaire as a person would: page by page, by what stands on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Dialog, Error, Locator, Page

PERSON = {"name": "Ana Prueba", "month": "3", "day": "14", "year": "1968", "phone": "555-0142"}
Look = Callable[[Page, str], None]


def nothing(_page: Page, _state: str) -> None:
    """Looks at no page."""


def follow(page: Page, control: str | Locator) -> None:
    """Press a link or button that leads to another page, and wait until that page is there.

    With the script a page may also come in the place of the one that stands there, without the browser going anywhere.
    """
    target = page.locator(control).first if isinstance(control, str) else control
    with another_page(page):
        target.click()


@contextmanager
def another_page(page: Page) -> Iterator[None]:
    """Waits, after what is done within it, until another page is there, whichever way it comes."""
    page.evaluate("document.body.dataset.seen = 'yes'")
    yield
    for _ in range(1500):
        try:
            if page.evaluate("document.readyState === 'complete' && !document.body.dataset.seen"):
                return
        except Error as error:  # the page is just being left
            if "context was destroyed" not in str(error) and "navigat" not in str(error):
                raise
        page.wait_for_timeout(10)
    raise AssertionError(f"no other page came; still at {page.url}")


def submit(page: Page) -> None:
    """Press the main button of the page's main form."""
    follow(page, "#main-form .actions button")


def refuse_to_leave(page: Page) -> list[str]:
    """Answer each of the browser's own questions before it leaves a page with no; the kinds of those asked."""
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", refuse)
    return asked


def try_to_leave(page: Page, selector: str) -> None:
    """Press what leads elsewhere, until the browser asks first (see `refuse_to_leave`)."""
    with page.expect_event("dialog"):
        page.locator(selector).first.click(no_wait_after=True)


def stop_time(page: Page) -> None:
    """Load the page once more in a browser whose clock runs only as far as a test lets it (`page.clock`)."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.reload()


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
    """Answer every question on the page that `answers` has an answer for, those too that an answer brings while one is there."""
    left = [item for item in answers if not _answer(page, item, answers[item])]
    if page.locator('#main-form[data-gates]:not([data-gates=""])').count():
        page.wait_for_timeout(600)
        for item in left:
            _answer(page, item, answers[item])


def _answer(page: Page, item: str, answer: Any) -> bool:
    controls = page.locator(f'[name="{item}"], [name="{item}-unknown"]')
    if controls.count() == 0:
        return False
    if answer in ("not_sure", "declined") and page.locator(f'[name="{item}-unknown"]').count():
        page.check(f'input[name="{item}-unknown"][value="{answer}"]')
    elif isinstance(answer, list):
        choose(page, item, *answer)
    elif page.locator(f'input[name="{item}"][type=radio], input[name="{item}"][type=checkbox]').count():
        choose(page, item, str(answer))
    else:
        page.fill(f'[name="{item}"]', str(answer))
    return True


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
