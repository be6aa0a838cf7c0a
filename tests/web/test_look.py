"""The look as numbers: every colour that text, edges and rings are drawn in, by the formula of WCAG; sizes, and words in stylesheets."""

from __future__ import annotations

import re

import pytest

from screener import contrast
from screener.clinic import colors
from screener.paths import templates_folder
from tests.web.stylesheets import FOLDER, SHEETS, declarations, plain, tokens

SCHEMES = ("light", "dark")
PLAIN = ("paper", "surface", "sunken")
TINTS = ("brand-soft", "urgent-soft", "first-soft", "mention-soft", "info-soft")
# What is read, and on what it stands.
TEXT = {
    "ink": (*PLAIN, *TINTS),
    "ink-2": (*PLAIN, "brand-soft", "urgent-soft", "info-soft"),
    "brand": (*PLAIN, "urgent-soft"),
    "brand-deep": (*PLAIN, "urgent-soft"),
    "on-brand": ("brand", "brand-deep"),
    "urgent": ("paper", "surface", "urgent-soft"),
    "first": ("paper", "surface", "first-soft"),
    "mention": ("paper", "surface", "mention-soft"),
    "info": ("paper", "surface", "info-soft"),
    "unknown": (*PLAIN, "urgent-soft"),
    "on-urgent": ("urgent-solid",),
    "urgent-deep": ("on-urgent",),
}
# What must be seen to operate a control, or to know what is chosen, wrong, focused or unknown.
EDGES = {
    "line-strong": PLAIN,
    "brand": (*PLAIN, "brand-soft", "line"),
    "on-brand": ("brand",),
    "urgent": ("paper", "surface", "urgent-soft"),
    "unknown": ("paper", "surface"),
    "focus": (*PLAIN, *TINTS),
    "on-urgent": ("urgent-solid",),
    "ink": ("paper", "surface"),
}
LEAST_TEXT, LEAST_EDGE = 7.0, 3.0
USES = re.compile(r"var\(--([a-z0-9-]+)\)")
LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgb\(|\bhsl\(")


def measured(pairs):
    """(scheme, what, on what, contrast) of every pair in both schemes."""
    for scheme in SCHEMES:
        found = tokens(scheme)
        for name, backgrounds in pairs.items():
            for background in backgrounds:
                yield scheme, name, background, contrast.ratio(found[name], found[background])


def used(*properties):
    """The colours that declarations of these properties name, in any stylesheet, on screens."""
    found = set()
    for sheet in SHEETS:
        for around, _, name, value in declarations(sheet):
            if name in properties and "print" not in around:
                found |= set(USES.findall(value))
    return found


def test_every_text_is_read_at_7_to_1_or_more_on_every_background_it_stands_on():
    assert [pair for pair in measured(TEXT) if pair[3] < LEAST_TEXT] == []


def test_every_edge_is_seen_at_3_to_1_or_more():
    assert [pair for pair in measured(EDGES) if pair[3] < LEAST_EDGE] == []


def test_every_colour_of_a_text_and_every_background_is_among_those_measured():
    assert used("color") == set(TEXT)
    # Lines and empty bars carry no text, nor does the mark inside what is chosen.
    backgrounds = used("background", "background-color") - {"line", "on-brand"}
    assert backgrounds - {on for pair in TEXT.values() for on in pair} == set()


def test_every_ring_and_strong_edge_is_among_those_measured():
    rings = used("outline", "outline-color")
    assert rings - set(EDGES) == set()
    edges = used("border", "border-color", "border-left", "border-top", "border-bottom", "border-block")
    # Dividers; and the edges of filled buttons, which their words tell apart from what is around them.
    assert edges - set(EDGES) == {"line", "brand-deep", "urgent-solid"}


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_colours_are_named_once_and_written_nowhere_else(sheet):
    loose = [
        (selector, name, value)
        for around, selector, name, value in declarations(sheet)
        if LITERAL.search(value) and not name.startswith("--") and "print" not in around
    ]
    white_behind_logos = (".logo", "background", "#fff")
    assert [found for found in loose if found != white_behind_logos and found[1] != "box-shadow"] == []


def test_the_clinics_colours_are_checked_against_the_backgrounds_that_pages_have():
    for scheme, name in ((colors.LIGHT, "light"), (colors.DARK, "dark")):
        found = tokens(name)
        assert list(scheme.backgrounds.values()) == [found["paper"], found["surface"], found["sunken"]]
        assert scheme.quiet_ink == found["ink-2"]
    assert (colors.LIGHT.words, colors.DARK.words) == SCHEMES


def test_type_is_the_scale_of_the_design_and_never_smaller_than_16_px_for_patients_and_13_for_staff():
    sizes = {name: value for name, value in tokens("light").items() if name.startswith("size-")}
    assert sizes == {
        "size-title": "1.75rem",
        "size-question": "1.375rem",
        "size-topic": "1.25rem",
        "size-body": "1.125rem",
        "size-small": "1rem",
    }
    found = re.findall(r"font-size:\s*([\d.]+)rem", plain("site.css"))
    assert [size for size in found if float(size) < 1] == []
    staff = dict(re.findall(r"--(size-[a-z]+): ([\d.]+)rem", plain("staff.css")))
    assert {name: float(size) * 16 for name, size in staff.items()} == {
        "size-title": 24.0,
        "size-question": 19.0,
        "size-topic": 17.0,
        "size-body": 15.0,
        "size-small": 13.0,
    }


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_words_that_a_stylesheet_writes_come_in_both_languages(sheet):
    words = re.findall(r'content:\s*"([^"]*[A-Za-z]{2}[^"]*)"', plain(sheet))
    pairs = {"Things to talk about. Not a yes or a no.": "Temas para hablar. No es un sí ni un no."}
    assert set(words) == ({*pairs, *pairs.values()} if sheet == "site.css" else set())


def test_every_class_that_a_stylesheet_names_is_given_to_something():
    """Whole, or as the beginning of a name that a template or the code puts together."""
    folders = (templates_folder(), FOLDER.parent)
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".html", ".py", ".js")]
    written = " ".join(path.read_text(encoding="utf-8") for path in files)
    whole = set(re.findall(r"[\w-]+", written))
    beginnings = set(re.findall(r"([a-z][\w-]*-)(?:{{|[\"'] ~|{)", written))
    unused = {
        f"{sheet}: .{name}"
        for sheet in SHEETS
        for _, selector, _, _ in declarations(sheet)
        for name in re.findall(r"\.([a-z][\w-]*)", selector)
        if name not in whole and not any(name.startswith(beginning) for beginning in beginnings)
    }
    assert sorted(unused) == []


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_nothing_moves_for_those_who_asked_for_less_motion(sheet):
    moving = [
        (around, name)
        for around, _, name, value in declarations(sheet)
        if name.startswith(("transition", "animation")) or (name == "scroll-behavior" and value == "smooth")
    ]
    assert [around for around, _ in moving if "prefers-reduced-motion: no-preference" not in around] == []
