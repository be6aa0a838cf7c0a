"""Outcomes, gates, scores, evidence and missing items, as the rulebook's paper states them."""

from __future__ import annotations

from typing import Any

import pytest
from small_rulebooks import ITEMS, rule, ruleset

from screener.engine.answers import parse_answers
from screener.engine.conditions import Truth
from screener.engine.json import dumps
from screener.engine.screening import asked_items, screen, screening_document


def conclude(when: Any, answers: dict[str, Any], **more: Any) -> tuple[str, dict[str, Any]]:
    """The outcome of one rule, with its evidence (raised) or what is missing (could_not_assess)."""
    small = ruleset(rule("r1", when), **more)
    document = screening_document(screen(small, parse_answers(small, answers)))
    if document["not_raised"]:
        return "not_raised", {}
    (finding,) = document["findings"]
    return str(finding["outcome"]), finding["evidence"] or finding["missing"]


HEART_ANGINA = {"heart": "angina"}


@pytest.mark.parametrize(
    ("when", "answers", "outcome", "because"),
    [
        ({"smokes": "yes"}, {"smokes": "yes"}, "raised", {"smokes": "yes"}),
        ({"smokes": "yes"}, {"smokes": "no"}, "not_raised", {}),
        ({"smokes": "yes"}, {}, "could_not_assess", {"smokes": "not_answered"}),
        ({"smokes": "yes"}, {"smokes": "not_sure"}, "could_not_assess", {"smokes": "not_sure"}),
        ({"smokes": "yes"}, {"smokes": "declined"}, "could_not_assess", {"smokes": "declined"}),
        ({"low": ["some", "often"]}, {"low": "often"}, "raised", {"low": "often"}),
        (HEART_ANGINA, {"heart": ["angina", "not_sure"]}, "raised", {"heart": ["angina", "not_sure"]}),
        (HEART_ANGINA, {"heart": ["hypertension", "not_sure"]}, "could_not_assess", {"heart": "not_sure"}),
        (HEART_ANGINA, {"heart": ["hypertension"]}, "not_raised", {}),
        (HEART_ANGINA, {"heart": ["none"]}, "not_raised", {}),
        ({"heart": "none"}, {"heart": ["none"]}, "raised", {"heart": ["none"]}),
        ({"heart": "none"}, {"heart": ["angina", "not_sure"]}, "not_raised", {}),
        ({"heart": "none"}, {"heart": "not_sure"}, "could_not_assess", {"heart": "not_sure"}),
        ({"heart": {"all_of": ["angina", "hypertension"]}}, {"heart": ["angina"]}, "not_raised", {}),
        (
            {"heart": {"all_of": ["angina", "hypertension"]}},
            {"heart": ["angina", "declined"]},
            "could_not_assess",
            {"heart": "declined"},
        ),
        ({"heart": {"none_of": ["angina"]}}, {"heart": ["hypertension"]}, "raised", {"heart": ["hypertension"]}),
        (
            {"heart": {"none_of": ["angina"]}},
            {"heart": ["hypertension", "not_sure"]},
            "could_not_assess",
            {"heart": "not_sure"},
        ),
        ({"not": {"smokes": "yes"}}, {"smokes": "no"}, "raised", {"smokes": "no"}),
        ({"not": {"smokes": "yes"}}, {}, "could_not_assess", {"smokes": "not_answered"}),
        ({"all": [{"smokes": "yes"}, {"low": "often"}]}, {"smokes": "no"}, "not_raised", {}),
        (
            {"all": [{"smokes": "yes"}, {"low": "often"}]},
            {"smokes": "yes"},
            "could_not_assess",
            {"low": "not_answered"},
        ),
        ({"any": [{"smokes": "yes"}, {"low": "often"}]}, {"low": "often"}, "raised", {"low": "often"}),
        (
            {"any": [{"smokes": "yes"}, {"low": "often"}]},
            {"smokes": "yes", "low": "often"},
            "raised",
            {"smokes": "yes", "low": "often"},
        ),
        (
            {"at_least": {"n": 2, "of": [{"smokes": "yes"}, {"low": "often"}, {"interest": "often"}]}},
            {"smokes": "yes", "interest": "often"},
            "raised",
            {"smokes": "yes", "interest": "often"},
        ),
        (
            {"at_least": {"n": 2, "of": [{"smokes": "yes"}, {"low": "often"}, {"interest": "often"}]}},
            {"smokes": "yes", "low": "never"},
            "could_not_assess",
            {"interest": "not_answered"},
        ),
        (
            {"at_least": {"n": 2, "of": [{"smokes": "yes"}, {"low": "often"}, {"interest": "often"}]}},
            {"smokes": "no", "low": "never"},
            "not_raised",
            {},
        ),
        ({"pressure": {"gte": 140}}, {"pressure": 140}, "raised", {"pressure": 140}),
        ({"pressure": {"gt": 140}}, {"pressure": 140}, "not_raised", {}),
        ({"pressure": {"between": [140, 160]}}, {"pressure": 160}, "raised", {"pressure": 160}),
        ({"pressure": {"gte": 140, "lt": 150}}, {"pressure": 150}, "not_raised", {}),
        ({"pressure": {"gte": 60}}, {}, "could_not_assess", {"pressure": "not_answered"}),
        ({"weight": {"eq": 70.1}}, {"weight": 70.1}, "raised", {"weight": 70.1}),
        ({"always": True}, {}, "raised", {}),
    ],
)
def test_a_condition_on_answers(when, answers, outcome, because):
    assert conclude(when, answers) == (outcome, because)


