"""Rules, the citations they rest on, the prose around them, and the ruleset that holds all of it together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from screener.engine.conditions import Always, Condition, subjects
from screener.engine.place import Place as Place
from screener.engine.questionnaire import Item, Score, Section
from screener.engine.text import Text


class Kind(StrEnum):
    """What a rule is about."""

    INDICATION = "indication"
    RISK = "risk"
    ROUTE = "route"
    NOTICE = "notice"


class Severity(StrEnum):
    """How soon to talk about it, most pressing first. Never a score, never a verdict."""

    URGENT = "urgent"
    FIRST = "first"
    MENTION = "mention"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the most pressing, 3 for the least."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Outcome(StrEnum):
    """What became of a rule on one response; exactly one of these."""

    RAISED = "raised"
    NOT_RAISED = "not_raised"
    COULD_NOT_ASSESS = "could_not_assess"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a publication. `verified` is "primary" (read in the original) or "secondary" (read in a summary)."""

    id: str
    source: str
    title: str
    verified: str
    section: str | None = None
    lines: tuple[int, ...] = ()
    url: str | None = None
    year: str | None = None
    authors: str | None = None
    publisher: str | None = None
    doi: str | None = None
    read: str | None = None
    place: Place = field(default=Place("citations.yaml", 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One if-then of one source."""

    id: str
    pack: str
    topic: str
    kind: Kind
    severity: Severity
    when: Condition
    patient: Text
    cites: tuple[str, ...]
    unknown: Text | None = None
    ask: Text | None = None
    clinician: str | None = None
    grade: Text | None = None
    review_by: str | None = None
    also: tuple[str, ...] = ()
    non_monotone: tuple[Any, ...] = ()
    examples: tuple[Any, ...] = ()
    place: Place = field(default=Place("", 0), compare=False)

    @property
    def is_always(self) -> bool:
        """Whether it is raised for everyone, whatever they answer."""
        return isinstance(self.when, Always)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Answers that hardly go together: asked about kindly before they are sent, never an error, and no finding.

    `items` are the questions to look at again, as the author lists them.
    """

    id: str
    when: Condition
    text: Text
    items: tuple[str, ...]
    place: Place = field(default=Place("conflicts.yaml", 0), compare=False)


@dataclass(frozen=True, slots=True)
class PackProse:
    """What is said about one source: its title, who is behind it, and what it never covers."""

    title: Text | None = None
    about: Text | None = None
    not_covered: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideProse:
    """What the guide says of itself: the title of its first page, whom it helps, what its questions are about, what to know
    of its sources, and the heading over the reasons they give."""

    title: Text | None = None
    lead: Text | None = None
    asks: Text | None = None
    sources: Text | None = None
    reasons: Text | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """Clinical text that is no rule."""

    topics: Mapping[str, Text] = field(default_factory=dict)
    packs: Mapping[str, PackProse] = field(default_factory=dict)
    bring: tuple[Text, ...] = ()
    next: Text | None = None
    nothing_raised: Text | None = None
    not_checked: Text | None = None
    help_now: Text | None = None
    guide: GuideProse = GuideProse()


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval as the manifest has it: who, role, date, of which hash. Checked by `rules check`, not at load."""

    content: Any
    place: Place = field(default=Place("manifest.yaml", 0), compare=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One whole worked patient of cases/, as written: checked by `rules test`, not at load."""

    file: str
    content: Any


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The versioned whole of a rulebook folder.

    `content` is all of it in JSON, keys in the order they were written, so that choices and topics keep their order when it
    is read back; `hash` is the SHA-256 (hex) of the same JSON with its keys sorted.
    """

    id: str
    version: str
    effective: str
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    items: Mapping[str, Item]
    scores: Mapping[str, Score]
    packs: tuple[str, ...]
    rules: tuple[Rule, ...]
    citations: Mapping[str, Citation]
    prose: Prose
    content: str
    hash: str
    approvals: tuple[Approval, ...] = ()
    cases: tuple[Case, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError where there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def conditions(self) -> Iterator[tuple[Rule | Conflict | Item | Score, Condition]]:
        """Every condition with what it stands in: rules, conflicts, gates of items, and the counts among the scores."""
        yield from ((rule, rule.when) for rule in self.rules)
        yield from ((conflict, conflict.when) for conflict in self.conflicts)
        yield from ((item, item.enabled_when) for item in self.items.values() if item.enabled_when is not None)
        yield from ((score, condition) for score in self.scores.values() for condition in score.conditions)

    def items_behind(self, condition: Condition) -> set[str]:
        """The items a condition looks at, also those its scores are made of."""
        found: set[str] = set()
        for subject in subjects(condition):
            score = self.scores.get(subject)
            if score is None:
                found.add(subject)
            else:
                found.update(score.items, *(self.items_behind(part) for part in score.conditions))
        return found

    def in_order(self, item_ids: Mapping[str, Any]) -> dict[str, Any]:
        """The same mapping with its item ids in questionnaire order."""
        return {item_id: item_ids[item_id] for item_id in self.items if item_id in item_ids}
