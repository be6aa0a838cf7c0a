"""Lists of submissions, at both doors: tabs by status, and what a row shows. Never a name, a birth date or an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.units import format_unit
from flask import abort, request, url_for
from flask_babel import get_locale, gettext, lazy_gettext
from sqlalchemy.orm import Session

from screener.engine.rules import Severity
from screener.store import queries
from screener.store.models import Submission
from screener.store.refusals import BadCursor
from screener.store.workflow import Status
from screener.web.case_findings import topic_titles
from screener.web.extensions import current_ruleset, now
from screener.web.filters import moment
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


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: its submissions, its tabs, how many there are, and where its neighbours are."""

    submissions: list[Submission]
    tabs: list[tuple[str, str, int, bool]]
    open_count: int
    total: int
    next_url: str | None
    first_url: str | None


def list_page(session: Session, endpoint: str, open_ones: Sequence[Status], others: Sequence[Status]) -> ListPage:
    """The page that this request asks for by `status` and `after`; 404 where there is no such tab or place."""
    chosen, after = request.args.get("status", OPEN), request.args.get("after")
    statuses = _chosen_statuses(chosen, open_ones, others)
    if statuses is None:
        abort(404)
    try:
        page = queries.queue(session, statuses=statuses, after=after, limit=PAGE)
    except BadCursor:
        abort(404)
    counts = queries.counts_by_status(session)
    return ListPage(
        submissions=page.submissions,
        tabs=_tab_rows(endpoint, chosen, counts, open_ones, others),
        open_count=sum(counts[status] for status in open_ones),
        total=sum(counts[status] for status in statuses),
        next_url=url_for(endpoint, status=chosen, after=page.next) if page.next else None,
        first_url=url_for(endpoint, status=chosen) if after else None,
    )


def _chosen_statuses(name: str, open_ones: Sequence[Status], others: Sequence[Status]) -> tuple[Status, ...] | None:
    """The statuses behind one tab; None for a tab that does not exist."""
    if name == OPEN:
        return tuple(open_ones)
    return next(((status,) for status in (*open_ones, *others) if status.value == name), None)


def _tab_rows(
    endpoint: str,
    chosen: str,
    counts: Mapping[Status, int],
    open_ones: Sequence[Status],
    others: Sequence[Status],
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
        waiting=waiting_words(submission.submitted_at) if submission.status in WAITING else "–",
        since=gettext("since %(when)s", when=moment(submission.submitted_at)),
        topics=topics,
        could_be=could_be(submission),
        status_since=gettext("since %(when)s", when=moment(submission.status_at)),
        language=submission.language if submission.language != "en" else None,
    )


def waiting_words(since: datetime) -> str:
    """How long since then in its two greatest units, such as 2 days 18 hr: enough to see who waits longest."""
    minutes = max(0, int((now() - since) / timedelta(minutes=1)))
    parts = (("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60))
    first = next((place for place, (_, number) in enumerate(parts) if number), len(parts) - 1)
    shown = [part for part in parts[first : first + 2] if part[1]] or [parts[-1]]
    return " ".join(_unit_words(number, unit) for unit, number in shown)


def _unit_words(number: int, unit: str) -> str:
    return format_unit(number, f"duration-{unit}", length="short", locale=get_locale())


def could_be(submission: Submission) -> Severity | None:
    """The severity that open questions could still raise, where it is higher than what was raised."""
    if submission.severity_possible is None:
        return None
    possible = Severity(submission.severity_possible)
    raised = Severity(submission.severity_raised) if submission.severity_raised else None
    return possible if raised is None or possible.rank < raised.rank else None
