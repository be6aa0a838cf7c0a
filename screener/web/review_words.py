"""Clinicians' work on a submission in words: decisions, disposition, sign-off. For the clinician's page and for its print.

    with reading() as session:
        case = read_case(session, submission)
        reviews = read_reviews(session, case.submission)   # the oldest first; `reviews[-1]` is the present one
    reviews[-1].decisions["article_bp_not_controlled"].choice_words   # "Agree"

Nothing is computed anew but the hash of what was signed, so that a changed row shows. Codes and their rules are the store's
(`store.review_work`); here are only their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.casework import Decision, DecisionChoice
from screener.store.models import Review, Submission
from screener.store.review_work import Disposition
from screener.store.signed_content import is_intact

CHOICE_WORDS = {
    DecisionChoice.AGREE: lazy_gettext("Agree"),
    DecisionChoice.NOT_RELEVANT: lazy_gettext("Not relevant"),
    DecisionChoice.NEEDS_WORK_UP: lazy_gettext("Needs work-up"),
}
REASON_WORDS = {
    "looked_after": lazy_gettext("Known and already looked after"),
    "long_past": lazy_gettext("Long past, no longer so"),
    "answer_mistaken": lazy_gettext("The answer was a mistake"),
    "rule_too_wide": lazy_gettext("The rule is too wide for this patient"),
    "source_does_not_fit": lazy_gettext("The source is about something else"),
    "ask_patient": lazy_gettext("Ask the patient"),
    "get_records": lazy_gettext("Get records"),
    "examine_or_test": lazy_gettext("Examination or test"),
    "ask_prescriber": lazy_gettext("Ask whoever prescribes"),
    "ask_specialist": lazy_gettext("Ask a specialist"),
}
DISPOSITION_WORDS = {
    Disposition.DISCUSS: lazy_gettext("Discuss in person"),
    Disposition.RECORDS_FIRST: lazy_gettext("Needs records or tests first"),
    Disposition.ANOTHER_CLINICIAN: lazy_gettext("Another clinician should look"),
    Disposition.NO_STEP_NOW: lazy_gettext("No further step now"),
    Disposition.OTHER: lazy_gettext("Something else, as the assessment says"),
}
VOID_WORDS = {"amended": lazy_gettext("The answers were changed after it.")}


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """What was decided on one finding: `reason_words` of the coded reason, `text` in the clinician's own words ("" for none)."""

    rule_id: str
    choice: DecisionChoice
    choice_words: str
    reason: str | None
    reason_words: str | None
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignOffWords:
    """Who signed, when, and what: `is_intact` says whether what is stored is still exactly that. `void_words`: why it no longer stands."""

    name: str
    at: datetime
    content_hash: str
    is_intact: bool
    voided_at: datetime | None
    void_words: str | None


@dataclass(frozen=True, slots=True)
class ReviewWords:
    """One review. `decisions`, by rule id, are those on the answers of `response_id`; `seen` are the item ids of open questions."""

    id: int
    response_id: int
    clinician: str
    started_at: datetime
    recorded_at: datetime | None
    assessment: str
    disposition: str | None
    disposition_words: str | None
    decisions: Mapping[str, DecisionWords]
    seen: frozenset[str]
    sign_off: SignOffWords | None


def read_reviews(session: Session, submission: Submission) -> list[ReviewWords]:
    """All reviews of a submission, the oldest first; the open one with its decisions on the newest answers."""
    current = queries.current_response(session, submission)
    return [
        _in_words(session, review, review.sign_off.response_id if review.sign_off else current.id)
        for review in queries.reviews_of(session, submission)
    ]


def decision_words(decision: Decision) -> DecisionWords:
    """One stored decision in words."""
    return DecisionWords(
        rule_id=decision.finding.rule_id,
        choice=decision.choice,
        choice_words=str(CHOICE_WORDS[decision.choice]),
        reason=decision.reason,
        reason_words=reason_words(decision.reason),
        text=decision.text,
        by=decision.decided_by.name,
        at=decision.decided_at,
    )


def reason_words(reason: str | None) -> str | None:
    """A coded reason in words; its code where we have none."""
    return str(REASON_WORDS.get(reason, reason)) if reason else None


def disposition_words(code: str | None) -> str | None:
    """A disposition in words; its code where we have none."""
    known = {one.value: words for one, words in DISPOSITION_WORDS.items()}
    return str(known.get(code, code)) if code else None


def _in_words(session: Session, review: Review, response_id: int) -> ReviewWords:
    return ReviewWords(
        id=review.id,
        response_id=response_id,
        clinician=review.clinician.name,
        started_at=review.started_at,
        recorded_at=review.recorded_at,
        assessment=review.assessment,
        disposition=review.disposition,
        disposition_words=disposition_words(review.disposition),
        decisions=_decisions(queries.decisions_of(session, review), response_id),
        seen=frozenset(review.seen_items),
        sign_off=_sign_off(session, review),
    )


def _decisions(decisions: Iterable[Decision], response_id: int) -> dict[str, DecisionWords]:
    return {one.finding.rule_id: decision_words(one) for one in decisions if one.finding.response_id == response_id}


def _sign_off(session: Session, review: Review) -> SignOffWords | None:
    signed = review.sign_off
    if signed is None:
        return None
    reason = signed.void_reason
    return SignOffWords(
        name=signed.user.name,
        at=signed.signed_at,
        content_hash=signed.content_hash,
        is_intact=is_intact(session, review),
        voided_at=signed.voided_at,
        void_words=str(VOID_WORDS.get(reason, reason)) if reason else None,
    )
