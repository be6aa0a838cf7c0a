"""What part of the queue an address asks for: read strictly, written back, with nothing personal in it."""

from __future__ import annotations

from datetime import date

import pytest

from screener.store.models import Source
from screener.store.queue_filters import AgeBand, Filters, Scope, Sort, tag_code
from screener.store.refusals import BadFilter
from screener.store.workflow import OPEN, Status

EVERY = {
    "status": "accepted",
    "severity": "first",
    "topic": "heart_conditions",
    "unknown": "yes",
    "assignee": "12",
    "age": "30-49",
    "language": "es",
    "ruleset": "0a1b2c3d",
    "tag": tag_code("waits"),
    "flagged": "no",
    "source": "phone",
    "sort": "newest",
}


def test_filters_come_back_from_an_address_as_they_were_written() -> None:
    filters = Filters.read(EVERY.items())
    assert filters == Filters(
        status="accepted",
        severity="first",
        topic="heart_conditions",
        unknown=True,
        assignee="12",
        age=AgeBand.FROM_30,
        language="es",
        ruleset="0a1b2c3d",
        tag=tag_code("waits"),
        flagged=False,
        source=Source.PHONE,
        sort=Sort.NEWEST,
    )
    assert filters.parts() == EVERY
    assert Filters.from_query(filters.query()) == filters


def test_plain_queue_has_an_empty_address() -> None:
    assert Filters().query() == ""
    assert Filters.from_query("") == Filters()
    assert Filters.from_query("status=open&severity=&sort=severity") == Filters()


def test_filters_know_whether_they_narrow_the_list() -> None:
    assert not Filters(status="closed", sort=Sort.NEWEST).are_narrowing
    assert Filters(unknown=False).are_narrowing


@pytest.mark.parametrize(
    "query",
    [
        "status=draft",
        "status=OPEN",
        "severity=high",
        "topic=Heart",
        "topic=heart%20attack",
        "unknown=1",
        "assignee=Dana",
        "assignee=0",
        "assignee=1234567890",
        "age=30",
        "language=english",
        "ruleset=xyz",
        "ruleset=abc",
        "tag=waits",
        "flagged=maybe",
        "source=fax",
        "sort=name",
        "name=Ada",
        "severity=first&severity=first",
        "severity",
        "&".join(["a=b"] * 30),
    ],
)
def test_filters_refuse_what_they_do_not_know(query: str) -> None:
    with pytest.raises(BadFilter):
        Filters.from_query(query)


@pytest.mark.parametrize(
    ("band", "today", "after", "until"),
    [
        (AgeBand.UNDER_30, date(2026, 11, 26), date(1996, 11, 26), date(2026, 11, 26)),
        (AgeBand.FROM_30, date(2026, 11, 26), date(1976, 11, 26), date(1996, 11, 26)),
        (AgeBand.FROM_80, date(2026, 11, 26), None, date(1946, 11, 26)),
        (AgeBand.FROM_50, date(2028, 2, 29), date(1963, 2, 28), date(1978, 2, 28)),
    ],
)
def test_age_band_is_a_span_of_birth_dates(band: AgeBand, today: date, after: date | None, until: date) -> None:
    assert band.birth_dates(today) == (after, until)


def test_scope_tells_the_statuses_behind_a_choice() -> None:
    scope = Scope(OPEN, (Status.CLOSED,))
    assert scope.statuses("open") == OPEN
    assert scope.statuses("done") == (Status.CLOSED,)
    assert scope.statuses("accepted") == (Status.ACCEPTED,)
    with pytest.raises(BadFilter):
        scope.statuses("withdrawn")
