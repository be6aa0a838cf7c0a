"""Save and come back later: a code in words, with the date of birth, on any device; and nothing else opens anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from screener.app import create_app
from screener.config import Settings
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.store.crypto import keyed_hash
from screener.store.database import reading, writing
from screener.store.models import AccessKind, Attempt, Draft, DraftAccess, Event, Submission
from screener.store.operations import delete_expired_drafts
from screener.web.patient import returning
from tests.web.patient_browser import ABOUT_YOU, RULEBOOK, PatientBrowser

BORN = {"birth_date-month": "3", "birth_date-day": "14", "birth_date-year": "1968"}
WRONG = "Nothing opens with this code and this date of birth. Check each word, and the date."
WAIT = "This was tried many times in a short while. Please wait, then try again."
ANSWERED: Mapping[str, Any] = {"pain_average": "7", "pain_kinds": ["crps"]}


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient's browser at the first page."""
    return PatientBrowser(client)


@pytest.fixture
def device(app: Flask) -> Callable[..., PatientBrowser]:
    """Another browser, at an address of its own if one is given."""

    def make(address: str = "127.0.0.1") -> PatientBrowser:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return PatientBrowser(client)

    return make


@pytest.fixture
def asking(app: Flask) -> Callable[[Callable[[Session], Any]], Any]:
    """Looks into the database."""

    def ask(question: Callable[[Session], Any]) -> Any:
        with reading(app.extensions["screener"].engine) as session:
            return question(session)

    return ask


