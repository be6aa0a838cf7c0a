"""The stored findings of one response, arranged for staff: by severity, topic and source, with the answers behind them.

Nothing is screened here: findings come from the store, their words from the ruleset they were made with. The sources
stand side by side and are never merged; one that says nothing here says so in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext

from screener.engine.answers import Answer, Reason
from screener.engine.rules import Kind, Outcome, Rule, Ruleset, Severity
from screener.engine.screening import Finding, topic_order
from screener.engine.summary import TopicGroup, group_by_topic, open_questions, summarise
from screener.engine.wording import sentence
from screener.web.answer_words import answer_words
from screener.web.citation_words import CitedPlace, cited_places

# General advice has no silent side: it is shown where it speaks, after the sources that speak about the treatment.
ADVICE = "safety"
SEVERITY_WORDS = {
    Severity.URGENT: lazy_gettext("Urgent"),
    Severity.FIRST: lazy_gettext("First"),
    Severity.MENTION: lazy_gettext("Mention"),
    Severity.INFO: lazy_gettext("Info"),
}
REASON_WORDS = {
    Reason.NOT_SURE: lazy_gettext("Not sure"),
    Reason.DECLINED: lazy_gettext("Prefers not to say"),
    Reason.NOT_ANSWERED: lazy_gettext("Not answered"),
    Reason.NOT_ASKED: lazy_gettext("Not asked"),
}

Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One finding in its source's column. `condition` says in a sentence when its rule is raised; None where that is always."""

    rule_id: str
    rule_url: str
    title: str | None
    paragraphs: tuple[str, ...]
    evidence: tuple[Said, ...]
    condition: str | None
    note: str | None
    grade: str | None
    grade_note: str | None
    citations: tuple[CitedPlace, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One source beside the others; `silent` says why it has nothing here."""

    title: str
    findings: tuple[FindingWords, ...]
    silent: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """One topic. `evidence` where all findings rest on the same answers, else each finding has its own."""

    id: str
    title: str
    evidence: tuple[Said, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """The topics of one severity."""

    severity: Severity
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A question whose answer is unknown, and what hangs on it."""

    item: str
    title: str
    could_be: Severity
    answers: tuple[Said, ...]
    settles: str


@dataclass(frozen=True, slots=True)
class Unassessed:
    """A rule of the folded line: one that no patient is told of when it cannot be assessed."""

    rule_id: str
    rule_url: str
    topic: str
    questions: tuple[Said, ...]


class FindingsView:
    """All findings of one response in one language. `for_clinician` adds the clinician notes."""

    def __init__(
        self,
        ruleset: Ruleset,
        answers: Mapping[str, Answer],
        findings: Sequence[Finding],
        *,
        language: str,
        for_clinician: bool,
    ) -> None:
        self.ruleset, self.answers, self.findings = ruleset, answers, findings
        self.language, self.for_clinician = language, for_clinician
        self.raised = [finding for finding in findings if finding.outcome is Outcome.RAISED]
        self._summary = summarise(ruleset, answers, findings)

    def risk_bands(self, *, all_notices: bool) -> list[Band]:
        """Risk notes and urgent notices, or all notices, of severity mention and higher, most severe first."""
        bands = []
        for severity in (Severity.URGENT, Severity.FIRST, Severity.MENTION):
            kinds = (Kind.RISK, Kind.NOTICE) if all_notices or severity is Severity.URGENT else (Kind.RISK,)
            here = [f for f in self.raised if f.rule.severity is severity and f.rule.kind in kinds]
            groups = group_by_topic(self.ruleset, here)
            if groups:
                bands.append(Band(severity, tuple(self._card(group, severity) for group in groups)))
        return bands

    def urgent_words(self) -> list[str]:
        """What the patient was shown of each urgent finding."""
        return [self._in_words(f.rule.patient) for f in self._summary.urgent]

    def indications(self) -> Card | None:
        """Reasons the sources give to talk about the treatment, with what other sources say for everyone beside them."""
        indications, counterweight = self._summary.indications, self._summary.counterweight
        if not indications:
            return None
        columns = tuple(
            self._column(pack, here, silent=gettext("Gives no reason here."))
            for pack in self._sources()
            if (here := [f for f in (*indications, *counterweight) if f.rule.pack == pack]) or pack != ADVICE
        )
        return Card("indications", gettext("Reasons the sources give"), (), columns)

    def routes(self) -> list[Card]:
        """What the sources say about ways of giving it."""
        routes = [f for f in self.raised if f.rule.kind is Kind.ROUTE]
        return [self._card(group, None) for group in group_by_topic(self.ruleset, routes)]

    def info(self, *, for_everyone: bool) -> list[Card]:
        """What else is good to know: raised by answers, or the same for everyone."""
        shown = {f.rule.id for f in (*self._summary.indications, *self._summary.counterweight)}
        rest = [
            f
            for f in self.raised
            if (f.rule.severity is Severity.INFO or f.rule.kind is Kind.INDICATION)
            and f.rule.kind is not Kind.ROUTE
            and f.rule.id not in shown
            and f.rule.is_always is for_everyone
        ]
        return [self._card(group, Severity.INFO) for group in group_by_topic(self.ruleset, rest)]

    def unknowns(self) -> list[Unknown]:
        """What could not be assessed, by question: those that could settle an urgent or first rule stand first.

        A question that was never put hangs on one that was, and that one is listed.
        """
        return [
            Unknown(
                item=question.item,
                title=self._in_words(self.ruleset.items[question.item].text),
                could_be=question.severity,
                answers=(("", reason_words(question.reason, self.answers.get(question.item))),),
                settles=self._settles(question.reason, question.topics),
            )
            for question in open_questions(self.ruleset, self.findings)
        ]

    def unassessed(self) -> list[Unassessed]:
        """Indications, routes and info that could not be assessed: one folded line."""
        return [
            Unassessed(
                rule_id=f.rule.id,
                rule_url=self._rule_url(f.rule),
                topic=self._topic(f.rule.topic),
                questions=tuple(
                    (self._in_words(self.ruleset.items[item_id].text), str(REASON_WORDS[reason]))
                    for item_id, reason in f.missing.items()
                ),
            )
            for f in self.findings
            if f.outcome is Outcome.COULD_NOT_ASSESS
            and (f.rule.severity is Severity.INFO or f.rule.kind not in (Kind.RISK, Kind.NOTICE))
        ]

    def _settles(self, reason: Reason, topics: Iterable[str]) -> str:
        hanging = gettext("Settles: %(topics)s.", topics=", ".join(self._topic(topic) for topic in topics))
        if reason is Reason.DECLINED:
            return gettext("%(settles)s The form does not ask again; raise it in person.", settles=hanging)
        return hanging

    def _card(self, group: TopicGroup, severity: Severity | None) -> Card:
        shared = len({tuple(finding.evidence) for finding in group.findings}) == 1
        columns = []
        for pack in self._sources():
            here = group.columns.get(pack, ())
            if here or pack != ADVICE:
                columns.append(self._column(pack, here, silent=self._silence(pack, group.topic, severity), bare=shared))
        return Card(
            id=f"{severity or 'route'}-{group.topic}",
            title=self._topic(group.topic),
            evidence=self._said(group.evidence) if shared else (),
            columns=tuple(columns),
        )

    def _column(self, pack: str, findings: Sequence[Finding], *, silent: str, bare: bool = False) -> Column:
        prose = self.ruleset.prose.packs.get(pack)
        title = self._in_words(prose.title) if prose and prose.title else pack
        several_topics = len({finding.rule.topic for finding in findings}) > 1
        return Column(
            title=title,
            findings=tuple(self._finding(f, has_title=several_topics, bare=bare) for f in findings),
            silent=None if findings else silent,
        )

    def _finding(self, finding: Finding, *, has_title: bool, bare: bool) -> FindingWords:
        rule = finding.rule
        return FindingWords(
            rule_id=rule.id,
            rule_url=self._rule_url(rule),
            title=self._topic(rule.topic) if has_title else None,
            paragraphs=(self._in_words(rule.patient),),
            evidence=() if bare else self._said(finding.evidence),
            condition=None if rule.is_always else sentence(self.ruleset, rule.when, self.language),
            note=rule.clinician if self.for_clinician else None,
            grade=self._in_words(rule.grade) if rule.grade is not None else None,
            grade_note=gettext("raised for everyone") if rule.is_always else None,
            citations=tuple(cited_places(self.ruleset, rule.cites)),
        )

    def _rule_url(self, rule: Rule) -> str:
        """Where the rulebook's page shows the rule, in the version that was screened with."""
        return url_for("rulebook.topic", topic=rule.topic, version=self.ruleset.hash, _anchor=rule.id)

    def _silence(self, pack: str, topic: str, severity: Severity | None) -> str:
        """Why this source has nothing in this place: each reason means something else to a clinician."""
        here = [f for f in self.findings if (f.rule.pack, f.rule.topic) == (pack, topic)]
        elsewhere = [f.rule.severity for f in here if f.outcome is Outcome.RAISED and f.rule.severity is not severity]
        if elsewhere:
            words = ", ".join(str(SEVERITY_WORDS[level]) for level in dict.fromkeys(elsewhere))
            return gettext("Speaks about this topic under: %(severities)s.", severities=words)
        if here:
            return gettext("Could not be assessed.")
        if any((rule.pack, rule.topic) == (pack, topic) for rule in self.ruleset.rules):
            return gettext("Raised nothing on this topic.")
        return gettext("This ruleset has nothing from this source on this topic.")

    def _sources(self) -> list[str]:
        return sorted(self.ruleset.packs, key=lambda pack: pack == ADVICE)

    def _said(self, evidence: Mapping[str, Answer]) -> tuple[Said, ...]:
        items = self.ruleset.items
        return tuple(
            (self._in_words(items[item_id].text), answer_words(items[item_id], answer))
            for item_id, answer in evidence.items()
        )

    def _topic(self, topic: str) -> str:
        return topic_words(self.ruleset, topic, self.language)

    def _in_words(self, text: Any) -> str:
        return str(text.in_language(self.language))


def reason_words(reason: Reason, answer: Answer | None) -> str:
    """Why an answer is unknown; of a list with some codes known, why the rest of it is."""
    if isinstance(answer, list | tuple) and len(answer) > 1:
        if reason is Reason.NOT_SURE:
            return gettext("Not sure about the rest")
        if reason is Reason.DECLINED:
            return gettext("Prefers not to say about the rest")
    return str(REASON_WORDS[reason])


def topic_words(ruleset: Ruleset, topic: str, language: str) -> str:
    """A topic's title; its code where the prose gives it none."""
    title = ruleset.prose.topics.get(topic)
    return title.in_language(language) if title else topic.replace("_", " ")


def topic_titles(ruleset: Ruleset, topics: Iterable[str], language: str) -> list[str]:
    """These topics' titles, in the order of the prose."""
    order = topic_order(ruleset)
    known = sorted(topics, key=lambda topic: order.index(topic) if topic in order else len(order))
    return [topic_words(ruleset, topic, language) for topic in known]
