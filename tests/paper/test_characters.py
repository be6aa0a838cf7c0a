"""What people type becomes something that a PDF can show, and nothing is left out silently."""

from __future__ import annotations

import pytest

from screener.paper.characters import BREAK, GAP, has_gaps, printable


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, 158 over 94.",
        '#eval("1+1") $x^2$ *b* _i_ `c` "q" \\ <label> @ref // /* = Title',
        "¿Cuántos años? Ñandú, pingüino",
        "Nguyễn Thị Ánh",
        "Ольга Ιωάννα",
        "שָׁלוֹם",
        "مُحَمَّد",
        "می\u200cخواهم",
        "½ ≥ ✓ “so” – …",
        "two\nlines",
    ],
)
def test_text_with_letters_that_fonts_have_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1f", "ab"),
        ("one\r\ntwo\u2028three\ttabbed", "one\ntwo\nthree tabbed"),
        ("e\u0301", "é"),
        ("pay \u202eESREVER\u202c now\ufeff", "pay ESREVER now"),
        ("fine 😀", "fine [grinning face]"),
        ("👨\u200d👧", "[man][girl]"),
        ("❤\ufe0f", "❤"),
        ("中文", GAP * 2),
        ("\ud800", GAP),
        ("\ue000\uffff", GAP * 2),
        ("\u0591", GAP),
        ("🀀\u0300", f"[mahjong tile east wind]{GAP}"),
        ("ب\u064e\u200c", "ب\u064e"),
        ("", ""),
    ],
)
def test_what_cannot_be_shown_is_named_marked_or_only_steered_the_machine(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_accents_without_end_do_not_cover_the_lines_above() -> None:
    assert printable("q" + "\u0301" * 500) == "q" + "\u0301" * 6


def test_very_long_word_may_end_its_line_anywhere_and_loses_nothing() -> None:
    word = "w" * 5000
    shown = printable(word)
    assert shown.replace(BREAK, "") == word
    assert max(len(piece) for piece in shown.split(BREAK)) == 8


def test_very_long_word_is_never_parted_before_an_accent() -> None:
    shown = printable("q\u0323" * 40)
    assert shown.replace(BREAK, "") == "q\u0323" * 40
    assert not any(piece.startswith("\u0323") for piece in shown.split(BREAK))


def test_plain_values_keep_their_shape() -> None:
    content = {"told": [{"question": None, "answer": "a\x00"}], "numbers": (1, 2), "silent": True}
    assert printable(content) == {"told": [{"question": None, "answer": "a"}], "numbers": [1, 2], "silent": True}


def test_gaps_are_found_wherever_they_are() -> None:
    assert has_gaps({"cards": [{"told": ["fine", "中"]}]}) is False
    assert has_gaps(printable({"cards": [{"told": ["fine", "中"]}]})) is True
