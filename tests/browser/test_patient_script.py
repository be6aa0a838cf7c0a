"""What the script adds for patients: follow-ups at once, no page lost to a bad line, a warning before anything is.

Everything is tried without it too, in the other files here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk

NewPage = Callable[..., Page]
CONTINUE = "#main-form .actions button"


@pytest.fixture
def page(at_heart: Page) -> Page:
    return at_heart


def sent(page: Page) -> list[str]:
    """The addresses of what is sent from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if request.method == "POST" else None)
    return found


# Follow-ups in place


def test_a_follow_up_appears_at_once_and_nothing_else_changes(page: Page) -> None:
    page.fill('[name="bp_systolic"]', "15")
    row = page.locator('input[name="heart_conditions"][value="hypertension"]')
    row.focus()
    before = row.bounding_box()
    page.keyboard.press("Space")
    expect(page.locator('input[name="bp_control"]').first).to_be_attached()
    assert page.evaluate("document.activeElement.value") == "hypertension"
    assert page.locator('[name="bp_systolic"]').input_value() == "15"
    assert (row.is_checked(), row.bounding_box()) == (True, before)
    items = page.eval_on_selector_all("[data-item]", "blocks => blocks.map(block => block.dataset.item)")
    assert items.index("bp_control") == items.index("bp_systolic") - 1
    expect(page.locator("#news[role=status]")).to_have_text(
        "Because of your answer, there is more to ask on this page. New questions: 1."
    )
    assert page.url.endswith("/questions/heart")


def test_a_follow_up_goes_when_its_reason_goes_and_comes_back_with_its_answer(page: Page) -> None:
    row, follow_up = page.locator('input[value="hypertension"]'), page.locator('input[name="bp_control"]')
    row.check()
    expect(follow_up.first).to_be_attached()
    page.check('input[name="bp_control"][value="poor"]')
    row.uncheck()
    expect(follow_up).to_have_count(0)
    expect(page.locator("#news")).to_have_text("Because of your answer, there is less to ask on this page.")
    row.check()
    expect(page.locator('input[name="bp_control"][value="poor"]')).to_be_checked()


def test_continue_then_goes_on_with_all_of_it_saved(page: Page) -> None:
    page.locator('input[value="hypertension"]').check()
    page.locator('input[name="bp_control"][value="poor"]').check()
    walk.submit(page)
    assert page.url.endswith("/questions/health")
    page.goto("/questions/heart")
    assert page.is_checked('input[name="bp_control"][value="poor"]')


def test_an_answer_that_opens_nothing_asks_nothing(page: Page) -> None:
    posts = sent(page)
    page.fill('[name="bp_systolic"]', "150")
    page.locator('[name="bp_systolic"]').blur()
    page.wait_for_timeout(600)
    assert posts == []


def test_several_boxes_in_a_row_are_one_question_to_the_server(page: Page) -> None:
    walk.stop_time(page)
    posts = sent(page)
    walk.choose(page, "heart_conditions", "hypertension", "angina", "heart_failure")
    page.clock.run_for(1000)
    expect(page.locator('input[name="bp_control"]').first).to_be_attached()
    page.clock.run_for(1000)
    assert len(posts) == 1


