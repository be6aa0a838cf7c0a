"""A fixed moment, answers, a patient and staff for the store's tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.casework import DecisionChoice
from screener.store.models import Submission
from screener.store.review_work import Decided, Disposition, ReviewWork, needs_decision, open_items
from screener.store.workflow import Role

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CALM = {"chest_pain": "no", "heart_conditions": ["none"], "bladder_pain": "no"}
URGENT = {"chest_pain": "yes", "heart_conditions": ["hypertension"], "bp_control": "poor"}
CONTACT: Mapping[str, Any] = {
    "name": "Zoraida Canary",
    "birth_date": date(1961, 2, 3),
    "phone": "555-0199",
    "email": "zoraida@canary.example",
    "preferred_contact": "phone",
    "language": "en",
    "helper": None,
}


def make_user(session: Session, role: Role, name: str = "") -> User:
    name = name or role.value
    return operations.create_user(
        session,
        email=f"{name}@clinic.example",
        name=name.title(),
        role=role,
        password_hash="not-a-real-hash",
        actor=None,
        now=NOW,
    )


def finished_work(session: Session, submission: Submission) -> ReviewWork:
    """Everything that a sign-off needs: agreement with each finding that waits for a decision, every open question seen."""
    findings = queries.findings_of(session, queries.current_response(session, submission))
    return ReviewWork(
        decisions={f.rule_id: Decided(DecisionChoice.AGREE) for f in findings if needs_decision(f)},
        seen=list(open_items(findings)),
        disposition=Disposition.DISCUSS,
    )
