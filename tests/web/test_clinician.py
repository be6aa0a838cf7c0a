"""The clinician door: one screen for one submission, from what is stored; starting, recording and signing off a review."""

from __future__ import annotations

import html
import re
import shutil

import pytest
from sqlalchemy import delete

from screener.app import create_app
from screener.engine.loader import load_ruleset
from screener.paths import rules_folder
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import StoredFinding
from screener.store.workflow import MOVES, Move, Role, Status
from tests.web.staff_page import event_names, offered, panel, put, references, stored, typed, words

ANSWERS = {
    "emergency_now": ["none"],
    "heart_conditions": ["hypertension", "angina", "not_sure"],
    "bp_control": "poor",
    "pain_kinds": ["crps"],
    "pain_flares": "yes",
    "pain_average": 8,
    "stomach_upset": "declined",
    "medicines_text": "Something with L, mornings",
    "opioids_now": "no",
    "opioid_concerns": ["wants_less"],
}
XSS = '<script>alert("x")</script>'


@pytest.fixture
def clinician(sign_in):
    """A browser of a clinician."""
    return sign_in(Role.CLINICIAN)


@pytest.fixture
def accepted(submitted, store):
    """Makes a submission that was accepted for a clinician: accepted({"pain_average": 8})."""

    def make(answers=ANSWERS, **contact):
        submission = submitted(answers, **contact)
        put(store, submission, Status.ACCEPTED)
        return stored(store, submission)

    return make


@pytest.fixture
def act(clinician, post_form, store):
    """Sends a form of a submission's page, with the version it has now unless another is given."""

    def send(submission, door, fields, *, client=clinician, version=None):
        page = page_of(submission)
        seen = stored(store, submission).version if version is None else version
        return post_form(client, f"{page}/{door}", {"version": seen} | fields, page=page)

    return send


@pytest.fixture
def in_review(accepted, act):
    """Makes a submission whose review has begun."""

    def make(answers=ANSWERS, **contact):
        submission = accepted(answers, **contact)
        assert act(submission, "moves", {"move": "start_review"}).status_code == 303
        return submission

    return make


def page_of(submission):
    return f"/clinician/submissions/{submission.public_id}"


def review_of(store, submission):
    with reading(store) as session:
        return queries.review_of(session, submission)


# The list


def test_list_has_accepted_and_in_review_in_reading_order_without_names(clinician, submitted, store, clock):
    later = submitted({"stomach_upset": "yes"}, name="Zoraida Canary")
    clock.move(minutes=1)
    first, waiting = submitted({"heart_conditions": ["angina"]}), submitted(ANSWERS)
    put(store, later, Status.IN_REVIEW)
    put(store, first, Status.ACCEPTED)
    page = clinician.get("/clinician/").text
    assert references(page) == [first.reference, later.reference]
    assert waiting.reference not in page
    assert "Canary" not in page
    assert "All open 2 Accepted 1 In review 1 Signed off 0" in words(page)


def test_list_chooses_by_status(clinician, submitted, store):
    submission = submitted(ANSWERS)
    put(store, submission, Status.SIGNED_OFF)
    assert references(clinician.get("/clinician/?status=signed_off").text) == [submission.reference]
    assert references(clinician.get("/clinician/").text) == []


@pytest.mark.parametrize("address", ["?status=submitted", "?status=closed", "?status=", "?after=x"])
def test_list_has_no_other_tabs_or_pages(clinician, address):
    assert clinician.get(f"/clinician/{address}").status_code == 404


# One submission


def test_strip_says_who_when_how_severe_and_by_which_rules(clinician, accepted, shipped_ruleset):
    page = words(clinician.get(page_of(accepted(language="es"))).text)
    assert "Ada Sample 58, born April 2, 1968" in page
    assert "Answered in Spanish Status Accepted Highest raised First Highest possible Urgent" in page
    assert f"Rules {shipped_ruleset.version}, hash {shipped_ruleset.hash[:12]}" in page


def test_each_risk_note_says_why_what_the_source_says_its_place_grade_and_note(clinician, accepted, shipped_ruleset):
    text = words(clinician.get(page_of(accepted())).text)
    rule = shipped_ruleset.rule("article_bp_not_controlled")
    start = text.index("article_bp_not_controlled")
    card = text[start : text.index("article_heart_disease", start)]
    assert "Has a doctor told you that you have any of these? High blood pressure, Chest pain from the heart" in card
    assert "How well is your high blood pressure kept down? I have treatment but it is often too high" in card
    assert rule.patient.in_language("en") in card
    assert f"Clinician note {rule.clinician}" in card
    assert "No grade" in card
    assert "Atlas Ketamine (a clinic that sells ketamine treatment) 2024, Risks and Side Effects, 2" in card
    assert "Read in the original." in card


