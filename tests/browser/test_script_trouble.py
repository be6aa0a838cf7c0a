"""The patient's script where things go wrong on the way: slow and lost replies, errors of the server, drafts that are gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import walk
from tests.browser.checks import faults

CONTINUE = "#main-form .actions button"
HYPERTENSION = 'input[value="hypertension"]'
FOLLOW_UP = 'input[name="bp_control"]'


@pytest.fixture
def page(at_heart: Page) -> Page:
    return at_heart


@pytest.fixture
def dialogs(page: Page) -> list[str]:
    return walk.refuse_to_leave(page)


def hold(page: Page) -> list[Route]:
    """What is sent from this page waits here for a test to let it go."""
    held: list[Route] = []
    page.route("**/questions/heart", lambda route: held.append(route) if is_sent(route) else route.continue_())
    return held


def is_sent(route: Route) -> bool:
    return route.request.method == "POST"


def until(page: Page, held: list[Route], count: int) -> None:
    for _ in range(300):
        if len(held) >= count:
            return
        page.wait_for_timeout(10)
    raise AssertionError(f"{len(held)} requests came, not {count}")


# Errors of the server


@pytest.mark.parametrize("status", [400, 429, 500])
def test_error_is_told_in_its_own_words_and_the_page_stays(page: Page, status: int) -> None:
    told = page.request.get("/nowhere").text()
    page.fill('[name="bp_systolic"]', "151")
    page.route("**/questions/heart", lambda route: route.fulfill(status=status, body=told, content_type="text/html"))
    page.click(CONTINUE)
    notice = page.locator(".not-sent[role=alert]")
    expect(notice).to_contain_text("Check the address, or start from the first page.")
    expect(notice).to_contain_text("What you wrote is still on this page.")
    expect(page.locator(CONTINUE).first).to_be_focused()
    assert page.input_value('[name="bp_systolic"]') == "151"
    page.unroute("**/questions/heart")
    walk.submit(page)  # not only the button of the notice sends it again
    assert page.url.endswith("/questions/health")


def test_answers_whose_draft_is_gone_come_back_and_are_kept_with_one_press(page: Page, dialogs: list[str]) -> None:
    page.fill('[name="bp_systolic"]', "152")
    page.context.clear_cookies()
    walk.submit(page)
    notice = page.locator(".kept-notice[role=alert]")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text("Your earlier answers are not open here any more")
    assert page.input_value('[name="bp_systolic"]') == "152"
    walk.try_to_leave(page, "a.back")  # it is saved nowhere yet
    assert dialogs == ["beforeunload"]
    walk.submit(page)
    assert page.url.endswith("/about-you")
    walk.fill_person(page)
    walk.submit(page)
    page.goto("/questions/heart")
    assert page.input_value('[name="bp_systolic"]') == "152"


def test_follow_up_that_cannot_be_asked_for_tells_that_answers_are_closed(page: Page) -> None:
    page.context.clear_cookies()
    page.check(HYPERTENSION)
    expect(page.locator(".stay[role=alert]")).to_contain_text("Your answers are not open on this device any more.")
    assert page.is_checked(HYPERTENSION)
    walk.submit(page)
    assert page.locator(".kept-notice").count() == 1 and page.is_checked(HYPERTENSION)


def test_what_an_error_summary_stands_above_is_not_saved(page: Page, dialogs: list[str]) -> None:
    page.fill('[name="bp_systolic"]', "1580")
    walk.submit(page)
    walk.try_to_leave(page, "a.back")
    assert dialogs == ["beforeunload"] and page.url.endswith("/questions/heart")


# Replies that are slow, or lost


def test_slow_reply_is_told_of_and_nothing_can_be_written_that_would_be_lost(page: Page) -> None:
    page.fill('[name="bp_systolic"]', "153")
    held = hold(page)
    page.click(CONTINUE)
    expect(page.get_by_role("status").filter(has_text="Sending.")).to_be_visible()
    page.keyboard.type("7")
    assert page.locator("#main-form").get_attribute("inert") == ""
    held[0].continue_()
    page.wait_for_url("**/questions/health")
    assert len(held) == 1


def test_quick_continue_still_asks_what_the_answer_opens(page: Page) -> None:
    page.evaluate(
        f"document.querySelector('{HYPERTENSION}').click(); document.querySelector('{CONTINUE}').click();",
    )
    expect(page.locator(FOLLOW_UP).first).to_be_attached()
    page.wait_for_load_state()
    expect(page.locator('a[href="#more"]')).to_have_count(1)


def test_continue_waits_for_a_peek_and_passes_over_no_question(page: Page) -> None:
    held = hold(page)
    page.check(HYPERTENSION)
    until(page, held, 1)
    page.click(CONTINUE)
    page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].continue_()
    until(page, held, 2)
    assert page.locator(FOLLOW_UP).count() == 0  # not slipped in under the finger
    held[1].continue_()
    expect(page.locator('a[href="#more"]')).to_have_count(1)
    assert page.url.endswith("/questions/heart") and page.locator(FOLLOW_UP).count() > 0


def test_question_that_came_in_out_of_sight_is_asked_at_continue(page: Page) -> None:
    page.check(HYPERTENSION)
    page.locator(CONTINUE).first.scroll_into_view_if_needed()
    page.keyboard.press("End")
    expect(page.locator(FOLLOW_UP).first).to_be_attached()
    page.wait_for_timeout(1500)
    walk.submit(page)
    assert page.url.endswith("/questions/heart")
    expect(page.locator('a[href="#more"]')).to_have_count(1)
    walk.submit(page)
    assert page.url.endswith("/questions/health")


def test_question_that_was_seen_and_left_blank_is_not_asked_twice(page: Page) -> None:
    page.check(HYPERTENSION)
    page.locator(FOLLOW_UP).first.evaluate("row => row.scrollIntoView({block: 'center'})")
    expect(page.locator("[data-unseen]")).to_have_count(0)
    walk.submit(page)
    assert page.url.endswith("/questions/health")


def test_answer_taken_back_after_a_lost_reply_stays_taken_back(page: Page) -> None:
    """The server has got the tick, and the page does not know."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/questions/heart", lambda route: lose(route) if is_sent(route) else route.continue_())
    with page.expect_event("requestfailed"):
        page.check(HYPERTENSION)
    with page.expect_event("requestfailed"):
        page.uncheck(HYPERTENSION)
    page.unroute("**/questions/heart")
    walk.submit(page)
    page.goto("/questions/heart")
    assert not page.is_checked(HYPERTENSION)


