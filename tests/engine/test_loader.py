"""A bad rulebook never loads half-way: each mistake is named with its file, line, id and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_rulebooks import CITATIONS, ITEMS, MANIFEST, files, rule, ruleset, write

from screener.engine.loader import RulesetError, load_ruleset, ruleset_from_content
from screener.engine.loader.problems import Problem
from screener.engine.rules import GuideProse
from screener.engine.text import Text

QUESTIONS = "questionnaire/01-only.yaml"
RULES = "screening/source/general.yaml"


def problems(folder: Path, changed: dict[str, Any]) -> list[Problem]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(write(folder, changed))
    return caught.value.problems


def whats(folder: Path, changed: dict[str, Any]) -> list[str]:
    return [f"{problem.where}: {problem.what}" for problem in problems(folder, changed)]


def items(*changed: dict[str, Any]) -> dict[str, Any]:
    return {"section": "only", "title": {"en": "Only"}, "items": [*ITEMS, *changed]}


def when(condition: Any) -> dict[str, Any]:
    return files(rule("r1", condition))


def test_load_ruleset_keeps_what_was_written(tmp_path):
    loaded = load_ruleset(write(tmp_path, files(rule("r1", {"smokes": "yes"}, grade="B"))))
    assert (loaded.id, loaded.version, loaded.languages, loaded.packs) == ("small", "1", ("en",), ("source",))
    assert [item.id for item in loaded.sections[0].items] == [item["id"] for item in ITEMS]
    assert (loaded.rule("r1").cites, loaded.rule("r1").topic) == (("book",), "general")
    assert loaded.citations["book"].title == "A book"


def in_two_languages(document: Any) -> Any:
    """The same with every English text a Spanish one too."""
    if isinstance(document, list):
        return [in_two_languages(part) for part in document]
    if not isinstance(document, dict):
        return document
    if set(document) == {"en"}:
        return {**document, "es": document["en"]}
    return {key: in_two_languages(part) for key, part in document.items()}


@pytest.mark.parametrize(
    ("written", "read"),
    [("B", {"en": "B", "es": "B"}), ({"en": "Grade B", "es": "Grado B"}, {"en": "Grade B", "es": "Grado B"})],
)
def test_a_grade_is_a_string_for_every_language_or_a_text(tmp_path, written, read):
    changed = in_two_languages(files(rule("r1", {"smokes": "yes"}, grade=written)))
    changed["manifest.yaml"] = {**MANIFEST, "languages": ["en", "es"]}
    loaded = load_ruleset(write(tmp_path, changed))
    assert loaded.rule("r1").grade == Text(read)
    assert json.loads(loaded.content)["rules"][0]["grade"] == written


def test_canonical_ruleset_loads_again_to_the_same_hash(tmp_path):
    loaded = load_ruleset(write(tmp_path, files(rule("r1", {"heart": {"none_of": ["angina"]}}))))
    again = ruleset_from_content(loaded.content)
    assert (again.hash, again.content) == (loaded.hash, loaded.content)
    assert again.rules == loaded.rules


def test_hash_leaves_out_examples_review_dates_and_approvals(tmp_path):
    plain = load_ruleset(write(tmp_path / "a", files(rule("r1", {"smokes": "yes"}))))
    example = {"answers": {"smokes": "yes"}, "expect": "raised"}
    more = files(rule("r1", {"smokes": "yes"}, examples=[example], review_by="2027-01-01"))
    more["manifest.yaml"] = {**MANIFEST, "approvals": [{"who": "A clinician", "date": "2026-01-01"}]}
    other = load_ruleset(write(tmp_path / "b", more))
    changed = load_ruleset(write(tmp_path / "c", files(rule("r1", {"smokes": "no"}))))
    assert (other.hash == plain.hash, changed.hash == plain.hash) == (True, False)


def test_yaml_words_of_version_1_1_stay_text(tmp_path):
    changed = files(rule("r1", {"smokes": "yes"}))
    changed[RULES] = """
topic: general
rules:
  - {id: r1, kind: risk, severity: mention, when: {smokes: no}, patient: {en: on}, cites: [book], grade: 12:30}
