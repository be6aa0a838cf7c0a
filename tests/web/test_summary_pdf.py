"""The summary as a PDF: all that the page says, in both languages, and nobody else's."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from screener.clinic import Clinic, Logo
from screener.clinic.logo import PNG_TYPE, SVG_TYPE
from screener.engine.answers import parse_answers
from screener.engine.questionnaire import Item, ItemType
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.engine.text import Text
from screener.paper.characters import BREAK
from screener.store import operations, queries
from screener.store.database import writing
from screener.store.models import Submission
from tests.paper.read_pdf import (
    catalogue,
    lacks,
    page_size,
    pages,
    picture_words,
    pictures_without_words,
    squeezed,
    tags,
    title,
    words,
)
from tests.web.test_clinic_settings import png

PATIENTS = ("emergencies_on_first_screen", "long_ketamine_bladder_and_liver", "many_unknowns", "all_answered")
# What the page says that paper does otherwise: sources have numbers, and paper does not end after a day.
ONLY_ON_SCREEN = {
    "en": (
        "Each one is named beside what it says.",
        "This summary opens in this browser for 24 hours. With a return code it opens on any device for 30 days. "
        "Or print it, or save it.",
        "Where your answers are: change them, reply, or take them back",
    ),
    "es": (
        "Cada una se nombra junto a lo que dice.",
        "Este resumen se abre en este navegador durante 24 horas. Con un código de regreso se abre en cualquier "
        "dispositivo durante 30 días. O imprímalo o guárdelo.",
        "Dónde están sus respuestas: cambiarlas, responder o retirarlas",
    ),
}
Opened = tuple[FlaskClient, Submission]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: paper does not depend on it."""
    return sqlite_url


@pytest.fixture
def opened(app: Flask, clock: Any, shipped_ruleset: Ruleset) -> Callable[..., Opened]:
    """A browser with the summary of these answers open, and the submission behind it."""

    def open_summary(
        answers: Mapping[str, Any], *, language: str = "en", name: str = "Ada Sample", code: Sequence[str] = ()
    ) -> Opened:
        with writing(app.extensions["screener"].engine) as session:
            draft, token = operations.begin_draft(session, shipped_ruleset, language=language, now=clock())
            operations.save_contact(
                session,
                draft,
                name=name,
                birth_date=date(1968, 4, 2),
                language=language,
                now=clock(),
                phone=None,
                email=None,
                preferred_contact="phone",
                helper=None,
            )
            operations.save_answers(session, draft, dict(answers), now=clock())
            screening = screen(shipped_ruleset, parse_answers(shipped_ruleset, answers))
            submission = operations.submit(session, draft, screening=screening, now=clock())
            if code:
                found = queries.draft_for_token(session, token, now=clock())
                assert found is not None
                key = b"a key of the tests"
                operations.make_return_code(session, found, language=language, server_key=key, now=clock(), words=code)
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["draft"], cookie["language"] = token, language
        return client, submission

    return open_summary


def test_sources_on_paper_end_in_one_full_stop(opened: Callable[..., Opened], shipped_ruleset: Ruleset) -> None:
    client, _submission = opened(patient(shipped_ruleset, "all_answered"))
    listed = client.get("/summary/print").text.split('class="paper-sources"')[1].split("</ol>")[0]
    told = [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in listed.split("</li>")[:-1]]
    assert [line for line in told if not re.search(r"[^.]\.$", line)] == []


def patient(ruleset: Ruleset, name: str) -> Mapping[str, Any]:
    """The answers of a worked patient."""
    (answers,) = [case.content["answers"] for case in ruleset.cases if case.file.endswith(f"{name}.yaml")]
    return dict(answers)


def everything(ruleset: Ruleset) -> dict[str, Any]:
    """Every choice of every question: no one has all this, and no summary is longer."""

    def most(item: Item) -> Any:
        if item.type is ItemType.MULTI:
            return list(item.choices or {})
        if item.type is ItemType.CHOICE:
            return list(item.choices or {})[-1]
        return {ItemType.YES_NO: "yes", ItemType.NUMBER: item.max, ItemType.TEXT: "My own words."}[item.type]

    return {
        item.id: most(item) for item in ruleset.items.values() if item.type not in (ItemType.DATE, ItemType.DISPLAY)
    }


