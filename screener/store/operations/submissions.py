"""Writes on a submission: handing it in, looking at it, noting something, moving it on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from screener.engine.rules import Outcome, Severity
from screener.engine.screening import Finding, Screening, scores_document
from screener.engine.summary import open_questions
from screener.store import queries, workflow
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.casework import SubmissionTopic
from screener.store.identifiers import new_public_id, new_reference
from screener.store.models import Contact, ContactWord, Note, NoteKind, Response, Source, StoredFinding, Submission
from screener.store.operations.drafts import keep_changes, keep_ruleset, locked
from screener.store.refusals import (
    DraftChanged,
    DraftIncomplete,
    StaleSubmission,
    TextMissing,
    UrgentNotSettled,
    WorkflowError,
)
from screener.store.sealed_drafts import Content, OpenDraft
from screener.store.search_words import name_words, phone_digits
from screener.store.workflow import Move, Role, Status

REVIEWERS = (Role.INTAKE, Role.CLINICIAN)
# Moves that need more than a button have their own verbs: submit, start_review, sign_off.
PLAIN_MOVES = (Move.ACCEPT, Move.ASK, Move.CLOSE, Move.WITHDRAW)


def submit(
    session: Session,
    draft: OpenDraft,
    *,
    screening: Screening,
    now: datetime,
    reference: str | None = None,
    public_id: str | None = None,
) -> Submission:
    """Hand in a draft with what the engine concluded on its answers. A second call returns the first submission.

    The draft gives its contact and its answers away, which from now on staff can read; it stays, with nothing in it but the
    words of its return code, so that its secrets still open the summary.
    Raises DraftGone, DraftIncomplete (no contact yet), DraftChanged (other answers than those screened).
    """
    draft = locked(session, draft)
    if draft.submission is not None:
        return draft.submission
    if draft.contact is None:
        raise DraftIncomplete()
    if any(screening.answers.get(item_id) != answer for item_id, answer in draft.answers.items()):
        raise DraftChanged()
    submission = Submission(
        public_id=public_id or new_public_id(),
        reference=reference or _unused_reference(session),
        submission_key=draft.submission_key,
        contact=Contact(**asdict(draft.contact), phone_digits=None),
        is_open=True,
        ruleset_hash=keep_ruleset(session, screening.ruleset, now=now),
        source=Source.WEB,
        entered_by=None,
        assignee=None,
        held_by=None,
        held_at=None,
        merged_into=None,
        close_reason=None,
        language=draft.language,
        status=workflow.target(Status.DRAFT, Move.SUBMIT, Role.PATIENT),
        severity_raised=screening.raised,
        severity_possible=screening.possible,
        severity_rank=screening.raised.rank if screening.raised else len(Severity),
        unknown_count=len(open_questions(screening.ruleset, screening.findings)),
        topics=raised_topics(screening.findings),
        version=1,
        submitted_at=now,
        status_at=now,
    )
    session.add(submission)
    session.flush()
    keep_contact_words(session, submission.contact)
    keep_topics(session, submission)
    _keep_response(session, submission, screening, now)
    draft.row.submission = submission
    draft.content = Content(return_code=draft.content.return_code)
    keep_changes(session, draft, now=now)
    record(session, "submitted", now=now, actor=Role.PATIENT, submission=submission, draft=draft.id)
    session.flush()
    return submission


def raised_topics(findings: Iterable[Finding]) -> list[str]:
    """The topics raised at `mention` or higher, the most severe first."""
    raised = (
        finding.rule
        for finding in findings
        if finding.outcome is Outcome.RAISED and finding.rule.severity is not Severity.INFO
    )
    return list(dict.fromkeys(rule.topic for rule in sorted(raised, key=lambda rule: rule.severity.rank)))


def keep_contact_words(session: Session, contact: Contact) -> None:
    """Keep the forms of name and phone that a search looks for; replaces those that were there."""
    contact.phone_digits = phone_digits(contact.phone)
    session.execute(delete(ContactWord).where(ContactWord.contact_id == contact.id))
    session.add_all(ContactWord(contact_id=contact.id, word=word) for word in name_words(contact.name))


def keep_topics(session: Session, submission: Submission) -> None:
    """Keep the submission's topics one a row, to filter by; replaces those that were there."""
    session.execute(delete(SubmissionTopic).where(SubmissionTopic.submission_id == submission.id))
    session.add_all(SubmissionTopic(submission_id=submission.id, topic=topic) for topic in submission.topics)


