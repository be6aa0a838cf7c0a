"""The whole way of a patient, and what goes wrong on it: nothing typed is lost, nothing is stored too early."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from screener.app import create_app
from screener.config import Settings
from screener.engine.loader import load_ruleset
from screener.engine.questionnaire import ItemType
from screener.engine.rules import Ruleset
from screener.paths import rules_folder
from screener.store import queries
from screener.store.database import reading
from screener.store.models import Contact, Draft, DraftAccess, Event, Response, Submission
from screener.store.sealed_drafts import OpenDraft
from tests.web.patient_browser import ABOUT_YOU, RULEBOOK, PatientBrowser

Fields = Mapping[str, Any]
ANSWERS: Mapping[str, Fields] = {
    "right_now": {"emergency_now": ["none"]},
    "pain": {"pain_kinds": ["crps", "not_sure"], "pain_average": "7", "pain_activity-unknown": ["not_sure"]},
    "tried": {"nsaids_result": "failed", "other_treatment_text": "Warm baths\r\nand <b>rest</b>"},
    "heart": {"heart_conditions": ["hypertension"], "bp_control": "poor", "bp_systolic": "150", "bp_diastolic": "90"},
    "bladder": {"bladder_now": ["none"], "bladder_past": ["declined"]},
    "mind": {"self_harm_thoughts": "no", "phq_mood": "nearly_every_day"},
    "memory": {"ketamine_history": "never", "yellow_signs": "no"},
}


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # nothing has ended then


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient's browser at the first page."""
    return PatientBrowser(client)


@pytest.fixture
def asking(app: Flask) -> Callable[[Callable[[Session], Any]], Any]:
    """Looks into the database."""

    def ask(question: Callable[[Session], Any]) -> Any:
        with reading(app.extensions["screener"].engine) as session:
            return question(session)

    return ask


