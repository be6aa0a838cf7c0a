"""Writing one version of a patient's answers with what was concluded on it, and what follows from it for the queue.

A response and its findings are written once. The columns of a submission that the queue reads are worked out anew from
what is stored, whenever a version, a note about something urgent or a merge changes what they rest on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from screener.engine.rules import Outcome, Severity
from screener.engine.screening import Screening, scores_document
from screener.store import queries
from screener.store.accounts import User
from screener.store.casework import SubmissionTopic
from screener.store.models import Response, StoredFinding, Submission
from screener.store.operations.drafts import keep_ruleset


def keep_response(
    session: Session,
    submission: Submission,
    screening: Screening,
    *,
    number: int,
    entered_by: User | None,
    now: datetime,
) -> Response:
    """This version of the answers, without those set aside because their question no longer applied, and its findings."""
    response = Response(
        submission_id=submission.id,
        number=number,
        ruleset_hash=keep_ruleset(session, screening.ruleset, now=now),
        answers={k: answer for k, answer in screening.answers.items() if k not in screening.dropped},
        scores=scores_document(screening),
        dropped=list(screening.dropped),
        not_raised=list(screening.not_raised),
        created_at=now,
        entered_by_id=entered_by.id if entered_by else None,
    )
    session.add(response)
    session.flush()
    session.add_all(
        StoredFinding(
            response_id=response.id,
            position=position,
            rule_id=finding.rule.id,
            pack=finding.rule.pack,
            topic=finding.rule.topic,
            kind=finding.rule.kind.value,
            severity=finding.rule.severity.value,
            outcome=finding.outcome.value,
            evidence=dict(finding.evidence),
            missing=dict(finding.missing),
            citations=list(finding.rule.cites),
        )
        for position, finding in enumerate(screening.findings, start=1)
    )
    session.flush()
    return response


def renew_standing(session: Session, submission: Submission) -> None:
    """Work out a submission's severities and topics from what is stored.

    Its newest answers count, those of every submission merged into it, and, so that nothing urgent goes unseen, the urgent
    findings of earlier answers that nobody has noted anything about.
    """
    members = [submission, *queries.merged_into(session, submission)]
    newest = [f for member in members for f in queries.findings_of(session, queries.current_response(session, member))]
    raised = [finding for finding in newest if finding.outcome == Outcome.RAISED]
    raised += [finding for member in members for finding in queries.unsettled_urgent(session, member)]
    submission.severity_raised = highest(raised)
    submission.severity_rank = (
        Severity(submission.severity_raised).rank if submission.severity_raised else len(Severity)
    )
    submission.severity_possible = highest([*raised, *newest])
    submission.topics = _topics(raised)
    keep_topics(session, submission)
    session.flush()


def keep_topics(session: Session, submission: Submission) -> None:
    """Keep the submission's topics one a row, to filter by; replaces those that were there."""
    session.execute(delete(SubmissionTopic).where(SubmissionTopic.submission_id == submission.id))
    session.add_all(SubmissionTopic(submission_id=submission.id, topic=topic) for topic in submission.topics)


def highest(findings: Iterable[StoredFinding]) -> Severity | None:
    """The highest severity among these; None where there are none."""
    return min((Severity(finding.severity) for finding in findings), key=lambda severity: severity.rank, default=None)


def _topics(raised: Iterable[StoredFinding]) -> list[str]:
    """The topics raised at `mention` or higher, the most severe first."""
    told = [finding for finding in raised if finding.severity != Severity.INFO]
    told.sort(key=lambda finding: Severity(finding.severity).rank)
    return list(dict.fromkeys(finding.topic for finding in told))
