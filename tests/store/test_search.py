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
from screener.store.models import Contact, Event, Submission
from screener.store.operations.submissions import keep_contact_words
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
        (Sought(phone="0142"), {"zoe"}),
        (Sought(phone="5550199"), {"zora"}),
        (Sought(phone="0199"), {"zora"}),
        (Sought(phone="99"), {"zora"}),
        (Sought(phone="0199", words=("zoe",)), set()),
        (Sought(phone="0142", birth_dates=(date(1961, 2, 3),)), {"zoe"}),
        (Sought(phone="0142", birth_dates=(date(1988, 12, 31),)), set()),
        (Sought(phone="2550"), set()),  # from the middle
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


@pytest.mark.parametrize("sought", [Sought(words=("can", "zo")), Sought(phone="602", words=("zora",))])
def test_search_says_when_not_everyone_was_looked_at(
    engine: Engine, people: dict[int, str], monkeypatch: pytest.MonkeyPatch, sought: Sought
) -> None:
    with reading(engine) as session:
        assert not queries.search_submissions(session, sought).is_partial
        monkeypatch.setattr(search, "LOOKED_AT", 1)
        assert queries.search_submissions(session, sought).is_partial
        assert not queries.search_submissions(
            session, Sought(words=("can",))
        ).is_partial  # nothing to hold them against


def test_changed_phone_number_is_found_by_its_new_ending_alone(engine: Engine, people: dict[int, str]) -> None:
    with writing(engine) as session:
        contact = session.scalars(select(Contact).where(Contact.name == PEOPLE["brian"][0])).one()
        contact.phone = "1 (480) 555-4471"
        keep_contact_words(session, contact)
    with reading(engine) as session:
        found = queries.search_submissions(session, Sought(phone="4471"))
        assert [people[submission.id] for submission in found.submissions] == ["brian"]
    with writing(engine) as session:
        session.get_one(Contact, contact.id).phone = None
        keep_contact_words(session, session.get_one(Contact, contact.id))
    with reading(engine) as session:
        assert queries.search_submissions(session, Sought(phone="4471")).submissions == []


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
