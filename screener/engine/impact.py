"""Whom a changed ruleset concerns: how many answer documents gain or lose which finding. One document at a time, none is kept.

Documents are counted, never shown: stored ones are people's. What changed in the rules themselves is for `comparison`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from screener.engine.answers import Answers, problem_with
from screener.engine.closures import CompiledRuleset
from screener.engine.conditions import Truth
from screener.engine.rules import Outcome, Ruleset, Severity

_NAMES_KEPT = 5


@dataclass(slots=True)
class RuleImpact:
    """How often one rule came out otherwise: gained and lost findings, by outcome; `names` of the first few documents that have one."""

    gained: Counter[Outcome] = field(default_factory=Counter)
    lost: Counter[Outcome] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)


class Impact:
    """Counts over the documents `add`ed so far, in memory that does not grow with them."""

    def __init__(self, old: Ruleset, new: Ruleset) -> None:
        self._old, self._new = _Side(old), _Side(new)
        self.documents = 0
        self.changed = 0  # documents that gain or lose a finding, or of which the highest severity raised is another
        self.cut = 0  # documents with answers that one side does not know
        self.rules: dict[str, RuleImpact] = {}
        self.severities: Counter[tuple[Severity | None, Severity | None]] = (
            Counter()
        )  # highest raised, before and after

    def add(self, document: Answers, name: str | None = None) -> None:
        """Count one document; answers that a side does not know are left out on that side."""
        before, was, whole_before = self._old.findings(document)
        after, now, whole_after = self._new.findings(document)
        differing = [rule for rule in dict.fromkeys([*after, *before]) if before.get(rule) is not after.get(rule)]
        for rule in differing:
            self._count(rule, before.get(rule), after.get(rule), name)
        if was is not now:
            self.severities[was, now] += 1
        self.documents += 1
        self.changed += bool(differing or was is not now)
        self.cut += not (whole_before and whole_after)

    def _count(self, rule: str, before: Outcome | None, after: Outcome | None, name: str | None) -> None:
        impact = self.rules.setdefault(rule, RuleImpact())
        if before is not None:
            impact.lost[before] += 1
        if after is not None:
            impact.gained[after] += 1
        if name is not None and len(impact.names) < _NAMES_KEPT:
            impact.names.append(name)


class _Side:
    """One of the two rulesets, ready to judge documents."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.compiled = CompiledRuleset(ruleset)

    def findings(self, document: Answers) -> tuple[Mapping[str, Outcome], Severity | None, bool]:
        """What is raised or could not be assessed, the highest severity raised, and whether every answer could be read."""
        items = self.ruleset.items
        known = {
            item: document[item]
            for item in items
            if item in document and problem_with(items[item], document[item]) is None
        }
        found: dict[str, Outcome] = {}
        highest: Severity | None = None
        for rule, truth in zip(self.ruleset.rules, self.compiled.truths(known), strict=True):
            if truth is Truth.TRUE:
                found[rule.id] = Outcome.RAISED
                highest = rule.severity if highest is None or rule.severity.rank < highest.rank else highest
            elif truth is Truth.UNKNOWN:
                found[rule.id] = Outcome.COULD_NOT_ASSESS
        return found, highest, len(known) == len(document)
