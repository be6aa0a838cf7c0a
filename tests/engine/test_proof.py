"""Proofs of rulebooks: planted defects are found with answers that show them, good rulebooks are quiet, two ways of proving agree."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from small_rulebooks import ITEMS, files, rule, ruleset, write

from screener.cli import cli
from screener.engine import evaluation
from screener.engine.answers import parse_answers
from screener.engine.conditions import Truth
from screener.engine.loader import load_ruleset
from screener.engine.proof import ProofReport, prove
from screener.engine.rules import Ruleset
from screener.engine.wording import sentence
from screener.paths import rules_folder

FIRST = {"severity": "first"}
GUARDED = {"all": [{"heart": "angina"}, {"not": {"heart": "hypertension"}}]}
UNREACHABLE = {
    "id": "ghost",
    "type": "choice",
    "text": {"en": "Never asked?"},
    "enabled_when": {"all": [{"low": "never"}, {"low": "often"}]},
    "choices": {"a": {"en": "A"}, "b": {"en": "B"}},
}


def proved(small: Ruleset, **options: bool) -> ProofReport:
    return prove(small, random.Random(0).randrange, **options)


def told(small: Ruleset, **options: bool) -> list[tuple[str, str, bool]]:
    return [(r.problem.where, r.problem.what, r.is_error) for r in proved(small, **options).refutations]


GOOD = [
    rule("smoker", {"smokes": "yes"}),
    rule("pressure_high", {"pressure": {"gte": 180}}, **FIRST),
    rule("pressure_raised", {"pressure": {"between": [140, 179]}}),
    rule("mood", {"mood": {"gte": 3}}, severity="info", kind="indication"),
    rule("control", {"control": "poor"}, **FIRST),
    rule("trouble", {"trouble": {"gte": 2}}, severity="info"),
    rule("light", {"all": [{"weight": {"lt": 40.5}}, {"mean_mood": {"gt": 1}}]}, **FIRST),
    rule("told_to_all", {"always": True}, severity="info"),
]


@pytest.mark.parametrize("options", [{}, {"use_solver": False}, {"use_tables": False}])
def test_a_good_rulebook_is_quiet(options):
    report = proved(ruleset(*GOOD), **options)
    assert (report.refutations, report.left_out) == ([], [])
    assert report.held > 50


IMPLIED = "is implied by `r2`: it is raised whenever that is"
LOWERS = "turning on `{}` lowers the highest severity from first to mention"


def unraisable(*parts: Any) -> str:
    """What is said of a rule with an impossible condition: which parts of it clash."""
    words = [sentence(small, small.rules[0].when, "en") for small in (ruleset(rule("r1", part)) for part in parts)]
    return (
        f"can never be raised: {'; '.join(words)}: {'are never true together' if len(parts) > 1 else 'is never true'}"
    )


NOTICE = {"kind": "notice", "severity": "first"}
ALL_SAME = {"patient": {"en": "Same."}}

# name: (the rules, the one that fails, what is said of it)
DEFECTS: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "contradiction": (
        [rule("r1", {"all": [{"smokes": "yes"}, {"low": "some"}, {"not": {"smokes": "yes"}}]})],
        "r1",
        unraisable({"smokes": "yes"}, {"not": {"smokes": "yes"}}),
    ),
    "impossible number": (
        [rule("r1", {"pressure": {"gt": 260}})],
        "r1",
        unraisable({"pressure": {"gt": 260}}),
    ),
    "impossible mean": (
        [rule("r1", {"mean_mood": {"gt": 3}})],
        "r1",
        unraisable({"mean_mood": {"gt": 3}}),
    ),
    "unbounded": (
        [rule("r1", {"any": [{"smokes": "yes"}, {"not": {"smokes": "yes"}}]})],
        "r1",
        "can never be not raised",
    ),
    "duplicate": (
        [rule("r1", {"smokes": "yes"}), rule("r2", {"not": {"smokes": "no"}})],
        "r2",
        "is the same as `r1`",
    ),
    "implied": ([rule("r1", {"pressure": {"gte": 140}}), rule("r2", {"pressure": {"gte": 180}})], "r1", IMPLIED),
    "implied through a gate": ([rule("r1", {"heart": "hypertension"}), rule("r2", {"control": "poor"})], "r1", IMPLIED),
    "implied through a score": ([rule("r1", {"mood": {"gte": 3}}), rule("r2", {"interest": "often"})], "r1", IMPLIED),
    "not monotone": (
        [rule("r1", GUARDED, **FIRST), rule("r2", {"heart": "hypertension"})],
        "r1",
        LOWERS.format("heart: hypertension"),
    ),
    "not monotone through none": (
        [rule("r1", {"heart": "none"}, **FIRST), rule("r2", {"heart": "angina"})],
        "r1",
        LOWERS.format("heart: angina"),
    ),
    "not monotone through a choice": (
        [rule("r1", {"all": [{"low": ["never", "some"]}, {"smokes": "yes"}]}, **NOTICE), rule("r2", {"low": "often"})],
        "r1",
        LOWERS.format("low: often"),
    ),
    "not monotone through a count": (
        [rule("r1", {"trouble": {"lt": 1}}, **NOTICE), rule("r2", {"smokes": "yes"})],
        "r1",
        LOWERS.format("smokes: yes"),
    ),
    "not monotone through points": (
        [rule("r1", {"mood": {"lte": 1}}, **NOTICE), rule("r2", {"low": "often"})],
        "r1",
        LOWERS.format("low: often"),
    ),
    "same words for all": (
        [rule("r1", {"always": True}, **ALL_SAME), rule("r2", {"always": True}, **ALL_SAME)],
        "r2",
        "says the same words as `r1`, which is always on as well",
    ),
}


@pytest.mark.parametrize("options", [{}, {"use_solver": False}, {"use_tables": False}])
@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found_by_every_way_of_proving(name, options):
    rules, where, what = DEFECTS[name]
    assert told(ruleset(*rules), **options) == [(where, what, True)]


def screened(folder: Path, document: Any) -> dict[str, Any]:
    """What the command says of a document, as JSON."""
    done = CliRunner().invoke(cli, ["screen", "-", "--json", "--rules", str(folder)], input=json.dumps(document))
    assert done.exit_code == 0
    result = json.loads(done.stdout)
    raised = {f["rule"] for f in result["findings"] if f["outcome"] == "raised"}
    return {"raised": raised, "severity": result["severity"]["raised"], "dropped": result["dropped"]}


def checked(tmp_path: Path, *rules: dict[str, Any], **changes: Any) -> tuple[Path, list[dict[str, Any]]]:
    """A rulebook as `rules check` reads it, and the documents it prints for the one proof that fails."""
    folder = write(tmp_path / "rules", files(*rules, **changes))
    done = CliRunner().invoke(cli, ["rules", "check", "--rules", str(folder)])
    assert done.exit_code == 1
    shown = [line for line in done.stderr.splitlines() if line.startswith(("  answers: ", "  before: ", "  after: "))]
    return folder, [json.loads(line.split(": ", 1)[1]) for line in shown]


def test_a_contradiction_is_shown_by_answers_that_come_near_and_still_do_not_raise_it(tmp_path):
    when = {"all": [{"smokes": "yes"}, {"pressure": {"gte": 180}}, {"pressure": {"lt": 100}}]}
    folder, documents = checked(tmp_path, rule("r1", when))
    assert len(documents) == 1
    assert documents[0]["smokes"] == "yes"
    assert screened(folder, documents[0])["raised"] == set()


@pytest.mark.parametrize("name", ["duplicate", "implied", "implied through a gate", "implied through a score"])
def test_a_rule_told_twice_is_shown_by_the_fewest_answers_that_raise_both(tmp_path, name):
    folder, documents = checked(tmp_path, *DEFECTS[name][0])
    assert len(documents) == 1
    assert screened(folder, documents[0])["raised"] == {"r1", "r2"}


@pytest.mark.parametrize("name", [name for name in DEFECTS if name.startswith("not monotone")])
def test_a_lower_severity_is_shown_by_answers_before_and_after(tmp_path, name):
    folder, (before, after) = checked(tmp_path, *DEFECTS[name][0])
    assert screened(folder, before)["severity"] == "first"
    assert screened(folder, after)["severity"] == "mention"
    changed = {item for item in before | after if before.get(item) != after.get(item)}
    assert len(changed) == 1


def test_an_item_behind_an_impossible_gate_is_shown_by_answers_that_are_set_aside(tmp_path):
    section = {"section": "only", "title": {"en": "Only"}, "items": [*ITEMS, UNREACHABLE]}
    rules = [rule("r1", {"smokes": "yes"})]
    folder, documents = checked(tmp_path, *rules, **{"questionnaire/01-only.yaml": section})
    assert len(documents) == 1
    assert screened(folder, documents[0])["dropped"] == ["ghost"]
    ghost = [problem for problem in told(load_ruleset(folder)) if problem[0] == "ghost"]
    assert [what.split(":")[0] for _, what, _ in ghost] == ["can never be asked, nor any choice of it"]


def test_a_rule_over_an_unreachable_item_can_never_be_raised():
    small = ruleset(rule("r1", {"ghost": "a"}), items=[*ITEMS, UNREACHABLE])
    assert [where for where, _, _ in told(small)] == ["r1", "ghost"]


def test_what_is_said_to_be_known_is_no_error():
    same = [rule("r1", {"smokes": "yes"}, also=["r2"]), rule("r2", {"smokes": "yes"})]
    entry = {"item": "heart", "code": "hypertension", "by": "A. Reviewer", "reason": "Another rule covers it."}
    lowered = [rule("r3", GUARDED, non_monotone=[entry], **FIRST), rule("r4", {"heart": "hypertension"})]
    assert told(loaded(*same)) == []
    assert told(loaded(*lowered)) == []


def loaded(*rules: dict[str, Any]) -> Ruleset:
    return ruleset(*rules)


def test_what_is_said_to_be_known_and_is_not_so_is_a_warning():
    entry = {"item": "heart", "code": "angina", "by": "A. Reviewer", "reason": "None."}
    rules = [rule("r1", {"smokes": "yes"}, also=["r2"]), rule("r2", {"heart": "angina"}, non_monotone=[entry])]
    assert told(loaded(*rules)) == [
        ("r1", "`also` names `r2`, which can be raised without it", False),
        ("r2", "`non_monotone` lists `heart: angina`, which lowers nothing here", False),
    ]


def test_an_entry_of_non_monotone_that_is_no_risk_answer_is_an_error():
    entry = {"item": "heart", "code": "none", "by": "A. Reviewer", "reason": "None."}
    small = loaded(rule("r1", {"smokes": "yes"}, non_monotone=[entry]))
    assert told(small) == [("r1", "`non_monotone` names `heart: none`, which is no risk answer", True)]


@pytest.mark.parametrize(
    ("when", "part"),
    [
        (
            {"any": [{"smokes": "yes"}, {"heart": {"all_of": ["none", "angina"]}}]},
            "a part of its condition is never true: the answers to “Any of these?” include all of these: “None of these”, “Chest pain”",
        ),
        (
            {"any": [{"heart": "angina"}, {"all": [{"smokes": "yes"}, {"not": {"smokes": "yes"}}]}]},
            "a part of its condition is never true: the answer to “Do you smoke?” is “Yes”, and the answer to “Do you smoke?” is not “Yes”",
        ),
        (
            {"all": [{"heart": "angina"}, {"smokes": ["yes", "no"]}]},
            "a part of its condition is never false: the answer to “Do you smoke?” is “Yes” or “No”",
        ),
    ],
)
def test_a_part_of_a_condition_that_decides_nothing_is_an_error(when, part):
    assert told(loaded(rule("r1", when))) == [("r1", part, True)]


def test_parts_of_gates_and_counts_are_held_to_decide_something():
    clash = {"all": [{"smokes": "yes"}, {"smokes": "no"}]}
    late = {
        "id": "late",
        "type": "yes_no",
        "text": {"en": "Late?"},
        "enabled_when": {"any": [{"heart": "angina"}, clash]},
    }
    small = ruleset(items=[*ITEMS, late], scores={"odd": {"count": [{"any": [{"heart": "angina"}, clash]}]}})
    assert [(where, what.split(":")[0]) for where, what, _ in told(small)] == [
        ("late", "a part of its condition is never true"),
        ("odd", "a part of its condition is never true"),
    ]


def test_a_change_of_mind_between_two_risk_answers_is_no_turning_on():
    small = ruleset(rule("r1", {"low": "often"}, **FIRST), rule("r2", {"low": "some"}))
    assert told(small) == []


def test_a_severity_that_everyone_has_cannot_be_lowered():
    everyone = rule("r3", {"always": True}, **FIRST)
    assert told(ruleset(rule("r1", GUARDED, **FIRST), rule("r2", {"heart": "hypertension"}), everyone)) == []


def test_an_unknown_counted_as_a_no_is_found(monkeypatch):
    """The proofs hold the interpreter itself to the logic: a planted "default: no" does not pass."""
    honest = evaluation.has_code

    def careless(*arguments: Any) -> Truth:
        return Truth.FALSE if honest(*arguments) is Truth.UNKNOWN else honest(*arguments)

    monkeypatch.setattr(evaluation, "has_code", careless)
    small = ruleset(rule("r1", {"smokes": "yes"}))
    what = "replacing `smokes` by not sure turns raised into not raised"
    report = proved(small)
    assert [refutation.problem.what for refutation in report.refutations] == [what]
    assert report.refutations[0].documents == ({"smokes": "yes"}, {"smokes": "not_sure"})


def test_what_is_too_large_without_the_solver_is_left_out_by_name():
    codes = {f"c{number}": {"en": "x"} for number in range(13)}
    many = {"id": "many", "type": "multi", "text": {"en": "Many?"}, "choices": codes, "none": {"en": "None"}}
    small = ruleset(rule("r1", {"many": {"all_of": list(codes)}}), items=[many], scores={})
    assert "r1: can be raised" in proved(small, use_solver=False).left_out
    assert (proved(small).left_out, proved(small).refutations) == ([], [])


def test_decimals_and_sums_are_proved_exactly():
    items = [
        {"id": "a", "type": "number", "min": 0, "max": 1, "text": {"en": "A?"}},
        {"id": "b", "type": "number", "min": 0, "max": 1, "text": {"en": "B?"}},
    ]
    rules = [
        rule("exact", {"all": [{"s": {"eq": 1.5}}, {"a": {"lt": 0.5000001}}, {"a": {"gt": 0.5}}]}),
        rule("never", {"all": [{"s": {"gte": 1.5}}, {"a": {"lt": 0.5}}]}, severity="info"),
    ]
    report = proved(ruleset(*rules, items=items, scores={"s": {"sum": ["a", "b"]}}))
    assert [(r.problem.where, r.problem.what.split(":")[0]) for r in report.refutations] == [
        ("never", "can never be raised")
    ]


def test_every_document_a_proof_shows_is_a_valid_answer_document():
    for rules, _, _ in DEFECTS.values():
        small = ruleset(*rules)
        for refutation in proved(small).refutations:
            assert refutation.documents
            for document in refutation.documents:
                assert parse_answers(small, document) == document


@pytest.mark.parametrize("options", [{}, {"use_solver": False}])
def test_the_shipped_rulebook_is_proved_whole(options):
    report = proved(load_ruleset(rules_folder()), **options)
    assert report.errors == []
    assert report.left_out == [] or options


def test_proofs_repeat_exactly():
    small = ruleset(*DEFECTS["not monotone"][0])
    assert proved(small) == proved(small)
