"""Asking for an export on its page, watching it, fetching it: by whom, with what, and what is refused."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from screener.store import operations
from screener.store.accounts import User
from screener.store.casework import Export, ExportFormat, ExportState
from screener.store.database import reading, writing
from screener.store.models import Event, Submission
from screener.store.workflow import Role
from tests.web.conftest import PASSWORD
from tests.web.staff_page import words

FIELDS = {"query": "", "format": "csv", "reason": "A meeting about waiting times", "password": PASSWORD}


def wait_for_exports() -> None:
    """Until the threads that write are through."""
    for thread in threading.enumerate():
        if thread.name.startswith("export-"):
            thread.join(60)
            assert not thread.is_alive()


@pytest.fixture
def staff(make_user: Callable[..., User]) -> User:
    return make_user(Role.INTAKE)


@pytest.fixture
def browser(sign_in: Callable[..., FlaskClient], staff: User) -> FlaskClient:
    return sign_in(user=staff)


@pytest.fixture
def ask(browser: FlaskClient, post_form: Callable[..., TestResponse]) -> Callable[..., TestResponse]:
    """Sends the form, with other fields where they are given: ask(format="json"); waits until it is written."""

    def ask(**fields: str) -> TestResponse:
        reply = post_form(browser, "/exports/", FIELDS | fields)
        wait_for_exports()
        return reply

    return ask


def all_exports(store: Engine) -> list[Export]:
    with reading(store) as session:
        return list(session.scalars(select(Export).order_by(Export.id)))


def test_file_is_asked_for_written_shown_and_fetched(
    browser: FlaskClient,
    ask: Callable[..., TestResponse],
    store: Engine,
    submitted: Callable[..., Submission],
    staff: User,
) -> None:
    submission = submitted(name="=Ada Sample")
    reply = ask()
    (export,) = all_exports(store)
    assert (reply.status_code, reply.headers["Location"]) == (303, f"/exports/{export.id}")
    assert (export.user_id, export.reason, export.state) == (staff.id, FIELDS["reason"], ExportState.DONE)
    page = browser.get(f"/exports/{export.id}")
    assert page.status_code == 200
    assert f'href="/exports/{export.id}/file"' in page.text
    assert "Refresh" not in page.headers
    assert "Ada Sample" not in page.text
    with browser.get(f"/exports/{export.id}/file") as fetched:
        assert fetched.headers["Content-Disposition"] == "attachment; filename=export.csv"
        assert fetched.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert fetched.headers["Cache-Control"] == "no-store"
        (row,) = csv.DictReader(io.StringIO(fetched.data.decode("utf-8-sig"), newline=""))
    assert (row["reference"], row["name"]) == (submission.reference, "'=Ada Sample")
    with reading(store) as session:
        wanted = select(Event.name).where(Event.name.startswith("export")).order_by(Event.id)
        assert list(session.scalars(wanted)) == ["export_requested", "exported", "export_finished", "export_downloaded"]
    assert "Written to an export" in browser.get(f"/intake/submissions/{submission.public_id}").text


def test_list_leads_to_an_export_of_what_it_shows(
    browser: FlaskClient, ask: Callable[..., TestResponse], store: Engine, submitted: Callable[..., Submission]
) -> None:
    submitted({"pain_average": 8})
    urgent = submitted({"emergency_now": ["heart_attack_signs"]})
    assert 'href="/exports/?severity=urgent"' in browser.get("/intake/?severity=urgent").text
    page = browser.get("/exports/?severity=urgent")
    assert 'name="query" value="severity=urgent"' in page.text
    ask(query="severity=urgent", format="json")
    (export,) = all_exports(store)
    with browser.get(f"/exports/{export.id}/file") as fetched:
        assert (fetched.mimetype, [one["reference"] for one in fetched.json]) == (
            "application/json",
            [urgent.reference],
        )
        assert fetched.headers["Content-Disposition"] == "attachment; filename=export.json"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"password": "wrong"}, "password", "That is not your password. Nothing was exported."),
        ({"password": ""}, "password", "Type your password."),
        ({"reason": " \n "}, "reason", "Write why you need this file."),
        ({"reason": "x" * 5001}, "reason", "Write 5000 characters or fewer."),
        ({"format": ""}, "format", "Choose what kind of file."),
        ({"format": "xlsx"}, "format", "Choose what kind of file."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_exported(
    ask: Callable[..., TestResponse], store: Engine, fields: dict[str, str], field: str, words: str
) -> None:
    reply = ask(**fields)
    assert reply.status_code == 422
    assert f'<a href="#{field}">{words}</a>' in reply.text
    assert PASSWORD not in reply.text
    assert all_exports(store) == []


def test_too_many_wrong_passwords_close_the_form_for_a_while(ask: Callable[..., TestResponse], store: Engine) -> None:
    replies = [ask(password="wrong").status_code for _ in range(12)]
    assert (replies[0], replies[-1]) == (422, 429)
    assert ask().status_code == 429
    assert all_exports(store) == []


@pytest.mark.parametrize("query", ["severity=worst", "name=Ada", "status=draft", "sort=name", "%"])
def test_bad_filter_is_an_error_and_nothing_is_exported(
    browser: FlaskClient, ask: Callable[..., TestResponse], store: Engine, query: str
) -> None:
    asked, shown = ask(query=query), browser.get(f"/exports/?{query}")
    assert (asked.status_code, shown.status_code) == (422, 404)
    assert "This view of the queue does not exist." in asked.text
    assert "This view of the queue does not exist." in shown.text
    assert all_exports(store) == []


def test_clinicians_cannot_export_what_their_list_does_not_show(
    sign_in: Callable[..., FlaskClient], post_form: Callable[..., TestResponse], store: Engine
) -> None:
    client = sign_in(Role.CLINICIAN)
    reply = post_form(client, "/exports/", FIELDS | {"query": "status=withdrawn"})
    assert (reply.status_code, all_exports(store)) == (422, [])


def test_another_person_neither_sees_nor_fetches_it(
    ask: Callable[..., TestResponse], store: Engine, sign_in: Callable[..., FlaskClient]
) -> None:
    ask()
    (export,) = all_exports(store)
    for role, status in ((Role.INTAKE, 404), (Role.CLINICIAN, 404), (Role.ADMIN, 403)):
        client = sign_in(role)
        replies = [client.get(f"/exports/{export.id}{rest}") for rest in ("", "/file")]
        assert [reply.status_code for reply in replies] == [status, status]
        assert all(str(FIELDS["reason"]) not in reply.text for reply in replies)


@pytest.fixture
def unfinished(store: Engine, staff: User, clock: Any) -> Callable[..., int]:
    """An export that nobody writes, as far as is said: unfinished(done=1200, total=5000)."""

    def make(*, done: int, total: int) -> int:
        wanted = {"reason": "A meeting", "format": ExportFormat.CSV, "query": ""}
        with writing(store) as session:
            export = operations.request_export(session, staff, **wanted, now=clock())
            if total:
                operations.begin_export(session, export.id, total=total)
            export.done = done
        return export.id

    return make


def test_running_export_says_how_far_it_is_and_comes_again(
    browser: FlaskClient, unfinished: Callable[..., int]
) -> None:
    number = unfinished(done=1200, total=5000)
    page = browser.get(f"/exports/{number}")
    assert page.headers["Refresh"] == "2"
    assert '<label for="progress">1,200 of about 5,000</label>' in page.text
    assert '<progress id="progress" class="export-progress" value="1200" max="5000">' in page.text
    assert browser.get(f"/exports/{number}/file").status_code == 404


def test_second_export_waits_for_the_first(
    ask: Callable[..., TestResponse], unfinished: Callable[..., int], store: Engine
) -> None:
    unfinished(done=0, total=0)
    reply = ask()
    assert reply.status_code == 409
    assert "An export of yours is still being written. Wait until it is done." in reply.text
    assert FIELDS["reason"] in reply.text
    assert len(all_exports(store)) == 1


def test_failed_export_says_so(browser: FlaskClient, unfinished: Callable[..., int], store: Engine, clock: Any) -> None:
    number = unfinished(done=0, total=5)
    with writing(store) as session:
        operations.end_export(session, number, ExportState.FAILED, now=clock())
    page = browser.get(f"/exports/{number}")
    assert "Refresh" not in page.headers
    assert "Export: Stopped with an error</h1>" in page.text
    assert "/file" not in page.text


def test_deleted_file_is_told(
    browser: FlaskClient, ask: Callable[..., TestResponse], store: Engine, tmp_path: Path
) -> None:
    ask()
    (export,) = all_exports(store)
    (tmp_path / "exports" / f"{export.id}.csv").unlink()
    assert "The file was deleted." in browser.get(f"/exports/{export.id}").text
    assert browser.get(f"/exports/{export.id}/file").status_code == 404


def test_pages_speak_spanish(
    browser: FlaskClient, ask: Callable[..., TestResponse], post_form: Callable[..., TestResponse], store: Engine
) -> None:
    ask()
    (export,) = all_exports(store)
    post_form(browser, "/staff-language", {"language": "es", "next": "/exports/"}, page="/exports/")
    assert "<h1>Exportación</h1>" in browser.get("/exports/").text
    assert "<h1>Exportación: Lista</h1>" in browser.get(f"/exports/{export.id}").text


def test_administrators_read_who_asked_when_for_what_and_why(
    ask: Callable[..., TestResponse],
    sign_in: Callable[..., FlaskClient],
    submitted: Callable[..., Submission],
    store: Engine,
    staff: User,
) -> None:
    submission = submitted(name="Zoraida Canary")
    ask(query="assignee=nobody&severity=urgent")
    ask(query="assignee=me", reason="The <second> one")
    ask()
    export = all_exports(store)[0]
    admin = sign_in(Role.ADMIN)
    page = admin.get("/admin/exports").text
    rows = [words(row) for row in page.split('<tr role="row" id="export-')[1:]]
    assert [row.partition('"')[0] for row in rows] == ["3", "2", "1"]
    assert [
        reason in row
        for row, reason in zip(rows, (FIELDS["reason"], "The <second> one", FIELDS["reason"]), strict=True)
    ] == [True] * 3
    assert f"Assigned to: {staff.name}" in rows[1]
    assert "Status: All open; Highest severity: Urgent; Assigned to: No one" in rows[2]
    assert [re.findall(r"(?:Done) (\d+)", row) for row in rows] == [["1"], ["0"], ["0"]]
    assert [word in page for word in ("Zoraida", submission.reference, submission.public_id)] == [False] * 3
    audit = admin.get("/admin/audit?name=export_requested").text
    assert f'href="/admin/exports?before={export.id + 1}#export-{export.id}"' in audit
    older = admin.get(f"/admin/exports?before={export.id + 1}").text
    assert (f'id="export-{export.id}"' in older, f'id="export-{export.id + 1}"' in older) == (True, False)


def test_list_of_exports_goes_on_page_by_page(
    store: Engine, sign_in: Callable[..., FlaskClient], staff: User, clock: Any
) -> None:
    with writing(store) as session:
        for _ in range(51):
            export = operations.request_export(
                session,
                session.get_one(User, staff.id),
                reason="Counted.",
                format=ExportFormat.CSV,
                query="odd=1",
                now=clock(),
            )
            operations.end_export(session, export.id, ExportState.FAILED, now=clock())
    admin = sign_in(Role.ADMIN)
    page = admin.get("/admin/exports").text
    (following,) = re.findall(r'<a class="inline-target" href="([^"]+)" rel="next">', page)
    assert (page.count('id="export-'), admin.get(following).text.count('id="export-')) == (50, 1)
    assert "odd=1" in page


@pytest.mark.parametrize("before", ["x", "-1", "9999999999"])
def test_place_that_is_none_in_the_list_of_exports_is_not_found(
    sign_in: Callable[..., FlaskClient], before: str
) -> None:
    assert sign_in(Role.ADMIN).get(f"/admin/exports?before={before}").status_code == 404
