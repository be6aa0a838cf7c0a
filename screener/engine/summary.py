"""The *discuss with your clinician* summary: findings arranged for reading, by severity, topic and source. Lists, never a verdict.

Works from findings, fresh or stored, and the ruleset they were made with; which words stand around the lists is the page's business.
Two sources on one topic stand side by side and are never merged. What could not be assessed is told by question, not by rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from screener.engine.answers import Answer, Answers, Reason
from screener.engine.questionnaire import ItemType
from screener.engine.rules import Kind, Outcome, Ruleset, Severity
from screener.engine.screening import Finding, reading_order, topic_order
from screener.engine.text import Text

_TOLD_TO_PATIENTS = (Kind.RISK, Kind.NOTICE)  # the kinds whose open questions a patient reads about


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """Findings on one topic: the answers behind them, and each source's findings in its own column.

    `columns` has every pack that speaks on the topic's group, in the manifest's order; `silent` names those that do not.
    """

    topic: str
    severity: Severity
    evidence: Mapping[str, Answer]
    columns: Mapping[str, tuple[Finding, ...]]
    silent: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the group, column by column."""
        return tuple(finding for column in self.columns.values() for finding in column)

    @property
    def asks(self) -> tuple[Text, ...]:
        """The questions to take to the clinician, each once."""
        return unique_asks(self.findings)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question whose answer is unknown: why, which topics hang on it, and the highest severity it could settle."""

    item: str
    reason: Reason
    topics: tuple[str, ...]
    severity: Severity


@dataclass(frozen=True, slots=True)
class Summary:
    """What a patient takes along. `unchecked_topics` counts topics of severity mention or higher that could not be assessed."""

    ruleset: Ruleset
    urgent: tuple[Finding, ...]
    quiet: tuple[Finding, ...]
    first: tuple[TopicGroup, ...]
    mention: tuple[TopicGroup, ...]
    open_questions: tuple[OpenQuestion, ...]
    indications: tuple[Finding, ...]
    counterweight: tuple[Finding, ...]
    good_to_know: tuple[TopicGroup, ...]
    asks: tuple[Text, ...]
    unchecked_topics: int
    nothing_raised: bool
    has_own_words: bool

    @property
    def not_covered(self) -> Mapping[str, tuple[Text, ...]]:
        """Of each source that says so, in the manifest's order: what it never covers."""
        packs = self.ruleset.prose.packs
        return {
            pack: packs[pack].not_covered for pack in self.ruleset.packs if pack in packs and packs[pack].not_covered
        }


def summarise(ruleset: Ruleset, answers: Answers, findings: Sequence[Finding]) -> Summary:
    """Arrange the findings of one response (raised and could_not_assess) for the patient's page."""
    raised = [finding for finding in findings if finding.outcome is Outcome.RAISED]
    unassessed = [finding for finding in findings if finding.outcome is Outcome.COULD_NOT_ASSESS]
    indications = tuple(f for f in raised if f.rule.kind is Kind.INDICATION and not f.rule.is_always)
    counterweight = _counterweight(raised, indications)
    set_apart = {finding.rule.id for finding in (*indications, *counterweight)}
    rest = [finding for finding in raised if finding.rule.id not in set_apart]
    pressing = [finding for finding in unassessed if finding.rule.severity is not Severity.INFO]
    return Summary(
        ruleset=ruleset,
        urgent=_of(raised, Severity.URGENT),
        quiet=quiet_notices(findings),
        first=group_by_topic(ruleset, _of(rest, Severity.FIRST)),
        mention=group_by_topic(ruleset, _of(rest, Severity.MENTION)),
        open_questions=open_questions(ruleset, findings),
        indications=indications,
        counterweight=counterweight,
        good_to_know=group_by_topic(ruleset, _of(rest, Severity.INFO)),
        asks=unique_asks(raised),
        unchecked_topics=len({finding.rule.topic for finding in pressing}),
        nothing_raised=not pressing and not any(_speaks_of_them(finding) for finding in raised),
        has_own_words=has_own_words(ruleset, answers),
    )


def _of(findings: Iterable[Finding], severity: Severity) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.rule.severity is severity)


def _speaks_of_them(finding: Finding) -> bool:
    """A risk, or anything pressing, that their answers raised; what is raised for everyone does not count.

    Wider than risks alone: "your answers did not match" must never stand below "call 911 now".
    """
    is_pressing = finding.rule.severity is not Severity.INFO
    return not finding.rule.is_always and (is_pressing or finding.rule.kind is Kind.RISK)


