"""Migrations: bringing a database's tables to what the models say, from this package alone.

Plain Alembic without a settings file. Each file in `versions/` is one step and spells its tables out, so that
it keeps meaning the same when the models move on. On SQLite foreign keys are off meanwhile, because changing a
table there means replacing it, which would take its children along; they are checked before anything is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from screener.store import accounts, casework, models  # the tables that the metadata holds
from screener.store.columns import Base
from screener.store.database import reader

TABLES = (models.Submission, casework.Flag, accounts.User)
# Two servers that start at the same moment migrate one after the other. Any fixed number does.
PG_LOCK = 7_246_310_552


class MigrationError(Exception):
    """The database cannot be brought to the wanted revision, and is as it was; `str()` is public text."""


def head_revision() -> str:
    """The newest revision this program knows."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


def current_revision(engine: Engine) -> str | None:
    """The revision the database is at; None where it has no tables yet."""
    with reader(engine).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, *, to: str = "head") -> None:
    """Bring the database to the newest revision, or to an earlier one, wholly or not at all. Raises MigrationError."""
    scripts = _scripts()
    with _migrating(engine) as connection:

        def steps(revision: Any, _context: MigrationContext) -> list[RevisionStep]:
            try:
                return scripts._upgrade_revs(to, revision)  # as `alembic upgrade` does
            except CommandError:
                raise MigrationError(
                    "The database was last used by a newer version of this program, and is not known to this one. "
                    "Nothing was changed: start that version again, or a newer one."
                ) from None

        environment = EnvironmentContext(Config(), scripts, fn=steps)
        environment.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with environment.begin_transaction():
            environment.run_migrations()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent))


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PG_LOCK})
                yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    tables = ", ".join(sorted({row[0] for row in broken}))
                    raise MigrationError(f"Rows would point to nothing in: {tables}. Nothing was changed.")
        finally:
            driver.execute("PRAGMA foreign_keys = ON")