def count(*tables: Any) -> Callable[[Session], list[int]]:
    return lambda session: [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def code_on(patient: PatientBrowser) -> list[str]:
    return re.findall(r'<li translate="no">(\w+)</li>', patient.text)


def save_for_later(patient: PatientBrowser, answers: Mapping[str, Any] = ANSWERED) -> list[str]:
    """Begin, answer the page about pain, and save for later; the words of the code."""
    patient.begin().open("/questions/pain").send({**answers, "save_for_later": "yes"})
    assert patient.path == "/return-code"
    words = code_on(patient)
    assert len(words) == 5
    return words


def come_back(browser: PatientBrowser, words: list[str] | str, born: Mapping[str, str] = BORN) -> PatientBrowser:
    typed = words if isinstance(words, str) else " ".join(words)
    return browser.open("/return").send({"code": typed, **born})


# There and back


def test_what_was_typed_is_saved_and_opens_on_another_device(
    patient: PatientBrowser, device: Callable[..., PatientBrowser]
) -> None:
    words = save_for_later(patient)
    other = come_back(device(), words)
    assert other.path == "/questions/right_now"  # the first screen without any answer
    form = other.open("/questions/pain").form()
    assert (form["pain_average"], form.getlist("pain_kinds")) == ("7", ["crps"])
    assert other.open("/about-you").form()["name"] == "Zoraida Canary"


def test_the_code_is_read_as_people_type_it_in_either_language(
    patient: PatientBrowser, device: Callable[..., PatientBrowser]
) -> None:
    patient.press("/language", {"language": "es", "next": "/"})
    words = save_for_later(patient)
    for typed in ("-".join(words).upper(), "".join(words), ", ".join(word[:4] for word in words)):
        other = device()
        assert 'lang="en"' in other.text  # words in Spanish, page in English
        assert come_back(other, typed).path == "/questions/right_now"


def test_the_page_of_the_code_says_until_when_and_where(patient: PatientBrowser) -> None:
    save_for_later(patient)
    assert "Until when: December 7, 2026 ." in patient.words
    assert "localhost/return" in patient.words
    assert "It opens here without the code until Nov 24, 2026, 3:00" in patient.words


def test_the_same_code_is_shown_again_as_often_as_asked(patient: PatientBrowser, clock: Any) -> None:
    words = save_for_later(patient)
    clock.move(hours=2)
    patient.press("/language", {"language": "es", "next": "/return-code"})
    assert code_on(patient) == words
    patient.open("/questions/heart").send({"save_for_later": "yes"})
    assert code_on(patient) == words
    patient.open("/check").press("/return-code")
    assert code_on(patient) == words
    assert "7 de diciembre de 2026" in patient.words


@pytest.mark.parametrize("page", ["/check", "/stopped", "/sections"])
def test_other_pages_give_a_code_too(patient: PatientBrowser, page: str) -> None:
    patient.begin().open(page)
    assert "Save and come back later" in patient.words
    assert len(code_on(patient.press("/return-code"))) == 5


def test_getting_the_page_makes_no_code(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().open("/return-code")
    assert patient.page.status_code == 200 and code_on(patient) == []
    assert asking(lambda session: session.scalars(select(DraftAccess.kind)).all()) == [AccessKind.COOKIE]


def test_no_code_before_about_you_and_none_without_a_draft(patient: PatientBrowser) -> None:
    assert patient.open("/return-code").path == "/gone"
    patient.open("/age").send({"adult": "yes"}).send({"agree": "y"})
    assert patient.open("/return-code").path == "/about-you"


def test_an_answer_that_cannot_be_read_is_mended_before_one_leaves(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/heart").send({"bp_systolic": "12O", "save_for_later": "yes"})
    assert patient.path == "/questions/heart" and patient.form()["bp_systolic"] == "12O"
    assert patient.send({"bp_systolic": "120", "save_for_later": "yes"}).path == "/return-code"


def test_urgent_words_come_before_the_code(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/mind").send({"self_harm_thoughts": "yes", "save_for_later": "yes"})
    assert patient.path == "/help-now" and 'href="tel:988"' in patient.text
    assert patient.send().path == "/return-code"
    assert len(code_on(patient)) == 5


def test_follow_ups_of_the_page_that_was_left_come_next(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/heart").send({"heart_conditions": ["hypertension"], "save_for_later": "yes"})
    assert 'href="/questions/heart"' in patient.text


def test_the_code_goes_with_a_corrected_date_of_birth(
    patient: PatientBrowser, device: Callable[..., PatientBrowser]
) -> None:
    words = save_for_later(patient)
    patient.open("/about-you").send({**ABOUT_YOU, "birth_date-year": "1969"})
    assert WRONG in come_back(device(), words).words
    assert come_back(device(), words, {**BORN, "birth_date-year": "1969"}).path == "/questions/right_now"


# Two devices


def test_a_page_left_open_on_the_phone_does_not_undo_what_the_laptop_saved(
    patient: PatientBrowser, device: Callable[..., PatientBrowser]
) -> None:
    words = save_for_later(patient)
    phone = patient.open("/questions/pain")
    laptop = come_back(device(), words)
    laptop.open("/questions/pain").send({"pain_average": "4"})
    phone.send({"pain_activity": "5"})
    form = laptop.open("/questions/pain").form()
    assert (form["pain_average"], form["pain_activity"], form.getlist("pain_kinds")) == ("4", "5", ["crps"])
    assert phone.open("/questions/pain").form()["pain_average"] == "4"


def test_erasing_erases_on_every_device(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], asking: Callable[..., Any]
) -> None:
    words = save_for_later(patient)
    other = come_back(device(), words)
    patient.open("/questions/pain").press("/erase").send({"confirm": "yes"})
    assert patient.path == "/erased" and "Your answers are erased" in patient.words
    assert asking(count(Draft, DraftAccess)) == [0, 0]
    assert other.open("/questions/pain").path == "/gone"
    assert WRONG in come_back(device(), words).words


def test_closing_on_one_device_leaves_the_code(patient: PatientBrowser, device: Callable[..., PatientBrowser]) -> None:
    words = save_for_later(patient)
    patient.press("/erase", {"confirm": "device"})
    assert patient.path == "/erased?code=1" and "Closed on this device" in patient.words
    assert patient.open("/questions/pain").path == "/gone"
    assert come_back(device(), words).path == "/questions/right_now"


def test_without_a_code_closing_on_one_device_is_erasing(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().press("/erase", {"confirm": "device"})
    assert patient.path == "/erased" and "Your answers are erased" in patient.words
    assert asking(count(Draft)) == [0]


def test_someone_elses_open_answers_are_pointed_out_before_they_are_replaced(
    patient: PatientBrowser, device: Callable[..., PatientBrowser]
) -> None:
    words = save_for_later(patient)
    shared = device().begin().open("/return")
    assert "let them save it with a code first" in shared.words
    come_back(shared, words)
    assert shared.open("/questions/pain").form()["pain_average"] == "7"


def test_the_page_of_the_code_says_how_long_this_device_opens_it_not_another(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], clock: Any
) -> None:
    words = save_for_later(patient)
    clock.move(hours=5)
    laptop = come_back(device(), words)
    laptop.open("/questions/pain").send({"pain_average": "4"})
    assert "It opens here without the code until Nov 24, 2026, 3:00" in patient.open("/return-code").words
    assert "It opens here without the code until Nov 24, 2026, 8:00" in laptop.open("/return-code").words


def test_what_is_sent_on_the_laptop_is_sent_for_the_phone_too(
    patient: PatientBrowser, device: Callable[..., PatientBrowser]
) -> None:
    words = save_for_later(patient)
    phone = patient.open("/questions/pain")
    come_back(device(), words).open("/check").send()
    phone.send({"pain_average": "2"})
    assert phone.path == "/summary"
    assert "You had already sent your answers. What you just changed was not saved." in phone.words
    assert "You sent your answers." in phone.open("/").words


def test_a_draft_changed_by_hand_in_the_database_is_gone_and_the_log_says_so(
    patient: PatientBrowser, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    words = save_for_later(patient)
    with writing(app.extensions["screener"].engine) as session:
        row = session.scalars(select(Draft)).one()
        row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    assert patient.open("/questions/pain").path == "/gone"
    assert caplog.messages.count("a stored draft does not open with its own secret") > 0
    assert not all(word in caplog.text for word in words)


# Times


def test_with_a_code_answers_last_14_days_and_a_cookie_24_hours(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], clock: Any
) -> None:
    words = save_for_later(patient)
    clock.move(hours=25)
    assert patient.open("/questions/pain").path == "/gone"
    assert 'href="/return"' in patient.text
    assert come_back(patient, words).open("/questions/pain").form()["pain_average"] == "7"
    patient.send({"pain_average": "6"})
    clock.move(days=13, hours=23)
    assert come_back(device(), words).path == "/questions/right_now"
    clock.move(hours=2)
    assert WRONG in come_back(device(), words).words


def test_after_sending_the_code_opens_the_summary_for_30_days(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], clock: Any, asking: Callable[..., Any]
) -> None:
    words = save_for_later(patient)
    patient.open("/check").send()
    reference = asking(lambda session: session.scalars(select(Submission)).one().reference)
    assert "opens on any device until December 23, 2026" in patient.words
    clock.move(days=29)
    other = come_back(device(), words)
    assert other.path == "/summary" and reference in other.text
    assert code_on(other.press("/return-code")) == words
    clock.move(days=1)
    assert WRONG in come_back(device(), words).words


def test_a_code_for_the_summary_alone(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], clock: Any
) -> None:
    patient.begin().answer({}).send()
    assert "With a return code it opens on any device for 30 days." in patient.words
    words = code_on(patient.press("/return-code"))
    assert "Until when: December 23, 2026 ." in patient.words
    clock.move(days=2)
    assert come_back(device(), words).path == "/summary"


def test_closing_the_summary_here_leaves_the_code_and_everywhere_does_not(
    patient: PatientBrowser, device: Callable[..., PatientBrowser]
) -> None:
    words = save_for_later(patient)
    patient.open("/check").send().press("/erase")
    assert "your return code still opens it" in patient.words
    patient.send({"confirm": "device"})
    assert patient.path == "/erased?sent=1&code=1"
    other = come_back(device(), words)
    assert other.path == "/summary"
    other.press("/erase").send({"confirm": "yes"})
    assert "Your summary is closed" in other.words
    assert WRONG in come_back(device(), words).words


def test_the_days_are_settings_and_every_page_says_them(settings: Settings, clock: Any) -> None:
    app = create_app(replace(settings, draft_days=21, summary_days=45), clock=clock, ruleset=load_ruleset(RULEBOOK))
    app.testing = True
    patient = PatientBrowser(app.test_client())
    assert "on any device, for 21 days" in patient.words
    patient.open("/privacy")
    assert "erased 21 days after you last saved" in patient.words and "return code for 45 days" in patient.words
    patient.open("/age").send({"adult": "yes"})
    assert "or 21 days after it if you ask for a return code" in patient.words
    patient.send({"agree": "y"}).send(ABOUT_YOU).answer({})
    assert "With a return code you have 21 days, on any device." in patient.words
    words = code_on(patient.press("/return-code"))
    assert "Until when: December 14, 2026 ." in patient.words
    clock.move(days=20)
    other = come_back(PatientBrowser(app.test_client()), words)
    assert "until January 27, 2027" in other.open("/check").send().words
    app.extensions["screener"].engine.dispose()


# What opens nothing


def page_of(browser: PatientBrowser) -> tuple[int, str]:
    """Status and page, without what differs by chance or because it was typed."""
    page = re.sub(r'value="[^"]*"', "", browser.text)
    return browser.page.status_code, page


def test_whatever_is_wrong_the_page_is_the_same(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], clock: Any, app: Flask
) -> None:
    words, erased = save_for_later(patient), device()
    gone = save_for_later(erased)
    erased.press("/erase").send({"confirm": "yes"})
    seen = {
        "wrong code": page_of(come_back(device(), ["zebra", *words[1:]])),
        "no code at all": page_of(come_back(device(), "12345")),
        "wrong date of birth": page_of(come_back(device(), words, {**BORN, "birth_date-day": "15"})),
        "erased": page_of(come_back(device(), gone)),
    }
    clock.move(days=15)
    seen["expired"] = page_of(come_back(device(), words))
    with writing(app.extensions["screener"].engine) as session:
        delete_expired_drafts(session, now=clock())
    seen["swept"] = page_of(come_back(device(), words))
    assert {status for status, _ in seen.values()} == {422}
    assert len({page for _, page in seen.values()}) == 1
    assert WRONG in seen["expired"][1]


def test_what_was_typed_comes_back_to_be_mended(device: Callable[..., PatientBrowser]) -> None:
    other = come_back(device(), "zebra castle garlic piano sumer")
    form = other.form()
    assert (form["code"], form["birth_date-year"]) == ("zebra castle garlic piano sumer", "1968")
    other.send({"language": "es"})
    assert (other.form()["code"], "error-summary" in other.text) == ("zebra castle garlic piano sumer", False)
    assert other.send({"code": "", "csrf_token": "old"}).form()["birth_date-year"] == "1968"


def test_a_blank_is_said_and_not_counted(device: Callable[..., PatientBrowser], asking: Callable[..., Any]) -> None:
    other = device().open("/return").send({})
    assert other.page.status_code == 422
    assert "Write your return code." in other.words and "Write your date of birth." in other.words
    assert asking(count(Attempt, Event)) == [0, 0]


def test_after_five_wrong_tries_in_an_hour_a_code_waits_whether_it_exists_or_not(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], clock: Any
) -> None:
    words = save_for_later(patient)
    for typed in (words, ["zebra", *words[1:]]):
        for number in range(5):
            assert WRONG in come_back(device(f"10.0.0.{number}"), typed, {**BORN, "birth_date-day": "15"}).words
        limited = come_back(device("10.0.0.9"), typed)
        assert (limited.page.status_code, WAIT in limited.words) == (429, True)
    assert patient.open("/questions/pain").form()["pain_average"] == "7"  # who is in stays in
    clock.move(minutes=61)
    assert come_back(device(), words).path == "/questions/right_now"