@pytest.mark.parametrize(
    ("when", "answers", "outcome", "because"),
    [
        (
            {"control": "poor"},
            {"heart": ["hypertension"], "control": "poor"},
            "raised",
            {"heart": ["hypertension"], "control": "poor"},
        ),
        ({"control": "poor"}, {"heart": ["angina"], "control": "poor"}, "not_raised", {}),
        (
            {"control": "poor"},
            {"heart": "not_sure", "control": "poor"},
            "could_not_assess",
            {"heart": "not_sure", "control": "not_asked"},
        ),
        ({"control": "poor"}, {"heart": ["hypertension"]}, "could_not_assess", {"control": "not_answered"}),
        ({"not": {"control": "good"}}, {"heart": ["angina"]}, "raised", {"heart": ["angina"]}),
        ({"control": {"none_of": ["good"]}}, {"heart": ["none"]}, "raised", {"heart": ["none"]}),
    ],
)
def test_a_condition_on_a_gated_item(when, answers, outcome, because):
    assert conclude(when, answers) == (outcome, because)


def test_a_chain_of_gates_is_followed_to_its_root():
    chain = [
        *ITEMS,
        {"id": "daily", "type": "yes_no", "text": {"en": "x"}, "enabled_when": {"smokes": "yes"}},
        {"id": "pipe", "type": "yes_no", "text": {"en": "x"}, "enabled_when": {"daily": "yes"}},
    ]
    assert conclude({"pipe": "yes"}, {"smokes": "yes"}, items=chain) == (
        "could_not_assess",
        {"daily": "not_answered", "pipe": "not_asked"},
    )
    assert conclude({"pipe": "yes"}, {"smokes": "no", "pipe": "yes"}, items=chain) == ("not_raised", {})
    assert conclude({"pipe": "yes"}, {"smokes": "yes", "daily": "yes", "pipe": "yes"}, items=chain) == (
        "raised",
        {"smokes": "yes", "daily": "yes", "pipe": "yes"},
    )


def test_asked_items_tells_asked_not_applicable_and_not_asked():
    small = ruleset(rule("r1", {"smokes": "yes"}))
    asked = [
        asked_items(small, parse_answers(small, answers))["control"]
        for answers in ({"heart": ["hypertension"]}, {"heart": ["none"]}, {})
    ]
    assert asked == [Truth.TRUE, Truth.FALSE, Truth.UNKNOWN]


def test_answers_to_items_that_are_not_asked_are_set_aside():
    small = ruleset(rule("r1", {"control": "poor"}))
    screening = screen(small, parse_answers(small, {"heart": ["angina"], "control": "poor"}))
    assert (screening.dropped, screening.not_raised) == (("control",), ("r1",))


