"""Two people at the same list or the same submission, in two browsers at the same moment: each is told what the other did."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from screener.store import queries
from screener.store.database import reading
from screener.store.workflow import Role
from tests.web.staff_page import event_names, stored, words

FIRST = {"heart_conditions": ["angina"]}
LIST = "/intake/"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@pytest.fixture
def people(make_user):
    """Two people at intake."""
    return [make_user(Role.INTAKE, name=name) for name in ("Dana Whitfield", "Lee Ortiz")]


@pytest.fixture
def browsers(sign_in, people):
    """A browser of each."""
    return [sign_in(user=user) for user in people]


@pytest.fixture
def send_together(browsers):
    """Sends a form from each browser in the same moment: its address and fields by browser; the replies in their order."""

    def send(*forms):
        together = Barrier(len(forms))

        def run(browser, page, address, fields):
            token = TOKEN.search(browser.get(page).text)[1]
            together.wait()
            return browser.post(address, data={**fields, "csrf_token": token})

        with ThreadPoolExecutor(len(forms)) as pool:
            return list(pool.map(run, browsers, *zip(*forms, strict=True)))

    return send


def test_two_who_take_the_same_ones_share_them_and_are_told(send_together, browsers, people, submitted, store):
    many = [submitted(FIRST) for _ in range(5)]
    keys = [f"{one.public_id}.{one.version}" for one in many]
    forms = [(LIST, "/work/assign", {"chosen": order, "assignee": "me"}) for order in (keys, keys[::-1])]
    replies = send_together(*forms)
    taken = [[one for one in many if stored(store, one).assignee_id == user.id] for user in people]
    assert sum(map(len, taken)) == len(many)
    for reply, mine, theirs in zip(replies, taken, taken[::-1], strict=True):
        assert reply.status_code == (409 if theirs else 303)
        said = re.findall(r"([0-9A-Z]{4}-[0-9A-Z]{4}): Someone changed this submission", reply.text)
        assert sorted(said) == sorted(one.reference for one in theirs)
        assert len(mine) + len(said) == len(many)
    assert [event_names(store, one) for one in many] == [["submitted", "assigned"]] * len(many)
    shown = words(browsers[0].get(LIST).text)
    assert [f"{user.name}" in shown for user in people] == [True, True]
    for browser, mine in zip(browsers, taken, strict=True):
        page = browser.get(f"{LIST}?assignee=me").text
        assert {one.reference for one in mine} == set(re.findall(r'class="reference"[^>]*>([^<]+)<', page))


def test_notes_of_two_people_are_both_kept_and_both_see_them(send_together, browsers, people, submitted, store):
    page = f"{LIST}submissions/{submitted(FIRST).public_id}"
    forms = [(page, f"{page}/notes", {"text": text}) for text in ("Called the son.", "Wrote a letter.")]
    assert [reply.status_code for reply in send_together(*forms)] == [303, 303]
    for browser in browsers:
        shown = words(browser.get(page).text)
        assert [text in shown for text in ("Called the son.", "Wrote a letter.")] == [True, True]
        assert [user.name in shown for user in people] == [True, True]


def test_acceptance_beside_a_note_is_done_and_the_note_is_kept(send_together, browsers, submitted, store):
    one = submitted(FIRST)
    page = f"{LIST}submissions/{one.public_id}"
    accept = (page, f"{page}/moves", {"move": "accept", "version": one.version, "note": ""})
    replies = send_together(accept, (page, f"{page}/notes", {"text": "Called the son."}))
    assert [reply.status_code for reply in replies] == [303, 303]
    with reading(store) as session:
        assert [note.text for note in queries.notes_of(session, one)] == ["Called the son."]
    assert "Accepted" in words(browsers[1].get(page).text)


def test_of_two_who_move_it_on_the_slower_keeps_what_they_typed(send_together, browsers, submitted, store):
    one = submitted(FIRST)
    page = f"{LIST}submissions/{one.public_id}"
    forms = [
        (page, f"{page}/moves", {"move": "ask", "version": one.version, "note": text})
        for text in ("Since when is this?", "Which tablets do you take?")
    ]
    replies = send_together(*forms)
    assert sorted(reply.status_code for reply in replies) == [303, 409]
    (refused,) = [reply for reply in replies if reply.status_code == 409]
    lost, kept = ("Since when is this?", "Which tablets do you take?")[:: 1 if replies[0] is refused else -1]
    assert "Someone changed this submission after you opened it." in refused.text
    assert re.search(rf"<textarea[^>]*>\s*{re.escape(lost)}</textarea>", refused.text)
    assert kept in words(refused.text)  # what the other asked is on the page by then
    with reading(store) as session:
        assert [note.text for note in queries.notes_of(session, one)] == [kept]
