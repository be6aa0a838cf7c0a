"""How stored findings are arranged for staff: what a silent source says, whose notes are shown, which questions are open."""

from __future__ import annotations

import json
import re

import pytest

from screener.engine.answers import Reason, parse_answers
from screener.engine.loader import ruleset_from_content
from screener.engine.rules import Ruleset, Severity
from screener.engine.screening import screen
from screener.web.case.findings import FindingsView, reason_words
from screener.web.citation_words import cited_places

YES_NO = {"type": "yes_no", "unsure": True, "decline": True}
ITEMS = [
    {"id": "smokes", **YES_NO, "text": {"en": "Do you smoke?"}},
    {"id": "coughs", **YES_NO, "text": {"en": "Do you cough?"}},
]
CITATIONS = {
    "book.one": {"source": "book", "title": "A book", "verified": "primary", "section": "Part 1", "year": "2020"},
    "book.two": {"source": "book", "title": "A book", "verified": "primary", "section": "Part 2", "year": "2020"},
    "digest": {
        "source": "paper",
        "title": "A paper",
        "verified": "secondary",
        "authors": "Roe A, Poe B",
        "year": "1999",
    },
}


def rule(rule_id, pack, when, *, topic="lungs", kind="risk", severity="first"):
    return {
        "id": rule_id,
        "pack": pack,
        "topic": topic,
        "kind": kind,
        "severity": severity,
        "when": when,
        "patient": {"en": f"Words of {rule_id}."},
        "clinician": f"Note on {rule_id}.",
        "cites": ["book.one"],
    }


def arranged(rules, answers, *, for_clinician=True):
    """The findings of a small ruleset with two sources, `one` and `two`, and advice."""
    content = {
        "manifest": {
            "id": "small",
            "version": "1",
            "effective": "2026-01-01",
            "languages": ["en"],
            "sections": ["only"],
            "packs": ["safety", "one", "two"],
        },
        "questionnaire": [{"section": "only", "title": {"en": "Only"}, "items": ITEMS}],
        "rules": rules,
        "citations": CITATIONS,
        "prose": {"topics": {"lungs": {"en": "Your lungs"}}},
        "scores": {},
    }
    ruleset = ruleset_from_content(json.dumps(content))
    checked = parse_answers(ruleset, answers)
    findings = screen(ruleset, checked).findings
    return FindingsView(ruleset, checked, findings, language="en", for_clinician=for_clinician)


@pytest.fixture
def database_url(sqlite_url):
    """No database is asked anything here; one kind will do."""
    return sqlite_url


@pytest.fixture(autouse=True)
def page(app):
    """Words need an application to know their language."""
    with app.test_request_context():
        yield


ONE = rule("one_smokes", "one", {"smokes": "yes"})


@pytest.mark.parametrize(
    ("other", "answers", "says"),
    [
        (None, {}, "This ruleset has nothing from this source on this topic."),
        (rule("two", "two", {"coughs": "yes"}), {"coughs": "no"}, "Raised nothing on this topic."),
        (rule("two", "two", {"coughs": "yes"}), {"coughs": "not_sure"}, "Could not be assessed."),
        (
            rule("two", "two", {"coughs": "yes"}, severity="mention"),
            {"coughs": "yes"},
            "Speaks about this topic under: Mention.",
        ),
    ],
    ids=["nothing written", "not raised", "unknown", "elsewhere"],
)
def test_silent_source_says_why_it_is_silent(other, answers, says):
    rules = [ONE, *([other] if other else [])]
    first = arranged(rules, {"smokes": "yes"} | answers).risk_bands(all_notices=True)[0]
    [card] = first.cards
    assert first.severity is Severity.FIRST
    assert [(column.title, column.silent) for column in card.columns] == [("one", None), ("two", says)]


def test_advice_stands_last_and_only_where_it_speaks():
    advice = rule("safety_smokes", "safety", {"smokes": "yes"}, kind="notice")
    [band] = arranged([advice, ONE], {"smokes": "yes"}).risk_bands(all_notices=True)
    assert [column.title for column in band.cards[0].columns] == ["one", "two", "safety"]
    [band] = arranged([advice, ONE], {"smokes": "yes"}).risk_bands(all_notices=False)
    assert [column.title for column in band.cards[0].columns] == ["one", "two"]