def test_sources_stand_side_by_side_and_a_silent_one_says_so(clinician, accepted, shipped_ruleset):
    page = clinician.get(page_of(accepted({"emergency_now": ["stroke_signs"]}))).text
    card = page.split('id="urgent-emergency"')[1].split("</section>")[0]
    titles = re.findall(r"<h4>(.*?)</h4>", card)
    packs = shipped_ruleset.prose.packs
    assert [html.unescape(title) for title in titles] == [
        packs[pack].title.in_language("en") for pack in ("article", "guidance", "safety")
    ]
    assert words(card).count("This ruleset has nothing from this source on this topic.") == 2
    assert "Call 911 now. This may be a stroke." in words(card)


def test_indications_stand_beside_the_guidance_that_weighs_them(clinician, accepted):
    page = clinician.get(page_of(accepted())).text
    reasons = page.split('<section id="indications">')[1].split('<section id="routes">')[0]
    for rule_id in ("article_crps", "article_fast_relief", "guidance_crps_evidence", "guidance_cochrane_2025"):
        assert rule_id in reasons
    assert "Read in a summary." in reasons
    assert "grade B, low to moderate certainty" in reasons
    assert "safety_" not in reasons


def test_every_raised_finding_stands_on_the_page_once(clinician, accepted, store):
    submission = accepted()
    page = clinician.get(page_of(submission)).text
    with reading(store) as session:
        kept = queries.findings_of(session, queries.current_response(session, submission))
    raised = [finding.rule_id for finding in kept if finding.outcome == "raised"]
    assert len(raised) > 20
    assert {rule_id: page.count(f"<code>{rule_id}</code>") for rule_id in raised} == dict.fromkeys(raised, 1)


def test_unknowns_stand_by_question_and_the_rest_on_one_folded_line(clinician, accepted, store):
    submission = accepted()
    page = clinician.get(page_of(submission)).text
    unknown = panel(page, "Could not assess")
    assert unknown.count("Settles:") == submission.unknown_count
    assert "Do you often feel sick to your stomach from pills or other medicine? could be Mention" in unknown
    assert "Prefers not to say" in unknown
    folded = page.split('<details id="unassessed">')[1].split("</details>")[0]
    with reading(store) as session:
        kept = queries.findings_of(session, queries.current_response(session, submission))
    hidden = {
        finding.rule_id
        for finding in kept
        if finding.outcome == "could_not_assess"
        and (finding.severity == "info" or finding.kind not in ("risk", "notice"))
    }
    assert hidden
    assert {rule_id for rule_id in hidden if f"<code>{rule_id}</code>" in folded} == hidden


def test_all_answers_stand_by_section_with_unknown_and_set_aside_ones(clinician, accepted):
    page = clinician.get(page_of(accepted())).text
    text = words(page.split('<section id="answers">')[1])
    assert "High blood pressure Chest pain from the heart (angina) Not sure about the rest" in text
    assert "Which medicines, vitamins and herbs do you take? (No rule checked these words.) Something with L" in text
    assert "Have you ever had ketamine or esketamine? Not answered" in text
    assert "How did you have it? Not asked" in text
    assert re.search(r"treatments_failed how many of these 4 are true: .* 0 to 4 Some answers are unknown", text)
    assert "1 answer set aside, because its question no longer applied Is any of this true for you?" in text
    assert "I want to take less" not in text


def test_sources_say_what_they_are_and_never_cover(clinician, accepted):
    sources = panel(clinician.get(page_of(accepted())).text, "About these sources")
    assert "a clinic that sells ketamine treatment" in sources
    assert "What it never covers Pregnancy" in sources


def test_page_speaks_the_language_of_its_reader_but_for_the_clinician_note(clinician, accepted, shipped_ruleset):
    page = words(clinician.get(page_of(accepted()), headers={"Accept-Language": "es"}).text)
    rule = shipped_ruleset.rule("article_bp_not_controlled")
    assert rule.patient.in_language("es") in page
    assert "Dolor de pecho por el corazón (angina)" in page
    assert rule.clinician in page


def test_nothing_of_the_patient_becomes_markup(clinician, accepted):
    page = clinician.get(page_of(accepted(ANSWERS | {"medicines_text": XSS}, name=XSS, helper=XSS))).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_every_opening_is_recorded(clinician, accepted, store):
    submission = accepted()
    clinician.get(page_of(submission))
    assert event_names(store, submission) == ["submitted", "viewed"]
    assert "Opened 2 times" in clinician.get(page_of(submission)).text


