"""Connections and transactions: the one place that opens the database and ends its transactions.

Web views and the command line use `reading` and `writing`; operations and queries take the session they are
given. The settings decide whether an acknowledged submission survives a power cut, so they are read back.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from screener.engine.json import dumps, loads

BUSY_MILLISECONDS = 5000
# Older releases can lose committed pages when a checkpoint meets a writer (the WAL-reset defect).
WAL_IS_SOUND_SINCE = (3, 51, 3)
FILE_MODE = 0o600

WRITING = {"screener_writing": True}
# A reader sees one moment, and the database itself refuses its writes.
READING: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {"screener_writing": False},
    "postgresql": {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"},
}


# Numbers come back as they were written; an error never repeats the values of a row.
_ENGINE: Mapping[str, Any] = {"json_serializer": dumps, "json_deserializer": loads, "hide_parameters": True}


class SettingsError(Exception):
    """The database cannot keep what it acknowledges; `str()` says which setting, what is wanted and found."""


def connect(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL. Makes a missing SQLite file (mode 0600), but no table. Raises SettingsError."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise SettingsError("The database address cannot be read; expected sqlite:///… or postgresql://…") from None
    kind = parsed.drivername.partition("+")[0]
    if kind == "sqlite":
        return _connect_sqlite(parsed)
    if kind in ("postgres", "postgresql"):
        return _connect_postgresql(parsed)
    raise SettingsError(f"The database kind {kind!r} is not supported; use sqlite:///… or postgresql://…")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that can only read; for pages that are looked at."""
    with Session(reader(engine), expire_on_commit=False) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that commits when the block ends well and undoes everything when it does not."""
    with Session(engine.execution_options(**WRITING), expire_on_commit=False) as session:
        yield session
        session.commit()


def is_busy(error: BaseException) -> bool:
    """Whether trying again later may help: the database was locked, full or not reachable."""
    if not isinstance(error, OperationalError):
        return isinstance(error, PoolTimeout)
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is None or code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)


def reader(engine: Engine) -> Engine:
    """The same connections, held to reading."""
    return engine.execution_options(**READING[engine.dialect.name])


def check_settings(engine: Engine) -> None:
    """Reads every setting back; raises SettingsError for the first that is not as wanted."""
    found: Mapping[str, Any]
    if engine.dialect.name == "sqlite":
        wanted: Mapping[str, tuple[Any, ...]] = {name: (value,) for name, value in _sqlite_wanted().items()}
        found = _sqlite_found(engine)
    else:
        wanted = _POSTGRESQL_WANTED
        found = _postgresql_found(engine)
    for name, accepted in wanted.items():
        if found[name] not in accepted:
            words = " or ".join(str(value) for value in accepted)
            raise SettingsError(f"Database setting {name}: wanted {words}, found {found[name]}.")


# SQLite


def wal_is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite release may use write-ahead logging."""
    return version >= WAL_IS_SOUND_SINCE


def _journal() -> tuple[str, int]:
    """The journal mode, and the synchronous level with which it loses no acknowledged commit (2 FULL, 3 EXTRA)."""
    return ("wal", 2) if wal_is_sound(sqlite3.sqlite_version_info) else ("delete", 3)


def _connection_settings() -> dict[str, int]:
    return {
        "busy_timeout": BUSY_MILLISECONDS,
        "synchronous": _journal()[1],
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "mmap_size": 0,
        "temp_store": 2,
    }


def _sqlite_wanted() -> dict[str, Any]:
    return {"journal_mode": _journal()[0], **_connection_settings(), "file mode": oct(FILE_MODE)}


def _sqlite_found(engine: Engine) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with reader(engine).connect() as connection:
        for name in ("journal_mode", *_connection_settings()):
            # A library built without memory mapping answers nothing at all for mmap_size.
            found[name] = connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0
    assert engine.url.database is not None
    found["file mode"] = oct(stat.S_IMODE(os.stat(engine.url.database).st_mode))
    return found


def _connect_sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:") or "mode" in url.query:
        raise SettingsError("A database in memory keeps nothing; give a file: sqlite:////path/to/screener.db")
    _prepare_file(Path(str(url.database)))
    engine = create_engine(url.set(drivername="sqlite"), **_ENGINE)

    @event.listens_for(engine, "connect")
    def set_connection(dbapi_connection: sqlite3.Connection, _record: object) -> None:
        dbapi_connection.isolation_level = None  # this module begins transactions, not the driver
        for name, value in _connection_settings().items():
            dbapi_connection.execute(f"PRAGMA {name} = {value}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_writing = connection.get_execution_options().get("screener_writing", True)
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if is_writing else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    @event.listens_for(engine, "checkin")
    def end_transaction(dbapi_connection: sqlite3.Connection | None, _record: object) -> None:
        # A COMMIT that readers kept waiting for too long fails and leaves its transaction open, with the lock that keeps everybody
        # out; SQLAlchemy takes it for ended and gives the connection back as it is.
        if dbapi_connection is not None and dbapi_connection.in_transaction:
            dbapi_connection.rollback()

    return engine


def _prepare_file(path: Path) -> None:
    """Makes the file readable by its owner alone, and sets the journal mode, which the file itself remembers."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    os.chmod(path, FILE_MODE)
    wanted = _journal()[0]
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
                connection.execute(f"PRAGMA journal_mode = {wanted}")
    except sqlite3.Error as error:
        raise SettingsError(f"Database setting journal_mode: wanted {wanted}, but SQLite says: {error}.") from error


# PostgreSQL

_POSTGRESQL_WANTED: Mapping[str, tuple[Any, ...]] = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
}


def _connect_postgresql(url: URL) -> Engine:
    options = [f"-c lock_timeout={BUSY_MILLISECONDS}"]
    given = url.query.get("options", ())
    options += [given] if isinstance(given, str) else given
    url = url.set(drivername="postgresql+psycopg").update_query_dict({"options": " ".join(options)})
    try:
        engine = create_engine(url, pool_pre_ping=True, **_ENGINE)
    except ModuleNotFoundError:
        raise SettingsError(
            "PostgreSQL needs its driver, which is not installed: pip install 'screener[postgres]'"
        ) from None

    @event.listens_for(engine, "handle_error")
    def keep_first_line(context: ExceptionContext) -> None:
        # What the server adds on further lines repeats the row: names and answers do not belong in an error.
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (str(error.args[0]).partition("\n")[0],)

    return engine


def _postgresql_found(engine: Engine) -> dict[str, Any]:
    with reader(engine).connect() as connection:
        return {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in _POSTGRESQL_WANTED}
