"""How findings are arranged for the patient: lists by severity, topic and source; open questions by question."""

from __future__ import annotations

from typing import Any

from small_rulebooks import ITEMS, rule, ruleset

from screener.engine.answers import parse_answers
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.engine.summary import Summary, finding_from, open_questions, summarise

URGENT = rule("u", {"smokes": "yes"}, severity="urgent", kind="notice", unknown={"en": "Call if you do."})
FIRST = rule("f", {"heart": "angina"}, severity="first", topic="heart", ask={"en": "Is my heart well?"})
OTHER = rule("g", {"heart": "angina"}, severity="first", topic="heart", pack="other", ask={"en": "Is my heart well?"})
MENTION = rule("m", {"low": "often"}, topic="mood")
CLAIM = rule("c", {"low": "often"}, kind="indication", severity="info", topic="mood")
EDUCATION = rule("e", {"always": True}, kind="indication", severity="info", topic="mood")
COUNTER = rule("k", {"always": True}, kind="notice", severity="info", topic="mood", pack="other", grade="D")
STATUS = rule("s", {"always": True}, kind="notice", severity="info", topic="status")
ROUTE = rule("r", {"interest": "often"}, kind="route", severity="mention", topic="route")
ALL = (URGENT, FIRST, OTHER, MENTION, CLAIM, EDUCATION, COUNTER, STATUS)


def summary_of(answers: dict[str, Any], *rules: dict[str, Any]) -> Summary:
    small: Ruleset = ruleset(*(rules or ALL))
    checked = parse_answers(small, answers)
    return summarise(small, checked, screen(small, checked).findings)


def ids(findings: Any) -> list[str]:
    return [finding.rule.id for finding in findings]


def test_two_sources_on_one_topic_stand_side_by_side():
    (group,) = summary_of({"heart": ["angina"]}).first
    assert (group.topic, list(group.columns), group.silent) == ("heart", ["source", "other"], ())
    assert [ids(column) for column in group.columns.values()] == [["f"], ["g"]]
    assert (dict(group.evidence), [ask.in_language("en") for ask in group.asks]) == (
        {"heart": ["angina"]},
        ["Is my heart well?"],
    )


def test_a_silent_source_is_named():
    (group,) = summary_of({"low": "often"}).mention
    assert (list(group.columns), group.silent) == (["source"], ("other",))


def test_a_claim_stands_with_its_counterweight_and_education_does_not_count_as_one():
    summary = summary_of({"low": "often"})
    assert (ids(summary.indications), ids(summary.counterweight)) == (["c"], ["k"])
    assert [ids(group.findings) for group in summary.good_to_know] == [["e"], ["s"]]


def test_graded_evidence_on_the_same_topic_weighs_too_though_an_answer_raised_it():
    told = {"kind": "notice", "severity": "info", "pack": "other", "grade": "C"}
    near = rule("near", {"low": "often"}, topic="mood", **told)
    far = rule("far", {"low": "often"}, topic="status", **told)
    assert ids(summary_of({"low": "often"}, CLAIM, near, far).counterweight) == ["near"]


def test_without_a_claim_the_evidence_is_good_to_know():
    summary = summary_of({"low": "never"})
    assert (summary.indications, summary.counterweight) == ((), ())
    assert [ids(group.findings) for group in summary.good_to_know] == [["e", "k"], ["s"]]


def test_urgent_findings_stand_apart():
    assert ids(summary_of({"smokes": "yes"}).urgent) == ["u"]


def test_an_urgent_rule_that_could_not_be_assessed_speaks_quietly():
    assert [ids(summary_of(answers).quiet) for answers in ({}, {"smokes": "declined"}, {"smokes": "no"})] == [
        ["u"],
        ["u"],
        [],
    ]


def test_open_questions_are_told_by_question_most_pressing_first():
    questions = summary_of({}, MENTION, rule("m2", {"low": "some"}, topic="sleep"), FIRST, URGENT).open_questions
    assert [(q.item, q.topics, str(q.severity)) for q in questions] == [
        ("smokes", ("general",), "urgent"),
        ("heart", ("heart",), "first"),
        ("low", ("mood", "sleep"), "mention"),
    ]


def test_open_questions_leave_out_indications_routes_info_and_what_was_never_put():
    assert summary_of({}, CLAIM, ROUTE, STATUS).open_questions == ()
    gated = rule("b", {"control": "poor"}, severity="first")
    small = ruleset(gated)
    findings = screen(small, {}).findings
    assert [q.item for q in open_questions(small, findings)] == ["heart"]
    assert [q.item for q in open_questions(small, findings, not_asked=True)] == ["heart", "control"]


def test_nothing_raised_is_said_only_where_nothing_is_raised_and_all_was_assessed():
    nothing = {"smokes": "no", "heart": ["none"], "low": "never"}
    assert (summary_of(nothing).nothing_raised, summary_of(nothing).unchecked_topics) == (True, 0)
    unsure = summary_of({**nothing, "heart": "not_sure"})
    assert (unsure.nothing_raised, unsure.unchecked_topics) == (False, 1)
    assert summary_of({**nothing, "heart": ["angina"]}).nothing_raised is False


def test_nothing_raised_is_not_said_below_an_urgent_notice():
    assert summary_of({"smokes": "yes", "heart": ["none"], "low": "never"}).nothing_raised is False


def test_own_words_are_noticed():
    assert [summary_of(answers).has_own_words for answers in ({}, {"words": "It burns."})] == [False, True]


def test_questions_to_ask_come_once_each():
    assert [ask.in_language("en") for ask in summary_of({"heart": ["angina"]}).asks] == ["Is my heart well?"]


def test_a_stored_finding_is_the_one_that_was_concluded():
    small = ruleset(FIRST, items=ITEMS)
    (finding,) = screen(small, {"heart": ["angina"]}).findings
    assert finding_from(small, "f", "raised", {"heart": ["angina"]}, {}) == finding
