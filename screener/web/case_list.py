"""Lists of submissions, at both doors: tabs by status, and what a row shows. Never a name, a birth date or an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, lazy_gettext

from screener.engine.rules import Severity
from screener.store.models import Submission
from screener.store.workflow import Status
from screener.web.case_findings import topic_titles
from screener.web.extensions import current_ruleset
from screener.web.filters import moment, waited
from screener.web.i18n import language

PAGE = 25
OPEN = "open"
WAITING = (Status.SUBMITTED, Status.NEEDS_INFORMATION, Status.ACCEPTED, Status.IN_REVIEW)
STATUS_WORDS = {
    Status.SUBMITTED: lazy_gettext("Submitted"),
    Status.NEEDS_INFORMATION: lazy_gettext("Needs information"),
    Status.ACCEPTED: lazy_gettext("Accepted"),
    Status.IN_REVIEW: lazy_gettext("In review"),
    Status.SIGNED_OFF: lazy_gettext("Signed off"),
    Status.CLOSED: lazy_gettext("Closed"),
    Status.WITHDRAWN: lazy_gettext("Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of one submission."""

    submission: Submission
    waiting: str
    since: str
    topics: list[str]
    could_be: Severity | None
    status_since: str
    language: str | None


def chosen_statuses(name: str, open_ones: Sequence[Status], others: Sequence[Status]) -> tuple[Status, ...] | None:
    """The statuses behind one tab; None for a tab that does not exist."""
    if name == OPEN:
        return tuple(open_ones)
    return next(((status,) for status in (*open_ones, *others) if status.value == name), None)


def tab_rows(
    endpoint: str, chosen: str, counts: Mapping[Status, int], open_ones: Sequence[Status], others: Sequence[Status]
) -> list[tuple[str, str, int, bool]]:
    """The tabs over a list, for `tabs`: all open ones together, then status by status."""
    rows = [(gettext("All open"), url_for(endpoint), sum(counts[status] for status in open_ones), chosen == OPEN)]
    for status in (*open_ones, *others):
        url = url_for(endpoint, status=status.value)
        rows.append((str(STATUS_WORDS[status]), url, counts[status], chosen == status.value))
    return rows


def list_row(submission: Submission) -> Row:
    """One submission in words."""
    topics = topic_titles(current_ruleset(), submission.topics, language())
    if not topics and submission.severity_raised == Severity.INFO:
        topics = [gettext("Good to know only")]
    return Row(
        submission=submission,
        waiting=waited(submission.submitted_at) if submission.status in WAITING else "–",
        since=gettext("since %(when)s", when=moment(submission.submitted_at)),
        topics=topics,
        could_be=could_be(submission),
        status_since=gettext("since %(when)s", when=moment(submission.status_at)),
        language=submission.language if submission.language != "en" else None,
    )


def could_be(submission: Submission) -> Severity | None:
    """The severity that open questions could still raise, where it is higher than what was raised."""
    if submission.severity_possible is None:
        return None
    possible = Severity(submission.severity_possible)
    raised = Severity(submission.severity_raised) if submission.severity_raised else None
    return possible if raised is None or possible.rank < raised.rank else None
