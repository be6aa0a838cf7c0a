"""Migrations: one line of them, ending where the models are, and no row lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from screener.store import migrations, operations, queries
from screener.store.accounts import StaffSession, User
from screener.store.casework import (
    Export,
    ExportState,
    Flag,
    NoteRevision,
    Notification,
    SavedView,
    Setting,
    Tag,
)
from screener.store.columns import Base
from screener.store.database import connect, reading, writing
from screener.store.models import Contact, Submission
from screener.store.workflow import Role
from tests.conftest import be_patient
from tests.store.examples import NOW, URGENT, finished_work, make_user


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    engine = connect(empty_database_url)
    be_patient(engine)
    yield engine
    engine.dispose()


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_migrations_have_one_head() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [migrations.head_revision()]
    assert len(scripts.get_bases()) == 1


def test_upgrade_reaches_what_the_models_say(empty_engine: Engine) -> None:
    assert migrations.current_revision(empty_engine) is None
    migrations.upgrade(empty_engine)
    assert migrations.current_revision(empty_engine) == migrations.head_revision()
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_database_of_a_newer_version_is_left_as_it_is(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine)
    with empty_engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrations.MigrationError, match="newer version"):
        migrations.upgrade(empty_engine)
    assert migrations.current_revision(empty_engine) == "9999"


def test_upgraded_tables_have_the_checks_of_the_models(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine)
    inspector = sa.inspect(empty_engine)
    for table in Base.metadata.sorted_tables:
        wanted = {str(c.name) for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        assert {check["name"] for check in inspector.get_check_constraints(table.name)} == wanted


def test_two_servers_that_start_at_once_both_get_there(empty_engine: Engine) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrations.upgrade, [empty_engine, empty_engine]))
    assert migrations.current_revision(empty_engine) == migrations.head_revision()


def fill(engine: Engine, submitted: Callable[..., Submission]) -> None:
    with writing(engine) as session:
        intake, clinician = make_user(session, Role.INTAKE), make_user(session, Role.CLINICIAN)
        submission = submitted(session, URGENT)
        operations.add_urgent_note(session, submission, "Called.", author=intake, now=NOW)
        operations.move_submission(session, submission, "accept", actor=intake, expected_version=1, now=NOW)
        review = operations.start_review(session, submission, clinician=clinician, expected_version=2, now=NOW)
        marked = {"work": finished_work(session, submission), "clinician": clinician, "now": NOW}
        operations.record_review(session, review, "Seen.", expected_version=3, **marked)
        operations.sign_off(session, review, clinician=clinician, expected_version=4, now=NOW)
        _fill_casework(session, submission, intake)
        operations.begin_attempt(session, {"any": "0" * 64}, [], now=NOW)
        operations.invite_user(session, email="a@b.example", name="A", role=Role.ADMIN, actor=None, now=NOW)


def _fill_casework(session: Session, submission: Submission, user: User) -> None:
    """One row in each table of staff's work."""
    note = queries.notes_of(session, submission)[0]
    by, of = {"user_id": user.id}, {"submission_id": submission.id}
    raised = {"reason": "other", "text": "Look.", "raised_by_id": user.id, "raised_at": NOW}
    asked = {"reason": "Audit.", "format": "csv", "query": "", "state": ExportState.DONE, "done": 1, "total": 1}
    session.add_all(
        [
            NoteRevision(note_id=note.id, editor_id=user.id, text="Called", replaced_at=NOW),
            Flag(**of, **raised),
            Tag(**of, word="waits"),
            SavedView(**by, name="Mine", query="status=accepted", created_at=NOW),
            Notification(**by, **of, kind="assigned", created_at=NOW),
            Export(**by, **asked, created_at=NOW),
            Setting(name="waiting_target_hours", value={"value": 48}, changed_by_id=user.id, changed_at=NOW),
            StaffSession(**by, token_hash="0" * 64, started_at=NOW, seen_at=NOW),
        ]
    )


def test_upgrade_of_a_filled_database_keeps_every_row(engine: Engine, submitted: Callable[..., Submission]) -> None:
    fill(engine, submitted)
    before = counts(engine)
    assert min(before.values()) > 0  # every table has something to lose
    migrations.upgrade(engine)
    assert counts(engine) == before


def test_drafts_of_the_old_form_go_with_their_contacts_when_drafts_are_sealed(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine, to="0001")
    fill_first_tables(empty_engine)
    fill_old_drafts(empty_engine)
    migrations.upgrade(empty_engine)
    kept = counts(empty_engine)
    assert [kept[name] for name in ("draft", "draft_access", "contact", "submission")] == [0, 0, 2, 2]
    with reading(empty_engine) as session:
        assert session.scalars(sa.select(Contact.name).order_by(Contact.id)).all() == ["Zoë Ñandú Canary"] * 2


def fill_old_drafts(engine: Engine) -> None:
    """One draft that was not handed in, and one that was, beside the submissions of the first tables."""
    with engine.begin() as connection:
        who = {"name": "Not Sent", "birth_date": NOW.date(), "preferred_contact": "phone", "language": "en"}
        insert(connection, "contact", id=3, **who)
        for number, contact, submission in ((1, 3, None), (2, None, 1)):
            keys = {"token_hash": str(number), "submission_key": f"k{number}", "ruleset_hash": "a" * 64}
            links = {"contact_id": contact, "submission_id": submission, "answers": {}, "acknowledged": []}
            times = {"created_at": NOW, "updated_at": NOW, "expires_at": NOW}
            insert(connection, "draft", id=number, language="en", **keys, **links, **times)