"""
    loaded = load_ruleset(write(tmp_path, changed))
    assert (loaded.rule("r1").patient.in_language("en"), loaded.rule("r1").grade) == ("on", Text({"en": "12:30"}))
    assert loaded.rule("r1").when.codes == ("no",)


def test_a_spanish_text_is_wanted_only_where_the_manifest_says_so(tmp_path):
    changed = files()
    changed["manifest.yaml"] = {**MANIFEST, "languages": ["en", "es"]}
    found = whats(tmp_path, changed)
    assert "only title: the text in `es` is missing" in found
    assert "r1 patient: the text in `es` is missing" in found


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("topic: general\nrules: [", "not YAML"),
        ("topic: general\ntopic: general\nrules: []", "stands twice in one mapping"),
        ("topic: &a general\nrules: *a", "alias `*a` is not allowed"),
        ("topic: &a general\nrules: []", "anchors are not allowed"),
        ("topic: !!str general\nrules: []", "tags are not allowed"),
        ("topic: general\nrules: []\n---\nmore: 1", "holds a second document"),
        ("topic: general\nrules: [{<<: {}}]", "merge keys are not allowed"),
        ("topic: general\nrules: []\nstray: 1", "unknown key `stray`"),
        ("topic: general\nrules: " + "[" * 100_000, "nested more than 100 levels deep"),
        ("# nothing here\n", "the file is empty"),
        ("topic: other\nrules: [{}]", "`topic: other` is not the name of its file"),
        ("- topic", "must be a mapping of keys and values"),
    ],
)
def test_unreadable_yaml_is_named_with_its_file(tmp_path, content, what):
    found = [problem for problem in problems(tmp_path, {**files(), RULES: content}) if problem.file == RULES]
    assert any(problem.what.startswith(what) for problem in found), found


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path):
    write(tmp_path, files())
    (tmp_path / RULES).write_bytes(b"topic: general\nrules: \xff")
    with pytest.raises(RulesetError) as caught:
        load_ruleset(tmp_path)
    assert [(p.file, p.line, p.what) for p in caught.value.problems] == [(RULES, 2, "not UTF-8 text")]


def test_mistakes_of_all_files_come_at_once_with_their_lines(tmp_path):
    changed = files(rule("r1", {"smoks": "yes"}))
    changed[RULES] = (
        "topic: general\nrules:\n  - id: r1\n    kind: danger\n    severity: mention\n    when:\n      smoks: yes\n"
    )
    changed["manifest.yaml"] = {**MANIFEST, "effective": "2026-02-30"}
    changed["notes.yml"] = "x: 1"
    found = {(p.file, p.line, p.what) for p in problems(tmp_path, changed)}
    assert {
        ("manifest.yaml", 1, "is not a date"),
        ("notes.yml", 0, "this file belongs to nothing the manifest or the rulebook format knows"),
        (RULES, 4, "`danger` is not known here"),
        (RULES, 7, "`smoks` is no item, score or connective"),
        (RULES, 3, "`patient` is missing"),
        (RULES, 3, "`cites` is missing"),
    } <= found


@pytest.mark.parametrize("name", ["manifest.yaml", "citations.yaml", QUESTIONS])
def test_a_missing_file_is_a_problem(tmp_path, name):
    left = {path: content for path, content in files().items() if path != name}
    assert any("missing" in what or "no file" in what for what in whats(tmp_path, left))


def test_what_the_guide_says_of_itself_is_read_and_may_be_left_out(tmp_path):
    said = load_ruleset(write(tmp_path, files(**{"prose.yaml": {"guide": {"title": {"en": "Thinking?"}}}}))).prose.guide
    assert said == GuideProse(title=Text({"en": "Thinking?"}))


def test_scores_and_prose_may_be_absent(tmp_path):
    assert load_ruleset(write(tmp_path, files(**{"scores.yaml": None}))).scores == {}


def test_a_missing_pack_folder_is_a_problem(tmp_path):
    changed = {**files(), "manifest.yaml": {**MANIFEST, "packs": ["source", "second"]}}
    assert whats(tmp_path, changed) == ["second: this pack has no folder"]


def test_a_folder_that_does_not_exist_is_a_problem(tmp_path):
    with pytest.raises(RulesetError, match="there is no such folder"):
        load_ruleset(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "stray",
    ["screening/source/more.yml", "screening/third/general.yaml", "questionnaire/02-second.yaml", "cases/a.txt"],
)
def test_a_stray_file_is_refused(tmp_path, stray):
    found = problems(tmp_path, {**files(), stray: "topic: general"})
    assert [problem.file for problem in found] == [stray]


def test_dot_files_are_left_alone(tmp_path):
    assert load_ruleset(write(tmp_path, {**files(), ".git/config": "x", "cases/.keep": "x"})).id == "small"


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ({}, "a condition is a mapping of exactly one key"),
        ({"smokes": "yes", "heart": "angina"}, "a condition is a mapping of exactly one key"),
        ([], "a condition is a mapping of exactly one key"),
        ({"all": []}, "the list is empty"),
        ({"smokes": []}, "the list is empty"),
        ({"answered": "smokes"}, "`answered` is no item, score or connective"),
        ({"smokes": True}, "`true` is a boolean, not an answer to `smokes`"),
        ({"smokes": "maybe"}, "`maybe` is not a choice of `smokes`"),
        ({"smokes": "not_sure"}, "`not_sure` is unknown, not an answer to test"),
        ({"smokes": "none"}, "`none` is not a choice of `smokes`"),
        ({"heart": "hypertention"}, "`hypertention` is not a choice of `heart`"),
        ({"heart": {"any_of": ["angina"]}}, "operator `any_of` does not fit the multi item `heart`"),
        ({"control": {"all_of": ["good"]}}, "`all_of` does not fit the choice item `control`, which has one answer"),
        ({"smokes": {"gte": 1}}, "operator `gte` does not fit the yes_no item `smokes`"),
        ({"pressure": "high"}, "`pressure` is a number item and needs a comparison"),
        ({"pressure": {"gte": "7"}}, "must be a number"),
        ({"pressure": {"gte": 261}}, "261 lies outside the range of `pressure`"),
        ({"pressure": {"between": [200, 100]}}, "between 200 and 100 lies nothing"),
        ({"pressure": {"between": [100]}}, "`between` takes two numbers"),
        ({"pressure": {"ge": 100}}, "operator `ge` does not fit the number item `pressure`"),
        ({"mood": "high"}, "`mood` is a score and needs a comparison"),
        ({"words": "yes"}, "`words` is a text item, which stands in no condition"),
        ({"since": "2026-01-01"}, "`since` is a date item, which stands in no condition"),
        ({"at_least": {"n": 0, "of": [{"smokes": "yes"}]}}, "must be a whole number of at least 1"),
        ({"at_least": {"n": 2, "of": [{"smokes": "yes"}]}}, "at_least asks for 2 of only 1 conditions"),
        ({"all": [{"always": True}]}, "`always` cannot be part of a condition"),
        ({"always": False}, "`always` takes only `true`"),
    ],
)
def test_a_wrong_condition_is_named(tmp_path, condition, what):
    found = problems(tmp_path, when(condition))
    assert [problem.what for problem in found] == [what]
    assert all(problem.file == RULES and problem.where == "r1" and problem.mend for problem in found)


def test_a_near_miss_is_suggested(tmp_path):
    (found,) = problems(tmp_path, when({"heart": "hypertention"}))
    assert str(found).endswith("r1: `hypertention` is not a choice of `heart`; did you mean `hypertension`?")


@pytest.mark.parametrize("threshold", [{"gte": 60}, {"lt": 60}, {"gt": 260}, {"between": [60, 260]}])
def test_a_threshold_on_the_edge_of_the_range_is_fine(tmp_path, threshold):
    assert len(load_ruleset(write(tmp_path, when({"pressure": threshold}))).rules) == 1


@pytest.mark.parametrize(
    ("item", "what"),
    [
        ({"id": "Bad", "type": "yes_no", "text": {"en": "x"}}, "Bad: is no valid id"),
        ({"id": "x" * 61, "type": "yes_no", "text": {"en": "x"}}, f"{'x' * 61}: is no valid id"),
        ({"id": "data", "type": "yes_no", "text": {"en": "x"}}, "data: is a reserved word"),
        ({"id": "validate_x", "type": "yes_no", "text": {"en": "x"}}, "validate_x: is a reserved word"),
        ({"id": "smokes", "type": "yes_no", "text": {"en": "x"}}, "smokes: this id is used twice"),
        ({"id": "x", "type": "slider", "text": {"en": "x"}}, "x: `slider` is not known here"),
        ({"id": "x", "type": "choice", "text": {"en": "x"}}, "x: a choice item needs choices"),
        ({"id": "x", "type": "yes_no", "text": {"en": " "}}, "x text (en): the text is empty"),
        ({"id": "x", "type": "yes_no", "text": {"en": 5}}, "x text (en): must be text"),
        (
            {"id": "x", "type": "yes_no", "text": {"en": "x", "fr": "x"}},
            "x text: language `fr` is not one of the manifest's",
        ),
        ({"id": "x", "type": "yes_no", "text": {"en": "x"}, "min": 1}, "x: `min` does not fit a yes_no item"),
        ({"id": "x", "type": "text", "text": {"en": "x"}, "unsure": True}, "x: `unsure` does not fit a text item"),
        ({"id": "x", "type": "yes_no", "text": {"en": "x"}, "unsure": "no"}, "x unsure: must be true or false"),
        ({"id": "x", "type": "number", "text": {"en": "x"}, "min": 5, "max": 1}, "x: min 5 is greater than max 1"),
        ({"id": "x", "type": "number", "text": {"en": "x"}, "min": 5}, "x: `max` is missing"),
        (
            {"id": "x", "type": "choice", "text": {"en": "x"}, "choices": {"none": {"en": "x"}}},
            "none: is a reserved word",
        ),
        (
            {
                "id": "x",
                "type": "choice",
                "text": {"en": "x"},
                "choices": {"a": {"en": "x"}},
                "points": {"b": 1, "a": 0},
            },
            "x: points for `b`, which is no choice",
        ),
        (
            {"id": "x", "type": "yes_no", "text": {"en": "x"}, "enabled_when": {"x": "yes"}},
            "x: `x` is not asked before this item",
        ),
        (
            {"id": "x", "type": "yes_no", "text": {"en": "x"}, "enabled_when": {"always": True}},
            "x: `always` cannot be part of a condition",
        ),
    ],
)
def test_a_wrong_item_is_named(tmp_path, item, what):
    assert what in whats(tmp_path, {**files(), QUESTIONS: items(item)})


def test_a_gate_may_name_earlier_items_and_scores_of_them_but_nothing_later(tmp_path):
    gated = {"id": "last", "type": "yes_no", "text": {"en": "x"}, "enabled_when": {"mood": {"gte": 3}}}
    assert "last" in load_ruleset(write(tmp_path / "a", {**files(), QUESTIONS: items(gated)})).items
    first = {"section": "only", "title": {"en": "Only"}, "items": [gated, *ITEMS]}
    found = whats(tmp_path / "b", {**files(), QUESTIONS: first})
    assert found == ["last: `mood` is not asked before this item"]


@pytest.mark.parametrize(
    ("scores", "what"),
    [
        ({"s": {"sum": ["smokes"]}}, "s: `smokes` is neither a number item nor has points"),
        ({"s": {"sum": ["nothing"]}}, "s: `nothing` is no item, score or connective"),
        ({"s": {"sum": []}}, "s: the list is empty"),
        ({"s": {"product": ["low"]}}, "s: unknown key `product`"),
        ({"s": {"sum": ["low"], "mean": ["low"]}}, "s: a score has exactly one of sum, mean, count"),
        ({"smokes": {"sum": ["low"]}}, "smokes: `smokes` is the id of an item already"),
        (
            {"s": {"count": [{"t": {"gte": 1}}]}, "t": {"sum": ["low"]}},
            "s: `t` is a score, and scores are not made of scores",
        ),
    ],
)
def test_a_wrong_score_is_named(tmp_path, scores, what):
    assert what in whats(tmp_path, {**files(), "scores.yaml": scores})


def test_parts_of_a_sum_have_the_same_gate(tmp_path):
    gated = {"id": "more", "type": "number", "min": 0, "max": 9, "text": {"en": "x"}, "enabled_when": {"smokes": "yes"}}
    changed = {**files(), QUESTIONS: items(gated), "scores.yaml": {"s": {"sum": ["low", "more"]}}}
    assert whats(tmp_path, changed) == ["s: the parts of this sum have different gates"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"cites": []}, "r1 cites: the list is empty"),
        ({"cites": ["bok"]}, "r1: citation `bok` does not exist"),
        ({"severity": "high"}, "r1 severity: `high` is not known here"),
        ({"kind": "danger"}, "r1 kind: `danger` is not known here"),
        ({"patient": "words"}, "r1 patient: must have its languages"),
        ({"review_by": "soon"}, "r1 review_by: is not a date"),
        ({"grade": 5}, "r1 grade: must be text"),
        ({"grade": {"en": "B", "fr": "B"}}, "r1 grade: language `fr` is not one of the manifest's"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path, changes, what):
    assert whats(tmp_path, files(rule("r1", {"smokes": "yes"}, **changes))) == [what]


def test_a_rule_id_is_unique_over_all_packs(tmp_path):
    changed = {**files(), "manifest.yaml": {**MANIFEST, "packs": ["source", "second"]}}
    changed["screening/second/general.yaml"] = {"topic": "general", "rules": [rule("r1", {"smokes": "no"})]}
    (found,) = whats(tmp_path, changed)
    assert found.startswith("r1: this rule id is used twice, first at screening/source/general.yaml")


def test_a_citation_says_how_it_was_verified(tmp_path):
    changed = {**files(), "citations.yaml": {"book": {**CITATIONS["book"], "verified": "perhaps"}}}
    assert whats(tmp_path, changed) == ["book: `verified: perhaps` is not known"]


def test_a_questionnaire_that_cannot_be_read_does_not_make_every_rule_wrong_too(tmp_path):
    found = problems(tmp_path, {**files(), QUESTIONS: "section: ["})
    assert {problem.file for problem in found} == {QUESTIONS}


def test_a_stored_text_that_is_no_ruleset_is_refused():
    with pytest.raises(RulesetError, match="is no content of a ruleset"):
        ruleset_from_content("[]")


def test_a_tiny_ruleset_is_enough():
    assert ruleset(rule("r1", {"always": True})).sections[0].items[0].id == "smokes"
