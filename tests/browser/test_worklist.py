"""The list that staff live in: by keyboard alone, and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import walk

OPEN = "/intake/?status=submitted"


@pytest.fixture(scope="module", autouse=True)
def submissions(site):
    """Made-up patients, some of them urgent, next to what other tests have sent."""
    site.command("demo", "--count", "24", "--seed", "7", "--anyway")


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_keyboard_alone_moves_chooses_takes_and_opens(sign_in):
    page = sign_in("intake")
    page.goto(f"{OPEN}&assignee=nobody")
    references = page.locator("a.reference").all_text_contents()
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert focused(page) == references[place]
    box = page.locator("tbody input[name=chosen]").nth(1)
    page.keyboard.press("x")
    assert box.is_checked()
    page.keyboard.press("x")
    assert not box.is_checked()
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(".flash")).to_have_text("1 submission is with Test Intake now.")
    assert references[1] not in page.locator("a.reference").all_text_contents()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/intake/submissions/" in page.url


def test_keys_leave_typing_alone_and_can_be_listed_and_switched_off(sign_in):
    page = sign_in("intake")
    page.goto(OPEN)
    page.keyboard.press("/")
    page.keyboard.type("jax?")
    assert page.input_value("#sought") == "jax?"
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys dl")).to_be_visible()
    walk.follow(page, "#keys button")
    page.keyboard.press("j")
    assert focused(page) != page.locator("a.reference").first.text_content()
    page.click("#keys summary")
    walk.follow(page, "#keys button")
    page.keyboard.press("j")
    assert focused(page) == page.locator("a.reference").first.text_content()


def test_one_box_chooses_all_of_the_page(sign_in):
    page = sign_in("intake")
    page.goto(OPEN)
    boxes = page.locator("tbody input[name=chosen]")
    page.get_by_label("Choose all on this page").check()
    assert page.locator("tbody input[name=chosen]:checked").count() == boxes.count() > 1
    boxes.first.uncheck()
    assert page.get_by_label("Choose all on this page").evaluate("box => box.indeterminate")


def test_everything_is_done_without_a_script(sign_in):
    page = sign_in("intake", java_script_enabled=False)
    page.goto(f"{OPEN}&severity=mention&assignee=nobody")
    page.select_option("#unknown", "yes")
    walk.follow(page, "form.filters:not(.find) .filter-actions button")
    assert page.url.endswith("/intake/?status=submitted&severity=mention&unknown=yes&assignee=nobody")
    reference = page.locator("a.reference").first.text_content()
    page.locator("tbody input[name=chosen]").first.check()
    walk.follow(page, "#chosen button:not([formaction])")
    expect(page.locator(".flash")).to_have_text("1 submission is with Test Intake now.")
    page.fill("#sought", str(reference))
    walk.follow(page, "form.find button")
    assert "/intake/submissions/" in page.url
    walk.follow(page, page.get_by_role("button", name="I am working on this"))
    expect(page.locator(".work-band")).to_contain_text("You are working on this since")
    walk.follow(page, page.get_by_role("button", name="Close it unread …"))
    page.check("input[name=reason][value=not_reached]")
    walk.follow(page, page.get_by_role("button", name="Close it"))
    expect(page.locator(".flash")).to_have_text("1 submission is closed.")
