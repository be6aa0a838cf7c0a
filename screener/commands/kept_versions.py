"""Versions of the rulebook and submissions kept in an instance's database, for `rules diff`. The database is opened on first need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


class NotKeptError(Exception):
    """What was asked for cannot be had from this instance; the message is public text."""


class Kept:
    """What one instance keeps. Nothing is imported, opened or made before it is asked for."""

    def __init__(self, instance: Path | None) -> None:
        self.instance = instance

    def content(self, beginning: str) -> str:
        """The content of the one kept version whose hash begins so. Raises NotKeptError."""
        from screener.store import queries

        with self._reading() as session:
            hashes = queries.ruleset_hashes(session, beginning)
            if len(hashes) != 1:
                told = "no version with this hash is kept" if not hashes else "several kept versions begin so"
                raise NotKeptError(f"{beginning}: {told} in this instance")
            return queries.ruleset_content(session, hashes[0]) or ""

    def count(self) -> int:
        """How many submissions `answers` gives. Raises NotKeptError."""
        from screener.store import queries

        with self._reading() as session:
            return queries.count_submissions_not_withdrawn(session)

    def answers(self) -> Iterator[tuple[None, dict[str, Any]]]:
        """The newest answers of every submission that was not withdrawn, without a name. Raises NotKeptError."""
        from screener.store import queries

        last = 0
        while True:
            with self._reading() as session:
                page = queries.answers_not_withdrawn(session, after=last)
            for last, answers in page:  # noqa: B007 - the next page begins after it
                yield None, answers
            if not page:
                return

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        from sqlalchemy.exc import SQLAlchemyError

        from screener.store.database import reading

        try:
            with reading(self._engine) as session:
                yield session
        except (SQLAlchemyError, OSError) as error:
            # The driver's message can hold the address with its password.
            raise NotKeptError(f"The database of the instance cannot be read ({type(error).__name__}).") from None

    @cached_property
    def _engine(self) -> Engine:
        from sqlalchemy.engine import make_url

        from screener.config import ConfigError, read_settings
        from screener.store.database import SettingsError, connect

        try:
            url = read_settings(self.instance).database_url
            file = make_url(url).database if url.startswith("sqlite") else None
            if file is not None and not Path(file).is_file():  # connecting would make an empty one
                raise NotKeptError(f"{file}: this instance has no database yet; name another with --instance")
            return connect(url)
        except (ConfigError, SettingsError) as error:
            raise NotKeptError(f"The instance cannot be opened: {error}") from None
