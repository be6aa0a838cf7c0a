"""Answers that a member of staff types in for a patient, before they are kept: what is asked, what was answered, what it means.

They stand in a sealed draft, like a patient's own, that opens with a secret made of who types and for what; so that one who
had to sign in again in the middle of a call finds them as they were. For each submission, and for a new one, there is one sheet
a person.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.orm import Session

from screener.engine.answers import Answers, parse_answers
from screener.engine.conditions import Truth
from screener.engine.questionnaire import Item, ItemType, Section
from screener.engine.rules import Outcome, Severity
from screener.engine.screening import Screening, asked_items, screen
from screener.store import operations, queries
from screener.store.models import Submission
from screener.store.operations.drafts import locked
from screener.store.sealed_drafts import OpenDraft
from screener.store.workflow import MOVES, Move, Role
from screener.web.ages import is_age, with_age
from screener.web.answer_words import answer_words
from screener.web.auth import current_staff
from screener.web.case.acts import found
from screener.web.case.difference import version_of
from screener.web.extensions import current_ruleset, now, ruleset_of
from screener.web.i18n import language

_NEW = "a new one"
Row = tuple[str, list[str], str | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was typed so far and what follows from it. `corrects` is None where it becomes a new submission."""

    draft: OpenDraft
    answers: Answers
    asked: Mapping[str, Truth]
    screening: Screening
    corrects: Submission | None

    def shown_items(self, section: Section) -> list[Item]:
        """The items of a section that are asked now."""
        return [item for item in section.items if self.asked[item.id] is Truth.TRUE and not is_age(item)]

    @property
    def sections(self) -> list[Section]:
        """The sections that ask something now."""
        return [section for section in self.screening.ruleset.sections if self.shown_items(section)]

    @property
    def urgent_words(self) -> list[str]:
        """What to read to the patient of each urgent finding."""
        raised = [f for f in self.screening.findings if f.outcome is Outcome.RAISED]
        urgent = [f for f in raised if f.rule.severity is Severity.URGENT]
        return [finding.rule.patient.in_language(language()) for finding in urgent]

    def rows(self, section: Section) -> list[Row]:
        """A section's answers in words, as `answer_list` takes them."""
        items = [item for item in self.shown_items(section) if item.type is not ItemType.DISPLAY]
        return [
            (
                item.text.in_language(language()),
                [answer_words(item, self.answers[item.id])] if item.id in self.answers else [],
                None,
            )
            for item in items
        ]


def open_sheet(session: Session, public_id: str | None) -> Sheet | None:
    """The sheet of whoever is signed in, for this submission or a new one; None where there is none."""
    draft = queries.draft_for_token(session, _secret(public_id), now=now())
    if draft is None:
        return None
    corrects = found(session, public_id) if public_id is not None else None
    return sheet_of(session, draft, corrects)


def sheet_to_change(session: Session, public_id: str | None) -> Sheet | None:
    """The same, held until the transaction ends."""
    sheet = open_sheet(session, public_id)
    return sheet_of(session, locked(session, sheet.draft), sheet.corrects) if sheet is not None else None


def sheet_of(session: Session, draft: OpenDraft, corrects: Submission | None) -> Sheet:
    """What follows from what was typed."""
    ruleset = ruleset_of(session, draft.ruleset_hash)
    born = draft.contact.birth_date if draft.contact is not None else None
    answers = parse_answers(ruleset, with_age(ruleset, draft.answers, born))
    return Sheet(draft, answers, asked_items(ruleset, answers), screen(ruleset, answers), corrects)


def begin_entry(session: Session, language_code: str, entry: Mapping[str, str]) -> OpenDraft:
    """An empty sheet for a new submission."""
    typed = {**entry, "by": current_staff().id}
    secret = _secret(None)
    draft, _ = operations.begin_draft(
        session, current_ruleset(), language=language_code, now=now(), token=secret, entry=typed
    )
    return draft


def begin_correction(session: Session, submission: Submission) -> None:
    """A sheet that shows the newest answers of a submission, to be corrected; one that is there already stays as it is."""
    if queries.draft_for_token(session, _secret(submission.public_id), now=now()) is not None:
        return
    newest = version_of(session, queries.current_response(session, submission))
    draft, _ = operations.begin_draft(
        session,
        newest.ruleset,
        language=submission.language,
        now=now(),
        token=_secret(submission.public_id),
        entry={"by": current_staff().id, "corrects": submission.id},
    )
    operations.save_answers(session, draft, dict(newest.answers), now=now())


def can_be_corrected(submission: Submission) -> bool:
    """Whether the patient's answers may still change, and so whether staff may change them for the patient."""
    return (submission.status, Role.PATIENT, Move.AMEND) in MOVES and submission.merged_into_id is None


def _secret(public_id: str | None) -> str:
    """What opens the sheet: only this program can make it, and only for who is signed in."""
    words = f"answers typed by {current_staff().id} for {public_id or _NEW}"
    return hmac.digest(str(current_app.secret_key).encode(), words.encode(), "sha256").hex()