@pytest.mark.parametrize(
    ("when", "answers", "outcome", "because"),
    [
        ({"mood": {"gte": 3}}, {"low": "often", "interest": "not_sure"}, "raised", {"low": "often"}),
        ({"mood": {"gte": 3}}, {"low": "some"}, "could_not_assess", {"interest": "not_answered"}),
        ({"mood": {"gte": 5}}, {"low": "some"}, "not_raised", {}),
        ({"mood": {"lte": 4}}, {"low": "some"}, "raised", {"low": "some"}),
        ({"mood": {"eq": 4}}, {"low": "some", "interest": "often"}, "raised", {"low": "some", "interest": "often"}),
        ({"mood": {"between": [1, 4]}}, {"low": "some"}, "raised", {"low": "some"}),
        ({"mood": {"gte": 0}}, {}, "raised", {}),
        ({"mean_mood": {"gt": 1.5}}, {"low": "often"}, "could_not_assess", {"interest": "not_answered"}),
        ({"mean_mood": {"gte": 1.5}}, {"low": "often"}, "raised", {"low": "often"}),
        ({"trouble": {"gte": 1}}, {"smokes": "yes"}, "raised", {"smokes": "yes"}),
        (
            {"trouble": {"gte": 2}},
            {"smokes": "yes"},
            "could_not_assess",
            {"heart": "not_answered", "pressure": "not_answered"},
        ),
        (
            {"trouble": {"lte": 1}},
            {"smokes": "yes", "heart": ["none"], "pressure": 120},
            "raised",
            {"heart": ["none"], "pressure": 120},
        ),
        (
            {"not": {"trouble": {"gte": 2}}},
            {"smokes": "yes", "heart": ["none"], "pressure": 120},
            "raised",
            {"heart": ["none"], "pressure": 120},
        ),
        (
            {"trouble": {"eq": 1}},
            {"smokes": "yes", "heart": ["none"], "pressure": 120},
            "raised",
            {"smokes": "yes", "heart": ["none"], "pressure": 120},
        ),
    ],
)
def test_a_condition_on_a_score(when, answers, outcome, because):
    assert conclude(when, answers) == (outcome, because)


GATED_SCORE = [
    {"id": "eats", "type": "yes_no", "text": {"en": "x"}},
    {
        "id": "a",
        "type": "number",
        "min": 0.5,
        "max": 9.5,
        "integer": True,
        "text": {"en": "x"},
        "enabled_when": {"eats": "yes"},
    },
    {"id": "b", "type": "number", "min": 0, "max": 9, "text": {"en": "x"}, "enabled_when": {"eats": ["yes"]}},
]


@pytest.mark.parametrize(
    ("answers", "scores", "outcome"),
    [
        ({"eats": "yes", "a": 3, "b": 0.5}, {"low": 3.5, "high": 3.5}, ("raised", {"eats": "yes", "a": 3, "b": 0.5})),
        ({"eats": "yes", "a": 3}, {"low": 3, "high": 12}, ("raised", {"eats": "yes", "a": 3})),
        ({"eats": "yes"}, {"low": 1, "high": 18}, ("could_not_assess", {"a": "not_answered", "b": "not_answered"})),
        ({"eats": "no", "a": 3}, None, ("not_raised", {})),
        (
            {},
            {"low": 1, "high": 18},
            ("could_not_assess", {"eats": "not_answered", "a": "not_asked", "b": "not_asked"}),
        ),
    ],
)
def test_a_gated_score_is_an_interval_or_not_applicable(answers, scores, outcome):
    gated = {"total": {"sum": ["a", "b"]}}
    small = ruleset(rule("r1", {"total": {"gte": 3}}), items=GATED_SCORE, scores=gated)
    document = screening_document(screen(small, parse_answers(small, answers)))
    assert document["scores"]["total"] == scores
    assert conclude({"total": {"gte": 3}}, answers, items=GATED_SCORE, scores=gated) == outcome


