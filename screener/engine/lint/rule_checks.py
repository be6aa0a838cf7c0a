"""What a rule still lacks: a review date to come, an `unknown` text where it is urgent, examples of each outcome, a worked patient."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from screener.engine.lint.condition_checks import gate_remarks
from screener.engine.lint.remarks import Remark, error, warning
from screener.engine.loader.problems import did_you_mean
from screener.engine.place import Place
from screener.engine.rules import Outcome, Rule, Ruleset, Severity

_SOON = datetime.timedelta(days=60)


def rule_remarks(ruleset: Ruleset, rule: Rule, today: datetime.date) -> Iterator[Remark]:
    """All that one rule lacks, as of `today`."""
    if rule.severity is Severity.URGENT and rule.unknown is None and not rule.is_always:
        what, mend = "an urgent rule has no `unknown` text", "say what to read when it could not be assessed"
        yield error(rule.place, rule.id, what, mend)
    yield from gate_remarks(ruleset, rule)
    yield from _review_remarks(rule, today)
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


def also_remarks(ruleset: Ruleset, unread_text: str = "") -> Iterator[Remark]:
    """Rules that say to be implied by one that does not exist."""
    known = {rule.id for rule in ruleset.rules}
    for rule in ruleset.rules:
        for other in rule.also:
            if other not in known and other not in unread_text:
                what = f"`also` names `{other}`, which is no rule"
                yield error(rule.place, rule.id, what, did_you_mean(other, known, "name a rule, or remove it"))


def case_remarks(ruleset: Ruleset) -> Iterator[Remark]:
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
        if not rule.is_always and rule.id not in raised:
            yield error(rule.place, rule.id, "no worked patient of cases/ raises it", "add a case, or adapt one")
