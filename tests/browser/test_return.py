"""Saving for later in one browser and going on in another, without JavaScript, in Spanish; and what is printed."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser import walk


def begin(page: Page) -> None:
    """To the page about pain, with two answers typed and not sent."""
    walk.enter(page)
    page.goto("/questions/pain")
    walk.choose(page, "pain_kinds", "crps")
    page.fill('[name="pain_average"]', "7")


def save_for_later(page: Page) -> list[str]:
    walk.follow(page, page.locator('[name="save_for_later"]'))
    assert page.url.endswith("/return-code")
    return page.locator(".code-words li").all_inner_texts()


def type_code(page: Page, words: str) -> None:
    page.goto("/return")
    page.fill('[name="code"]', words)
    for part in ("month", "day", "year"):
        page.fill(f'[name="birth_date-{part}"]', walk.PERSON[part])
    walk.submit(page)


def test_what_is_saved_on_one_device_goes_on_on_another(new_page):
    phone = new_page(locale="es-MX", java_script_enabled=False)
    begin(phone)
    words = save_for_later(phone)
    assert phone.title().startswith("Su código de regreso")
    assert len(words) == 5
    laptop = new_page(width=1280, locale="es-MX", java_script_enabled=False)
    type_code(laptop, " ".join(words).upper())
    assert laptop.url.endswith("/questions/right_now")
    laptop.goto("/questions/pain")
    assert laptop.input_value('[name="pain_average"]') == "7"
    assert laptop.is_checked('[name="pain_kinds"][value="crps"]')
    laptop.goto("/check")
    walk.submit(laptop)
    assert laptop.url.endswith("/summary")
    phone.goto("/")  # handed in on the laptop: the phone has the summary too
    walk.follow(phone, "main .actions a")
    assert phone.url.endswith("/summary")


def test_the_code_is_printed_and_nothing_to_press_is(new_page):
    page = new_page()
    begin(page)
    words = save_for_later(page)
    page.emulate_media(media="print")
    assert [page.get_by_text(word, exact=True).first.is_visible() for word in words] == [True] * 5
    assert page.locator("main button:visible, main a.button:visible").count() == 0
