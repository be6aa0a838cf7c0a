"""How the list of intake and that of clinicians differ: their addresses, and which statuses they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, lazy_gettext

from screener.store.models import Submission
from screener.store.queries import Count
from screener.store.queue_filters import ME, Filters, Scope
from screener.store.workflow import OPEN, Role, Status
from screener.web.auth import current_staff
from screener.web.filters import number

NavRow = tuple[str, str, str | None, bool]


@dataclass(frozen=True, slots=True)
class Door:
    """One list: whose it is, where it stands, what it is about."""

    role: Role
    list_endpoint: str
    submission_endpoint: str
    template: str
    title: str
    scope: Scope
    can_close: bool

    def list_url(self, filters: Filters | None = None, **place: str | None) -> str:
        """The address of the list with these filters, from this place on."""
        return url_for(self.list_endpoint, **(filters.parts() if filters else {}), **place)

    def submission_url(self, submission: Submission) -> str:
        """The address of one submission."""
        return url_for(self.submission_endpoint, public_id=submission.public_id)


DOORS: Mapping[Role, Door] = {
    Role.INTAKE: Door(
        role=Role.INTAKE,
        list_endpoint="intake.queue",
        submission_endpoint="intake.submission",
        template="intake/queue.html",
        title=lazy_gettext("Queue"),
        scope=Scope(OPEN, (Status.SIGNED_OFF, Status.CLOSED, Status.WITHDRAWN)),
        can_close=True,
    ),
    Role.CLINICIAN: Door(
        role=Role.CLINICIAN,
        list_endpoint="clinician.reviews",
        submission_endpoint="clinician.submission",
        template="clinician/reviews.html",
        title=lazy_gettext("Reviews"),
        scope=Scope((Status.ACCEPTED, Status.IN_REVIEW), (Status.SIGNED_OFF,)),
        can_close=False,
    ),
}


def own_door() -> Door:
    """The door of who is signed in."""
    return DOORS[current_staff().role]


def count_words(count: Count) -> str:
    """A number for a tab; with a plus where it is at least so many, which the foot of the list says in words."""
    return f"{number(count.number)}+" if count.has_more else number(count.number)


def nav_rows(door: Door, current: str, *, waiting: Count | None = None, mine: Count | None = None) -> list[NavRow]:
    """The main navigation: the whole list, what is assigned to oneself, the search. `current`: list, mine or search."""
    return [
        (str(door.title), door.list_url(), count_words(waiting) if waiting else None, current == "list"),
        (
            gettext("Assigned to me"),
            door.list_url(Filters(assignee=ME)),
            count_words(mine) if mine else None,
            current == "mine",
        ),
        (gettext("Search"), url_for("worklist.search_form"), None, current == "search"),
    ]