def test_a_code_takes_20_wrong_tries_in_all(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], clock: Any
) -> None:
    words = save_for_later(patient)
    for number in range(20):
        assert WRONG in come_back(device(f"10.0.0.{number}"), words, {**BORN, "birth_date-day": "15"}).words
        clock.move(minutes=61 if number % 5 == 4 else 0)
    clock.move(hours=24)
    assert WRONG in come_back(device(), words).words


def mistype(app: Flask, address: str, times: int) -> None:
    """Count wrong tries from one address, each on another code, without waiting for the slow key."""
    for number in range(times):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            returning._begin_attempt(f"another code {number}")


def test_one_network_may_mistype_120_times_an_hour(
    app: Flask, device: Callable[..., PatientBrowser], clock: Any
) -> None:
    mistype(app, "192.0.2.7", 119)
    tries = [come_back(device("192.0.2.7"), f"zebra castle garlic piano {last}") for last in ("summer", "winter")]
    assert [browser.page.status_code for browser in tries] == [422, 429]
    assert come_back(device("192.0.2.8"), "zebra castle garlic piano summer").page.status_code == 422
    clock.move(minutes=61)
    assert come_back(tries[1], "zebra castle garlic piano summer").page.status_code == 422


def test_all_networks_together_may_mistype_3000_times_an_hour(
    app: Flask, device: Callable[..., PatientBrowser], clock: Any
) -> None:
    with app.test_request_context():
        counted = keyed_hash(returning.server_key(), returning.OF_ALL)
    with writing(app.extensions["screener"].engine) as session:
        session.add_all(Attempt(kind=returning.OF_ALL, counted=counted, at=clock()) for _ in range(2999))
    wrong = {"192.0.2.7": "summer", "198.51.100.1": "winter", "203.0.113.9": "spring"}
    tries = [come_back(device(address), f"zebra castle garlic piano {last}") for address, last in wrong.items()]
    assert [browser.page.status_code for browser in tries] == [422, 429, 429]
    clock.move(minutes=61)
    assert come_back(tries[1], "zebra castle garlic piano winter").page.status_code == 422


