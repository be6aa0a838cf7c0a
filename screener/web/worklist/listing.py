"""A list as it is asked for by an address: its lines, tabs, filters and views, and where its neighbours are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import queries
from screener.store.queries import Asked, Count
from screener.store.queue_filters import ALL_DONE, ALL_OPEN, ME, Filters
from screener.store.refusals import BadCursor, BadFilter
from screener.store.workflow import Status
from screener.web.auth import current_staff
from screener.web.extensions import now, reading
from screener.web.status_words import STATUS_WORDS
from screener.web.worklist.doors import Door, NavRow, count_words, nav_rows
from screener.web.worklist.filter_form import SORT_WORDS, Choice, FilterField, first_fields, more_fields, people_choices
from screener.web.worklist.last_list import remember_list
from screener.web.worklist.rows import Row, list_rows

PAGE = 25
SHORTCUTS = "shortcuts"
PLACES = ("after", "before")

Tab = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Where:
    """Which part of a list an address shows: the filters, and the place it begins after or before."""

    filters: Filters
    after: str | None = None
    before: str | None = None

    @classmethod
    def read(cls, parts: Iterable[tuple[str, str]]) -> Where:
        """From the parts of an address. Raises BadFilter."""
        rows = list(parts)
        places = [row for row in rows if row[0] in PLACES]
        if len(places) > 1:
            raise BadFilter()
        return cls(Filters.read(row for row in rows if row[0] not in PLACES), **dict(places))

    def url(self, door: Door) -> str:
        """The address again."""
        return door.list_url(self.filters, after=self.after, before=self.before)


@dataclass(frozen=True, slots=True)
class View:
    """A view that someone keeps: its number, name, address, and whether it is what is shown."""

    id: int
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list. `query` says where it is, for forms that come back to it; `has_open_counts`: a number is only a least one."""

    door: Door
    filters: Filters
    query: str
    rows: list[Row]
    nav: list[NavRow]
    tabs: list[Tab]
    order: str
    total: Count
    has_open_counts: bool
    first_fields: list[FilterField]
    more_fields: list[FilterField]
    people: list[Choice]
    views: list[View]
    next_url: str | None
    previous_url: str | None
    is_partial: bool
    export_url: str
    has_shortcuts: bool


def show_list(door: Door) -> str | Response:
    """The page that this request's address asks for; 404 where there is no such filter, tab or place."""
    parts = list(request.args.items(multi=True))
    try:
        where = Where.read(parts)
        if any(not value for _, value in parts):  # a form sends its empty fields too
            return redirect(where.url(door), 303)
        page = render_list(door, where)
    except (BadFilter, BadCursor):
        abort(404)
    remember_list(where.url(door))
    return page


def where_in_form() -> Where:
    """Which part of the list a form on it was sent from; the whole one where the form does not say so well."""
    try:
        return Where.read(parse_qsl(request.form.get("query", "")))
    except BadFilter:
        return Where(Filters())


def render_list(
    door: Door,
    where: Where,
    *,
    errors: Collection[tuple[str, str]] = (),
    chosen: Collection[str] = (),
    typed: str = "",
) -> str:
    """The list; `errors` (field, message) above it, the submissions of these public ids chosen, `typed` a view's name."""
    with reading() as session:
        page = read_list(session, door, where)
    return render_template(door.template, page=page, errors=list(errors), chosen=chosen, typed=typed, as_of=now())


def read_list(session: Session, door: Door, where: Where) -> ListPage:
    """Everything a page of the list shows. Raises BadFilter, BadCursor."""
    filters, staff = where.filters, current_staff()
    choices = _tab_choices(door)
    if filters.status not in choices:
        raise BadFilter()
    asked = Asked(filters, door.scope, staff.id, now().date())
    found = queries.queue_page(session, asked, after=where.after, before=where.before, limit=PAGE)
    counts = queries.queue_counts(session, asked, choices)
    mine = queries.count_assigned(session, staff.id)
    is_mine = filters.assignee == ME
    waiting = counts[ALL_OPEN] if not filters.are_narrowing else None
    return ListPage(
        door=door,
        filters=filters,
        query=where.url(door).partition("?")[2],
        rows=list_rows(session, found.submissions, [door.submission_url(one) for one in found.submissions]),
        nav=nav_rows(door, "mine" if is_mine else "list", waiting=waiting, mine=mine),
        tabs=[_tab(door, filters, choice, counts[choice]) for choice in choices],
        order=str(SORT_WORDS[filters.sort]),
        total=counts[filters.status],
        has_open_counts=any(count.has_more for count in counts.values()),
        first_fields=first_fields(session, filters),
        more_fields=more_fields(session, filters),
        people=people_choices(session),
        views=_views(session, door, filters),
        next_url=door.list_url(filters, after=found.next) if found.next else None,
        previous_url=door.list_url(filters, before=found.previous) if found.previous else None,
        is_partial=found.is_partial,
        export_url=url_for("exports.exports", **filters.parts()),
        has_shortcuts=cookie.get(SHORTCUTS) != "off",
    )


def _tab_choices(door: Door) -> list[str]:
    """All open, each status, and all closed where that is more than one status."""
    scope = door.scope
    whole = [ALL_DONE] if len(scope.done) > 1 else []
    return [ALL_OPEN, *(status.value for status in scope.open), *whole, *(status.value for status in scope.done)]


def _tab(door: Door, filters: Filters, choice: str, count: Count) -> Tab:
    words = {ALL_OPEN: gettext("All open"), ALL_DONE: gettext("All closed")}
    label = words.get(choice) or str(STATUS_WORDS[Status(choice)])
    return label, door.list_url(replace(filters, status=choice)), count_words(count), choice == filters.status


def _views(session: Session, door: Door, filters: Filters) -> list[View]:
    """This person's views; one that this list cannot show is left out."""
    views = []
    for kept in queries.saved_views(session, current_staff().id):
        try:
            wanted = Filters.from_query(kept.query)
            door.scope.statuses(wanted.status)
        except BadFilter:
            continue
        views.append(View(kept.id, kept.name, door.list_url(wanted), wanted == filters))
    return views
