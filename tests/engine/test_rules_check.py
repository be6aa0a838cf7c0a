"""`rules check` and `rules translated`: what is told, what is left out, and what one mistake may not hide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from small_rulebooks import MANIFEST, files, rule, write

from screener.commands.rules import command

EXAMPLES = [
    {"answers": {"smokes": "yes"}, "expect": "raised"},
    {"answers": {"smokes": "no"}, "expect": "not_raised"},
    {"answers": {}, "expect": "could_not_assess"},
]
CASE = {"name": "Ann", "story": "Smokes.", "answers": {"smokes": "yes"}, "raised": ["r1"], "could_not_assess": []}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def check(folder: Path) -> Result:
    return run("check", "--rules", folder, "--date", "2026-01-01")


def good(**changes: Any) -> dict[str, Any]:
    one = rule("r1", {"smokes": "yes"}, **{"review_by": "2027-01-01", "examples": EXAMPLES, **changes})
    return {**files(one), "cases/ann.yaml": CASE}


def bilingual(patient: dict[str, str]) -> dict[str, Any]:
    """A rulebook of one rule in two languages."""
    title = {"en": "Only", "es": "Única"}
    items = [{"id": "smokes", "type": "yes_no", "text": {"en": "Do you smoke?", "es": "¿Usted fuma?"}}]
    return {
        **good(patient=patient),
        "manifest.yaml": {**MANIFEST, "languages": ["en", "es"]},
        "questionnaire/01-only.yaml": {"section": "only", "title": title, "items": items},
        "scores.yaml": None,
    }


def write_bilingual(folder: Path, en: str, es: str) -> Path:
    return write(
        folder, {name: content for name, content in bilingual({"en": en, "es": es}).items() if content is not None}
    )


def test_a_wrong_example_or_case_fails_the_check(tmp_path):
    wrong = [*EXAMPLES[:2], {"answers": {"smokes": "no"}, "expect": "could_not_assess"}]
    folder = write(tmp_path, {**good(examples=wrong), "cases/ann.yaml": {**CASE, "answers": {"smokes": "no"}}})
    done = check(folder)
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "error: screening/source/general.yaml:1: r1 example 3: expects could_not_assess, but the rule is not_raised; "
        "mend the rule or the example",
        "error: cases/ann.yaml:1: Ann: lists r1 as raised, which it is not; mend the rule or the case",
    ]


def test_what_does_not_load_is_linted_and_proved_as_far_as_it_was_read(tmp_path):
    whole = good()
    never = rule(
        "r2", {"all": [{"smokes": "yes"}, {"smokes": "no"}]}, review_by="2025-01-01", patient={"en": "You qualify."}
    )
    typo = rule("r3", {"smoks": "yes"}, review_by="2025-02-02")
    whole["screening/source/general.yaml"]["rules"] += [never, typo]
    done = check(write(tmp_path, whole))
    assert done.exit_code == 1
    told = [
        "`smoks` is no item",
        "r2: was to be reviewed by 2025-01-01",
        "r3: was to be reviewed by 2025-02-02",
        "“qualify” sounds like a verdict",
        "r2: can never be raised",
        "The rulebook does not load: 1 problem, and ",
    ]
    assert [words for words in told if words not in done.stderr] == []


def test_reading_level_is_said_to_be_left_out_without_textstat(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "textstat", None)
    assert "Reading level was left out: it needs textstat" in check(write(tmp_path, good())).stdout


def test_languages_without_word_lists_are_said_to_be_left_out(tmp_path):
    words = {"fr": "Fumez-vous ?"}
    whole = good(patient=words)
    whole["manifest.yaml"] = {**MANIFEST, "languages": ["fr"]}
    items = [{"id": "smokes", "type": "yes_no", "text": words}]
    whole["questionnaire/01-only.yaml"] = {"section": "only", "title": words, "items": items}
    del whole["scores.yaml"]
    assert "Words and reading level were left out for `fr`" in check(write(tmp_path, whole)).stdout


def test_a_rulebook_in_one_language_has_no_translations_to_confirm(tmp_path):
    assert "translations" not in check(write(tmp_path, good())).output


def test_unconfirmed_translations_are_a_warning(tmp_path):
    done = check(write_bilingual(tmp_path, "Talk about it.", "Hable de ello."))
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0,
        "warning: .translations.json: nothing says which translations were confirmed; "
        "read the translations, then run `screener rules translated`",
    )


def test_a_translation_left_behind_is_an_error_until_it_follows_or_is_confirmed(tmp_path):
    write_bilingual(tmp_path, "Talk about it.", "Hable de ello.")
    assert run("translated", "--rules", tmp_path).stdout == "3 texts noted as translated.\n"
    assert (check(tmp_path).exit_code, "translat" in check(tmp_path).output) == (0, False)
    write_bilingual(tmp_path, "Talk  about\nit.", "Hable de ello.")
    assert check(tmp_path).exit_code == 0  # how lines are broken does not count
    write_bilingual(tmp_path, "Do not talk about it.", "Hable de ello.")
    stale = check(tmp_path)
    assert (stale.exit_code, stale.stderr) == (
        1,
        "error: screening/source/general.yaml:1: rules.r1.patient (es): the text in `en` was changed after the one in `es`; "
        "change it too, or run `screener rules translated rules.r1.patient` if it still says the same\n",
    )
    left = run("translated", "--rules", tmp_path)
    assert (left.exit_code, left.stdout) == (2, "2 texts noted as translated.\n")
    assert check(tmp_path).exit_code == 1
    write_bilingual(tmp_path, "Do not talk about it.", "No hable de ello.")
    followed = check(tmp_path)
    assert (followed.exit_code, "1 texts are new or changed in every language" in followed.stdout) == (0, True)
    write_bilingual(tmp_path, "Do not talk about it.", "Hable de ello.")
    assert run("translated", "rules.r1.patient", "--rules", tmp_path).exit_code == 0
    assert check(tmp_path).exit_code == 0


def test_translated_of_an_unknown_text_is_a_plain_error(tmp_path):
    write_bilingual(tmp_path, "Talk about it.", "Hable de ello.")
    done = run("translated", "rules.r9.patient", "--rules", tmp_path)
    assert (done.exit_code, done.stderr) == (
        2,
        "rules.r9.patient: no such text; `screener rules check` names stale ones\n",
    )


@pytest.mark.parametrize("content", ["[]", "{", '{"a": 1}', "\xff"])
def test_a_damaged_translations_file_is_a_plain_error(tmp_path, content):
    write_bilingual(tmp_path, "Talk about it.", "Hable de ello.")
    (tmp_path / ".translations.json").write_text(content, encoding="latin-1")
    done = check(tmp_path)
    assert (done.exit_code, ".translations.json: cannot be read" in done.stderr) == (1, True)


def test_the_translations_file_is_one_text_a_line(tmp_path):
    write_bilingual(tmp_path, "Talk about it.", "Hable de ello.")
    run("translated", "--rules", tmp_path)
    text = (tmp_path / ".translations.json").read_text()
    assert list(json.loads(text)) == ["items.smokes.text", "rules.r1.patient", "sections.only.title"]
    assert len(text.splitlines()) == 5


def test_what_does_not_load_has_its_examples_and_cases_run_all_the_same(tmp_path):
    wrong = [*EXAMPLES[:2], {"answers": {"smoks": "yes"}, "expect": "raised"}]
    whole = good(examples=wrong)
    typo = rule("r2", {"heart": "angin"}, examples=[{"answers": {}}])
    whole["screening/source/general.yaml"]["rules"] += [typo]
    whole["cases/ann.yaml"] = {
        **CASE,
        "answers": {"smokes": "no", "heart": ["angina"]},
        "could_not_assess": ["r2", "r9"],
    }
    whole["cases/bob.yaml"] = {"name": "Bob"}
    told = [
        line for line in check(write(tmp_path, whole)).stderr.splitlines() if "example 1" in line or "cases" in line
    ]
    told += [line for line in check(tmp_path).stderr.splitlines() if "example 3" in line]
    assert told == [
        "error: screening/source/general.yaml:1: r2: no worked patient of cases/ raises it; add a case, or adapt one",
        "error: screening/source/general.yaml:1: r2 example 1: is not {answers, expect, missing}; "
        "write answers and expect; missing only for could_not_assess",
        "error: cases/ann.yaml:1: Ann: lists r1 as raised, which it is not; mend the rule or the case",
        "error: cases/ann.yaml:1: Ann: lists r9 as could_not_assess, which it is not; mend the rule or the case",
        "error: cases/bob.yaml:1: a case has other keys than it should: it lacks `answers`, lacks `could_not_assess`, "
        "lacks `raised`, lacks `story`; write exactly answers, could_not_assess, name, raised, story, "
        "and where answers are in conflict, conflicts",
        "error: screening/source/general.yaml:1: r1 example 3: smoks: no such item; did you mean smokes?; "
        "mend the answers of the example",
    ]


def test_examples_and_cases_say_nothing_of_what_could_not_be_read(tmp_path):
    gated = {"id": "late", "type": "yes_no", "text": {"en": "Late?"}, "enabled_when": {"nothing": "yes"}}
    broken = {"id": "odd", "type": "choice", "text": {"en": "Odd?"}}
    whole = good()
    whole["questionnaire/01-only.yaml"]["items"] = [*whole["questionnaire/01-only.yaml"]["items"], gated, broken]
    behind = rule("r2", {"late": "yes"}, examples=[{"answers": {"late": "yes"}, "expect": "not_raised"}])
    odd = rule("r3", {"odd": "a"}, examples=[{"answers": {"odd": "a"}, "expect": "raised"}])
    whole["screening/source/general.yaml"]["rules"] += [behind, odd]
    raised = {**CASE, "answers": {"smokes": "yes", "late": "no", "odd": "a"}, "raised": ["r1", "r3"]}
    told = check(write(tmp_path, {**whole, "cases/ann.yaml": raised, "cases/bob.yaml": "{r2: ["})).stderr
    assert [
        line for line in told.splitlines() if ("example" in line and "no example" not in line) or "Ann" in line
    ] == []
    assert "r2: no worked patient" not in told  # the case that could not be read names it


def test_an_example_whose_missing_items_are_no_ids_is_an_error(tmp_path):
    wrong = [*EXAMPLES[:2], {**EXAMPLES[2], "missing": [["smokes"]]}]
    assert "r1 example 3: `missing` is not a list of items; " in check(write(tmp_path, good(examples=wrong))).stderr


def test_a_case_that_says_things_twice_or_not_in_words_is_an_error(tmp_path):
    case = {**CASE, "name": 5, "story": "", "raised": ["r1", "r1"]}
    told = check(write(tmp_path, {**good(), "cases/ann.yaml": case})).stderr.splitlines()
    assert told == [
        "error: cases/ann.yaml:1: `name` is no text; write it in words",
        "error: cases/ann.yaml:1: `story` is no text; write it in words",
        "error: cases/ann.yaml:1: 5: lists r1 twice as raised; keep one of the two",
    ]


def test_a_file_that_is_no_case_is_told_in_few_words(tmp_path):
    told = check(write(tmp_path, {**good(), "cases/bob.yaml": {f"k{number}": 1 for number in range(9)}})).stderr
    assert "has the unknown key `k4`, has 4 more; write exactly" in told


def test_a_question_that_does_not_exist_is_told_once(tmp_path):
    whole = good()
    whole["questionnaire/01-only.yaml"]["items"] = [
        {**item, "id": "smoking"} if item["id"] == "smokes" else item
        for item in whole["questionnaire/01-only.yaml"]["items"]
    ]
    del whole["scores.yaml"]
    cases = {f"cases/{name}.yaml": {**CASE, "raised": []} for name in ("ann", "bob")}
    told = check(write(tmp_path, {**whole, **cases})).stderr.splitlines()
    assert len([line for line in told if "smokes: no such item" in line]) == 1