def test_missing_submission_is_404(clinician):
    for public_id in ("0" * 32, "x", "%00"):
        assert clinician.get(f"/clinician/submissions/{public_id}").status_code == 404


# Findings are those stored


def test_page_shows_stored_findings_and_computes_none(clinician, accepted, store):
    submission = accepted()
    with writing(store) as session:
        session.execute(delete(StoredFinding).where(StoredFinding.rule_id == "article_heart_disease"))
    page = clinician.get(page_of(submission)).text
    assert "article_heart_disease" not in page
    assert "article_bp_not_controlled" in page


def test_page_keeps_the_words_of_its_own_rules_when_the_folder_changes(
    settings, clock, accepted, make_user, post_form, shipped_ruleset, tmp_path
):
    submission = accepted()
    folder = tmp_path / "rules"
    shutil.copytree(rules_folder(), folder)
    topic = folder / "screening" / "article" / "cardiovascular.yaml"
    topic.write_text(topic.read_text().replace("The clinic's article", "Quite another text"))
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace(shipped_ruleset.version, "2099.1.0"))
    later = create_app(settings, clock=clock, ruleset=load_ruleset(folder))
    later.testing = True
    client = later.test_client()
    user = make_user(Role.CLINICIAN)
    post_form(client, "/sign-in", {"email": user.email, "password": "three grey herons at dusk"})
    page = words(client.get(page_of(submission)).text)
    later.extensions["screener"].engine.dispose()
    assert "Quite another text" not in page
    assert "2099.1.0" not in page
    assert shipped_ruleset.rule("article_heart_disease").patient.in_language("en") in page


# Review


def test_review_goes_from_start_to_record_to_sign_off(clinician, in_review, act, store, clock):
    submission = in_review()
    assert stored(store, submission).status is Status.IN_REVIEW
    assert act(submission, "review", {"act": "record", "assessment": "Take the pressure first."}).status_code == 303
    review = review_of(store, submission)
    assert (review.assessment, review.recorded_at, review.sign_off) == ("Take the pressure first.", clock(), None)
    page = clinician.get(page_of(submission)).text
    assert typed(page, "assessment") == "Take the pressure first."
    assert act(submission, "review", {"act": "sign_off", "assessment": "Take the pressure first."}).status_code == 303
    review = review_of(store, submission)
    assert stored(store, submission).status is Status.SIGNED_OFF
    page = clinician.get(page_of(submission)).text
    signed = panel(page, "Signed off")
    assert review.sign_off.content_hash in signed
    assert "This content is fixed." in signed
    assert review.clinician.name in signed
    assert "Take the pressure first." in panel(page, "Assessment")
    assert offered(page) == set()
    assert event_names(store, submission)[-1] == "viewed"
    kept = [name for name in event_names(store, submission) if name not in ("viewed", "submitted")]
    assert kept == ["review_started", "review_recorded", "signed_off"]


def test_signing_off_signs_the_words_in_the_box(in_review, act, store):
    submission = in_review()
    act(submission, "review", {"act": "record", "assessment": "First thought."})
    act(submission, "review", {"act": "sign_off", "assessment": "Second thought."})
    review = review_of(store, submission)
    assert review.assessment == "Second thought."
    assert review.sign_off is not None


@pytest.mark.parametrize("button", ["record", "sign_off"])
def test_empty_assessment_is_neither_recorded_nor_signed(in_review, act, store, button):
    submission = in_review()
    reply = act(submission, "review", {"act": button, "assessment": " \n"})
    assert reply.status_code == 422
    assert "Write your assessment first." in reply.text
    assert stored(store, submission).status is Status.IN_REVIEW
    assert review_of(store, submission).recorded_at is None


def test_sign_off_posted_by_hand_without_a_recorded_review_is_refused(in_review, act, store):
    submission = in_review()
    reply = act(submission, "moves", {"move": "sign_off"})
    assert reply.status_code == 409
    assert "Record the review before signing it off." in reply.text
    assert stored(store, submission).status is Status.IN_REVIEW


@pytest.mark.parametrize("button", ["record", "sign_off"])
def test_page_that_is_out_of_date_is_409_and_gives_the_assessment_back(in_review, act, store, sign_in, button):
    submission = in_review()
    seen = stored(store, submission).version
    act(submission, "review", {"act": "record", "assessment": "A colleague's."}, client=sign_in(Role.CLINICIAN))
    reply = act(submission, "review", {"act": button, "assessment": "Typed with care."}, version=seen)
    assert reply.status_code == 409
    assert "Someone changed this submission after you opened it." in reply.text
    assert typed(reply.text, "assessment") == "Typed with care."
    assert review_of(store, submission).assessment == "A colleague's."


