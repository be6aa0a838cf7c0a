"""Turning a risk answer on never lowers the highest severity raised, unless the rulebook lists it in `non_monotone`.

How the paper is read here. A *risk answer* is a code of a choice or multi item, or `yes`, that a rule of kind `risk` or of severity
`urgent` tests outside `not` (under an even number of them), in its condition or in a count that the condition wants to be high;
`no` and `none` are none. *Turning it on*: in a multi item the code is added to the list (in the place of `none`, and beside what
leaves the rest open); in a choice or yes_no item it takes the place of a blank, of "not sure", or of an answer that is no risk
answer. From one risk answer of such an item to another is a change of mind, not a turning on. The highest severity is that of
`screener screen`, always-on rules counted. An entry of `non_monotone` stands with the rule that stops being raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from screener.engine.answers import DECLINED, NOT_SURE, Answer, Answers
from screener.engine.conditions import Chosen, Condition, Not, Operator, Truth, children
from screener.engine.evaluation import Evaluation
from screener.engine.proof.polarity import RiskAnswer, may_lose
from screener.engine.proof.search import Query, Search
from screener.engine.proof.space import items_behind
from screener.engine.questionnaire import NONE, ItemType, ScoreKind
from screener.engine.rules import Kind, Rule, Ruleset, Severity

_NO = "no"


def risk_answers(ruleset: Ruleset) -> list[RiskAnswer]:
    """Every risk answer of a ruleset, in questionnaire order."""
    found: dict[str, set[str]] = {item: set() for item in ruleset.items}
    for rule in ruleset.rules:
        if rule.kind is Kind.RISK or rule.severity is Severity.URGENT:
            for leaf in _wanted(ruleset, rule.when, Truth.TRUE):
                found[leaf.item].update(set(leaf.codes) - {NONE})
    for item_id, codes in found.items():
        if ruleset.items[item_id].type is ItemType.YES_NO:
            codes.discard(_NO)
    return [
        RiskAnswer(item_id, code, frozenset(codes))
        for item_id, codes in found.items()
        for code in ruleset.items[item_id].codes
        if code in codes
    ]


def _wanted(ruleset: Ruleset, condition: Condition, truth: Truth) -> Iterator[Chosen]:
    """The choices that speak for a condition being true: outside `not`, those of its counts included."""
    if isinstance(condition, Chosen):
        if truth is Truth.TRUE:
            yield condition
    elif isinstance(condition, Not):
        yield from _wanted(ruleset, condition.condition, truth.opposite)
    elif parts := children(condition):
        for part in parts:
            yield from _wanted(ruleset, part, truth)
    elif (score := ruleset.scores.get(getattr(condition, "subject", ""))) is not None and score.kind is ScoreKind.COUNT:
        is_high = getattr(condition, "operator", None) in (Operator.GTE, Operator.GT)
        for part in score.conditions:
            yield from _wanted(ruleset, part, truth if is_high else truth.opposite)


def turned_on(ruleset: Ruleset, document: Answers, answer: RiskAnswer) -> Answers | None:
    """The document with the risk answer turned on; None where it is on, or another risk answer stands in its only place."""
    given = document.get(answer.item)
    new: Answer = answer.code
    if ruleset.items[answer.item].type is ItemType.MULTI:
        codes = [given] if isinstance(given, str) else list(given) if isinstance(given, list | tuple) else []
        if answer.code in codes:
            return None
        known = [code for code in codes if code not in (NONE, NOT_SURE, DECLINED)]
        new = [*known, answer.code, *(code for code in codes if code in (NOT_SURE, DECLINED))]
    elif given in answer.risk_codes:
        return None
    return ruleset.in_order({**document, answer.item: new})


def highest(ruleset: Ruleset, answers: Answers) -> Severity | None:
    """The highest severity raised, always-on rules counted."""
    evaluation = Evaluation(ruleset, answers)
    raised = (rule.severity for rule in ruleset.rules if evaluation.truth(rule.when) is Truth.TRUE)
    return min(raised, key=lambda severity: severity.rank, default=None)


def lowering_query(search: Search, rule: Rule, answer: RiskAnswer) -> Query:
    """Whether turning `answer` on can leave nothing raised as pressing as `rule`, than which nothing was more pressing before."""
    ruleset = search.ruleset
    items = items_behind(ruleset, rule.when) | {answer.item}
    truth = search.truth(rule.when, items)
    as_pressing = [other.when for other in ruleset.rules if other.severity.rank <= rule.severity.rank]
    more_pressing = [other.when for other in ruleset.rules if other.severity.rank < rule.severity.rank]

    def is_silent(document: Answers, conditions: list[Condition]) -> bool:
        evaluation = Evaluation(ruleset, document)
        return all(evaluation.truth(condition) is not Truth.TRUE for condition in conditions)

    def shows(document: Answers) -> bool:
        if truth(document) is not Truth.TRUE:
            return False
        after = turned_on(ruleset, document, answer)
        if after is None or truth(after) is Truth.TRUE:
            return False
        return is_silent(after, as_pressing) and is_silent(document, more_pressing)

    def formula(before: Any) -> Any:
        from z3 import And, Not, Or  # an optional extra, needed only here

        after = before.turned_on(answer.item, answer.code)
        codes = before.symbols[answer.item].codes
        is_list = ruleset.items[answer.item].type is ItemType.MULTI
        on = [codes[answer.code]] if is_list else [codes[code] for code in sorted(answer.risk_codes)]
        silent = [Not(after.is_true(condition)) for condition in as_pressing]
        silent += [Not(before.is_true(condition)) for condition in more_pressing]
        return And(before.is_true(rule.when), Not(Or(*on)), *silent)

    return Query(items, shows, formula)


def doubtful(ruleset: Ruleset, answers: list[RiskAnswer]) -> Iterator[tuple[Rule, RiskAnswer]]:
    """Each rule that a risk answer might silence, as far as a walk of its condition can tell."""
    pressing = [rule.severity.rank for rule in ruleset.rules if rule.is_always]
    for rule in ruleset.rules:
        if not rule.is_always and rule.severity.rank < min(pressing, default=len(Severity)):
            for answer in answers:
                if may_lose(ruleset, rule.when, Truth.TRUE, answer):
                    yield rule, answer
