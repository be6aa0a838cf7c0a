"""Mutation check: mistakes put into every shipped rule, one at a time, are caught by its examples or by the worked patients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from mutants import mutants
from small_rulebooks import rule, ruleset

from screener.engine.answers import parse_answers
from screener.engine.conditions import Condition
from screener.engine.evaluation import Evaluation
from screener.engine.loader import load_ruleset
from screener.engine.proof.search import Query, Search
from screener.engine.proof.space import items_behind
from screener.engine.rules import Rule, Ruleset
from screener.paths import rules_folder

LEAST_CAUGHT = 0.95


def evaluations(shipped: Ruleset, documents: list[Any]) -> list[Evaluation]:
    return [Evaluation(shipped, parse_answers(shipped, document)) for document in documents]


def is_equivalent(search: Search, one: Condition, other: Condition) -> bool:
    """Whether a mutant is no mistake at all: no answers tell it from the rule."""
    items = items_behind(search.ruleset, one) | items_behind(search.ruleset, other)
    judge, judge_other = search.truth(one, items), search.truth(other, items)

    def formula(answers: Any) -> Any:
        from z3 import Or

        (true, false), (other_true, other_false) = answers.pair(one), answers.pair(other)
        return Or(true != other_true, false != other_false)

    return search.find(Query(items, lambda document: judge(document) is not judge_other(document), formula)) is None


def survivors(search: Search, one: Rule, cases: list[Evaluation]) -> tuple[int, list[str]]:
    """How many mutants of a rule there are, and those that neither its examples nor the cases catch."""
    seen = evaluations(search.ruleset, [example["answers"] for example in one.examples]) + cases
    expected = [evaluation.truth(one.when) for evaluation in seen]
    count, alive = 0, []
    for what, mutant in mutants(search.ruleset, one.when):
        if all(evaluation.truth(mutant) is truth for evaluation, truth in zip(seen, expected, strict=True)):
            if is_equivalent(search, one.when, mutant):
                continue
            alive.append(f"{one.id}: {what}")
        count += 1
    return count, alive


def test_examples_and_cases_catch_nearly_all_mutants_of_the_shipped_rules(capsys):
    shipped = load_ruleset(rules_folder())
    search = Search(shipped)
    cases = evaluations(shipped, [case.content["answers"] for case in shipped.cases])
    results = [survivors(search, one, cases) for one in shipped.rules if not one.is_always]
    total = sum(count for count, _ in results)
    alive = [what for _, some in results for what in some]
    with capsys.disabled():
        print(f"\n{total - len(alive)} of {total} mutants caught; {len(alive)} survive", *alive, sep="\n  ")
    assert total > 500
    assert 1 - len(alive) / total >= LEAST_CAUGHT


def small(when: Any, *examples: Mapping[str, Any]) -> tuple[Search, Rule]:
    loaded = ruleset(rule("r1", when, examples=[{"answers": answers} for answers in examples]))
    return Search(loaded), loaded.rules[0]


def test_one_example_lets_mutants_survive_and_more_catch_them():
    when = {"all": [{"smokes": "yes"}, {"pressure": {"gte": 180}}]}
    poor = small(when, {"smokes": "yes", "pressure": 200})
    assert "r1: pressure: gte became gt" in survivors(*poor, [])[1]
    rich = small(
        when,
        {"smokes": "yes", "pressure": 180},
        {"smokes": "yes", "pressure": 179},
        {"smokes": "yes", "pressure": 181},
        {"smokes": "no", "pressure": 200},
        {"pressure": 200},
    )
    assert survivors(*rich, [])[1] == []


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ({"at_least": {"n": 2, "of": [{"smokes": "yes"}, {"low": "some"}, {"heart": "none"}]}}, "at_least 1"),
        ({"not": {"smokes": "yes"}}, "`not` dropped"),
        ({"any": [{"smokes": "yes"}, {"low": "some"}]}, "branch 2 dropped"),
        ({"heart": ["angina", "hypertension"]}, "heart: angina became none"),
        ({"pressure": {"between": [100, 140]}}, "pressure: 140 became 141"),
    ],
)
def test_mutants_hold_each_kind_of_mistake(when, what):
    loaded = ruleset(rule("r1", when))
    assert what in [name for name, _ in mutants(loaded, loaded.rules[0].when)]


def test_a_mutant_that_means_the_same_is_no_survivor():
    when = {"any": [{"smokes": "yes"}, {"all": [{"smokes": "yes"}, {"low": "some"}]}]}
    search, one = small(when, {"smokes": "yes"}, {"smokes": "no"}, {})
    assert "r1: branch 2 dropped" not in survivors(search, one, [])[1]
