"""A person who has a keyboard and nothing else: forwards with Tab, arrows within radios, Space, Enter. Looks at the focus at every stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page

from tests.browser import walk

MOST_STOPS = 200  # no page has more to stop at
_STOP = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect();
    const drawn = getComputedStyle(at.matches('.choice input') ? at.nextElementSibling : at);
    return {
        what: at.outerHTML.replace(/\\s+/g, ' ').slice(0, 80),
        ring: drawn.outlineStyle === 'none' ? 0 : parseFloat(drawn.outlineWidth),
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


def tab_to(page: Page, selector: str) -> None:
    """Forwards until the focus is on such an element; every stop on the way must be seen, ring and all."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # past the last stop, out of the page: the next one is its first again
        stop = page.evaluate(_STOP)
        assert stop["ring"] >= 2 and stop["seen"], f"the focus is not seen: {stop['what']}"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no key leads to {selector} on {page.url}")


def press(page: Page, selector: str) -> None:
    """Forwards to a link or button, and Enter; waits for the page it leads to."""
    tab_to(page, selector)
    with walk.another_page(page):
        page.keyboard.press("Enter")


def go_on(page: Page) -> None:
    """Forwards to the page's main button, and Enter."""
    press(page, "#main-form .actions .button-main, #main-form .actions .button")


def write(page: Page, name: str, words: str) -> None:
    """Forwards to a field, and type."""
    tab_to(page, f'[name="{name}"]')
    page.keyboard.type(words)


def choose(page: Page, item: str, *codes: str) -> None:
    """Forwards to a question's rows, and choose: boxes by Space, radios by arrows."""
    for code in codes:
        box = f'input[type=checkbox][value="{code}"]:is([name="{item}"], [name="{item}-unknown"])'
        if page.locator(box).count():
            tab_to(page, box)
            page.keyboard.press("Space")
            continue
        tab_to(page, f'input[type=radio][name="{item}"]')
        page.keyboard.press("Space")
        for _ in range(MOST_STOPS):
            if page.evaluate("document.activeElement.value") == code:
                break
            page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.checked && document.activeElement.value") == code


def answer_section(page: Page, answers: Mapping[str, Any]) -> None:
    """Answer what this page asks of `answers`, in the order of the page."""
    names = page.evaluate("[...new Set([...document.querySelectorAll('#main-form [name]')].map(e => e.name))]")
    for name in names:
        answer = answers.get(name)
        if answer is None or page.locator(f'[name="{name}"]:checked').count():
            continue
        if isinstance(answer, list):
            choose(page, name, *answer)
        elif page.locator(f'[name="{name}-unknown"][value="{answer}"]').count():
            if not page.locator(f'[name="{name}-unknown"]:checked').count():
                choose(page, name, str(answer))
        elif page.locator(f'[name="{name}"][type=radio]').count():
            choose(page, name, str(answer))
        elif not page.input_value(f'[name="{name}"]'):
            write(page, name, str(answer))


def to_the_end(page: Page, answers: Mapping[str, Any], seen: Callable[[str], None]) -> None:
    """Through every screen that comes, to the summary; `seen` is told each path."""
    for _ in range(60):
        path = page.url.partition("?")[0].rpartition("://")[2].partition("/")[2]
        seen(path)
        if path == "summary":
            return
        if path.startswith("questions/"):
            answer_section(page, answers)
        go_on(page)
        assert page.locator(".error-summary").count() == 0, page.locator(".error-summary").inner_text()
    raise AssertionError(f"the way did not end; last at {page.url}")
