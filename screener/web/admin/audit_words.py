"""Whom and what an event of the audit was about, in words: an account, an invitation, a setting, where a submission stands now.

Only what an administrator may know: never a rule that was raised, a reason that somebody wrote, an answer or the name of a patient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.models import Event
from screener.store.workflow import Role, Status
from screener.web.auth import ROLE_WORDS
from screener.web.status_words import STATUS_WORDS
from screener.web.waiting import WAITING_TARGET

_SETTING_WORDS = {WAITING_TARGET: lazy_gettext("Hours within which someone should have worked on a submission")}


@dataclass(frozen=True, slots=True)
class Named:
    """The names behind the numbers that events keep."""

    users: Mapping[int, str]
    invitations: Mapping[int, str]


def names_behind(session: Session, events: Sequence[Event]) -> Named:
    """The names of everyone these events are about."""
    users = {event.detail.get(key) for event in events for key in ("user", "assignee")} - {None}
    invitations = {event.detail.get("invitation") for event in events} - {None}
    return Named(queries.names_of_users(session, users), queries.names_of_invitations(session, invitations))


def about(event: Event, named: Named) -> str | None:
    """What to say beside an event's own words; None where those say it all."""
    detail = event.detail
    whom = named.users.get(detail.get("user") or detail.get("assignee") or 0)
    if event.name == "setting_changed":
        return _setting(detail)
    if event.name == "role_changed":
        words = {"name": whom or "–", "before": _role(detail.get("before")), "role": _role(detail.get("role"))}
        return gettext("%(name)s: %(before)s before, %(role)s now", **words)
    if whom is None:
        whom = named.invitations.get(detail.get("invitation") or 0)
    if detail.get("role"):
        return ", ".join(words for words in (whom, _role(detail["role"])) if words)
    left, reached = detail.get("left"), detail.get("reached")
    if whom is None and left != reached and reached in set(Status):
        return gettext("Now: %(status)s", status=STATUS_WORDS.get(Status(reached), reached))
    return whom


def _setting(detail: Mapping[str, object]) -> str:
    name = str(detail.get("setting"))
    words = str(_SETTING_WORDS.get(name, name))
    if "value" not in detail:  # an event of an earlier version
        return words
    before = gettext("not set") if detail.get("before") is None else str(detail["before"])
    return gettext("%(name)s: %(before)s before, %(role)s now", name=words, before=before, role=detail["value"])


def _role(code: object) -> str:
    return str(ROLE_WORDS[Role(code)]) if code in set(ROLE_WORDS) else str(code)
