"""Everything that happened to a submission, in plain words, with who and when; for staff. What patients see is in `patient_timeline`.

Views that followed each other are told in one line, with everyone who looked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext

from screener.store.casework import CloseReason, DecisionChoice
from screener.store.models import Event
from screener.store.workflow import Role, Status
from screener.web.close_reasons import REASON_WORDS
from screener.web.codes_in_words import FLAG_WORDS, agreement_words
from screener.web.event_words import event_words
from screener.web.filters import moment
from screener.web.review_words import CHOICE_WORDS
from screener.web.review_words import REASON_WORDS as DECISION_REASONS
from screener.web.status_words import STATUS_WORDS

VIEWED = "viewed"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: what, by whom (None for a timer), when (from and to for several), and more. `version`: the answers it made."""

    what: str
    who: str | None
    when: str
    details: str | None
    version: int | None


def timeline(events: Sequence[Event], people: Mapping[int, str]) -> list[Happening]:
    """What happened, the newest first. `people`: the names of those that events tell of by number."""
    lines: list[Happening] = []
    views: list[Event] = []
    for event in reversed(events):
        if event.name == VIEWED:
            views.append(event)
            continue
        if views:
            lines.append(_views(views))
            views = []
        lines.append(_line(event, people))
    return [*lines, _views(views)] if views else lines


def who_acted(event: Event) -> str | None:
    """Who it was; None for a timer or the command line."""
    if event.actor is not None:
        return event.actor.name
    return gettext("the patient") if event.actor_role == Role.PATIENT else None


def _line(event: Event, people: Mapping[int, str]) -> Happening:
    number = event.detail.get("number") if event.name == "amended" else None
    return Happening(event_words(event), who_acted(event), moment(event.at), _details(event, people), number)


def _views(views: Sequence[Event]) -> Happening:
    """One line for views that followed each other; `views` is the newest first."""
    names = ", ".join(dict.fromkeys(who or "–" for who in map(who_acted, reversed(views))))
    several = ngettext("Opened %(num)s time", "Opened %(num)s times", len(views))
    what = several if len(views) > 1 else event_words(views[0])
    return Happening(what, names, _from_to(views[-1].at, views[0].at), None, None)


def _from_to(first: datetime, last: datetime) -> str:
    if moment(first) == moment(last):
        return moment(last)
    return gettext("%(first)s to %(last)s", first=moment(first), last=moment(last))


def _decision_details(detail: Mapping[str, Any]) -> str:
    """Which rule, and what had been decided on it."""
    choice = detail.get("choice")
    decided = str(CHOICE_WORDS[DecisionChoice(choice)]) if choice in set(DecisionChoice) else str(choice)
    reason = DECISION_REASONS.get(str(detail.get("reason")))
    return f"{detail.get('rule')}: {decided}" + (f". {reason}" if reason else "")


def _details(event: Event, people: Mapping[int, str]) -> str | None:
    detail = event.detail
    if event.name == "assigned":
        return people.get(detail.get("assignee", 0))
    if event.name == "flag_raised":
        return str(FLAG_WORDS.get(detail.get("reason"), detail.get("reason")))
    if event.name == "closed" and detail.get("reason") in set(CloseReason):
        return str(REASON_WORDS[CloseReason(detail["reason"])])
    if event.name == "decision_taken_back":
        return _decision_details(detail)
    if event.name == "entered":
        return agreement_words(detail.get("agreed"), detail.get("agreement"))
    left, reached = detail.get("left"), detail.get("reached")
    if left != reached and reached in set(Status):
        return gettext("Now: %(status)s", status=STATUS_WORDS.get(Status(reached), reached))
    return None