class _Lines(HTMLParser):
    """The lines of the page's lists: each heading, paragraph and list entry that holds no other; citations apart.

    Links that lead to something to do are left out: on paper there is nothing to press.
    """

    _BLOCKS = ("h2", "h3", "h4", "p", "li")

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.cited: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._words: list[str] = []
        self._in_link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_link = self._in_link or tag == "a"
        if tag in self._BLOCKS:
            self._end_line()
            self._open.append((tag, dict(attrs).get("class") == "cite"))

    def handle_endtag(self, tag: str) -> None:
        self._in_link = self._in_link and tag != "a"
        if tag in self._BLOCKS:
            self._end_line()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._in_link:
            self._words.append(data)

    def _end_line(self) -> None:
        line = " ".join("".join(self._words).split())
        self._words = []
        if line:
            (self.cited if self._open[-1][1] else self.lines).append(line)


def lines_of(page: str) -> _Lines:
    """What stands in the page's main column."""
    found = _Lines()
    found.feed(page.split('<div class="body">')[1].split("</main>")[0].split('<div class="rail">')[0])
    return found


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PATIENTS)
def test_every_line_of_the_page_is_in_the_pdf(
    opened: Callable[..., Opened], shipped_ruleset: Ruleset, name: str, language: str
) -> None:
    client, _ = opened(patient(shipped_ruleset, name), language=language)
    page, general = client.get("/summary").text, client.get("/summary/good-to-know").text
    pdf = client.get("/summary.pdf").data
    parts: list[str] = []
    for line in [*lines_of(page).lines, *lines_of(general).lines]:
        for only in ONLY_ON_SCREEN[language]:
            line = line.replace(only, "|")
        parts += line.split("|")
    assert len(parts) > 100
    assert lacks(pdf, parts) == []
    cited = re.findall(r'class="cite-name"[^>]*>(?:<a [^>]*>)?([^<]+)', page + general)
    names = {html.unescape(found) for found in cited}
    assert len(names) > 5
    assert lacks(pdf, [name.removesuffix(", ") for name in names]) == []


CODE = ("amber", "canal", "tulip", "river", "lemon")


@pytest.mark.parametrize(("language", "until"), [("en", "December 23, 2026"), ("es", "23 de diciembre de 2026")])
def test_return_code_stands_with_where_and_until_when(opened: Callable[..., Opened], language: str, until: str) -> None:
    client, _ = opened({"pain_average": 8}, language=language, code=CODE)
    pdf = client.get("/summary.pdf").data
    assert lacks(pdf, [" ".join(CODE), "localhost/return", until]) == []
    assert tags(pdf).count("/Figure") == 1
    assert pictures_without_words(pdf) == 0


def test_public_address_is_named_where_the_settings_have_one(app: Flask, opened: Callable[..., Opened]) -> None:
    found = app.extensions["screener"]
    settings = replace(found.settings, public_url="https://pain.clinic.test/guide/")
    app.extensions["screener"] = replace(found, settings=settings)
    client, _ = opened({"pain_average": 8}, code=CODE)
    assert lacks(client.get("/summary.pdf").data, ["Where to go: pain.clinic.test/guide/return Your"]) == []


def test_without_a_return_code_there_is_no_way_back_to_print(opened: Callable[..., Opened]) -> None:
    client, _ = opened({"pain_average": 8})
    pdf = client.get("/summary.pdf").data
    assert squeezed("Come back to this summary") not in words(pdf)
    assert "/Figure" not in tags(pdf)


