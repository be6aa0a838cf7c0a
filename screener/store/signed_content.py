"""What a sign-off is bound to: the canonical JSON of everything that was signed, its SHA-256, and whether it still holds.

Nothing is written here. A row that was changed behind the program's back shows as another hash than the one that was kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from screener.engine.json import dumps
from screener.store import queries
from screener.store.casework import Decision
from screener.store.models import Response, Review, StoredFinding


def signed_content(
    response: Response, findings: Sequence[StoredFinding], decisions: Iterable[Decision], review: Review
) -> dict[str, Any]:
    """Answers, ruleset, findings, decisions on them, what was seen, the disposition and the clinician's words."""
    content: dict[str, Any] = {
        "answers": response.answers,
        "ruleset": response.ruleset_hash,
        "findings": [_finding_content(finding) for finding in findings],
        "assessment": review.assessment,
    }
    if review.disposition is None:
        return (
            content  # as it was signed before there were decisions; since then nothing is signed without a disposition
        )
    places = {finding.id: finding for finding in findings}
    here = sorted(
        (one for one in decisions if one.finding_id in places), key=lambda one: places[one.finding_id].position
    )
    return content | {
        "decisions": [_decision_content(places[decision.finding_id], decision) for decision in here],
        "seen": sorted(review.seen_items),
        "disposition": review.disposition,
    }


def content_hash(
    response: Response, findings: Sequence[StoredFinding], decisions: Iterable[Decision], review: Review
) -> str:
    """SHA-256 (hex) over the canonical JSON of what is signed."""
    content = signed_content(response, findings, decisions, review)
    return hashlib.sha256(dumps(content, sort_keys=True).encode()).hexdigest()


def hash_as_stored(session: Session, review: Review, response: Response) -> str:
    """The hash of what the database holds of this review of this response, whatever this session has in hand."""
    session.flush()
    findings = queries.findings_of(session, response)
    decisions = queries.decisions_of(session, review)
    for row in (response, review, *findings, *decisions):
        session.refresh(row, inspect(row).mapper.column_attrs.keys())
    return content_hash(response, findings, decisions, review)


def is_intact(session: Session, review: Review) -> bool:
    """Whether what is stored of a signed review is still exactly what was signed. Raises ValueError for one without a sign-off."""
    if review.sign_off is None:
        raise ValueError("only a signed review can be compared with what was signed")
    response = queries.response_by_number(session, review.sign_off.response_id)
    if response is None or response.submission_id != review.submission_id:
        return False
    findings = queries.findings_of(session, response)
    decisions = queries.decisions_of(session, review)
    return content_hash(response, findings, decisions, review) == review.sign_off.content_hash


def _finding_content(finding: StoredFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule_id,
        "pack": finding.pack,
        "topic": finding.topic,
        "kind": finding.kind,
        "severity": finding.severity,
        "outcome": finding.outcome,
        "evidence": finding.evidence,
        "missing": finding.missing,
        "citations": finding.citations,
    }


def _decision_content(finding: StoredFinding, decision: Decision) -> dict[str, Any]:
    return {
        "rule": finding.rule_id,
        "choice": decision.choice.value,
        "reason": decision.reason,
        "text": decision.text,
        "by": decision.decided_by_id,
    }
