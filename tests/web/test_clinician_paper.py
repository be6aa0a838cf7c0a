"""A submission on paper: the print view and the PDF say the same, on every sheet whose it is; each time is written down."""

from __future__ import annotations

import html
import re

import pytest

from screener.engine.answers import parse_answers
from screener.engine.screening import screen
from screener.store import operations
from screener.store.casework import DecisionChoice
from screener.store.database import writing
from screener.store.queries import review_of
from screener.store.review_work import Decided
from screener.store.workflow import Role, Status
from tests.paper.read_pdf import catalogue, lacks, pages, squeezed, tags, title, words
from tests.store.examples import finished_work
from tests.web import staff_page
from tests.web.staff_page import event_names, put, stored

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
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


@pytest.fixture
def clinician(make_user, sign_in):
    """A browser of a clinician."""
    return sign_in(user=make_user(Role.CLINICIAN, name="Robin Reader"))


@pytest.fixture
def accepted(submitted, store):
    """Makes a submission that was accepted for a clinician: accepted({"pain_average": 8})."""

    def make(answers=ANSWERS, **contact):
        submission = submitted(answers, **contact)
        put(store, submission, Status.ACCEPTED)
        return stored(store, submission)

    return make


def print_url(submission):
    return f"/clinician/submissions/{submission.public_id}/print"


def pieces(page):
    """What can be read on the print view: each sentence between two tags."""
    found = re.split(r"<[^>]+>", DRAWING.sub("", page.split("<main")[1].partition(">")[2]))
    said = {piece for words in found for piece in re.split(r"(?<=[.?:]) ", " ".join(html.unescape(words).split()))}
    return said - {""}


def in_language(client, language):
    with client.session_transaction() as session:
        session["language"] = language


@pytest.mark.parametrize("language", ["en", "es"])
def test_pdf_says_all_that_the_print_view_says(clinician, accepted, language):
    submission = accepted()
    in_language(clinician, language)
    page = clinician.get(print_url(submission)).text
    said = pieces(page)
    assert len(said) > 150
    assert "<code>" not in words(clinician.get(print_url(submission) + ".pdf").data)
    assert lacks(clinician.get(print_url(submission) + ".pdf").data, said) == []


def test_print_view_has_every_finding_and_answer_of_the_review_page(clinician, accepted):
    submission = accepted()
    review_page = clinician.get(f"/clinician/submissions/{submission.public_id}").text
    page = clinician.get(print_url(submission)).text
    for kind in (
        r'class="rule-link"[^>]*><code>(\w+)',
        r"<div><dt>([^<]*\?)</dt>\s*<dd>",
        r'<dd class="is-unknown">(.*?)</dd>',
    ):
        there = re.findall(kind, review_page, re.DOTALL)
        assert there
        assert set(there) - set(re.findall(kind, page, re.DOTALL)) == set()


def test_print_view_hides_nothing_and_asks_for_nothing(clinician, accepted):
    page = clinician.get(print_url(accepted())).text
    assert "<details" not in page
    assert "<form" not in page


def test_every_sheet_has_the_identifiers_and_the_rules(clinician, accepted, shipped_ruleset):
    submission = accepted(name="Ada Sample")
    sheets = pages(clinician.get(print_url(submission) + ".pdf").data)
    assert len(sheets) > 3
    for number, sheet in enumerate(sheets, start=1):
        assert squeezed("Ada Sample, born April 2, 1968") in sheet
        assert squeezed(f"Reference {submission.reference}") in sheet
        assert squeezed(f"Rules {shipped_ruleset.version}, hash {shipped_ruleset.hash}") in sheet
        assert squeezed(f"Page {number} of {len(sheets)}") in sheet


def test_pdf_is_tagged_with_the_answers_as_a_table_and_names_nobody_outside(clinician, accepted):
    submission = accepted(name="Canaria Sample")
    reply = clinician.get(print_url(submission) + ".pdf")
    assert reply.headers["Content-Disposition"] == "attachment; filename=submission.pdf"
    assert reply.headers["Cache-Control"] == "no-store"
    assert title(reply.data) == "Submission, for the clinician"
    assert catalogue(reply.data)["/Lang"] == "en"
    found = tags(reply.data)
    assert found.count("/H1") == 1
    assert {"/H2", "/H3", "/H4", "/Table", "/TH", "/TD", "/Link"} <= set(found)


def test_each_printing_is_in_the_history_with_who_did_it(clinician, accepted, store):
    submission = accepted()
    assert clinician.get(print_url(submission)).status_code == 200
    assert clinician.get(print_url(submission) + ".pdf").status_code == 200
    assert event_names(store, submission) == ["submitted", "printed", "printed"]
    history = clinician.get(f"/clinician/submissions/{submission.public_id}").text
    assert staff_page.words(history).count("Printed or saved as PDF by Robin Reader") == 2


