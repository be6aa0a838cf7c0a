"""Coming back with a return code and a date of birth, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from screener.engine.rules import Ruleset
from screener.store import crypto, operations, queries
from screener.store.crypto import new_key
from screener.store.database import connect, reading, writing
from screener.store.models import AccessKind, Attempt, Draft, DraftAccess, Event, Submission
from screener.store.operations.attempts import Limit
from screener.store.refusals import DraftGone, DraftIncomplete, TooManyAttempts
from screener.store.return_words import code_of
from screener.store.sealed_drafts import Lifetimes, OpenDraft
from tests.store.examples import CALM, CONTACT, NOW

KEY = bytes(range(32))
WORDS = ("zebra", "castle", "garlic", "piano", "summer")
CODE = code_of(WORDS)
BORN: date = CONTACT["birth_date"]
DAY = timedelta(days=1)


@pytest.fixture
def coded(engine: Engine, ruleset: Ruleset) -> str:
    """A filled draft with the return code WORDS; the token of its cookie."""
    return draft_with_code(engine, ruleset)


def draft_with_code(engine: Engine, ruleset: Ruleset) -> str:
    with writing(engine) as session:
        draft, token = operations.begin_draft(session, ruleset, language="en", now=NOW)
        operations.save_contact(session, draft, **CONTACT, now=NOW)
        operations.save_answers(session, draft, CALM, now=NOW)
        made = operations.make_return_code(session, draft, language="en", server_key=KEY, now=NOW, words=WORDS)
    assert made == WORDS
    return token


def with_code(
    engine: Engine, code: str = CODE, born: date = BORN, *, key: bytes = KEY, now: object = NOW
) -> OpenDraft | None:
    with reading(engine) as session:
        return queries.draft_for_code(session, code, born, server_key=key, now=now)  # type: ignore[arg-type]


def with_token(engine: Engine, token: str, *, now: object = NOW) -> OpenDraft | None:
    with reading(engine) as session:
        return queries.draft_for_token(session, token, now=now)  # type: ignore[arg-type]


def come_back(engine: Engine, *, now: object = NOW) -> str:
    draft = with_code(engine, now=now)
    assert draft is not None
    with writing(engine) as session:
        return operations.come_back(session, draft, [], now=now)  # type: ignore[arg-type]


def test_code_and_date_of_birth_open_the_draft(engine: Engine, coded: str) -> None:
    found = with_code(engine)
    assert found is not None
    assert (found.answers, found.contact is not None, found.return_code) == (CALM, True, WORDS)


@pytest.mark.parametrize("code", [code_of(reversed(WORDS)), "", "? zebra"])
def test_another_code_opens_nothing(engine: Engine, coded: str, code: str) -> None:
    assert with_code(engine, code) is None


@pytest.mark.parametrize("born", [BORN + DAY, BORN.replace(year=1962), date(1961, 3, 2)])
def test_another_date_of_birth_opens_nothing(engine: Engine, coded: str, born: date) -> None:
    assert with_code(engine, born=born) is None


def test_another_servers_key_opens_nothing(engine: Engine, coded: str) -> None:
    assert with_code(engine, key=new_key()) is None


def test_words_are_drawn_in_the_language_asked_for_and_stay_the_same(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        draft, _ = operations.begin_draft(session, ruleset, language="en", now=NOW)
        operations.save_contact(session, draft, **CONTACT, now=NOW)
        made = operations.make_return_code(session, draft, language="es", server_key=KEY, now=NOW)
        again = operations.make_return_code(session, draft, language="en", server_key=KEY, now=NOW)
        names = session.scalars(select(Event.name)).all()
    assert made == again and names.count("return_code_made") == 1
    assert with_code(engine, code_of(made)) is not None


def test_no_code_before_the_date_of_birth_is_known(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        draft, _ = operations.begin_draft(session, ruleset, language="en", now=NOW)
    with pytest.raises(DraftIncomplete), writing(engine) as session:
        operations.make_return_code(session, draft, language="en", server_key=KEY, now=NOW)


def test_code_goes_with_a_corrected_date_of_birth(engine: Engine, coded: str) -> None:
    corrected = {**CONTACT, "birth_date": date(1960, 2, 3)}
    with writing(engine) as session:
        draft = queries.draft_for_token(session, coded, now=NOW)
        assert draft is not None
        operations.save_contact(session, draft, **corrected, now=NOW, server_key=KEY)
    assert with_code(engine) is None
    found = with_code(engine, born=date(1960, 2, 3))
    assert found is not None and found.return_code == WORDS


def test_a_corrected_date_of_birth_is_not_saved_without_the_servers_key(engine: Engine, coded: str) -> None:
    draft = with_token(engine, coded)
    assert draft is not None
    with pytest.raises(ValueError, match="server's key"), writing(engine) as session:
        operations.save_contact(session, draft, **{**CONTACT, "birth_date": date(1960, 2, 3)}, now=NOW)
    assert with_code(engine) is not None


# Devices


def test_two_devices_work_on_one_draft(engine: Engine, coded: str) -> None:
    other = come_back(engine)
    for token, answers in ((coded, {"chest_pain": "yes"}), (other, {"bladder_pain": "no"})):
        with writing(engine) as session:
            draft = queries.draft_for_token(session, token, now=NOW)
            assert draft is not None
            operations.save_answers(session, draft, {**draft.answers, **answers}, now=NOW)
    for token in (coded, other):
        found = with_token(engine, token)
        assert found is not None and found.answers == {**CALM, "chest_pain": "yes", "bladder_pain": "no"}


def test_a_device_that_is_left_opens_nothing_and_the_others_still_do(engine: Engine, coded: str) -> None:
    other = come_back(engine)
    with writing(engine) as session:
        draft = queries.draft_for_token(session, other, now=NOW)
        assert draft is not None
        operations.leave_device(session, draft, now=NOW)
    assert with_token(engine, other) is None
    assert with_token(engine, coded) is not None and with_code(engine) is not None


def test_leaving_the_only_way_in_erases(engine: Engine, filled_draft: Callable[..., OpenDraft]) -> None:
    with writing(engine) as session:
        operations.leave_device(session, filled_draft(session), now=NOW)
        left = [session.scalar(select(func.count()).select_from(table)) for table in (Draft, DraftAccess)]
    assert left == [0, 0]


def test_erasing_closes_every_way_in(engine: Engine, coded: str) -> None:
    other = come_back(engine)
    stale = with_code(engine)
    assert stale is not None
    with writing(engine) as session:
        draft = queries.draft_for_token(session, coded, now=NOW)
        assert draft is not None
        operations.erase_draft(session, draft, now=NOW)
    assert [with_token(engine, coded), with_token(engine, other), with_code(engine)] == [None] * 3
    with pytest.raises(DraftGone), writing(engine) as session:
        operations.come_back(session, stale, [], now=NOW)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(DraftAccess)) == 0


# Times


def test_with_a_code_a_draft_is_kept_14_days_from_the_last_save(engine: Engine, coded: str) -> None:
    end = NOW + 14 * DAY
    assert with_code(engine, now=end - timedelta(seconds=1)) is not None
    assert with_code(engine, now=end) is None
    back = come_back(engine, now=NOW + 3 * DAY)
    with writing(engine) as session:
        draft = queries.draft_for_token(session, back, now=NOW + 3 * DAY)
        assert draft is not None
        operations.save_answers(session, draft, CALM, now=NOW + 3 * DAY)
    assert with_code(engine, now=NOW + 17 * DAY - timedelta(seconds=1)) is not None
    assert with_code(engine, now=NOW + 17 * DAY) is None


def test_a_cookie_alone_opens_for_24_hours_after_the_last_save_on_its_device(engine: Engine, coded: str) -> None:
    assert with_token(engine, coded, now=NOW + DAY - timedelta(seconds=1)) is not None
    assert with_token(engine, coded, now=NOW + DAY) is None
    other = come_back(engine, now=NOW + timedelta(hours=20))
    with writing(engine) as session:
        draft = queries.draft_for_token(session, other, now=NOW + timedelta(hours=20))
        assert draft is not None
        operations.save_answers(session, draft, CALM, now=NOW + timedelta(hours=20))
    assert with_token(engine, coded, now=NOW + timedelta(hours=24)) is None
    assert with_token(engine, other, now=NOW + timedelta(hours=43)) is not None


def test_expired_cookies_are_swept_and_the_code_stays(engine: Engine, coded: str) -> None:
    with writing(engine) as session:
        assert operations.delete_expired_drafts(session, now=NOW + DAY) == 0
        assert session.scalars(select(DraftAccess.kind)).all() == [AccessKind.CODE]
        assert operations.delete_expired_drafts(session, now=NOW + 14 * DAY) == 1
        assert session.scalars(select(DraftAccess.kind)).all() == []


def test_a_stated_end_comes_no_nearer(engine: Engine, coded: str) -> None:
    with writing(engine) as session:
        shorter = Lifetimes(draft=2 * DAY)
        draft = queries.draft_for_token(session, coded, now=NOW, lifetimes=shorter)
        assert draft is not None
        operations.save_answers(session, draft, CALM, now=NOW)
    assert with_code(engine, now=NOW + 13 * DAY) is not None


def test_after_handing_in_the_code_opens_the_summary_for_30_days(
    engine: Engine, coded: str, submit: Callable[..., Submission]
) -> None:
    sent_at = NOW + timedelta(hours=2)
    with writing(engine) as session:
        draft = queries.draft_for_token(session, coded, now=sent_at)
        assert draft is not None
        submission = submit(session, draft, now=sent_at)
    found = with_code(engine, now=sent_at + 30 * DAY - timedelta(seconds=1))
    assert found is not None and found.submission is not None
    assert (found.submission.id, found.answers, found.contact, found.return_code) == (submission.id, {}, None, WORDS)
    assert with_code(engine, now=sent_at + 30 * DAY) is None
    with writing(engine) as session:
        operations.set_draft_language(session, found, "es", now=sent_at + 29 * DAY)
    assert with_code(engine, now=sent_at + 30 * DAY) is None


def test_a_code_can_be_made_after_handing_in(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
        submit(session, draft)
        assert draft.expires_at == NOW + DAY
        operations.make_return_code(session, draft, language="en", server_key=KEY, now=NOW, words=WORDS)
        assert draft.expires_at == NOW + 30 * DAY
    assert with_code(engine) is not None and with_code(engine, born=BORN + DAY) is None


# Guessing


def test_after_20_wrong_tries_a_code_opens_nothing_any_more(engine: Engine, coded: str) -> None:
    for _ in range(19):
        with writing(engine) as session:
            operations.refuse_return(session, CODE, server_key=KEY, now=NOW)
    assert with_code(engine) is not None
    with writing(engine) as session:
        operations.refuse_return(session, CODE, server_key=KEY, now=NOW)
    assert with_code(engine) is None
    assert with_token(engine, coded) is not None


def test_a_right_try_forgives_the_wrong_ones_before(engine: Engine, coded: str) -> None:
    for _ in range(19):
        with writing(engine) as session:
            operations.refuse_return(session, CODE, server_key=KEY, now=NOW)
    come_back(engine)
    with writing(engine) as session:
        operations.refuse_return(session, CODE, server_key=KEY, now=NOW)
    assert with_code(engine) is not None


def test_tries_are_limited_by_what_is_counted_and_by_time(engine: Engine) -> None:
    limits = (Limit("code", 2, timedelta(hours=1)), Limit("all", 4, timedelta(hours=24)))

    def attempt(code: str, minutes: int) -> bool:
        try:
            with writing(engine) as session:
                counted = {"code": code, "all": "x"}
                operations.begin_attempt(session, counted, limits, now=NOW + timedelta(minutes=minutes))
        except TooManyAttempts:
            return False
        return True

    taken = [
        attempt(code, minutes) for code, minutes in (("a", 0), ("a", 1), ("a", 59), ("b", 59), ("a", 60), ("c", 61))
    ]
    assert taken == [True, True, False, True, True, False]
    assert attempt("c", 24 * 60 + 1)
    with reading(engine) as session:  # what is older than a day is not kept
        assert session.scalar(select(func.count()).select_from(Attempt)) == 6


def test_a_right_try_does_not_count(engine: Engine, coded: str) -> None:
    limits = (Limit("network", 1, timedelta(hours=1)),)
    for _ in range(5):
        with writing(engine) as session:
            attempts = operations.begin_attempt(session, {"network": "n"}, limits, now=NOW)
        draft = with_code(engine)
        assert draft is not None
        with writing(engine) as session:
            operations.come_back(session, draft, attempts, now=NOW)


def test_many_tries_at_once_do_not_pass_the_limit(engine: Engine) -> None:
    limits = (Limit("code", 3, timedelta(hours=1)),)

    def attempt(_number: int) -> bool:
        try:
            with writing(engine) as session:
                operations.begin_attempt(session, {"code": "a"}, limits, now=NOW)
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 3


def test_a_wrong_code_costs_the_same_slow_key_as_a_wrong_date_of_birth(
    engine: Engine, coded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time is Argon2: each way it runs once, at the same cost, so the clock tells the two apart no more than the page."""
    costs: list[dict[str, object]] = []

    def counted(*given: bytes, **arguments: object) -> bytes:
        costs.append({name: arguments[name] for name in ("time_cost", "memory_cost", "parallelism", "hash_len")})
        return slow_key(*given, **arguments)  # type: ignore[arg-type]

    slow_key = crypto.hash_secret_raw
    monkeypatch.setattr(crypto, "hash_secret_raw", counted)
    unknown = code_of(tuple(reversed(WORDS)))
    tries = [(unknown, BORN), (CODE, BORN + DAY), (unknown, BORN + DAY)]
    for code, born in tries:
        assert with_code(engine, code, born) is None
    assert len(costs) == len(tries)
    assert costs == [costs[0]] * len(tries)


def test_neither_code_nor_words_stand_in_the_database_file(sqlite_url: str, ruleset: Ruleset) -> None:
    engine = connect(sqlite_url)
    draft_with_code(engine, ruleset)
    with writing(engine) as session:
        operations.refuse_return(session, CODE, server_key=KEY, now=NOW)
    engine.dispose()
    folder = Path(engine.url.database or "").parent
    dump = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert [word for word in (*WORDS, CODE, CONTACT["name"], "1961-02-03") if word.encode() in dump] == []
