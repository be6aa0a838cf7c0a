"""What a rule still lacks: a review date to come, an `unknown` text where it is urgent, examples of each outcome, a worked patient."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from screener.engine.lint.condition_checks import gate_remarks
from screener.engine.lint.remarks import Remark, error, warning
from screener.engine.loader.problems import did_you_mean
from screener.engine.place import Place
from screener.engine.rules import Outcome, Rule, Ruleset, Severity

_ENTRY_KEYS = ("item", "code", "by", "reason")
_SOON = datetime.timedelta(days=60)


def rule_remarks(ruleset: Ruleset, rule: Rule, today: datetime.date) -> Iterator[Remark]:
    """All that one rule lacks, as of `today`."""
    if rule.severity is Severity.URGENT and rule.unknown is None and not rule.is_always:
        what, mend = "an urgent rule has no `unknown` text", "say what to read when it could not be assessed"
        yield error(rule.place, rule.id, what, mend)
    yield from gate_remarks(ruleset, rule)
    yield from _review_remarks(rule, today)
    yield from _non_monotone_remarks(ruleset, rule)
    if not rule.is_always:
        expected = {example.get("expect") for example in rule.examples if isinstance(example, Mapping)}
        for outcome in Outcome:
            if outcome.value not in expected:
                mend = f"add an example with `expect: {outcome}`"
                yield error(rule.place, rule.id, f"no example expects {outcome}", mend)


def _review_remarks(rule: Rule, today: datetime.date) -> Iterator[Remark]:
    if rule.review_by is None:
        yield error(rule.place, rule.id, "has no `review_by`", "say until when it was reviewed")
        return
    due = datetime.date.fromisoformat(rule.review_by)
    if due < today:
        yield error(rule.place, rule.id, f"was to be reviewed by {due}", "review it and set a new date")
    elif due < today + _SOON:
        yield warning(rule.place, rule.id, f"is to be reviewed by {due}", "review it soon")


def _non_monotone_remarks(ruleset: Ruleset, rule: Rule) -> Iterator[Remark]:
    """Entries that are none, or name what does not exist; whether they are needed is for the proofs."""
    for entry in rule.non_monotone:
        if not is_entry(entry):
            what = "`non_monotone` has an entry that is not {item, code, by, reason}"
            yield error(rule.place, rule.id, what, "write all four")
        elif (item := ruleset.items.get(entry["item"])) is None:
            what = f"`non_monotone` names `{entry['item']}`, which is no item"
            yield error(rule.place, rule.id, what, did_you_mean(entry["item"], ruleset.items, "name an item"))
        elif entry["code"] not in item.codes:
            what = f"`non_monotone` names `{entry['code']}`, which is not a choice of `{item.id}`"
            yield error(rule.place, rule.id, what, did_you_mean(entry["code"], item.codes, "name one of its codes"))


def is_entry(entry: Any) -> bool:
    """Whether an entry of `non_monotone` has its four words."""
    if not isinstance(entry, Mapping) or sorted(map(str, entry)) != sorted(_ENTRY_KEYS):
        return False
    return all(isinstance(value, str) and value for value in entry.values())


def also_remarks(ruleset: Ruleset, unread: frozenset[str] = frozenset()) -> Iterator[Remark]:
    """Rules that say to be implied by one that does not exist."""
    known = {rule.id for rule in ruleset.rules}
    for rule in ruleset.rules:
        for other in rule.also:
            if other not in known and other not in unread:
                what = f"`also` names `{other}`, which is no rule"
                yield error(rule.place, rule.id, what, did_you_mean(other, known, "name a rule, or remove it"))


def case_remarks(ruleset: Ruleset, unread: frozenset[str] = frozenset()) -> Iterator[Remark]:
    """Conditional rules that no worked patient of cases/ raises; whether the cases are right is what `rules test` asks."""
    if not ruleset.cases:
        what, mend = "there is no worked patient", "add whole invented patients, with the rules they must raise"
        yield warning(Place("cases", 0), "", what, mend)
        return
    raised: set[object] = set()
    for case in ruleset.cases:
        listed = case.content.get("raised") if isinstance(case.content, Mapping) else None
        raised.update(rule for rule in listed if isinstance(rule, str)) if isinstance(listed, list) else None
    for rule in ruleset.rules:
        if not rule.is_always and rule.id not in raised and rule.id not in unread:
            yield error(rule.place, rule.id, "no worked patient of cases/ raises it", "add a case, or adapt one")
