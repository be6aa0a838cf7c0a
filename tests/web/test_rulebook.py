"""The rulebook's pages: every rule and question stands there in words, in both languages, for everyone, of any ruleset."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from screener.app import create_app
from screener.config import Settings
from screener.engine.lint.word_lists import verdict_words
from screener.engine.loader import load_ruleset
from screener.engine.rules import Approval, Ruleset
from screener.engine.wording import sentence
from screener.store import operations
from screener.store.database import writing
from screener.store.workflow import Role
from screener.web.citation_words import cited_places
from screener.web.rulebook_words import approvals_of
from tests.web.patient_browser import PatientBrowser

STAFF_WORDS = re.compile(
    r"\b(intake|queue|submissions?|sign(ed)? off|in review|amendments?|could not assess|envíos?|bandeja|en revisión)\b",
    re.I,
)
CARD = re.compile(r'<article class="card rule[^"]*" id="([^"]+)">(.*?)</article>', re.DOTALL)
LARGEST_PAGE = 40_000  # bytes as sent


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: only kept versions are asked of it."""
    return sqlite_url


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words_of(html: str) -> str:
    """What can be read, its spaces made single."""
    reader = _Words()
    reader.feed(html)
    return " ".join("".join(reader.parts).split())


def spoken(text: str) -> str:
    return " ".join(text.split())


def main_of(html: str) -> str:
    return html.partition("<main")[2].partition("</main>")[0]


def parts_of(card: str) -> dict[str, str]:
    """The labelled parts of one card."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", card, re.DOTALL)
    return {words_of(label): words_of(part.replace("</li><li>", " | ")) for label, part in pairs}


def links_of(html: str) -> list[tuple[str, str]]:
    """Address and words of the links of the page's main part, in order."""
    return [
        (unescape(address), words_of(words))
        for address, words in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', main_of(html))
    ]


def pages(client: FlaskClient, language: str, start: str = "/rules") -> dict[str, str]:
    """The first page and every page of the rulebook that it leads to."""
    headers = {"Accept-Language": language}
    found = {start: client.get(start, headers=headers).text}
    for address, _ in links_of(found[start]):
        if address.startswith("/rules/"):
            reply = client.get(address, headers=headers)
            assert (address, reply.status_code) == (address, 200)
            found[address] = reply.text
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_rule_of_the_shipped_rulebook_stands_on_one_page_with_all_it_says(
    client: FlaskClient, shipped_ruleset: Ruleset, language: str
) -> None:
    cards: dict[str, tuple[str, str]] = {}
    for address, page in pages(client, language).items():
        if "/questions/" not in address:
            for rule_id, card in CARD.findall(page):
                assert rule_id not in cards
                cards[rule_id] = (address, card)
    assert set(cards) == {rule.id for rule in shipped_ruleset.rules}
    for rule in shipped_ruleset.rules:
        address, card = cards[rule.id]
        said = list(parts_of(card).values())
        condition = sentence(shipped_ruleset, rule.when, language)
        assert address == f"/rules/{rule.topic}"
        assert said[0] == spoken(f"{condition[:1].upper()}{condition[1:]}.")
        for text in (rule.patient, rule.unknown, rule.ask):
            assert text is None or spoken(text.in_language(language)) in said
        assert rule.grade is None or spoken(rule.grade.in_language(language)) in said
        told_to_everyone = {"en": "Told to everyone", "es": "Se dice a todas las personas"}[language]
        assert (told_to_everyone in words_of(card)) is rule.is_always
        assert f"tag-{rule.severity}" in card
        for place in cited_places(shipped_ruleset, rule.cites):
            assert place.name in unescape(card)
            assert all(spoken(part) in words_of(card) for part in place.place.split("; "))
            assert place.url is None or f'href="{place.url}" rel="noreferrer"' in unescape(card)


