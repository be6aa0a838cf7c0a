"""Leaf coverage: each part of a condition is seen true, false and unknown in the rule's own examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from small_rulebooks import rule, ruleset

from screener.engine.coverage import uncovered_leaves
from screener.engine.loader import load_ruleset
from screener.engine.wording import sentence
from screener.paths import rules_folder


def uncovered(when: Any, *examples: Mapping[str, Any]) -> list[str]:
    loaded = ruleset(rule("r1", when, examples=[{"answers": answers, "expect": "raised"} for answers in examples]))
    return [problem.what.removeprefix("no example in which this is ") for problem in uncovered_leaves(loaded)]


def words(when: Any) -> str:
    loaded = ruleset(rule("r1", when))
    return sentence(loaded, loaded.rules[0].when, "en")


def test_a_leaf_seen_in_all_three_states_is_covered():
    assert uncovered({"smokes": "yes"}, {"smokes": "yes"}, {"smokes": "no"}, {}) == []


def test_each_leaf_and_state_that_no_example_shows_is_named_in_words():
    when = {"all": [{"smokes": "yes"}, {"not": {"pressure": {"gte": 180}}}]}
    assert uncovered(when, {"smokes": "yes", "pressure": 120}, {"pressure": 200}) == [
        f"false: {words({'smokes': 'yes'})}",
        f"unknown: {words({'pressure': {'gte': 180}})}",
    ]


def test_a_gated_leaf_is_false_where_its_item_is_not_applicable():
    examples = [{"heart": ["hypertension"], "control": "poor"}, {"heart": ["none"]}, {}]
    assert uncovered({"control": "poor"}, *examples) == []


@pytest.mark.parametrize(
    ("when", "examples"),
    [
        ({"pressure": {"gte": 60}}, [{"pressure": 100}, {}]),  # never false
        ({"pressure": {"lt": 60}}, [{"pressure": 100}, {}]),  # never true
        ({"mood": {"gte": 0}}, [{}]),  # always true: every value of the score meets it
    ],
)
def test_a_state_that_no_answers_give_needs_no_example(when, examples):
    assert uncovered(when, *examples) == []


def test_a_score_is_seen_unknown_where_its_parts_leave_it_open():
    examples = [{"low": "often"}, {"low": "never", "interest": "never"}]
    when = {"mood": {"gte": 3}}
    assert uncovered(when, *examples) == [f"unknown: {words(when)}"]
    assert uncovered(when, *examples, {"low": "never"}) == []


def test_what_is_raised_for_everyone_needs_no_example():
    assert uncovered({"always": True}) == []


def test_examples_that_cannot_be_read_cover_nothing():
    assert len(uncovered({"smokes": "yes"}, {"smokes": "perhaps"})) == 3


def test_every_leaf_of_the_shipped_rules_is_covered():
    assert uncovered_leaves(load_ruleset(rules_folder())) == []
