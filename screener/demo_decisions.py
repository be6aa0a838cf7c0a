"""What the demo's clinician marks in a review: decisions with reasons and words, open questions seen, what happens next."""

from __future__ import annotations

import random
from collections.abc import Sequence

from screener.store.casework import DecisionChoice
from screener.store.models import StoredFinding
from screener.store.review_work import (
    REASONS,
    Decided,
    Disposition,
    ReviewWork,
    may_be_decided,
    needs_decision,
    open_items,
)

CHOICES = {DecisionChoice.AGREE: 8, DecisionChoice.NOT_RELEVANT: 3, DecisionChoice.NEEDS_WORK_UP: 3}
DISPOSITIONS = {
    Disposition.DISCUSS: 6,
    Disposition.RECORDS_FIRST: 4,
    Disposition.ANOTHER_CLINICIAN: 1,
    Disposition.NO_STEP_NOW: 1,
}
WORDS = {
    DecisionChoice.AGREE: ("Goes on the list for the visit.", "Ask again at the visit."),
    DecisionChoice.NOT_RELEVANT: ("Years ago, once.", "The cardiologist follows this.", "Misread the question, says the patient."),
    DecisionChoice.NEEDS_WORK_UP: ("Readings of two weeks.", "Last letter from the specialist.", "Doses from the pharmacy."),
}  # fmt: skip


def made_up_work(rng: random.Random, findings: Sequence[StoredFinding], *, is_whole: bool) -> ReviewWork:
    """Marks on these findings; all that a sign-off needs where `is_whole`, else about half of it."""
    decisions = {}
    for finding in findings:
        chance = 1.0 if needs_decision(finding) else 0.2 if may_be_decided(finding) else 0.0
        if rng.random() < (chance if is_whole else chance / 2):
            decisions[finding.rule_id] = _decided(rng)
    return ReviewWork(
        decisions=decisions,
        seen=[item for item in open_items(findings) if is_whole or rng.random() < 0.5],
        disposition=rng.choices(list(DISPOSITIONS), list(DISPOSITIONS.values()))[0] if is_whole else None,
    )


def _decided(rng: random.Random) -> Decided:
    choice = rng.choices(list(CHOICES), list(CHOICES.values()))[0]
    reason = rng.choice(REASONS[choice]) if REASONS[choice] else None
    return Decided(choice, reason, rng.choice(WORDS[choice]) if rng.random() < 0.3 else "")
