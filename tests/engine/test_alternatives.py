"""What would change a finding: exactly what the interpreter says of every other answer, on random rulebooks and the shipped one."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_answers import documents as random_documents
from random_answers import known_answers
from small_rulebooks import rule, ruleset
from test_properties import ANSWERS, documents, rulesets

from screener.engine.alternatives import Alternatives, AnswerSet, Lists, Span, what_would_change
from screener.engine.answers import Answers
from screener.engine.conditions import Truth
from screener.engine.evaluation import Evaluation
from screener.engine.loader import load_ruleset
from screener.engine.rules import Outcome, Ruleset
from screener.engine.screening import screen
from screener.engine.terms import Term, covering_terms
from screener.paths import rules_folder

OUTCOMES = {Truth.TRUE: Outcome.RAISED, Truth.FALSE: Outcome.NOT_RAISED, Truth.UNKNOWN: Outcome.COULD_NOT_ASSESS}
RAISED, NOT_RAISED, COULD_NOT_ASSESS = Outcome
NOTHING = AnswerSet()


def interpreted(rules: Ruleset, rule_id: str, answers: Answers) -> Outcome:
    return OUTCOMES[Evaluation(rules, answers).truth(rules.rule(rule_id).when)]


def told(alternatives: Alternatives, answer: Any) -> list[Outcome]:
    sets = {
        RAISED: alternatives.raised,
        NOT_RAISED: alternatives.not_raised,
        COULD_NOT_ASSESS: alternatives.could_not_assess,
    }
    return [outcome for outcome, answers in sets.items() if answer in answers]


def without(answers: Answers, item: str) -> dict[str, Any]:
    return {name: answer for name, answer in answers.items() if name != item}


def only(small: Ruleset, answers: Answers) -> dict[str, Alternatives]:
    """The alternatives of the one rule, by item."""
    (found,) = what_would_change(small, answers, screen(small, answers).findings).values()
    return {alternatives.item: alternatives for alternatives in found}


def all_lists(codes: list[str]) -> list[list[str]]:
    some = chain.from_iterable(combinations(codes, count) for count in range(1, len(codes) + 1))
    return [list(few) for few in some]


@settings(max_examples=200, deadline=None)
@given(rulesets(), documents())
def test_every_other_answer_is_told_as_the_interpreter_judges_it(small, document):
    for found in what_would_change(small, document, screen(small, document).findings).values():
        for alternatives in found:
            item = alternatives.item
            for answer in ANSWERS[item]:
                expected = interpreted(small, "r1", {**document, item: answer})
                assert told(alternatives, answer) == [expected]
            for unknown in (without(document, item), {**document, item: "not_sure"}):
                assert interpreted(small, "r1", unknown) is alternatives.not_known


@pytest.fixture(scope="module")
def shipped() -> Ruleset:
    return load_ruleset(rules_folder())


def test_the_shipped_rulebook_is_told_as_the_interpreter_judges_it(shipped):
    chance = random.Random(20)
    looked_at = set()
    for document in random_documents(shipped, 60, seed=4):
        screening = screen(shipped, document)
        found = what_would_change(shipped, document, screening.findings)
        assert {rule_id: [one.item for one in several] for rule_id, several in found.items()} == {
            finding.rule.id: [*finding.evidence, *finding.missing] for finding in screening.findings
        }
        for rule_id, several in found.items():
            for alternatives in several:
                item = shipped.items[alternatives.item]
                pool = known_answers(item, chance)
                answers = [*chance.sample(pool, min(5, len(pool))), *(["none"],) * (item.none is not None)]
                for answer in answers:
                    expected = interpreted(shipped, rule_id, {**document, item.id: answer})
                    assert told(alternatives, answer) == [expected]
                    looked_at.add(rule_id)
                assert alternatives.not_known is interpreted(shipped, rule_id, without(document, item.id))
    assert looked_at == {rule.id for rule in shipped.rules if not rule.is_always}


def test_every_rule_of_the_shipped_rulebook_can_be_told(shipped):
    """Unanswered or answered, no question of it is beyond what words can hold."""
    for document in ({}, *random_documents(shipped, 40, seed=9)):
        for found in what_would_change(shipped, document, screen(shipped, document).findings).values():
            assert all(alternatives.is_told for alternatives in found)


def test_a_choice_is_told_by_its_codes():
    small = ruleset(rule("r1", {"low": ["some", "often"]}))
    assert only(small, {"low": "often"})["low"] == Alternatives(
        item="low",
        now=RAISED,
        raised=AnswerSet(codes=("some", "often")),
        not_raised=AnswerSet(codes=("never",)),
        could_not_assess=NOTHING,
        not_known=COULD_NOT_ASSESS,
    )


def test_an_answer_beside_another_that_is_enough_changes_nothing():
    small = ruleset(rule("r1", {"any": [{"smokes": "yes"}, {"low": "often"}]}))
    found = only(small, {"smokes": "yes", "low": "often"})
    assert [(item, alternatives.can_change) for item, alternatives in found.items()] == [
        ("smokes", False),
        ("low", False),
    ]
    assert only(small, {"smokes": "yes", "low": "never"})["smokes"].can_change


def test_a_gate_counts_as_the_answer_that_opens_it():
    small = ruleset(rule("r1", {"control": "poor"}))
    found = only(small, {"heart": ["hypertension", "angina"], "control": "poor"})
    assert found["heart"].not_raised == AnswerSet(lists=(Lists((), ("hypertension",)),))
    assert found["heart"].raised == AnswerSet(lists=(Lists((("hypertension",),), ()),))
    assert found["control"].not_raised == AnswerSet(codes=("good",))


def test_a_gate_that_opens_an_unanswered_question_leaves_the_rule_open():
    small = ruleset(rule("r1", {"any": [{"heart": "none"}, {"control": "poor"}]}))
    found = only(small, {"heart": ["none"]})["heart"]
    assert [["angina"] in found.not_raised, ["hypertension"] in found.could_not_assess, ["none"] in found.raised] == [
        True
    ] * 3


def test_a_missing_answer_behind_an_unknown_gate_changes_nothing_alone():
    small = ruleset(rule("r1", {"control": "poor"}))
    found = only(small, {})
    assert list(found) == ["heart", "control"]
    assert (found["control"].raised, found["control"].can_change) == (NOTHING, False)
    assert found["heart"].not_raised == AnswerSet(lists=(Lists((), ("hypertension",)),))


def test_whole_numbers_are_told_with_both_ends():
    small = ruleset(rule("r1", {"pressure": {"gt": 140, "lt": 180}}))
    found = only(small, {"pressure": 150})["pressure"]
    assert found.raised == AnswerSet(spans=(Span(Decimal(141), Decimal(179)),))
    assert found.not_raised == AnswerSet(
        spans=(Span(Decimal(60), Decimal(140)), Span(Decimal(180), Decimal(260))),
    )


def test_decimals_are_told_with_open_edges():
    small = ruleset(rule("r1", {"all": [{"weight": {"gt": 40}}, {"not": {"weight": {"eq": 60.5}}}]}))
    found = only(small, {"weight": Decimal("70.25")})["weight"]
    assert found.not_raised == AnswerSet(
        spans=(Span(Decimal("0.5"), Decimal(40)), Span(Decimal("60.5"), Decimal("60.5"))),
    )
    assert found.raised == AnswerSet(
        spans=(
            Span(Decimal(40), Decimal("60.5"), has_low=False, has_high=False),
            Span(Decimal("60.5"), Decimal(300), has_low=False),
        ),
    )


NUMBERS = [
    {"id": "one", "type": "number", "min": -2, "max": 8, "text": {"en": "One?"}},
    {"id": "two", "type": "number", "min": 0.5, "max": 4, "integer": True, "text": {"en": "Two?"}},
    {"id": "three", "type": "number", "min": 0, "max": 5, "text": {"en": "Three?"}},
]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["sum", "mean"]),
    st.sampled_from(["gte", "gt", "lte", "lt", "eq"]),
    st.decimals(-2, 8, places=1),
    st.fixed_dictionaries(
        {},
        optional={
            "one": st.decimals(-2, 8, places=2),
            "two": st.integers(1, 4),
            "three": st.one_of(st.just("not_sure"), st.decimals(0, 5, places=1)),
        },
    ),
)
def test_numbers_in_a_score_turn_where_the_interpreter_turns(kind, operator, mark, document):
    small = ruleset(
        rule("r1", {"total": {operator: mark}}), items=NUMBERS, scores={"total": {kind: ["one", "two", "three"]}}
    )
    for found in what_would_change(small, document, screen(small, document).findings).values():
        for alternatives in found:
            spans = [*alternatives.raised.spans, *alternatives.not_raised.spans, *alternatives.could_not_assess.spans]
            item = small.items[alternatives.item]
            steps = [Decimal(quarter) / 4 for quarter in range(-8, 33)]
            ends = {end + step for span in spans for end in (span.low, span.high) for step in (-1, 0, 1)}
            least, greatest = item.value_range
            for number in sorted({*steps, *ends}):
                if least <= number <= greatest and (not item.integer or number == number.to_integral_value()):
                    expected = interpreted(small, "r1", {**document, item.id: number})
                    assert told(alternatives, number) == [expected]


def test_choices_that_stand_in_the_same_places_are_one_group():
    small = ruleset(rule("r1", {"heart": ["hypertension", "angina"]}))
    found = only(small, {"heart": ["angina"]})["heart"]
    assert found.raised == AnswerSet(lists=(Lists((("hypertension", "angina"),), ()),))
    assert found.not_raised == AnswerSet(lists=(Lists((), ("hypertension", "angina")),))


def many_choices(count: int) -> list[dict[str, Any]]:
    codes = {f"c{number}": {"en": f"Choice {number}"} for number in range(count)}
    return [{"id": "many", "type": "multi", "text": {"en": "Which?"}, "choices": codes, "none": {"en": "None"}}]


def test_eight_choices_that_count_together_are_told_of_each_list():
    items = many_choices(8)
    codes = list(items[0]["choices"])
    small = ruleset(
        rule("r1", {"at_least": {"n": 3, "of": [{"many": code} for code in codes]}}), items=items, scores={}
    )
    found = only(small, {"many": codes[:3]})["many"]
    assert {len(codes_of) >= 3 for codes_of in all_lists(codes) if codes_of in found.raised} == {True}
    assert {len(codes_of) < 3 for codes_of in [*all_lists(codes), ["none"]] if codes_of in found.not_raised} == {True}
    assert all(told(found, codes_of) for codes_of in all_lists(codes))


def test_more_choices_than_words_can_hold_are_left_untold():
    items = many_choices(9)
    codes = list(items[0]["choices"])
    small = ruleset(
        rule("r1", {"at_least": {"n": 3, "of": [{"many": code} for code in codes]}}), items=items, scores={}
    )
    found = only(small, {"many": codes[:3]})["many"]
    assert found == Alternatives(
        item="many",
        now=RAISED,
        raised=NOTHING,
        not_raised=NOTHING,
        could_not_assess=NOTHING,
        not_known=COULD_NOT_ASSESS,
        is_told=False,
    )


def test_a_rule_raised_for_everyone_has_no_alternatives():
    small = ruleset(rule("r1", {"always": True}))
    assert only(small, {"smokes": "yes"}) == {}


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1))
def test_terms_cover_exactly_what_is_wanted_and_none_can_go(wanted, indifferent):
    indifferent &= ~wanted
    terms = covering_terms(4, wanted, indifferent)
    cases = {term: _cases(term, 4) for term in terms}
    covered = set().union(*cases.values())
    assert {case for case in range(16) if wanted >> case & 1} <= covered
    assert covered <= {case for case in range(16) if (wanted | indifferent) >> case & 1}
    for term in terms:
        others = set().union(*(cases[other] for other in terms if other != term))
        assert any(wanted >> case & 1 for case in cases[term] - others)
        for fewer in _one_sign_less(term):
            assert not _cases(fewer, 4) <= {case for case in range(16) if (wanted | indifferent) >> case & 1}


def _cases(term: Term, signs: int) -> set[int]:
    return {
        case
        for case in range(2**signs)
        if all(case >> sign & 1 for sign in term.present) and not any(case >> sign & 1 for sign in term.absent)
    }


def _one_sign_less(term: Term) -> list[Term]:
    return [
        *(Term(tuple(s for s in term.present if s != sign), term.absent) for sign in term.present),
        *(Term(term.present, tuple(s for s in term.absent if s != sign)) for sign in term.absent),
    ]
