"""The commands as a shell sees them: what stands on stdout, what on stderr, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_rulebooks import files, rule, write

from screener.engine.json import dumps

RULE = rule(
    "r1",
    {"smokes": "yes"},
    review_by="2027-01-01",
    examples=[
        {"answers": {"smokes": "yes"}, "expect": "raised"},
        {"answers": {"smokes": "no"}, "expect": "not_raised"},
        {"answers": {}, "expect": "could_not_assess", "missing": ["smokes"]},
    ],
)


def run(*arguments: object, stdin: bytes = b"", **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "screener.cli", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **environment},
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    case = {"name": "Ann", "story": "Smokes.", "answers": {"smokes": "yes"}, "raised": ["r1"], "could_not_assess": []}
    return write(tmp_path / "rules", {**files(RULE), "cases/ann.yaml": case})


def test_screen_prints_one_line_of_json(rules):
    code, out, err = run("screen", "-", "--json", "--rules", rules, stdin=b'{"smokes": "yes", "pressure": 128.0}')
    assert (code, err, out.count("\n")) == (0, "", 1)
    document = json.loads(out)
    assert list(document) == ["ruleset", "severity", "findings", "not_raised", "scores", "dropped"]
    assert [(f["rule"], f["outcome"], f["evidence"]) for f in document["findings"]] == [
        ("r1", "raised", {"smokes": "yes"})
    ]


def test_screen_reads_a_file_and_prints_text(rules, tmp_path):
    answers = tmp_path / "answers.json"
    answers.write_text('{"smokes": "yes"}')
    code, out, err = run("screen", answers, "--rules", rules)
    assert (code, err) == (0, "")
    assert "Because: Do you smoke? Yes" in out
    assert "not a yes or a no" in out


def test_screen_tells_in_text_what_could_not_be_assessed_by_question(rules):
    code, out, _ = run("screen", "-", "--rules", rules, stdin=b'{"smokes": "declined"}')
    assert code == 0
    assert "- smokes: Do you smoke? [declined; could be mention: general]" in out


@pytest.mark.parametrize(
    ("stdin", "problem"),
    [
        (
            b'{"smokes": 1, "smoks": 2}',
            "smokes: the answer must be one of yes, no, not_sure, declined\nsmoks: no such item",
        ),
        (b"{", "not JSON at line 1"),
        (b"", "not JSON at line 1"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"words": "' + b"x" * 10_000_000 + b'"}', "words: the text is longer than 20 characters"),
        (b'{"x": ' + b"[" * 500_000 + b"]" * 500_000 + b"}", "nested too deeply"),
    ],
)
def test_screen_names_bad_answers_on_stderr_and_prints_nothing(rules, stdin, problem):
    code, out, err = run("screen", "-", "--rules", rules, stdin=stdin)
    assert (code, out) == (2, "")
    assert problem in err
    assert "Traceback" not in err


def test_screen_of_a_missing_file_is_a_plain_error(rules, tmp_path):
    code, out, err = run("screen", tmp_path / "none.json", "--rules", rules)
    assert (code, out) == (2, "")
    assert "cannot be read" in err


def test_screen_with_a_bad_rulebook_names_its_mistakes(tmp_path):
    bad = write(tmp_path, files(rule("r1", {"smoks": "yes"})))
    code, out, err = run("screen", "-", "--rules", bad, stdin=b"{}")
    assert (code, out) == (2, "")
    assert err == (
        "screening/source/general.yaml:1: r1: `smoks` is no item, score or connective; did you mean `smokes`?\n"
        "The rulebook does not load: 1 problem.\n"
    )


def test_screen_lines_keeps_order_and_names_each_bad_line(rules):
    stdin = b'{"smokes": "yes"}\n\n{"smokes": 3}\n{"smokes": "no"}'
    code, out, _ = run("screen", "-", "--lines", "--rules", rules, stdin=stdin)
    first, empty, bad, last = (json.loads(line) for line in out.splitlines())
    assert code == 2
    assert [first["severity"]["raised"], last["not_raised"]] == ["mention", ["r1"]]
    assert (empty["line"], len(empty["errors"])) == (2, 1)
    assert bad == {"line": 3, "errors": ["smokes: the answer must be one of yes, no, not_sure, declined"]}


def test_rules_check_is_quiet_about_a_good_rulebook(rules):
    code, out, err = run("rules", "check", "--rules", rules, "--date", "2026-01-01")
    assert (code, err) == (0, "")
    assert out.endswith("; 0 errors, 0 warnings\n")


def test_rules_check_names_every_problem_and_exits_1(tmp_path):
    code, out, err = run("rules", "check", "--rules", write(tmp_path, files(rule("r1", {"smoks": "yes"}, cites=["x"]))))
    assert (code, "0 errors" in out) == (1, False)
    assert ["`smoks` is no item" in err, "citation `x` does not exist" in err] == [True, True]


def test_rules_test_runs_examples_and_cases(tmp_path):
    case = {"name": "Ann", "story": "Smokes.", "answers": {"smokes": "yes"}, "raised": ["r1"], "could_not_assess": []}
    good = write(tmp_path / "good", {**files(RULE), "cases/ann.yaml": case})
    assert run("rules", "test", "--rules", good) == (0, "3 examples and 1 cases run, 0 problems\n", "")
    wrong = {**case, "answers": {}, "raised": ["r2"]}
    bad = write(tmp_path / "bad", {**files(RULE), "cases/ann.yaml": wrong})
    code, out, err = run("rules", "test", "--rules", bad)
    assert (code, out) == (1, "3 examples and 1 cases run, 2 problems\n")
    assert err.splitlines() == [
        "cases/ann.yaml:1: Ann: lists r2 as raised, which it is not; mend the rule or the case",
        "cases/ann.yaml:1: Ann: r1 is could_not_assess, which the case does not list; mend the rule or the case",
    ]


def test_rules_show_prints_a_rule_in_words(rules):
    code, out, _ = run("rules", "show", "r1", "--rules", rules)
    assert code == 0
    assert "When (en): the answer to “Do you smoke?” is “Yes”" in out
    assert "Source: A book" in out


def test_rules_show_lists_every_choice_of_a_question_none_of_these_too(rules):
    out = run("rules", "show", "--rules", rules)[1]
    assert "      angina: Chest pain\n      none: None of these\n   control" in out


def test_rules_show_of_an_unknown_rule_is_a_plain_error(rules):
    code, out, err = run("rules", "show", "r9", "--rules", rules)
    assert (code, out, err) == (2, "", "r9: there is no such rule; `screener rules show` lists them all\n")


def test_rules_show_prints_the_whole_shipped_rulebook_in_any_locale():
    code, out, err = run("rules", "show")
    assert (code, err) == (0, "")
    assert "Su corazón" not in out  # questions in English, patient text in both languages
    assert "Patient (es): El artículo" in out


def test_answers_never_stand_in_an_error(rules):
    secret = "Xq7-private-words"
    document = dumps({"smokes": secret, "words": secret * 3, "heart": [secret], "since": secret})
    code, out, err = run("screen", "-", "--rules", rules, stdin=document.encode())
    assert (code, secret in out + err) == (2, False)
