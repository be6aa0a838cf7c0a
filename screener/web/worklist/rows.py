"""One line of a list: what it says of a submission. Never a name of a patient, a birth date or an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from screener.engine.rules import Severity
from screener.engine.summary import finding_from
from screener.store import queries
from screener.store.accounts import User
from screener.store.casework import CloseReason
from screener.store.models import Submission
from screener.web.auth import current_staff
from screener.web.case.findings import topic_titles
from screener.web.close_reasons import REASON_WORDS
from screener.web.extensions import current_ruleset, now, ruleset_of
from screener.web.filters import clock_time, lately
from screener.web.i18n import language
from screener.web.waiting import is_overdue, waiting_words

MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of one submission. `key` names it in a form, in the version that is shown."""

    submission: Submission
    key: str
    url: str
    waiting: str
    since: str
    is_overdue: bool
    topics: str
    could_be: Severity | None
    status_since: str
    language: str | None
    assignee: str | None
    is_mine: bool
    work: str | None
    merged_into: str | None
    close_reason: str | None
    shown: str | None


def list_rows(session: Session, submissions: Sequence[Submission], urls: Sequence[str]) -> list[Row]:
    """These submissions in words, each with the address of its page."""
    workers = queries.at_work(session, submissions, now=now())
    shown = _shown_words(session, submissions)
    return [
        _row(session, submission, url, workers.get(submission.id), shown.get(submission.id))
        for submission, url in zip(submissions, urls, strict=True)
    ]


def row_key(submission: Submission) -> str:
    """What a form sends to act on the submission as it is now."""
    return f"{submission.public_id}.{submission.version}"


def work_words(worker: User, submission: Submission) -> str:
    """Who works on it since when."""
    if worker.id == current_staff().id:
        return gettext("You are working on this since %(time)s", time=clock_time(submission.held_at))
    return gettext("%(name)s is working on this since %(time)s", name=worker.name, time=clock_time(submission.held_at))


def could_be(submission: Submission) -> Severity | None:
    """The severity that open questions could still raise, where it is higher than what was raised."""
    if submission.severity_possible is None:
        return None
    possible = Severity(submission.severity_possible)
    raised = Severity(submission.severity_raised) if submission.severity_raised else None
    return possible if raised is None or possible.rank < raised.rank else None


def _row(session: Session, submission: Submission, url: str, worker: User | None, shown: str | None) -> Row:
    reason = submission.close_reason
    return Row(
        submission=submission,
        key=row_key(submission),
        url=url,
        waiting=waiting_words(submission),
        since=gettext("since %(when)s", when=lately(submission.submitted_at)),
        is_overdue=is_overdue(session, submission),
        topics=_topic_words(submission),
        could_be=could_be(submission),
        status_since=gettext("since %(when)s", when=lately(submission.status_at)),
        language=submission.language if submission.language != "en" else None,
        assignee=submission.assignee.name if submission.assignee else None,
        is_mine=submission.assignee_id == current_staff().id,
        work=work_words(worker, submission) if worker else None,
        merged_into=submission.merged_into.reference if submission.merged_into else None,
        close_reason=str(REASON_WORDS[CloseReason(reason)]) if reason in set(CloseReason) else None,
        shown=shown,
    )


def _topic_words(submission: Submission) -> str:
    """The topics that were raised, the first of them by name."""
    topics = topic_titles(current_ruleset(), submission.topics, language())
    if not topics:
        return gettext("Good to know only") if submission.severity_raised == Severity.INFO else "–"
    named = ", ".join(topics[:MOST_TOPICS])
    others = len(topics) - MOST_TOPICS
    return (
        ngettext("%(topics)s and %(num)s more", "%(topics)s and %(num)s more", others, topics=named)
        if others > 0
        else named
    )


def _shown_words(session: Session, submissions: Sequence[Submission]) -> dict[int, str]:
    """What the patients of open urgent submissions were shown, by its number, as long as nobody noted what was done about it."""
    urgent = [submission for submission in submissions if submission.is_urgent and submission.is_open]
    found = queries.unsettled_urgent_of(session, urgent)
    hashes = queries.ruleset_hashes_of(session, {kept.response_id for several in found.values() for kept in several})
    shown = {}
    for number, several in found.items():
        words = []
        for kept in several:
            ruleset = ruleset_of(session, hashes[kept.response_id])
            rule = finding_from(ruleset, kept.rule_id, kept.outcome, kept.evidence, kept.missing).rule
            words.append(str(rule.patient.in_language(language())) if rule.patient else "")
        shown[number] = " ".join(dict.fromkeys(filter(None, words)))
    return {number: words for number, words in shown.items() if words}
