"""The intake door: in what order submissions stand, what is shown of one, and what intake may do with it."""

from __future__ import annotations

import pytest

from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.workflow import MOVES, Move, Role, Status
from tests.web.staff_page import event_names, offered, panel, put, references, stored, typed, words

URGENT = {"emergency_now": ["heart_attack_signs"]}
FIRST = {"heart_conditions": ["angina"]}
MENTION = {"stomach_upset": "yes"}
NOTHING = {"pain_average": 4}
XSS = '<script>alert("x")</script>\'"&lt;'


@pytest.fixture
def intake(sign_in):
    """A browser of someone at intake."""
    return sign_in(Role.INTAKE)


@pytest.fixture
def act(intake, post_form):
    """Sends a form of a submission's page: act(submission, "moves", {"move": "accept"})."""

    def send(submission, door, fields, *, client=intake, version=None):
        page = f"/intake/submissions/{submission.public_id}"
        seen = {"version": version if version is not None else submission.version} if door == "moves" else {}
        return post_form(client, f"{page}/{door}", seen | fields, page=page)

    return send


def page_of(submission):
    return f"/intake/submissions/{submission.public_id}"


def notes(store, submission):
    with reading(store) as session:
        return [(n.author.name, n.kind.value, n.text) for n in queries.notes_of(session, submission)]


# The queue


def test_queue_stands_by_severity_then_by_waiting_time(intake, submitted, clock):
    expected = {}
    for name, answers in (("late", MENTION), ("first", FIRST), ("none", NOTHING), ("urgent", URGENT), ("later", FIRST)):
        expected[name] = submitted(answers).reference
        clock.move(minutes=3)
    assert references(intake.get("/intake/").text) == [
        expected[name] for name in ("urgent", "first", "later", "late", "none")
    ]


def test_queue_is_not_ordered_by_what_could_not_be_assessed(intake, submitted, clock):
    known = submitted(MENTION | {"emergency_now": ["none"]})
    clock.move(minutes=1)
    unknown = submitted(MENTION)
    assert unknown.unknown_count > known.unknown_count
    assert references(intake.get("/intake/").text) == [known.reference, unknown.reference]


def test_queue_shows_no_name_no_birth_date_and_no_contact(intake, submitted):
    submitted(FIRST, name="Zoraida Canary", phone="555-0177", email="zoraida@canary.test", helper="Uncle Canary")
    page = intake.get("/intake/").text
    for secret in ("Zoraida", "Canary", "1968", "555-0177", "canary.test"):
        assert secret not in page


def test_queue_row_says_severity_topics_unknowns_and_what_they_could_be(intake, submitted):
    submission = submitted(FIRST, language="es")
    row = words(intake.get("/intake/").text.split("<tbody")[1])
    assert submission.reference in row
    assert "First Your heart and blood vessels" in row
    assert f"{submission.unknown_count} could be Urgent" in row
    assert "Submitted" in row
    assert " ES " in row


def test_unsettled_urgent_row_says_what_the_patient_was_shown_and_asks_for_a_note(intake, submitted, act):
    submission = submitted(URGENT)
    row = words(intake.get("/intake/").text)
    assert "Note what was done. The patient was shown: “Call 911 now." in row
    act(submission, "notes", {"urgent_text": "Called; they are in hospital."})
    assert "Note what was done." not in words(intake.get("/intake/").text)


def test_empty_queue_says_so(intake):
    assert "Nothing here now." in intake.get("/intake/").text


# One submission


def test_page_shows_contact_risk_notes_with_why_and_answers(intake, submitted):
    submission = submitted(FIRST | {"medicines_text": "Something with L"}, name="Ada Sample", helper="A neighbor")
    page = intake.get(page_of(submission)).text
    assert "Phone 555-0100" in panel(page, "Contact")
    assert "Helped by A neighbor" in panel(page, "Contact")
    text = words(page)
    assert "Why Has a doctor told you that you have any of these? Chest pain from the heart (angina)" in text
    assert "article_heart_disease" in page
    assert "Something with L" in page
    assert "(No rule checked these words.)" in text


def test_page_leaves_clinician_notes_to_clinicians(intake, submitted, shipped_ruleset):
    page = words(intake.get(page_of(submitted(FIRST))).text)
    note = shipped_ruleset.rule("article_heart_disease").clinician
    assert note is not None
    assert note[:40] not in page


