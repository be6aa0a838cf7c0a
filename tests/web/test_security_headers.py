"""The headers of every kind of reply, error pages, and what the log keeps."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace

import pytest
from sqlalchemy import event

from screener.app import create_app
from screener.store.refusals import StaleSubmission
from screener.store.workflow import Role

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
LANGUAGES = {"en": "We cannot find that page", "es": "No encontramos esa página"}


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: replies do not depend on it."""
    return sqlite_url


@pytest.fixture
def broken(app):
    """A view that fails with whatever it is given."""
    failures = []

    def fail():
        raise failures.pop()

    app.view_functions["patient.start"] = fail
    return failures


def headers_of(reply):
    return {name: reply.headers.get(name) for name in HEADERS}


def test_every_kind_of_reply_has_the_same_headers(app, client, broken):
    app.testing = False
    broken.append(RuntimeError("unexpected"))
    replies = {
        (500, "/"): client.get("/"),
        (200, "/sign-in"): client.get("/sign-in"),
        (303, "/admin/"): client.get("/admin/"),
        (404, "/nowhere"): client.get("/nowhere"),
        (405, "/sign-out"): client.get("/sign-out"),
        (413, "/sign-in"): client.post("/sign-in", data={"email": "x" * 300_000}),
        (400, "/language"): client.post("/language"),
        (200, "/static/site.css"): client.get("/static/site.css"),
        (404, "/static/none.css"): client.get("/static/none.css"),
    }
    for (status, path), reply in replies.items():
        assert (path, reply.status_code) == (path, status)
        assert headers_of(reply) == HEADERS
        kept = "no-cache" if path == "/static/site.css" else "no-store"
        assert (path, reply.headers["Cache-Control"]) == (path, kept)
        reply.close()


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/site.css"])
def test_browser_that_came_over_https_is_told_to_stay_there(client, path):
    def told(address):
        with client.get(path, base_url=address) as reply:
            return reply.headers.get("Strict-Transport-Security")

    assert told("https://clinic.test") == "max-age=31536000"
    assert told("http://clinic.test") is None


def test_static_file_of_this_version_is_kept_and_carries_no_cookie(client):
    page = client.get("/sign-in").text
    versioned = page.partition('href="/static/site.css')[2].partition('"')[0]
    reply = client.get("/static/site.css" + versioned)
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in reply.headers
    assert reply.headers["Vary"] == "Accept-Encoding"
    reply.close()
    other = client.get("/static/site.css?v=other")
    assert other.headers["Cache-Control"] == "no-cache"
    other.close()


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 303), ("none", 303)]
)
def test_form_sent_from_another_site_is_refused_though_it_has_the_token(sign_in, post_form, site, status):
    admin = sign_in(Role.ADMIN)
    admin.environ_base["HTTP_SEC_FETCH_SITE"] = site
    assert post_form(admin, "/sign-out", page="/admin/").status_code == status


def test_request_of_256_kb_is_read_and_a_larger_one_refused(client):
    def sent(size):
        return client.post(
            "/sign-in", data=b"email=" + b"x" * (size - 6), content_type="application/x-www-form-urlencoded"
        )

    assert sent(256 * 1024).status_code == 422
    assert sent(256 * 1024 + 1).status_code == 413


def test_refusal_of_the_store_is_shown_in_its_words(client, broken):
    broken.append(StaleSubmission())
    reply = client.get("/")
    assert reply.status_code == 409
    assert StaleSubmission.text in reply.text


def test_database_locked_by_another_is_503_with_a_time_to_come_back(app, client, make_user, post_form, settings):
    engine = app.extensions["screener"].engine
    engine.dispose()

    @event.listens_for(engine, "connect")
    def hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout = 50")

    user = make_user(Role.ADMIN)
    other = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        reply = post_form(client, "/sign-in", {"email": user.email, "password": "three grey herons at dusk"})
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "30")
    assert headers_of(reply) == HEADERS


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_error_page_speaks_the_browsers_language(client, language):
    reply = client.get("/nowhere", headers={"Accept-Language": language})
    assert LANGUAGES[language] in reply.text
    assert f'<html lang="{language}">' in reply.text


def test_staff_read_staffs_error_page(client):
    assert 'class="staff"' in client.get("/admin/nothing").text
    assert 'class="patient' in client.get("/nothing").text


def test_wrong_method_says_which_are_right(client):
    assert set(client.get("/sign-out").headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_log_names_endpoint_and_status_and_nothing_of_the_request(client, make_user, post_form, caplog):
    caplog.set_level(logging.DEBUG)
    user = make_user(Role.ADMIN, email="canary@clinic.test", name="Canary Sample")
    post_form(client, "/sign-in?canary=1", {"email": user.email, "password": "canary canary canary"})
    client.get("/canary")
    lines = [record.getMessage() for record in caplog.records if record.name == "screener.requests"]
    assert [line.split()[1:] for line in lines] == [
        ["GET", "auth.sign_in", "200"],
        ["POST", "auth.sign_in", "422"],
        ["GET", "None", "404"],
    ]
    assert "canary" not in caplog.text.lower()


def test_unexpected_error_is_logged_without_the_values_it_quotes(app, client, broken, caplog):
    app.testing = False
    broken.append(ValueError("canary answer"))
    assert client.get("/").status_code == 500
    assert "canary" not in caplog.text
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "patient.start ValueError at " in record.getMessage()
    assert record.exc_info is None


def test_forwarded_address_counts_only_where_a_proxy_is_configured(settings, clock, shipped_ruleset):
    for proxies, secure in ((0, False), (1, True)):
        app = create_app(replace(settings, proxies=proxies), clock=clock, ruleset=shipped_ruleset)
        reply = app.test_client().get("/sign-in", headers={"X-Forwarded-Proto": "https"})
        assert ("Secure" in reply.headers["Set-Cookie"]) is secure
        app.extensions["screener"].engine.dispose()
