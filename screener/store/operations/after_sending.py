"""Writes of a patient after handing in: changing the answers, replying to a question of the clinic, taking the answers back.

The secrets of the draft still open it. While answers are changed they stand sealed in it, as before they were sent for the
first time; the clinic sees nothing of them until they are sent.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from screener.engine.rules import Outcome, Severity
from screener.engine.screening import Screening
from screener.store import queries, workflow
from screener.store.audit import record
from screener.store.models import Note, Submission
from screener.store.operations.amendments import amend_submission
from screener.store.operations.drafts import keep_changes, locked
from screener.store.operations.notes import reply_to_question
from screener.store.operations.notifications import News, tell_those_who_work_on_it
from screener.store.operations.submissions import claim, keep_contact_words, move_submission, settle
from screener.store.refusals import (
    AnswersChangedMeanwhile,
    DraftIncomplete,
    DraftSubmitted,
    NothingChanged,
    QuestionAnswered,
)
from screener.store.sealed_drafts import Content, OpenDraft, details_of
from screener.store.workflow import Move, Role


def begin_amendment(session: Session, draft: OpenDraft, *, now: datetime) -> None:
    """Take the answers and contact that were sent back into the draft, to be changed there. Begun already, nothing happens.

    Raises DraftGone, DraftIncomplete (nothing was sent yet), WorkflowError where the submission takes no changes any more.
    """
    submission = _submission_of(session, draft)
    if draft.amends is not None:
        return
    workflow.target(submission.status, Move.AMEND, Role.PATIENT)
    response = queries.current_response(session, submission)
    urgent = [
        finding.rule_id
        for finding in queries.findings_of(session, response)
        if finding.severity == Severity.URGENT and finding.outcome == Outcome.RAISED
    ]
    draft.content = Content(
        answers=dict(response.answers),
        acknowledged=urgent,  # shown when they were raised; their line stays on every page
        contact=details_of(submission.contact),
        return_code=draft.content.return_code,
        amends=response.number,
    )
    keep_changes(session, draft, now=now)
    record(session, "amendment_begun", now=now, actor=Role.PATIENT, draft=draft.id)


def drop_amendment(session: Session, draft: OpenDraft, *, now: datetime) -> None:
    """Forget the changes that were not sent; what was sent stands as it was. Raises DraftGone."""
    locked(session, draft)
    if draft.amends is None:
        return
    _empty(session, draft, now)
    record(session, "amendment_dropped", now=now, actor=Role.PATIENT, draft=draft.id)


def send_amendment(session: Session, draft: OpenDraft, *, screening: Screening, now: datetime) -> Submission:
    """Hand in the changes: of the contact, and of the answers as a new version beside the one before.

    Raises DraftGone, DraftSubmitted (no change was begun, or it was sent already), NothingChanged, WorkflowError, and
    AnswersChangedMeanwhile where another version came in between; the changes then count against that one.
    """
    submission = _submission_of(session, draft)
    if draft.amends is None:
        raise DraftSubmitted()
    newest = queries.current_response(session, submission)
    if newest.number != draft.amends:
        raise AnswersChangedMeanwhile()
    has_new_contact = _change_contact(session, draft, submission, now)
    try:
        amend_submission(
            session, submission, screening=screening, actor=None, expected_version=submission.version, now=now
        )
    except NothingChanged:
        if not has_new_contact:
            raise
    _empty(session, draft, now)
    return submission


def look_again(session: Session, draft: OpenDraft, *, now: datetime) -> None:
    """The patient has been told that another version came in between: their changes count against the newest from now on."""
    submission = _submission_of(session, draft)
    if draft.amends is not None:
        draft.content.amends = queries.current_response(session, submission).number
        keep_changes(session, draft, now=now)


def send_reply(session: Session, draft: OpenDraft, question_id: int, text: str, *, now: datetime) -> Note:
    """Keep the patient's reply to the open question of the clinic, and put the submission back before staff.

    Raises DraftGone, DraftIncomplete (nothing was sent yet), TextMissing, and QuestionAnswered where the question is not open.
    """
    submission = _submission_of(session, draft)
    question = queries.open_question_of(session, submission)
    if question is None or question.id != question_id:
        raise QuestionAnswered()
    reply = reply_to_question(session, question, text, now=now)
    to = workflow.target(submission.status, Move.SUBMIT, Role.PATIENT)
    settle(session, submission, Move.SUBMIT, to, actor=Role.PATIENT, now=now)
    tell_those_who_work_on_it(session, submission, News.PATIENT_REPLIED, now=now)
    return reply


def withdraw(session: Session, draft: OpenDraft, *, now: datetime) -> Submission:
    """Take the answers back: staff work on them no more. Changes that were not sent are forgotten.

    Raises DraftGone, DraftIncomplete (nothing was sent yet), WorkflowError where it is too late.
    """
    submission = _submission_of(session, draft)
    moved = move_submission(
        session, submission, Move.WITHDRAW, actor=None, expected_version=submission.version, now=now
    )
    _empty(session, draft, now)
    return moved


def _submission_of(session: Session, draft: OpenDraft) -> Submission:
    """The submission as it is now, held until the transaction ends: whatever staff did meanwhile, the patient may go on."""
    locked(session, draft)
    wanted = select(Submission).where(Submission.id == draft.submission_id).order_by(Submission.id)
    held = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if held is None:
        raise DraftIncomplete()
    return claim(session, held, held.version)


def _empty(session: Session, draft: OpenDraft, now: datetime) -> None:
    draft.content = Content(return_code=draft.content.return_code)
    keep_changes(session, draft, now=now)


def _change_contact(session: Session, draft: OpenDraft, submission: Submission, now: datetime) -> bool:
    if draft.contact is None or draft.contact == details_of(submission.contact):
        return False
    for name, value in asdict(draft.contact).items():
        setattr(submission.contact, name, value)
    keep_contact_words(session, submission.contact)
    record(session, "contact_changed", now=now, actor=Role.PATIENT, submission=submission)
    return True
