"""What a rulebook that loads still lacks before it may be published. Never run at load: serving does not depend on it.

A remark is an error, which fails `rules check`, or a warning, which is only listed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from screener.engine.conditions import (
    All,
    AnyOf,
    AtLeast,
    Chosen,
    Compared,
    Condition,
    Not,
    children,
    leaves,
    subject_of,
)
from screener.engine.loader.problems import Problem
from screener.engine.questionnaire import ScoreKind
from screener.engine.rules import Outcome, Rule, Ruleset, Severity

_SOON = datetime.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend (error) or to know (warning)."""

    problem: Problem
    is_error: bool

    def __str__(self) -> str:
        return f"{'error' if self.is_error else 'warning'}: {self.problem}"


def lint(ruleset: Ruleset, today: datetime.date) -> list[Remark]:
    """All remarks on a loaded ruleset, as of `today`, rules in file order first, then citations."""
    remarks = [remark for rule in ruleset.rules for remark in _rule_remarks(ruleset, rule, today)]
    return remarks + list(_unused_citations(ruleset))


def _rule_remarks(ruleset: Ruleset, rule: Rule, today: datetime.date) -> Iterator[Remark]:
    def remark(what: str, mend: str, *, is_error: bool = True) -> Remark:
        return Remark(Problem(rule.place.file, rule.place.line, rule.id, what, mend), is_error)

    if rule.severity is Severity.URGENT:
        if rule.unknown is None and not rule.is_always:
            yield remark("an urgent rule has no `unknown` text", "say what to read when it could not be assessed")
        for item in sorted(_gated_items(ruleset, rule.when)):
            yield remark(
                f"an urgent rule tests `{item}`, which is not always asked", "remove the item's `enabled_when`"
            )
    for item in sorted(_unguarded(ruleset, rule.when)):
        mend = "put the gate's own condition beside it in the same `all`"
        yield remark(f"`not` over `{item}`, which is true where that is not applicable", mend)
    yield from _review_remarks(rule, today)
    if not rule.is_always:
        expected = {example.get("expect") for example in rule.examples if isinstance(example, dict)}
        for outcome in Outcome:
            if outcome.value not in expected:
                yield remark(f"no example expects {outcome}", f"add an example with `expect: {outcome}`")
    known = {other.id for other in ruleset.rules}
    for other in rule.also:
        if other not in known:
            yield remark(f"`also` names `{other}`, which is no rule", "name a rule, or remove it")


def _review_remarks(rule: Rule, today: datetime.date) -> Iterator[Remark]:
    problem = Problem(rule.place.file, rule.place.line, rule.id, "", "")
    if rule.review_by is None:
        yield Remark(_with(problem, "has no `review_by`", "say until when it was reviewed"), True)
        return
    due = datetime.date.fromisoformat(rule.review_by)
    if due < today:
        yield Remark(_with(problem, f"was to be reviewed by {due}", "review it and set a new date"), True)
    elif due < today + _SOON:
        yield Remark(_with(problem, f"is to be reviewed by {due}", "review it soon"), False)


def _with(problem: Problem, what: str, mend: str) -> Problem:
    return Problem(problem.file, problem.line, problem.where, what, mend)


def items_tested(ruleset: Ruleset, condition: Condition) -> set[str]:
    """Every item a condition rests on, those behind its scores included."""
    found: set[str] = set()
    for leaf, _ in leaves(condition):
        name = subject_of(leaf)
        score = ruleset.scores.get(name)
        if score is None:
            found.add(name)
        elif score.kind is ScoreKind.COUNT:
            found = found.union(*(items_tested(ruleset, part) for part in score.conditions))
        else:
            found |= set(score.items)
    return found


def _gated_items(ruleset: Ruleset, condition: Condition) -> set[str]:
    return {item for item in items_tested(ruleset, condition) if ruleset.items[item].enabled_when is not None}


def _unguarded(
    ruleset: Ruleset, condition: Condition, beside: tuple[Condition, ...] = (), negated: bool = False
) -> set[str]:
    """Gated items under a `not` whose gate does not stand beside it in an enclosing `all`."""
    match condition:
        case All(parts):
            return set().union(*(_unguarded(ruleset, part, (*beside, *parts), negated) for part in parts))
        case Not(part):
            return _unguarded(ruleset, part, beside, not negated)
        case AnyOf() | AtLeast():
            return set().union(*(_unguarded(ruleset, part, beside, negated) for part in children(condition)))
        case Chosen() | Compared() if negated:
            gated = {item for item in items_tested(ruleset, condition) if ruleset.items[item].enabled_when is not None}
            return {item for item in gated if ruleset.items[item].enabled_when not in beside}
    return set()


def _unused_citations(ruleset: Ruleset) -> Iterator[Remark]:
    used = {citation for rule in ruleset.rules for citation in rule.cites}
    for citation in ruleset.citations:
        if citation not in used:
            problem = Problem("citations.yaml", 0, citation, "no rule cites it", "cite it, or leave it as background")
            yield Remark(problem, False)
