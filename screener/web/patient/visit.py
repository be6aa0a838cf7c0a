"""Who is at the patient's door: the draft that the cookie opens, and what follows from its answers right now.

The secret of a draft stands in the signed session cookie and nowhere else; no draft, no error: see `blueprint`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import g, session
from sqlalchemy.orm import Session

from screener.engine.answers import Answers, parse_answers
from screener.engine.conditions import Truth
from screener.engine.questionnaire import Item, Section
from screener.engine.rules import Ruleset
from screener.engine.screening import Finding, Screening, asked_items, screen
from screener.engine.summary import finding_from
from screener.store import queries
from screener.store.crypto import Unreadable
from screener.store.models import Submission
from screener.store.operations.drafts import locked
from screener.store.refusals import DraftGone, DraftSubmitted
from screener.store.sealed_drafts import ContactDetails, OpenDraft, details_of
from screener.web.ages import is_age, with_age
from screener.web.extensions import now, reading, ruleset_of
from screener.web.patient import shared_device
from screener.web.patient.keeping import lifetimes

TOKEN = "draft"  # the session's key


@dataclass(frozen=True, slots=True)
class Visit:
    """A draft, or the submission it became, with its findings. `screening` is None once it was handed in.

    `contact` is None before it was given, `submission` before it was handed in. `amends` is the submission whose answers
    are being changed; until the changes are sent, its visit is one of a draft like any other.
    """

    draft: OpenDraft
    ruleset: Ruleset
    answers: Answers
    asked: Mapping[str, Truth]
    findings: tuple[Finding, ...]
    screening: Screening | None
    contact: ContactDetails | None
    submission: Submission | None
    amends: Submission | None = None

    @property
    def is_submitted(self) -> bool:
        """Whether it was handed in."""
        return self.submission is not None

    def shown_items(self, section: Section) -> list[Item]:
        """The items of a section that are asked now."""
        return [item for item in section.items if self.asked[item.id] is Truth.TRUE and not is_age(item)]


def find_draft(transaction: Session) -> OpenDraft | None:
    """The draft of this cookie."""
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    try:
        return queries.draft_for_token(transaction, token, now=now(), lifetimes=lifetimes())
    except Unreadable:  # somebody changed the database by hand: it is gone for the patient, and the log says so
        logging.getLogger("screener.drafts").error("a stored draft does not open with its own secret")
        return None


def remember_draft(token: str) -> None:
    """From now on this browser has this draft, as long as its secret opens it, though the browser be closed in between.

    Where others use the device the cookie ends with the browser, or when nobody uses it.
    """
    session[TOKEN] = token
    session.permanent = not shared_device.is_shared()
    if shared_device.is_shared():
        shared_device.was_used()
    forget_current_visit()


def visit_of(transaction: Session, draft: OpenDraft) -> Visit:
    """What follows from this draft."""
    submission = draft.submission
    if submission is not None and draft.amends is None:
        response = queries.current_response(transaction, submission)
        ruleset = ruleset_of(transaction, response.ruleset_hash)
        findings = tuple(
            finding_from(ruleset, kept.rule_id, kept.outcome, kept.evidence, kept.missing)
            for kept in queries.findings_of(transaction, response)
        )
        asked = asked_items(ruleset, response.answers)
        return Visit(
            draft, ruleset, response.answers, asked, findings, None, details_of(submission.contact), submission
        )
    ruleset = ruleset_of(transaction, draft.ruleset_hash if submission is None else submission.ruleset_hash)
    born = draft.contact.birth_date if draft.contact is not None else None
    answers = parse_answers(ruleset, with_age(ruleset, draft.answers, born))
    screening = screen(ruleset, answers)
    asked = asked_items(ruleset, answers)
    return Visit(draft, ruleset, answers, asked, screening.findings, screening, draft.contact, None, submission)


def draft_to_keep(transaction: Session) -> OpenDraft:
    """The draft of this cookie, handed in or not. Raises DraftGone."""
    found = find_draft(transaction)
    if found is None:
        raise DraftGone()
    return found


def draft_to_change(transaction: Session) -> OpenDraft:
    """The draft of this cookie, held until the transaction ends. Raises DraftGone, DraftSubmitted."""
    draft = locked(transaction, draft_to_keep(transaction))
    if not draft.takes_answers:
        raise DraftSubmitted()
    return draft


def current_visit() -> Visit | None:
    """The visit as it is now, read once a request; None without a draft."""
    if "patient_visit" not in g:
        g.patient_visit = None
        if TOKEN in session:
            with reading() as transaction:
                draft = find_draft(transaction)
                g.patient_visit = visit_of(transaction, draft) if draft is not None else None
    return cast("Visit | None", g.patient_visit)


def open_visit() -> Visit:
    """The visit of a draft that is still being filled in. Raises DraftGone, DraftSubmitted."""
    present = current_visit()
    if present is None:
        raise DraftGone()
    if present.is_submitted:
        raise DraftSubmitted()
    return present


def keep_current_visit(changed: Visit) -> Visit:
    """After a write: the rest of this request sees the visit as it has become."""
    g.patient_visit = changed
    return changed


def forget_current_visit() -> None:
    """After a write: read the visit again where it is needed."""
    g.pop("patient_visit", None)


def open_until(visit: Visit) -> datetime:
    """Until when these answers are open on this device, if nothing more is done."""
    ends_at = visit.draft.opens_here_until
    return min(ends_at, now() + shared_device.idle_limit()) if shared_device.is_shared() else ends_at


def seconds_left(visit: Visit) -> int:
    """The same in seconds from now: the clock of a device may be wrong, but it runs."""
    return max(0, int((open_until(visit) - now()).total_seconds()))