def _counterweight(raised: Sequence[Finding], indications: Sequence[Finding]) -> tuple[Finding, ...]:
    """What other sources say about the evidence, with its grade, to stand beside the indications.

    No claim stands without its counterweight: what is told to everyone weighs on any indication, whichever raised it; what
    is told because of an answer weighs on the indications of its own topic.
    """
    claiming = {finding.rule.pack for finding in indications}
    topics = {finding.rule.topic for finding in indications}
    return tuple(
        finding
        for finding in raised
        if claiming
        and finding.rule.kind is Kind.NOTICE
        and finding.rule.grade is not None
        and finding.rule.severity is Severity.INFO
        and finding.rule.pack not in claiming
        and (finding.rule.is_always or finding.rule.topic in topics)
    )


def quiet_notices(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Urgent rules that could not be assessed although their question was put, and that have words for it."""
    return tuple(
        finding
        for finding in findings
        if finding.outcome is Outcome.COULD_NOT_ASSESS
        and finding.rule.severity is Severity.URGENT
        and finding.rule.unknown is not None
        and any(reason is not Reason.NOT_ASKED for reason in finding.missing.values())
    )


def group_by_topic(ruleset: Ruleset, findings: Sequence[Finding]) -> tuple[TopicGroup, ...]:
    """Findings by topic in reading order, each source of the ruleset in its own column; `safety` words have no silent side."""
    order = reading_order(ruleset)
    groups = []
    for topic in topic_order(ruleset):
        here = sorted((f for f in findings if f.rule.topic == topic), key=lambda f: order(f.rule, f.outcome))
        if not here:
            continue
        columns = {pack: tuple(f for f in here if f.rule.pack == pack) for pack in ruleset.packs}
        speaking = {pack: column for pack, column in columns.items() if column}
        evidence = {item: answer for finding in here for item, answer in finding.evidence.items()}
        groups.append(
            TopicGroup(
                topic=topic,
                severity=min((finding.rule.severity for finding in here), key=lambda severity: severity.rank),
                evidence=ruleset.in_order(evidence),
                columns=speaking,
                silent=tuple(pack for pack in ruleset.packs if pack not in speaking),
            )
        )
    return tuple(groups)


def open_questions(
    ruleset: Ruleset, findings: Iterable[Finding], *, kinds: Iterable[Kind] = _TOLD_TO_PATIENTS, not_asked: bool = False
) -> tuple[OpenQuestion, ...]:
    """What could not be assessed, by question: those that would settle an urgent or first rule first, then questionnaire order.

    Rules of severity info are left out. With `not_asked`, questions that were never put (their own gate being unknown) are listed too.
    """
    wanted = set(kinds)
    hanging: dict[str, list[Finding]] = {}
    reasons: dict[str, Reason] = {}
    for finding in findings:
        if (
            finding.outcome is not Outcome.COULD_NOT_ASSESS
            or finding.rule.severity is Severity.INFO
            or finding.rule.kind not in wanted
        ):
            continue
        for item, reason in finding.missing.items():
            if not_asked or reason is not Reason.NOT_ASKED:
                hanging.setdefault(item, []).append(finding)
                reasons[item] = reason
    topics = topic_order(ruleset)
    questions = [
        OpenQuestion(
            item=item,
            reason=reasons[item],
            topics=tuple(sorted({finding.rule.topic for finding in hanging[item]}, key=topics.index)),
            severity=min((finding.rule.severity for finding in hanging[item]), key=lambda severity: severity.rank),
        )
        for item in ruleset.items
        if item in hanging
    ]
    return tuple(sorted(questions, key=lambda question: question.severity.rank > Severity.FIRST.rank))


def unique_asks(findings: Iterable[Finding]) -> tuple[Text, ...]:
    """The `ask` of each finding that has one, each text once, in order."""
    asks: dict[tuple[tuple[str, str], ...], Text] = {}
    for finding in findings:
        if finding.rule.ask is not None:
            asks.setdefault(tuple(finding.rule.ask.by_language.items()), finding.rule.ask)
    return tuple(asks.values())


def has_own_words(ruleset: Ruleset, answers: Answers) -> bool:
    """Whether any answer is in free words, which no rule checked."""
    return any(item.type is ItemType.TEXT and item.id in answers for item in ruleset.items.values())


def finding_from(
    ruleset: Ruleset, rule_id: str, outcome: str, evidence: Mapping[str, Answer], missing: Mapping[str, str]
) -> Finding:
    """A stored finding as it was concluded, with the rule of the ruleset it was screened with. Raises KeyError for an unknown rule."""
    reasons = {item: Reason(reason) for item, reason in missing.items()}
    return Finding(ruleset.rule(rule_id), Outcome(outcome), dict(evidence), reasons)