def test_replaced_table_keeps_its_children(engine: Engine, submitted: Callable[..., Submission]) -> None:
    fill(engine, submitted)
    before = counts(engine)
    with migrations._migrating(engine) as connection:
        steps = Operations(MigrationContext.configure(connection, opts={"target_metadata": Base.metadata}))
        with steps.batch_alter_table("submission") as batch:  # on SQLite this replaces the table
            batch.alter_column("reference", type_=sa.String(40))
    assert counts(engine) == before
    with reading(engine) as session:
        if engine.dialect.name == "sqlite":
            assert session.scalar(sa.text("PRAGMA foreign_keys")) == 1


def test_migration_that_breaks_a_link_is_undone(sqlite_url: str, submitted: Callable[..., Submission]) -> None:
    engine = connect(sqlite_url)
    fill(engine, submitted)
    before = counts(engine)
    with (
        pytest.raises(migrations.MigrationError, match="point to nothing in: contact_word, submission"),
        migrations._migrating(engine) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM contact")
    assert counts(engine) == before
    engine.dispose()


def insert(connection: sa.Connection, table: str, **values: object) -> None:
    """A row as an earlier release wrote it."""
    kept = sa.Table(table, sa.MetaData(), autoload_with=connection)
    connection.execute(kept.insert().values(**values))


def fill_first_tables(engine: Engine) -> None:
    """Two submissions, a note, a review and its sign-off, in the tables of revision 0001."""
    with engine.begin() as connection:
        insert(connection, "ruleset", hash="a" * 64, ruleset_id="r", version="1", content="{}", stored_at=NOW)
        insert(connection, "ruleset", hash="b" * 64, ruleset_id="r", version="2", content="{}", stored_at=NOW)
        user = {"email": "a@b.example", "name": "A", "active": True, "fs_uniquifier": "u", "role": "clinician"}
        insert(connection, "user", id=1, **user)
        for number, status in ((1, "submitted"), (2, "signed_off")):
            contact = {"name": "Zoë Ñandú Canary", "birth_date": NOW.date(), "phone": "+1 602 555 0142"}
            insert(connection, "contact", id=number, **contact, preferred_contact="phone", language="es")
            submission = {
                "public_id": f"{number:032}",
                "reference": f"K7Q4-9MP{number}",
                "submission_key": str(number),
                "contact_id": number,
                "language": "es",
                "status": status,
                "severity_rank": 1,
                "unknown_count": 0,
                "topics": ["bladder", "liver"],
                "version": 1,
                "submitted_at": NOW,
                "status_at": NOW,
            }
            insert(connection, "submission", id=number, **submission)
            made = {"answers": {}, "scores": {}, "dropped": [], "not_raised": [], "created_at": NOW}
            for version, ruleset in ((1, "a" * 64), (2, "b" * 64)):
                insert(connection, "response", submission_id=number, number=version, ruleset_hash=ruleset, **made)
        insert(connection, "note", submission_id=1, author_id=1, kind="question", text="Since when?", created_at=NOW)
        insert(connection, "review", id=1, submission_id=2, clinician_id=1, assessment="Read.", started_at=NOW)
        signed = {"review_id": 1, "response_id": 3, "user_id": 1, "content_hash": "c" * 64}
        insert(connection, "sign_off", **signed, signed_at=NOW)


def test_upgrade_from_the_first_tables_fills_what_it_adds(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine, to="0001")
    fill_first_tables(empty_engine)
    migrations.upgrade(empty_engine)
    with empty_engine.connect() as connection:

        def rows(statement: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(sa.text(statement))]

        submissions = "SELECT id, status, is_open, ruleset_hash, source, assignee_id FROM submission ORDER BY id"
        assert rows(submissions) == [
            (1, "submitted", True, "b" * 64, "web", None),
            (2, "signed_off", False, "b" * 64, "web", None),
        ]
        words = rows("SELECT word FROM contact_word WHERE contact_id = 1 ORDER BY id")
        assert words == [("zoe",), ("nandu",), ("canary",)]
        phones = rows("SELECT phone_digits, phone_reversed FROM contact ORDER BY id")
        assert phones == [("6025550142", "2410555206")] * 2
        topics = rows("SELECT submission_id, topic FROM submission_topic ORDER BY submission_id, topic")
        assert topics == [(1, "bladder"), (1, "liver"), (2, "bladder"), (2, "liver")]
        assert rows("SELECT kind, text, edited_at FROM note") == [("question", "Since when?", None)]
        assert rows("SELECT assessment, disposition FROM review") == [("Read.", None)]
        assert rows("SELECT content_hash, voided_at FROM sign_off") == [("c" * 64, None)]
        assert rows("""SELECT email, notify FROM "user" """) == [("a@b.example", "never")]


def test_every_check_stands_once(sqlite_url: str) -> None:
    """One of an earlier version would still hold, and refuse what the models know by now."""
    engine = connect(sqlite_url)
    with engine.connect() as connection:
        made = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
    engine.dispose()
    checks = {name: re.findall(r"CONSTRAINT (\w+) CHECK", sql) for name, sql in made}
    assert {name for name, found in checks.items() if len(set(found)) != len(found)} == set()
    assert set(checks["note"]) == {"ck_note_kind"}
