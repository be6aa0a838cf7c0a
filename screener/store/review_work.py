"""What a clinician may decide, and what a review still lacks before it can be signed off.

Pure rules over what is stored, without a database: the choices' reasons, the dispositions, which findings wait for a decision
and which questions are still open. Writing it down is in `operations/reviews`, what a sign-off is bound to in `signed_content`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from screener.engine.answers import Reason
from screener.engine.rules import Kind, Outcome, Severity
from screener.store.casework import DecisionChoice
from screener.store.models import StoredFinding

LONGEST_WORDS = 1000  # of the words to one decision
# What must be decided before a sign-off; of everything else a decision may be made.
TO_DECIDE = (Severity.URGENT, Severity.FIRST, Severity.MENTION)


class Disposition(StrEnum):
    """What happens next on the whole; an order of work, never a word on whether anyone may have anything."""

    DISCUSS = "discuss"
    RECORDS_FIRST = "records_first"
    ANOTHER_CLINICIAN = "another_clinician"
    NO_STEP_NOW = "no_step_now"
    OTHER = "other"


# Why a finding is set aside, or what work it needs. Whoever agrees need not say why.
REASONS: Mapping[DecisionChoice, tuple[str, ...]] = {
    DecisionChoice.AGREE: (),
    DecisionChoice.NOT_RELEVANT: ("looked_after", "long_past", "answer_mistaken", "rule_too_wide", "source_does_not_fit"),
    DecisionChoice.NEEDS_WORK_UP: ("ask_patient", "get_records", "examine_or_test", "ask_prescriber", "ask_specialist"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on one finding: the choice, one of its REASONS or None, and the clinician's own words."""

    choice: DecisionChoice
    reason: str | None = None
    text: str = ""

    @property
    def is_explained(self) -> bool:
        """Whether it says why, as every choice but agreement must."""
        return self.choice is DecisionChoice.AGREE or self.reason is not None or bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class ReviewWork:
    """All that a clinician marked in one review: decisions by rule id, open questions seen, what happens next."""

    decisions: Mapping[str, Decided]
    seen: Collection[str]
    disposition: Disposition | None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A question whose answer is unknown: why, and the rules that hang on it."""

    reason: Reason
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a review lacks: rules undecided or decided without a reason, questions not seen, and the two on the whole."""

    undecided: tuple[str, ...]
    unexplained: tuple[str, ...]
    unseen: tuple[str, ...]
    has_no_disposition: bool
    has_no_assessment: bool

    def __bool__(self) -> bool:
        return bool(
            self.undecided or self.unexplained or self.unseen or self.has_no_disposition or self.has_no_assessment
        )


def may_be_decided(finding: StoredFinding) -> bool:
    """Whether a clinician can decide on it: on whatever was raised."""
    return finding.outcome == Outcome.RAISED


def needs_decision(finding: StoredFinding) -> bool:
    """Whether nothing is signed off before it is decided."""
    return may_be_decided(finding) and finding.severity in TO_DECIDE


def open_items(findings: Iterable[StoredFinding]) -> dict[str, OpenItem]:
    """The questions that must be seen: those that were put, are unknown, and hold back a risk note or notice of mention or higher.

    The same questions as `engine.summary.open_questions` names, from the rows alone.
    """
    reasons: dict[str, Reason] = {}
    rules: dict[str, set[str]] = {}
    for finding in findings:
        if finding.outcome != Outcome.COULD_NOT_ASSESS or finding.severity not in TO_DECIDE:
            continue
        if finding.kind not in (Kind.RISK, Kind.NOTICE):
            continue
        for item, reason in finding.missing.items():
            if reason != Reason.NOT_ASKED:
                reasons[item] = Reason(reason)
                rules.setdefault(item, set()).add(finding.rule_id)
    return {item: OpenItem(reason, frozenset(rules[item])) for item, reason in reasons.items()}


def gaps(findings: Collection[StoredFinding], work: ReviewWork, assessment: str) -> Gaps:
    """What is still missing before these findings can be signed off with this work; empty (false) where nothing is."""
    return Gaps(
        undecided=tuple(f.rule_id for f in findings if needs_decision(f) and f.rule_id not in work.decisions),
        unexplained=tuple(rule for rule, decided in work.decisions.items() if not decided.is_explained),
        unseen=tuple(item for item in open_items(findings) if item not in work.seen),
        has_no_disposition=work.disposition is None,
        has_no_assessment=not assessment.strip(),
    )


def is_same(finding: StoredFinding, other: StoredFinding) -> bool:
    """Whether two findings say the same: rule, outcome, and the answers or gaps they rest on."""
    return (finding.rule_id, finding.outcome, finding.evidence, finding.missing) == (
        other.rule_id,
        other.outcome,
        other.evidence,
        other.missing,
    )
