"""A clinician's review in a real browser: to the sign-off without JavaScript, and by keyboard."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser import walk
from tests.browser.conftest import PASSWORD


def open_first(page: Page, status: str) -> None:
    page.goto(f"/clinician/?status={status}")
    walk.follow(page, page.locator('main a[href*="/submissions/"]').first)


def decide_everything(page: Page) -> None:
    """Agree with every finding, see every open question."""
    for group in page.locator(".decision").all():
        if group.locator("input[type=radio]:checked").count() == 0:
            group.locator("input[type=radio][value=agree]").check(force=True)
    for box in page.locator('input[name="seen"]').all():
        box.check(force=True)


def test_review_goes_from_start_to_sign_off_without_javascript(site, sign_in):
    site.command("demo", "--count", "40", "--seed", "11", "--anyway")
    page = sign_in("clinician", java_script_enabled=False)
    open_first(page, "accepted")
    walk.follow(page, ".sign-off-bar button")
    assert page.locator(".sign-off-bar").inner_text().startswith("0 of ")
    page.fill("#password", PASSWORD)
    walk.follow(page, '#sign-off button[value="sign_off"]')
    missing = page.locator(".error-summary a")
    assert missing.count() > 1
    for link in missing.all():
        assert page.locator(f"[id='{str(link.get_attribute('href'))[1:]}']").count() == 1
    decide_everything(page)
    page.fill("#assessment", "Read with care.")
    page.select_option("#disposition", "discuss")
    walk.follow(page, '.sign-off-bar button[value="record"]')
    assert page.locator(".sign-off-bar .button-main").inner_text() == "Sign off"
    page.fill("#password", PASSWORD)
    walk.follow(page, '#sign-off button[value="sign_off"]')
    signed = page.locator("#signed")
    assert "Discuss in person" in signed.inner_text()
    assert page.locator(".alarm").count() == 0
    signed.locator("summary").click()
    assert "It was worked out again just now and is the same." in signed.inner_text()


def test_reasons_show_for_the_choice_that_was_made_and_radios_answer_to_the_keyboard(site, sign_in):
    site.command("demo", "--count", "40", "--seed", "11", "--anyway")
    page = sign_in("clinician")
    open_first(page, "in_review")
    rule = page.evaluate(
        "[...document.querySelectorAll('.decision')].find(one => !one.querySelector(':checked[type=radio]')).querySelector('input').name"
    )
    group = page.locator(".decision").filter(has=page.locator(f'[name="{rule}"]'))
    group.scroll_into_view_if_needed()
    assert [row.is_visible() for row in group.locator(".reason").all()] == [False, False, False]
    group.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    assert [row.is_visible() for row in group.locator(".reason").all()] == [False, False, True]
    page.keyboard.press("ArrowRight")
    assert [row.is_visible() for row in group.locator(".reason").all()] == [True, False, True]
    page.keyboard.press("ArrowRight")
    assert [row.is_visible() for row in group.locator(".reason").all()] == [False, True, True]
