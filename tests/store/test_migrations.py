"""Migrations: one line of them, ending where the models are, and no row lost on the way."""

from __future__ import annotations

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

from screener.store import migrations, operations
from screener.store.columns import Base
from screener.store.database import connect, reading, writing
from screener.store.models import Submission
from screener.store.workflow import Role
from tests.store.examples import NOW, URGENT, make_user


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    engine = connect(empty_database_url)
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
        operations.record_review(session, review, "Seen.", clinician=clinician, expected_version=3, now=NOW)
        operations.sign_off(session, review, clinician=clinician, expected_version=4, now=NOW)

        operations.invite_user(session, email="a@b.example", name="A", role=Role.ADMIN, actor=None, now=NOW)


def test_upgrade_of_a_filled_database_keeps_every_row(engine: Engine, submitted: Callable[..., Submission]) -> None:
    fill(engine, submitted)
    before = counts(engine)
    assert min(before.values()) > 0  # every table has something to lose
    migrations.upgrade(engine)
    assert counts(engine) == before


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
        pytest.raises(migrations.MigrationError, match="point to nothing in: submission"),
        migrations._migrating(engine) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM contact")
    assert counts(engine) == before
    engine.dispose()
