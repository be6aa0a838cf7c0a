"""From answers to findings: every rule of the ruleset ends in exactly one outcome, and each finding says why.

The software prepares a conversation. Nothing here is, or may become, a score of fitness or a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from screener.engine.answers import Answer, Answers, Reason
from screener.engine.conditions import Truth
from screener.engine.evaluation import Evaluation, ScoreValue
from screener.engine.explanation import evidence, missing
from screener.engine.questionnaire import ScoreKind
from screener.engine.rules import Outcome, Rule, Ruleset, Severity
from screener.engine.text import Text

OUTCOMES = {Truth.TRUE: Outcome.RAISED, Truth.FALSE: Outcome.NOT_RAISED, Truth.UNKNOWN: Outcome.COULD_NOT_ASSESS}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule concluded on a response: `evidence` where raised, `missing` where it could not be assessed."""

    rule: Rule
    outcome: Outcome
    evidence: Mapping[str, Answer]
    missing: Mapping[str, Reason]


@dataclass(frozen=True, slots=True)
class Screening:
    """All that was concluded on one response. `possible` is the highest severity were the unknown answers known."""

    ruleset: Ruleset
    answers: Answers
    findings: tuple[Finding, ...]
    not_raised: tuple[str, ...]
    scores: Mapping[str, ScoreValue]
    dropped: tuple[str, ...]
    raised: Severity | None
    possible: Severity | None


def screen(ruleset: Ruleset, answers: Answers) -> Screening:
    """Screen checked answers (see `parse_answers`): findings by severity, raised first, then pack, topic, rule id."""
    evaluation = Evaluation(ruleset, answers)
    findings: list[Finding] = []
    not_raised: list[Finding] = []
    for rule in ruleset.rules:
        finding = _conclude(evaluation, rule)
        (not_raised if finding.outcome is Outcome.NOT_RAISED else findings).append(finding)
    order = reading_order(ruleset)
    findings.sort(key=lambda finding: order(finding.rule, finding.outcome))
    not_raised.sort(key=lambda finding: order(finding.rule, finding.outcome))
    raised = [finding.rule.severity for finding in findings if finding.outcome is Outcome.RAISED]
    return Screening(
        ruleset=ruleset,
        answers=answers,
        findings=tuple(findings),
        not_raised=tuple(finding.rule.id for finding in not_raised),
        scores={score_id: evaluation.score(score_id) for score_id in ruleset.scores},
        dropped=evaluation.dropped(),
        raised=_highest(raised),
        possible=_highest([finding.rule.severity for finding in findings]),
    )


def asked_items(ruleset: Ruleset, answers: Answers) -> Mapping[str, Truth]:
    """Of each item in questionnaire order: asked (TRUE), not applicable (FALSE), or not asked for now (UNKNOWN)."""
    return Evaluation(ruleset, answers).asked


def _highest(severities: list[Severity]) -> Severity | None:
    return min(severities, key=lambda severity: severity.rank, default=None)


def _conclude(evaluation: Evaluation, rule: Rule) -> Finding:
    outcome = OUTCOMES[evaluation.truth(rule.when)]
    because: Mapping[str, Answer] = {}
    lacking: Mapping[str, Reason] = {}
    if outcome is Outcome.RAISED:
        item_ids = evidence(evaluation, rule.when)
        because = {i: evaluation.answers[i] for i in evaluation.ruleset.items if i in item_ids}
    elif outcome is Outcome.COULD_NOT_ASSESS:
        lacking = missing(evaluation, rule.when)
    return Finding(rule, outcome, because, lacking)


def topic_order(ruleset: Ruleset) -> list[str]:
    """The topics as prose orders them, those it does not name last, by name."""
    named = list(ruleset.prose.topics)
    return named + sorted({rule.topic for rule in ruleset.rules} - set(named))


def reading_order(ruleset: Ruleset) -> Callable[[Rule, Outcome], tuple[int, bool, int, int, str]]:
    """A sort key over (rule, outcome): severity, raised before could_not_assess, pack, topic, rule id."""
    topics = {topic: index for index, topic in enumerate(topic_order(ruleset))}
    packs = {pack: index for index, pack in enumerate(ruleset.packs)}

    def key(rule: Rule, outcome: Outcome) -> tuple[int, bool, int, int, str]:
        return rule.severity.rank, outcome is not Outcome.RAISED, packs[rule.pack], topics[rule.topic], rule.id

    return key


def screening_document(screening: Screening) -> dict[str, Any]:
    """The JSON of `screener screen`, its keys in the promised order (rulebook: What the commands promise)."""
    ruleset = screening.ruleset
    return {
        "ruleset": {"id": ruleset.id, "version": ruleset.version, "hash": ruleset.hash},
        "severity": {"raised": screening.raised, "possible": screening.possible},
        "findings": [_finding_document(finding) for finding in screening.findings],
        "not_raised": list(screening.not_raised),
        "scores": scores_document(screening),
        "dropped": list(screening.dropped),
    }


def scores_document(screening: Screening) -> dict[str, dict[str, int | float] | None]:
    """Each score as {"low", "high"}, the full interval where its gate is unknown, None where it is not applicable."""
    document: dict[str, dict[str, int | float] | None] = {}
    for score_id, value in screening.scores.items():
        if value.applicable is Truth.FALSE:
            document[score_id] = None
            continue
        is_mean = screening.ruleset.scores[score_id].kind is ScoreKind.MEAN
        document[score_id] = {"low": _number(value.low, is_mean), "high": _number(value.high, is_mean)}
    return document


def _number(value: Fraction, is_mean: bool) -> int | float:
    return value.numerator if value.denominator == 1 and not is_mean else float(value)


def _finding_document(finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    return {
        "rule": rule.id,
        "pack": rule.pack,
        "topic": rule.topic,
        "kind": rule.kind,
        "severity": rule.severity,
        "outcome": finding.outcome,
        "evidence": dict(finding.evidence),
        "missing": dict(finding.missing),
        "citations": list(rule.cites),
        "patient": dict(rule.patient.by_language),
        "ask": _words(rule.ask),
        "unknown": _words(rule.unknown),
        "clinician": rule.clinician,
        "grade": next(iter(rule.grade.by_language.values())) if rule.grade is not None else None,
    }


def _words(text: Text | None) -> dict[str, str] | None:
    return dict(text.by_language) if text is not None else None
