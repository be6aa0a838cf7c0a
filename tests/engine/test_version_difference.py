"""What differs between two versions of answers and of what was concluded on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from screener.engine.answers import parse_answers
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.engine.version_difference import Turn, Version, answer_changes, finding_changes

CALM = {"chest_pain": "no", "heart_conditions": ["none"], "bladder_pain": "no"}


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset(Path(__file__).parents[1] / "store" / "rulebook")


def version(ruleset: Ruleset, answers: Mapping[str, Any]) -> Version:
    screening = screen(ruleset, parse_answers(ruleset, answers))
    return Version(ruleset, screening.answers, screening.findings)


def answers_of(ruleset: Ruleset, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    changes = answer_changes(version(ruleset, old), version(ruleset, new))
    return [(change.item.id, change.old, change.new) for change in changes]


def turns(ruleset: Ruleset, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[Turn, str]]:
    changes = finding_changes(version(ruleset, old), version(ruleset, new))
    return [(change.turn, change.finding.rule.id) for change in changes]


def test_the_same_answers_differ_in_nothing(ruleset: Ruleset) -> None:
    assert answers_of(ruleset, CALM, CALM) == []
    assert turns(ruleset, CALM, CALM) == []


def test_answers_differ_in_the_order_of_the_questionnaire(ruleset: Ruleset) -> None:
    new = {"bladder_pain": "yes", "chest_pain": "not_sure", "heart_conditions": ["none"], "pain_average": 4}
    assert answers_of(ruleset, CALM, new) == [
        ("chest_pain", "no", "not_sure"),
        ("bladder_pain", "no", "yes"),
        ("pain_average", None, 4),
    ]


def test_answer_that_was_taken_away_has_no_new_one(ruleset: Ruleset) -> None:
    assert answers_of(ruleset, CALM, {"heart_conditions": ["none"], "bladder_pain": "no"}) == [
        ("chest_pain", "no", None)
    ]


def test_choices_in_another_order_are_the_same(ruleset: Ruleset) -> None:
    old, new = ["hypertension", "angina"], ["angina", "hypertension"]
    assert answers_of(ruleset, {"heart_conditions": old}, {"heart_conditions": new}) == []
    assert turns(ruleset, {"heart_conditions": old}, {"heart_conditions": new}) == []


def test_findings_are_gained_and_lost(ruleset: Ruleset) -> None:
    new = {**CALM, "bladder_pain": "yes"}
    assert turns(ruleset, CALM, new) == [(Turn.GAINED, "article_bladder_pain")]
    assert turns(ruleset, new, CALM) == [(Turn.LOST, "article_bladder_pain")]


def test_finding_on_other_answers_has_changed_and_both_sides_are_kept(ruleset: Ruleset) -> None:
    old = {"heart_conditions": ["hypertension"], "bp_control": "good"}
    new = {"heart_conditions": ["hypertension", "angina"], "bp_control": "good"}
    (change,) = finding_changes(version(ruleset, old), version(ruleset, new))
    assert (change.turn, change.finding.rule.id) == (Turn.CHANGED, "article_hypertension")
    assert change.old is not None
    assert change.new is not None
    assert (change.old.evidence, change.new.evidence) == (
        {"heart_conditions": ["hypertension"]},
        {"heart_conditions": ["hypertension", "angina"]},
    )


def test_unknown_answer_makes_a_finding_unknown_and_a_known_one_settles_it(ruleset: Ruleset) -> None:
    unsure = {**CALM, "chest_pain": "not_sure"}
    assert turns(ruleset, CALM, unsure) == [(Turn.UNKNOWN, "safety_chest_pain")]
    assert turns(ruleset, unsure, CALM) == [(Turn.SETTLED, "safety_chest_pain")]
    assert turns(ruleset, unsure, {**CALM, "chest_pain": "yes"}) == [(Turn.GAINED, "safety_chest_pain")]
    assert turns(ruleset, {**CALM, "chest_pain": "yes"}, unsure) == [(Turn.LOST, "safety_chest_pain")]


def test_changes_stand_gained_first_then_by_severity(ruleset: Ruleset) -> None:
    old = {"chest_pain": "yes", "heart_conditions": ["none"], "bladder_pain": "no"}
    new = {"chest_pain": "no", "heart_conditions": ["hypertension"], "bladder_pain": "yes", "bp_control": "poor"}
    assert turns(ruleset, old, new) == [
        (Turn.GAINED, "article_bp_not_controlled"),
        (Turn.GAINED, "article_hypertension"),
        (Turn.GAINED, "article_bladder_pain"),
        (Turn.LOST, "safety_chest_pain"),
    ]
