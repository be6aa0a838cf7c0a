"""Writing exports: what a file holds and who may read it, what is recorded of it, and what is left when it goes wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text, update

from screener import exporter
from screener.engine.answers import parse_answers
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.casework import Export, ExportFormat, ExportState
from screener.store.database import reading, writing
from screener.store.models import Event, Submission
from screener.store.queries import Asked
from screener.store.queue_filters import Filters, Scope
from screener.store.refusals import ExportUnfinished, RoleNotAllowed, TextMissing
from screener.store.workflow import OPEN, Role, Status
from tests.store.examples import CALM, CONTACT, NOW, URGENT, make_user

SCOPE = Scope(OPEN, (Status.SIGNED_OFF, Status.CLOSED, Status.WITHDRAWN))


@pytest.fixture(scope="session")
def ruleset() -> Ruleset:
    return load_ruleset(Path(__file__).parent / "store" / "rulebook")


@pytest.fixture
def submit(engine: Engine, ruleset: Ruleset) -> Callable[..., Submission]:
    """Stores a submission: submit(CALM, name="…")."""

    def submit(answers: dict[str, Any], **contact: Any) -> Submission:
        with writing(engine) as session:
            draft, _ = operations.begin_draft(session, ruleset, language="en", now=NOW)
            operations.save_contact(session, draft, **{**CONTACT, **contact}, now=NOW)
            operations.save_answers(session, draft, answers, now=NOW)
            return operations.submit(
                session, draft, screening=screen(ruleset, parse_answers(ruleset, answers)), now=NOW
            )

    return submit


@pytest.fixture
def person(engine: Engine) -> User:
    with writing(engine) as session:
        return make_user(session, Role.INTAKE, "ana")


@pytest.fixture
def job(engine: Engine, person: User, ruleset: Ruleset, tmp_path: Path) -> Callable[..., exporter.Job]:
    """Asks for an export: job(ExportFormat.CSV, Filters())."""

    def ask(format: ExportFormat = ExportFormat.CSV, filters: Filters = Filters()) -> exporter.Job:  # noqa: B008
        wanted = {"reason": "A meeting", "format": format, "query": filters.query()}
        with writing(engine) as session:
            export = operations.request_export(session, person, **wanted, now=NOW)
        asked = Asked(filters, SCOPE, person.id, NOW.date())
        return exporter.Job(export.id, format, asked, ruleset, tmp_path, lambda: NOW)

    return ask


def state_of(engine: Engine, job: exporter.Job) -> tuple[ExportState, int, int]:
    with reading(engine) as session:
        export = session.get_one(Export, job.export_id)
    return export.state, export.done, export.total


def table(job: exporter.Job) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(job.path.read_text(encoding="utf-8-sig"), newline="")))


def names_of(engine: Engine, submission: Submission) -> list[tuple[str, int | None]]:
    with reading(engine) as session:
        return [(one.name, one.actor_id) for one in queries.events_of(session, submission)]


def test_csv_holds_who_what_was_answered_and_what_was_raised(
    engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job], ruleset: Ruleset
) -> None:
    submission = submit(URGENT, name="=HYPERLINK(1)", phone="+1 555 0100")
    wanted = job()
    exporter.run(engine, wanted)
    assert state_of(engine, wanted) == (ExportState.DONE, 1, 1)
    content = wanted.path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfreference,status,")
    assert content.count(b"\n") == content.count(b"\r\n") == 2
    (row,) = table(wanted)
    with reading(engine) as session:
        findings = queries.findings_of(session, queries.current_response(session, submission))
    raised = [finding.rule_id for finding in findings if finding.outcome == "raised"]
    assert raised != []
    found = {name: value for name, value in row.items() if not name.startswith("answers.")}
    assert found == {
        "reference": submission.reference,
        "status": "submitted",
        "sent_at": "2026-11-22T09:30:00Z",
        "source": "web",
        "language": "en",
        "highest_raised": "urgent",
        "highest_possible": submission.severity_possible,
        "open_questions": str(submission.unknown_count),
        "topics": "; ".join(submission.topics),
        "assigned_to": "",
        "name": "'=HYPERLINK(1)",
        "birth_date": "1961-02-03",
        "phone": "'+1 555 0100",
        "email": "zoraida@canary.example",
        "ruleset_version": ruleset.version,
        "ruleset_hash": ruleset.hash,
        "answers_version": "1",
        "raised": "; ".join(raised),
    }
    answered = {name: value for name, value in row.items() if name.startswith("answers.") and value}
    assert answered == {
        "answers.chest_pain": "yes",
        "answers.heart_conditions": "hypertension",
        "answers.bp_control": "poor",
    }


def test_several_choices_stand_in_one_cell(
    engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job]
) -> None:
    submit({"heart_conditions": ["hypertension", "angina"]})
    exporter.run(engine, wanted := job())
    assert [row["answers.heart_conditions"] for row in table(wanted)] == ["hypertension; angina"]


def test_json_keeps_numbers_lists_and_what_is_missing(
    engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job]
) -> None:
    answers = {"pain_average": 8, "heart_conditions": ["none"]}
    submit(answers, phone=None)
    submit(CALM, name="=1+1 «ñ»")
    exporter.run(engine, wanted := job(ExportFormat.JSON))
    first, second = json.loads(wanted.path.read_text(encoding="utf-8"))
    assert (first["answers"], first["phone"], first["answers_version"]) == (answers, None, 1)
    assert (second["answers"], second["name"]) == (CALM, "=1+1 «ñ»")
    assert tuple(first) == (*exporter.FACTS, "answers", "raised")


@pytest.mark.parametrize(("format", "content"), [(ExportFormat.JSON, []), (ExportFormat.CSV, [])])
def test_export_of_nothing_is_an_empty_file_of_its_kind(
    engine: Engine, job: Callable[..., exporter.Job], format: ExportFormat, content: list[Any]
) -> None:
    exporter.run(engine, wanted := job(format))
    read = table(wanted) if format is ExportFormat.CSV else json.loads(wanted.path.read_text())
    assert (read, state_of(engine, wanted)) == (content, (ExportState.DONE, 0, 0))


def test_only_what_the_filters_name_is_written(
    engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job]
) -> None:
    calm, urgent = submit(CALM), submit(URGENT)
    exporter.run(engine, wanted := job(filters=Filters(severity="urgent")))
    assert [row["reference"] for row in table(wanted)] == [urgent.reference]
    assert "exported" not in [name for name, _ in names_of(engine, calm)]


def test_each_submission_and_the_export_have_events_of_who_asked(
    engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job], person: User
) -> None:
    submissions = [submit(CALM), submit(URGENT)]
    exporter.run(engine, job())
    for submission in submissions:
        assert names_of(engine, submission)[-1] == ("exported", person.id)
    with reading(engine) as session:
        wanted = (
            select(Event.name, Event.actor_id)
            .where(Event.name.startswith("export_", autoescape=True))
            .order_by(Event.id)
        )
        found = [tuple(row) for row in session.execute(wanted)]
    assert found == [("export_requested", person.id), ("export_finished", person.id)]


def test_items_of_an_older_ruleset_come_after_those_in_use(
    engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job], ruleset: Ruleset
) -> None:
    submit({"pain_average": 8})
    items = {name: one for name, one in ruleset.items.items() if name != "pain_average"}
    newer = replace(ruleset, items=items, hash="0" * 64)
    exporter.run(engine, wanted := replace(job(), ruleset=newer))
    (row,) = table(wanted)
    assert list(row)[-2:] == ["answers.pain_average", "raised"]
    assert row["answers.pain_average"] == "8"


def test_only_the_servers_account_can_read_a_file(
    engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job]
) -> None:
    submit(CALM)
    before = os.umask(0)
    try:
        exporter.run(engine, wanted := job())
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (wanted.path.parent, wanted.path)]
    assert [oct(mode) for mode in modes] == [oct(0o700), oct(0o600)]


def test_what_goes_wrong_leaves_no_file_and_no_values_in_the_log(
    engine: Engine,
    submit: Callable[..., Submission],
    job: Callable[..., exporter.Job],
    caplog: pytest.LogCaptureFixture,
) -> None:
    submit(CALM)
    wanted = job()
    with writing(engine) as session:  # answers that no longer are a document
        session.execute(text("UPDATE response SET answers = '[\"Zoraida Canary\"]'"))
    exporter.run(engine, wanted)
    assert state_of(engine, wanted)[0] is ExportState.FAILED
    assert not wanted.path.exists()
    assert caplog.messages == [f"export {wanted.export_id}: AttributeError, stopped"]
    assert "Zoraida" not in caplog.text


def test_who_lost_their_account_meanwhile_gets_no_file(
    engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job], person: User
) -> None:
    submission, wanted = submit(CALM), job()
    with writing(engine) as session:
        session.execute(update(User).where(User.id == person.id).values(active=False))
    exporter.run(engine, wanted)
    assert (state_of(engine, wanted)[0], wanted.path.exists()) == (ExportState.FAILED, False)
    assert "exported" not in [name for name, _ in names_of(engine, submission)]


def test_who_may_not_export_and_who_says_no_reason_is_refused(engine: Engine, person: User) -> None:
    wanted: dict[str, Any] = {"format": ExportFormat.CSV, "query": "", "now": NOW}
    with writing(engine) as session:
        admin = make_user(session, Role.ADMIN)
        with pytest.raises(RoleNotAllowed):
            operations.request_export(session, admin, reason="A meeting", **wanted)
        with pytest.raises(TextMissing):
            operations.request_export(session, person, reason=" \n", **wanted)
        operations.request_export(session, person, reason="A meeting", **wanted)
        with pytest.raises(ExportUnfinished):
            operations.request_export(session, person, reason="Another", **wanted)


def test_export_that_a_stop_cut_off_is_failed_and_its_file_goes(
    engine: Engine, job: Callable[..., exporter.Job], tmp_path: Path
) -> None:
    wanted = job()
    wanted.path.parent.mkdir()
    wanted.path.write_text("half")
    exporter.delete_old_files(engine, tmp_path, now=NOW)
    assert wanted.path.exists()  # it could still be written
    exporter.end_interrupted(engine, now=NOW)
    exporter.delete_old_files(engine, tmp_path, now=NOW)
    assert (state_of(engine, wanted)[0], wanted.path.exists()) == (ExportState.FAILED, False)


@pytest.mark.parametrize(("later", "stays"), [(timedelta(hours=23, minutes=59), True), (timedelta(hours=24), False)])
def test_file_is_deleted_after_a_day(
    engine: Engine, job: Callable[..., exporter.Job], tmp_path: Path, later: timedelta, stays: bool
) -> None:
    exporter.run(engine, wanted := job())
    exporter.delete_old_files(engine, tmp_path, now=NOW + later)
    assert wanted.path.exists() is stays


def test_deleting_without_a_folder_does_nothing(engine: Engine, tmp_path: Path) -> None:
    exporter.delete_old_files(engine, tmp_path, now=NOW)
    assert not (tmp_path / exporter.FOLDER).exists()


class TestManySubmissions:
    """450 of them, on SQLite alone: they take a while to make."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_are_written_once_each_in_pages_of_the_same_size(
        self, engine: Engine, submit: Callable[..., Submission], job: Callable[..., exporter.Job]
    ) -> None:
        first = submit(CALM)
        _multiply(engine, first, 450)
        wanted, steps = job(), []

        @event.listens_for(engine, "commit")
        def look(connection: Any) -> None:
            done = connection.exec_driver_sql("SELECT done, total FROM export").one()
            if tuple(done) not in steps:
                steps.append(tuple(done))

        exporter.run(engine, wanted)
        event.remove(engine, "commit", look)
        references = [row["reference"] for row in table(wanted)]
        assert (len(references), len(set(references))) == (450, 450)
        assert steps == [(0, 450), (200, 450), (400, 450), (450, 450)]
        with reading(engine) as session:
            exported = session.scalars(select(Event.submission_id).where(Event.name == "exported")).all()
        assert (len(exported), len(set(exported))) == (450, 450)


def _multiply(engine: Engine, first: Submission, wanted: int) -> None:
    """Copies of one submission with its answers, straight into the tables."""
    columns = {
        table: [row[1] for row in _rows(engine, f"PRAGMA table_info({table})") if row[1] != "id"]
        for table in ("submission", "response")
    }
    with writing(engine) as session:
        for number in range(2, wanted + 1):
            own = {"public_id": f"'{number:032x}'", "reference": f"'K{number:08d}'", "submission_key": f"'{number}'"}
            values = ", ".join(own.get(column, column) for column in columns["submission"])
            names = ", ".join(columns["submission"])
            session.execute(
                text(f"INSERT INTO submission ({names}) SELECT {values} FROM submission WHERE id = {first.id}")
            )
            names = ", ".join(columns["response"])
            values = names.replace("submission_id", "(SELECT max(id) FROM submission)")
            session.execute(
                text(f"INSERT INTO response ({names}) SELECT {values} FROM response WHERE submission_id = {first.id}")
            )


def _rows(engine: Engine, statement: str) -> list[Any]:
    with reading(engine) as session:
        return list(session.execute(text(statement)))