def test_two_tabs_both_keep_what_they_said(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/questions/heart")
    other.fill('[name="bp_diastolic"]', "94")
    walk.submit(other)
    page.fill('[name="bp_systolic"]', "154")
    walk.submit(page)
    page.goto("/questions/heart")
    assert [page.input_value(f'[name="bp_{part}"]') for part in ("systolic", "diastolic")] == ["154", "94"]


# The way to help


def test_line_after_an_urgent_answer_leads_to_help_at_once_and_saves(page: Page, dialogs: list[str]) -> None:
    page.goto("/questions/right_now")
    walk.choose(page, "emergency_now", "cannot_urinate")
    walk.submit(page)
    assert page.url.endswith("/help-now")
    page.goto("/questions/heart")
    page.fill('[name="bp_systolic"]', "155")
    walk.follow(page, ".urgent-bar a")
    assert (dialogs, page.url.rsplit("/", 1)[-1]) == ([], "help-now")
    heart = page.context.new_page()
    for _ in range(100):  # it is saved while the page of help comes, on a line of its own
        heart.goto("/questions/heart")
        if heart.input_value('[name="bp_systolic"]'):
            break
    assert heart.input_value('[name="bp_systolic"]') == "155"


@pytest.mark.parametrize("width", [320, 1280])
def test_notices_cover_nothing_that_has_the_focus(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.fill('[name="bp_systolic"]', "156")
    page.context.clear_cookies()
    page.check(HYPERTENSION)
    bar = page.locator(".stay")
    expect(bar).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for _ in range(12):
        page.keyboard.press("Tab")
        page.wait_for_timeout(30)
        focused = page.evaluate("(({top, bottom}) => [top, bottom])(document.activeElement.getBoundingClientRect())")
        box = bar.bounding_box()
        assert box is not None and focused[0] < box["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_nothing_that_the_script_adds_has_a_fault(new_page: Callable[..., Page], locale: str, scheme: str) -> None:
    page = new_page(width=320, height=640, locale=locale, color_scheme=scheme)
    found: list[str] = []
    walk.enter(page)
    page.goto("/questions/heart")
    page.check(HYPERTENSION)
    expect(page.locator(FOLLOW_UP).first).to_be_attached()
    found += faults(page, "with a follow-up")
    page.context.set_offline(True)
    page.click(CONTINUE)
    expect(page.locator(".not-sent")).to_be_visible()
    found += faults(page, "not sent")
    page.context.set_offline(False)
    walk.submit(page)  # with something unsent the browser would ask before it loads the page once more
    page.goto("/questions/heart")
    walk.stop_time(page)
    page.clock.fast_forward("23:56:00")
    page.clock.run_for(1500)
    expect(page.locator(".stay button")).to_be_focused()
    page.clock.resume()  # axe waits by the page's clock
    found += faults(page, "the end is near")
    page.clock.fast_forward("05:00")
    expect(page.locator(".stay[role=alert]")).to_be_visible()
    found += faults(page, "ended")
    assert found == []
