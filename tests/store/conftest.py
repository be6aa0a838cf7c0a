"""What the store's tests begin with: a small ruleset and a way to hand something in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from screener.engine.answers import parse_answers
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations
from screener.store.models import Submission
from screener.store.sealed_drafts import OpenDraft
from tests.store.examples import CALM, CONTACT, NOW


@pytest.fixture(scope="session")
def ruleset() -> Ruleset:
    return load_ruleset(Path(__file__).parent / "rulebook")


@pytest.fixture
def filled_draft(ruleset: Ruleset) -> Callable[..., OpenDraft]:
    """Begins a draft and fills it in."""

    def fill(session: Session, answers: Mapping[str, Any] = CALM, *, now: datetime = NOW) -> OpenDraft:
        draft, _ = operations.begin_draft(session, ruleset, language="en", now=now)
        operations.save_contact(session, draft, **CONTACT, now=now)
        operations.save_answers(session, draft, answers, now=now)
        return draft

    return fill


@pytest.fixture
def submit(ruleset: Ruleset) -> Callable[..., Submission]:
    """Screens a draft and hands it in."""

    def submit(session: Session, draft: OpenDraft, *, now: datetime = NOW, **given: str) -> Submission:
        screening = screen(ruleset, parse_answers(ruleset, draft.answers))
        return operations.submit(session, draft, screening=screening, now=now, **given)

    return submit


@pytest.fixture
def submitted(filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]) -> Callable[..., Submission]:
    """Fills in a draft and hands it in."""

    def make(session: Session, answers: Mapping[str, Any] = CALM, *, now: datetime = NOW) -> Submission:
        return submit(session, filled_draft(session, answers, now=now), now=now)

    return make
