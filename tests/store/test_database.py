"""Connections and transactions, on both databases."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from screener.store.audit import record
from screener.store.database import (
    SettingsError,
    check_settings,
    connect,
    is_busy,
    reading,
    wal_is_sound,
    writing,
)
from screener.store.models import Event, Note, NoteKind
from tests.store.examples import CONTACT, NOW


def test_settings_are_as_wanted_on_every_connection(database_url: str) -> None:
    engine = connect(database_url)
    check_settings(engine)
    with reading(engine) as one, reading(engine) as two:
        for session in (one, two):
            session.execute(text("SELECT 1"))  # holds its connection, so that the next one is new
        check_settings(engine)
    engine.dispose()


def test_settings_read_back_on_sqlite(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    is_sound = wal_is_sound(sqlite3.sqlite_version_info)
    wanted = {
        "journal_mode": "wal" if is_sound else "delete",
        "synchronous": 2 if is_sound else 3,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "temp_store": 2,
        "busy_timeout": 5000,
    }
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert connection.exec_driver_sql("PRAGMA mmap_size").scalar() in (0, None)
    assert found == wanted
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "is_sound"),
    [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True), ((4, 0, 0), True)],
)
def test_wal_is_used_only_on_a_sound_sqlite(version: tuple[int, ...], is_sound: bool) -> None:
    assert wal_is_sound(version) is is_sound


def test_changed_setting_is_named(sqlite_url: str) -> None:
    engine = connect(sqlite_url)

    @event.listens_for(engine, "connect")
    def loosen(dbapi_connection: sqlite3.Connection, _record: object) -> None:
        dbapi_connection.execute("PRAGMA synchronous = OFF")

    wanted = 2 if wal_is_sound(sqlite3.sqlite_version_info) else 3
    with pytest.raises(SettingsError) as error:
        check_settings(engine)
    assert str(error.value) == f"Database setting synchronous: wanted {wanted}, found 0."
    engine.dispose()


def test_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    before = os.umask(0)
    try:
        engine = connect(f"sqlite:///{path}")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    check_settings(engine)
    path.chmod(0o644)
    with pytest.raises(SettingsError, match=r"file mode: wanted 0o600, found 0o644\."):
        check_settings(engine)
    engine.dispose()


def test_journal_mode_of_an_existing_file_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "moved.db"
    moved = sqlite3.connect(path)
    moved.execute("PRAGMA journal_mode = TRUNCATE")
    moved.execute("PRAGMA journal_mode = WAL")
    moved.execute("CREATE TABLE kept (x)")
    moved.close()
    engine = connect(f"sqlite:///{path}")
    check_settings(engine)
    engine.dispose()


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear database, I am a letter and long enough to be read as a page header, or so I hope.\n" * 9)
    with pytest.raises(SettingsError, match="file is not a database"):
        connect(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://localhost/x",
        "no address at all",
        "sqlite:///x?mode=memory",
        "postgresql://name:word@localhost:notaport/x",
    ],
)
def test_address_that_keeps_nothing_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        connect(url)


def test_short_postgresql_address_means_psycopg(postgresql_url: str) -> None:
    for prefix in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        engine = connect(prefix + postgresql_url.partition("://")[2])
        assert engine.url.drivername == "postgresql+psycopg"
        check_settings(engine)
        engine.dispose()


def test_postgresql_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match=r"needs its driver, .*: pip install 'screener\[postgres\]'$"):
        connect("postgresql://nobody@127.0.0.1/nothing")


def test_postgresql_that_does_not_wait_for_the_disk_is_refused(postgresql_url: str) -> None:
    engine = connect(postgresql_url + "&options=-csynchronous_commit%3Doff")
    with pytest.raises(SettingsError, match=r"synchronous_commit: wanted on or .*, found off\."):
        check_settings(engine)
    engine.dispose()


def reload_until_fsync_is(connection: Connection, wanted: str) -> None:
    """The server takes up a changed setting when it comes to it."""
    connection.execute(text("SELECT pg_reload_conf()"))
    for _ in range(1000):
        if connection.scalar(text("SHOW fsync")) == wanted:
            return
        connection.execute(text("SELECT pg_sleep(0.02)"))
    raise AssertionError(f"fsync is not {wanted}")


def test_postgresql_without_fsync_is_refused(postgresql_url: str) -> None:
    engine = connect(postgresql_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        try:
            reload_until_fsync_is(connection, "off")
            with pytest.raises(SettingsError, match=r"fsync: wanted on, found off\."):
                check_settings(engine)
        finally:
            connection.execute(text("ALTER SYSTEM RESET fsync"))
            reload_until_fsync_is(connection, "on")
    engine.dispose()


def test_reading_session_cannot_write(engine: Engine) -> None:
    with reading(engine) as session:
        record(session, "seen", now=NOW)
        with pytest.raises(DBAPIError):
            session.flush()
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 0


def test_connection_that_was_read_with_can_be_written_with(engine: Engine) -> None:
    for number in range(1, 4):
        with reading(engine) as session:
            assert session.scalar(select(func.count()).select_from(Event)) == number - 1
        with writing(engine) as session:
            record(session, "seen", now=NOW)


def test_reader_sees_one_moment(engine: Engine) -> None:
    with reading(engine) as session:
        before = session.scalar(select(func.count()).select_from(Event))
        if engine.dialect.name == "postgresql":  # on SQLite without WAL the writer waits instead
            with writing(engine) as other:
                record(other, "seen", now=NOW)
        assert session.scalar(select(func.count()).select_from(Event)) == before == 0


def test_failed_block_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            record(session, "seen", now=NOW)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 0


def test_row_that_points_to_nothing_is_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(Note(submission_id=1, author_id=1, kind=NoteKind.NOTE, text="x", created_at=NOW))


def test_code_outside_its_list_is_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.execute(
            text(
                'INSERT INTO "user" (email, name, active, fs_uniquifier, role)'
                " VALUES ('a@b.c', 'A', true, 'x', 'wizard')"
            )
        )


def test_no_writer_is_lost_under_concurrency(engine: Engine) -> None:
    def write(_number: int) -> None:
        with writing(engine) as session:
            # Read first: a transaction that only then turns into a writer is what fails at once on SQLite.
            seen = session.scalar(select(func.count()).select_from(Event))
            record(session, "counted", now=NOW, seen=seen)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(120)))
    with reading(engine) as session:
        seen = [event.detail["seen"] for event in session.scalars(select(Event).order_by(Event.id))]
    assert len(seen) == 120
    if engine.dialect.name == "sqlite":
        assert sorted(seen) == list(range(120))  # one writer at a time, from its first read on


def test_commit_that_a_reader_keeps_out_is_undone_and_locks_nobody_out(sqlite_url: str) -> None:
    engine = connect(sqlite_url)

    @event.listens_for(engine, "connect")
    def give_up_soon(dbapi_connection: sqlite3.Connection, _: object) -> None:
        dbapi_connection.execute("PRAGMA busy_timeout = 50")

    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        if reader.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            pytest.skip("with write-ahead logging no reader keeps a writer waiting")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM event").fetchone()
        with pytest.raises(OperationalError) as error, writing(engine) as session:
            record(session, "signed_in", now=NOW)
        assert is_busy(error.value)
        reader.execute("COMMIT")
    with closing(sqlite3.connect(path, timeout=0)) as other:
        assert other.execute("SELECT count(*) FROM event").fetchone() == (0,)
    with writing(engine) as session:
        record(session, "signed_in", now=NOW)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 1
    engine.dispose()


def test_locked_database_is_told_as_busy(sqlite_url: str) -> None:
    engine = connect(sqlite_url)

    @event.listens_for(engine, "connect")
    def be_impatient(dbapi_connection: sqlite3.Connection, _record: object) -> None:
        dbapi_connection.execute("PRAGMA busy_timeout = 50")

    with writing(engine) as first:
        first.execute(text("SELECT 1"))
        with pytest.raises(DBAPIError) as error, writing(engine) as second:
            second.execute(text("SELECT 1"))
    assert is_busy(error.value)
    assert not is_busy(ValueError())
    with pytest.raises(DBAPIError) as error, reading(engine) as session:
        session.execute(text("SELECT * FROM nowhere"))
    assert not is_busy(error.value)
    engine.dispose()


def test_values_come_back_as_they_went_in(engine: Engine) -> None:
    elsewhere = timezone(timedelta(hours=-5))
    at = datetime(2026, 11, 22, 4, 30, 0, 123456, tzinfo=elsewhere)
    detail = {"zebra": Decimal("0.10"), "ant": ["ñ", '"', "\u2028"], "big": 2**40, "none": None}
    with writing(engine) as session:
        session.add(Event(name="kept", detail=detail, at=at, submission_id=None, actor_id=None, actor_role=None))
    with reading(engine) as session:
        kept = session.scalars(select(Event)).one()
    assert (kept.at, kept.at.tzinfo) == (at, UTC)
    assert kept.detail == detail
    assert list(kept.detail) == list(detail)
    assert str(kept.detail["zebra"]) == "0.10"


def test_time_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="time zone"), writing(engine) as session:
        record(session, "kept", now=datetime(2026, 11, 22))


def test_error_does_not_repeat_what_a_row_holds(engine: Engine) -> None:
    row = "INSERT INTO contact (name, email, preferred_contact, language) VALUES (:name, 'e', 'p', 'en')"
    with pytest.raises(IntegrityError) as error, writing(engine) as session:
        session.execute(text(row), {"name": CONTACT["name"]})
    told = "".join(traceback.format_exception(error.value))
    assert "birth_date" in told
    assert "Canary" not in told
