"""Two patients with one browser: nothing of the first is there for the second, on the screen, behind Back, or on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import walk
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Site

NewPage = Callable[..., Page]
NewProfile = Callable[..., BrowserContext]
WRITTEN = ("Zoraida Canaria", "555-0177", "zoraida@canary.example", "Warm cloths zq7")
ANSWERS: dict[str, Any] = {
    "emergency_now": ["none"],
    "pain_kinds": ["crps"],
    "other_treatment_text": "Warm cloths zq7",
    "heart_conditions": ["hypertension"],
    "bp_control": "poor",
    "bp_systolic": 157,
    "self_harm_thoughts": "yes",
}
GIVEN = "[...document.querySelectorAll('#main-form input, #main-form textarea')]"


@pytest.fixture
def new_profile(browser: Browser, site: Site, tmp_path: Path) -> Iterator[NewProfile]:
    """Opens a browser that keeps what a person's does: a profile on the disk, and pages it has been at for Back."""
    contexts: list[BrowserContext] = []

    def open_profile(**options: Any) -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=CHROMIUM,
            chromium_sandbox=False,
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],
            base_url=site.url,
            locale="en-US",
            viewport={"width": 390, "height": 844},
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield open_profile
    for context in contexts:
        context.close()


def begin(page: Page) -> None:
    """As someone at a shared device, up to the first page that asks who one is."""
    page.goto("/age")
    walk.choose(page, "adult", "yes")
    walk.submit(page)
    page.check('input[name="shared_device"]')
    page.check('input[name="agree"]')
    walk.submit(page)


def fill(page: Page) -> None:
    walk.fill_person(page)
    page.fill('input[name="name"]', "Zoraida Canaria")
    page.fill('input[name="phone"]', "555-0177")
    page.fill('input[name="email"]', "zoraida@canary.example")
    walk.submit(page)


def words_in(page: Page) -> set[str]:
    """What the first patient wrote, as far as this page shows it."""
    values = page.evaluate(f"{GIVEN}.map(field => field.value).join(' ')")
    return {word for word in WRITTEN if word in f"{page.locator('body').inner_text()} {values} {page.title()}"}