def test_review_page_leads_to_both(clinician, accepted):
    submission = accepted()
    page = clinician.get(f"/clinician/submissions/{submission.public_id}").text
    assert f'href="{print_url(submission)}"' in page
    assert f'href="{print_url(submission)}.pdf"' in page


@pytest.mark.parametrize("end", ["", ".pdf"])
@pytest.mark.parametrize("public_id", ["0" * 32, "nobody", "../admin"])
def test_unknown_submission_is_not_found(clinician, public_id, end):
    assert clinician.get(f"/clinician/submissions/{public_id}/print{end}").status_code == 404


def test_own_words_of_any_kind_stay_words(clinician, accepted):
    hostile = '#eval("1") $x$ *b* <b>so</b>\n= Title\n' + "w" * 300 + " \u202eturned\u202c 😀 中"
    submission = accepted(ANSWERS | {"medicines_text": hostile})
    shown = '#eval("1") $x$ *b* <b>so</b> = Title ' + "w" * 300 + " turned [grinning face] \ufffd"
    assert lacks(clinician.get(print_url(submission) + ".pdf").data, [shown]) == []
    assert "<b>so</b>" not in clinician.get(print_url(submission)).text


@pytest.fixture
def signed(accepted, make_user, store, clock):
    """Makes a submission that Sam Signer reviewed whole and signed off, and gives the hash of what was signed."""

    def make():
        submission = accepted()
        by = {"clinician": make_user(Role.CLINICIAN, name="Sam Signer"), "now": clock()}
        with writing(store) as session:
            operations.start_review(session, submission, expected_version=submission.version, **by)
        seen = stored(store, submission).version
        with writing(store) as session:
            kept = review_of(session, submission)
            work = finished_work(session, submission)
            work.decisions["article_hypertension"] = Decided(
                DecisionChoice.NEEDS_WORK_UP, "get_records", "From Dr. Reed."
            )
            operations.record_review(session, kept, "Talk.\nThen decide.", work=work, expected_version=seen, **by)
        with writing(store) as session:
            done = operations.sign_off(session, review_of(session, submission), expected_version=seen + 1, **by)
            return submission, done.content_hash

    return make


def test_nothing_recorded_is_said(clinician, accepted):
    url = print_url(accepted())
    assert squeezed("Nothing was recorded yet.") in words(clinician.get(url + ".pdf").data)
    assert "Nothing was recorded yet." in clinician.get(url).text


def test_decisions_seen_questions_and_sign_off_stand_on_paper(clinician, signed):
    submission, content_hash = signed()
    page = clinician.get(print_url(submission)).text
    pdf = clinician.get(print_url(submission) + ".pdf").data
    said = [
        "Recorded by Sam Signer",
        "Discuss in person",
        "Talk. Then decide.",
        f"Signed off by Sam Signer, Nov 23, 2026, 3:00 PM. Content {content_hash}.",
        "Needs work-up. Get records. From Dr. Reed. Sam Signer, Nov 23, 2026, 3:00 PM",
        "Agree. Sam Signer, Nov 23, 2026, 3:00 PM",
        "Seen",
    ]
    assert lacks(pdf, said) == []
    assert [line for line in said if squeezed(line) not in squeezed(staff_page.words(page))] == []
    assert lacks(pdf, pieces(page)) == []
    for words_of_trouble in ("no longer stands", "is not what was signed"):
        assert words_of_trouble not in page
        assert squeezed(words_of_trouble) not in words(pdf)


def test_sign_off_that_no_longer_stands_says_so_with_its_decisions(clinician, signed, store, clock, shipped_ruleset):
    submission, content_hash = signed()
    changed = ANSWERS | {"bp_control": "good"}
    with writing(store) as session:
        screening = screen(shipped_ruleset, parse_answers(shipped_ruleset, changed))
        version = stored(store, submission).version
        operations.amend_submission(
            session, submission, screening=screening, actor=None, expected_version=version, now=clock()
        )
    pdf = clinician.get(print_url(submission) + ".pdf").data
    said = (
        f"Content {content_hash}.",
        "It no longer stands since Nov 23, 2026, 3:00 PM. The answers were changed after it.",
        "article_hypertension Needs work-up. Get records. From Dr. Reed.",
    )
    assert lacks(pdf, said) == []


def test_content_that_was_changed_behind_a_sign_off_is_told(clinician, signed, store):
    submission, _ = signed()
    with writing(store) as session:
        review_of(session, submission).assessment = "Something else."
    trouble = "What is stored is not what was signed."
    assert lacks(clinician.get(print_url(submission) + ".pdf").data, [trouble]) == []
    assert trouble in clinician.get(print_url(submission)).text
