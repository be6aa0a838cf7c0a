"""What a patient has not sent is readable with the patient's own secret alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from screener.engine.rules import Ruleset
from screener.store import operations, queries
from screener.store.crypto import Unreadable
from screener.store.database import connect, reading, writing
from screener.store.models import Draft, DraftAccess
from tests.store.examples import CONTACT, NOW

ANSWERS = {
    "chest_pain": "yes",
    "weight": Decimal("71.50"),
    "age": 44,
    "hopes": "ñandú canary hopes",
    "kinds": ["a", "b"],
}


def begun(engine: Engine, ruleset: Ruleset) -> str:
    with writing(engine) as session:
        draft, token = operations.begin_draft(session, ruleset, language="en", now=NOW)
        operations.save_contact(session, draft, **CONTACT, now=NOW)
        operations.save_answers(session, draft, ANSWERS, now=NOW)
        operations.acknowledge_urgent(session, draft, ["canary_rule"], now=NOW)
    return token


def test_everything_comes_back_as_it_was(engine: Engine, ruleset: Ruleset) -> None:
    token = begun(engine, ruleset)
    with reading(engine) as session:
        found = queries.draft_for_token(session, token, now=NOW)
    assert found is not None
    assert (found.answers, found.acknowledged) == (ANSWERS, ["canary_rule"])
    assert str(found.answers["weight"]) == "71.50" and type(found.answers["age"]) is int
    assert found.contact is not None and found.contact.birth_date == date(1961, 2, 3)
    assert {name: getattr(found.contact, name) for name in CONTACT} == CONTACT
    assert (found.language, found.submission, found.return_code, found.takes_answers) == ("en", None, (), True)


def test_nothing_of_it_stands_in_the_database_file(sqlite_url: str, ruleset: Ruleset) -> None:
    engine = connect(sqlite_url)
    token = begun(engine, ruleset)
    engine.dispose()
    folder = Path(engine.url.database or "").parent
    dump = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    canaries = ("Zoraida", "canary", "555-0199", "1961-02-03", "canary_rule", "ñandú", "71.50", token)
    assert [word for word in canaries if word.encode() in dump or word.encode("utf-16-le") in dump] == []
    assert b"draft_begun" in dump  # the scan would find what is there


def test_a_moved_or_changed_draft_does_not_open(engine: Engine, ruleset: Ruleset) -> None:
    token, other = begun(engine, ruleset), begun(engine, ruleset)
    with writing(engine) as session:
        one, two = session.scalars(select(Draft).order_by(Draft.id)).all()
        one.sealed, two.sealed = two.sealed, one.sealed[:-1] + bytes([one.sealed[-1] ^ 1])
    for secret in (token, other):
        with reading(engine) as session, pytest.raises(Unreadable):
            queries.draft_for_token(session, secret, now=NOW)


def test_a_way_in_that_was_put_to_another_draft_opens_neither(engine: Engine, ruleset: Ruleset) -> None:
    token, other = begun(engine, ruleset), begun(engine, ruleset)
    with writing(engine) as session:
        one, two = session.scalars(select(DraftAccess).order_by(DraftAccess.id)).all()
        one.draft_id, two.wrapped_key = two.draft_id, one.wrapped_key
    for secret in (token, other):
        with reading(engine) as session, pytest.raises(Unreadable):
            queries.draft_for_token(session, secret, now=NOW)


def test_a_way_in_ends_with_the_draft(engine: Engine, ruleset: Ruleset) -> None:
    token = begun(engine, ruleset)
    with writing(engine) as session:
        draft = queries.draft_for_token(session, token, now=NOW)
        assert draft is not None
        operations.save_answers(session, draft, {}, now=NOW + timedelta(hours=3))
    with reading(engine) as session:
        ends = session.execute(select(DraftAccess.expires_at, Draft.expires_at).join(DraftAccess.draft)).one()
    assert tuple(ends) == (NOW + timedelta(hours=27), NOW + timedelta(hours=27))
