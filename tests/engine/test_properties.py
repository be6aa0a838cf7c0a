"""What must hold for every rulebook and every answer document, tried on random ones of both.

The conditions, gates and scores are drawn at random over a few small items, so that gates on scores, `not` over gated items and
half-known multi answers all meet.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rulebooks import rule, ruleset

from screener.engine.answers import AnswerError, Answers, parse_answers
from screener.engine.conditions import Truth
from screener.engine.evaluation import Evaluation
from screener.engine.explanation import evidence, missing
from screener.engine.json import dumps
from screener.engine.loader import RulesetError, ruleset_from_content
from screener.engine.questionnaire import ItemType
from screener.engine.rules import Ruleset

TEXT = {"en": "x"}
CODES = {"a": TEXT, "b": TEXT}
KINDS: list[dict[str, Any]] = [
    {"id": "i0", "type": "yes_no", "text": TEXT},
    {"id": "i1", "type": "choice", "text": TEXT, "choices": CODES, "points": {"a": 0, "b": 2}},
    {"id": "i2", "type": "multi", "text": TEXT, "choices": CODES, "none": TEXT},
    {"id": "i3", "type": "number", "text": TEXT, "min": 0, "max": 3, "integer": True},
    {"id": "i4", "type": "choice", "text": TEXT, "choices": CODES, "points": {"a": -1, "b": 1.5}},
]
ANSWERS: dict[str, list[Any]] = {
    "i0": ["yes", "no"],
    "i1": ["a", "b"],
    "i2": [["a"], ["b"], ["a", "b"], ["none"]],
    "i3": [0, 1, 2, 3],
    "i4": ["a", "b"],
}
UNSURE: dict[str, list[Any]] = {
    **{item: ["not_sure", "declined"] for item in ANSWERS},
    "i2": ["not_sure", ["a", "not_sure"]],
}


def leaves(items: list[str], scores: list[str]) -> st.SearchStrategy[Any]:
    number = st.builds(
        lambda subject, operator, value: {subject: {operator: value}},
        st.sampled_from([*scores, *(item for item in items if item == "i3")] or ["none"]),
        st.sampled_from(["gte", "gt", "lte", "lt", "eq"]),
        st.integers(0, 3),
    )
    chosen = [st.sampled_from([{"i0": "yes"}, {"i0": "no"}])] if "i0" in items else []
    chosen += [st.sampled_from([{item: "a"}, {item: ["a", "b"]}]) for item in ("i1", "i4") if item in items]
    if "i2" in items:
        chosen.append(
            st.sampled_from([{"i2": "a"}, {"i2": "none"}, {"i2": {"all_of": ["a", "b"]}}, {"i2": {"none_of": ["b"]}}])
        )
    if scores or "i3" in items:
        chosen.append(number)
    return st.one_of(chosen)


def conditions(items: list[str], scores: list[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves(items, scores),
        lambda inner: st.one_of(
            st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda part: {"not": part}, inner),
            st.builds(
                lambda parts: {"at_least": {"n": (len(parts) + 1) // 2, "of": parts}},
                st.lists(inner, min_size=1, max_size=3),
            ),
        ),
        max_leaves=5,
    )


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    items = [dict(kind) for kind in KINDS]
    ids = [item["id"] for item in items]
    for index, item in enumerate(items[1:4], start=1):
        if draw(st.booleans()):
            item["enabled_when"] = draw(conditions(ids[:index], []))
    shared = items[1].get("enabled_when")
    if shared is not None and draw(st.booleans()):
        items[4]["enabled_when"] = shared
    scores: dict[str, Any] = {"count": {"count": draw(st.lists(conditions(ids, []), min_size=1, max_size=3))}}
    if items[4].get("enabled_when") == shared:
        kind = draw(st.sampled_from(["sum", "mean"]))
        scores["total"] = {kind: ["i1", "i4"]}
    when = draw(conditions(ids, list(scores)))
    return ruleset(rule("r1", when), items=items, scores=scores)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    document = {}
    for item, known in ANSWERS.items():
        answer = draw(st.sampled_from([None, *known, *UNSURE[item]]))
        if answer is not None:
            document[item] = answer
    return document


def truth(small: Ruleset, answers: Answers) -> Truth:
    return Evaluation(small, answers).truth(small.rules[0].when)


def fully_known(answers: dict[str, Any]) -> list[dict[str, Any]]:
    """Every document that answers all that these leave open, taking back nothing that is known."""
    open_items = {}
    for item, known in ANSWERS.items():
        given_answer = answers.get(item)
        if given_answer is None or given_answer in ("not_sure", "declined"):
            open_items[item] = known
        elif isinstance(given_answer, list) and "not_sure" in given_answer:
            open_items[item] = [["a"], ["a", "b"]]
    return [
        {**answers, **dict(zip(open_items, choice, strict=True))} for choice in itertools.product(*open_items.values())
    ]


@settings(max_examples=300, deadline=None)
@given(rulesets(), documents())
def test_what_is_determined_holds_however_the_unknown_is_answered(small, document):
    now = truth(small, document)
    if now is not Truth.UNKNOWN:
        assert {truth(small, complete) for complete in fully_known(document)} == {now}


@settings(max_examples=300, deadline=None)
@given(rulesets(), documents())
def test_erasing_an_answer_never_turns_a_conclusion_round(small, document):
    now = truth(small, document)
    for item in document:
        less = {key: answer for key, answer in document.items() if key != item}
        assert truth(small, less) in (now, Truth.UNKNOWN) or now is Truth.UNKNOWN
        unsure = {**document, item: "not_sure"}
        assert truth(small, unsure) in (now, Truth.UNKNOWN) or now is Truth.UNKNOWN


@settings(max_examples=300, deadline=None)
@given(rulesets(), documents())
def test_evidence_alone_raises_the_rule_and_the_rest_without_it_does_not(small, document):
    evaluation = Evaluation(small, document)
    when = small.rules[0].when
    if evaluation.truth(when) is not Truth.TRUE:
        return
    because = evidence(evaluation, when)
    assert because <= document.keys()
    assert truth(small, {item: document[item] for item in because}) is Truth.TRUE
    if truth(small, {}) is not Truth.TRUE:  # what nobody's answers could change needs no evidence
        assert (
            truth(small, {item: answer for item, answer in document.items() if item not in because}) is not Truth.TRUE
        )


@settings(max_examples=300, deadline=None)
@given(rulesets(), documents())
def test_answering_all_that_is_missing_always_decides_the_rule(small, document):
    evaluation = Evaluation(small, document)
    when = small.rules[0].when
    if evaluation.truth(when) is not Truth.UNKNOWN:
        return
    lacking = missing(evaluation, when)
    assert lacking
    kept = [item for item in ANSWERS if item not in lacking]
    for complete in fully_known({item: answer for item, answer in document.items() if item in lacking}):
        answered = {**{item: document[item] for item in kept if item in document}}
        answered |= {item: complete[item] for item in lacking}
        assert truth(small, answered) is not Truth.UNKNOWN


@settings(max_examples=50, deadline=None)
@given(rulesets(), documents())
def test_a_stored_ruleset_concludes_the_same(small, document):
    again = ruleset_from_content(small.content)
    assert again.hash == small.hash
    assert truth(again, document) is truth(small, document)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_no_document_makes_a_ruleset_crash_the_loader(document):
    with pytest.raises(RulesetError):
        ruleset_from_content(dumps(document))


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*ANSWERS, "other"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=5)
        | st.lists(st.text(max_size=3), max_size=3),
        max_size=4,
    )
)
def test_any_document_is_read_or_refused_with_a_problem(document):
    small = ruleset(rule("r1", {"i0": "yes"}), items=KINDS, scores={})
    try:
        answers = parse_answers(small, document)
    except AnswerError as error:
        named = len(error.problems)
        assert named > 0
    else:
        assert answers == document
        assert all(small.items[item].type is not ItemType.DISPLAY for item in answers)
