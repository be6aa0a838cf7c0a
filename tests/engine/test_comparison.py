"""What changed in meaning, in plain words, and how many documents it concerns."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from click.testing import CliRunner, Result
from small_rulebooks import CITATIONS, ITEMS, MANIFEST, SCORES, files, rule, ruleset, write

from screener.commands.rules import command
from screener.engine.comparison import compare
from screener.engine.impact import Impact
from screener.engine.loader import load_ruleset
from screener.engine.rules import Outcome, Ruleset, Severity

SMOKES = rule("r1", {"smokes": "yes"})


def told(old: Ruleset, new: Ruleset) -> list[tuple[str, str, str, dict[str, str], dict[str, str]]]:
    return [(c.sort, c.id, c.verb, dict(c.old), dict(c.new)) for c in compare(old, new)]


def of_rule(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    ((_, _, verb, old, new),) = told(ruleset(before), ruleset(after))
    assert verb == "changed"
    return old, new


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ({"severity": "first"}, {"severity": "mention"}, {"severity": "first"}),
        ({"kind": "route"}, {"kind": "risk"}, {"kind": "route"}),
        ({"patient": {"en": "Other."}}, {"patient (en)": "About r1."}, {"patient (en)": "Other."}),
        ({"grade": "B"}, {"grade": "nothing"}, {"grade": "B"}),
        ({"grade": {"en": "B"}}, {"grade": "nothing"}, {"grade": "B"}),
        ({"clinician": "Note."}, {"clinician": "nothing"}, {"clinician": "Note."}),
        ({"ask": {"en": "Why?"}}, {"ask (en)": "nothing"}, {"ask (en)": "Why?"}),
        ({"topic": "other"}, {"topic": "general"}, {"topic": "other"}),
        (
            {"when": {"smokes": "no"}},
            {"condition": "the answer to “Do you smoke?” is “Yes”"},
            {"condition": "the answer to “Do you smoke?” is “No”"},
        ),
    ],
)
def test_a_changed_rule_is_told_by_what_differs(change, old, new):
    assert of_rule(SMOKES, {**SMOKES, **change}) == (old, new)


@pytest.mark.parametrize(
    "change",
    [
        {"when": {"smokes": ["yes"]}},
        {"patient": {"en": "About\n  r1."}},
        {"review_by": "2030-01-01"},
        {"examples": [{"answers": {}, "expect": "could_not_assess"}]},
    ],
)
def test_what_changes_no_meaning_is_not_told(tmp_path, change):
    before = load_ruleset(write(tmp_path / "old", files(SMOKES)))
    after = load_ruleset(
        write(tmp_path / "new", {**files({**SMOKES, **change}), "manifest.yaml": {**MANIFEST, "version": "2"}})
    )
    assert compare(before, after) == []


def test_added_and_removed_rules_are_told_whole():
    added, removed = told(ruleset(SMOKES), ruleset(rule("r2", {"always": True})))
    assert (added[:3], added[3], removed[:3], removed[4]) == (
        ("rule", "r2", "added"),
        {},
        ("rule", "r1", "removed"),
        {},
    )
    assert added[4] == {
        "pack": "source", "topic": "general", "kind": "risk", "severity": "mention",
        "condition": "always, for everyone", "patient (en)": "About r2.", "citations": "book",
    }  # fmt: skip


def test_choices_of_the_same_words_are_told_by_their_codes():
    items = copy.deepcopy(ITEMS)
    items[2]["choices"]["bad"] = items[2]["choices"]["poor"]
    old = ruleset(rule("r1", {"control": "poor"}), items=items)
    new = ruleset(rule("r1", {"control": "bad"}), items=items)
    ((_, _, _, was, now),) = told(old, new)
    assert (was, now) == ({"condition": "control: [poor]"}, {"condition": "control: [bad]"})


def test_questions_scores_and_prose_are_told():
    items = copy.deepcopy(ITEMS)
    items[0]["text"] = {"en": "Do you smoke now?"}
    items[2]["enabled_when"] = {"heart": ["hypertension", "angina"]}
    items[3] |= {"max": 240}
    items[5]["points"]["often"] = 2
    del items[9]
    scores = {**SCORES, "mood": {"sum": ["low"]}}
    old = ruleset(SMOKES, summary={"bring": [{"en": "A"}, {"en": "C"}]})
    new = ruleset(SMOKES, items=items, scores=scores, summary={"bring": [{"en": "A"}, {"en": "B"}, {"en": "C"}]})
    changes = {(sort, name, verb): (was, now) for sort, name, verb, was, now in told(old, new)}
    assert list(changes) == [
        ("section", "only", "changed"),
        ("item", "smokes", "changed"),
        ("item", "control", "changed"),
        ("item", "pressure", "changed"),
        ("item", "low", "changed"),
        ("item", "note", "removed"),
        ("score", "mood", "changed"),
        ("prose", "summary.bring: B", "added"),
    ]
    assert changes["item", "pressure", "changed"] == (
        {"range": "60 to 260, whole numbers"},
        {"range": "60 to 240, whole numbers"},
    )
    assert changes["item", "low", "changed"][1] == {"points": "never 0, some 1, often 2"}
    assert changes["item", "control", "changed"][1] == {
        "asked when": "the answers to “Any of these?” include “High blood pressure” or “Chest pain”"
    }


def test_citations_are_told(tmp_path):
    old = load_ruleset(write(tmp_path / "old", files(SMOKES)))
    cited = {"book": {**CITATIONS["book"], "verified": "secondary", "lines": [4, 7]}}
    new = load_ruleset(write(tmp_path / "new", {**files(SMOKES), "citations.yaml": cited}))
    assert told(old, new) == [
        (
            "citation",
            "book",
            "changed",
            {"verified": "primary", "lines": "nothing"},
            {"verified": "secondary", "lines": "4, 7"},
        )
    ]


def test_impact_counts_findings_gained_and_lost():
    old = ruleset(SMOKES, rule("gone", {"low": "often"}, severity="first"))
    new = ruleset(rule("r1", {"heart": "angina"}), rule("fresh", {"low": "often"}, severity="urgent"))
    impact = Impact(old, new)
    impact.add({"smokes": "yes", "heart": ["none"], "low": "never"}, "Ann")
    impact.add({"smokes": "no", "heart": ["angina"], "low": "often"}, "Bob")
    impact.add({"smokes": "no", "heart": ["none"], "low": "never"}, "Cho")
    impact.add({"smokes": "not_sure", "heart": ["none"], "low": "never"})
    assert (impact.documents, impact.changed, impact.cut) == (4, 3, 0)
    assert {name: (dict(rule.gained), dict(rule.lost), rule.names) for name, rule in impact.rules.items()} == {
        "r1": ({Outcome.RAISED: 1}, {Outcome.RAISED: 1, Outcome.COULD_NOT_ASSESS: 1}, ["Ann", "Bob"]),
        "fresh": ({Outcome.RAISED: 1}, {}, ["Bob"]),
        "gone": ({}, {Outcome.RAISED: 1}, ["Bob"]),
    }
    assert dict(impact.severities) == {(Severity.MENTION, None): 1, (Severity.FIRST, Severity.URGENT): 1}


def test_impact_leaves_out_answers_that_a_side_does_not_know():
    new = ruleset(rule("r1", {"low": "often"}), items=[item for item in ITEMS if item["id"] != "smokes"], scores={})
    impact = Impact(ruleset(SMOKES), new)
    impact.add({"smokes": "yes", "low": "never"})
    assert (impact.cut, dict(impact.rules["r1"].lost)) == (1, {Outcome.RAISED: 1})


CASE = {"name": "Ann", "story": "Smokes.", "answers": {"smokes": "yes"}, "raised": ["r1"], "could_not_assess": []}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["diff", *(str(argument) for argument in arguments)])


def test_the_command_exits_0_where_only_the_version_changed(tmp_path):
    old = write(tmp_path / "old", files(SMOKES))
    new = write(tmp_path / "new", {**files(SMOKES), "manifest.yaml": {**MANIFEST, "version": "2"}})
    done = run(old, new)
    assert (done.exit_code, done.stdout.splitlines()[1:], done.stderr) == (0, ["No change in meaning."], "")


def test_the_command_tells_changes_and_impact_and_exits_1(tmp_path):
    old = write(tmp_path / "old", {**files(SMOKES), "cases/ann.yaml": CASE})
    new = write(tmp_path / "new", {**files(rule("r1", {"smokes": "no"}, severity="first")), "cases/ann.yaml": CASE})
    done = run(old, new, "--synthetic", 100)
    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout.splitlines()[1:11] == [
        "",
        "Rules: 1 changed",
        "~ r1",
        "    severity: mention -> first",
        "    condition: the answer to “Do you smoke?” is “Yes” -> the answer to “Do you smoke?” is “No”",
        "",
        "Of 1 shipped cases, 1 come out otherwise",
        "    highest severity raised: mention -> none: 1",
        "    r1 [first]: 1 lose it (ann)",
        "",
    ]
    assert done.stdout.splitlines()[11].startswith("Of 100 synthetic documents, ")
    assert run(old, new, "--synthetic", 100).stdout == done.stdout  # the same each time


def test_without_synthetic_documents_only_cases_are_tried(tmp_path):
    old, new = write(tmp_path / "old", files(SMOKES)), write(tmp_path / "new", files(rule("r1", {"smokes": "no"})))
    assert "documents" not in run(old, new, "--synthetic", 0).stdout


@pytest.mark.parametrize("name", ["nothing", "deadbeef"])
def test_the_command_exits_2_where_a_side_is_not_there(tmp_path, name):
    done = run(write(tmp_path / "old", files(SMOKES)), name, "--instance", tmp_path / "instance")
    assert (done.exit_code, done.stdout, done.stderr.startswith("Error: ")) == (2, "", True)


def test_the_command_exits_2_where_a_side_does_not_load(tmp_path):
    bad = write(tmp_path / "new", files(rule("r1", {"smoks": "yes"})))
    done = run(write(tmp_path / "old", files(SMOKES)), bad)
    assert (done.exit_code, "`smoks` is no item" in done.stderr) == (2, True)
