"""After sending: a patient sees where the answers are, changes them, replies to the clinic, takes them back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from screener.engine.answers import parse_answers
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.database import reading, writing
from screener.store.models import Contact, Note, Submission
from screener.store.workflow import Move, Role, Status
from tests.paper.read_pdf import squeezed, words
from tests.web.patient_browser import RULEBOOK, PatientBrowser

ANSWERS = {
    "right_now": {"emergency_now": ["none"]},
    "heart": {"heart_conditions": ["hypertension"], "bp_control": "poor"},
    "mind": {"self_harm_thoughts": "no"},
}


@pytest.fixture(scope="session")
def shipped_ruleset() -> Ruleset:
    """In the place of the shipped one: the application of these tests asks what `patient_rulebook` asks."""
    return load_ruleset(RULEBOOK)


@pytest.fixture
def patient(client: FlaskClient) -> PatientBrowser:
    """A patient who has sent answers and reads the summary."""
    patient = PatientBrowser(client).begin().answer(ANSWERS).send()
    assert patient.path == "/summary"
    return patient


@pytest.fixture
def submission(store: Any) -> Callable[[], Submission]:
    """The one submission as it is now."""

    def read() -> Submission:
        with reading(store) as session:
            return session.scalars(select(Submission).order_by(Submission.id)).one()

    return read


@pytest.fixture
def stand(store: Any) -> Callable[[Status], None]:
    """Puts the one submission where the clinic's work would."""

    def put(status: Status) -> None:
        with writing(store) as session:
            session.scalars(select(Submission)).one().status = status

    return put


@pytest.fixture
def versions(store: Any, submission: Callable[[], Submission]) -> Callable[[], list[Any]]:
    """The answers of each version."""

    def read() -> list[Any]:
        with reading(store) as session:
            return [kept.answers for kept in queries.responses_of(session, submission())]

    return read


@pytest.fixture
def ask(
    store: Any, make_user: Callable[..., User], submission: Callable[[], Submission], clock: Any
) -> Callable[[str], None]:
    """The clinic asks the patient something."""

    def ask(question: str) -> None:
        intake, version = make_user(Role.INTAKE), submission().version
        with writing(store) as session:
            operations.move_submission(
                session, submission(), Move.ASK, actor=intake, expected_version=version, now=clock(), note=question
            )

    return ask


def change_heart(patient: PatientBrowser) -> PatientBrowser:
    """Begin to change answers, and change one of the heart."""
    patient.open("/status").press("/amend")
    assert patient.path == "/check"
    return patient.open("/questions/heart?back=check").send({"heart_conditions": ["angina"]})


def test_the_status_is_told_in_plain_words(patient: PatientBrowser, submission: Callable[[], Submission]) -> None:
    patient.open("/status")
    assert submission().reference in patient.words
    assert "The clinic has your answers." in patient.words
    assert ["Change my answers" in patient.words, "Take my answers back" in patient.words] == [True, True]


@pytest.mark.parametrize(
    ("status", "said", "may_change"),
    [
        (Status.ACCEPTED, "passed them on", True),
        (Status.IN_REVIEW, "A clinician is reading your answers.", True),
        (Status.SIGNED_OFF, "A clinician has read your answers.", True),
        (Status.CLOSED, "has finished its work", False),
        (Status.WITHDRAWN, "You took your answers back.", False),
    ],
)
def test_each_status_has_its_words_and_what_is_still_possible(
    patient: PatientBrowser, stand: Callable[[Status], None], status: Status, said: str, may_change: bool
) -> None:
    stand(status)
    patient.open("/status")
    assert said in patient.words
    assert ("Change my answers" in patient.words) is may_change
    patient.press("/amend")
    assert (patient.path == "/check") is may_change


@pytest.mark.parametrize(
    ("status", "said", "may_act"),
    [
        (Status.SUBMITTED, "The clinic has your answers. Staff may not see them for days.", True),
        (Status.SIGNED_OFF, "A clinician has read your answers.", True),
        (Status.CLOSED, "The clinic has finished its work on these answers.", False),
        (Status.WITHDRAWN, "You took your answers back. Staff work on them no more.", False),
    ],
)
def test_summary_and_its_pdf_tell_what_the_clinic_does_now(
    patient: PatientBrowser, stand: Callable[[Status], None], status: Status, said: str, may_act: bool
) -> None:
    stand(status)
    patient.open("/summary")
    pdf = words(patient.client.get("/summary.pdf").data)
    told = "Staff may not see them for days"
    assert (f"What happens next {said}" in patient.words, squeezed(f"What happens next {said}") in pdf) == (True, True)
    assert (told in patient.words, squeezed(told) in pdf) == (told in said, told in said)
    assert ("change them, reply, or take them back" in patient.words) is may_act


