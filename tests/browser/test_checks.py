"""The checks find what they look for: one page with everything wrong on it, and one line for each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import checks, reader_settings

WRONG = """<!doctype html><html lang="fr"><head><title>Nowhere</title><style>
body { margin: 0; font: 16px/1.2 sans-serif; color: #1c2321; background: #fff }
.wide { width: 400px } .cut { width: 60px; height: 20px; overflow: hidden; white-space: nowrap }
.over { margin-top: -32px } .pale { color: #6a6a6a } .tiny { padding: 0; font-size: 8px }
button { border: 0; outline: none; transition: color 2s } .below { position: absolute; left: -200px; width: 100px }
input:focus, a:focus { outline: 3px solid blue } .cover { position: fixed; bottom: 0; width: 100%; height: 90vh; background: #fff }
</style></head><body class="patient"><main>
<h1>One</h1><h1>Two</h1>
<div class="error-summary" tabindex="-1"><a href="#none">No field</a><a href="#some">Some field</a></div>
<p class="wide">Wide</p><p class="cut">Words that are cut off here</p><p>First</p><p class="over">Second</p>
<p class="pale">Too pale for most</p>
<label><input type="radio" name="choice" value="a"> A</label><label><input type="radio" name="choice" value="b"> B</label>
<button>Go</button><div><button class="tiny">1</button><button class="tiny">2</button></div><div id="some">Not to be focused</div>
<input id="beyond" class="below" aria-label="Beyond">
</main></body></html>"""


@pytest.fixture
def wrong(browser: Browser) -> Iterator[Page]:
    """A page with everything wrong on it."""
    context = browser.new_context(viewport=reader_settings.NARROW)
    page = context.new_page()
    page.set_content(WRONG)
    yield page
    context.close()


def test_axe_is_run_with_the_rules_of_wcag_2_2_aa_and_more_contrast_for_patients(wrong: Page) -> None:
    found = {sentence.split(" ")[0] for sentence in checks.axe_faults(wrong)}
    assert {"color-contrast-enhanced", "target-size"} <= found


def test_names_groups_and_errors_are_looked_at(wrong: Page) -> None:
    assert checks.misnamed(wrong, "en") == [
        "has 2 headings of the first level",
        "says it is in fr",
        "is called “Nowhere” with an error",
        "has an error, and the focus is elsewhere",
    ]
    assert checks.loose_controls(wrong) == ["choice stands in no fieldset with a legend"]
    assert checks.errors_that_lead_nowhere(wrong) == ["#none is no field", "#some is no field"]


def test_what_is_wide_small_cut_off_or_drawn_over_is_found(wrong: Page) -> None:
    found = reader_settings.read_at_every_width(wrong)
    narrow = [sentence.removesuffix(", 320 px wide") for sentence in found if sentence.endswith(", 320 px wide")]
    assert "scrolls sideways" in narrow
    assert "cut off by .cut: Words that are cut off here" in narrow
    assert "drawn over each other: First / Second" in narrow
    small = [sentence for sentence in narrow if sentence.startswith("a small target")]
    assert ["button" in " ".join(small), "radio" in " ".join(small), "#some" in " ".join(small)] == [True] * 3
    assert not [sentence for sentence in found if "sideways, 1280" in sentence]


def test_settings_of_a_reader_are_set_looked_at_and_set_back(wrong: Page) -> None:
    assert "letters do not grow: 16.0 px, enlarged" in reader_settings.read_enlarged(
        wrong, wrong.context.new_cdp_session(wrong)
    )
    spaced = "getComputedStyle(document.querySelector('p')).letterSpacing"
    assert "scrolls sideways, spaced out" in reader_settings.read_spaced(wrong)
    assert wrong.evaluate(spaced) == "normal"
    found = " ".join(reader_settings.read_in_own_colours_without_motion(wrong))
    assert ["no edge in forced colours: <button>" in found, "moves: <button>" in found] == [True, True]
    assert wrong.evaluate("matchMedia('(forced-colors: active)').matches") is False


def test_focus_that_has_no_ring_or_is_not_on_the_screen_is_found(wrong: Page) -> None:
    found = reader_settings.read_by_keys(wrong)
    assert "no ring around the focus: <button>Go</button>" in found
    assert [sentence.split(":")[0] for sentence in found if "beyond" in sentence] == ["focused, and not to be seen"]


@pytest.mark.parametrize("check", [checks.sideways, checks.small_targets, checks.unreadable, checks.loose_controls])
def test_a_page_without_a_fault_has_none(browser: Browser, check: Callable[[Page], list[str]]) -> None:
    context = browser.new_context(viewport=reader_settings.NARROW)
    page = context.new_page()
    page.set_content("<p>Words, and <a href='#'>a link</a> among them.</p>")
    assert check(page) == []
    context.close()
