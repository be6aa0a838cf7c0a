"""One's own account: seeing it, and choosing when to be told that something is new."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screener.app import create_app
from screener.store import queries
from screener.store.accounts import Notify
from screener.store.database import reading
from screener.store.workflow import Role


@pytest.fixture
def app(settings, clock, shipped_ruleset):
    """An installation that can send mail."""
    mail = {"smtp_host": "127.0.0.1", "mail_from": "guide@clinic.test"}
    app = create_app(replace(settings, **mail), clock=clock, ruleset=shipped_ruleset)
    app.testing = True
    yield app
    app.extensions["screener"].engine.dispose()


@pytest.mark.parametrize("role", [Role.INTAKE, Role.CLINICIAN, Role.ADMIN])
def test_each_role_chooses_when_to_be_told(role, make_user, sign_in, post_form, store):
    user = make_user(role)
    client = sign_in(user=user)
    assert 'value="never" checked' in client.get("/account/").text
    reply = post_form(client, "/account/", {"notify": "daily"})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/account/")
    page = client.get("/account/").text
    assert 'value="daily" checked' in page
    assert user.email in page
    with reading(store) as session:
        assert queries.user_by_id(session, user.id).notify is Notify.DAILY


@pytest.mark.parametrize("sent", [{}, {"notify": "hourly"}])
def test_anything_else_is_an_error_and_changes_nothing(sent, make_user, sign_in, post_form, store):
    user = make_user(Role.INTAKE)
    reply = post_form(sign_in(user=user), "/account/", sent)
    assert reply.status_code == 422
    assert "Choose when you want to be told." in reply.text
    with reading(store) as session:
        assert queries.user_by_id(session, user.id).notify is Notify.NEVER


def test_without_a_mail_server_the_page_says_so(settings, clock, shipped_ruleset, make_user, sign_in):
    client = sign_in(Role.INTAKE)
    client.application.extensions["screener"] = replace(
        client.application.extensions["screener"], settings=replace(settings, smtp_host="")
    )
    assert "This installation sends no e-mail." in client.get("/account/").text
