"""Telling staff that something is new, by a real mail server: who is told, when, and that the message gives nothing away."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, insert, select

from screener.config import Settings
from screener.engine.answers import parse_answers
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.notifier import FOOT, LINES, SUBJECT, last_digest, send_due
from screener.store import operations, queries
from screener.store.accounts import Notify, User
from screener.store.casework import Notification
from screener.store.database import reading, writing
from screener.store.models import Submission
from screener.store.queries.limits import MOST
from screener.store.workflow import Move, Role
from tests.store.examples import CALM, CONTACT, NOW, URGENT, make_user

LATER = NOW + timedelta(minutes=5)


class Postbox:
    """What a mail server took; `refuses` is the address it does not take mail for."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.refuses = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address == self.refuses:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"

    @property
    def people(self) -> list[str]:
        """Who got a message, in order."""
        return [address for address, _ in self.taken]


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail_server(postbox: Postbox) -> Iterator[Controller]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(postbox, hostname="127.0.0.1", port=port)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(mail_server: Controller, tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path,
        rules=tmp_path,
        database_url="",
        secret_key="",
        password_salt="",
        timezone="UTC",
        public_url="https://guide.example/",
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_security="none",
        mail_from="guide@clinic.example",
        digest_hour=7,
    )


@pytest.fixture
def ruleset() -> Ruleset:
    return load_ruleset(Path(__file__).parent / "store" / "rulebook")


@pytest.fixture
def submit(engine: Engine, ruleset: Ruleset) -> Callable[..., tuple[Any, Submission]]:
    """Hands in answers; the draft and its submission."""

    def submit(answers: Any) -> tuple[Any, Submission]:
        with writing(engine) as session:
            draft, _ = operations.begin_draft(session, ruleset, language="en", now=NOW)
            operations.save_contact(session, draft, **CONTACT, now=NOW)
            operations.save_answers(session, draft, answers, now=NOW)
            screening = screen(ruleset, parse_answers(ruleset, draft.answers))
            return draft, operations.submit(session, draft, screening=screening, now=NOW)

    return submit


@pytest.fixture
def person(engine: Engine) -> Callable[..., User]:
    """An account of someone who wants to be told so."""

    def make(role: Role, notify: Notify, name: str = "") -> User:
        with writing(engine) as session:
            user = make_user(session, role, name)
            operations.choose_notify(session, user, notify, now=NOW)
            return user

    return make


def unsent(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(Notification).where(Notification.sent_at.is_(None))).all())


def test_something_urgent_is_told_to_all_of_intake_who_want_to_know(
    engine: Engine, settings: Settings, postbox: Postbox, person: Callable[..., User], submit: Callable[..., Any]
) -> None:
    person(Role.INTAKE, Notify.AT_ONCE, "ana")
    person(Role.INTAKE, Notify.NEVER, "ben")
    person(Role.CLINICIAN, Notify.AT_ONCE, "cleo")
    submit(CALM)
    assert send_due(engine, settings, now=LATER) == 0
    submit(URGENT)
    assert send_due(engine, settings, now=LATER) == 1
    assert postbox.people == ["ana@clinic.example"]
    assert send_due(engine, settings, now=LATER) == 0
    assert unsent(engine) == 0


def test_message_says_only_that_something_is_new(
    engine: Engine, settings: Settings, postbox: Postbox, person: Callable[..., User], submit: Callable[..., Any]
) -> None:
    person(Role.INTAKE, Notify.AT_ONCE, "ana")
    _, submission = submit(URGENT)
    send_due(engine, settings, now=LATER)
    ((_, content),) = postbox.taken
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body()
    assert body is not None
    said = [*LINES, "https://guide.example/sign-in", *FOOT]
    assert body.get_content().replace("\r\n", "\n").strip().split("\n\n") == said
    assert (mail["Subject"], mail["From"], mail["To"]) == (SUBJECT, "guide@clinic.example", "ana@clinic.example")
    private = (submission.reference, submission.public_id, "Zoraida", "urgent", "chest", "555-0199")
    assert [word for word in private if word.lower() in content.decode().lower()] == []


def test_many_news_are_one_message(
    engine: Engine, settings: Settings, postbox: Postbox, person: Callable[..., User], submit: Callable[..., Any]
) -> None:
    person(Role.INTAKE, Notify.AT_ONCE, "ana")
    for _ in range(3):
        submit(URGENT)
    assert (send_due(engine, settings, now=LATER), postbox.people) == (1, ["ana@clinic.example"])


def test_daily_message_waits_for_its_hour(
    engine: Engine, settings: Settings, postbox: Postbox, person: Callable[..., User], submit: Callable[..., Any]
) -> None:
    person(Role.INTAKE, Notify.DAILY, "ana")
    submit(URGENT)  # at 9:30
    tomorrow = NOW.replace(hour=7, minute=0) + timedelta(days=1)
    assert send_due(engine, settings, now=tomorrow - timedelta(seconds=1)) == 0
    assert send_due(engine, settings, now=tomorrow) == 1
    assert postbox.people == ["ana@clinic.example"]


