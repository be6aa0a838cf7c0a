"""The closures say what the interpreter says, verdict by verdict; and what explanations of the shipped rulebook are worth."""

from __future__ import annotations

import random
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import given, settings
from random_answers import document_of, documents, known_answers, pools, rows
from test_properties import documents as small_documents
from test_properties import rulesets as small_rulesets

from screener.engine.answers import parse_answers
from screener.engine.closures import CompiledRuleset
from screener.engine.conditions import Truth
from screener.engine.evaluation import Evaluation
from screener.engine.explanation import evidence, missing
from screener.engine.loader import load_ruleset
from screener.engine.proof.space import items_behind
from screener.engine.questionnaire import ItemType
from screener.engine.rules import Rule, Ruleset
from screener.paths import rules_folder

DOCUMENTS = 100_000


@pytest.fixture(scope="module")
def shipped() -> Ruleset:
    return load_ruleset(rules_folder())


def interpreted(ruleset: Ruleset, answers: Any) -> list[Truth]:
    evaluation = Evaluation(ruleset, answers)
    return [evaluation.truth(rule.when) for rule in ruleset.rules]


def test_random_documents_are_valid_and_various(shipped):
    some = list(documents(shipped, 500, seed=1))
    assert [parse_answers(shipped, document) for document in some] == some
    outcomes = [set(column) for column in zip(*(interpreted(shipped, document) for document in some), strict=True)]
    seen = {rule.id for rule, seen in zip(shipped.rules, outcomes, strict=True) if rule.is_always or len(seen) == 3}
    assert len(seen) == len(shipped.rules)


def test_closures_agree_with_the_interpreter_on_whole_documents(shipped):
    compiled = CompiledRuleset(shipped)
    for document in documents(shipped, 3_000, seed=2):
        assert compiled.truths(document) == interpreted(shipped, document)


def test_closures_agree_with_the_interpreter_on_a_hundred_thousand_documents(shipped):
    """The interpreter is asked once for each way of answering the items behind a rule, on the first document that has it."""
    compiled, choices = CompiledRuleset(shipped), list(pools(shipped, seed=3).items())
    places = {item: place for place, (item, _) in enumerate(choices)}
    rules = [
        (i, rule, sorted(items_behind(shipped, rule.when)))
        for i, rule in enumerate(shipped.rules)
        if not rule.is_always
    ]
    getters = [(i, rule.when, itemgetter(*(places[item] for item in items)), {}) for i, rule, items in rules]
    compared = 0
    for row in rows(shipped, DOCUMENTS, seed=3):
        document = document_of(choices, row)
        verdicts = compiled.verdicts(compiled.state(document))
        for index, when, getter, truths in getters:
            key = getter(row)
            if key not in truths:
                truths[key] = Evaluation(shipped, document).truth(when)
            assert verdicts[index] == truths[key]
        compared += 1
    assert compared == DOCUMENTS


@settings(max_examples=100, deadline=None)
@given(small_rulesets(), small_documents())
def test_closures_agree_with_the_interpreter_on_random_rulebooks(small, document):
    assert CompiledRuleset(small).truths(document) == interpreted(small, document)


def filled_in(ruleset: Ruleset, document: dict[str, Any], lacking: Any, chance: random.Random) -> dict[str, Any]:
    """The document with all that is missing answered, taking back nothing that is known."""
    whole = dict(document)
    for item_id in lacking:
        item, given_answer = ruleset.items[item_id], document.get(item_id)
        codes = given_answer if isinstance(given_answer, list) else []
        known = [code for code in codes if code not in ("not_sure", "declined")]
        if item.type is ItemType.MULTI and known:
            more = [code for code in item.choices or () if code not in known and chance.random() < 0.3]
            whole[item_id] = [*known, *more]
        else:
            whole[item_id] = chance.choice(known_answers(item, chance))
    return whole


def holds(
    ruleset: Ruleset, rule: Rule, document: dict[str, Any], evaluation: Evaluation, chance: random.Random
) -> bool:
    """Whether the explanation of one rule on one document is sufficient (raised) or complete (not assessed)."""
    match evaluation.truth(rule.when):
        case Truth.TRUE:
            because = evidence(evaluation, rule.when)
            alone = {item: document[item] for item in because}
            rest = {item: answer for item, answer in document.items() if item not in because}
            return (
                Evaluation(ruleset, alone).truth(rule.when) is Truth.TRUE
                and Evaluation(ruleset, rest).truth(rule.when) is not Truth.TRUE
            )
        case Truth.UNKNOWN:
            whole = filled_in(ruleset, document, missing(evaluation, rule.when), chance)
            return Evaluation(ruleset, whole).truth(rule.when) is not Truth.UNKNOWN
        case Truth.FALSE:
            return True


def test_no_explanation_of_the_shipped_rulebook_is_insufficient_or_incomplete(shipped):
    chance = random.Random(4)
    conditional = [rule for rule in shipped.rules if not rule.is_always]
    failed = []
    for document in documents(shipped, 4_000, seed=5):
        evaluation = Evaluation(shipped, document)
        for rule in chance.sample(conditional, 12):
            if not holds(shipped, rule, document, evaluation, chance):
                failed.append((rule.id, document))
    assert failed == []