@pytest.mark.parametrize("language", ["en", "es"])
def test_clinic_says_on_paper_what_it_says_on_the_page(
    app: Flask, opened: Callable[..., Opened], language: str
) -> None:
    found = app.extensions["screener"]
    clinic = Clinic(
        name=Text({"en": "Heron Pain Clinic", "es": "Clínica Garza"}),
        phone="555 555 0142",
        email="care@clinic.test",
        address=Text({"en": "1 Reed Road\nSpringfield", "es": "Calle Junco 1\nSpringfield"}),
        hours=Text({"en": "Monday to Friday", "es": "De lunes a viernes"}),
        emergency=Text({"en": "At night call the ward.", "es": "De noche llame a la sala."}),
    )
    app.extensions["screener"] = replace(found, settings=replace(found.settings, clinic=clinic))
    client, _ = opened({"pain_average": 8}, language=language)
    pdf = client.get("/summary.pdf").data
    said = (clinic.name, clinic.emergency, clinic.address, clinic.hours)
    for line in (clinic.phone, clinic.email, *(text.in_language(language) for text in said if text)):
        assert squeezed(str(line)) in words(pdf)
    assert all(squeezed(clinic.name.in_language(language)) in page for page in pages(pdf))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24"><path d="M0 0h48v24z"/></svg>'
