"""Changes between two rulesets, and whom they concern, as lines for a terminal, in English."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from screener.engine.comparison import NOTHING, Change
from screener.engine.impact import Impact, RuleImpact
from screener.engine.rules import Outcome, Ruleset, Severity
from screener.engine.screening import topic_order

_WIDTH = 100
_MARKS = {"added": "+", "removed": "-", "changed": "~"}
_PLURAL = {
    "citation": "citations", "conflict": "conflicts", "rule": "rules", "section": "sections", "item": "items", "score": "scores",
}  # fmt: skip


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Every change, by sort: what was added, removed, and what was and is now."""
    for sort in dict.fromkeys(change.sort for change in changes):
        these = [change for change in changes if change.sort == sort]
        counts = Counter(change.verb for change in these)
        told = ", ".join(f"{counts[verb]} {verb}" for verb in _MARKS if counts[verb])
        yield ""
        yield f"{_PLURAL.get(sort, sort).capitalize()}: {told}"
        for change in these:
            yield from _one_change(change)


def _one_change(change: Change) -> Iterator[str]:
    yield f"{_MARKS[change.verb]} {change.id}"
    if change.verb != "changed":
        for name, words in (change.new or change.old).items():
            yield _wrapped(f"{name}: {words}")
        return
    for name, before in change.old.items():
        after = change.new[name]
        if NOTHING in (before, after):
            yield _wrapped(
                f"{name}, {'removed' if after == NOTHING else 'added'}: {before if after == NOTHING else after}"
            )
        elif len(before) + len(after) + len(name) < _WIDTH - 12:
            yield _wrapped(f"{name}: {before} -> {after}")
        else:
            yield _wrapped(f"{name}, was: {before}")
            yield _wrapped(f"{name}, now: {after}")


def impact_lines(what: str, impact: Impact, new: Ruleset, old: Ruleset) -> Iterator[str]:
    """How many documents come out otherwise, by the highest severity raised and by rule, most pressing first."""
    yield ""
    yield f"Of {impact.documents} {what}, {impact.changed} come out otherwise"
    if impact.cut:
        yield _wrapped(f"{impact.cut} hold answers that one side does not know; these were left out on that side")
    ranks = {severity: severity.rank for severity in Severity}
    for (was, now), count in sorted(impact.severities.items(), key=lambda pair: _severity_key(pair[0], ranks)):
        yield _wrapped(f"highest severity raised: {was or 'none'} -> {now or 'none'}: {count}")
    rules = {rule.id: rule for rule in (*old.rules, *new.rules)}
    topics = topic_order(new)
    order = {rule_id: (rule.severity.rank, rule.topic not in topics, rule_id) for rule_id, rule in rules.items()}
    for rule_id in sorted(impact.rules, key=order.__getitem__):
        yield _wrapped(f"{rule_id} [{rules[rule_id].severity}]: {_rule_words(impact.rules[rule_id])}")


def _severity_key(pair: tuple[Severity | None, Severity | None], ranks: dict[Severity, int]) -> tuple[int, int]:
    was, now = (ranks[severity] if severity is not None else len(ranks) for severity in pair)
    return was, now


def _rule_words(impact: RuleImpact) -> str:
    forms = (
        (impact.gained[Outcome.RAISED], "gain it"),
        (impact.lost[Outcome.RAISED], "lose it"),
        (impact.gained[Outcome.COULD_NOT_ASSESS], "newly “could not be assessed”"),
        (impact.lost[Outcome.COULD_NOT_ASSESS], "no longer “could not be assessed”"),
    )
    told = "; ".join(f"{count} {words}" for count, words in forms if count)
    return f"{told} ({', '.join(impact.names)})" if impact.names else told


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="    ", subsequent_indent="      ", break_long_words=False)
