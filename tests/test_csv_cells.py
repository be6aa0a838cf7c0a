"""Cells of a CSV: no text is taken for a formula, every text comes back whole, and numbers are still numbers."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from screener.csv_cells import cell, lines

SIGNS = (
    "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"  # plain, of full width, small, and the minus of print
)
BLANKS = ("", "\t", "\r", "\n", "\r\n", " ", "  ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\x00", "\u2028", " \t\n")
HOSTILE = [
    f"{before}{sign}{rest}" for sign in SIGNS for before in (*BLANKS, "=", "-") for rest in ("1+1", 'cmd|" /C calc"!A0')
]
TEXTS = st.text() | st.builds(
    lambda blank, sign, rest: blank + sign + rest, st.sampled_from(BLANKS), st.sampled_from(SIGNS), st.text()
)
NUMBERS = (
    st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False)
)


def read(written: str) -> list[list[str]]:
    """What a reader of CSV finds."""
    return list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_cell_and_no_heading_begins_a_formula(hostile: str) -> None:
    rows = read("".join(lines([[hostile, "plain"], ["plain", hostile]])))
    assert rows == [[f"'{hostile}", "plain"], ["plain", f"'{hostile}"]]


@pytest.mark.parametrize(
    "text", ["a=1", "a-b", "'quoted", "5", "1e5", "\u00b11", "*", "", " plain", "\u2013 a dash", "(-1)", "#N/A"]
)
def test_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@pytest.mark.parametrize("text", ["\tplain", "\rplain", "\nplain"])
def test_text_that_begins_with_a_tab_or_a_line_end_is_kept_off_too(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-3, "-3"),
        (-0.5, "-0.5"),
        (Decimal("-12.50"), "-12.50"),
        (Decimal("-1E+3"), "-1000"),
        (Decimal("1E-7"), "0.0000001"),
        (None, ""),
        (True, "True"),
    ],
)
def test_number_is_a_number_also_below_zero(value: object, written: str) -> None:
    assert cell(value) == written


@pytest.mark.parametrize("value", [float("-inf"), Decimal("-Infinity")])
def test_what_is_no_finite_number_is_text(value: object) -> None:
    assert cell(value).startswith("'-")


@given(TEXTS)
@example("\ufeff=1")
@example("\x00-1")
def test_any_text_comes_back_whole_and_begins_no_formula(text: str) -> None:
    ((found, last),) = read("".join(lines([[text, "last"]])))
    assert found in (text, f"'{text}")
    assert last == "last"
    seen = found.lstrip().lstrip("\u200b\ufeff\x00").lstrip()
    assert not seen.startswith(tuple(SIGNS))
    assert not found.startswith(("\t", "\r", "\n"))


@given(NUMBERS)
def test_any_number_is_read_back_as_the_same_number(value: int | float | Decimal) -> None:
    ((found,),) = read("".join(lines([[value]])))
    assert type(value)(found) == value