def count(*tables: Any) -> Callable[[Session], list[int]]:
    return lambda session: [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def draft_of(patient: PatientBrowser) -> Callable[[Session], OpenDraft]:
    """What the draft of this browser holds; only the secret in its cookie opens it."""
    with patient.client.session_transaction() as cookie:
        token = cookie["draft"]

    def opened(session: Session) -> OpenDraft:
        draft = queries.draft_for_token(session, token, now=LONG_AGO)
        assert draft is not None
        return draft

    return opened


@pytest.mark.parametrize(("locale", "sent_word"), [("en", "Your summary to talk over"), ("es", "Dolor")])
def test_a_patient_gets_from_the_first_page_to_the_summary(
    patient: PatientBrowser, asking: Callable[..., Any], locale: str, sent_word: str
) -> None:
    patient.press("/language", {"language": locale, "next": "/"})
    assert f'<html lang="{locale}">' in patient.text
    patient.begin()
    assert patient.path == "/questions/right_now"
    patient.answer(ANSWERS)
    assert patient.path == "/check"
    patient.send()
    assert patient.path == "/summary"
    submission = asking(lambda session: session.scalars(select(Submission)).one())
    assert submission.reference in patient.text
    assert submission.language == locale
    response = asking(lambda session: session.scalars(select(Response)).one())
    assert response.answers == {
        "emergency_now": ["none"],
        "pain_kinds": ["crps", "not_sure"],
        "pain_average": 7,
        "pain_activity": "not_sure",
        "nsaids_result": "failed",
        "other_treatment_text": "Warm baths\nand <b>rest</b>",
        "heart_conditions": ["hypertension"],
        "bp_control": "poor",
        "bp_systolic": 150,
        "bp_diastolic": 90,
        "bladder_now": ["none"],
        "bladder_past": ["declined"],
        "phq_mood": "nearly_every_day",
        "self_harm_thoughts": "no",
        "ketamine_history": "never",
        "yellow_signs": "no",
    }
    titles = {"en": "Talk about this first", "es": "presión"}
    assert titles[locale] in patient.words


def test_no_answer_and_nothing_personal_stands_in_a_url_or_title(patient: PatientBrowser) -> None:
    titles = []
    patient.begin()
    while patient.path != "/summary":
        before = patient.path
        section = patient.path.removeprefix("/questions/").split("?")[0]
        known = ANSWERS.get(section, {})
        patient.send({name: value for name, value in known.items() if f'name="{name}"' in patient.text})
        titles.append(patient.title)
        assert patient.path != before or 'href="#more"' in patient.text
    everything = " ".join([*patient.visited, *titles])
    for secret in ("Zoraida", "Canary", "1968", "555", "hypertension", "crps", "150", "Warm", "not_sure", "poor"):
        assert secret not in everything


def test_answers_are_checked_before_they_are_sent(patient: PatientBrowser) -> None:
    patient.begin().answer(ANSWERS)
    words = patient.words
    assert "Zoraida Canary" in words and "March 14, 1968" in words
    assert "I am not sure about the rest" in words
    assert "I prefer not to say" in words
    assert "No answer" in words
    assert "and &lt;b&gt;rest&lt;/b&gt;" in patient.text
    assert "No rule checks the words you wrote yourself." in words
    assert 'href="/questions/heart?back=check"' in patient.text
    assert 'href="/about-you?back=check"' in patient.text


def test_a_change_from_the_check_leads_back_to_it(patient: PatientBrowser) -> None:
    patient.begin().answer(ANSWERS)
    patient.open("/questions/bladder?back=check").send({"bladder_now": ["urgency"]})
    assert patient.path == "/check"
    assert "A sudden strong need to pee" in patient.words
    patient.open("/about-you?back=check").send({"name": "Zoraida Nightingale"})
    assert patient.path == "/check"
    assert "Zoraida Nightingale" in patient.words


def test_a_change_from_the_check_that_asks_more_comes_back_to_the_check(patient: PatientBrowser) -> None:
    patient.begin().answer({})
    patient.open("/questions/tried?back=check").send({"opioids_now": "yes"})
    assert patient.path == "/questions/tried?back=check"
    patient.send({"opioid_concerns": ["wants_less"]}, path="/questions/tried?back=check")
    assert patient.path == "/check"


def test_all_may_be_left_blank(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().answer({}).send()
    assert patient.path == "/summary"
    assert asking(lambda session: session.scalars(select(Response)).one().answers) == {}
    assert "That does not mean they are fine." in patient.words
    assert "did not match the risks" not in patient.words


def test_sending_twice_makes_one_submission(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().answer(ANSWERS)
    form = patient.form()
    patient.send()
    first = patient.text
    again = patient.client.post("/check", data=form, follow_redirects=True)
    assert again.request.path == "/summary"
    assert asking(count(Submission, Response, Contact)) == [1, 1, 1]
    reference = asking(lambda session: session.scalars(select(Submission)).one().reference)
    assert reference in first and reference in again.text


def test_after_sending_nothing_can_be_changed(patient: PatientBrowser) -> None:
    patient.begin().answer(ANSWERS).send()
    for page in ("/questions/heart", "/about-you", "/check", "/consent", "/stopped"):
        assert patient.open(page).path == "/summary"


# Gates


def test_a_screen_comes_back_once_with_what_its_answers_enable(
    patient: PatientBrowser, asking: Callable[..., Any]
) -> None:
    patient.begin().open("/questions/heart")
    assert "bp_control" not in patient.text
    patient.send({"heart_conditions": ["hypertension", "angina"], "bp_systolic": "140"})
    assert patient.path == "/questions/heart"
    assert 'name="bp_control"' in patient.text
    assert patient.form().getlist("heart_conditions") == ["hypertension", "angina"]
    assert patient.form()["bp_systolic"] == "140"
    patient.send({}, path="/questions/heart")
    assert patient.path == "/questions/bladder"


def test_an_answer_that_no_longer_applies_is_kept_for_going_back(
    patient: PatientBrowser, asking: Callable[..., Any]
) -> None:
    patient.begin().open("/questions/heart").send({"heart_conditions": ["hypertension"]})
    patient.send({"bp_control": "poor"}, path="/questions/heart")
    patient.open("/questions/heart").send({"heart_conditions": ["none"]})
    patient.open("/questions/heart")
    assert "bp_control" not in patient.text
    assert asking(draft_of(patient)).answers == {"heart_conditions": ["none"], "bp_control": "poor"}
    patient.send({"heart_conditions": ["hypertension"]})
    assert patient.form()["bp_control"] == "poor"


def test_two_tabs_lose_nothing(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin()
    one, other = PatientBrowser(patient.client), PatientBrowser(patient.client)
    one.open("/questions/pain")
    other.open("/questions/bladder")
    one.send({"pain_average": "4"})
    other.send({"bladder_now": ["leaks"]})
    assert asking(draft_of(patient)).answers == {"pain_average": 4, "bladder_now": ["leaks"]}


def two_tabs_at(patient: PatientBrowser, path: str) -> tuple[PatientBrowser, PatientBrowser]:
    """The same page opened twice, in one browser."""
    return PatientBrowser(patient.client).open(path), PatientBrowser(patient.client).open(path)


def test_the_same_screen_in_two_tabs_loses_nothing(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    one, other = two_tabs_at(patient.begin(), "/questions/pain")
    one.send({"pain_average": "4", "pain_kinds": ["crps", "not_sure"]})
    other.send({"pain_activity-unknown": ["not_sure"]})
    assert asking(draft_of(patient)).answers == {
        "pain_average": 4,
        "pain_kinds": ["crps", "not_sure"],
        "pain_activity": "not_sure",
    }


def test_of_two_tabs_the_last_that_changed_an_answer_wins(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().open("/questions/pain").send({"pain_average": "4", "pain_activity": "5"})
    one, other = two_tabs_at(patient, "/questions/pain")
    one.send({"pain_average": "6", "pain_activity": ""})
    other.send({"pain_average": "7"})
    assert asking(draft_of(patient)).answers == {"pain_average": 7}  # one blanked the other, and nothing put it back


def test_an_answer_is_blanked_on_purpose(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().open("/questions/pain").send({"pain_average": "4", "pain_kinds": ["crps"]})
    one, other = two_tabs_at(patient, "/questions/pain")
    one.send({"pain_average": "6"})
    other.send({"pain_average": "", "pain_kinds": []})
    assert asking(draft_of(patient)).answers == {}


def test_a_stale_page_with_an_error_comes_back_with_what_is_stored(
    patient: PatientBrowser, asking: Callable[..., Any]
) -> None:
    one, other = two_tabs_at(patient.begin(), "/questions/heart")
    one.send({"heart_conditions": ["angina"], "bp_systolic": "150"})
    other.send({"bp_diastolic": "9O"})
    assert other.form().getlist("heart_conditions") == ["angina"]
    assert (other.form()["bp_systolic"], other.form()["bp_diastolic"]) == ("150", "9O")
    other.send({"bp_diastolic": "90", "bp_systolic": ""})
    assert asking(draft_of(patient)).answers == {"heart_conditions": ["angina"], "bp_diastolic": 90}


def test_a_stale_page_sent_with_an_old_token_stays_stale(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    one, other = two_tabs_at(patient.begin(), "/questions/pain")
    one.send({"pain_average": "4"})
    other.send({"pain_activity": "5", "csrf_token": "stale"}).send()
    assert asking(draft_of(patient)).answers == {"pain_average": 4, "pain_activity": 5}


@pytest.mark.parametrize("mark", ["", ":", ":0000000000000000", ":ñ"])
def test_without_a_mark_that_is_ours_what_was_sent_is_taken(
    patient: PatientBrowser, asking: Callable[..., Any], mark: str
) -> None:
    patient.begin().open("/questions/pain").send({"pain_average": "4"})
    patient.open("/questions/pain").send({"pain_average": "", "items-shown": [f"pain_average{mark}"]})
    assert asking(draft_of(patient)).answers == {}


def test_equal_answers_of_two_patients_have_different_marks(client: FlaskClient) -> None:
    one = PatientBrowser(client).begin().open("/questions/pain").form().getlist("items-shown")
    other = PatientBrowser(client.application.test_client()).begin().open("/questions/pain").form()
    assert not set(one) & set(other.getlist("items-shown"))


# Too late


NOT_SAVED = "You had already sent your answers. What you just changed was not saved."


def sent_with_a_tab_left(patient: PatientBrowser, path: str) -> PatientBrowser:
    """The answers are handed in while another tab stands at this page."""
    patient.begin().answer(ANSWERS)
    tab = PatientBrowser(patient.client).open(path)
    patient.open("/check").send()
    assert patient.path == "/summary" and NOT_SAVED not in patient.words
    return tab


def test_what_is_changed_after_sending_is_said_not_to_be_saved(
    patient: PatientBrowser, asking: Callable[..., Any]
) -> None:
    tab = sent_with_a_tab_left(patient, "/questions/pain").send({"pain_average": "2"})
    assert tab.path == "/summary" and tab.page.status_code == 200
    assert tab.text.count('role="status"') == 1 and NOT_SAVED in tab.words
    assert NOT_SAVED not in tab.open("/summary").words
    assert asking(lambda session: session.scalars(select(Response)).one().answers["pain_average"]) == 7


@pytest.mark.parametrize(
    "fields", [{"bp_systolic": "9O"}, {"bp_systolic": ""}, {"csrf_token": "old", "bp_systolic": "99"}]
)
def test_so_is_what_cannot_be_read_or_was_blanked(patient: PatientBrowser, fields: Fields) -> None:
    assert NOT_SAVED in sent_with_a_tab_left(patient, "/questions/heart").send(fields).words


def test_so_is_a_change_of_about_you_in_the_language_asked_for(patient: PatientBrowser) -> None:
    tab = sent_with_a_tab_left(patient, "/about-you").send({"name": "Zoraida Nightingale", "language": "es"})
    assert tab.path == "/summary" and "Lo que acaba de cambiar no se guardó." in tab.words


def test_a_tab_that_changes_nothing_after_sending_just_shows_the_summary(patient: PatientBrowser) -> None:
    tab = sent_with_a_tab_left(patient, "/questions/heart").send()
    assert tab.path == "/summary" and NOT_SAVED not in tab.words


def test_an_urgent_answer_after_sending_meets_its_words_and_is_stored_nowhere(
    patient: PatientBrowser, asking: Callable[..., Any]
) -> None:
    tab = sent_with_a_tab_left(patient, "/questions/mind")
    before = asking(count(Submission, Response, Contact, Event))
    tab.send({"self_harm_thoughts": "yes"})
    assert tab.page.status_code == 409 and tab.path == "/questions/mind"
    assert NOT_SAVED in tab.words and "Call or text 988 now." in tab.words
    assert 'href="tel:988"' in tab.text and "If you may act on these thoughts, call 911." in tab.words
    assert "Your summary to talk over with a clinician" in tab.words
    assert asking(count(Submission, Response, Contact, Event)) == before
    assert asking(lambda session: session.scalars(select(Response)).one().answers["self_harm_thoughts"]) == "no"
    with tab.client.session_transaction() as cookie:
        kept = {name: value for name, value in cookie.items() if name not in ("csrf_token", "draft")}  # random
    assert re.findall(r"self_harm|988", str(kept)) == []
    assert "Call or text 988 now." not in tab.open("/summary").words and NOT_SAVED not in tab.words


def test_an_urgent_answer_that_was_sent_in_time_is_not_said_anew(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/mind").send({"self_harm_thoughts": "yes"}).send()
    tab = PatientBrowser(patient.client).open("/questions/mind")
    patient.open("/check").send()
    tab.send({"self_harm_thoughts": "maybe"})
    assert tab.path == "/summary" and tab.page.status_code == 200 and NOT_SAVED in tab.words


# Errors


def test_errors_keep_what_was_typed_and_name_the_step(patient: PatientBrowser) -> None:
    patient.begin().open("/questions/heart")
    patient.send({"heart_conditions": ["none", "angina"], "bp_systolic": "1580", "bp_diastolic": "9O"})
    assert patient.title.startswith("Error: Your heart and blood vessels")
    assert 'href="#heart_conditions"' in patient.text and 'href="#bp_systolic"' in patient.text
    assert patient.text.count("Write a whole number from 60 to 260, in digits.") == 2
    form = patient.form()
    assert form.getlist("heart_conditions") == ["angina", "none"]
    assert (form["bp_systolic"], form["bp_diastolic"]) == ("1580", "9O")
    patient.send({"heart_conditions": ["angina"], "bp_systolic": "158", "bp_diastolic": "90"})
    assert patient.path == "/questions/bladder"


def test_what_can_be_read_is_saved_beside_an_error(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().open("/questions/heart")
    patient.send({"heart_conditions": ["none"], "bp_systolic": "120"})
    patient.open("/questions/heart").send({"heart_conditions": ["none", "angina"], "bp_systolic": "130"})
    # "None of these" must not stand while it is being corrected.
    assert asking(draft_of(patient)).answers == {"bp_systolic": 130}


def test_a_page_that_was_open_too_long_comes_back_filled_in(
    patient: PatientBrowser, asking: Callable[..., Any]
) -> None:
    patient.begin().open("/questions/pain")
    patient.send({"pain_average": "6", "csrf_token": "stale"})
    assert patient.title.startswith("Error:")
    assert patient.form()["pain_average"] == "6"
    assert asking(draft_of(patient)).answers == {}
    patient.send()
    assert asking(draft_of(patient)).answers == {"pain_average": 6}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": " "}, "Write your name."),
        ({"birth_date-month": ""}, "Write a real date of birth in digits"),
        ({"birth_date-month": "2", "birth_date-day": "30"}, "Write a real date of birth in digits"),
        ({"birth_date-month": "", "birth_date-day": "", "birth_date-year": ""}, "Write your date of birth."),
        ({"birth_date-year": "2030"}, "Check the year of your date of birth."),
        ({"birth_date-year": "1768"}, "Check the year of your date of birth."),
        ({"phone": ""}, "Write a phone number or an e-mail address"),
        ({"phone": "call me"}, "Write a phone number with its area code"),
        ({"email": "nowhere"}, "Write your e-mail address like name@example.org."),
        ({"preferred_contact": "email"}, "You asked for e-mail. Write your e-mail address."),
        ({"phone": "", "email": "z@canary.example"}, "You asked for a call or a text. Write your phone number."),
        ({"preferred_contact": []}, "Choose how to reach you."),
        ({"contact_language": "fr"}, "Choose a language."),
    ],
)
def test_about_you_says_what_is_missing(patient: PatientBrowser, changed: Fields, message: str) -> None:
    patient.open("/age").send({"adult": "yes"}).send({"agree": "y"}).send({**ABOUT_YOU, **changed})
    assert patient.path == "/about-you"
    assert patient.title.startswith("Error: About you")
    assert message in patient.words
    kept = patient.form()
    for name in ("name", "phone", "email", "birth_date-month", "birth_date-year"):
        assert kept[name] == {**ABOUT_YOU, **changed}[name].strip()  # type: ignore[union-attr]


# Language


def test_switching_language_keeps_what_was_typed(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().open("/questions/heart")
    patient.send({"heart_conditions": ["angina"], "bp_systolic": "12", "bp_diastolic": "eighty", "language": "es"})
    assert '<html lang="es">' in patient.text and patient.path == "/questions/heart"
    assert "Su corazón y sus vasos sanguíneos" in patient.text
    assert 'class="error-summary"' not in patient.text
    form = patient.form()
    assert (form["bp_systolic"], form["bp_diastolic"]) == ("12", "eighty")
    assert form.getlist("heart_conditions") == ["angina"]
    draft = asking(draft_of(patient))
    assert draft.language == "es" and draft.answers == {"heart_conditions": ["angina"]}


def test_switching_language_keeps_a_half_filled_about_you(patient: PatientBrowser) -> None:
    patient.open("/age").send({"adult": "yes"}).send({"agree": "y"})
    patient.send({"name": "Zoraida", "birth_date-day": "31", "phone": "12", "language": "es"})
    assert '<html lang="es">' in patient.text
    form = patient.form()
    assert (form["name"], form["birth_date-day"], form["phone"]) == ("Zoraida", "31", "12")
    assert 'class="error-summary"' not in patient.text


@pytest.mark.parametrize("page", ["/age", "/consent"])
def test_switching_language_stays_on_the_page(patient: PatientBrowser, page: str) -> None:
    patient.open("/age").send({"adult": "yes"}).open(page).send({"language": "es"})
    assert patient.path == page and '<html lang="es">' in patient.text
    assert 'class="error-summary"' not in patient.text


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/about", "/about"),
        ("/check", "/gone"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/about", "/"),
        ("/\\elsewhere.example", "/"),
        ("/no-such-page", "/"),
        ("", "/"),
    ],
)
def test_the_switch_leads_to_pages_of_ours_only(patient: PatientBrowser, wanted: str, reached: str) -> None:
    patient.open("/about").press("/language", {"language": "es", "next": wanted})
    assert patient.path == reached
    assert '<html lang="es">' in patient.text


# Who may not, and who stops


def test_under_18_nothing_is_stored(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.open("/age").send({"adult": "no"})
    assert patient.path == "/adults-only"
    assert "988" in patient.words and "911" in patient.words
    assert asking(count(Draft, Contact, Event)) == [0, 0, 0]
    assert patient.open("/consent").path == "/age"


def test_a_birth_date_under_18_erases_the_draft(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.open("/age").send({"adult": "yes"}).send({"agree": "y"})
    young = {**ABOUT_YOU, "birth_date-month": "11", "birth_date-day": "24", "birth_date-year": "2008"}
    patient.send(young)
    assert (patient.path, patient.title.startswith("Error: ")) == ("/about-you", True)
    assert "You wrote November 24, 2008." in patient.words
    assert asking(count(Draft, DraftAccess)) == [1, 1]
    patient.send(young)
    assert patient.path == "/adults-only"
    assert asking(count(Draft, DraftAccess)) == [0, 0]
    assert patient.open("/questions/pain").path == "/gone"


def test_a_slip_in_the_birth_year_erases_nothing(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin()
    patient.open("/about-you").send({**ABOUT_YOU, "birth_date-year": "2015"})
    patient.send(ABOUT_YOU)
    assert asking(draft_of(patient)).contact.birth_date == date(1968, 3, 14)
    assert patient.open("/questions/pain").path == "/questions/pain"


def test_the_question_of_age_is_not_asked_again_of_one_with_a_draft(patient: PatientBrowser) -> None:
    patient.begin()
    assert patient.open("/age").path == "/questions/right_now"


def test_on_the_18th_birthday_one_is_an_adult(patient: PatientBrowser) -> None:
    patient.open("/age").send({"adult": "yes"}).send({"agree": "y"})
    patient.send({**ABOUT_YOU, "birth_date-month": "11", "birth_date-day": "23", "birth_date-year": "2008"})
    assert patient.path == "/questions/right_now"


def test_nothing_is_stored_before_consent(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.open("/age").send({})
    assert patient.title.startswith("Error: Your age")
    patient.send({"adult": "yes"}).send({})
    assert patient.title.startswith("Error: Before you start")
    assert asking(count(Draft, Event)) == [0, 0]
    assert patient.send({"agree": "y"}).path == "/about-you"
    assert asking(count(Draft)) == [1]
    assert patient.open("/consent").path == "/about-you"
    assert asking(count(Draft)) == [1]


def test_no_questions_before_about_you(patient: PatientBrowser) -> None:
    patient.open("/age").send({"adult": "yes"}).send({"agree": "y"})
    assert patient.open("/questions/pain").path == "/about-you"
    assert patient.open("/check").path == "/about-you?back=check"


@pytest.mark.parametrize("page", ["/about-you", "/questions/pain", "/check", "/summary", "/help-now", "/stopped"])
def test_without_a_draft_a_kind_page_says_so(patient: PatientBrowser, page: str) -> None:
    assert patient.open(page).path == "/gone"
    assert patient.page.status_code == 200
    assert "That is nothing you did wrong." in patient.words


def test_a_draft_lasts_24_hours_from_the_last_save(patient: PatientBrowser, clock: Any) -> None:
    patient.begin().open("/questions/pain")
    clock.move(hours=23)
    patient.send({"pain_average": "3"})
    clock.move(hours=23)
    assert patient.open("/questions/pain").form()["pain_average"] == "3"
    clock.move(hours=2)
    assert patient.send({"pain_average": "4"}).page.status_code == 409
    assert patient.open("/questions/pain").path == "/gone"
    assert patient.open("/").path == "/"
    assert "Go on where I stopped" not in patient.words


def test_one_who_comes_back_goes_on_where_they_stopped(patient: PatientBrowser) -> None:
    patient.begin().send({"emergency_now": ["none"]}).open("/")
    assert "Go on where I stopped" in patient.words
    assert 'href="/questions/pain"' in patient.text


def test_erasing_asks_once_and_leaves_nothing(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().send({"emergency_now": ["none"]})
    patient.press("/erase")
    assert patient.path == "/erase" and asking(count(Draft)) == [1]
    patient.send({"confirm": "yes"})
    assert patient.path == "/erased"
    assert asking(count(Draft, DraftAccess)) == [0, 0]
    assert patient.open("/questions/pain").path == "/gone"


def test_closing_the_summary_keeps_what_was_sent(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().answer(ANSWERS).send()
    patient.press("/erase").send({"confirm": "yes"})
    assert "What you sent stays with the clinic." in patient.words
    assert asking(count(Draft, Submission, Contact)) == [0, 1, 1]
    assert patient.open("/summary").path == "/gone"


def test_getting_a_page_writes_nothing(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin().answer(ANSWERS)

    opened = draft_of(patient)

    def state(session: Session) -> str:
        draft = opened(session)
        events = session.scalar(select(func.count()).select_from(Event))
        return json.dumps([draft.answers, str(draft.updated_at), draft.acknowledged, events])

    before = asking(state)
    for page in ("/", "/age", "/about", "/privacy", "/about-you", "/questions/pain", "/check", "/help-now", "/stopped"):
        assert patient.open(page).page.status_code == 200
    assert asking(state) == before


def test_a_section_that_does_not_exist_is_not_found(patient: PatientBrowser) -> None:
    assert patient.begin().client.get("/questions/nowhere").status_code == 404


def test_the_draft_token_stands_in_no_page(patient: PatientBrowser, asking: Callable[..., Any]) -> None:
    patient.begin()
    with patient.client.session_transaction() as cookie:
        token = cookie["draft"]
    assert asking(draft_of(patient)).answers == {}
    for page in ("/", "/questions/pain", "/check", "/about-you"):
        assert token not in patient.open(page).text
    assert token not in " ".join(patient.visited)


# The shipped questionnaire


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_question_of_the_shipped_rulebook_can_be_answered(settings: Settings, clock: Any, language: str) -> None:
    ruleset = load_ruleset(rules_folder())
    app = create_app(settings, clock=clock, ruleset=ruleset)
    app.testing = True
    patient = PatientBrowser(app.test_client())
    patient.press("/language", {"language": language, "next": "/"}).begin()
    while patient.path != "/check":
        shown = patient.form().getlist("items-shown") if patient.path.startswith("/questions/") else []
        items = [item.partition(":")[0] for item in shown]
        patient.send({name: sent for item in items for name, sent in _first_answer(ruleset, item)})
        assert "error-summary" not in patient.text
    assert patient.send().path == "/summary"
    with reading(app.extensions["screener"].engine) as session:
        answered = session.scalars(select(Response)).one().answers
    app.extensions["screener"].engine.dispose()
    gated = {item.id for item in ruleset.items.values() if item.enabled_when is not None}
    wanted = {item.id for item in ruleset.items.values() if item.type is not ItemType.DISPLAY} - gated
    assert wanted <= set(answered)


def _first_answer(ruleset: Ruleset, item_id: str) -> list[tuple[str, str]]:
    item = ruleset.items[item_id]
    match item.type:
        case ItemType.NUMBER:
            return [(item_id, str(item.min))]
        case ItemType.DATE:
            return [(f"{item_id}-{part}", value) for part, value in (("month", "1"), ("day", "2"), ("year", "2026"))]
        case ItemType.TEXT:
            return [(item_id, "words")]
        case ItemType.DISPLAY:
            return []
        case _:
            return [(item_id, item.codes[0])]
