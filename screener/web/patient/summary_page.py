"""What the summary's pages are given: the engine's lists in words, each source in its own column, never merged.

Three pages share them: what concerns this patient, what everyone is told, and the form to print.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext, ngettext

from screener.engine.answers import DECLINED, NOT_SURE, Reason
from screener.engine.rules import Ruleset
from screener.engine.screening import Finding
from screener.engine.summary import OpenQuestion, Summary, TopicGroup, group_by_topic, summarise
from screener.engine.text import Text
from screener.engine.wording import code_words
from screener.store.models import Submission
from screener.web.citation_words import CitedPlace, cited_places
from screener.web.conflict_words import sent_conflicts
from screener.web.i18n import language
from screener.web.patient.standing import patient_moves, what_happens_next
from screener.web.patient.summary_paper import paper_of
from screener.web.patient.summary_words import ADVICE, Told, source_title, told, topic_title
from screener.web.patient.urgent_notices import UrgentNotice, notices_of, quiet_lines
from screener.web.patient.visit import Visit

_WAYS_OUT = {Reason.NOT_SURE: NOT_SURE, Reason.DECLINED: DECLINED}


@dataclass(frozen=True, slots=True)
class Part:
    """What a source says in one go: its words, each with how sure it is, and where it says so."""

    sayings: list[tuple[str, str | None]]
    citations: list[CitedPlace]
    told: Told = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    """One source on one topic; `silent` where this guide has nothing from it."""

    title: str
    parts: list[Part]
    silent: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One topic: the answers, the sources side by side, the questions."""

    title: str
    told: Told
    columns: list[Column]
    asks: list[str]


@dataclass(frozen=True, slots=True)
class Unknown:
    """One question without an answer, and what hangs on it."""

    title: str
    told: Told
    paragraphs: list[str]
    citations: list[CitedPlace] = field(default_factory=list)


def summary_page(visit: Visit, submission: Submission) -> dict[str, Any]:
    """The variables of the page, of the one with what everyone is told, and of the PDF, which has both."""
    ruleset = visit.ruleset
    summary = summarise(ruleset, visit.answers, visit.findings)
    first = [_card(ruleset, group) for group in summary.first]
    mention = [_card(ruleset, group) for group in summary.mention]
    in_cards = {ask for card in (*first, *mention) for ask in card.asks}
    return {
        **_on_every_form(visit, submission, summary),
        "ends_at": visit.draft.expires_at,
        "standing": what_happens_next(submission),
        "may_act": bool(patient_moves(submission)),
        "urgent": _urgent(visit, summary),
        "first": first,
        "mention": mention,
        "unknown": [_unknown(ruleset, question) for question in summary.open_questions],
        "reasons": _reasons(ruleset, summary),
        "facts": _facts(ruleset, summary, for_everyone=False),
        "facts_for_everyone": _facts(ruleset, summary, for_everyone=True),
        "not_covered": [
            (source_title(ruleset, pack), _all_words(texts)) for pack, texts in summary.not_covered.items()
        ],
        "more_asks": [ask for ask in _all_words(summary.asks) if ask not in in_cards],
    }


def paper_page(visit: Visit, submission: Submission) -> dict[str, Any]:
    """The variables of the page to print."""
    summary = summarise(visit.ruleset, visit.answers, visit.findings)
    urgent = [(today, [notice for notice, _ in pairs]) for today, pairs in _urgent(visit, summary)]
    return {
        **_on_every_form(visit, submission, summary),
        "paper": paper_of(summary, urgent, _silent_topics(visit.ruleset)),
    }


def _on_every_form(visit: Visit, submission: Submission, summary: Summary) -> dict[str, Any]:
    """What is the same on the screen and on paper."""
    prose = visit.ruleset.prose
    return {
        "submission": submission,
        "quiet_lines": quiet_lines(visit, None),
        "conflicts": sent_conflicts(visit.ruleset, visit.answers),
        "not_checked": _not_checked(summary),
        "nothing_raised": _words(prose.nothing_raised) if summary.nothing_raised else None,
        "bring": _all_words(prose.bring),
        "next_steps": _words(prose.next),
        "help_now": prose.help_now,
        "has_own_words": summary.has_own_words,
        "ruleset": visit.ruleset,
    }


def _urgent(visit: Visit, summary: Summary) -> list[tuple[bool, list[tuple[UrgentNotice, list[CitedPlace]]]]]:
    """What cannot wait, then what is for today: (for today, notices with their sources)."""
    by_id = {finding.rule.id: finding for finding in summary.urgent}
    shown = [
        (notice, _part(visit.ruleset, [by_id[notice.rule_id]]).citations)
        for notice in notices_of(visit, list(summary.urgent))
    ]
    groups = [(today, [pair for pair in shown if pair[0].can_wait_hours is today]) for today in (False, True)]
    return [(today, pairs) for today, pairs in groups if pairs]


def _card(ruleset: Ruleset, group: TopicGroup) -> Card:
    columns = [
        _column(ruleset, pack, group.columns.get(pack, ()))
        for pack in ruleset.packs
        if pack in group.columns or _is_silent(ruleset, pack, group.topic)
    ]
    return Card(topic_title(ruleset, group.topic), told(ruleset, group.evidence), columns, _all_words(group.asks))