def record_view(session: Session, submission: Submission, *, actor: User, now: datetime) -> None:
    """A member of staff looked at this submission."""
    record(session, "viewed", now=now, actor=actor, submission=submission)


def add_note(session: Session, submission: Submission, text: str, *, author: User, now: datetime) -> Note:
    """Note something about a submission."""
    return _add_note(session, submission, NoteKind.NOTE, text, author=author, now=now)


def add_urgent_note(session: Session, submission: Submission, text: str, *, author: User, now: datetime) -> Note:
    """Note what was done about an urgent finding; without it the submission is not moved on."""
    return _add_note(session, submission, NoteKind.URGENT_ACTION, text, author=author, now=now)


def move_submission(
    session: Session,
    submission: Submission,
    move: Move,
    *,
    actor: User | None,
    expected_version: int,
    now: datetime,
    note: str | None = None,
) -> Submission:
    """Accept, ask, close or withdraw; `actor` None is the patient. The note is kept as a question for ask.

    Raises WorkflowError, RoleNotAllowed, StaleSubmission (someone was faster), UrgentNotSettled.
    """
    if move not in PLAIN_MOVES:
        raise WorkflowError()
    role = _role_of(actor)
    submission = claim(session, submission, expected_version)
    to = workflow.target(submission.status, move, role)
    if role is Role.INTAKE and submission.is_urgent and not queries.has_urgent_note(session, submission):
        raise UrgentNotSettled()
    if note and note.strip() and actor is not None:
        kind = NoteKind.QUESTION if move is Move.ASK else NoteKind.NOTE
        _add_note(session, submission, kind, note, author=actor, now=now)
    settle(session, submission, move, to, actor=actor or Role.PATIENT, now=now)
    return submission


def claim(session: Session, submission: Submission, expected_version: int) -> Submission:
    """The submission as it is now, its row held until the transaction ends.

    Raises StaleSubmission when it is not the version that was looked at.
    """
    wanted = select(Submission).where(Submission.id == submission.id).order_by(Submission.id)
    held = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()
    if held.version != expected_version:
        raise StaleSubmission()
    return held


def settle(
    session: Session, submission: Submission, move: Move, to: Status, *, actor: User | Role, now: datetime
) -> None:
    """Write a checked move of a claimed submission, and its event."""
    left, submission.status = submission.status, to
    submission.status_at = now
    submission.is_open = to in workflow.OPEN and submission.merged_into_id is None
    submission.version += 1
    record(session, _PAST[move], now=now, actor=actor, submission=submission, left=left.value, reached=to.value)
    session.flush()


_PAST = {
    Move.ACCEPT: "accepted",
    Move.ASK: "asked",
    Move.CLOSE: "closed",
    Move.WITHDRAW: "withdrawn",
    Move.START_REVIEW: "review_started",
    Move.SIGN_OFF: "signed_off",
}


def _role_of(actor: User | None) -> Role:
    if actor is None:
        return Role.PATIENT
    require_role(actor, REVIEWERS)
    return actor.role


def _add_note(
    session: Session, submission: Submission, kind: NoteKind, text: str, *, author: User, now: datetime
) -> Note:
    require_role(author, REVIEWERS)
    if not text.strip():
        raise TextMissing()
    note = Note(
        submission_id=submission.id,
        author_id=author.id,
        kind=kind,
        text=text.strip(),
        detail={},
        answers_id=None,
        created_at=now,
        edited_at=None,
    )
    session.add(note)
    session.flush()
    record(session, "noted", now=now, actor=author, submission=submission, note=note.id, kind=kind.value)
    return note


def _unused_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        taken = select(Submission.id).where(Submission.reference == reference).order_by(Submission.id)
        if session.scalars(taken.limit(1)).first() is None:
            return reference


def _keep_response(session: Session, submission: Submission, screening: Screening, now: datetime) -> None:
    """Version 1 of the answers, without those set aside because their question no longer applied."""
    response = Response(
        submission_id=submission.id,
        number=1,
        ruleset_hash=keep_ruleset(session, screening.ruleset, now=now),
        answers={k: answer for k, answer in screening.answers.items() if k not in screening.dropped},
        scores=scores_document(screening),
        dropped=list(screening.dropped),
        not_raised=list(screening.not_raised),
        created_at=now,
        entered_by_id=None,
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
