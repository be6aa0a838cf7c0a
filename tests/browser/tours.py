"""Every page and state that patients and readers meet, by tours that lead past them.

A new page: call `look(page, "its name")` where a tour passes it, or add a tour to PATIENTS. Everything that is asked of pages (see
`inspection`) is then asked of it, in both languages. A page that no tour passes fails test_accessibility.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page

from tests.browser import walk
from tests.browser.walk import Look

URGENT: dict[str, Any] = {
    "emergency_now": ["cannot_urinate"],
    "pain_kinds": ["crps", "fibromyalgia"],
    "pain_average": 7,
    "pain_activity": "not_sure",
    "nsaids_result": "failed",
    "opioids_now": "yes",
    "other_treatment_text": "Heat and rest.",
    "heart_conditions": ["hypertension", "not_sure"],
    "bp_control": "poor",
    "bp_systolic": 150,
    "bladder_now": ["blood"],
    "self_harm_thoughts": "no",
    "unreal_experiences": "yes",
    "substance_problem": "declined",
    "stomach_upset": "yes",
}
CONFLICT = {
    "heart": {"heart_conditions": ["none"], "bp_systolic": "78", "bp_diastolic": "118"},
    "tried": {"opioids_now": "no"},
    "medicines": {"medicine_classes": ["opioid_or_strong_pain", "blood_pressure_or_heart"]},
}
READING = (
    "/about",
    "/privacy",
    "/rules",
    "/rules/cardiovascular",
    "/rules/cardiovascular/notes",
    "/rules/questions/heart",
    "/adults-only",
    "/gone",
    "/erased",
    "/return",
    "/nowhere",
)


def whole_journey(page: Page, look: Look) -> None:
    """Everything answered, with urgent answers, to the summary; each part once more, filled in; and closing the summary."""
    walk.enter(page, look)
    walk.answer_all(page, URGENT, look)
    check = page.url
    page.goto("/sections")
    look(page, "sections, all done")
    parts = page.locator('.parts a[href^="/questions/"]')
    for address in [str(part.get_attribute("href")) for part in parts.all()]:
        page.goto(address)
        look(page, f"{address}, filled in")
    page.goto(check)
    walk.submit(page)
    assert page.url.endswith("/summary")
    look(page, "summary")
    for path in ("/summary/good-to-know", "/summary/print", "/", "/help-now", "/return-code"):
        page.goto(path)
        look(page, f"{path} after sending")
    page.goto("/summary")
    walk.follow(page, 'main form[action="/erase"] button')
    look(page, "close summary")
    walk.follow(page, 'main [name="confirm"]')
    look(page, "closed")


def everything_wrong(page: Page, look: Look) -> None:
    """Each form sent as it should not be."""
    page.goto("/age")
    walk.submit(page)
    look(page, "age with errors")
    walk.choose(page, "adult", "yes")
    walk.submit(page)
    walk.submit(page)
    look(page, "consent with errors")
    page.check('input[name="agree"]')
    walk.submit(page)
    walk.submit(page)
    look(page, "about-you with errors")
    walk.fill_person(page)
    page.fill('input[name="birth_date-year"]', "2015")
    walk.submit(page)
    look(page, "about-you asked whether so young")
    walk.fill_person(page)
    walk.submit(page)
    page.goto("/questions/heart")
    walk.choose(page, "heart_conditions", "hypertension", "none")
    page.fill('[name="bp_systolic"]', "1580")
    walk.submit(page)
    look(page, "section-heart with errors")
    page.goto("/questions/pain")
    page.fill('[name="pain_average"]', "lots")
    page.fill('[name="pain_enjoyment"]', "11")
    walk.submit(page)
    look(page, "section-pain with errors")
    page.goto("/check")
    page.locator('#main-form [name="csrf_token"]').evaluate("token => { token.value = 'old' }")
    walk.submit(page)
    look(page, "check with an error")
    page.goto("/return")
    look(page, "return with something open")
    walk.submit(page)
    look(page, "return with errors")


def things_to_look_at_again(page: Page, look: Look) -> None:
    """The list of parts, answers that hardly go together, and follow-ups."""
    walk.enter(page)
    walk.follow(page, ".backrow button.link")
    assert page.url.endswith("/sections")
    look(page, "sections")
    for section, answers in CONFLICT.items():
        walk.follow(page, f'.parts a[href="/questions/{section}"]')
        walk.answer_section(page, answers)
        walk.follow(page, ".backrow button.link")
    walk.follow(page, '.parts a[href="/check"]')
    assert page.locator(".look-again").count() == 1
    look(page, "check with conflicts")
    page.goto("/questions/heart")
    page.uncheck('input[name="heart_conditions"][value="none"]')
    walk.choose(page, "heart_conditions", "hypertension")
    walk.submit(page)
    look(page, "section-heart with follow-ups")
    page.goto("/")
    look(page, "start with a draft")


def leaving_and_coming_back(page: Page, look: Look) -> None:
    """Saving for later, stopping, a page that is sent too late, coming back with the code, and erasing."""
    walk.enter(page)
    page.goto("/return-code")
    look(page, "before there is a code")
    page.goto("/questions/pain")
    walk.follow(page, page.locator('[name="save_for_later"]'))
    look(page, "return code")
    words = " ".join(page.locator(".code-words li").all_inner_texts())
    page.goto("/stopped")
    look(page, "stopped")
    walk.follow(page, 'main form[action="/erase"] button')
    look(page, "erase with a code")
    page.goto("/about-you")
    page.context.clear_cookies()
    walk.submit(page)
    look(page, "about-you that was kept")
    _come_back(page, words)
    page.goto("/questions/right_now")
    walk.choose(page, "emergency_now", "heart_attack_signs")
    page.context.clear_cookies()
    walk.submit(page)
    assert page.is_checked('[name="emergency_now"][value="heart_attack_signs"]')
    look(page, "urgent page that was kept")
    _come_back(page, "zebra castle garlic piano summer")
    look(page, "return refused")
    _come_back(page, words)
    assert page.url.endswith("/questions/right_now")
    walk.follow(page, 'footer form[action="/erase"] button')
    walk.follow(page, 'main [name="confirm"][value="device"]')
    look(page, "closed here")


def on_a_shared_device(page: Page, look: Look) -> None:
    """A device that others use: what it says of itself, and leaving at once."""
    page.goto("/age")
    walk.choose(page, "adult", "yes")
    walk.submit(page)
    page.check('input[name="shared_device"]')
    page.check('input[name="agree"]')
    walk.submit(page)
    walk.fill_person(page)
    walk.submit(page)
    look(page, "section on a shared device")
    page.goto("/stopped")
    look(page, "stopped on a shared device")
    walk.follow(page, ".leave button")
    assert page.url.endswith("/left")
    look(page, "left")


def sent_in_another_tab(page: Page, look: Look) -> None:
    """An urgent answer on a page that was still open when everything was sent from another one."""
    walk.enter(page)
    other = page.context.new_page()
    other.goto("/check")
    walk.submit(other)
    other.close()
    walk.choose(page, "emergency_now", "heart_attack_signs")
    walk.submit(page)
    assert page.locator(".band").count() == 1
    look(page, "summary with an answer that came too late")


def reading(page: Page, look: Look) -> None:
    """Pages that are there for everyone, without a draft."""
    for path in READING:
        page.goto(path)
        look(page, path)


def _come_back(page: Page, words: str) -> None:
    page.goto("/return")
    page.fill('[name="code"]', words)
    for part in ("month", "day", "year"):
        page.fill(f'[name="birth_date-{part}"]', walk.PERSON[part])
    walk.submit(page)


PATIENTS: Mapping[str, Callable[[Page, Look], None]] = {
    tour.__name__: tour
    for tour in (
        whole_journey,
        everything_wrong,
        things_to_look_at_again,
        leaving_and_coming_back,
        on_a_shared_device,
        sent_in_another_tab,
        reading,
    )
}


def after_sending(page: Page, look: Look, intake: Page) -> None:
    """Where the answers are: asked by the clinic, changed, taken back. `intake` is signed in, and asks."""
    walk.enter(page)
    walk.choose(page, "emergency_now", "none")
    walk.submit(page)
    page.goto("/check")
    walk.submit(page)
    page.goto("/status")
    look(page, "status")
    _ask(intake, page.locator(".reference b").inner_text())
    page.goto("/summary")
    look(page, "summary with a question of the clinic")
    page.goto("/status")
    look(page, "status with a question")
    walk.submit(page)
    look(page, "status with an error")
    page.fill('[name="reply"]', "Since last spring.")
    walk.submit(page)
    look(page, "status after a reply")
    walk.follow(page, 'main form[action="/amend"] button')
    look(page, "check before any change")
    page.goto("/questions/heart?back=check")
    look(page, "section-heart, to be changed")
    walk.choose(page, "heart_conditions", "angina")
    walk.submit(page)
    page.goto("/check")
    look(page, "check with a change")
    page.goto("/status")
    look(page, "status with a change that is not sent")
    page.goto("/check")
    walk.submit(page)
    page.goto("/withdraw")
    look(page, "withdraw")
    walk.submit(page)
    look(page, "withdrawn")


def _ask(intake: Page, reference: str) -> None:
    """A question of intake staff to who sent this reference."""
    intake.goto("/work/search")
    intake.fill("#sought", reference)
    walk.follow(intake, "form.find button")
    if "/submissions/" not in intake.url:
        walk.follow(intake, "a.reference")
    intake.fill("#note", "Since when do you take it?")
    walk.follow(intake, '#next button[value="ask"]')