def found_in(folder: Path, *words: str) -> list[tuple[str, str]]:
    """Which of these words stand in which files, in the ways that browsers write text."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found += [
            (word, path.name) for word in words if word.encode() in content or word.encode("utf-16-le") in content
        ]
    return found


@pytest.mark.parametrize("script", [True, False], ids=["with_script", "without_script"])
def test_nothing_of_the_first_patient_is_left_for_the_second(
    new_profile: NewProfile, tmp_path: Path, script: bool
) -> None:
    context = new_profile(java_script_enabled=script)
    first = context.new_page()
    titles: set[str] = set()
    shown: set[str] = set()

    def look(page: Page, _state: str) -> None:
        titles.add(page.title())
        shown.update(words_in(page))

    begin(first)
    fill(first)
    walk.answer_all(first, ANSWERS, look)
    assert shown == set(WRITTEN)  # there was something that could have been left
    walk.submit(first)
    titles.add(first.title())
    assert first.url.endswith("/summary")
    assert [(word, title) for word in (*WRITTEN, "lood pressure") for title in titles if word in title] == []
    walk.follow(first, ".leave button")
    assert first.url.endswith("/left")

    pages = ("/questions/heart", "/check", "/summary", "/summary/print")
    for _ in range(5):  # Back, as often as one likes
        first.go_back()
        assert [word for word in WRITTEN if word in first.content()] == []
    second = context.new_page()
    for path in ("/", "/about-you", *pages):
        second.goto(path)
        assert [word for word in WRITTEN if word in second.content()] == []
    assert second.url.endswith("/gone")
    begin(second)
    assert second.input_value('input[name="name"]') == ""
    walk.fill_person(second)
    walk.submit(second)
    for path in ("/questions/tried", "/questions/heart", "/check"):
        second.goto(path)
        assert [word for word in WRITTEN if word in second.content()] == []
    second.goto("/questions/heart")
    assert second.locator("#main-form input:checked").count() == 0
    assert second.input_value('[name="bp_systolic"]') == ""
    walk.follow(second, ".leave button")
    context.close()
    assert found_in(tmp_path / "profile", *WRITTEN) == []
    # The scan sees what is there: the addresses of pages, which hold no answers, are what a browser keeps.
    assert found_in(tmp_path / "profile", "/questions/heart") != []


def test_scan_finds_what_a_page_would_keep(new_profile: NewProfile, tmp_path: Path) -> None:
    context = new_profile()
    page = context.new_page()
    page.goto("/")
    page.evaluate("localStorage.setItem('kept', 'Zoraida Canaria')")
    page.reload()
    context.close()
    assert {word for word, _ in found_in(tmp_path / "profile", *WRITTEN)} == {"Zoraida Canaria"}


def test_closing_the_browser_without_leaving_keeps_nothing_on_the_device(
    new_profile: NewProfile, tmp_path: Path
) -> None:
    context = new_profile()
    page = context.new_page()
    begin(page)
    fill(page)
    page.goto("/questions/tried")
    page.fill("textarea", "Warm cloths zq7")
    assert words_in(page) == {"Warm cloths zq7"}
    context.close()
    assert found_in(tmp_path / "profile", *WRITTEN) == []
    again = new_profile().new_page()  # the cookie went with the browser
    again.goto("/questions/tried")
    assert again.url.endswith("/gone")


# With the script


@pytest.fixture
def shared(new_page: NewPage) -> Page:
    """A page of a shared device with the time in our hands, at the questions about the heart."""
    page = new_page()
    begin(page)
    fill(page)
    page.goto("/questions/heart")
    walk.stop_time(page)
    return page


def wait(page: Page, seconds: int) -> None:
    """Nothing happens for that long."""
    page.wait_for_timeout(150)  # what was done before has its scrolling done
    page.clock.fast_forward(seconds * 1000)
    page.clock.run_for(1500)


def test_a_page_nobody_touches_warns_and_then_closes(shared: Page) -> None:
    shared.fill('[name="bp_systolic"]', "157")
    wait(shared, 85)
    expect(shared.get_by_role("alertdialog")).to_have_count(0)
    wait(shared, 5)
    expect(shared.get_by_role("alertdialog")).to_contain_text("Are you still here? In half a minute this page closes")
    assert shared.evaluate("document.activeElement.textContent") == "Stay"
    shared.clock.fast_forward(30_000)
    shared.clock.run_for(1500)
    shared.wait_for_url("**/left")
    shared.go_back()
    assert "157" not in shared.locator("body").inner_text()
    shared.goto("/questions/heart")
    assert shared.url.endswith("/gone")


def test_any_touch_shows_that_somebody_is_here(shared: Page) -> None:
    wait(shared, 95)
    expect(shared.get_by_role("alertdialog")).to_have_count(1)
    shared.keyboard.press("Shift")
    shared.clock.run_for(2500)
    expect(shared.get_by_role("alertdialog")).to_have_count(0)
    for is_told in (True, False, True, False):  # each two minutes the server hears that somebody is here
        if is_told:
            with shared.expect_response(lambda reply: reply.request.method == "POST"):
                wait(shared, 80)
        else:
            wait(shared, 80)
        shared.mouse.move(100, 100)
        shared.mouse.down()
        shared.mouse.up()
    assert shared.url.endswith("/questions/heart")
    expect(shared.get_by_role("alertdialog")).to_have_count(0)


def test_stay_keeps_the_page_and_saves_it(shared: Page) -> None:
    shared.fill('[name="bp_systolic"]', "157")
    wait(shared, 95)
    with shared.expect_response("**/questions/heart"):
        shared.get_by_role("button", name="Stay").click()
    wait(shared, 60)
    assert shared.url.endswith("/questions/heart")
    other = shared.context.new_page()
    other.goto("/questions/heart")
    assert other.input_value('[name="bp_systolic"]') == "157"


def test_leaving_takes_the_words_off_the_screen_at_once(shared: Page) -> None:
    shared.route("**/leave", lambda route: route.abort("aborted"))  # a line on which no answer comes: the page stays
    shared.locator(".leave button").click(no_wait_after=True)
    for _ in range(100):
        shared.clock.run_for(10)  # the page's own, by which it waits until the form is on its way
        if shared.evaluate("document.body.hidden"):
            break
    assert shared.url.endswith("/questions/heart")
    assert shared.evaluate("[document.body.hidden, document.title.trim()]") == [True, ""]