def test_page_that_checks_changes_tells_that_the_clinic_keeps_what_was_sent(patient: PatientBrowser) -> None:
    change_heart(patient)
    assert "The clinic keeps what you sent before. Changes that you do not send are erased after" in patient.words
    assert "Then they are erased" not in patient.words


def test_changed_answers_are_a_new_version_beside_the_old_one(
    patient: PatientBrowser, versions: Callable[[], list[Any]]
) -> None:
    change_heart(patient)
    assert patient.path == "/check"
    assert "What you changed" in patient.words
    assert "Before: High blood pressure Now: " in patient.words
    assert [kept["heart_conditions"] for kept in versions()] == [["hypertension"]]
    patient.send()
    assert patient.path == "/summary"
    assert "Your changes are with the clinic." in patient.words
    assert [kept["heart_conditions"] for kept in versions()] == [["hypertension"], ["angina"]]
    assert "You are changing answers" not in patient.words


def test_every_page_says_that_changes_are_not_sent_yet(patient: PatientBrowser) -> None:
    change_heart(patient)
    for page in ("/check", "/questions/pain", "/about", "/", "/sections"):
        patient.open(page)
        assert "You are changing answers that you sent." in patient.words, page
        assert "Stop and erase my answers" not in patient.words, page


def test_forgotten_changes_leave_what_was_sent(patient: PatientBrowser, versions: Callable[[], list[Any]]) -> None:
    change_heart(patient)
    patient.press("/amend/drop")
    assert patient.path == "/summary"
    assert "Your changes are forgotten." in patient.words
    assert [kept["heart_conditions"] for kept in versions()] == [["hypertension"]]


def test_changes_sent_twice_are_one_version(patient: PatientBrowser, versions: Callable[[], list[Any]]) -> None:
    change_heart(patient)
    form = patient.form()
    patient.send()
    patient.client.post("/check", data=form)
    assert len(versions()) == 2


def test_nothing_changed_is_told_and_makes_no_version(
    patient: PatientBrowser, versions: Callable[[], list[Any]]
) -> None:
    patient.open("/status").press("/amend")
    patient.send()
    assert patient.path == "/check"
    assert "These are the same answers as before." in patient.words
    assert len(versions()) == 1


def test_an_urgent_change_meets_its_words_before_it_is_sent(
    patient: PatientBrowser, submission: Callable[[], Submission]
) -> None:
    patient.open("/status").press("/amend")
    patient.open("/questions/right_now?back=check").send({"emergency_now": ["cannot_urinate"]})
    assert patient.path.startswith("/help-now")
    assert submission().severity_raised != "urgent"
    patient.send().open("/check").send()
    assert patient.path == "/summary"
    assert submission().severity_raised == "urgent"


def test_changes_that_another_tab_made_urgent_are_not_called_sent(
    patient: PatientBrowser,
    submission: Callable[[], Submission],
    before_next_write: Callable[[Callable[[], Any]], None],
) -> None:
    change_heart(patient)
    other = patient.other_tab().open("/questions/right_now?back=check")
    patient.open("/check")
    before_next_write(lambda: other.send({"emergency_now": ["cannot_urinate"]}))
    patient.send()
    assert patient.path == "/help-now"
    assert submission().severity_raised != "urgent"
    patient.send().open("/check").send()
    assert [patient.path, submission().severity_raised] == ["/summary", "urgent"]
    assert patient.words.count("Your changes are with the clinic.") == 1


def test_the_contact_can_be_changed_but_not_the_date_of_birth(patient: PatientBrowser, store: Any) -> None:
    patient.open("/status").press("/amend")
    patient.open("/about-you?back=check").send({"birth_date-year": "1969"})
    assert "Your date of birth cannot be changed here" in patient.words
    patient.send({"birth_date-year": "1968", "phone": "555 555 0177"})
    assert patient.path == "/check"
    assert "Before: 555 555 0142 Now: 555 555 0177" in patient.words
    patient.send()
    assert patient.path == "/summary"
    with reading(store) as session:
        contact = session.scalars(select(Contact)).one()
        assert (contact.phone, contact.birth_date.year) == ("555 555 0177", 1968)