def test_a_peek_keeps_an_answer_that_was_changed_in_another_tab(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/questions/heart")
    other.check('input[name="bp_older"][value="high"]')
    walk.submit(other)
    page.check('input[value="hypertension"]')
    expect(page.locator('input[name="bp_older"][value="high"]')).to_be_checked()
    walk.submit(page)
    other.goto("/questions/heart")
    assert other.is_checked('input[name="bp_older"][value="high"]')


def test_a_peek_that_fails_is_silent_and_continue_asks_as_it_does_without_script(page: Page) -> None:
    page.context.set_offline(True)
    page.check('input[value="hypertension"]')
    page.wait_for_timeout(600)
    assert page.locator(".not-sent").count() == 0
    page.context.set_offline(False)
    walk.submit(page)
    assert page.url.endswith("/questions/heart")
    assert page.locator('input[name="bp_control"]').count() > 0


# A line that breaks


def test_without_a_connection_the_page_stays_and_can_be_sent_again(page: Page) -> None:
    page.fill('[name="bp_systolic"]', "151")
    page.context.set_offline(True)
    page.click(CONTINUE)
    notice = page.locator(".not-sent[role=alert]")
    expect(notice).to_contain_text("This was not sent: there is no connection.")
    assert page.url.endswith("/questions/heart") and page.input_value('[name="bp_systolic"]') == "151"
    page.click(".not-sent button")
    page.wait_for_timeout(300)
    expect(notice).to_have_count(1)
    page.fill('[name="bp_diastolic"]', "91")  # one can go on writing
    page.context.set_offline(False)
    expect(notice).to_contain_text("There is a connection again. You can send this now.")
    walk.follow(page, ".not-sent button")
    assert page.url.endswith("/questions/health")
    page.goto("/questions/heart")
    assert [page.input_value(f'[name="bp_{part}"]') for part in ("systolic", "diastolic")] == ["151", "91"]


@pytest.mark.parametrize("status", [502, 503])
def test_a_server_that_is_down_loses_nothing_either(page: Page, status: int) -> None:
    """The reply is a reverse proxy's, which stands before the guide and has words of its own."""
    page.fill('[name="bp_systolic"]', "152")
    page.route("**/questions/heart", lambda route: route.fulfill(status=status, body="<h1>Bad Gateway</h1>"))
    page.click(CONTINUE)
    expect(page.locator(".not-sent")).to_contain_text("the guide did not answer")
    page.unroute("**/questions/heart")
    walk.follow(page, ".not-sent button")
    page.goto("/questions/heart")
    assert page.input_value('[name="bp_systolic"]') == "152"


def test_a_page_of_ours_that_tells_of_an_error_is_told_in_its_words(page: Page) -> None:
    page.fill('[name="bp_systolic"]', "153")
    page.evaluate("document.querySelector('[name=bp_diastolic]').value = '9'.repeat(300_000)")
    page.click(CONTINUE)
    expect(page.locator(".not-sent")).to_contain_text(
        "Nothing was saved. Go back, write a little less, and send it again."
    )
    assert page.input_value('[name="bp_systolic"]') == "153"


def test_nothing_is_kept_on_the_device(page: Page) -> None:
    page.fill('[name="bp_systolic"]', "154")
    page.context.set_offline(True)
    page.click(CONTINUE)
    expect(page.locator(".not-sent")).to_be_visible()
    kept = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert kept == [0, 0, 0, 0]
    page.context.set_offline(False)


def test_a_double_press_sends_once(page: Page) -> None:
    posts = sent(page)
    page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('#main-form .actions button').click()")
    page.wait_for_url("**/questions/health")
    assert len(posts) == 1


def test_errors_come_in_the_pages_place_with_the_focus_on_them(page: Page) -> None:
    page.fill('[name="bp_systolic"]', "1580")
    walk.submit(page)
    assert page.title().startswith("Error: ") and page.url.endswith("/questions/heart")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.input_value('[name="bp_systolic"]') == "1580"
    page.fill('[name="bp_systolic"]', "158")
    walk.submit(page)  # the page that came that way has all the help too
    assert page.url.endswith("/questions/health")


def test_the_whole_way_goes_by_addresses_without_answers(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.check('input[value="hypertension"]')
    page.fill('[name="bp_systolic"]', "155")
    walk.submit(page)
    assert page.locator('input[name="bp_control"]').count() > 0
    assert [url for url in asked if re.search("hypertension|155|peek", url)] == []


# Leaving with something unsent


@pytest.fixture
def dialogs(page: Page) -> list[str]:
    return walk.refuse_to_leave(page)


def test_leaving_is_asked_about_only_with_something_unsent(page: Page, dialogs: list[str]) -> None:
    page.fill('[name="bp_systolic"]', "156")
    walk.try_to_leave(page, "a.back")
    assert (dialogs, page.url.rsplit("/", 1)[-1]) == (["beforeunload"], "heart")
    walk.submit(page)
    walk.follow(page, "a.back")
    assert dialogs == ["beforeunload"]


def test_what_a_peek_has_sent_is_not_asked_about(page: Page, dialogs: list[str]) -> None:
    page.check('input[value="hypertension"]')
    expect(page.locator('input[name="bp_control"]').first).to_be_attached()
    walk.follow(page, "a.back")
    assert dialogs == []


@pytest.mark.parametrize("number", ["911", "988"])
def test_a_call_for_help_is_never_asked_about(page: Page, dialogs: list[str], number: str) -> None:
    page.fill('[name="bp_systolic"]', "157")
    page.locator(f'a[href="tel:{number}"]').first.click(no_wait_after=True)
    page.wait_for_timeout(400)
    assert dialogs == []


def test_leaving_at_once_is_never_asked_about(page: Page, dialogs: list[str]) -> None:
    page.fill('[name="bp_systolic"]', "157")
    walk.follow(page, ".leave button")
    assert (dialogs, page.url.rsplit("/", 1)[-1]) == ([], "left")


# The end of the time


def test_the_end_is_warned_about_in_time_and_staying_saves(page: Page) -> None:
    walk.stop_time(page)
    page.fill('[name="bp_systolic"]', "158")
    page.clock.fast_forward("23:54:00")
    page.clock.run_for(2000)
    assert page.locator(".stay").count() == 0
    page.clock.fast_forward("02:00")
    page.clock.run_for(2000)
    bar = page.get_by_role("alertdialog")
    expect(bar).to_contain_text("Your answers close on this device in a few minutes.")
    assert page.evaluate("document.activeElement.textContent") == "Stay"
    with page.expect_response("**/questions/heart"):
        page.keyboard.press("Enter")
    expect(bar).to_have_count(0)
    assert page.evaluate("document.activeElement.name") == "bp_systolic"  # back where one was
    page.clock.run_for(5000)
    expect(bar).to_have_count(0)
    other = page.context.new_page()
    other.goto("/questions/heart")
    assert other.input_value('[name="bp_systolic"]') == "158"


def test_who_is_writing_when_the_end_comes_near_goes_on_writing(page: Page) -> None:
    walk.stop_time(page)
    page.clock.fast_forward("23:54:57")
    page.locator('[name="bp_systolic"]').press_sequentially("1")
    page.clock.run_for(4000)
    expect(page.locator(".stay[role=alert]")).to_contain_text("Your answers close on this device in a few minutes.")
    page.keyboard.type("58")
    assert page.input_value('[name="bp_systolic"]') == "158"
    page.get_by_role("button", name="Stay").click()
    expect(page.locator(".stay")).to_have_count(0)


def test_a_phone_that_slept_past_the_end_is_told_so_and_keeps_the_page(page: Page) -> None:
    walk.stop_time(page)
    page.fill('[name="bp_systolic"]', "159")
    page.clock.fast_forward("25:00:00")
    page.clock.run_for(2000)
    expect(page.locator(".stay[role=alert]")).to_contain_text("not open on this device any more")
    assert page.input_value('[name="bp_systolic"]') == "159"


def test_a_page_without_answers_of_its_own_can_stay_too(page: Page) -> None:
    page.goto("/sections")
    walk.stop_time(page)
    page.clock.fast_forward("23:56:00")
    page.clock.run_for(2000)
    posts = sent(page)
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    page.clock.run_for(3000)
    assert [url.rsplit("/", 1)[-1] for url in posts] == ["stay"]
    expect(page.get_by_role("alertdialog")).to_have_count(0)


# Both languages, and the weight


def test_the_script_speaks_the_pages_language(new_page: NewPage) -> None:
    page = new_page(locale="es-MX")
    walk.enter(page)
    page.goto("/questions/heart")
    page.check('input[value="hypertension"]')
    expect(page.locator("#news")).to_have_text(
        "Por su respuesta, hay más que preguntar en esta página. Preguntas nuevas: 1."
    )
    page.context.set_offline(True)
    page.click(CONTINUE)
    expect(page.locator(".not-sent")).to_contain_text("Esto no se envió: no hay conexión.")
    page.context.set_offline(False)


def test_the_paper_form_prints_at_a_press(page: Page) -> None:
    page.goto("/check")
    walk.submit(page)
    page.goto("/summary/print")
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True
