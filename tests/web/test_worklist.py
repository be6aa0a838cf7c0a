"""The list staff live in, at both doors: filters in the address, search, views, assigning, closing, who works on what, the keys."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from screener.store import queries
from screener.store.accounts import User
from screener.store.casework import Tag
from screener.store.database import reading, writing
from screener.store.models import Event, Submission
from screener.store.queue_filters import tag_code
from screener.store.workflow import Role, Status
from screener.web.worklist.sought import read_sought
from tests.web.staff_page import event_names, put, references, stored, words

URGENT = {"emergency_now": ["heart_attack_signs"]}
FIRST = {"heart_conditions": ["angina"]}
MENTION = {"stomach_upset": "yes"}
NOTHING = {"pain_average": 4}
LIST = "/intake/"


@pytest.fixture
def dana(make_user):
    return make_user(Role.INTAKE, name="Dana Whitfield")


@pytest.fixture
def intake(sign_in, dana):
    """A browser of Dana at intake."""
    return sign_in(user=dana)


@pytest.fixture
def other(sign_in, make_user):
    """A browser of someone else at intake."""
    return sign_in(user=make_user(Role.INTAKE, name="Lee Ortiz"))


def key(submission, version=None):
    return f"{submission.public_id}.{version or submission.version}"


def link(page, rel):
    found = re.search(rf'href="([^"]*)" rel="{rel}"', page)
    return found[1].replace("&amp;", "&") if found else None


def shown_errors(page):
    found = re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    return re.findall(r"<li><a [^>]*>([^<]*)</a>", found[0]) if found else []


def events(store, name):
    with reading(store) as session:
        return [event.detail for event in session.scalars(select(Event).where(Event.name == name).order_by(Event.id))]


# What the address asks for


def test_tabs_count_and_choose_by_status(intake, submitted, store):
    one, other = submitted(FIRST), submitted(MENTION)
    put(store, other, Status.CLOSED)
    page = intake.get(f"{LIST}?status=closed").text
    assert references(page) == references(intake.get(f"{LIST}?status=done").text) == [other.reference]
    assert references(intake.get(LIST).text) == [one.reference]
    assert "All open 1 Submitted 1 Needs information 0 Accepted 0 In review 0 All closed 1 Signed off 0" in words(page)


@pytest.mark.parametrize(
    "query",
    [
        "status=draft",
        "status=x",
        "after=x",
        "after=1.2",
        "after=99999999999999999.1.1",
        "after=1.1.1&before=1.1.1",
        "severity=high",
        "name=Ada",
        "tag=waits",
        "severity=first&severity=first",
        "sort=waiting&after=1.1.1",
    ],
)
def test_filter_or_page_that_does_not_exist_is_404(intake, query):
    assert intake.get(f"{LIST}?{query}").status_code == 404


def test_filters_choose_and_stand_in_the_form_again(intake, submitted, store):
    one, other = submitted(FIRST, language="es"), submitted(MENTION)
    with writing(store) as session:
        session.add(Tag(submission_id=other.id, word="waits"))
    page = intake.get(f"{LIST}?severity=first&language=es").text
    assert references(page) == [one.reference]
    assert '<option value="first" selected>' in page
    assert '<option value="es" selected>' in page
    assert "1 submission here" in page
    assert "All open 1 Submitted 1 Needs" in words(page)
    assert references(intake.get(f"{LIST}?tag={tag_code('waits')}").text) == [other.reference]
    assert "Nothing here now." in intake.get(f"{LIST}?severity=urgent").text


def test_address_is_short_and_holds_only_what_was_chosen(intake):
    empty = {"severity": "first", "unknown": "", "assignee": "", "language": "", "sort": "severity", "topic": ""}
    reply = intake.get(LIST, query_string=empty)
    assert (reply.status_code, reply.location) == (303, f"{LIST}?severity=first")


def test_number_that_was_not_counted_to_its_end_says_so_in_words(intake, submitted, monkeypatch):
    for _ in range(3):
        submitted(MENTION)
    explained = "A number with a plus is at least so many"
    page = words(intake.get(LIST).text)
    assert "All open 3 Submitted 3" in page
    assert explained not in page
    monkeypatch.setattr("screener.store.queries.queue_totals.COUNTED", 2)
    page = words(intake.get(LIST).text)
    assert "All open 2+ Submitted 2+ Needs information 0" in page
    assert "2 or more submissions here" in page
    assert explained in page


def test_tabs_and_pages_keep_the_filters(intake, submitted, clock, monkeypatch):
    monkeypatch.setattr("screener.web.worklist.listing.PAGE", 2)
    expected = []
    for _ in range(5):
        expected.append(submitted(MENTION).reference)
        clock.move(minutes=1)
    found, address = [], f"{LIST}?severity=mention&sort=newest"
    while address:
        page, last = intake.get(address).text, address
        assert "?status=accepted&amp;severity=mention&amp;sort=newest" in page
        found.append(references(page))
        address = link(page, "next")
    assert [one for page in found for one in page] == expected[::-1]
    back = []
    address = link(intake.get(last).text, "prev")
    while address:
        page = intake.get(address).text
        back.append(references(page))
        address = link(page, "prev")
    assert back == found[-2::-1]


def test_list_says_where_to_look_further(intake, submitted, store, monkeypatch):
    monkeypatch.setattr("screener.store.queries.queue_walk.LOOKED_AT", 2)
    submissions = [submitted(MENTION) for _ in range(3)]
    with writing(store) as session:
        session.execute(update(Submission).where(Submission.id == submissions[2].id).values(language="es"))
    page = intake.get(f"{LIST}?language=es").text
    assert "Nothing here among the submissions that were looked at." in page
    assert references(intake.get(link(page, "next")).text) == [submissions[2].reference]


def test_assigned_to_me_is_a_part_of_the_list_with_its_count(intake, submitted, store, dana):
    mine, _ = submitted(FIRST), submitted(FIRST)
    with writing(store) as session:
        session.execute(update(Submission).where(Submission.id == mine.id).values(assignee_id=dana.id))
    assert "Assigned to me 1" in words(intake.get(LIST).text)
    assert references(intake.get(f"{LIST}?assignee=me").text) == [mine.reference]


def test_work_of_someone_who_left_is_found_and_given_to_another(intake, submitted, store, make_user, post_form):
    gone = make_user(Role.INTAKE, name="Marcus Hale")
    theirs, _ = submitted(FIRST), submitted(FIRST)
    with writing(store) as session:
        session.execute(update(Submission).where(Submission.id == theirs.id).values(assignee_id=gone.id))
        session.execute(update(User).where(User.id == gone.id).values(active=False))
    choice = f'<option value="{gone.id}">Marcus Hale (gets no new work)</option>'
    assert intake.get(LIST).text.count(choice) == 1  # among the filters, not among those to give work to
    assert references(intake.get(f"{LIST}?assignee={gone.id}").text) == [theirs.reference]
    post_form(intake, "/work/assign", {"chosen": key(theirs), "assignee": "me"}, page=LIST)
    assert choice not in intake.get(LIST).text


def test_clinicians_list_has_filters_and_no_closing(sign_in, submitted, store):
    clinician = sign_in(Role.CLINICIAN)
    first, mention = submitted(FIRST), submitted(MENTION)
    put(store, first, Status.ACCEPTED)
    put(store, mention, Status.IN_REVIEW)
    page = clinician.get("/clinician/").text
    assert references(page) == [first.reference, mention.reference]
    assert "Close …" not in page
    assert references(clinician.get("/clinician/?severity=mention").text) == [mention.reference]


# What a line says


def test_long_wait_is_told_by_word_and_shape(sign_in, dana, submitted, clock):
    one = submitted(FIRST)
    clock.move(hours=48)
    intake = sign_in(user=dana)
    page = intake.get(LIST).text
    assert references(page) == [one.reference]
    assert "Overdue" not in page
    clock.move(minutes=1)
    page = intake.get(LIST).text
    assert re.search(r'<span class="overdue"><svg.*?</svg>2 days</span><small><b>Overdue</b>, since', page, re.DOTALL)


def test_closed_one_is_not_overdue_and_says_why_it_was_closed(sign_in, dana, submitted, store, clock):
    submission = submitted(FIRST)
    put(store, submission, Status.CLOSED)
    with writing(store) as session:
        session.execute(update(Submission).values(close_reason="not_reached"))
    clock.move(hours=100)
    page = sign_in(user=dana).get(f"{LIST}?status=done").text
    assert "Overdue" not in page
    assert "Closed The patient could not be reached" in words(page)


def test_merged_one_says_where_it_went(intake, submitted, store):
    kept, gone = submitted(FIRST), submitted(FIRST)
    with writing(store) as session:
        values = {"merged_into_id": kept.id, "is_open": False}
        session.execute(update(Submission).where(Submission.id == gone.id).values(values))
    page = intake.get(f"{LIST}?status=done").text
    assert references(page) == [gone.reference]
    assert f"Put together with {kept.reference}" in words(page)


# Search


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("zoe", {"zoe"}),
        ("CANARY, Zo", {"zoe", "zora"}),
        ("canary 1988-12-31", {"zora"}),
        ("12/31/1988", {"zora"}),
        ("31.12.1988", {"zora"}),
        ("31 de diciembre de 1988", {"zora"}),
        ("Dec 31, 1988", {"zora"}),
        ("2/3/1961", {"zoe"}),
        ("3/2/61", {"zoe"}),
        ("(602) 555-0142", {"zoe"}),
        ("602 555", {"zoe", "zora"}),
        ("0142", {"zoe"}),
        ("…0199", {"zora"}),
        ("zoe 0199", set()),
        ("nobody", set()),
        ("anary", set()),
    ],
)
def test_search_finds_by_what_is_known_of_someone(intake, submitted, post_form, typed, expected):
    people = {
        "zoe": submitted(FIRST, name="Zoë Canary", birth_date=date(1961, 2, 3), phone="602-555-0142"),
        "zora": submitted(FIRST, name="Zora Canary", birth_date=date(1988, 12, 31), phone="+1 602 555 0199"),
    }
    reply = post_form(intake, "/work/search", {"sought": typed})
    assert reply.status_code == 200
    assert set(references(reply.text)) == {people[name].reference for name in expected}
    assert ("Nothing was found." in reply.text) is not bool(expected)
    if "zoe" in expected:
        assert "Zoë Canary February 3, 1961" in words(reply.text)


def test_search_is_recorded_by_kind_and_number_alone(intake, submitted, post_form, store, dana):
    submitted(FIRST, name="Zoraida Canary")
    post_form(intake, "/work/search", {"sought": "Zoraida 1968-04-02"})
    assert events(store, "searched") == [{"kinds": "name birth_date", "found": 1}]


def test_reference_leads_to_its_submission_however_it_is_typed(intake, submitted, post_form, store):
    submission = submitted(MENTION)
    spoken = submission.reference.lower().replace("-", " ")
    reply = post_form(intake, "/work/search", {"sought": spoken}, page=LIST)
    assert (reply.status_code, reply.location) == (303, f"/intake/submissions/{submission.public_id}")
    assert events(store, "searched") == [{"kinds": "reference", "found": 1}]


@pytest.mark.parametrize("typed", ["", "   ", "x" * 201])
def test_search_for_nothing_or_too_much_is_said(intake, post_form, store, typed):
    reply = post_form(intake, "/work/search", {"sought": typed})
    assert reply.status_code == 422
    assert shown_errors(reply.text) == ["Write a reference, a name, a birth date or a phone number."]
    assert events(store, "searched") == []


def test_search_that_finds_too_many_says_how_to_narrow_it(intake, submitted, post_form, monkeypatch):
    monkeypatch.setattr("screener.store.queries.search.MOST_FOUND", 1)
    for _ in range(2):
        submitted(FIRST, name="Ada Sample")
    page = post_form(intake, "/work/search", {"sought": "sample"}).text
    assert "1 are shown; there are more. Add a birth date or another word of the name." in page


def test_search_that_could_not_look_at_everyone_says_so(intake, submitted, post_form, monkeypatch):
    monkeypatch.setattr("screener.store.queries.search.LOOKED_AT", 1)
    for first in ("Ada", "Ana"):
        submitted(FIRST, name=f"{first} Sample")
    page = post_form(intake, "/work/search", {"sought": "sample a"}).text
    assert "So many people fit a part of this that not all of them were looked at." in page


@pytest.mark.parametrize(
    ("typed", "dates"),
    [
        ("4/2/1968", {date(1968, 4, 2), date(1968, 2, 4)}),
        ("2/4/30", {date(1930, 2, 4), date(1930, 4, 2)}),
        ("1968.04.02", {date(1968, 4, 2)}),
        ("2 abr 1968", {date(1968, 4, 2)}),
        ("April 2nd, 1968", {date(1968, 4, 2)}),
        ("13/13/1968", set()),
        ("April 31, 1968", set()),
        ("1/1/1850", set()),
        ("1/1/2030", set()),
    ],
)
def test_birth_dates_are_read_as_people_write_them(typed, dates):
    assert set(read_sought(typed, today=date(2026, 11, 26))[1].birth_dates) == dates


# Views


def test_view_is_kept_shown_and_deleted_by_its_owner_alone(intake, other, submitted, post_form, store, dana):
    submitted(FIRST)
    fields = {"view_name": " Spanish  first ", "query": "severity=first&language=es&after=1000000.5"}
    reply = post_form(intake, "/work/views", fields, page=LIST)
    assert (reply.status_code, reply.location) == (303, f"{LIST}?severity=first&language=es")
    page = intake.get(reply.location).text
    assert 'aria-current="true">Spanish first</a>' in page
    assert "The view “Spanish first” is kept." in page
    assert "Spanish first" not in other.get(LIST).text
    with reading(store) as session:
        (view,) = queries.saved_views(session, dana.id)
    delete = f"/work/views/{view.id}/delete"
    assert post_form(other, delete, page=LIST).status_code == 404
    assert post_form(intake, f"/work/views/{10**20}/delete", page=LIST).status_code == 404
    assert post_form(intake, delete, page=LIST).status_code == 303
    assert "Spanish first</a>" not in intake.get(LIST).text


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_view_without_a_good_name_is_not_kept_and_the_name_comes_back(intake, post_form, name):
    reply = post_form(intake, "/work/views", {"view_name": name, "query": "severity=first"}, page=LIST)
    assert reply.status_code == 422
    assert shown_errors(reply.text) == ["Give the view a name of 1 to 60 letters."]
    assert f'name="view_name" value="{name}"' in reply.text
    assert '<option value="first" selected>' in reply.text


# Assigning


def test_take_gives_it_to_oneself_and_comes_back_to_the_same_place(intake, submitted, post_form, store, dana):
    submission = submitted(FIRST)
    fields = {"chosen": key(submission), "assignee": "me", "query": "severity=first"}
    reply = post_form(intake, "/work/assign", fields, page=LIST)
    assert (reply.status_code, reply.location) == (303, f"{LIST}?severity=first")
    assert stored(store, submission).assignee_id == dana.id
    page = intake.get(reply.location).text
    assert "1 submission is with Dana Whitfield now." in page
    assert 'form="take" name="chosen"' not in page


def test_several_are_assigned_and_what_could_not_be_is_said_line_by_line(
    intake, submitted, post_form, store, make_user
):
    marcus = make_user(Role.CLINICIAN, name="Marcus Bell")
    done, stale, closed = submitted(FIRST), submitted(FIRST), submitted(FIRST)
    put(store, closed, Status.CLOSED)
    fields = {"chosen": [key(done), key(stale, 7), key(closed)], "assignee": str(marcus.id)}
    reply = post_form(intake, "/work/assign", fields, page=LIST)
    assert reply.status_code == 409
    assert "1 submission is with Marcus Bell now." in reply.text
    said = shown_errors(reply.text)
    assert said[0].startswith(f"{stale.reference}: Someone changed this submission after you opened it.")
    assert said[1] == f"{closed.reference}: This submission is closed already. Nothing was changed."
    assert re.search(rf'value="{key(stale)}" checked', reply.text)
    assert [stored(store, one).assignee_id for one in (done, stale, closed)] == [marcus.id, None, None]


def test_assigned_ones_can_be_given_back_to_no_one(intake, submitted, post_form, store):
    submission = submitted(FIRST)
    for version, assignee in ((1, "me"), (2, "nobody")):
        post_form(intake, "/work/assign", {"chosen": key(submission, version), "assignee": assignee}, page=LIST)
    assert stored(store, submission).assignee_id is None
    assert event_names(store, submission) == ["submitted", "assigned", "unassigned"]


def test_who_has_a_submission_stands_on_its_page_and_can_be_changed_there(
    intake, sign_in, make_user, submitted, post_form, store, dana
):
    priya = make_user(Role.CLINICIAN, name="Dr. Priya Nair")
    submission = submitted(FIRST)
    address = f"/intake/submissions/{submission.public_id}"
    assert "Assigned to no one" in intake.get(address).text
    fields = {"assignee": str(priya.id), "version": str(submission.version)}
    reply = post_form(intake, f"/work/{submission.public_id}/assign", fields, page=address)
    assert (reply.status_code, reply.location) == (303, address)
    page = intake.get(address).text
    assert "1 submission is with Dr. Priya Nair now." in page
    assert "Assigned to Dr. Priya Nair" in page
    assert "Assigned by Dana Whitfield" in words(page)
    assert f'<option value="{priya.id}" selected>Dr. Priya Nair</option>' in page
    assert stored(store, submission).assignee_id == priya.id

    theirs = sign_in(user=priya).get(f"/clinician/submissions/{submission.public_id}").text
    assert "Assigned to Dr. Priya Nair" in theirs
    assert '<option value="me" selected>Me</option>' in theirs


def test_assignment_on_a_page_that_is_no_longer_so_changes_nothing_and_says_so(
    intake, submitted, post_form, store, dana
):
    submission = submitted(FIRST)
    address = f"/intake/submissions/{submission.public_id}"
    fields = {"assignee": "me", "version": str(submission.version + 1)}
    reply = post_form(intake, f"/work/{submission.public_id}/assign", fields, page=address)
    assert (reply.status_code, reply.location) == (303, address)
    assert "Someone changed this submission" in words(intake.get(address).text)
    assert stored(store, submission).assignee_id is None


def test_someone_who_cannot_have_it_any_more_still_shows_as_having_it(intake, submitted, make_user, store):
    gone, submission = make_user(Role.CLINICIAN, name="Gone Away"), submitted(FIRST)
    with writing(store) as session:
        session.execute(update(Submission).where(Submission.id == submission.id).values(assignee_id=gone.id))
        session.execute(update(User).where(User.id == gone.id).values(active=False))
    page = intake.get(f"/intake/submissions/{submission.public_id}").text
    assert f'<option value="{gone.id}" selected>Gone Away</option>' in page


def test_closed_submission_says_who_had_it_and_offers_it_to_no_one(intake, submitted, store, dana):
    submission, nobodys = submitted(FIRST), submitted(FIRST)
    with writing(store) as session:
        session.execute(update(Submission).where(Submission.id == submission.id).values(assignee_id=dana.id))
    for one in (submission, nobodys):
        put(store, one, Status.CLOSED)
    pages = [intake.get(f"/intake/submissions/{one.public_id}").text for one in (submission, nobodys)]
    assert ["Assigned to Dana Whitfield" in page for page in pages] == [True, False]
    assert [page for page in pages if 'name="assignee"' in page] == []


def test_assigning_nothing_says_how_to_choose(intake, submitted, post_form):
    submitted(FIRST)
    for address in ("/work/assign", "/work/close"):
        reply = post_form(intake, address, {"assignee": "me"}, page=LIST)
        assert reply.status_code == 422
        assert shown_errors(reply.text) == ["Choose one or more submissions first, with the box before the reference."]


@pytest.mark.parametrize(
    "fields",
    [
        {"chosen": "x", "assignee": "me"},
        {"chosen": f"{'a' * 32}.1", "assignee": "999999"},
        {"chosen": f"{'a' * 32}.1", "assignee": "Dana"},
        {"chosen": [f"{number:032x}.1" for number in range(101)], "assignee": "me"},
    ],
)
def test_form_that_no_page_of_ours_sends_is_refused(intake, post_form, fields):
    assert post_form(intake, "/work/assign", fields, page=LIST).status_code == 400


def test_submission_that_does_not_exist_is_404(intake, post_form):
    fields = {"chosen": f"{'a' * 32}.1", "assignee": "me"}
    assert post_form(intake, "/work/assign", fields, page=LIST).status_code == 404


def test_form_with_a_stale_token_keeps_what_was_chosen(intake, submitted, store):
    submission = submitted(FIRST)
    reply = intake.post("/work/assign", data={"chosen": key(submission), "assignee": "me", "csrf_token": "old"})
    assert reply.status_code == 422
    assert f'value="{key(submission)}" checked' in reply.text
    assert stored(store, submission).assignee_id is None


# Closing


def test_closing_asks_why_then_closes_all_that_are_chosen(intake, submitted, post_form, store):
    one, two = submitted(FIRST), submitted(MENTION)
    chosen = {"chosen": [key(one), key(two)], "query": "sort=newest"}
    page = post_form(intake, "/work/close", chosen, page=LIST)
    assert page.status_code == 200
    assert "Close 2 submissions" in page.text
    assert [stored(store, each).status for each in (one, two)] == [Status.SUBMITTED] * 2
    reply = post_form(intake, "/work/close", chosen | {"step": "close", "reason": "other", "text": "Moved."}, page=LIST)
    assert (reply.status_code, reply.location) == (303, f"{LIST}?sort=newest")
    for each in (one, two):
        assert (stored(store, each).status, stored(store, each).close_reason) == (Status.CLOSED, "other")
        assert event_names(store, each) == ["submitted", "noted", "closed"]
    page = intake.get(f"/intake/submissions/{one.public_id}").text
    assert "Another reason" in page
    assert "Moved." in page


def test_closing_keeps_what_was_typed_and_names_each_that_it_could_not_close(intake, submitted, post_form, store):
    done, urgent, accepted = submitted(FIRST), submitted(URGENT), submitted(FIRST)
    put(store, accepted, Status.ACCEPTED)
    fields = {
        "chosen": [key(one) for one in (done, urgent, accepted)],
        "step": "close",
        "reason": "test",
        "text": "Mine.",
    }
    reply = post_form(intake, "/work/close", fields, page=LIST)
    assert reply.status_code == 409
    assert "1 submission is closed." in reply.text
    said = shown_errors(reply.text)
    assert said[0] == f"{urgent.reference}: This submission has an urgent finding. Note first what was done about it."
    assert said[1].startswith(f"{accepted.reference}: This move is not possible")
    assert 'value="test" checked' in reply.text
    assert "Mine.</textarea>" in reply.text
    assert [stored(store, one).status for one in (done, urgent, accepted)] == [
        Status.CLOSED,
        Status.SUBMITTED,
        Status.ACCEPTED,
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Say why they are closed before a clinician has read them."),
        ({"reason": "because"}, "Say why they are closed before a clinician has read them."),
        ({"reason": "other", "text": "  "}, "Write the reason."),
    ],
)
def test_closing_without_a_reason_is_not_done(intake, submitted, post_form, store, fields, said):
    submission = submitted(FIRST)
    reply = post_form(intake, "/work/close", {"chosen": key(submission), "step": "close"} | fields, page=LIST)
    assert reply.status_code == 422
    assert shown_errors(reply.text) == [said]
    assert stored(store, submission).status is Status.SUBMITTED


def test_signed_off_one_is_closed_without_a_reason(intake, submitted, post_form, store):
    submission = submitted(FIRST)
    put(store, submission, Status.SIGNED_OFF)
    page = post_form(intake, "/work/close", {"chosen": key(submission)}, page=LIST).text
    assert "Why, before a clinician has read it?" not in page
    post_form(intake, "/work/close", {"chosen": key(submission), "step": "close"}, page=LIST)
    assert (stored(store, submission).status, stored(store, submission).close_reason) == (Status.CLOSED, None)


def test_page_of_a_submission_leads_to_closing_it_unread(intake, submitted, post_form):
    submission = submitted(FIRST)
    page = intake.get(f"/intake/submissions/{submission.public_id}").text
    assert 'name="move" value="close"' not in page
    assert f'name="chosen" value="{key(submission)}"' in page
    urgent = submitted(URGENT)
    assert 'action="/work/close"' not in intake.get(f"/intake/submissions/{urgent.public_id}").text


def test_clinician_closes_nothing(sign_in, submitted, post_form, store):
    submission = submitted(FIRST)
    fields = {"chosen": key(submission), "step": "close", "reason": "test"}
    reply = post_form(sign_in(Role.CLINICIAN), "/work/close", fields, page="/clinician/")
    assert reply.status_code == 409
    assert stored(store, submission).status is Status.SUBMITTED


# Who works on what


@pytest.mark.parametrize(("door", "role"), [("intake", Role.INTAKE), ("clinician", Role.CLINICIAN)])
def test_others_see_who_works_on_it_on_its_page_and_in_the_list(
    intake, sign_in, submitted, post_form, store, clock, door, role
):
    submission = submitted(FIRST)
    put(store, submission, Status.ACCEPTED)
    own = f"/intake/submissions/{submission.public_id}"
    post_form(intake, f"/work/{submission.public_id}/begin", {"worker": "0"}, page=own)
    assert "You are working on this since" in intake.get(own).text
    reader = sign_in(role)
    for address in (f"/{door}/submissions/{submission.public_id}", f"/{door}/"):
        assert "Dana Whitfield is working on this since" in words(reader.get(address).text)
    clock.move(minutes=15)
    reader = sign_in(role)
    assert "is working on this" not in reader.get(f"/{door}/").text


def test_work_is_taken_over_from_whom_one_saw_and_can_be_ended(intake, other, submitted, post_form, store, dana):
    submission = submitted(FIRST)
    page, begin = f"/intake/submissions/{submission.public_id}", f"/work/{submission.public_id}/begin"
    post_form(intake, begin, {"worker": "0"}, page=page)
    reply = post_form(other, begin, {"worker": "0"}, page=page)
    assert (reply.status_code, reply.location) == (303, page)
    assert "Someone else began to work on this meanwhile." in other.get(page).text
    post_form(other, begin, {"worker": str(dana.id)}, page=page)
    assert "Lee Ortiz is working on this since" in words(intake.get(page).text)
    assert "Work taken over" in intake.get(page).text
    post_form(other, f"/work/{submission.public_id}/end", page=page)
    assert "is working on this" not in intake.get(page).text
    assert stored(store, submission).version == 1


def test_work_on_what_does_not_exist_is_404(intake, post_form):
    for act in ("begin", "end"):
        assert post_form(intake, f"/work/{'a' * 32}/{act}", page=LIST).status_code == 404


# The keys


def test_keys_can_be_switched_off_and_on(intake, submitted, post_form):
    submitted(FIRST)
    assert "has-keys" in intake.get(LIST).text
    reply = post_form(intake, "/work/shortcuts", {"shortcuts": "off", "query": "sort=newest"}, page=LIST)
    assert reply.location == f"{LIST}?sort=newest"
    page = intake.get(LIST).text
    assert "has-keys" not in page
    assert "The keys are off." in page
    post_form(intake, "/work/shortcuts", {"shortcuts": "on"}, page=LIST)
    assert "has-keys" in intake.get(LIST).text


def test_no_address_of_the_list_holds_anything_personal(intake, submitted, post_form, store):
    submitted(FIRST, name="Zoraida Canary", phone="602-555-0177")
    with writing(store) as session:
        session.add(Tag(submission_id=1, word="canary call"))
    pages = [intake.get(LIST).text, post_form(intake, "/work/search", {"sought": "Zoraida Canary 602-555-0177"}).text]
    addresses = [address for page in pages for address in re.findall(r'(?:href|action)="([^"]*)"', page)]
    values = [value for address in addresses for each in parse_qs(urlsplit(address).query).values() for value in each]
    for secret in ("Zoraida", "Canary", "canary", "555", "1968"):
        assert not any(secret in address.lower() or secret in address for address in addresses)
        assert secret not in values


# The way back


def back_of(page):
    return re.search(r'<a class="back" href="([^"]*)"', page)[1].replace("&amp;", "&")


def test_way_back_from_a_submission_leads_to_the_list_as_it_stood(intake, submitted):
    address = f"/intake/submissions/{submitted(NOTHING).public_id}"
    assert back_of(intake.get(address).text) == LIST
    intake.get(f"{LIST}?status=submitted&sort=newest")
    assert back_of(intake.get(address).text) == f"{LIST}?status=submitted&sort=newest"
    intake.get(f"{LIST}?status=nowhere")
    assert back_of(intake.get(address).text) == f"{LIST}?status=submitted&sort=newest"
    intake.get(LIST)
    assert back_of(intake.get(address).text) == LIST


def test_list_of_another_door_is_no_way_back(sign_in, make_user, submitted, store, post_form):
    user = make_user(Role.INTAKE)
    client = sign_in(user=user)
    client.get(f"{LIST}?status=submitted")
    with writing(store) as session:
        session.execute(update(type(user)).where(type(user).id == user.id).values(role=Role.CLINICIAN))
    submission = submitted(NOTHING)
    put(store, submission, Status.ACCEPTED)
    assert back_of(client.get(f"/clinician/submissions/{submission.public_id}").text) == "/clinician/"


def test_submission_that_is_moved_on_leads_on_with_the_queue(intake, submitted, post_form):
    submission = submitted(NOTHING)
    page = f"/intake/submissions/{submission.public_id}"
    intake.get(f"{LIST}?status=submitted")
    post_form(intake, f"{page}/moves", {"move": "accept", "version": "1"}, page=page)
    assert f'href="{LIST}?status=submitted">Go on with the queue</a>' in intake.get(page).text
