"""The switch of language on staff's pages loses nothing that was typed or chosen, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import walk

NOTE = "Called twice, no one answered."


@pytest.fixture(scope="module", autouse=True)
def submissions(site):
    """Something in the queue."""
    site.command("demo", "--count", "20", "--seed", "5", "--anyway")


def open_first(page: Page, list_path: str) -> None:
    page.goto(list_path)
    walk.follow(page, page.locator('main a[href*="/submissions/"]').first)


def switched_beside(page: Page) -> Page:
    """The tab that the switch opens."""
    with page.context.expect_page() as opened:
        page.locator(".switch-beside").click()
    opened.value.wait_for_load_state()
    return opened.value


def test_switch_keeps_the_tab_as_long_as_nothing_was_typed(sign_in):
    page = sign_in("intake", java_script_enabled=False)
    for path in ("/intake/", "/intake/new"):
        page.goto(path)
        assert not page.locator(".switch-beside").is_visible()
        walk.follow(page, ".switch-here")
        assert page.locator("html").get_attribute("lang") == "es"
        walk.follow(page, ".switch-here")
        assert page.locator("html").get_attribute("lang") == "en"


def test_what_was_typed_stays_in_its_tab_and_is_sent_from_there(sign_in):
    page = sign_in("intake", java_script_enabled=False)
    open_first(page, "/intake/")
    page.fill("#text", NOTE)
    assert not page.locator(".switch-here").is_visible()
    beside = switched_beside(page)
    assert beside.locator("html").get_attribute("lang") == "es"
    assert beside.url.partition("#")[0] == page.url.partition("#")[0]
    assert NOTE not in beside.url
    assert page.input_value("#text") == NOTE
    walk.follow(page, "#notes form button")
    assert page.locator("#notes .written").last.inner_text() == NOTE
    assert page.locator("html").get_attribute("lang") == "es"


def test_what_was_chosen_counts_too(sign_in):
    page = sign_in("intake", java_script_enabled=False)
    page.goto("/intake/")
    page.locator('input[name="chosen"]').first.check()
    assert page.locator(".switch-beside").is_visible()
    page.locator('input[name="chosen"]').first.uncheck()
    assert page.locator(".switch-here").is_visible()