def test_a_score_that_is_not_applicable_raises_its_not_with_the_gate_as_evidence():
    gated = {"total": {"sum": ["a", "b"]}}
    assert conclude({"not": {"total": {"gte": 3}}}, {"eats": "no"}, items=GATED_SCORE, scores=gated) == (
        "raised",
        {"eats": "no"},
    )


def test_a_sum_of_decimals_is_exact():
    items = [{"id": i, "type": "number", "min": 0, "max": 1, "text": {"en": "x"}} for i in ("a", "b", "c")]
    scores = {"s": {"sum": ["a", "b", "c"]}, "m": {"mean": ["a", "b", "c"]}}
    assert conclude({"s": {"eq": 0.6}}, {"a": 0.1, "b": 0.2, "c": 0.3}, items=items, scores=scores)[0] == "raised"
    small = ruleset(rule("r1", {"s": {"eq": 1}}), items=items, scores=scores)
    document = screening_document(screen(small, parse_answers(small, {"a": 1, "b": 0, "c": 0})))
    assert document["scores"] == {"s": {"low": 1, "high": 1}, "m": {"low": 1 / 3, "high": 1 / 3}}


def test_findings_are_ordered_by_severity_outcome_pack_topic_and_id():
    small = ruleset(
        rule("a_info", {"always": True}, severity="info"),
        rule("c_first_unknown", {"smokes": "yes"}, severity="first"),
        rule("b_first", {"low": "often"}, severity="first", topic="zebra"),
        rule("d_first", {"low": "often"}, severity="first", pack="other"),
        rule("e_first", {"low": "often"}, severity="first", topic="known"),
        rule("f_first", {"low": "often"}, severity="first", topic="known"),
        rule("z_gone", {"low": "never"}, severity="mention"),
        rule("y_gone", {"low": "never"}, severity="first"),
        topics={"known": {"en": "Known"}},
    )
    document = screening_document(screen(small, parse_answers(small, {"low": "often"})))
    assert [finding["rule"] for finding in document["findings"]] == [
        "e_first", "f_first", "b_first", "d_first", "c_first_unknown", "a_info",
    ]  # fmt: skip
    assert document["not_raised"] == ["y_gone", "z_gone"]
    assert document["severity"] == {"raised": "first", "possible": "first"}


def test_possible_severity_counts_what_could_not_be_assessed():
    small = ruleset(rule("r1", {"smokes": "yes"}, severity="urgent"), rule("r2", {"always": True}, severity="info"))
    document = screening_document(screen(small, {}))
    assert document["severity"] == {"raised": "info", "possible": "urgent"}


def test_severity_is_null_where_nothing_is_raised():
    small = ruleset(rule("r1", {"smokes": "yes"}))
    document = screening_document(screen(small, parse_answers(small, {"smokes": "no"})))
    assert document["severity"] == {"raised": None, "possible": None}


def test_the_document_gives_a_grade_in_the_first_language_alone():
    small = ruleset(rule("r1", {"smokes": "yes"}, grade={"en": "Grade B"}))
    (finding,) = screening_document(screen(small, {"smokes": "yes"}))["findings"]
    assert finding["grade"] == "Grade B"


def test_the_document_has_its_keys_in_the_promised_order_and_the_same_bytes_each_time():
    small = ruleset(rule("r1", {"smokes": "yes"}, ask={"en": "Why?"}, clinician="Note.", grade="B"))
    first, second = (dumps(screening_document(screen(small, {"smokes": "yes"}))) for _ in range(2))
    assert first == second
    assert first == (
        '{"ruleset":{"id":"small","version":"1","hash":"' + small.hash + '"},'
        '"severity":{"raised":"mention","possible":"mention"},'
        '"findings":[{"rule":"r1","pack":"source","topic":"general","kind":"risk","severity":"mention","outcome":"raised",'
        '"evidence":{"smokes":"yes"},"missing":{},"citations":["book"],"patient":{"en":"About r1."},"ask":{"en":"Why?"},'
        '"unknown":null,"clinician":"Note.","grade":"B"}],"not_raised":[],'
        '"scores":{"mood":{"low":0,"high":6},"mean_mood":{"low":0.0,"high":3.0},"trouble":{"low":1,"high":3}},"dropped":[]}'
    )
