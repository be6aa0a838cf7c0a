"""Words of return codes: many, harmless, and read again however they were typed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from screener.store.return_words import LONGEST, WORDS, code_of, draw_words, fold, read_code, word_list

LANGUAGES = ("en", "es")
ENGLISH = ["zebra", "castle", "garlic", "piano", "summer"]
SPANISH = ["ábaco", "muñeca", "gato", "violín", "reloj"]


def in_order(words: Sequence[str]) -> Callable[[Sequence[str]], str]:
    left = list(words)
    return lambda _offered: left.pop(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_worth_more_than_50_bits(language: str) -> None:
    assert WORDS >= 5
    assert WORDS * math.log2(len(word_list(language))) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_words_are_told_apart_by_less_than_their_first_four_letters(language: str) -> None:
    words = word_list(language)
    assert len({fold(word)[:4] for word in words}) == len(words)
    assert [word for word in words if not 4 <= len(word) <= 8] == []


@pytest.mark.parametrize(
    ("language", "harsh"),
    [("en", "pain patient pill doctor drug death die suicide blood heart kidney victim weapon ugly"),
     ("es", "dolor cáncer muerte morir tumba droga dosis sangre riñón víctima fusil cadáver feo")],
)  # fmt: skip
def test_no_word_hurts_or_could_be_an_answer(language: str, harsh: str) -> None:
    assert [word for word in harsh.split() if word in word_list(language)] == []


def test_words_come_in_the_language_asked_for_or_in_english() -> None:
    assert set(draw_words("es")) <= set(word_list("es"))
    assert set(draw_words("en")) <= set(word_list("en"))
    assert set(draw_words("fr")) <= set(word_list("en"))
    assert len({tuple(draw_words("en")) for _ in range(50)}) == 50


def test_words_that_could_be_read_in_two_ways_when_joined_are_drawn_again() -> None:
    """ "area" and "red" against other cuts: found by looking for all, so that each code is read in one way."""
    for language in LANGUAGES:
        for _ in range(300):
            words = draw_words(language)
            assert read_code("".join(words)) == code_of(words)


@pytest.mark.parametrize(
    "typed",
    [
        "zebra castle garlic piano summer",
        "ZEBRA Castle gArlic PIANO sumMER",
        "  zebra-castle-garlic-piano-summer ",
        "zebra, castle; garlic. piano / summer",
        "1. zebra 2. castle 3. garlic 4. piano 5. summer",
        "zebracastlegarlicpianosummer",
        "zebra castle garlic pianosummer",
        "zebras castel garlics pianos summerr",
        "zebr cast garl pian summ",
        "ｚｅｂｒａ castle garlic piano summer",
    ],
)
def test_an_english_code_is_read_however_it_was_typed(typed: str) -> None:
    assert read_code(typed) == code_of(ENGLISH)


@pytest.mark.parametrize(
    "typed",
    [
        "ábaco muñeca gato violín reloj",
        "abaco muneca gato violin reloj",
        "ABACO-MUÑECA-GATO-VIOLÍN-RELOJ",
        "abacomunecagatoviolinreloj",
        "a\u0301baco mun\u0303eca gato violi\u0301n reloj",
    ],
)
def test_a_spanish_code_is_read_however_it_was_typed(typed: str) -> None:
    assert read_code(typed) == code_of(SPANISH)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "12345",
        "zebra",
        "zebra castle garlic piano",
        "zebra castle garlic piano summer winter",
        "x" * 5000,
        "\x00",
        "\ud800",
        "漢字 " * 9,
    ],
)
def test_what_is_no_code_is_read_as_none(typed: str) -> None:
    assert read_code(typed).startswith("? ")
    assert len(read_code(typed)) <= 2 + 18 * LONGEST  # a sign can fold into many, never into a flood


def test_other_words_are_another_code() -> None:
    assert read_code("zebra castle garlic piano winter") != code_of(ENGLISH)
    assert read_code("castle zebra garlic piano summer") != code_of(ENGLISH)
    assert draw_words("en", choose=in_order(ENGLISH)) == ENGLISH
