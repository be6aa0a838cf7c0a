"""The PDF of plain values: tagged, titled, with its own fonts, the same bytes each time, and no word of it is ever markup."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from screener.paper import PaperError, qr_svg, typeset
from screener.paper.compilers import has_glyphs
from tests.paper.read_pdf import (
    catalogue,
    created_at,
    fonts,
    page_size,
    pages,
    pictures_without_words,
    squeezed,
    tags,
    title,
    words,
)

MADE_AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
HOSTILE = [
    '#eval("1+1")',
    "#import sys: inputs",
    "$x^2$ and $$",
    "*b* _i_ `c` ~ --- ...",
    'say "so" \\ \\u{41}',
    "= Title\n== Another",
    "- item\n+ item\n/ term: words",
    "<label> @reference https://clinic.test",
    "] } ) // gone /* gone",
    '"}], "title": "other"',
    "{gap} {page} {pages}",
    "word " * 150,
    "w" * 800,
    "ע" * 200,
    "Ё" * 400,
]
SHEET: dict[str, Any] = {
    "language": "en",
    "paper": "us-letter",
    "title": "A summary",
    "guide": "Conversation guide",
    "clinic": None,
    "identity": ["Ada Sample, born April 2, 1968", "Reference K7Q4-9MPD", "November 23, 2026"],
    "top": ["Ada Sample, born April 2, 1968", "Reference K7Q4-9MPD", "November 23, 2026"],
    "foot": "Things to talk about.",
    "page_words": "Page {page} of {pages}",
    "gaps": "“{gap}” stands for a letter.",
    "lead": "The lead.",
    "kept_apart": "Sources, kept apart.",
    "remarks": ["A remark."],
    "you_told_us": "You told us:",
    "you_could_ask": "You could ask",
    "made_by": "Made by rules.",
}


def summary(*sections: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**SHEET, "sections": list(sections), **changed}


def part(said: str, grade: str | None = None, numbers: tuple[int, ...] = (1,)) -> dict[str, Any]:
    return {"told": [], "sayings": [{"words": said, "grade": grade}], "numbers": list(numbers)}


def cards(text: str) -> dict[str, Any]:
    """A section with this text in every place where words of a person or a rulebook can stand."""
    column = {"title": text, "silent": text, "parts": [part(text, text)]}
    told = [{"question": text, "answer": text}, {"question": None, "answer": text}]
    card = {"title": text, "told": told, "columns": [column, column, column], "asks": [text]}
    return {"kind": "cards", "severity": "first", "title": text, "lead": text, "cards": [card]}


def way_back(address: str) -> dict[str, Any]:
    return {
        "kind": "way_back",
        "title": "Come back",
        "words": "Open this page.",
        "lines": [{"label": "Where to go:", "words": address}, {"label": "Your code:", "words": "amber canal tulip"}],
        "secret": "Keep it to yourself.",
        "picture": f"QR code of {address}",
    }


def test_pdf_is_tagged_titled_and_speaks_its_language() -> None:
    pdf = typeset("summary.typ", summary(cards("Una palabra"), language="es"), made_at=MADE_AT)
    root = catalogue(pdf)
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a boolean of pypdf, not of Python)
    assert root["/Lang"] == "es"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert title(pdf) == "A summary"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    headings = [tag for tag in tags(pdf) if tag.startswith("/H")]
    assert headings == ["/H1", "/H2", "/H3", "/H4", "/H4", "/H4", "/H4"]


def test_lists_are_tagged_as_lists() -> None:
    ticks = {"kind": "ticks", "groups": [{"title": "To ask", "lines": ["One?", "Two?"]}]}
    assert [tag for tag in tags(typeset("summary.typ", summary(ticks), made_at=MADE_AT)) if tag in ("/L", "/LI")] == [
        "/L",
        "/LI",
        "/LI",
    ]


def test_no_font_is_asked_of_the_reader_or_of_this_machine() -> None:
    pdf = typeset("summary.typ", summary(cards("Words, שלום, مرحبا, ✓")), made_at=MADE_AT)
    found = fonts(pdf)
    assert set(found.values()) == {True}
    assert {name.split("-")[0] for name in found} <= {
        "SourceSans3",
        "LibertinusSerif",
        "DejaVuSansMono",
        "NewCM10",
        "NewCMMath",
    }


def test_same_values_and_time_give_the_same_bytes_in_any_thread() -> None:
    content = summary(cards("Words"))
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: typeset("summary.typ", content, made_at=MADE_AT), range(8)))
    assert made == [made[0]] * 8
    assert typeset("summary.typ", summary(cards("Other words")), made_at=MADE_AT) != made[0]


def test_pdf_is_dated_by_any_clock_to_the_second() -> None:
    made_at = datetime(2026, 11, 23, 8, 15, 30, 123456, tzinfo=timezone(timedelta(hours=-7)))
    assert created_at(typeset("summary.typ", summary(), made_at=made_at)) == datetime(
        2026, 11, 23, 15, 15, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(("paper", "size"), [("us-letter", (612, 792)), ("a4", (595, 842))])
def test_paper_has_the_size_that_was_asked_for(paper: str, size: tuple[int, int]) -> None:
    assert page_size(typeset("summary.typ", summary(paper=paper), made_at=MADE_AT)) == size


def test_every_sheet_says_whose_it_is_and_which_of_how_many() -> None:
    content = summary(*(cards(f"Topic {number}. " + "Words. " * 60) for number in range(8)))
    found = pages(typeset("summary.typ", content, made_at=MADE_AT))
    assert len(found) > 3
    for number, page in enumerate(found, start=1):
        for line in (*SHEET["identity"], SHEET["foot"], f"Page {number} of {len(found)}"):
            assert squeezed(line) in page


def test_clinic_stands_in_place_of_the_guide_where_it_has_a_name() -> None:
    (page,) = pages(typeset("summary.typ", summary(clinic="Heron Pain Clinic"), made_at=MADE_AT))
    assert squeezed("Heron Pain Clinic") in page
    assert squeezed("Conversation guide") not in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(text: str) -> None:
    content = summary(cards(text), lead=text, remarks=[text], identity=[text, "R", "D"], made_by=text)
    with ThreadPoolExecutor(1) as pool:
        pdf = pool.submit(typeset, "summary.typ", content, made_at=MADE_AT).result(timeout=60)
    if not {"ע", "Ё"} & set(text):
        # The body has it where it was put: title, lead, heading, three columns, told twice, asked, by whom it was made.
        assert words(pdf).count(squeezed(text)) >= 15
    assert title(pdf) == "A summary"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=80),
    st.text(alphabet=st.characters(categories=["Mn", "Mc", "Lo", "Lm", "Cf", "So"]), min_size=1, max_size=20),
)
@example("A", "\u00a6\U00010a01")  # a sign with a mark of a script that no font here has
@example("A", "\u059a\U0001f000\u0300")  # a sign that no font here has, under an accent that one has
def test_any_text_at_all_can_be_printed(any_text: str, unusual: str) -> None:
    content = summary(cards(any_text), cards(unusual), identity=[any_text, unusual, any_text + unusual])
    assert typeset("summary.typ", content, made_at=MADE_AT).startswith(b"%PDF-")


def test_letters_that_break_typst_itself_count_as_letters_that_no_font_has() -> None:
    assert has_glyphs("\ufeb1\u1de1\ufe2c\u200d") is False  # a panic in Rust, which is no Exception in Python
    assert has_glyphs("\ufeb1") is True


def test_page_explains_the_mark_for_a_missing_letter_only_where_there_is_one() -> None:
    assert squeezed("stands for a letter") in words(typeset("summary.typ", summary(cards("中")), made_at=MADE_AT))
    assert squeezed("stands for a letter") not in words(typeset("summary.typ", summary(cards("fine")), made_at=MADE_AT))


def test_box_to_come_back_has_the_address_as_words_and_as_a_picture_with_words() -> None:
    address = "https://clinic.test/return"
    content = summary(way_back(address))
    pdf = typeset("summary.typ", content, made_at=MADE_AT, drawings={"qr": qr_svg(address)})
    for line in ("Open this page.", f"Where to go: {address}", "Your code: amber canal tulip", "Keep it to yourself."):
        assert squeezed(line) in words(pdf)
    assert tags(pdf).count("/Figure") == 1
    assert pictures_without_words(pdf) == 0


def test_drawing_that_is_missing_is_an_error_that_tells_nothing_of_the_page() -> None:
    content = summary(way_back("https://clinic.test/return"), cards("Canaria Sample"))
    with pytest.raises(PaperError) as raised:
        typeset("summary.typ", content, made_at=MADE_AT)
    assert str(raised.value) == "summary.typ could not be set with these values."
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
