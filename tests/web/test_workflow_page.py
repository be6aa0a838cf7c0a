"""The workflow as one table: on staff's page, in docs/workflow.md, and at every door, whatever is posted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import Review
from screener.store.workflow import MOVES, Move, Role, Status
from screener.web import security
from screener.web.workflow_words import (
    ACT_WORDS,
    MEANING,
    NEEDS,
    STANDING_WORDS,
    WHO_WORDS,
    standings,
    workflow_markdown,
)
from screener.web.worklist.rows import row_key
from tests.web.conftest import TOKEN
from tests.web.review_desk import PASSWORD, ReviewDesk
from tests.web.staff_page import put, stored, words

STAFF = (Role.INTAKE, Role.CLINICIAN, Role.ADMIN)
STORED = [status for status in Status if status is not Status.DRAFT]
# The doors that take a move by name; every other form of a submission's page is tried once with all these fields.
MOVING = ("intake.move", "clinician.move", "clinician.review")
# What staff's doors do for a patient, beside the moves of their own role.
FOR_THE_PATIENT = {Move.AMEND}


def test_every_code_has_its_words():
    assert set(STANDING_WORDS) == set(MEANING) == set(Status)
    assert set(WHO_WORDS) == set(Role)
    assert set(ACT_WORDS) == set(Move)
    assert set(NEEDS) <= {(role, move) for _at, role, move in MOVES}


def test_words_have_a_row_for_each_move_and_no_other():
    rows = [(standing.code, move.who, move.act, move.leads_to) for standing in standings() for move in standing.moves]
    assert rows == [
        (at.value, str(WHO_WORDS[role]), str(ACT_WORDS[move]), str(STANDING_WORDS[to]))
        for status in Status
        for (at, role, move), to in MOVES.items()
        if at is status
    ]


def test_documentation_is_made_from_the_table():
    kept = Path(__file__).parents[2] / "docs" / "workflow.md"
    assert kept.read_text(encoding="utf-8") == workflow_markdown(), "run: python docs/write_workflow.py"


@pytest.mark.parametrize("role", STAFF)
def test_page_tells_staff_every_row_in_their_language(sign_in, role):
    client = sign_in(role)
    for language, say in (("en", "Clinician sign it off Signed off"), ("es", "Profesional de salud firmarlo Firmado")):
        page = client.get("/workflow", headers={"Accept-Language": language}).text
        assert page.count('<tr role="row"><td') == len(MOVES)
        assert say in words(page)


# Every move, as every role, in every status, through every door


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: what is lawful does not depend on it."""
    return sqlite_url


@pytest.fixture
def tokens():
    """The form token of each browser."""
    found = {}

    def token(client):
        if client not in found:
            found[client] = TOKEN.search(client.get("/workflow").text)[1]
        return found[client]

    return token


@pytest.fixture
def ready(submitted, store, sign_in, post_form, make_user, clock):
    """Makes a submission whose review is open and wants nothing but the sign-off, then stands it in a status."""
    intake, clinician = make_user(Role.INTAKE), make_user(Role.CLINICIAN)

    def make(status):
        made = submitted({"emergency_now": ["none"], "heart_conditions": ["angina"]})
        at = {"now": clock()}
        with writing(store) as session:
            kept = queries.submission_by_public_id(session, made.public_id)
            operations.move_submission(session, kept, Move.ACCEPT, actor=intake, expected_version=1, **at)
            operations.start_review(session, kept, clinician=clinician, expected_version=2, **at)
        put(store, made, status)
        return made

    return make


def doors(app):
    """Every form that acts on one submission: (endpoint, address with a place for its id)."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and (rule.arguments == {"public_id"} or rule.endpoint == "worklist.close"):
            yield rule.endpoint, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "PUBLIC_ID"))


def fields_for(desk, submission, move):
    """What a form could take to make this move, and more."""
    whole = desk.whole(submission)
    made = {
        "move": move.value,
        "act": move.value,
        "note": "Why.",
        "text": "Why.",
        "reason": "other",
        "password": PASSWORD,
    }
    now = stored(desk.store, submission)
    return {**whole, **made, "version": now.version, "chosen": row_key(now), "step": "close"}


@pytest.mark.parametrize("status", STORED)
@pytest.mark.parametrize("role", STAFF)
def test_every_move_posted_by_hand_does_what_the_table_says_and_nothing_else(
    app, ready, sign_in, post_form, store, tokens, role, status
):
    client = sign_in(role)
    desk = ReviewDesk(client, post_form, store)
    submission = ready(status)
    reached, wrong = {}, []
    for endpoint, address in doors(app):
        for move in Move if endpoint in MOVING else [Move.CLOSE]:
            fields = fields_for(desk, submission, move)
            url = address.replace("PUBLIC_ID", submission.public_id)
            reply = client.post(url, data={**fields, "csrf_token": tokens(client)})
            now = stored(store, submission).status
            if role not in security.allowed_roles(endpoint):
                assert reply.status_code == 403
            lawful = {
                to
                for (at, who, one), to in MOVES.items()
                if at is status and (who is role or (who is Role.PATIENT and one in FOR_THE_PATIENT))
            }
            if now is not status:
                if now not in lawful:
                    wrong.append((endpoint, move, now))
                made = Move.CLOSE if endpoint == "worklist.close" else move
                if MOVES.get((status, role, made)) is now:
                    reached[made] = now
                submission = ready(status)
            elif reply.status_code >= 500:
                wrong.append((endpoint, move, reply.status_code))
    assert wrong == []
    assert reached == {move: to for (at, who, move), to in MOVES.items() if (at, who) == (status, role)}


def test_who_is_not_signed_in_moves_nothing(app, client, ready, store, post_form):
    submission = ready(Status.IN_REVIEW)
    token = TOKEN.search(client.get("/sign-in").text)[1]
    desk = ReviewDesk(client, post_form, store)
    before = stored(store, submission)
    for endpoint, address in doors(app):
        if security.allowed_roles(endpoint) is security.EVERYONE:
            continue
        for move in Move:
            fields = fields_for(desk, submission, move)
            reply = client.post(
                address.replace("PUBLIC_ID", submission.public_id), data={**fields, "csrf_token": token}
            )
            assert (reply.status_code, reply.location) == (303, "/sign-in")
    after = stored(store, submission)
    assert (after.status, after.version) == (before.status, before.version)


@pytest.mark.parametrize("missing", ["password", "disposition", "assessment", "seen", "choice"])
def test_sign_off_lacking_anything_is_no_move(ready, sign_in, post_form, store, missing):
    client = sign_in(Role.CLINICIAN)
    desk = ReviewDesk(client, post_form, store)
    submission = ready(Status.IN_REVIEW)
    fields = fields_for(desk, submission, Move.SIGN_OFF)
    left = {name: value for name, value in fields.items() if not re.match(rf"{missing}\b", name)}
    assert len(left) < len(fields)
    reply = desk.send(submission, "review", left)
    assert reply.status_code == 422
    assert stored(store, submission).status is Status.IN_REVIEW
    with reading(store) as session:
        assert session.scalars(select(Review.id).join(Review.sign_off).order_by(Review.id)).all() == []