def test_last_digest_is_in_the_clinics_own_time(settings: Settings) -> None:
    here = replace(settings, timezone="America/New_York")
    at = datetime(2026, 11, 22, 11, 59, tzinfo=UTC)
    assert last_digest(here, at) == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert last_digest(here, at + timedelta(minutes=1)) == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_reply_of_a_patient_is_told_to_who_asked(
    engine: Engine, settings: Settings, postbox: Postbox, person: Callable[..., User], submit: Callable[..., Any]
) -> None:
    person(Role.INTAKE, Notify.AT_ONCE, "ana")
    ben = person(Role.INTAKE, Notify.AT_ONCE, "ben")
    draft, submission = submit(CALM)
    with writing(engine) as session:
        submission = session.get_one(Submission, submission.id)
        seen = {"expected_version": submission.version, "now": NOW}
        operations.move_submission(session, submission, Move.ASK, actor=ben, note="Since when?", **seen)
        question = queries.open_question_of(session, submission)
        assert question is not None
        operations.send_reply(session, draft, question.id, "Since May.", now=NOW)
    assert send_due(engine, settings, now=LATER) == 1
    assert postbox.people == ["ben@clinic.example"]


def test_unreachable_server_loses_nothing(
    engine: Engine,
    settings: Settings,
    postbox: Postbox,
    person: Callable[..., User],
    submit: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    person(Role.INTAKE, Notify.AT_ONCE, "ana")
    submit(URGENT)
    assert send_due(engine, replace(settings, smtp_port=9), now=LATER) == 0
    assert unsent(engine) == 1
    assert "it is tried again later" in caplog.text
    assert "ana" not in caplog.text
    assert send_due(engine, settings, now=LATER) == 1


def test_refused_address_does_not_stop_the_others(
    engine: Engine,
    settings: Settings,
    postbox: Postbox,
    person: Callable[..., User],
    submit: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    person(Role.INTAKE, Notify.AT_ONCE, "ana")
    person(Role.INTAKE, Notify.AT_ONCE, "ben")
    postbox.refuses = "ana@clinic.example"
    submit(URGENT)
    assert (send_due(engine, settings, now=LATER), postbox.people) == (1, ["ben@clinic.example"])
    assert unsent(engine) == 1
    assert "ana@" not in caplog.text


def test_person_whom_nothing_reached_for_long_does_not_stop_the_others(
    engine: Engine, settings: Settings, postbox: Postbox, person: Callable[..., User], submit: Callable[..., Any]
) -> None:
    ana = person(Role.INTAKE, Notify.AT_ONCE, "ana")
    _, submission = submit(CALM)
    waiting = {"user_id": ana.id, "submission_id": submission.id, "kind": "urgent", "created_at": NOW}
    with writing(engine) as session:
        session.execute(insert(Notification), [waiting] * (MOST + 1))
    person(Role.INTAKE, Notify.AT_ONCE, "ben")
    postbox.refuses = "ana@clinic.example"
    submit(URGENT)
    assert (send_due(engine, settings, now=LATER), postbox.people) == (1, ["ben@clinic.example"])


def test_address_of_letters_that_the_server_does_not_know_does_not_stop_the_others(
    engine: Engine,
    settings: Settings,
    postbox: Postbox,
    mail_server: Controller,
    person: Callable[..., User],
    submit: Callable[..., Any],
) -> None:
    mail_server.SMTP_kwargs["enable_SMTPUTF8"] = False
    for name in ("1josé", "ana", "josé"):
        person(Role.INTAKE, Notify.AT_ONCE, name)
    submit(URGENT)
    assert (send_due(engine, settings, now=LATER), postbox.people) == (1, ["ana@clinic.example"])
    assert unsent(engine) == 2


def test_password_that_cannot_be_sent_is_told_as_a_server_that_was_not_reached(
    engine: Engine,
    settings: Settings,
    mail_server: Controller,
    person: Callable[..., User],
    submit: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    mail_server.SMTP_kwargs |= {"auth_require_tls": False, "authenticator": lambda *_: None}
    person(Role.INTAKE, Notify.AT_ONCE, "ana")
    submit(URGENT)
    assert send_due(engine, replace(settings, smtp_user="guide", smtp_password="contraseña"), now=LATER) == 0
    assert unsent(engine) == 1
    assert "UnicodeEncodeError: the mail server was not reached" in caplog.text
    assert "contrase" not in caplog.text


def test_who_wants_to_be_told_no_more_is_not_told_what_waited(
    engine: Engine, settings: Settings, postbox: Postbox, person: Callable[..., User], submit: Callable[..., Any]
) -> None:
    ana = person(Role.INTAKE, Notify.DAILY, "ana")
    submit(URGENT)
    with writing(engine) as session:
        operations.choose_notify(session, ana, Notify.NEVER, now=NOW)
        operations.choose_notify(session, ana, Notify.AT_ONCE, now=NOW)
    assert send_due(engine, settings, now=LATER) == 0


def test_without_a_mail_server_nothing_is_sent(
    engine: Engine, settings: Settings, person: Callable[..., User], submit: Callable[..., Any]
) -> None:
    person(Role.INTAKE, Notify.AT_ONCE, "ana")
    submit(URGENT)
    assert send_due(engine, replace(settings, smtp_host=""), now=LATER) == 0
    assert unsent(engine) == 1
