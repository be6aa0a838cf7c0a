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
from screener.store.workflow import MOVES, Role, Status
from tests.web.staff_page import event_names, offered, panel, put, references, stored, words

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


def test_who_starts_a_review_goes_on_at_the_top_of_the_page(accepted, act):
    submission = accepted(ANSWERS)
    reply = act(submission, "moves", {"move": "start_review"})
    assert (reply.status_code, reply.location) == (303, page_of(submission))


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


@pytest.mark.parametrize("address", ["?status=submitted", "?status=closed", "?status=done", "?after=x"])
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
    reasons = page.split('id="indications"')[1].split('<section id="routes">')[0]
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


# Moves


def test_each_status_offers_the_moves_of_the_table(clinician, in_review, store):
    submission = in_review()
    for status in (status for status in Status if status is not Status.DRAFT):
        put(store, submission, status)
        allowed = {move.value for at, role, move in MOVES if (at, role) == (status, Role.CLINICIAN)}
        also = {"record"} if status is Status.IN_REVIEW else set()
        assert offered(clinician.get(page_of(submission)).text) == allowed | also, status


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