def test_unknowns_stand_by_question_with_their_reason(intake, submitted):
    submission = submitted({"heart_conditions": "not_sure", "stomach_upset": "declined"})
    unknown = panel(intake.get(page_of(submission)).text, "Could not assess")
    assert unknown.count("Do you have any of these right now?") == 1
    assert "Has a doctor told you that you have any of these? could be First Not sure" in unknown
    assert "Prefers not to say" in unknown
    assert "The form does not ask again; raise it in person." in unknown
    assert "Do you have any of these right now? could be Urgent Not answered" in unknown


def test_count_of_the_queue_is_the_number_of_questions_on_the_page(intake, submitted):
    submission = submitted({"heart_conditions": "not_sure", "emergency_now": ["none"]})
    page = intake.get(page_of(submission)).text
    assert panel(page, "Could not assess").count("Settles:") == submission.unknown_count


def test_every_opening_is_recorded_with_who_it_was(intake, submitted, store):
    submission = submitted(MENTION)
    intake.get(page_of(submission))
    intake.get(page_of(submission))
    assert event_names(store, submission) == ["submitted", "viewed", "viewed"]


@pytest.mark.parametrize("public_id", ["0" * 32, "x", "..", "é", "%00", "a" * 3000])
def test_missing_submission_is_404_and_records_nothing(intake, public_id):
    assert intake.get(f"/intake/submissions/{public_id}").status_code == 404


def test_page_speaks_spanish(intake, submitted):
    submission = submitted(FIRST)
    page = intake.get(page_of(submission), headers={"Accept-Language": "es"}).text
    assert "Su corazón y sus vasos sanguíneos" in page
    assert "Dolor de pecho por el corazón (angina)" in page


# Notes


def test_note_is_kept_under_its_author(intake, act, submitted, store):
    submission = submitted(MENTION)
    reply = act(submission, "notes", {"text": "  Prefers\r\nafternoons. "})
    assert reply.status_code == 303
    [(author, kind, text)] = notes(store, submission)
    assert author.startswith("Robin Intake")
    assert (kind, text) == ("note", "Prefers\nafternoons.")
    assert "Prefers" in panel(intake.get(page_of(submission)).text, "Notes")


def test_note_is_shown_as_words_and_never_as_markup(intake, act, submitted):
    submission = submitted(MENTION, name=XSS)
    act(submission, "notes", {"text": XSS})
    page = intake.get(page_of(submission)).text
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;") >= 2


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 5001])
def test_empty_or_endless_note_is_refused_and_comes_back(act, submitted, store, text):
    submission = submitted(MENTION)
    reply = act(submission, "notes", {"text": text})
    assert reply.status_code == 422
    assert "error-summary" in reply.text
    assert typed(reply.text, "text") == text.strip()
    assert notes(store, submission) == []


def test_note_with_a_token_of_another_session_comes_back_to_be_sent_again(intake, submitted, store):
    submission = submitted(MENTION)
    reply = intake.post(f"{page_of(submission)}/notes", data={"text": "Not lost"})
    assert reply.status_code == 422
    assert typed(reply.text, "text") == "Not lost"
    assert notes(store, submission) == []


def test_urgent_note_on_a_submission_that_is_not_urgent_is_a_plain_note(act, submitted, store):
    submission = submitted(MENTION)
    act(submission, "notes", {"urgent_text": "Nothing urgent here."})
    assert [kind for _, kind, _ in notes(store, submission)] == ["note"]


# Moves


def test_urgent_submission_is_not_moved_on_without_a_note_of_what_was_done(intake, act, submitted, store):
    submission = submitted(URGENT)
    page = intake.get(page_of(submission)).text
    assert offered(page) == set()
    assert "First note what was done about the urgent answer." in panel(page, "Next step")
    for move in ("accept", "ask"):
        reply = act(submission, "moves", {"move": move, "note": "In a hurry"})
        assert reply.status_code == 409
        assert "Note first what was done about it." in reply.text
        assert "In a hurry" in reply.text
    assert stored(store, submission).status is Status.SUBMITTED
    assert notes(store, submission) == []
    act(submission, "notes", {"urgent_text": "Called; ambulance came."})
    assert offered(intake.get(page_of(submission)).text) == {"accept", "ask"}
    assert act(submission, "moves", {"move": "accept"}).status_code == 303
    assert stored(store, submission).status is Status.ACCEPTED


def test_plain_note_does_not_settle_an_urgent_finding(act, submitted, store):
    submission = submitted(URGENT)
    act(submission, "notes", {"text": "Likes tea."})
    assert act(submission, "moves", {"move": "accept"}).status_code == 409
    assert stored(store, submission).status is Status.SUBMITTED