def test_what_the_clinic_changed_meanwhile_is_shown_before_anything_is_written_over(
    patient: PatientBrowser,
    store: Any,
    versions: Callable[[], list[Any]],
    submission: Callable[[], Submission],
    make_user: Callable[..., User],
    shipped_ruleset: Ruleset,
    clock: Any,
) -> None:
    change_heart(patient)
    told = screen(shipped_ruleset, parse_answers(shipped_ruleset, {**versions()[0], "heart_conditions": ["none"]}))
    with writing(store) as session:
        version = submission().version
        seen = {"expected_version": version, "now": clock()}
        operations.amend_submission(session, submission(), screening=told, actor=make_user(Role.INTAKE), **seen)
    patient.send()
    assert patient.path == "/check"
    assert "The clinic changed these answers with you after you began." in patient.words
    assert len(versions()) == 2
    patient.send()
    assert [kept["heart_conditions"] for kept in versions()] == [["hypertension"], ["none"], ["angina"]]


def test_the_patient_replies_to_the_clinic(
    patient: PatientBrowser, ask: Callable[[str], None], submission: Callable[[], Submission], store: Any
) -> None:
    ask("Since when does it hurt?\n<b>Canary</b>")
    patient.open("/summary")
    assert "The clinic asked you something." in patient.words
    patient.open("/status")
    assert "Since when does it hurt?" in patient.words
    assert "<b>Canary</b>" not in patient.text
    patient.send({"reply": "  "})
    assert "Write your reply first." in patient.words
    patient.send({"reply": "Since May.\r\nIt began slowly."})
    assert patient.path == "/status"
    assert "Your reply is with the clinic." in patient.words
    assert submission().status is Status.SUBMITTED
    with reading(store) as session:
        replies = session.scalars(select(Note.text).where(Note.kind == "reply")).all()
    assert replies == ["Since May.\nIt began slowly."]


def test_a_reply_that_comes_too_late_keeps_its_words(
    patient: PatientBrowser, ask: Callable[[str], None], stand: Callable[[Status], None]
) -> None:
    ask("Since when?")
    patient.open("/status")
    stand(Status.ACCEPTED)
    form = patient.form()
    form["reply"] = "Since May."
    page = patient.client.post("/status", data=form)
    assert page.status_code == 409
    assert "This question was answered already" in page.text


def test_taking_back_asks_once_and_staff_work_on_it_no_more(
    patient: PatientBrowser, submission: Callable[[], Submission], versions: Callable[[], list[Any]]
) -> None:
    change_heart(patient)
    patient.open("/withdraw")
    assert "Take your answers back?" in patient.words
    assert "The changes that you did not send are forgotten." in patient.words
    assert submission().status is Status.SUBMITTED
    patient.send()
    assert patient.path == "/status"
    assert (submission().status, submission().is_open) == (Status.WITHDRAWN, False)
    assert "You took your answers back." in patient.words
    assert len(versions()) == 1
    assert patient.open("/summary").path == "/summary"


@pytest.mark.parametrize("page", ["/status", "/withdraw"])
def test_before_anything_was_sent_there_is_no_status(client: FlaskClient, page: str) -> None:
    assert PatientBrowser(client).open(page).path == "/gone"
    assert PatientBrowser(client).begin().open(page).path == "/check"


def test_a_return_code_leads_to_the_question_of_the_clinic(
    patient: PatientBrowser, ask: Callable[[str], None], app: Any, store: Any
) -> None:
    patient.press("/return-code")
    code = code_on(patient)
    assert len(code.split()) >= 5
    ask("Since when?")
    other = PatientBrowser(app.test_client()).open("/return")
    other.send({"code": code, "birth_date-month": "3", "birth_date-day": "14", "birth_date-year": "1968"})
    assert other.path == "/status"
    assert "Since when?" in other.words
    other.send({"reply": "Since May."})
    assert "Your reply is with the clinic." in other.words


def code_on(patient: PatientBrowser) -> str:
    """The words of the return code on the page that shows it."""
    return " ".join(re.findall(r'<li translate="no">([^<]+)</li>', patient.open("/return-code").text))