def test_a_waiting_room_of_50_who_each_mistype_once_gets_in(
    app: Flask, device: Callable[..., PatientBrowser], patient: PatientBrowser
) -> None:
    words = save_for_later(patient)
    mistype(app, "198.51.100.1", 50)
    for last in ("aazz", "bbzz", "cczz"):
        browser = device("198.51.100.1")
        assert WRONG in come_back(browser, [*words[:4], last]).words
        assert come_back(browser, words).path == "/questions/right_now"


def test_what_is_counted_stands_nowhere_in_the_clear(
    patient: PatientBrowser, device: Callable[..., PatientBrowser], asking: Callable[..., Any]
) -> None:
    words = save_for_later(patient)
    come_back(device("203.0.113.77"), words, {**BORN, "birth_date-day": "15"})
    attempts = asking(lambda session: session.execute(select(Attempt.kind, Attempt.counted)).all())
    assert sorted(kind for kind, _ in attempts) == ["return_any", "return_code", "return_network"]
    events = asking(lambda session: session.execute(select(Event.name, Event.detail)).all())
    told = repr([*attempts, *events])
    assert [secret for secret in ("203.0.113.77", "1968", "Zoraida") if secret in told] == []
    assert not all(word in told for word in words)


def test_neither_code_nor_birth_date_stands_in_a_url_or_title(
    patient: PatientBrowser, device: Callable[..., PatientBrowser]
) -> None:
    words = save_for_later(patient)
    other = come_back(device(), words)
    everything = " ".join([*patient.visited, *other.visited, patient.title, other.title])
    assert not all(word in everything for word in words)  # one may well be a word of an address: all of them are a code
    assert "1968" not in everything


def test_another_secret_key_opens_no_code(settings: Settings, clock: Any) -> None:
    apps = [
        create_app(replace(settings, secret_key=key), clock=clock, ruleset=load_ruleset(RULEBOOK))
        for key in (settings.secret_key, "an0ther-Key-9Qz8wYxV7uT6sR5pO4nM3l")
    ]
    words = save_for_later(PatientBrowser(apps[0].test_client()))
    assert WRONG in come_back(PatientBrowser(apps[1].test_client()), words).words
    again = create_app(settings, clock=clock, ruleset=load_ruleset(RULEBOOK))  # a restart with the same keys
    assert come_back(PatientBrowser(again.test_client()), words).path == "/questions/right_now"
    for app in (*apps, again):
        app.extensions["screener"].engine.dispose()


def test_the_end_of_a_code_is_never_before_what_was_said(patient: PatientBrowser, clock: Any) -> None:
    save_for_later(patient)
    said = clock() + timedelta(days=14)
    patient.open("/check").send()
    assert "until December 23, 2026" in patient.words and said < clock() + timedelta(days=30)
