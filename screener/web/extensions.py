"""What every view may ask the application for: a transaction, the ruleset, the time, the settings.

Views own the transaction: `reading` for pages that are looked at, `writing` for what changes something.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from screener.config import Settings
from screener.engine.loader import ruleset_from_content
from screener.engine.rules import Ruleset
from screener.store import database, queries

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Services:
    """The parts one application was made of."""

    settings: Settings
    engine: Engine
    ruleset: Ruleset
    clock: Clock
    kept_rulesets: dict[str, Ruleset] = field(default_factory=dict)


def services() -> Services:
    """The parts of the application that serves this request."""
    return cast(Services, current_app.extensions["screener"])


def reading() -> AbstractContextManager[Session]:
    """A session that can only read. Never open it inside another one: on SQLite a writer that is about to commit lets the second
    one wait, and itself waits for the first."""
    return database.reading(services().engine)


def writing() -> AbstractContextManager[Session]:
    """A session that commits when the block ends well. Never open it inside another one."""
    return database.writing(services().engine)


def current_ruleset() -> Ruleset:
    """The ruleset that new answers are screened with; loaded once at start."""
    return services().ruleset


def ruleset_of(session: Session, ruleset_hash: str) -> Ruleset:
    """The kept ruleset of that hash, as it was when the answers were screened. Raises LookupError."""
    kept = services().kept_rulesets
    if ruleset_hash == current_ruleset().hash:
        return current_ruleset()
    if ruleset_hash not in kept:
        content = queries.ruleset_content(session, ruleset_hash)
        if content is None:
            raise LookupError("a response names a ruleset that is not kept")
        kept[ruleset_hash] = ruleset_from_content(content)
    return kept[ruleset_hash]


def now() -> datetime:
    """The time of the application's clock, in UTC."""
    return services().clock().astimezone(UTC)