def test_assessment_comes_back_even_where_the_review_is_over(in_review, act, store, sign_in):
    submission = in_review()
    seen = stored(store, submission).version
    act(submission, "review", {"act": "sign_off", "assessment": "Done."}, client=sign_in(Role.CLINICIAN))
    reply = act(submission, "review", {"act": "record", "assessment": "Typed with care."}, version=seen)
    assert reply.status_code == 409
    assert "Typed with care." in panel(reply.text, "Review")


def test_review_without_its_own_token_comes_back_to_be_sent_again(clinician, in_review, store):
    submission = in_review()
    reply = clinician.post(f"{page_of(submission)}/review", data={"assessment": "Not lost", "act": "sign_off"})
    assert reply.status_code == 422
    assert typed(reply.text, "assessment") == "Not lost"
    assert stored(store, submission).status is Status.IN_REVIEW


def test_recording_where_no_review_began_is_refused(accepted, act, store):
    submission = accepted()
    reply = act(submission, "review", {"act": "record", "assessment": "Too early."})
    assert reply.status_code == 409
    assert "Too early." in reply.text
    assert review_of(store, submission) is None


def test_asking_sends_it_back_with_the_question(in_review, act, store, clinician):
    submission = in_review()
    assert act(submission, "moves", {"move": "ask", "note": ""}).status_code == 422
    assert act(submission, "moves", {"move": "ask", "note": "Which heart pills?"}).status_code == 303
    assert stored(store, submission).status is Status.NEEDS_INFORMATION
    assert "Which heart pills?" in panel(clinician.get(page_of(submission)).text, "Notes")


def test_unfinished_assessment_waits_for_the_next_review(in_review, act, store, clinician):
    submission = in_review()
    act(submission, "review", {"act": "record", "assessment": "Half a thought."})
    act(submission, "moves", {"move": "ask", "note": "Which heart pills?"})
    put(store, submission, Status.ACCEPTED)
    act(submission, "moves", {"move": "start_review"})
    assert typed(clinician.get(page_of(submission)).text, "assessment") == "Half a thought."


def test_each_status_offers_the_moves_of_the_table(clinician, in_review, store):
    submission = in_review()
    for status in (status for status in Status if status is not Status.DRAFT):
        put(store, submission, status)
        allowed = {move.value for at, role, move in MOVES if (at, role) == (status, Role.CLINICIAN)}
        also = {"record"} if status is Status.IN_REVIEW else set()
        assert offered(clinician.get(page_of(submission)).text) == allowed | also, status


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DRAFT])
def test_move_posted_by_hand_succeeds_only_where_the_table_has_it(in_review, act, store, make_user, clock, status):
    submission = in_review()
    act(submission, "review", {"act": "record", "assessment": "Read."})
    for move in (move for move in Move if move is not Move.SIGN_OFF):
        put(store, submission, status)
        reply = act(submission, "moves", {"move": move.value, "note": "By hand"})
        target = MOVES.get((status, Role.CLINICIAN, move))
        assert reply.status_code == (303 if target else 409), move
        assert stored(store, submission).status is (target or status), move


def test_sign_off_posted_by_hand_succeeds_only_in_review(in_review, act, store):
    submission = in_review()
    act(submission, "review", {"act": "record", "assessment": "Read."})
    for status in (status for status in Status if status not in (Status.DRAFT, Status.IN_REVIEW)):
        put(store, submission, status)
        assert act(submission, "moves", {"move": "sign_off"}).status_code == 409, status
        assert stored(store, submission).status is status
    put(store, submission, Status.IN_REVIEW)
    assert act(submission, "moves", {"move": "sign_off"}).status_code == 303
    assert stored(store, submission).status is Status.SIGNED_OFF


@pytest.mark.parametrize("role", [Role.INTAKE, Role.ADMIN])
def test_other_roles_see_nothing_of_the_clinicians(sign_in, accepted, role):
    client, submission = sign_in(role), accepted(name="Zoraida Canary")
    for address in ("/clinician/", page_of(submission)):
        reply = client.get(address)
        assert reply.status_code == 403
        assert "Canary" not in reply.text
        assert submission.reference not in reply.text


def test_deactivated_clinician_is_out_at_once(clinician, accepted, store):
    submission = accepted()
    assert clinician.get(page_of(submission)).status_code == 200
    with writing(store) as session:
        [user] = [user for user in queries.users(session) if user.role is Role.CLINICIAN]
        operations.deactivate_user(session, user, actor=None, now=submission.submitted_at)
    assert clinician.get(page_of(submission)).location == "/sign-in"
