"""What would change a finding, word for word, in English and Spanish."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from small_rulebooks import rule
from test_wording import ITEMS

from screener.engine.alternatives import what_would_change
from screener.engine.alternatives_wording import alternatives_sentence
from screener.engine.json import dumps
from screener.engine.loader import ruleset_from_content
from screener.engine.rules import Ruleset
from screener.engine.screening import screen

BOTH = {"en": "x", "es": "x"}
GATED = {**ITEMS[2], "id": "gated", "enabled_when": {"heart": "angina"}, "text": {"en": "And how?", "es": "¿Y cómo?"}}
PLAIN = [{**item, "decline": True} for item in [*ITEMS, GATED]]


def small(when: Any, items: list[dict[str, Any]] = PLAIN) -> Ruleset:
    document = {
        "manifest": {
            "id": "small", "version": "1", "effective": "2026-01-01", "languages": ["en", "es"], "sections": ["only"],
            "packs": ["source"],
        },
        "citations": {"book": {"source": "book", "title": "A book", "verified": "primary"}},
        "prose": {},
        "scores": {},
        "questionnaire": [{"section": "only", "title": BOTH, "items": items}],
        "rules": [{**rule("r1", when), "patient": BOTH, "pack": "source", "topic": "general"}],
    }  # fmt: skip
    return ruleset_from_content(dumps(document))


def sentences(rules: Ruleset, answers: dict[str, Any], language: str) -> list[str]:
    (found,) = what_would_change(rules, answers, screen(rules, answers).findings).values()
    return [alternatives_sentence(rules, alternatives, language) for alternatives in found]


@pytest.mark.parametrize(
    ("when", "answers", "english", "spanish"),
    [
        (
            {"low": "often"},
            {"low": "often"},
            "Not raised if the answer to “Feeling low?” were “Never” or “Some days”; could not be assessed if it were not known.",
            "No se señalaría si la respuesta a «¿Decaído?» fuera «Nunca» o «Algunos días»; no se podría evaluar si esta no se"
            " conociera.",
        ),
        (
            {"low": ["never", "some", "often"]},
            {"low": "often"},
            "Could not be assessed if the answer to “Feeling low?” were not known.",
            "No se podría evaluar si la respuesta a «¿Decaído?» no se conociera.",
        ),
        (
            {"any": [{"low": "often"}, {"heart": "angina"}]},
            {"low": "often", "heart": "not_sure"},
            "Could not be assessed if the answer to “Feeling low?” were “Never” or “Some days”, or were not known.",
            "No se podría evaluar si la respuesta a «¿Decaído?» fuera «Nunca» o «Algunos días», o no se conociera.",
        ),
        (
            {"heart": ["angina", "other"]},
            {"heart": ["angina"]},
            "Not raised if the answers to “Any of these?” included none of these: “Chest pain”, “Another”; could not be assessed"
            " if they were not known.",
            "No se señalaría si las respuestas a «¿Algo de esto?» no incluyeran ninguna de estas: «Dolor de pecho», «Otro»; no"
            " se podría evaluar si estas no se conocieran.",
        ),
        (
            {"heart": {"all_of": ["angina", "attack"]}},
            {"heart": ["angina", "attack"]},
            "Not raised if the answers to “Any of these?” did not include “Chest pain”, or did not include “A heart attack”;"
            " could not be assessed if they were not known.",
            "No se señalaría si las respuestas a «¿Algo de esto?» no incluyeran «Dolor de pecho», o no incluyeran «Infarto»; no"
            " se podría evaluar si estas no se conocieran.",
        ),
        (
            {"heart": {"none_of": ["angina"]}},
            {"heart": ["other"]},
            "Not raised if the answers to “Any of these?” included “Chest pain”; could not be assessed if they were not known.",
            "No se señalaría si las respuestas a «¿Algo de esto?» incluyeran «Dolor de pecho»; no se podría evaluar si estas no"
            " se conocieran.",
        ),
        (
            {"not": {"heart": "none"}},
            {"heart": ["other"]},
            "Not raised if the answers to “Any of these?” were “None”; could not be assessed if they were not known.",
            "No se señalaría si las respuestas a «¿Algo de esto?» fueran «Nada»; no se podría evaluar si estas no se conocieran.",
        ),
        (
            {"all": [{"heart": ["attack", "other"]}, {"not": {"heart": "angina"}}]},
            {"heart": "not_sure"},
            "Raised if the answers to “Any of these?” included “A heart attack” or “Another” and did not include “Chest pain”.",
            "Se señalaría si las respuestas a «¿Algo de esto?» incluyeran «Infarto» u «Otro» y no incluyeran «Dolor de pecho».",
        ),
        (
            {"heart": {"all_of": ["angina", "attack"]}},
            {},
            "Raised if the answers to “Any of these?” included “Chest pain” and “A heart attack”.",
            "Se señalaría si las respuestas a «¿Algo de esto?» incluyeran «Dolor de pecho» e «Infarto».",
        ),
        (
            {"top": {"gte": 180}},
            {"top": 200},
            "Not raised if the answer to “Top number” were less than 180 mmHg; could not be assessed if it were not known.",
            "No se señalaría si la respuesta a «El de arriba» fuera menos de 180 mmHg; no se podría evaluar si esta no se"
            " conociera.",
        ),
        (
            {"bottom": {"gt": 3, "lte": Decimal("5.5")}},
            {"bottom": 4},
            "Not raised if the answer to “Bottom” were 3 or less or more than 5.5; could not be assessed if it were not known.",
            "No se señalaría si la respuesta a «Inferior» fuera 3 o menos o más de 5.5; no se podría evaluar si esta no se"
            " conociera.",
        ),
        (
            {"bottom": {"gt": 3, "lt": 5}},
            {},
            "Raised if the answer to “Bottom” were more than 3 and less than 5.",
            "Se señalaría si la respuesta a «Inferior» fuera más de 3 y menos de 5.",
        ),
        (
            {"any": [{"top": {"between": [140, 160]}}, {"top": {"eq": 200}}]},
            {},
            "Raised if the answer to “Top number” were from 140 to 160 mmHg or 200 mmHg.",
            "Se señalaría si la respuesta a «El de arriba» fuera de 140 a 160 mmHg o 200 mmHg.",
        ),
        (
            {"bottom": {"gte": 0}},
            {},
            "Raised if the answer to “Bottom” were any number.",
            "Se señalaría si la respuesta a «Inferior» fuera cualquier número.",
        ),
    ],
)
def test_one_question_is_told_in_one_sentence(when, answers, english, spanish):
    rules = small(when)
    assert [sentences(rules, answers, language)[0] for language in ("en", "es")] == [english, spanish]


def test_an_answer_that_changes_nothing_alone_says_so():
    rules = small({"any": [{"low": "often"}, {"smokes": "yes"}]})
    answers = {"smokes": "yes", "low": "often"}
    assert sentences(rules, answers, "en") == [
        "No other answer to “Do you smoke?” alone would change this.",
        "No other answer to “Feeling low?” alone would change this.",
    ]
    assert sentences(rules, answers, "es")[0] == "Ninguna otra respuesta a «¿Fuma?» cambiaría esto por sí sola."


def test_missing_answers_that_count_only_together_say_so():
    rules = small({"gated": "often"})
    assert sentences(rules, {}, "en") == [
        "None of the answers to “Any of these?” alone would raise it; not raised if they did not include “Chest pain”.",
        "No answer to “And how?” alone would raise it.",
    ]
    assert sentences(rules, {}, "es") == [
        "Ninguna de las respuestas a «¿Algo de esto?» haría por sí sola que se señalara; no se señalaría si estas no"
        " incluyeran «Dolor de pecho».",
        "Ninguna respuesta a «¿Y cómo?» haría por sí sola que se señalara.",
    ]


def test_too_many_choices_to_tell_say_so():
    codes = {f"c{number}": BOTH for number in range(9)}
    items = [{"id": "many", "type": "multi", "text": {"en": "Which?", "es": "¿Cuáles?"}, "choices": codes}]
    rules = small({"at_least": {"n": 3, "of": [{"many": code} for code in codes]}}, items)
    assert sentences(rules, {"many": ["c1", "c2", "c3"]}, "en") == ["Depends on several choices of “Which?” together."]
    assert sentences(rules, {}, "es") == ["Depende de varias opciones de «¿Cuáles?» a la vez."]


def test_another_language_falls_back_to_english_words():
    assert sentences(small({"low": "often"}), {}, "fr") == ["Raised if the answer to “Feeling low?” were “Often”."]
