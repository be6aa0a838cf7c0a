"""Every form of a condition is one readable sentence, word for word, in English and Spanish."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_rulebooks import write

from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.engine.wording import code_words, said, score_sentence, sentence

ITEMS: list[dict[str, Any]] = [
    {"id": "smokes", "type": "yes_no", "text": {"en": "Do you smoke?", "es": "¿Fuma?"}},
    {
        "id": "heart",
        "type": "multi",
        "text": {"en": "Any of these?", "es": "¿Algo de esto?"},
        "choices": {
            "angina": {"en": "Chest pain", "es": "Dolor de pecho"},
            "attack": {"en": "A heart attack", "es": "Infarto"},
            "other": {"en": "Another", "es": "Otro"},
        },
        "none": {"en": "None", "es": "Nada"},
    },
    {
        "id": "low",
        "type": "choice",
        "text": {"en": "Feeling low?", "es": "¿Decaído?"},
        "choices": {
            "never": {"en": "Never", "es": "Nunca"},
            "some": {"en": "Some days", "es": "Algunos días"},
            "often": {"en": "Often", "es": "Casi siempre"},
        },
        "points": {"never": 0, "some": 1, "often": 3},
    },
    {"id": "top", "type": "number", "min": 60, "max": 260, "unit": "mmHg", "text": {"en": "Top number", "es": "El de arriba"}},
    {"id": "bottom", "type": "number", "min": 0, "max": 10, "text": {"en": "Bottom", "es": "Inferior"}},
]  # fmt: skip
SCORES = {
    "low_mood": {"sum": ["low"]},
    "pain_impact": {"mean": ["top", "bottom"]},
    "half_mood": {"mean": ["low", "bottom"]},
    "both_numbers": {"sum": ["top", "bottom"]},
    "trouble": {"count": [{"smokes": "yes"}, {"any": [{"heart": "angina"}, {"low": "often"}]}]},
}
SMOKES = ("the answer to “Do you smoke?” is “Yes”", "la respuesta a «¿Fuma?» es «Sí»")
LOW = ("the answer to “Feeling low?” is “Often”", "la respuesta a «¿Decaído?» es «Casi siempre»")
ANGINA = (
    "the answers to “Any of these?” include “Chest pain”",
    "las respuestas a «¿Algo de esto?» incluyen «Dolor de pecho»",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    both = {"en": "x", "es": "x"}
    return load_ruleset(
        write(tmp_path_factory.mktemp("rules"), {**_files({"smokes": "yes"}), "prose.yaml": {"help_now": both}})
    )


def _files(when: Any) -> dict[str, Any]:
    both = {"en": "x", "es": "x"}
    rule = {"id": "r1", "kind": "risk", "severity": "mention", "when": when, "patient": both, "cites": ["book"]}
    return {
        "manifest.yaml": {
            "id": "small", "version": "1", "effective": "2026-01-01", "languages": ["en", "es"], "sections": ["only"],
            "packs": ["source"],
        },
        "citations.yaml": {"book": {"source": "book", "title": "A book", "verified": "primary"}},
        "scores.yaml": SCORES,
        "questionnaire/01-only.yaml": {"section": "only", "title": both, "items": ITEMS},
        "screening/source/general.yaml": {"topic": "general", "rules": [rule]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("when", "english", "spanish"),
    [
        ({"smokes": "yes"}, *SMOKES),
        ({"low": "often"}, *LOW),
        (
            {"low": ["never", "some", "often"]},
            "the answer to “Feeling low?” is “Never”, “Some days” or “Often”",
            "la respuesta a «¿Decaído?» es «Nunca», «Algunos días» o «Casi siempre»",
        ),
        ({"heart": "angina"}, *ANGINA),
        (
            {"heart": ["angina", "other"]},
            "the answers to “Any of these?” include “Chest pain” or “Another”",
            "las respuestas a «¿Algo de esto?» incluyen «Dolor de pecho» u «Otro»",
        ),
        (
            {"heart": {"all_of": ["angina", "attack"]}},
            "the answers to “Any of these?” include all of these: “Chest pain”, “A heart attack”",
            "las respuestas a «¿Algo de esto?» incluyen todas estas: «Dolor de pecho», «Infarto»",
        ),
        ({"heart": {"all_of": ["angina"]}}, *ANGINA),
        ({"heart": "none"}, "the answer to “Any of these?” is “None”", "la respuesta a «¿Algo de esto?» es «Nada»"),
        (
            {"heart": {"none_of": ["angina"]}},
            "the answers to “Any of these?” do not include “Chest pain”",
            "las respuestas a «¿Algo de esto?» no incluyen «Dolor de pecho»",
        ),
        (
            {"heart": {"none_of": ["angina", "attack"]}},
            "the answers to “Any of these?” include none of these: “Chest pain”, “A heart attack”",
            "las respuestas a «¿Algo de esto?» no incluyen ninguna de estas: «Dolor de pecho», «Infarto»",
        ),
        (
            {"not": {"heart": {"all_of": ["angina", "attack"]}}},
            "the answers to “Any of these?” do not include all of these: “Chest pain”, “A heart attack”",
            "las respuestas a «¿Algo de esto?» no incluyen todas estas: «Dolor de pecho», «Infarto»",
        ),
        (
            {"not": {"smokes": "yes"}},
            "the answer to “Do you smoke?” is not “Yes”",
            "la respuesta a «¿Fuma?» no es «Sí»",
        ),
        (
            {"low": {"none_of": ["some", "often"]}},
            "the answer to “Feeling low?” is none of these: “Some days”, “Often”",
            "la respuesta a «¿Decaído?» no es ninguna de estas: «Algunos días», «Casi siempre»",
        ),
        (
            {"top": {"gte": 180}},
            "the answer to “Top number” is 180 mmHg or more",
            "la respuesta a «El de arriba» es 180 mmHg o más",
        ),
        (
            {"bottom": {"gt": 1.5}},
            "the answer to “Bottom” is more than 1.5",
            "la respuesta a «Inferior» es más de 1.5",
        ),
        ({"bottom": {"lte": 3}}, "the answer to “Bottom” is 3 or less", "la respuesta a «Inferior» es 3 o menos"),
        ({"bottom": {"lt": 3}}, "the answer to “Bottom” is less than 3", "la respuesta a «Inferior» es menos de 3"),
        ({"bottom": {"eq": 3}}, "the answer to “Bottom” is exactly 3", "la respuesta a «Inferior» es exactamente 3"),
        (
            {"top": {"between": [140, 159]}},
            "the answer to “Top number” is from 140 to 159 mmHg, both included",
            "la respuesta a «El de arriba» va de 140 a 159 mmHg, ambos incluidos",
        ),
        (
            {"top": {"gte": 140, "lt": 160}},
            "the answer to “Top number” is 140 mmHg or more and is less than 160 mmHg",
            "la respuesta a «El de arriba» es 140 mmHg o más y es menos de 160 mmHg",
        ),
        (
            {"not": {"bottom": {"gte": 3}}},
            "it is not true that the answer to “Bottom” is 3 or more",
            "esto no es cierto: la respuesta a «Inferior» es 3 o más",
        ),
        (
            {"low_mood": {"gte": 3}},
            "the score “low mood” (the sum of the points for “Feeling low?”) is 3 or more",
            "el puntaje «low mood» (la suma de los puntos de «¿Decaído?») es 3 o más",
        ),
        (
            {"pain_impact": {"gt": 7}},
            "the score “pain impact” (the mean of “Top number” and “Bottom”) is more than 7",
            "el puntaje «pain impact» (el promedio de «El de arriba» e «Inferior») es más de 7",
        ),
        (
            {"both_numbers": {"gt": 70}},
            "the score “both numbers” (the sum of “Top number” and “Bottom”) is more than 70",
            "el puntaje «both numbers» (la suma de «El de arriba» e «Inferior») es más de 70",
        ),
        (
            {"half_mood": {"lt": 2}},
            "the score “half mood” (the mean of the points for “Feeling low?” and “Bottom”) is less than 2",
            "el puntaje «half mood» (el promedio de los puntos de «¿Decaído?» e «Inferior») es menos de 2",
        ),
        (
            {"trouble": {"gte": 1}},
            f"the score “trouble” (how many of these 2 are true: 1) {SMOKES[0]}; 2) ({ANGINA[0]}, or {LOW[0]})) is 1 or more",
            f"el puntaje «trouble» (cuántas de estas 2 condiciones son ciertas: 1) {SMOKES[1]}; 2) ({ANGINA[1]}, o {LOW[1]}))"
            " es 1 o más",
        ),
        ({"all": [{"smokes": "yes"}, {"low": "often"}]}, f"{SMOKES[0]}, and {LOW[0]}", f"{SMOKES[1]}, y {LOW[1]}"),
        ({"any": [{"smokes": "yes"}, {"low": "often"}]}, f"{SMOKES[0]}, or {LOW[0]}", f"{SMOKES[1]}, o {LOW[1]}"),
        ({"all": [{"smokes": "yes"}]}, *SMOKES),
        (
            {"all": [{"smokes": "yes"}, {"any": [{"low": "often"}, {"heart": "angina"}]}]},
            f"{SMOKES[0]}, and ({LOW[0]}, or {ANGINA[0]})",
            f"{SMOKES[1]}, y ({LOW[1]}, o {ANGINA[1]})",
        ),
        (
            {"not": {"any": [{"low": "often"}, {"heart": "angina"}]}},
            f"it is not true that ({LOW[0]}, or {ANGINA[0]})",
            f"esto no es cierto: ({LOW[1]}, o {ANGINA[1]})",
        ),
        (
            {"not": {"not": {"smokes": "yes"}}},
            "it is not true that the answer to “Do you smoke?” is not “Yes”",
            "esto no es cierto: la respuesta a «¿Fuma?» no es «Sí»",
        ),
        (
            {"at_least": {"n": 2, "of": [{"smokes": "yes"}, {"low": "often"}, {"heart": "angina"}]}},
            f"at least 2 of these 3 are true: 1) {SMOKES[0]}; 2) {LOW[0]}; 3) {ANGINA[0]}",
            f"al menos 2 de estas 3 condiciones son ciertas: 1) {SMOKES[1]}; 2) {LOW[1]}; 3) {ANGINA[1]}",
        ),
        (
            {"any": [{"smokes": "yes"}, {"at_least": {"n": 1, "of": [{"low": "often"}, {"heart": "angina"}]}}]},
            f"{SMOKES[0]}, or (at least 1 of these 2 are true: 1) {LOW[0]}; 2) {ANGINA[0]})",
            f"{SMOKES[1]}, o (al menos 1 de estas 2 condiciones son ciertas: 1) {LOW[1]}; 2) {ANGINA[1]})",
        ),
        ({"always": True}, "always, for everyone", "siempre, para todas las personas"),
    ],
    ids=lambda value: json.dumps(value)[:60] if isinstance(value, dict) else "",
)
def test_a_condition_is_one_sentence(tmp_path, when, english, spanish):
    loaded = load_ruleset(write(tmp_path, _files(when)))
    condition = loaded.rule("r1").when
    assert [sentence(loaded, condition, language) for language in ("en", "es")] == [english, spanish]


def test_another_language_falls_back_to_english_words(small):
    assert sentence(small, small.rule("r1").when, "fr") == "the answer to “Do you smoke?” is “Yes”"


def test_a_score_is_told_by_its_parts(small):
    score = small.scores["low_mood"]
    assert [score_sentence(small, score, language) for language in ("en", "es")] == [
        "the sum of the points for “Feeling low?”",
        "la suma de los puntos de «¿Decaído?»",
    ]


@pytest.mark.parametrize(
    ("item", "answer", "english", "spanish"),
    [
        ("smokes", "no", "No", "No"),
        ("smokes", "not_sure", "I am not sure", "No lo sé"),
        ("heart", ["angina", "declined"], "Chest pain, I prefer not to say", "Dolor de pecho, Prefiero no decirlo"),
        ("heart", ["none"], "None", "Nada"),
        ("top", 128, "128 mmHg", "128 mmHg"),
    ],
)
def test_an_answer_is_said_in_the_words_of_its_question(small, item, answer, english, spanish):
    asked = small.items[item]
    assert [said(asked, answer, language) for language in ("en", "es")] == [english, spanish]


def test_code_words_of_none_of_these(small):
    assert code_words(small.items["heart"], "none", "es") == "Nada"
