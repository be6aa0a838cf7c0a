"""The parts of the clinician's page besides its cards: first glance, counts, open questions, answers with the cards behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from screener.engine.alternatives import Alternatives, what_would_change
from screener.engine.alternatives_wording import alternatives_sentence
from screener.engine.rules import Kind, Outcome, Ruleset, Severity
from screener.engine.screening import Finding
from screener.web.case.findings import Band, Card, Unknown, topic_words
from screener.web.case.view import AnswerRow, Case, answer_groups, shown_items
from screener.web.clinician.decision_controls import Control, counted
from screener.web.i18n import language

Link = tuple[str, str]
LinkedAnswers = tuple[str, list[tuple[AnswerRow, list[Link]]]]


@dataclass(frozen=True, slots=True)
class BandCount:
    """A severity in the rail: its cards, how many of its findings are decided, and of how many."""

    severity: Severity
    decided: int
    total: int
    cards: tuple[tuple[Card, int], ...]  # each with how many of its findings still wait


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question of the could-not-assess panel. `means` are sentences: which answer to it would raise what."""

    unknown: Unknown
    is_seen: bool
    error: str | None
    means: tuple[str, ...]


def band_counts(bands: Iterable[Band], controls: Mapping[str, Control]) -> list[BandCount]:
    """What is decided, severity by severity."""
    found = []
    for band in bands:
        cards = []
        for card in band.cards:
            decided, total = counted(controls, rules_of(card))
            cards.append((card, total - decided))
        decided, total = counted(controls, [rule for card in band.cards for rule in rules_of(card)])
        found.append(BandCount(band.severity, decided, total, tuple(cards)))
    return found


def rules_of(card: Card) -> list[str]:
    """The rules whose findings stand in a card."""
    return [finding.rule_id for column in card.columns for finding in column.findings]


def change_sentences(case: Case) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What would change each raised finding, by rule; and what each open question's answers would raise, by item."""
    found = what_would_change(case.ruleset, case.answers, case.findings)
    by_rule: dict[str, list[str]] = {}
    by_item: dict[str, list[str]] = {}
    for finding in case.findings:
        if finding.outcome is Outcome.RAISED:
            by_rule[finding.rule.id] = [_sentence(case.ruleset, one) for one in found[finding.rule.id]]
        elif finding.rule.severity is not Severity.INFO and finding.rule.kind in (Kind.RISK, Kind.NOTICE):
            topic = topic_words(case.ruleset, finding.rule.topic, language())
            for one in found[finding.rule.id]:
                by_item.setdefault(one.item, []).append(f"{topic}: {_sentence(case.ruleset, one)}")
    return by_rule, {item: list(dict.fromkeys(sentences)) for item, sentences in by_item.items()}


def open_rows(
    unknowns: Iterable[Unknown], means: Mapping[str, list[str]], seen: Iterable[str], errors: Mapping[str, str]
) -> list[OpenQuestion]:
    """The open questions with their ticks."""
    ticked = set(seen)
    return [
        OpenQuestion(one, one.item in ticked, errors.get(f"seen-{one.item}"), tuple(means.get(one.item, ())))
        for one in unknowns
    ]


def linked_answers(case: Case, cards: Sequence[tuple[str, Card]]) -> list[LinkedAnswers]:
    """All answers as `answer_groups` has them, each with the cards that it is behind. `cards` go with the anchors they stand at."""
    places = {rule: (card.title, anchor) for anchor, card in cards for rule in rules_of(card)}
    behind: dict[str, dict[Link, None]] = {}
    for finding in case.findings:
        if finding.rule.id in places:
            for item_id in _behind(finding):
                behind.setdefault(item_id, {})[places[finding.rule.id]] = None
    items = [[item.id for item in items] for _section, items in shown_items(case)]
    groups = answer_groups(case)
    ids = [*items, *([""] * len(rows) for _title, rows in groups[len(items) :])]  # derived numbers are behind nothing
    return [
        (title, [(row, list(behind.get(item_id, {}))) for row, item_id in zip(rows, item_ids, strict=True)])
        for (title, rows), item_ids in zip(groups, ids, strict=True)
    ]


def _behind(finding: Finding) -> Iterable[str]:
    return finding.evidence if finding.outcome is Outcome.RAISED else ()


def _sentence(ruleset: Ruleset, alternatives: Alternatives) -> str:
    return alternatives_sentence(ruleset, alternatives, language())
