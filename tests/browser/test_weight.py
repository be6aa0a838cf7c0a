"""What each page of the open doors weighs on a bad phone, measured over the wire of a real server in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.paths import rules_folder
from tests.browser import walk
from tests.browser.heavy_patient import heaviest_answers, raised
from tests.browser.test_patient_journey import PLAIN, send
from tests.browser.wire import Wire

MOST_REQUESTS = 4
FIRST_VISIT = 40_000
VISIT_AGAIN = 6_000
# What the summary says of one patient does not fit where many rules are raised: the words alone are more. The patient of
# these tests has 17 open questions and 40 findings; of one who has everything there are 70,000 letters to read.
BUSY = {"/summary": 10_000, "/summary/print": 8_500}
HEAVIEST = {"/summary": 17_500, "/summary/print": 13_500}
LANGUAGES = [("en-US", "en"), ("es-MX", "es")]


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    """The shipped rulebook, which the site serves."""
    return load_ruleset(rules_folder())


def reading_pages(ruleset: Ruleset) -> Iterator[str]:
    yield from ("/", "/age", "/adults-only", "/gone", "/erased", "/about", "/privacy", "/nowhere", "/rules")
    for topic in dict.fromkeys(rule.topic for rule in ruleset.rules):
        yield from (f"/rules/{topic}", f"/rules/{topic}/notes")
    yield from (f"/rules/questions/{section.id}" for section in ruleset.sections)


def walked(page: Page, answers: dict[str, Any]) -> list[str]:
    """Answer everything; the addresses of the pages on the way that can be opened once more."""
    seen: dict[str, None] = {}

    def look(page: Page, _state: str) -> None:
        seen.setdefault("/" + page.url.split("/", 3)[3])

    walk.enter(page, look)
    walk.answer_all(page, answers, look)
    return list(seen)


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
def test_every_page_is_light_on_the_first_visit_and_lighter_after(
    new_page: Callable[..., Page], ruleset: Ruleset, locale: str, language: str
) -> None:
    page = new_page(locale=locale)
    answers = {**PLAIN, "emergency_now": ["cannot_urinate"]}
    on_the_way = walked(page, answers)
    assert len(on_the_way) > len(ruleset.sections)
    wire = Wire(page)
    weighed = {path: weigh(wire, path) for path in (*on_the_way, *reading_pages(ruleset), "/stopped")}
    page.goto("/check")
    send(page)
    weighed |= {f"{path} after sending": weigh(wire, path) for path in ("/", "/summary/good-to-know", "/help-now")}
    assert page.locator("html").get_attribute("lang") == language
    assert too_heavy(weighed, VISIT_AGAIN) == {}
    for path, most in BUSY.items():
        assert too_heavy({path: weigh(wire, path)}, most) == {}


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
def test_the_heaviest_summary_weighs_no_more_than_it_must(
    new_page: Callable[..., Page], ruleset: Ruleset, locale: str, language: str
) -> None:
    answers = heaviest_answers(ruleset)
    assert len(raised(ruleset, answers)) > 0.9 * len(ruleset.rules)
    page = new_page(locale=locale)
    walked(page, answers)
    wire = Wire(page)
    assert too_heavy({"/check": weigh(wire, "/check")}, VISIT_AGAIN) == {}
    send(page)
    for path, most in HEAVIEST.items():
        assert too_heavy({path: weigh(wire, path)}, most) == {}
    assert page.locator("html").get_attribute("lang") == language


Weight = tuple[int, int, int, int]


def weigh(wire: Wire, path: str) -> Weight:
    """Requests and bytes of a first visit, then of another."""
    first, again = wire.first_visit(path), wire.visit_again(path)
    print(path, first.requests, first.total, again.total)  # the figures, with `pytest -s`
    return first.requests, first.total, again.requests, again.total


def too_heavy(weighed: dict[str, Weight], most_again: int) -> dict[str, Weight]:
    most = (MOST_REQUESTS, FIRST_VISIT, 1, most_again)
    return {
        path: weight
        for path, weight in weighed.items()
        if any(found > allowed for found, allowed in zip(weight, most, strict=True)) or 0 in weight
    }