def test_asking_needs_the_question_and_keeps_it(act, submitted, store):
    submission = submitted(MENTION)
    refused = act(submission, "moves", {"move": "ask", "note": " "})
    assert refused.status_code == 422
    assert stored(store, submission).status is Status.SUBMITTED
    assert act(submission, "moves", {"move": "ask", "note": "Which pills?"}).status_code == 303
    assert stored(store, submission).status is Status.NEEDS_INFORMATION
    assert [note[1:] for note in notes(store, submission)] == [("question", "Which pills?")]


def plain_moves(status):
    """What intake may do with a button alone; closing takes a reason until it is signed off, on a page of its own."""
    moves = {move for at, role, move in MOVES if (at, role) == (status, Role.INTAKE)}
    return moves - ({Move.CLOSE} if status is not Status.SIGNED_OFF else set())


def test_each_status_offers_the_moves_of_the_table(intake, submitted, store):
    submission = submitted(MENTION)
    for status in (status for status in Status if status is not Status.DRAFT):
        put(store, submission, status)
        allowed = {move.value for move in plain_moves(status)}
        assert offered(intake.get(page_of(submission)).text) == allowed, status


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DRAFT])
def test_move_posted_by_hand_succeeds_only_where_the_table_has_it(intake, act, submitted, store, status):
    submission = submitted(MENTION)
    for move in Move:
        put(store, submission, status)
        seen = stored(store, submission).version
        target = MOVES[status, Role.INTAKE, move] if move in plain_moves(status) else None
        reply = act(submission, "moves", {"move": move.value, "note": "By hand"}, version=seen)
        assert reply.status_code == (303 if target else 409), move
        assert stored(store, submission).status is (target or status), move


@pytest.mark.parametrize("move", ["", "delete", "ACCEPT"])
def test_move_that_does_not_exist_is_a_bad_request(act, submitted, store, move):
    submission = submitted(MENTION)
    assert act(submission, "moves", {"move": move}).status_code == 400
    assert stored(store, submission).status is Status.SUBMITTED


@pytest.mark.parametrize("version", ["0", "2", "", "x", "-1", "9" * 40])
def test_page_that_is_out_of_date_is_409_and_gives_the_note_back(act, submitted, store, version):
    submission = submitted(MENTION)
    reply = act(submission, "moves", {"move": "accept", "note": "Typed with care"}, version=version)
    assert reply.status_code == 409
    assert "Someone changed this submission after you opened it." in reply.text
    assert typed(reply.text, "note") == "Typed with care"
    assert stored(store, submission).status is Status.SUBMITTED
    assert notes(store, submission) == []


def test_second_of_two_people_is_told_and_loses_no_word(act, sign_in, submitted, store):
    submission = submitted(MENTION)
    colleague = sign_in(Role.INTAKE)
    assert act(submission, "moves", {"move": "accept"}, client=colleague).status_code == 303
    reply = act(submission, "moves", {"move": "ask", "note": "Typed with care"})
    assert reply.status_code == 409
    assert "Typed with care" in reply.text
    assert "Accepted" in words(reply.text)
    assert notes(store, submission) == []


# Who may


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ADMIN])
def test_other_roles_see_nothing_of_intake(sign_in, submitted, role):
    client, submission = sign_in(role), submitted(URGENT, name="Zoraida Canary")
    for address in ("/intake/", page_of(submission)):
        reply = client.get(address)
        assert reply.status_code == 403
        assert "Canary" not in reply.text
        assert submission.reference not in reply.text


def test_nobody_signed_in_is_led_to_the_sign_in_page(client, submitted, store):
    submission = submitted(MENTION)
    for address in ("/intake/", page_of(submission)):
        assert client.get(address).location == "/sign-in"
    assert client.post(f"{page_of(submission)}/notes", data={"text": "x"}).location == "/sign-in"
    assert event_names(store, submission) == ["submitted"]


def test_accepted_elsewhere_by_an_operation_shows_in_the_history(intake, submitted, store, make_user, clock):
    submission, colleague = submitted(MENTION), make_user(Role.INTAKE, name="Robin Colleague")
    with writing(store) as session:
        operations.move_submission(
            session,
            queries.submission_by_public_id(session, submission.public_id),
            Move.ACCEPT,
            actor=colleague,
            expected_version=1,
            now=clock(),
        )
    assert "Accepted for a clinician by Robin Colleague" in panel(intake.get(page_of(submission)).text, "History")
