"""Urgent answers: their own page once, a line afterwards, and quiet words where nothing is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.store.database import reading
from screener.store.models import Submission
from tests.web.patient_browser import RULEBOOK, PatientBrowser


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient at the first question."""
    return PatientBrowser(client).begin()


def bar(patient: PatientBrowser) -> str | None:
    """The line at the top of the page."""
    found = re.search(r'<div class="urgent-bar.*?</div></div>', patient.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else None


def test_the_help_page_follows_the_screen_in_the_rules_own_words(patient: PatientBrowser) -> None:
    patient.send({"emergency_now": ["cannot_urinate"]})
    assert patient.path == "/help-now"
    assert "<h1>Go to the emergency room now.</h1>" in patient.text
    assert "If you cannot pee at all, it can harm you fast." in patient.words
    assert 'href="tel:911"' in patient.text
    assert "I cannot pee at all" in patient.words
    assert "No one reads this as you write. Staff may not see it for days." in patient.words
    assert patient.title == "Get help now – Conversation guide"
    assert bar(patient) is None  # the page says it itself
    patient.send()
    assert patient.path == "/questions/pain"


def test_the_help_page_shows_once_and_a_line_stays(patient: PatientBrowser) -> None:
    patient.send({"emergency_now": ["stroke_signs"]}).send()
    line = "Get help now. Call 911 now. See what to do"
    for page in ("/questions/pain", "/check", "/about", "/privacy", "/", "/about-you", "/stopped"):
        assert bar(patient.open(page)) == line, page
    patient.open("/questions/pain").send({"pain_average": "4"})
    assert patient.path == "/questions/tried"
    patient.open("/questions/right_now").send()
    assert patient.path == "/questions/pain"
    patient.open("/check").send()
    assert patient.path == "/summary" and bar(patient) == line
    patient.open("/help-now")
    assert "This may be a stroke." in patient.words and "Back to my summary" in patient.words


def test_an_unread_help_page_comes_back_until_it_is_read(patient: PatientBrowser) -> None:
    patient.send({"emergency_now": ["stroke_signs"]})
    assert patient.open("/questions/bladder").send().path == "/help-now"
    assert patient.open("/check").path == "/help-now"
    assert patient.send().path == "/check"


def test_raised_anew_it_is_shown_anew(patient: PatientBrowser) -> None:
    patient.open("/questions/mind").send({"self_harm_thoughts": "maybe"})
    assert patient.path == "/help-now"
    patient.send().open("/questions/mind").send({"self_harm_thoughts": "no"})
    assert patient.path == "/questions/memory" and bar(patient) is None
    patient.open("/questions/mind").send({"self_harm_thoughts": "yes"})
    assert patient.path == "/help-now"


def test_a_second_emergency_shows_only_itself(patient: PatientBrowser) -> None:
    patient.send({"emergency_now": ["stroke_signs"]}).send()
    patient.open("/questions/mind").send({"self_harm_thoughts": "yes"})
    assert "Call or text 988 now." in patient.words and "This may be a stroke." not in patient.words


def test_several_at_once_stand_on_one_page_with_now_before_today(patient: PatientBrowser) -> None:
    patient.open("/questions/memory").send({"yellow_signs": "yes", "ketamine_history": "repeated"})
    assert patient.path == "/help-now"
    assert patient.title == "Call today – Conversation guide"
    assert 'class="band band-calm"' in patient.text and 'class="band"' not in patient.text
    assert patient.send().path == "/questions/memory"
    assert 'name="ketamine_routes"' in patient.text
    assert bar(patient) == "Call today. Call your doctor today. See what to do"
    patient.open("/questions/right_now").send({"emergency_now": ["heart_attack_signs", "slow_breathing"]})
    assert "may be a heart attack" in patient.words and "slow your breathing" in patient.words
    assert patient.text.count("<h1>") == 1
    patient.send().open("/help-now")
    assert patient.text.index('class="band"') < patient.text.index('class="band band-calm"')
    assert bar(patient.open("/check")) == "Get help now. Call 911 now. See what to do"


def test_an_error_on_the_screen_does_not_hold_help_back(patient: PatientBrowser) -> None:
    patient.open("/questions/heart").send({"bp_systolic": "190", "bp_diastolic": "1000"})
    assert patient.title.startswith("Error:")
    assert (bar(patient) or "").startswith("Get help now. Call 911 now if you also have")
    patient.send({"bp_diastolic": "100"})
    assert patient.path == "/help-now"


def test_stopping_keeps_the_answers(patient: PatientBrowser) -> None:
    patient.send({"emergency_now": ["stroke_signs"]})
    assert 'href="/stopped"' in patient.text
    patient.open("/stopped")
    assert "Nothing was sent." in patient.words and bar(patient) is not None
    assert patient.open("/questions/right_now").form().getlist("emergency_now") == ["stroke_signs"]


def test_the_answer_can_be_changed_from_the_help_page(patient: PatientBrowser) -> None:
    patient.send({"emergency_now": ["stroke_signs"]})
    assert 'href="/questions/right_now#emergency_now"' in patient.text
    patient.open("/questions/right_now").send({"emergency_now": ["none"]})
    assert patient.path == "/questions/pain" and bar(patient) is None


def test_switching_language_on_the_help_page_reads_nothing(patient: PatientBrowser) -> None:
    patient.open("/questions/mind").send({"self_harm_thoughts": "yes"}).send({"language": "es"})
    assert patient.path == "/help-now"
    assert "Llame al 988 ahora y oprima 2." in patient.text
    assert 'href="sms:988?body=AYUDA"' in patient.text
    patient.open("/questions/memory").send()
    assert patient.path == "/help-now"


def test_a_change_from_the_check_passes_the_help_page_and_comes_back(patient: PatientBrowser) -> None:
    patient.answer({})
    patient.open("/questions/bladder?back=check").send({"bladder_now": ["blood"]})
    assert patient.path == "/help-now?back=check"
    assert patient.send().path == "/check"


def test_nothing_is_sent_past_an_unread_help_page(patient: PatientBrowser) -> None:
    patient.answer({})
    check = patient.form()
    PatientBrowser(patient.client).open("/questions/mind").send({"self_harm_thoughts": "yes"})
    reply = patient.client.post("/check", data=check, follow_redirects=True)
    assert reply.request.path == "/help-now"


QUIET = "you can call or text 988, day or night"


@pytest.mark.parametrize("answer", [{"self_harm_thoughts": "declined"}, {}])
def test_what_is_not_known_is_told_quietly_on_the_next_screen(patient: PatientBrowser, answer: dict[str, str]) -> None:
    assert QUIET not in patient.open("/questions/mind").words  # not before the question was put
    patient.send(answer)
    assert patient.path == "/questions/memory"
    assert "Just in case" in patient.words and QUIET in patient.words
    assert bar(patient) is None
    patient.send()
    assert QUIET not in patient.words
    patient.open("/check")
    assert QUIET in patient.words
    patient.send()
    assert patient.path == "/summary" and QUIET in patient.words


def test_an_answered_no_is_told_nothing(patient: PatientBrowser) -> None:
    patient.open("/questions/mind").send({"self_harm_thoughts": "no"})
    assert "Just in case" not in patient.words


def test_without_anything_urgent_there_is_no_help_page(patient: PatientBrowser) -> None:
    assert patient.open("/help-now").path.startswith("/questions/")


def test_what_another_tab_made_urgent_meets_its_words_before_anything_is_sent(
    patient: PatientBrowser, store: Any, before_next_write: Callable[[Callable[[], Any]], None]
) -> None:
    other = patient.other_tab().open("/questions/right_now")
    patient.open("/check")
    before_next_write(lambda: other.send({"emergency_now": ["cannot_urinate"]}))
    patient.send()
    assert patient.path == "/help-now"
    with reading(store) as session:
        assert session.scalars(select(Submission).order_by(Submission.id)).all() == []
    patient.send().open("/check").send()
    assert patient.path == "/summary"
