"""Which language a page speaks: the browser's, until the person chooses one; and the switch on staff's pages."""

from __future__ import annotations

import re

import pytest

from screener.engine.questionnaire import Item, ItemType
from screener.engine.text import Text
from screener.store.workflow import Role
from screener.web.answer_words import answer_words

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
OPEN = ("/", "/age", "/about", "/privacy", "/rules", "/gone", "/sign-in", "/nowhere")


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: words do not depend on it."""
    return sqlite_url


def language_of(reply):
    found = re.search(r'<html lang="(\w+)">', reply.text)
    assert found is not None
    return found[1]


def token_of(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def switch(client, page, language, *, way="/staff-language"):
    """Press the switch that stands on this page."""
    text = client.get(page).text
    form = re.search(rf'<form method="post" action="{way}">(.*?)</form>', text, re.DOTALL)
    assert form is not None, f"no switch on {page}"
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
    button = re.search(r'<button class="link[^"]*" name="language" value="(\w+)"', form[1])
    assert button is not None and button[1] == language
    return client.post(way, data={**fields, "language": language})


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("es-MX,es;q=0.9,en;q=0.5", "es"),
        ("en-US,en;q=0.9,es;q=0.5", "en"),
        ("fr;q=0.9,es;q=0.4", "es"),
        ("fr", "en"),
        ("", "en"),
        ("nonsense;;q=x", "en"),
    ],
)
def test_the_browsers_language_decides_first(client, path, asked, spoken):
    assert language_of(client.get(path, headers={"Accept-Language": asked})) == spoken


@pytest.mark.parametrize("path", OPEN)
def test_the_switch_wins_over_the_browser_on_every_page(client, path):
    switch(client, "/", "es", way="/language")
    assert language_of(client.get(path, headers={"Accept-Language": "en"})) == "es"
    switch(client, "/", "en", way="/language")
    assert language_of(client.get(path, headers=SPANISH)) == "en"


def test_staffs_switch_keeps_the_page_and_what_stands_after_its_question_mark(sign_in, submitted):
    client = sign_in(Role.INTAKE)
    address = f"/intake/submissions/{submitted().public_id}"
    for page in (address, "/intake/?status=closed"):
        reply = switch(client, page, "es")
        assert (reply.status_code, reply.headers["Location"]) == (303, page)
        assert language_of(client.get(page)) == "es"
        switch(client, page, "en")
        assert language_of(client.get(page, headers=SPANISH)) == "en"


def test_language_that_was_chosen_at_sign_in_stays_after_it_and_after_signing_out(client, make_user, post_form):
    switch(client, "/sign-in", "es")
    user = make_user(Role.ADMIN)
    home = post_form(client, "/sign-in", {"email": user.email, "password": "three grey herons at dusk"})
    assert language_of(client.get(home.headers["Location"])) == "es"
    post_form(client, "/sign-out", page="/admin/")
    assert language_of(client.get("/sign-in")) == "es"


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/admin/invite", "/admin/"),  # takes forms only: the page above it
        ("/intake/submissions/00000000-0000-0000-0000-000000000000/note", None),
        ("https://elsewhere.example/", "/sign-in"),
        ("//elsewhere.example/", "/sign-in"),
        ("/\\elsewhere.example", "/sign-in"),
        ("/nowhere", "/sign-in"),
        ("/sign-in\r\nX-Other: 1", "/sign-in"),
        ("", "/sign-in"),
    ],
)
def test_switch_leads_to_our_own_pages_alone(client, wanted, led_to):
    token = token_of(client.get("/sign-in").text)
    reply = client.post("/staff-language", data={"csrf_token": token, "language": "es", "next": wanted})
    assert (reply.status_code, reply.headers["Location"]) == (303, led_to or wanted.removesuffix("/note"))


def test_switch_without_its_token_or_to_a_language_we_do_not_speak_changes_nothing(client):
    assert client.post("/staff-language", data={"language": "es"}).status_code == 400
    token = token_of(client.get("/sign-in").text)
    client.post("/staff-language", data={"csrf_token": token, "language": "fr", "next": "/sign-in"})
    assert language_of(client.get("/sign-in")) == "en"


@pytest.mark.parametrize(
    ("language", "kind", "answer", "words"),
    [
        ("en", ItemType.NUMBER, 7.5, "7.5 kg"),
        ("es", ItemType.NUMBER, 7.5, "7,5 kg"),
        ("en", ItemType.NUMBER, 1968, "1968 kg"),
        ("es", ItemType.NUMBER, 1968, "1968 kg"),
        ("es", ItemType.NUMBER, 0.123456, "0,123456 kg"),
        ("en", ItemType.DATE, "2026-11-22", "November 22, 2026"),
        ("es", ItemType.DATE, "2026-11-22", "22 de noviembre de 2026"),
        ("es", ItemType.DATE, "not_sure", "No lo sé"),
        ("es", ItemType.TEXT, "2026-11-22", "2026-11-22"),
    ],
)
def test_numbers_and_dates_follow_the_language(app, language, kind, answer, words):
    item = Item("weight", "you", kind, Text({"en": "Weight"}), unit="kg")
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert answer_words(item, answer) == words
