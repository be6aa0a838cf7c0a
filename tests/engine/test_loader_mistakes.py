"""Every mistake once: none hides another, none is told again by all that names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_rulebooks import ITEMS, MANIFEST, files, rule, write

from screener.engine.loader import RulesetError, load_ruleset, ruleset_from_content

QUESTIONS = "questionnaire/01-only.yaml"


def told(folder: Path, content: dict[str, Any]) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(write(folder, content))
    return sorted(f"{problem.where}: {problem.what}" for problem in caught.value.problems)


def section(**changes: dict[str, Any]) -> dict[str, Any]:
    """The section with some items changed, by id; a key set to None is left out."""
    items = [{**item, **changes.get(item["id"], {})} for item in ITEMS]
    items = [{key: part for key, part in item.items() if part is not None} for item in items]
    return {"section": "only", "title": {"en": "Only"}, "items": items}


def test_a_broken_item_or_score_hides_no_other_mistake(tmp_path):
    content = files(
        rule("r1", {"smoks": "yes"}),
        rule("r2", {"smokes": "yes"}),
        rule("r3", {"trouble": {"gte": 1}}),
        **{
            QUESTIONS: section(smokes={"type": "yesno"}),
            "scores.yaml": {"trouble": {"sum": ["since"]}, "other": {"sum": ["lo"]}},
        },
    )
    assert told(tmp_path, content) == [
        "other: `lo` is no item, score or connective",
        "r1: `smoks` is no item, score or connective",
        "smokes: `yesno` is not known here",
        "trouble: `since` is neither a number item nor has points",
    ]


@pytest.mark.parametrize(
    ("changes", "when", "problem"),
    [
        ({"control": {"choices": None}}, {"control": "poor"}, "control: a choice item needs choices"),
        ({"low": {"choices": {}}}, {"low": "some"}, "low choices: must be a mapping, not empty"),
        ({"control": {"choices": {"Poor": {"en": "x"}}}}, {"control": "Poor"}, "Poor: is no valid id"),
        ({"smokes": {"id": "Smokes"}}, {"Smokes": "yes"}, "Smokes: is no valid id"),
        ({"smokes": {"id": "data"}}, {"data": "yes"}, "data: is a reserved word"),
        ({"pressure": {"min": None}}, {"pressure": {"gte": 1}}, "pressure: `min` is missing"),
    ],
)
def test_a_broken_item_is_told_once_whatever_names_it(tmp_path, changes, when, problem):
    scores = {"mood": {"sum": ["low", "interest"]}}
    assert told(tmp_path, files(rule("r1", when), **{QUESTIONS: section(**changes), "scores.yaml": scores})) == [
        problem
    ]


@pytest.mark.parametrize(
    ("scores", "problem"),
    [
        ({"Mood": {"sum": ["low"]}}, "Mood: is no valid id"),
        ({"heart": {"sum": ["low"]}}, "heart: `heart` is the id of an item already"),
        ({"mood": {"sum": []}}, "mood: the list is empty"),
        ([], "scores: must be a mapping, not empty"),
    ],
)
def test_a_broken_score_is_told_once_whatever_names_it(tmp_path, scores, problem):
    name = next(iter(scores), "mood")
    assert told(tmp_path, files(rule("r1", {name: {"gte": 1}}), **{"scores.yaml": scores})) == [problem]


def test_a_section_without_items_is_told_once(tmp_path):
    content = files(**{QUESTIONS: {"section": "only", "title": {"en": "Only"}, "items": []}})
    assert told(tmp_path, content) == ["only items: the list is empty"]


def test_a_rulebook_without_citations_is_told_once(tmp_path):
    assert told(tmp_path, files(**{"citations.yaml": {}})) == ["citations: must be a mapping, not empty"]


def test_at_least_of_nothing_is_told_once(tmp_path):
    content = files(rule("r1", {"at_least": {"n": 1, "of": []}}))
    assert told(tmp_path, content) == ["r1: the list is empty"]


def test_a_gate_with_a_mistake_is_no_different_gate(tmp_path):
    content = files(**{QUESTIONS: section(interest={"enabled_when": {"smokes": "maybe"}})})
    assert told(tmp_path, content) == ["interest: `maybe` is not a choice of `smokes`"]


def test_what_a_rule_or_item_lacks_or_has_too_much_is_told_with_its_id(tmp_path):
    content = files({**rule("r1", {"smokes": "yes"}), "sevrity": "x"}, **{QUESTIONS: section(heart={"text": None})})
    assert told(tmp_path, content) == ["heart: `text` is missing", "r1: unknown key `sevrity`"]


@pytest.mark.parametrize("word", ["null", "true", "false"])
def test_an_id_that_yaml_reads_as_no_text_is_refused(tmp_path, word):
    text = f"section: only\ntitle: {{en: Only}}\nitems: [{{id: {word}, type: yes_no, text: {{en: x}}}}]"
    content = files(rule("r1", {"always": True}), **{QUESTIONS: text, "scores.yaml": None})
    assert told(tmp_path, content) == [f"an item of only: `{word}` is no text in YAML"]


@pytest.mark.parametrize("key", ["id", "version"])
def test_a_manifest_names_its_id_and_version(tmp_path, key):
    content = files(**{"manifest.yaml": {**MANIFEST, key: None}})
    assert told(tmp_path, content) == [f"manifest {key}: must be text"]


def test_a_citation_lists_nothing_but_its_authors(tmp_path):
    citation = {"source": "book", "title": "A book", "verified": "primary", "authors": ["A", "B"]}
    assert load_ruleset(write(tmp_path / "a", files(**{"citations.yaml": {"book": citation}}))).citations[
        "book"
    ].authors == ("A, B")
    content = files(**{"citations.yaml": {"book": {**citation, "title": ["A", "B"]}}})
    assert told(tmp_path / "b", content) == ["book title: must be text"]


@pytest.mark.parametrize("digits", ["0." + "1" * 29, "9." + "9" * 29, "1" * 30])
def test_long_numbers_are_kept_exactly(tmp_path, digits):
    text = (
        f"section: only\ntitle: {{en: Only}}\nitems: [{{id: n, type: number, min: -1, max: {digits}, text: {{en: x}}}}]"
    )
    content = files(rule("r1", {"always": True}), **{QUESTIONS: text, "scores.yaml": None})
    loaded = load_ruleset(write(tmp_path, content))
    again = ruleset_from_content(loaded.content)
    assert (str(again.items["n"].max), again.hash) == (digits, loaded.hash)


def test_a_misspelt_name_is_told_though_a_file_that_is_no_yaml_has_a_longer_word(tmp_path):
    """`smoke` is a part of a word there, and stands alone in a file where no item is made."""
    gone = {"cases/ann.yaml": "{smoke: [", "questionnaire/02-more.yaml": "{smokes_more: [, smoking"}
    manifest = {**MANIFEST, "sections": ["only", "more"]}
    content = files(rule("r1", {"smoke": "yes"}), rule("r2", {"smoking": "yes"}), **gone, **{"manifest.yaml": manifest})
    assert [line for line in told(tmp_path, content) if line.startswith("r")] == [
        "r1: `smoke` is no item, score or connective"
    ]


def test_a_manifest_with_a_mistake_still_tells_its_languages_and_approvals(tmp_path):
    changed = {**MANIFEST, "effective": "soon", "approvals": [{"who": "Ada"}]}
    with pytest.raises(RulesetError) as caught:
        load_ruleset(write(tmp_path, files(**{"manifest.yaml": changed})))
    partial = caught.value.partial
    assert partial is not None
    assert (partial.languages, [approval.content for approval in partial.approvals]) == (("en",), [{"who": "Ada"}])


def test_a_mistake_of_yaml_hides_no_mistake_before_it(tmp_path):
    questions = "\n".join(
        [
            "section: only",
            "title: {en: Only}",
            "items:",
            "  - {id: smokes, type: yesno, text: {en: Do you smoke?}}",
            "  - {id: drinks, type: yes_no, text: {en: Do you drink?}}",
            "  - {id: naps, type: yes_no, text: {en: Do you}: nap?}}",
            "  - {id: after, type: yes_no, text: {en: And?}}",
        ]
    )
    rules = "\n".join(
        [
            "topic: genera",
            "rules:",
            "  - {id: r1, kind: risk, severity: mention, when: {drinks: ye}, patient: {en: a}, cites: [book]}",
            "  - {id: r2, kind: risk, severity: mention, when: {after: yes}, patient: {en: a}, cites: [book]}",
            "  - {id: r3, kind: risk, severity: mention, when: {all: [{drinks: yes]}, patient: {en: a}, cites: [book]}",
        ]
    )
    changed = {QUESTIONS: questions, "screening/source/general.yaml": rules, "scores.yaml": None}
    assert [line for line in told(tmp_path, files(**changed)) if "not YAML" not in line] == [
        "general: `topic: genera` is not the name of its file",
        "r1: `ye` is not a choice of `drinks`",
        "smokes: `yesno` is not known here",
    ]


@pytest.mark.parametrize(
    "broken", ["topic: [", "topic: general\nrules:\n- {id: r1, wh", "- a\n- [", "topic: general\n\tx: 1"]
)
def test_a_file_that_is_no_yaml_from_the_start_is_told_once(tmp_path, broken):
    (line,) = told(tmp_path, files(**{"screening/source/general.yaml": broken}))
    assert line.startswith(": not YAML: ")


def test_what_follows_an_alias_that_stands_for_too_much_is_not_read_as_something_else(tmp_path):
    many = ", ".join(["*a"] * 2000)
    rules = f"topic: genera\nrules:\n  - x\n  - {{a: &a [b, c, d, e, f, g], x: [{many}]}}\n  - y\nrest: {{z: 1}}\n"
    lines = told(tmp_path, files(**{"screening/source/general.yaml": rules}))
    assert sorted(set(lines)) == [
        "&a: anchors are not allowed",
        ": alias `*a` is not allowed",
        "a rule of general: must be a mapping of keys and values",
        "general: `topic: genera` is not the name of its file",
    ]
