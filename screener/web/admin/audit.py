"""What was done, by whom and when, over the whole installation: the events, newest first. No answers, no names of patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import abort, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from screener.store import queries
from screener.store.models import Event
from screener.web.admin.audit_words import Named, about, names_behind
from screener.web.admin.blueprint import blueprint
from screener.web.auth import ROLE_WORDS
from screener.web.event_words import EVENT_WORDS, event_words
from screener.web.extensions import reading, services
from screener.web.filters import moment
from screener.web.forms import clean_line, error_list
from screener.web.row_numbers import number_or_404

PAGE = 50


class ReferenceForm(FlaskForm):
    """Which submission."""

    reference = StringField(
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Write a reference, like K7Q4-9MPB.")),
            Length(max=20, message=lazy_gettext("Write a reference, like K7Q4-9MPB.")),
        ],
    )


@blueprint.get("/audit")
def audit() -> str:
    """Events by person, kind and day."""
    chosen = {name: request.args.get(name, "") for name in ("by", "name", "day")}
    before = request.args.get("before", "")
    if chosen["name"] and chosen["name"] not in EVENT_WORDS:
        abort(404)
    since, until = _day(chosen["day"])
    if chosen["day"] and since is None:
        return _page([], chosen=chosen, problem=gettext("Write the day like 2026-11-22."))
    with reading() as store:
        events = queries.events_everywhere(
            store,
            actor_id=number_or_404(chosen["by"]),
            name=chosen["name"] or None,
            since=since,
            until=until,
            before=number_or_404(before),
            limit=PAGE + 1,
        )
    kept = {name: value for name, value in chosen.items() if value}
    return _page(
        events[:PAGE],
        chosen=chosen,
        next_url=url_for("admin.audit", **kept, before=events[PAGE - 1].id) if len(events) > PAGE else None,
        first_url=url_for("admin.audit", **kept) if before else None,
    )


@blueprint.post("/audit")
def audit_of_submission() -> str | tuple[str, int]:
    """Events of one submission. Sent and not linked to, so that its reference stands in no address."""
    form = ReferenceForm()
    reference = form.reference.data or ""
    if not form.validate():
        return _page([], reference=reference, problem=error_list(form)[0][1]), 422
    with reading() as store:
        submission = queries.submission_by_reference(store, reference)
        events = queries.events_everywhere(store, submission_id=submission.id) if submission is not None else []
    problem = None if submission is not None else gettext("No submission has this reference.")
    return _page(events, reference=reference, problem=problem)


def _page(
    events: Sequence[Event],
    *,
    chosen: Mapping[str, str] | None = None,
    reference: str = "",
    problem: str | None = None,
    next_url: str | None = None,
    first_url: str | None = None,
) -> str:
    with reading() as store:
        people, named = queries.users(store), names_behind(store, events)
    return render_template(
        "admin/audit.html",
        rows=[_row(event, named) for event in events],
        people=people,
        names=sorted(((code, str(words)) for code, words in EVENT_WORDS.items()), key=lambda pair: pair[1]),
        chosen=chosen or {"by": "", "name": "", "day": ""},
        reference=reference,
        problem=problem,
        next_url=next_url,
        first_url=first_url,
    )


def _row(event: Event, named: Named) -> tuple[str, str, str, str | None, str, str | None]:
    """When, who, what, whom or what it was about, which submission; and where more is told of it, None where nowhere."""
    if event.actor is not None:
        who = f"{event.actor.name}, {ROLE_WORDS[event.actor.role]}"
    else:
        who = gettext("a patient") if event.actor_role == "patient" else gettext("the program")
    reference = event.submission.reference if event.submission else ""
    return moment(event.at), who, event_words(event), about(event, named), reference, _export_url(event)


def _export_url(event: Event) -> str | None:
    """The export that an event is about, with its reason, in the list of exports."""
    export_id = event.detail.get("export")
    if not isinstance(export_id, int):
        return None
    return url_for("admin.exports", before=export_id + 1, _anchor=f"export-{export_id}")


def _day(text: str) -> tuple[datetime | None, datetime | None]:
    """The day from its beginning to its end, in the clinic's time; nothing where none was asked for or it cannot be read."""
    zone = ZoneInfo(services().settings.timezone) if services().settings.timezone else None
    try:
        first = date.fromisoformat(text)
        # Each end by itself: a day on which the clocks change has not 24 hours.
        begins, ends = (
            datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (first, first + timedelta(days=1))
        )
    except (ValueError, OverflowError):  # the latter: at the ends of the calendar
        return None, None
    return begins, ends