BROKEN = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x28\0\0\0\x14\x08\0\0\0\0 nothing IEND\xaeB`\x82"  # what the settings take
)


def with_logo(app: Flask, content: bytes, media_type: str) -> None:
    found = app.extensions["screener"]
    clinic = Clinic(
        name=Text({"en": "Heron Pain Clinic", "es": "Clínica Garza"}), logo=Logo(content, media_type, 48, 24)
    )
    app.extensions["screener"] = replace(found, settings=replace(found.settings, clinic=clinic))


@pytest.mark.parametrize(
    ("language", "alt"), [("en", "Logo of Heron Pain Clinic"), ("es", "Logotipo de Clínica Garza")]
)
@pytest.mark.parametrize(("content", "media_type"), [(SVG, SVG_TYPE), (png(), PNG_TYPE)])
def test_logo_stands_on_the_first_sheet_with_words_for_those_who_do_not_see_it(
    app: Flask, opened: Callable[..., Opened], content: bytes, media_type: str, language: str, alt: str
) -> None:
    with_logo(app, content, media_type)
    client, _ = opened({"pain_average": 8}, language=language)
    pdf = client.get("/summary.pdf").data
    assert picture_words(pdf) == [alt]
    assert tags(pdf).index("/Figure") < tags(pdf).index("/H1")
    assert b"pdfuaid:part>1<" in catalogue(pdf)["/Metadata"].get_object().get_data()


def test_logo_that_is_broken_stops_no_pdf_and_the_log_is_told_once(
    app: Flask, opened: Callable[..., Opened], caplog: pytest.LogCaptureFixture
) -> None:
    with_logo(app, BROKEN, PNG_TYPE)
    client, submission = opened({"pain_average": 8})
    found = [client.get("/summary.pdf") for _ in range(2)]
    assert [reply.status_code for reply in found] == [200, 200]
    assert squeezed(f"Reference {submission.reference}") in pages(found[0].data)[0]
    assert "/Figure" not in tags(found[0].data)
    assert [record.message for record in caplog.records if record.name == "screener.paper"] == [
        "a picture cannot be drawn, and documents are made without it"
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_pdf_is_for_screen_readers_in_the_language_of_the_page(
    opened: Callable[..., Opened], shipped_ruleset: Ruleset, language: str
) -> None:
    client, _ = opened(patient(shipped_ruleset, PATIENTS[0]), language=language)
    pdf = client.get("/summary.pdf").data
    assert catalogue(pdf)["/Lang"] == language
    assert title(pdf) == re.sub(r"\s+", " ", re.findall(r"<h1>(.*?)</h1>", client.get("/summary").text)[0])
    assert tags(pdf).count("/H1") == 1
    assert {"/H2", "/H3", "/P", "/L", "/LI", "/Link"} <= set(tags(pdf))


def test_every_sheet_has_name_birth_date_reference_and_page(
    opened: Callable[..., Opened], shipped_ruleset: Ruleset
) -> None:
    client, submission = opened(patient(shipped_ruleset, PATIENTS[1]))
    found = pages(client.get("/summary.pdf").data)
    for number, page in enumerate(found, start=1):
        assert squeezed("Ada Sample, born April 2, 1968") in page
        assert squeezed(f"Reference {submission.reference}") in page
        assert squeezed(f"Page {number} of {len(found)}") in page


def test_reply_is_a_download_that_no_one_keeps_and_whose_name_tells_nothing(opened: Callable[..., Opened]) -> None:
    client, submission = opened({"pain_average": 8})
    reply = client.get("/summary.pdf")
    assert reply.status_code == 200
    assert reply.mimetype == "application/pdf"
    assert reply.headers["Content-Disposition"] == "attachment; filename=summary.pdf"
    assert reply.headers["Cache-Control"] == "no-store"
    assert title(reply.data) is not None
    assert "Ada" not in str(title(reply.data))
    assert submission.reference not in str(title(reply.data))


def test_same_summary_gives_the_same_bytes(opened: Callable[..., Opened], clock: Any) -> None:
    client, _ = opened({"pain_average": 8})
    first = client.get("/summary.pdf").data
    clock.move(hours=3)
    assert client.get("/summary.pdf").data == first


def test_page_links_to_the_pdf(opened: Callable[..., Opened]) -> None:
    client, _ = opened({"pain_average": 8})
    assert '<a class="button" href="/summary.pdf">Save as PDF</a>' in client.get("/summary").text


def test_without_a_summary_it_leads_where_the_summary_leads(client: FlaskClient) -> None:
    reply = client.get("/summary.pdf")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/gone")


def test_before_handing_in_it_leads_to_the_check(app: Flask, clock: Any, shipped_ruleset: Ruleset) -> None:
    with writing(app.extensions["screener"].engine) as session:
        _, token = operations.begin_draft(session, shipped_ruleset, language="en", now=clock())
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["draft"] = token
    reply = client.get("/summary.pdf")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/check")


def test_a_day_later_it_is_closed_like_the_page(opened: Callable[..., Opened], clock: Any) -> None:
    client, _ = opened({"pain_average": 8})
    clock.move(hours=25)
    assert client.get("/summary.pdf").headers["Location"] == "/gone"


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ("", "letter"),
        ("en", "letter"),
        ("en-US,en;q=0.8", "letter"),
        ("es-MX,es;q=0.9", "letter"),
        ("es-419,es;q=0.9", "letter"),
        ("es-ES,es;q=0.9,en-US;q=0.5", "a4"),
        ("en_GB", "a4"),
        ("xx-<!>", "letter"),
    ],
)
def test_paper_is_that_of_the_readers_country(opened: Callable[..., Opened], asked: str, size: str) -> None:
    client, _ = opened({"pain_average": 8})
    pdf = client.get("/summary.pdf", headers={"Accept-Language": asked}).data
    assert page_size(pdf) == {"letter": (612, 792), "a4": (595, 842)}[size]


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1") $x$ *b* _i_ "q" \\',
        "Zoë O'Hara-Núñez <b>",
        "w" * 200,
        "Ada \u202eelpmaS\u202c",
        "Ada 😀",
        "מרים כהן",
        "مريم",
        "王小明",
    ],
)
def test_name_of_any_kind_is_plain_text_on_a_whole_page(opened: Callable[..., Opened], name: str) -> None:
    client, submission = opened({"pain_average": 8}, name=name)
    found = pages(client.get("/summary.pdf").data)
    assert all(squeezed(f"Reference {submission.reference}") in page for page in found)
    if name.isascii() or "Z" in name:
        assert squeezed(name) in found[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_largest_summary_is_made_whole(opened: Callable[..., Opened], shipped_ruleset: Ruleset, language: str) -> None:
    client, _ = opened(everything(shipped_ruleset), language=language)
    page = client.get("/summary").text
    pdf = client.get("/summary.pdf").data
    topics = re.findall(r'<div class="card-head">\s*<h3>(.*?)</h3>', page)
    assert len(topics) > 20
    assert lacks(pdf, [html.unescape(topic) for topic in topics]) == []
    assert BREAK not in title(pdf)