def test_shared_evidence_stands_once_and_different_evidence_at_each_finding():
    same = [ONE, rule("two_smokes", "two", {"smokes": "yes"})]
    card = arranged(same, {"smokes": "yes"}).risk_bands(all_notices=True)[0].cards[0]
    assert card.evidence == (("Do you smoke?", "Yes"),)
    assert [finding.evidence for column in card.columns for finding in column.findings] == [(), ()]
    other = [ONE, rule("two_coughs", "two", {"coughs": "yes"})]
    card = arranged(other, {"smokes": "yes", "coughs": "yes"}).risk_bands(all_notices=True)[0].cards[0]
    assert card.evidence == ()
    assert [finding.evidence for column in card.columns for finding in column.findings] == [
        (("Do you smoke?", "Yes"),),
        (("Do you cough?", "Yes"),),
    ]


def test_each_finding_says_in_a_sentence_when_its_rule_is_raised():
    rules = [rule("r1", "one", {"smokes": "yes"}), rule("r2", "one", {"always": True})]
    card = arranged(rules, {"smokes": "yes"}).risk_bands(all_notices=True)[0].cards[0]
    assert {f.rule_id: f.condition for column in card.columns for f in column.findings} == {
        "r1": "the answer to “Do you smoke?” is “Yes”",
        "r2": None,
    }


def test_clinician_notes_are_for_clinicians():
    def notes(for_clinician):
        view = arranged([ONE], {"smokes": "yes"}, for_clinician=for_clinician)
        return [finding.note for finding in view.risk_bands(all_notices=True)[0].cards[0].columns[0].findings]

    assert notes(True) == ["Note on one_smokes."]
    assert notes(False) == [None]


def test_open_question_names_its_highest_severity_and_all_its_topics():
    rules = [
        rule("one_mention", "one", {"smokes": "yes"}, severity="mention"),
        rule("two_first", "two", {"smokes": "yes"}, topic="heart"),
        rule("one_info", "one", {"coughs": "yes"}, severity="info"),
        rule("one_reason", "one", {"coughs": "yes"}, kind="indication"),
    ]
    view = arranged(rules, {"smokes": "declined"})
    assert [(unknown.item, unknown.could_be, unknown.answers) for unknown in view.unknowns()] == [
        ("smokes", Severity.FIRST, (("", "Prefers not to say"),))
    ]
    assert "Settles: Your lungs, heart." in view.unknowns()[0].settles
    assert {rule.rule_id: rule.questions for rule in view.unassessed()} == {
        "one_info": (("Do you cough?", "Not answered"),),
        "one_reason": (("Do you cough?", "Not answered"),),
    }


def test_known_part_of_an_answer_is_told_from_the_rest():
    assert reason_words(Reason.NOT_SURE, ["angina", "not_sure"]) == "Not sure about the rest"
    assert reason_words(Reason.DECLINED, ["angina", "declined"]) == "Prefers not to say about the rest"
    assert reason_words(Reason.NOT_SURE, ["not_sure"]) == "Not sure"
    assert reason_words(Reason.NOT_ANSWERED, None) == "Not answered"


def test_places_of_one_publication_are_one_citation():
    ruleset = arranged([ONE], {}).ruleset
    shown = cited_places(ruleset, ["book.one", "digest", "book.two"])
    assert [(place.name, place.place, place.url, place.in_summary) for place in shown] == [
        ("A book 2020", "Part 1; Part 2", None, False),
        ("Roe A et al. 1999", "", None, True),
    ]


def test_year_that_a_title_tells_is_not_told_twice(shipped_ruleset: Ruleset):
    named = cited_places(shipped_ruleset, shipped_ruleset.citations)
    years = [re.findall(r"\b(?:19|20)\d\d\b", place.name) for place in named]
    assert [found for found in years if len(found) != len(set(found))] == []
    assert [place.name for place in named if place.name.endswith("change of December 2024")] != []
