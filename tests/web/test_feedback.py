"""Feedback on rules: how often each is raised and how it was decided, as counts alone."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO

import pytest

from screener.store import queries
from screener.store.casework import Decision, DecisionChoice
from screener.store.database import reading, writing
from screener.store.models import Review
from screener.store.workflow import Role
from screener.web.feedback import last_months

ANSWERS = {"heart_conditions": ["hypertension"], "bp_control": "poor"}
RULE = "article_bp_not_controlled"


@pytest.fixture
def decided(submitted, store, make_user, clock):
    """Two submissions that raise RULE; in one a clinician found it not relevant."""
    submitted(ANSWERS, name="Canary Sample")
    submission, clinician = submitted(ANSWERS), make_user(Role.CLINICIAN, name="Cleo Sample")
    with writing(store) as session:
        finding = next(
            found
            for found in queries.findings_of(session, queries.current_response(session, submission))
            if found.rule_id == RULE
        )
        review = Review(
            submission_id=submission.id,
            clinician_id=clinician.id,
            assessment="",
            disposition=None,
            seen_items=[],
            started_at=clock(),
            recorded_at=None,
            sign_off=None,
        )
        session.add(review)
        session.flush()
        session.add(
            Decision(
                review_id=review.id,
                finding_id=finding.id,
                choice=DecisionChoice.NOT_RELEVANT,
                reason="rule_too_wide",
                text="Canary words",
                decided_by_id=clinician.id,
                decided_at=clock(),
            )
        )


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ADMIN])
def test_each_rule_is_counted_with_its_decisions_and_reasons(sign_in, decided, role):
    page = sign_in(role).get("/feedback/").text
    row = page.partition(f"<code>{RULE}</code>")[2].partition("</tr>")[0]
    assert '<td role="cell" data-label="Raised">2</td>' in row
    assert "Not relevant: 1" in row
    assert "The rule is too wide for this patient: 1" in row
    assert [word for word in ("Canary", "Cleo") if word in row] == []


def test_table_has_a_row_a_rule_and_month(sign_in, decided, clock):
    reply = sign_in(Role.CLINICIAN).get("/feedback/rules.csv")
    assert reply.mimetype == "text/csv"
    text = reply.data.decode("utf-8-sig")
    rows = {row["rule"]: row for row in csv.DictReader(StringIO(text, newline=""))}
    assert rows[RULE] == {
        "rule": RULE,
        "topic": "cardiovascular",
        "severity": "first",
        "month": f"{clock():%Y-%m}",
        "raised": "2",
        "decided_agree": "0",
        "decided_not_relevant": "1",
        "decided_needs_work_up": "0",
        "only_newest": "",
    }


def test_month_with_more_than_is_counted_says_so(sign_in, decided, clock, submitted, monkeypatch):
    for room in ("store.queries", "web"):
        monkeypatch.setattr(f"screener.{room}.feedback.COUNTED", 2)
    clinician = sign_in(Role.CLINICIAN)
    assert "Of these months only" not in clinician.get("/feedback/").text
    submitted({"stomach_upset": "yes"})  # the newest now
    page = clinician.get("/feedback/").text
    assert "Of these months only the newest 2 answers and the newest 2 decisions are counted: Nov 2026." in page
    row = page.partition(f"<code>{RULE}</code>")[2].partition("</tr>")[0]
    assert '<td role="cell" data-label="Raised">1</td>' in row
    table = clinician.get("/feedback/rules.csv").data.decode("utf-8-sig")
    assert {row["only_newest"] for row in csv.DictReader(StringIO(table, newline=""))} == {"2"}


def test_months_are_counted_from_their_first_moment_to_their_last(store, submitted, clock):
    for at in ("2026-10-31T23:59:59", "2026-11-01T00:00:00", "2026-11-30T23:59:59", "2026-12-01T00:00:00"):
        clock.at = datetime.fromisoformat(f"{at}+00:00")
        submitted(ANSWERS)
    with reading(store) as session:
        found = queries.raised_counts(session, ["2026-10", "2026-11", "2026-12"])
    assert {count.month: count.number for count in found if count.rule_id == RULE} == {
        "2026-10": 1,
        "2026-11": 2,
        "2026-12": 1,
    }


def test_what_is_older_than_a_year_is_not_counted(sign_in, decided, clock):
    clock.move(days=400)
    assert RULE not in sign_in(Role.CLINICIAN).get("/feedback/").text


def test_without_submissions_the_page_says_so(sign_in):
    assert "No rule has been raised yet." in sign_in(Role.CLINICIAN).get("/feedback/").text


def test_last_months_are_twelve_and_end_now(clock):
    months = last_months(clock())
    assert (months[0], months[-1], len(months)) == ("2025-12", "2026-11", 12)


def test_counts_are_the_same_asked_of_the_store(store, decided, clock):
    with reading(store) as session:
        months = last_months(clock())
        raised = {(count.rule_id, count.month): count.number for count in queries.raised_counts(session, months)}
        (found,) = queries.decided_counts(session, months)
        assert queries.months_not_counted_whole(session, months) == []
    assert raised[RULE, "2026-11"] == 2
    assert (found.rule_id, found.choice, found.reason, found.number) == (
        RULE,
        DecisionChoice.NOT_RELEVANT,
        "rule_too_wide",
        1,
    )
