"""Conflicts: read with every mistake told, true only of what is known, kept in the content only where there are any, and proved."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from random_answers import documents
from small_rulebooks import CITATIONS, ITEMS, MANIFEST, SCORES, files, rule, ruleset, write

from screener.commands.rules import command
from screener.engine.comparison import compare
from screener.engine.conditions import Truth
from screener.engine.conflicts import standing_conflicts
from screener.engine.evaluation import Evaluation
from screener.engine.loader import RulesetError, load_ruleset, ruleset_from_content
from screener.engine.proof import prove
from screener.paths import rules_folder

SMOKES = {
    "id": "smokes_but_good",
    "when": {"all": [{"smokes": "yes"}, {"control": "good"}]},
    "text": {"en": "You smoke. All is good. Both can be true. Is one a slip?"},
    "items": ["smokes", "control"],
}
CASE = {"name": "Ann", "story": "x", "answers": {"smokes": "yes"}, "raised": ["r1"], "could_not_assess": []}


def folder(path: Path, *conflicts: Any, **changes: Any) -> Path:
    return write(path, files(**{"conflicts.yaml": list(conflicts) or [SMOKES], **changes}))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def told(path: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    return [str(problem) for problem in caught.value.problems]


def conflict(**changes: Any) -> dict[str, Any]:
    """A good conflict, some of it changed; None leaves a key out."""
    return {key: part for key, part in {**SMOKES, **changes}.items() if part is not None}


def test_a_conflict_is_read_with_its_place(tmp_path):
    (found,) = load_ruleset(folder(tmp_path)).conflicts
    assert (found.id, found.items, str(found.place)) == ("smokes_but_good", ("smokes", "control"), "conflicts.yaml:1")
    assert found.text.by_language == SMOKES["text"]


def test_a_rulebook_without_the_file_has_none(tmp_path):
    assert load_ruleset(write(tmp_path, files())).conflicts == ()


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ([], "conflicts: the list is empty; add an entry, or remove the key"),
        ({"smokes_but_good": SMOKES}, "conflicts: must be a list; write `- ` before each entry, or `[a, b]`"),
        ([conflict(when=None)], "smokes_but_good: `when` is missing; add `when:`"),
        ([conflict(items=None)], "smokes_but_good: `items` is missing; add `items:`"),
        ([conflict(items=[])], "smokes_but_good items: the list is empty; add an entry, or remove the key"),
        ([conflict(severity="first")], "smokes_but_good: unknown key `severity`; the keys here are id, when, text, items"),
        ([conflict(id="Smokes")], "Smokes: is no valid id; write a letter, then letters, digits and _ in lower case, 60 at most"),
        ([conflict(id="always")], "always: is a reserved word; choose another id"),
        (
            [conflict(when={"always": True})],
            "smokes_but_good: `always` is no conflict: nobody's answers would be in agreement; say which answers hardly go together",
        ),
        (
            [conflict(when={"all": [{"smokes": "yes"}, {"always": True}]})],
            "smokes_but_good: `always` cannot be part of a condition; make it the whole `when` of a rule",
        ),
        ([conflict(when={"smoks": "yes"})], "smokes_but_good: `smoks` is no item, score or connective; did you mean `smokes`?"),
        ([conflict(items=["smoks"])], "smokes_but_good items: `smoks` is no item; did you mean `smokes`?"),
        ([conflict(items=["mood"])], "smokes_but_good items: `mood` is a score, which nobody answers; name the items it is made of"),
        (
            [conflict(items=["smokes", "note"])],
            "smokes_but_good items: `note` only shows text and takes no answer; name an item that is answered",
        ),
        ([conflict(items=["smokes", "smokes"])], "smokes_but_good items: `smokes` stands twice; keep one"),
        ([conflict(text={"en": ""})], "smokes_but_good text (en): the text is empty; write the text, or remove the key"),
        (
            [conflict(text={"en": "x", "es": "x"})],
            "smokes_but_good text: language `es` is not one of the manifest's; the manifest's languages are en",
        ),
        (
            [SMOKES, conflict()],
            "smokes_but_good: this conflict id is used twice, first at conflicts.yaml:1; choose another id",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_how_to_mend_it(tmp_path, written, problem):
    assert told(write(tmp_path, files(**{"conflicts.yaml": written}))) == [f"conflicts.yaml:1: {problem}"]


def test_all_mistakes_come_at_once_and_with_those_of_other_files(tmp_path):
    path = folder(
        tmp_path,
        conflict(when={"smokes": "maybe"}, items=["pulse"]),
        conflict(id="two", text={}),
        **{"citations.yaml": {"book": {"source": "book", "title": "A book", "verified": "never"}}},
    )
    assert [line.split(": ", 2)[1] for line in told(path)] == [
        "book",
        "smokes_but_good",
        "smokes_but_good items",
        "two text",
    ]


def test_a_broken_item_is_told_once_whatever_conflict_names_it(tmp_path):
    items = [{**ITEMS[0], "type": "yesno"}, *ITEMS[1:]]
    section = {"section": "only", "title": {"en": "Only"}, "items": items}
    path = folder(
        tmp_path,
        **{
            "questionnaire/01-only.yaml": section,
            "scores.yaml": None,
            "screening/source/general.yaml": {"topic": "general", "rules": [rule("r1", {"low": "often"})]},
        },
    )
    assert ["`yesno` is not known here" in line for line in told(path)] == [True]


@pytest.mark.parametrize(
    ("answers", "stands"),
    [
        ({"smokes": "yes", "heart": ["hypertension"], "control": "good"}, True),
        ({"smokes": "yes", "heart": ["hypertension"], "control": "poor"}, False),
        ({"smokes": "yes", "heart": ["hypertension"], "control": "not_sure"}, False),
        ({"smokes": "declined", "heart": ["hypertension"], "control": "good"}, False),
        ({"smokes": "yes", "heart": ["none"], "control": "good"}, False),
        ({"smokes": "yes", "control": "good"}, False),
        ({}, False),
    ],
)
def test_only_what_is_known_is_in_conflict(tmp_path, answers, stands):
    loaded = load_ruleset(folder(tmp_path))
    assert [found.id for found in standing_conflicts(loaded, answers)] == ["smokes_but_good"] * stands


def test_conflicts_stand_in_the_order_of_the_file(tmp_path):
    loaded = load_ruleset(
        folder(tmp_path, conflict(id="b", when={"smokes": "yes"}), conflict(id="a", when={"smokes": "yes"}))
    )
    assert [found.id for found in standing_conflicts(loaded, {"smokes": "yes"})] == ["b", "a"]


def test_without_conflicts_content_and_hash_are_as_ever(tmp_path):
    content = {
        "citations": CITATIONS,
        "manifest": MANIFEST,
        "prose": {},
        "questionnaire": [{"section": "only", "title": {"en": "Only"}, "items": ITEMS}],
        "rules": [{**rule("r1", {"smokes": "yes"}), "pack": "source", "topic": "general"}],
        "scores": SCORES,
    }
    loaded = load_ruleset(write(tmp_path, files()))
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (json.loads(loaded.content), loaded.hash) == (content, hashlib.sha256(canonical.encode()).hexdigest())


def test_conflicts_are_part_of_content_and_hash_and_come_back(tmp_path):
    plain = load_ruleset(write(tmp_path / "plain", files()))
    loaded = load_ruleset(folder(tmp_path / "with"))
    assert json.loads(loaded.content) == {**json.loads(plain.content), "conflicts": [SMOKES]}
    again = ruleset_from_content(loaded.content)
    assert (again.conflicts, again.hash, again.content) == (loaded.conflicts, loaded.hash, loaded.content)
    assert loaded.hash != plain.hash


def test_lint_looks_over_a_conflict_as_over_any_text(tmp_path):
    path = folder(
        tmp_path,
        conflict(text={"en": "You are eligible. You have hypertension."}, items=["smokes", "weight"]),
        conflict(id="two", when={"all": [{"not": {"control": "good"}}, {"pressure": {"lte": 260}}]}),
    )
    done = run("check", "--rules", path, "--date", "2026-01-01")
    lines = [line for line in done.output.splitlines() if "conflicts.yaml" in line and "not proved" not in line]
    assert lines == [
        "error: conflicts.yaml:1: conflicts.smokes_but_good.text (en): “eligible” sounds like a verdict; "
        "say what to talk about with a clinician; only a clinician decides",
        "error: conflicts.yaml:1: conflicts.smokes_but_good.text (en): “hypertension” is a clinician's word; "
        "say it in plain words; the medical name may follow in parentheses",
        "error: conflicts.yaml:1: smokes_but_good: `items` names `weight`, at which its condition never looks; "
        "name a question that can settle it, or test that one",
        "error: conflicts.yaml:1: two: `items` names `smokes`, at which its condition never looks; "
        "name a question that can settle it, or test that one",
        "error: conflicts.yaml:1: two: `not` over `control`, which is true where that is not applicable; "
        "put the gate's own condition beside it in the same `all`",
        "error: conflicts.yaml:1: two: `pressure: {lte: 260}` is always true: it lies from 60 to 260; "
        "choose a number that some answers meet and others do not",
    ]  # fmt: skip


def test_lint_accepts_the_question_that_opens_one(tmp_path):
    done = run("check", "--rules", folder(tmp_path, conflict(items=["heart"])), "--date", "2026-01-01")
    assert "at which its condition never looks" not in done.output


def test_proofs_find_conflicts_that_ask_nobody_or_everybody(tmp_path):
    path = folder(
        tmp_path,
        SMOKES,
        conflict(id="never", when={"all": [{"smokes": "yes"}, {"low": "often"}, {"mood": {"lte": 2}}]}),
        conflict(id="ever", when={"any": [{"smokes": "yes"}, {"smokes": "no"}]}),
    )
    refutations = [str(found) for found in prove(load_ruleset(path), random.Random(0).randrange).refutations]
    assert [line.split("; mend")[0] for line in refutations if "conflicts.yaml" in line] == [
        "error: conflicts.yaml:1: never: can never be true: the answer to “Feeling low?” is “Often”; the score “mood” (the sum of "
        "the points for “Feeling low?” and “Little interest?”) is 2 or less: are never true together",
        "error: conflicts.yaml:1: ever: can never be not true",
    ]


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ({"conflicts": ["smokes_but_good"]}, None),
        ({}, "Ann: smokes_but_good is a conflict, which the case does not list; mend the conflict or the case"),
        (
            {"conflicts": []},
            "Ann: smokes_but_good is a conflict, which the case does not list; mend the conflict or the case",
        ),
        (
            {"conflicts": ["smokes_but_good", "other"]},
            "Ann: lists other as a conflict, which it is not; mend the conflict or the case",
        ),
        (
            {"conflicts": "smokes_but_good"},
            "Ann: `conflicts` is not a list; write a list of conflict ids, or leave it out",
        ),
    ],
)
def test_a_case_says_exactly_which_conflicts_it_has(tmp_path, case, problem):
    examples = [
        {"answers": {"smokes": "yes"}, "expect": "raised"},
        {"answers": {"smokes": "no"}, "expect": "not_raised"},
        {"answers": {}, "expect": "could_not_assess"},
    ]
    topic = {"topic": "general", "rules": [rule("r1", {"smokes": "yes"}, examples=examples)]}
    whole = {**CASE, "answers": {"smokes": "yes", "heart": ["hypertension"], "control": "good"}, **case}
    path = folder(tmp_path, **{"cases/ann.yaml": whole, "screening/source/general.yaml": topic})
    done = run("test", "--rules", path)
    assert (done.exit_code, done.stderr.splitlines()) == (
        (0, []) if problem is None else (1, [f"cases/ann.yaml:1: {problem}"])
    )


def test_a_conflict_that_no_case_shows_is_remarked(tmp_path):
    done = run("check", "--rules", folder(tmp_path, **{"cases/ann.yaml": CASE}), "--date", "2026-01-01")
    assert "warning: conflicts.yaml:1: smokes_but_good: no worked patient of cases/ answers so;" in done.output


def test_a_rulebook_that_does_not_load_has_its_conflicts_linted_all_the_same(tmp_path):
    path = folder(
        tmp_path,
        conflict(when={"smoks": "yes"}, text={"en": "You are eligible."}),
        conflict(id="two", items=["weight"]),
    )
    done = run("check", "--rules", path, "--date", "2026-01-01")
    assert (done.exit_code, "“eligible” sounds like a verdict" in done.output) == (1, True)
    assert [line.split(": ")[2] for line in done.output.splitlines() if "never looks" in line] == ["two"]


def test_show_tells_of_conflicts(tmp_path):
    path = folder(tmp_path)
    shown = (
        "smokes_but_good [conflict] conflicts.yaml:1\n"
        "    When (en): the answer to “Do you smoke?” is “Yes”, and the answer to “How is it most days?” is\n"
        "      “Good”\n"
        "    Patient (en): You smoke. All is good. Both can be true. Is one a slip?\n"
        "    To look at again: smokes, control\n"
    )
    assert run("show", "smokes_but_good", "--rules", path).output == shown
    whole = run("show", "--rules", path).output
    assert f"== Answers that hardly go together, asked about before they are sent\n{shown}" in whole


def test_diff_tells_of_conflicts_in_words(tmp_path):
    old = folder(tmp_path / "old", SMOKES, conflict(id="gone", when={"smokes": "yes"}))
    new = folder(tmp_path / "new", conflict(items=["smokes"]), conflict(id="come", when={"smokes": "no"}))
    changes = [c for c in compare(load_ruleset(old), load_ruleset(new)) if c.sort == "conflict"]
    assert [(c.id, c.verb, dict(c.old), dict(c.new)) for c in changes] == [
        ("smokes_but_good", "changed", {"items to look at again": "smokes, control"}, {"items to look at again": "smokes"}),
        ("come", "added", {}, {
            "condition": "the answer to “Do you smoke?” is “No”", "text (en)": SMOKES["text"]["en"],
            "items to look at again": "smokes, control",
        }),
        ("gone", "removed", {
            "condition": "the answer to “Do you smoke?” is “Yes”", "text (en)": SMOKES["text"]["en"],
            "items to look at again": "smokes, control",
        }, {}),
    ]  # fmt: skip
    done = run("diff", old, new, "--synthetic", 0)
    assert (done.exit_code, "Conflicts: 1 added, 1 removed, 1 changed" in done.output) == (1, True)


def test_the_shipped_conflicts_are_true_only_where_the_interpreter_says_so():
    shipped = load_ruleset(rules_folder())
    seen: set[str] = set()
    for document in documents(shipped, 400, seed=11):
        evaluation = Evaluation(shipped, document)
        expected = [c.id for c in shipped.conflicts if evaluation.truth(c.when) is Truth.TRUE]
        assert [c.id for c in standing_conflicts(shipped, document)] == expected
        seen.update(expected)
    assert seen <= {c.id for c in shipped.conflicts}
    assert len(seen) > 5


def test_every_shipped_conflict_is_shown_by_a_case():
    shipped = load_ruleset(rules_folder())
    shown = {name for case in shipped.cases for name in case.content.get("conflicts", [])}
    assert shown == {c.id for c in shipped.conflicts}


def test_a_ruleset_built_in_memory_has_no_conflicts():
    assert ruleset(rule("r1", {"smokes": "yes"})).conflicts == ()
