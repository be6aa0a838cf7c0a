"""A rulebook's own examples and worked patients, run: does each rule do what its author wrote beside it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from screener.engine.answers import AnswerError, parse_answers
from screener.engine.conflicts import standing_conflicts
from screener.engine.loader.problems import Problem
from screener.engine.rules import Case, Outcome, Rule, Ruleset
from screener.engine.screening import Screening, screen

_EXAMPLE_KEYS = {"answers", "expect", "missing"}
_CASE_KEYS = {"name", "story", "answers", "raised", "could_not_assess"}
_CASE_MAY_HAVE = {"conflicts"}  # left out: none
_MOST_KEYS = 5  # that are named of a file that is no case at all
_OUTCOMES = [outcome.value for outcome in Outcome]


def failed_examples(ruleset: Ruleset) -> list[Problem]:
    """Every example of a rule that is malformed or comes out otherwise than it says."""
    return [problem for rule in ruleset.rules for number, example in enumerate(rule.examples, start=1)
            for problem in _example_problems(ruleset, rule, number, example)]  # fmt: skip


def failed_cases(ruleset: Ruleset) -> list[Problem]:
    """Every worked patient of cases/ that is malformed or whose findings differ from those listed."""
    return [problem for case in ruleset.cases for problem in _case_problems(ruleset, case)]


def malformed_examples(rules: Iterable[Rule]) -> list[Problem]:
    """Every malformed example of rules whose condition could not be read, so that no outcome can be told."""
    return [_example_problem(rule, number, *wrong) for rule in rules for number, example in enumerate(rule.examples, start=1)
            if (wrong := _malformed(example)) is not None]  # fmt: skip


def _screened(ruleset: Ruleset, answers: Any) -> Screening | str:
    """The screening of an example's answers, or what is wrong with them. Examples are synthetic: naming codes is fine here."""
    try:
        return screen(ruleset, parse_answers(ruleset, answers))
    except AnswerError as error:
        return "; ".join(str(problem) for problem in error.problems)


def _example_problem(rule: Rule, number: int, what: str, mend: str) -> Problem:
    return Problem(rule.place.file, rule.place.line, f"{rule.id} example {number}", what, mend)


def _malformed(example: Any) -> tuple[str, str] | None:
    """What is wrong with an example as it is written, and how to mend it."""
    if not isinstance(example, Mapping) or not _EXAMPLE_KEYS >= set(example) >= {"answers", "expect"}:
        return "is not {answers, expect, missing}", "write answers and expect; missing only for could_not_assess"
    if example["expect"] not in _OUTCOMES:
        return f"expects `{example['expect']}`", f"write one of {', '.join(_OUTCOMES)}"
    missing = example.get("missing", [])
    if not isinstance(missing, list) or not all(isinstance(item, str) for item in missing):
        return "`missing` is not a list of items", "write item ids, `missing: [a, b]`, or leave it out"
    return None


def _example_problems(ruleset: Ruleset, rule: Rule, number: int, example: Any) -> Iterator[Problem]:
    def problem(what: str, mend: str) -> Problem:
        return _example_problem(rule, number, what, mend)

    if (wrong := _malformed(example)) is not None:
        yield problem(*wrong)
        return
    result = _screened(ruleset, example["answers"])
    if isinstance(result, str):
        yield problem(result, "mend the answers of the example")
        return
    outcome, missing = _outcome(result, rule.id)
    if outcome != example["expect"]:
        yield problem(f"expects {example['expect']}, but the rule is {outcome}", "mend the rule or the example")
    elif "missing" in example and set(example["missing"]) != missing:
        yield problem(f"says another list of missing items than {sorted(missing)}", "mend the rule or the example")


def _outcome(screening: Screening, rule_id: str) -> tuple[Outcome, set[str]]:
    for finding in screening.findings:
        if finding.rule.id == rule_id:
            return finding.outcome, set(finding.missing)
    return Outcome.NOT_RAISED, set()


def _case_problems(ruleset: Ruleset, case: Case) -> Iterator[Problem]:
    content = case.content
    if not isinstance(content, Mapping) or set(content) - _CASE_MAY_HAVE != _CASE_KEYS:
        yield _other_keys(case)
        return
    for key in ("name", "story"):
        if not isinstance(content[key], str) or not content[key].strip():
            yield Problem(case.file, 1, "", f"`{key}` is no text", "write it in words")
    where = str(content["name"])
    result = _screened(ruleset, content["answers"])
    if isinstance(result, str):
        yield Problem(case.file, 1, where, result, "mend the answers of the case")
        return
    for outcome in (Outcome.RAISED, Outcome.COULD_NOT_ASSESS):
        listed = content[outcome.value]
        if not isinstance(listed, list):
            yield Problem(case.file, 1, where, f"`{outcome}` is not a list", "write a list of rule ids, [] for none")
            continue
        found = {f.rule.id for f in result.findings if f.outcome is outcome and not f.rule.is_always}
        yield from _differences(case, where, listed, found, as_what=outcome.value)
    listed = content.get("conflicts", [])
    if not isinstance(listed, list):
        yield Problem(case.file, 1, where, "`conflicts` is not a list", "write a list of conflict ids, or leave it out")
        return
    standing = {conflict.id for conflict in standing_conflicts(ruleset, result.answers)}
    yield from _differences(case, where, listed, standing, as_what="a conflict")


def _other_keys(case: Case) -> Problem:
    """Which keys of a case are unknown, and which are missing."""
    written: set[str] = set(case.content) if isinstance(case.content, Mapping) else set()
    told = [f"lacks `{key}`" for key in sorted(_CASE_KEYS - written)]
    unknown = sorted(written - _CASE_KEYS - _CASE_MAY_HAVE)
    told += [f"has the unknown key `{key[:60]}`" for key in unknown[:_MOST_KEYS]]
    told += [f"has {len(unknown) - _MOST_KEYS} more"] if len(unknown) > _MOST_KEYS else []
    mend = f"write exactly {', '.join(sorted(_CASE_KEYS))}, and where answers are in conflict, conflicts"
    return Problem(case.file, 1, "", f"a case has other keys than it should: it {', '.join(told)}", mend)


def _differences(case: Case, where: str, listed: list[Any], found: set[str], *, as_what: str) -> Iterator[Problem]:
    """What a case lists and is not, and what it leaves out."""
    mend = f"mend the {'conflict' if as_what == 'a conflict' else 'rule'} or the case"
    names = [str(name) for name in listed]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(case.file, 1, where, f"lists {name} twice as {as_what}", "keep one of the two")
    for name in sorted(found - set(names)):
        yield Problem(case.file, 1, where, f"{name} is {as_what}, which the case does not list", mend)
    for name in sorted(set(names) - found):
        yield Problem(case.file, 1, where, f"lists {name} as {as_what}, which it is not", mend)
