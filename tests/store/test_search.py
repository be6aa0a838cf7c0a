"""Finding a patient's submissions by name, birth date and phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from screener.engine.rules import Ruleset
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import Event, Submission
from screener.store.queries import Sought, search
from screener.store.refusals import RoleNotAllowed
from screener.store.workflow import Role
from tests.store.examples import CALM, CONTACT, NOW, make_user

PEOPLE = {
    "zoe": ("Zoë Ñandú Canary", date(1961, 2, 3), "+1 602 555 0142"),
    "zora": ("Zora O'Brien", date(1961, 2, 3), "602-555-0199"),
    "brian": ("Brian Canary", date(1988, 12, 31), None),
}


@pytest.fixture
def people(engine: Engine, ruleset: Ruleset, submit: Callable[..., Submission]) -> dict[int, str]:
    """The names above by the number of their submission."""
    kept = {}
    with writing(engine) as session:
        for key, (name, born, phone) in PEOPLE.items():
            draft, _ = operations.begin_draft(session, ruleset, language="en", now=NOW)
            contact = {**CONTACT, "name": name, "birth_date": born, "phone": phone}
            operations.save_contact(session, draft, **contact, now=NOW)
            operations.save_answers(session, draft, CALM, now=NOW)
            kept[submit(session, draft).id] = key
    return kept


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(words=("zo",)), {"zoe", "zora"}),
        (Sought(words=("canary", "zoe")), {"zoe"}),
        (Sought(words=("nan",)), {"zoe"}),
        (Sought(words=("brien",)), {"zora"}),
        (Sought(words=("brian", "obrien")), set()),
        (Sought(words=("anary",)), set()),
        (Sought(birth_dates=(date(1961, 2, 3),)), {"zoe", "zora"}),
        (Sought(birth_dates=(date(1961, 3, 2), date(1961, 2, 3)), words=("canary",)), {"zoe"}),
        (Sought(birth_dates=(date(1961, 3, 2),)), set()),
        (Sought(phone="60255501"), {"zoe", "zora"}),
        (Sought(phone="6025550142"), {"zoe"}),
        (Sought(phone="6025550142", words=("zora",)), set()),
        (Sought(), set()),
    ],
)
def test_search_finds_who_fits_everything_given(
    engine: Engine, people: dict[int, str], sought: Sought, found: set[str]
) -> None:
    with reading(engine) as session:
        result = queries.search_submissions(session, sought)
    assert {people[submission.id] for submission in result.submissions} == found
    assert not result.has_more


def test_search_gives_so_many_and_says_that_there_are_more(
    engine: Engine, people: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 1)
    with reading(engine) as session:
        for sought in (Sought(words=("zo",)), Sought(birth_dates=(date(1961, 2, 3),))):
            result = queries.search_submissions(session, sought)
            assert (len(result.submissions), result.has_more) == (1, True)


def test_search_is_recorded_without_what_was_searched(engine: Engine) -> None:
    sought = Sought(words=("zoe",), birth_dates=(date(1961, 2, 3),))
    with writing(engine) as session:
        dana = make_user(session, Role.INTAKE)
        operations.record_search(session, sought.kinds, 3, actor=dana, now=NOW)
    with reading(engine) as session:
        assert _newest_event(session) == ("searched", dana.id, {"kinds": "name birth_date", "found": 3})


def test_search_is_not_for_administrators(engine: Engine) -> None:
    with writing(engine) as session, pytest.raises(RoleNotAllowed):
        operations.record_search(session, ["name"], 0, actor=make_user(session, Role.ADMIN), now=NOW)


def _newest_event(session: Session) -> tuple[str, int | None, dict[str, object]]:
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    return event.name, event.actor_id, event.detail