def test_a_rule_says_each_part_under_its_label(client: FlaskClient) -> None:
    cards = dict(CARD.findall(client.get("/rules/liver").text))
    parts = parts_of(cards["guidance_liver_severe"])
    assert list(parts) == [
        "When you are told this",
        "What you read then",
        "What you read when an answer is missing",
        "You could ask",
        "How sure this source is",
        "What it rests on",
        "To be checked again by",
        "Name of this rule",
    ]
    assert parts["To be checked again by"] == "November 22, 2027"
    assert parts["Name of this rule"] == "guidance_liver_severe"
    assert "Read in a summary." in parts["What it rests on"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_note_for_clinicians_stands_apart_in_english(
    client: FlaskClient, shipped_ruleset: Ruleset, language: str
) -> None:
    headers = {"Accept-Language": language}
    noted = {rule.id: rule for rule in shipped_ruleset.rules if rule.clinician}
    assert noted
    for topic in dict.fromkeys(rule.topic for rule in shipped_ruleset.rules):
        here = {rule_id: rule for rule_id, rule in noted.items() if rule.topic == topic}
        reply = client.get(f"/rules/{topic}/notes", headers=headers)
        assert (topic, reply.status_code) == (topic, 200 if here else 404)
        assert (f"/rules/{topic}/notes" in client.get(f"/rules/{topic}", headers=headers).text) is bool(here)
        for rule_id, rule in here.items():
            assert f'<dd lang="en">{rule.clinician}</dd>' in unescape(reply.text)
            assert f'href="/rules/{topic}#{rule_id}"' in reply.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_question_stands_on_one_page_with_when_it_is_asked_and_its_answers(
    client: FlaskClient, shipped_ruleset: Ruleset, language: str
) -> None:
    cards: dict[str, str] = {}
    for address, page in pages(client, language).items():
        if "/questions/" in address:
            cards |= dict(CARD.findall(page))
    assert list(cards) == list(shipped_ruleset.items)
    always = {"en": "Always, for everyone.", "es": "Siempre, a todas las personas."}[language]
    for item_id, card in cards.items():
        item = shipped_ruleset.items[item_id]
        gate = sentence(shipped_ruleset, item.enabled_when, language) if item.enabled_when else None
        assert next(iter(parts_of(card).values())) == (spoken(f"{gate[:1].upper()}{gate[1:]}.") if gate else always)
        assert spoken(item.text.in_language(language)) in words_of(card)
        choices = list(item.choices.values()) if item.choices else []
        assert all(spoken(choice.in_language(language)) in words_of(card) for choice in choices)


def test_a_question_names_the_topics_that_look_at_it_and_where_it_leads(client: FlaskClient) -> None:
    cards = dict(CARD.findall(client.get("/rules/questions/pain").text))
    none = "None. Your clinician can read it."
    assert parts_of(cards["pain_duration"])["Topics whose rules look at it"] == none
    heart = CARD.findall(client.get("/rules/questions/heart").text)
    conditions = parts_of(dict(heart)["heart_conditions"])
    assert "Your heart and blood vessels" in conditions["Topics whose rules look at it"]
    assert "How well is your high blood pressure kept down?" in conditions["It can lead to"]


def test_first_page_leads_to_topics_and_sections_in_their_order(client: FlaskClient, shipped_ruleset: Ruleset) -> None:
    topics = {rule.topic for rule in shipped_ruleset.rules}
    wanted = [f"/rules/{topic}" for topic in shipped_ruleset.prose.topics if topic in topics]
    wanted += [f"/rules/questions/{section.id}" for section in shipped_ruleset.sections]
    leads = [address for address, _ in links_of(client.get("/rules").text) if address.startswith("/rules/")]
    assert leads == wanted


@pytest.mark.parametrize("language", ["en", "es"])
def test_first_page_says_which_version_this_is_and_what_each_source_leaves_out(
    client: FlaskClient, shipped_ruleset: Ruleset, language: str
) -> None:
    page = client.get("/rules", headers={"Accept-Language": language}).text
    version = page.partition('<dl class="version">')[2]
    unsigned = {
        "en": "No clinician has signed this version yet.",
        "es": "Ningún profesional de salud ha firmado esta versión todavía.",
    }[language]
    names = {"en": "English, Spanish", "es": "inglés, español"}[language]
    said = list(parts_of(version).values())
    assert (said[0], said[1], said[3]) == (shipped_ruleset.id, shipped_ruleset.version, names)
    assert said[5:] == [shipped_ruleset.hash, unsigned]
    for prose in shipped_ruleset.prose.packs.values():
        for text in (prose.title, prose.about, *prose.not_covered):
            assert text is not None
            assert spoken(text.in_language(language)) in words_of(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_holds_staffs_words_or_is_more_than_a_phone_should_load(client: FlaskClient, language: str) -> None:
    for address, page in pages(client, language).items():
        plain = words_of(page)
        assert (address, STAFF_WORDS.findall(plain)) == (address, [])
        assert (address, verdict_words(plain, language)) == (address, [])
        assert (address, len(gzip.compress(page.encode())) < LARGEST_PAGE) == (address, True)


@pytest.mark.parametrize(
    "path",
    [
        "/rules/nothing",
        "/rules/questions/nothing",
        "/rules/questions",
        "/rules?version=",
        "/rules?version=%00",
        "/rules?version=abc",
        f"/rules?version={'0' * 64}",
        f"/rules/liver?version={'0' * 64}",
    ],
)
def test_unknown_topic_section_or_version_is_not_found(client: FlaskClient, path: str) -> None:
    reply = client.get(path)
    assert (reply.status_code, "We cannot find that page" in reply.text) == (404, True)


def test_nobody_needs_to_sign_in_and_staff_find_their_way_back(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    reply = client.get("/rules")
    assert (reply.status_code, reply.headers["Cache-Control"]) == (200, "no-store")
    assert ("/", "Start page") in links_of(reply.text)
    browser = sign_in(Role.CLINICIAN)
    assert 'href="/rules">Rulebook</a>' in browser.get("/clinician/").text
    assert ("/clinician/", "Your work") in links_of(browser.get("/rules").text)


def test_every_patient_page_and_the_page_about_this_guide_lead_to_it(client: FlaskClient) -> None:
    assert 'href="/rules">Sources and rules</a>' in client.get("/privacy").text
    assert ("/rules", "Read the rules, one by one") in links_of(client.get("/about").text)


def test_urgent_line_stays_while_the_rules_are_read(client: FlaskClient) -> None:
    patient = PatientBrowser(client).begin()
    assert "urgent-bar" not in patient.open("/rules").text
    patient.open("/questions/right_now").send({"emergency_now": ["stroke_signs"]})
    for path in ("/rules", "/rules/liver", "/rules/questions/heart", "/rules/nothing"):
        assert 'class="urgent-bar"' in client.get(path).text


def write_rulebook(folder: Path, files: Mapping[str, str]) -> Ruleset:
    for name, words in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(words), encoding="utf-8")
    return load_ruleset(folder)


TINY = {
    "manifest.yaml": """
        id: naps
        version: "1"
        effective: 2026-01-01
        languages: [en]
        sections: [night]
        packs: [book]
    """,
    "citations.yaml": """
        book: {source: book, title: A <b>book</b> of naps, verified: primary, url: "https://naps.example/?a=1&b=2"}
        plain: {source: book, title: An open letter, verified: secondary, url: "http://naps.example/letter"}
        worse: {source: book, title: A trap, verified: secondary, url: "javascript:alert(1)"}
    """,
    "questionnaire/01-night.yaml": """
        section: night
        title: {en: Your night}
        items:
          - {id: hours, type: number, min: 0, max: 24, unit: hours, text: {en: How long do you sleep?}}
          - {id: why, type: text, enabled_when: {hours: {lt: 6}}, text: {en: What keeps you awake?}}
          - {id: last, type: date, text: {en: When was your last nap?}}
    """,
    "scores.yaml": "rest: {sum: [hours]}\n",
    "screening/book/short_nights.yaml": """
        topic: short_nights
        rules:
          - {id: book_short, kind: risk, severity: mention, when: {rest: {lt: 6}}, patient: {en: Say so.}, cites: [book, plain, worse]}
          - {id: book_all, kind: notice, severity: info, when: {always: true}, patient: {en: Sleep is good.}, cites: [book]}
    """,
}  # fmt: skip


@pytest.fixture
def tiny(tmp_path: Path) -> Ruleset:
    """Another rulebook: one language, no prose."""
    return write_rulebook(tmp_path / "tiny", TINY)


@pytest.fixture
def serve(settings: Settings, clock: Any) -> Any:
    """Opens an application on a ruleset: serve(ruleset)."""
    opened: list[Flask] = []

    def open_app(ruleset: Ruleset) -> Flask:
        app = create_app(settings, clock=clock, ruleset=ruleset)
        app.testing = True
        opened.append(app)
        return app

    yield open_app
    for app in opened:
        app.extensions["screener"].engine.dispose()


def test_pages_claim_nothing_that_another_rulebook_does_not_say(serve: Any, tiny: Ruleset) -> None:
    client = serve(tiny).test_client()
    patient = PatientBrowser(client).open("/age").send({"adult": "yes"})
    assert patient.path == "/consent"
    for path in ("/", "/about", "/adults-only", "/consent"):
        page = client.get(path)
        assert (path, page.status_code) == (path, 200)
        assert re.findall(r"ketamine|clinic that sells|\bpain\b", page.text, re.I) == []
    first = words_of(client.get("/").text)
    assert "Getting ready to talk with a clinician" in first
    assert "Questions about your health. It takes about 3 minutes." in first


def test_a_rulebook_says_what_its_guide_is_about(serve: Any, tmp_path: Path) -> None:
    said = {
        "title": "Short of naps?",
        "lead": "For tired people.",
        "asks": "About your naps.",
        "sources": "One sells beds.",
    }
    lines = "".join(f"  {key}: {{en: {words}}}\n" for key, words in said.items())
    client = serve(write_rulebook(tmp_path / "naps", {**TINY, "prose.yaml": f"guide:\n{lines}"})).test_client()
    first = words_of(client.get("/").text)
    assert all(said[key] in first for key in ("title", "asks", "sources"))
    assert said["lead"] in words_of(client.get("/about").text)


def test_pages_speak_only_the_languages_of_the_rulebook(serve: Any, tiny: Ruleset, client: FlaskClient) -> None:
    spanish = {"Accept-Language": "es"}
    other = serve(tiny).test_client()
    assert PatientBrowser(other).open("/age").send({"adult": "yes", "language": "es"}).path == "/consent"
    for path in ("/", "/about", "/age", "/rules", "/rules/short_nights", "/nowhere"):
        page = other.get(path, headers=spanish).text
        assert '<html lang="en">' in page, path
        assert "Español" not in main_of(page) and 'name="language"' not in page, path
    assert '<html lang="es">' in other.get("/sign-in", headers=spanish).text
    both = client.get("/", headers=spanish).text
    assert '<html lang="es">' in both
    assert 'name="language" value="en"' in both


def test_another_rulebook_without_prose_is_shown_by_its_codes(serve: Any, tiny: Ruleset) -> None:
    client = serve(tiny).test_client()
    first = client.get("/rules").text
    leads = [link for link in links_of(first) if link[0].startswith("/rules/")]
    assert leads == [("/rules/short_nights", "short nights"), ("/rules/questions/night", "Your night")]
    page = client.get("/rules/short_nights").text
    assert [words_of(title) for title in re.findall(r"<h2>(.*?)</h2>", main_of(page))] == ["book"]
    cards = dict(CARD.findall(page))
    assert list(cards) == ["book_short", "book_all"]
    assert parts_of(cards["book_short"]) == {
        "When you are told this": "The score “rest” (the sum of “How long do you sleep?”) is less than 6.",
        "What you read then": "Say so.",
        "What it rests on": "A <b>book</b> of naps. Read in the original. | "
        "An open letter. Read in a summary. | A trap. Read in a summary.",
        "Name of this rule": "book_short",
    }
    assert re.findall(r'href="(\w+:[^"]*)"', cards["book_short"]) == ["https://naps.example/?a=1&amp;b=2"]
    assert parts_of(cards["book_all"])["When you are told this"] == "Always, for everyone."
    questions = dict(CARD.findall(client.get("/rules/questions/night").text))
    assert {item: parts_of(card) for item, card in questions.items()} == {
        "hours": {
            "When you are asked this": "Always, for everyone.",
            "Answers": "A number from 0 to 24 hours | I am not sure | I prefer not to say",
            "Topics whose rules look at it": "short nights",
            "It can lead to": "What keeps you awake?",
        },
        "why": {
            "When you are asked this": "The answer to “How long do you sleep?” is less than 6 hours.",
            "Answers": "Your own words",
            "Topics whose rules look at it": "None. Your clinician can read it.",
        },
        "last": {
            "When you are asked this": "Always, for everyone.",
            "Answers": "A date | I am not sure | I prefer not to say",
            "Topics whose rules look at it": "None. Your clinician can read it.",
        },
    }
    assert '<html lang="en">' in client.get("/rules", headers={"Accept-Language": "es"}).text


def test_older_rules_are_shown_only_while_they_are_kept(serve: Any, tiny: Ruleset, tmp_path: Path, clock: Any) -> None:
    older = {
        **TINY,
        "screening/book/short_nights.yaml": TINY["screening/book/short_nights.yaml"].replace("Say so.", "Be still."),
    }
    ruleset = write_rulebook(tmp_path / "older", older)
    app = serve(tiny)
    client = app.test_client()
    address = f"/rules/short_nights?version={ruleset.hash}"
    assert client.get(address).status_code == 404
    with writing(app.extensions["screener"].engine) as session:
        operations.keep_ruleset(session, ruleset, now=clock())
    page = client.get(address).text
    assert ("Be still." in page, "Say so." in page) == (True, False)
    assert "These are older rules, version 1." in words_of(page)
    first = client.get(f"/rules?version={ruleset.hash}").text
    assert "Signatures and review dates are not kept with older rules." in first
    assert all(ruleset.hash in lead for lead, _ in links_of(first) if lead.startswith("/rules/"))
    assert "older rules" not in client.get(f"/rules?version={tiny.hash}").text


def test_other_language_keeps_the_page_and_its_version(client: FlaskClient, shipped_ruleset: Ruleset) -> None:
    for path in ("/rules", "/rules/liver", f"/rules/liver?version={shipped_ruleset.hash}", "/rules/questions/heart"):
        patient = PatientBrowser(client).open(path)
        wanted = re.search(r'name="next" value="([^"]+)"', patient.text)
        assert wanted is not None
        for language in ("es", "en"):
            patient.press("/language", {"language": language, "next": unescape(wanted[1])})
            assert (patient.path, f'<html lang="{language}">' in patient.text) == (path, True)


def test_an_approval_counts_only_for_the_content_it_names(tiny: Ruleset, app: Flask) -> None:
    signed = {"who": "Ada Sample", "role": "MD", "date": "2026-11-20"}
    named = replace(
        tiny,
        approvals=tuple(
            map(
                Approval, ({**signed, "of": tiny.hash}, {**signed, "of": "0" * 64}, {**signed, "of": ""}, signed, "Ada")
            )
        ),
    )
    with app.test_request_context():
        assert [(who, role, str(on)) for who, role, on in approvals_of(named)] == [("Ada Sample", "MD", "2026-11-20")]


def test_the_page_about_this_guide_counts_no_approval_of_another_content(serve: Any, tiny: Ruleset) -> None:
    signed = {"who": "Ada Sample", "role": "MD", "date": "2026-11-20"}
    unsigned = "No clinician has signed this version yet."
    for of, is_signed in (("0" * 64, False), (tiny.hash, True)):
        named = replace(tiny, approvals=(Approval({**signed, "of": of}),))
        assert (unsigned not in words_of(serve(named).test_client().get("/about").text)) is is_signed


def test_rule_names_on_staffs_pages_lead_to_the_rule_in_the_version_screened_with(
    sign_in: Callable[..., FlaskClient], submitted: Callable[..., Any], shipped_ruleset: Ruleset
) -> None:
    case = submitted({"heart_conditions": ["angina"]})
    page = sign_in(Role.INTAKE).get(f"/intake/submissions/{case.public_id}").text
    wanted = f"/rules/cardiovascular?version={shipped_ruleset.hash}#article_heart_disease"
    assert (wanted, "article_heart_disease") in links_of(page)