def _silent_topics(ruleset: Ruleset) -> dict[str, list[str]]:
    """Of each source the topics this guide has nothing from it on."""
    topics = dict.fromkeys(rule.topic for rule in ruleset.rules)
    return {pack: [topic for topic in topics if _is_silent(ruleset, pack, topic)] for pack in ruleset.packs}


def _is_silent(ruleset: Ruleset, pack: str, topic: str) -> bool:
    """Whether a source has no rule at all on this topic, so that its column may say so."""
    return pack != ADVICE and all(rule.topic != topic for rule in ruleset.rules if rule.pack == pack)


def _column(ruleset: Ruleset, pack: str, findings: tuple[Finding, ...]) -> Column:
    title = source_title(ruleset, pack)
    if not findings:
        return Column(title, [], gettext("This guide has nothing from this source on this topic."))
    return Column(title, [_part(ruleset, [finding]) for finding in findings])


def _reasons(ruleset: Ruleset, summary: Summary) -> list[Column]:
    """Why ketamine may be worth discussing: one column a source, and what others say of the evidence beside it."""
    columns = []
    for pack in ruleset.packs if summary.indications else ():
        reasons = group_by_topic(ruleset, [f for f in summary.indications if f.rule.pack == pack])
        parts = [_part(ruleset, group.findings, told(ruleset, group.evidence)) for group in reasons]
        weighing = [f for f in summary.counterweight if f.rule.pack == pack]
        for cites in dict.fromkeys(f.rule.cites for f in weighing):
            parts.append(_part(ruleset, [f for f in weighing if f.rule.cites == cites]))
        if parts:
            columns.append(Column(source_title(ruleset, pack), parts))
    return columns


def _facts(ruleset: Ruleset, summary: Summary, *, for_everyone: bool) -> list[tuple[str, list[Part]]]:
    """Good to know, source by source, one part a topic: what everyone is told, or what these answers raised."""
    found: dict[str, list[Part]] = {}
    for group in summary.good_to_know:
        for pack, column in group.columns.items():
            wanted = [finding for finding in column if finding.rule.is_always is for_everyone]
            if wanted:
                found.setdefault(pack, []).append(_part(ruleset, wanted))
    return [(source_title(ruleset, pack), found[pack]) for pack in ruleset.packs if pack in found]


def _part(ruleset: Ruleset, findings: Iterable[Finding], because: Told | None = None) -> Part:
    rules = [finding.rule for finding in findings]
    cited = dict.fromkeys(citation for rule in rules for citation in rule.cites)
    sayings = [
        (rule.patient.in_language(language()), rule.grade.in_language(language()) if rule.grade is not None else None)
        for rule in rules
    ]
    return Part(sayings, _cited(ruleset, cited, {rule.pack for rule in rules}), because or [])


def _cited(ruleset: Ruleset, citation_ids: Iterable[str], packs: set[str]) -> list[CitedPlace]:
    """Places of a source that is one publication come first."""
    own = [c for c in citation_ids if ruleset.citations[c].source in packs and _is_one_work(ruleset, packs)]
    return [*cited_places(ruleset, own), *cited_places(ruleset, [c for c in citation_ids if c not in own])]


def _is_one_work(ruleset: Ruleset, packs: set[str]) -> bool:
    return all(len(_works(ruleset, pack)) == 1 for pack in packs)


def _works(ruleset: Ruleset, pack: str) -> list[str]:
    """The publications of a source's own that it is made of, in full."""
    cited = [ruleset.citations[c] for rule in ruleset.rules if rule.pack == pack for c in rule.cites]
    named = ((c.authors or c.publisher, c.title, c.year) for c in cited if c.source == pack)
    return list(dict.fromkeys(", ".join(str(part) for part in parts if part) for parts in named))


def _unknown(ruleset: Ruleset, question: OpenQuestion) -> Unknown:
    item = ruleset.items[question.item]
    told_reason: Told = []
    if question.reason in _WAYS_OUT:
        told_reason = [(None, code_words(item, _WAYS_OUT[question.reason], language()))]
    topics = ", ".join(topic_title(ruleset, topic) for topic in question.topics)
    hangs = ngettext(
        "%(num)s topic depends on it: %(topics)s.",
        "%(num)s topics depend on it: %(topics)s.",
        len(question.topics),
        topics=topics,
    )
    unsaid = [] if told_reason else [gettext("You gave no answer.")]
    section = next(section for section in ruleset.sections if section.id == item.section)
    title = f"{section.title.in_language(language())}: {item.text.in_language(language())}"
    return Unknown(title, told_reason, [" ".join([*unsaid, hangs])])


def _not_checked(summary: Summary) -> str | None:
    text = summary.ruleset.prose.not_checked
    if text is None or not summary.unchecked_topics:
        return None
    return text.in_language(language()).replace("{count}", str(summary.unchecked_topics))


def _words(text: Text | None) -> str | None:
    return text.in_language(language()) if text is not None else None


def _all_words(texts: Iterable[Text]) -> list[str]:
    return [text.in_language(language()) for text in texts]
