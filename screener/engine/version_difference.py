"""What differs between two versions of one patient's answers, and between what was concluded on them.

Both versions may have been screened with different rulesets: then each speaks in its own. What changed between rulesets
themselves is for `comparison`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from screener.engine.answers import Answer, Answers
from screener.engine.questionnaire import Item
from screener.engine.rules import Outcome, Ruleset
from screener.engine.screening import Finding, reading_order


@dataclass(frozen=True, slots=True)
class Version:
    """Answers, and the findings of the ruleset they were screened with; what is not among the findings was not raised."""

    ruleset: Ruleset
    answers: Answers
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One question that was answered otherwise; None where it has no answer."""

    item: Item
    old: Answer | None
    new: Answer | None


class Turn(StrEnum):
    """How a finding differs: raised only now; no longer raised; raised on other answers; could not be assessed only now, or
    no longer and not raised either."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One rule that concluded otherwise. `old` or `new` is None where it was not raised and could be assessed."""

    turn: Turn
    old: Finding | None
    new: Finding | None

    @property
    def finding(self) -> Finding:
        """The newer of the two."""
        found = self.new or self.old
        assert found is not None, "a change has at least one side"
        return found


def answer_changes(old: Version, new: Version) -> list[AnswerChange]:
    """The questions answered otherwise, in the order of the newer questionnaire; those only the older one asks stand last."""
    items = [*new.ruleset.items.values(), *(i for i in old.ruleset.items.values() if i.id not in new.ruleset.items)]
    return [
        AnswerChange(item, old.answers.get(item.id), new.answers.get(item.id))
        for item in items
        if _plain(old.answers.get(item.id)) != _plain(new.answers.get(item.id))
    ]


def finding_changes(old: Version, new: Version) -> list[FindingChange]:
    """The rules that concluded otherwise: gained first, then changed, lost, unknown and settled; each in reading order."""
    before, after = _by_rule(old.findings), _by_rule(new.findings)
    changes = [
        FindingChange(turn, before.get(rule_id), after.get(rule_id))
        for rule_id in dict.fromkeys((*after, *before))
        if (turn := _turn(before.get(rule_id), after.get(rule_id))) is not None
    ]
    later, earlier = reading_order(new.ruleset), reading_order(old.ruleset)

    def place(change: FindingChange) -> tuple[int, tuple[int, bool, int, int, str]]:
        key = later if change.new is not None else earlier
        return _PLACES[change.turn], key(change.finding.rule, change.finding.outcome)

    return sorted(changes, key=place)


_PLACES = {Turn.GAINED: 0, Turn.CHANGED: 1, Turn.LOST: 2, Turn.UNKNOWN: 3, Turn.SETTLED: 4}


def _turn(old: Finding | None, new: Finding | None) -> Turn | None:
    was, is_now = (finding.outcome if finding is not None else Outcome.NOT_RAISED for finding in (old, new))
    if is_now is Outcome.RAISED:
        if was is not Outcome.RAISED:
            return Turn.GAINED
        assert old is not None and new is not None
        return Turn.CHANGED if _evidence(old) != _evidence(new) else None
    if was is Outcome.RAISED:
        return Turn.LOST
    if was is is_now:
        return None
    return Turn.UNKNOWN if is_now is Outcome.COULD_NOT_ASSESS else Turn.SETTLED


def _by_rule(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.rule.id: finding for finding in findings}


def _evidence(finding: Finding) -> dict[str, object]:
    return {item_id: _plain(answer) for item_id, answer in finding.evidence.items()}


def _plain(answer: Answer | None) -> object:
    """Several choices are the same in any order, and however they are held."""
    return frozenset(answer) if isinstance(answer, list | tuple) else answer
