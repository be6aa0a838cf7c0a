"""A ruleset arranged for reading: its topics, the rules of one, their sources, and its questions, in the page's language.

What a condition says comes from the engine's wording, and what a rule says from the rule; here it is only put in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import get_locale, gettext, lazy_gettext

from screener.engine.answers import DECLINED, NOT_SURE
from screener.engine.approvals import standing_approvals
from screener.engine.conditions import Condition
from screener.engine.questionnaire import Item, ItemType, Section
from screener.engine.rules import Conflict, Kind, Rule, Ruleset
from screener.engine.screening import topic_order
from screener.engine.wording import code_words, sentence
from screener.web.citation_words import cited_places
from screener.web.i18n import language

KIND_WORDS = {
    Kind.INDICATION: lazy_gettext("A reason the source gives"),
    Kind.RISK: lazy_gettext("A risk"),
    Kind.ROUTE: lazy_gettext("A way of giving it"),
    Kind.NOTICE: lazy_gettext("A note"),
}


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """One topic that has rules, how many, and whether any has a note for clinicians."""

    id: str
    title: str
    count: int
    has_notes: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A publication as a rule names it: a line of a citation, with the publication's own title where the name is another."""

    name: str
    title: str | None
    place: str
    url: str | None
    in_summary: bool


@dataclass(frozen=True, slots=True)
class ShownRule:
    """One rule, with what is not simply one of its texts put in words."""

    rule: Rule
    kind: str
    condition: str
    sources: tuple[Source, ...]
    review_by: date | None


@dataclass(frozen=True, slots=True)
class SourceRules:
    """What one pack says on one topic."""

    title: str
    rules: tuple[ShownRule, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One item. `condition` says when it is asked, None: always; `answers` are the ways to answer it, `topics` look at it."""

    item: Item
    condition: str | None
    answers: tuple[str, ...]
    topics: tuple[TopicEntry, ...]
    opens: tuple[str, ...]


def topic_index(ruleset: Ruleset) -> list[TopicEntry]:
    """The topics that have rules, in the order of the prose."""
    by_topic: dict[str, list[Rule]] = {}
    for rule in ruleset.rules:
        by_topic.setdefault(rule.topic, []).append(rule)
    return [
        TopicEntry(topic, _topic_title(ruleset, topic), len(by_topic[topic]), any(r.clinician for r in by_topic[topic]))
        for topic in topic_order(ruleset)
        if topic in by_topic
    ]


def rules_by_source(ruleset: Ruleset, topic: str) -> list[SourceRules]:
    """The rules of a topic, each source apart, the most pressing of each first."""
    found = []
    for pack in ruleset.packs:
        here = sorted(
            (rule for rule in ruleset.rules if (rule.pack, rule.topic) == (pack, topic)),
            key=lambda rule: rule.severity.rank,
        )
        if here:
            prose = ruleset.prose.packs.get(pack)
            title = prose.title.in_language(language()) if prose and prose.title else pack
            found.append(SourceRules(title, tuple(_shown_rule(ruleset, rule) for rule in here)))
    return found


def question_groups(ruleset: Ruleset, section: Section) -> list[Question]:
    """The questions of a section."""
    readers = _topics_by_item(ruleset)
    return [
        Question(
            item=item,
            condition=_as_sentence(ruleset, item.enabled_when) if item.enabled_when is not None else None,
            answers=_ways_to_answer(item),
            topics=tuple(entry for entry in topic_index(ruleset) if entry.id in readers.get(item.id, ())),
            opens=tuple(
                other.text.in_language(language())
                for other in ruleset.items.values()
                if other.enabled_when is not None and item.id in ruleset.items_behind(other.enabled_when)
            ),
        )
        for item in section.items
    ]


def conflicts_in_words(ruleset: Ruleset) -> list[tuple[Conflict, str]]:
    """Each conflict with when it is asked about, in a sentence."""
    return [(conflict, _as_sentence(ruleset, conflict.when)) for conflict in ruleset.conflicts]


def approvals_of(ruleset: Ruleset) -> list[tuple[str, str, date | None]]:
    """Who approved exactly this content, in which role and when; an approval of another hash is none of this one."""
    return [
        (str(approval.get("who", "")), str(approval.get("role", "")), date_in(str(approval.get("date", ""))))
        for approval in standing_approvals(ruleset)
    ]


def language_names(ruleset: Ruleset) -> str:
    """The languages a ruleset speaks, named in that of the page."""
    known: Mapping[str, Any] = get_locale().languages
    return ", ".join(str(known.get(code, code)) for code in ruleset.languages)


def date_in(words: str | None) -> date | None:
    """The date of an ISO text; None where it is none."""
    try:
        return date.fromisoformat(words or "")
    except ValueError:
        return None


def _shown_rule(ruleset: Ruleset, rule: Rule) -> ShownRule:
    return ShownRule(
        rule=rule,
        kind=str(KIND_WORDS[rule.kind]),
        condition=_as_sentence(ruleset, rule.when),
        sources=_sources(ruleset, rule),
        review_by=date_in(rule.review_by),
    )


def _as_sentence(ruleset: Ruleset, condition: Condition) -> str:
    said = sentence(ruleset, condition, language())
    return f"{said[:1].upper()}{said[1:]}."


def _sources(ruleset: Ruleset, rule: Rule) -> tuple[Source, ...]:
    """Each publication once, with the places cited; a link only where it is an address that keeps what is read to itself."""
    by_title: dict[str, list[str]] = {}
    for citation_id in rule.cites:
        by_title.setdefault(ruleset.citations[citation_id].title, []).append(citation_id)
    found = []
    for title, citation_ids in by_title.items():
        for place in cited_places(ruleset, citation_ids):
            url = place.url if place.url and place.url.startswith("https://") else None
            own_title = None if place.name.startswith(title) else title
            found.append(Source(place.name, own_title, place.place, url, place.in_summary))
    return tuple(found)


def _ways_to_answer(item: Item) -> tuple[str, ...]:
    ways_out = [code for code, offered in ((NOT_SURE, item.unsure), (DECLINED, item.decline)) if offered]
    words = [code_words(item, code, language()) for code in (*item.codes, *ways_out)]
    if item.type is ItemType.NUMBER:
        words.insert(0, _range_words(item))
    elif item.type is ItemType.DATE:
        words.insert(0, gettext("A date"))
    elif item.type is ItemType.TEXT:
        words.insert(0, gettext("Your own words"))
    return tuple(words)


def _range_words(item: Item) -> str:
    unit = f" {item.unit}" if item.unit else ""
    if item.min is None or item.max is None:
        return gettext("A number") + unit
    return gettext("A number from %(low)s to %(high)s", low=item.min, high=item.max) + unit


def _topics_by_item(ruleset: Ruleset) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in ruleset.rules:
        for item_id in ruleset.items_behind(rule.when):
            found.setdefault(item_id, set()).add(rule.topic)
    return found


def _topic_title(ruleset: Ruleset, topic: str) -> str:
    title = ruleset.prose.topics.get(topic)
    return title.in_language(language()) if title else topic.replace("_", " ")
