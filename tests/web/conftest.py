"""The application as the tests meet it: on either database, with a clock that stands still until it is moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import Connection, Engine, event
from werkzeug.test import TestResponse

from screener.app import create_app
from screener.config import Settings
from screener.engine.answers import parse_answers
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.paths import rules_folder
from screener.store import operations
from screener.store.accounts import User
from screener.store.database import writing
from screener.store.models import Submission
from screener.store.workflow import Role
from tests.conftest import be_patient

PASSWORD = "three grey herons at dusk"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_hashes: dict[str, str] = {}
_numbers = count(1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 15, 0, 0, 250_000, tzinfo=UTC)  # no whole second: no real clock stands on one

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    """The application's clock."""
    return Clock()


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """The ruleset of the repository."""
    return load_ruleset(rules_folder())


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation of this test's own."""
    return Settings(
        instance=tmp_path,
        rules=rules_folder(),
        database_url=database_url,
        secret_key="k3y-of-the-tests-6Qw9zXb2LmVr8TnYp4",
        password_salt="s4lt-of-the-tests-5Hj7dFg1KsWc3RuEo",
        timezone="UTC",
    )


@pytest.fixture
def app(settings: Settings, clock: Clock, shipped_ruleset: Ruleset) -> Iterator[Flask]:
    """The whole application on a migrated, empty database; an unexpected error fails the test."""
    app = create_app(settings, clock=clock, ruleset=shipped_ruleset)
    app.testing = True
    be_patient(app.extensions["screener"].engine)
    yield app
    app.extensions["screener"].engine.dispose()


@pytest.fixture
def store(app: Flask) -> Engine:
    """The database behind the application."""
    engine: Engine = app.extensions["screener"].engine
    return engine


@pytest.fixture
def before_next_write(store: Engine) -> Callable[[Callable[[], Any]], None]:
    """Lets something happen once, in a request of its own, after a request has read and before it writes."""

    def happen(act: Callable[[], Any]) -> None:
        waiting = [act]

        @event.listens_for(store, "engine_connect")  # before it begins, which would keep others out
        def connected(connection: Connection) -> None:
            if connection.get_execution_options().get("screener_writing") and waiting:
                act = waiting.pop()
                with ThreadPoolExecutor(1) as other:
                    other.submit(act).result(timeout=60)

    return happen


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of someone who is not signed in."""
    return app.test_client()


@pytest.fixture
def make_user(app: Flask, clock: Clock) -> Callable[..., User]:
    """Makes an account with PASSWORD: make_user(Role.INTAKE)."""

    def make(role: Role, *, email: str | None = None, name: str | None = None) -> User:
        if PASSWORD not in _hashes:
            with app.app_context():
                _hashes[PASSWORD] = hash_password(PASSWORD)
        number = next(_numbers)
        with writing(app.extensions["screener"].engine) as session:
            return operations.create_user(
                session,
                email=email or f"{role}{number}@clinic.test",
                name=name or f"Robin {role.capitalize()} {number}",
                role=role,
                password_hash=_hashes[PASSWORD],
                actor=None,
                now=clock(),
            )

    return make


@pytest.fixture
def post_form() -> Callable[..., TestResponse]:
    """Opens a page and sends its form, as a browser does: post_form(client, "/sign-in", {"email": …}).

    `page` is where the form stands, if not at `url`; `token` stands in for the page's own.
    """

    def post(
        client: FlaskClient,
        url: str,
        fields: Mapping[str, Any] | None = None,
        *,
        page: str | None = None,
        token: str | None = None,
    ) -> TestResponse:
        if token is None:
            found = TOKEN.search(client.get(page or url).text)
            assert found is not None, f"no form token on {page or url}"
            token = found[1]
        return client.post(url, data={**(fields or {}), "csrf_token": token})

    return post


@pytest.fixture
def sign_in(
    app: Flask, make_user: Callable[..., User], post_form: Callable[..., TestResponse]
) -> Callable[..., FlaskClient]:
    """A browser signed in through the real page: sign_in(Role.INTAKE), or sign_in(user=user)."""

    def sign(role: Role | str | None = None, *, user: User | None = None) -> FlaskClient:
        if user is None:
            assert role is not None
            user = make_user(Role(role))
        client = app.test_client()
        reply = post_form(client, "/sign-in", {"email": user.email, "password": PASSWORD})
        assert reply.status_code == 303
        return client

    return sign


@pytest.fixture
def submitted(app: Flask, clock: Clock, shipped_ruleset: Ruleset) -> Callable[..., Submission]:
    """Stores a submission of a synthetic patient through the real operations: submitted({"pain_average": 8})."""

    def submit(
        answers: Mapping[str, Any] | None = None,
        *,
        name: str = "Ada Sample",
        birth_date: date = date(1968, 4, 2),
        phone: str | None = "555-0100",
        email: str | None = "ada@example.test",
        preferred_contact: str = "phone",
        language: str = "en",
        helper: str | None = None,
    ) -> Submission:
        document = dict(answers or {"pain_average": 8})
        with writing(app.extensions["screener"].engine) as session:
            draft, _token = operations.begin_draft(session, shipped_ruleset, language=language, now=clock())
            contact = {
                "phone": phone,
                "email": email,
                "preferred_contact": preferred_contact,
                "helper": helper,
            }
            operations.save_contact(
                session, draft, name=name, birth_date=birth_date, language=language, now=clock(), **contact
            )
            operations.save_answers(session, draft, document, now=clock())
            result = screen(shipped_ruleset, parse_answers(shipped_ruleset, document))
            return operations.submit(session, draft, screening=result, now=clock())

    return submit
