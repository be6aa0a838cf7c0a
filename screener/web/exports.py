"""Exports: asking for a file of the submissions that a list shows, watching it grow, fetching it.

Asking takes a reason and the password once more. Only who asked sees an export again. The file is written by `exporter`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField

from screener import exporter
from screener.store import operations, queries
from screener.store.casework import Export, ExportFormat, ExportState
from screener.store.queries import Asked, Count
from screener.store.queue_filters import Filters
from screener.store.refusals import BadFilter, ExportUnfinished
from screener.web.auth import current_staff
from screener.web.case.acts import INCOMPLETE, REFUSED, text_field
from screener.web.errors import error_page
from screener.web.export_words import STATE_WORDS
from screener.web.extensions import current_ruleset, now, reading, services, writing
from screener.web.filters import moment, number
from screener.web.forms import error_list
from screener.web.step_up import CLOSED, confirm_password
from screener.web.worklist.doors import nav_rows, own_door
from screener.web.worklist.filter_words import filter_words

REFRESH_SECONDS = 2
MIMETYPES = {ExportFormat.CSV: "text/csv", ExportFormat.JSON: "application/json"}
FORMAT_WORDS = {
    ExportFormat.CSV: lazy_gettext("CSV, for a spreadsheet"),
    ExportFormat.JSON: lazy_gettext("JSON, for a program"),
}

blueprint = Blueprint("exports", __name__, url_prefix="/exports")


class ExportForm(FlaskForm):
    """What kind of file, why, and the password once more; `query` says which submissions."""

    query = StringField()
    format = StringField()
    reason = text_field(lazy_gettext("Write why you need this file."))
    password = PasswordField()

    @property
    def wanted_format(self) -> ExportFormat | None:
        """The format; None where none was chosen."""
        return next((format for format in ExportFormat if format.value == self.format.data), None)


@dataclass(frozen=True, slots=True)
class Line:
    """An export in the list of one's own."""

    url: str
    asked_at: str
    format: str
    state: str
    count: str


@blueprint.route("/", methods=["GET", "POST"])
def exports() -> str | AnyResponse | tuple[str, int]:
    """What would be exported and the form that asks for it; the exports one asked for before."""
    form = ExportForm()
    try:
        query = urlencode(list(request.args.items(multi=True))) if request.method == "GET" else form.query.data or ""
        asked = _asked(Filters.from_query(query))
    except BadFilter as error:
        return error_page(404 if request.method == "GET" else INCOMPLETE, gettext(str(error)))
    if request.method == "GET":
        return _form_page(ExportForm(formdata=None), asked, [])
    errors, status = _errors(form)
    if errors:
        return _form_page(form, asked, errors), status
    try:
        export_id = _begin(form, asked)
    except ExportUnfinished as error:
        return _form_page(form, asked, [("main", gettext(str(error)))]), REFUSED
    return redirect(url_for("exports.export", export_id=export_id), 303)


@blueprint.get("/<int(max=999999999):export_id>")
def export(export_id: int) -> Response:
    """How far an export is; the page comes again by itself until it is over."""
    with reading() as session:
        found = _own(session, export_id)
        filters = filter_words(session, Filters.from_query(found.query))
    reply = make_response(
        render_template(
            "exports/export.html",
            export=found,
            nav=nav_rows(own_door(), "exports"),
            state=str(STATE_WORDS[found.state]),
            progress=_progress_words(found),
            format=str(FORMAT_WORDS[ExportFormat(found.format)]),
            filters=filters,
            is_over=found.finished_at is not None,
            has_file=_has_file(found),
            seconds=REFRESH_SECONDS,
        )
    )
    if found.finished_at is None:
        reply.headers["Refresh"] = str(REFRESH_SECONDS)
    return reply


@blueprint.get("/<int(max=999999999):export_id>/file")
def file(export_id: int) -> Response:
    """The file. That it leaves is written down first: like opening a submission, a write of a GET for the access log."""
    with reading() as session:
        found = _own(session, export_id)
    if not _has_file(found):
        abort(404)
    with writing() as session:
        operations.record_download(session, found, actor=current_staff(), now=now())
    path = exporter.file_of(services().settings.instance, found.id, found.format)
    name, mimetype = f"export.{found.format}", MIMETYPES[ExportFormat(found.format)]
    return send_file(path, mimetype=mimetype, as_attachment=True, download_name=name, etag=False, conditional=False)


def _asked(filters: Filters) -> Asked:
    """What these filters ask for at the door of who is signed in. Raises BadFilter where that door has no such status."""
    scope = own_door().scope
    scope.statuses(filters.status)
    return Asked(filters, scope, current_staff().id, now().date())


def _errors(form: ExportForm) -> tuple[list[tuple[str, str]], int]:
    """What is wrong, and the status of the reply. The password is tried only when nothing else is."""
    form.validate()
    errors = error_list(form)
    if form.wanted_format is None:
        errors.append(("format", gettext("Choose what kind of file.")))
    if errors:
        return errors, INCOMPLETE
    refused = confirm_password(form.password.data or "")
    if refused is None:
        return [], 200
    if refused.status == CLOSED:
        words = gettext("Too many wrong passwords. Wait a quarter of an hour, then ask again.")
    elif form.password.data:
        words = gettext("That is not your password. Nothing was exported.")
    else:
        words = gettext("Type your password.")
    return [("password", words)], refused.status


def _begin(form: ExportForm, asked: Asked) -> int:
    """Ask for it and start to write it; returns its number. Raises ExportUnfinished."""
    format = form.wanted_format
    assert format is not None and form.reason.data is not None
    parts = services()
    with writing() as session:
        wanted = operations.request_export(
            session,
            current_staff(),
            reason=form.reason.data,
            format=format,
            query=asked.filters.query(),
            now=now(),
        )
    job = exporter.Job(wanted.id, format, asked, current_ruleset(), parts.settings.instance, parts.clock)
    exporter.start(parts.engine, job)
    return wanted.id


def _own(session: Session, export_id: int) -> Export:
    """The export of who is signed in; 404 where there is none, or it is another's."""
    found = queries.export_by_id(session, export_id)
    if found is None or found.user_id != current_staff().id:
        abort(404)
    return found


def _has_file(export: Export) -> bool:
    path = exporter.file_of(services().settings.instance, export.id, export.format)
    return export.state is ExportState.DONE and path.is_file()


def _form_page(form: ExportForm, asked: Asked, errors: list[tuple[str, str]]) -> str:
    door, filters = own_door(), asked.filters
    with reading() as session:
        count = queries.queue_counts(session, asked, [filters.status])[filters.status]
        lines = [_line(export) for export in queries.exports_of(session, current_staff().id)]
        chosen = filter_words(session, filters)
    return render_template(
        "exports/exports.html",
        nav=nav_rows(door, "exports"),
        back_url=door.list_url(filters),
        back_label=str(door.title),
        query=filters.query(),
        count=_count_words(count),
        filters=chosen,
        formats=[(format.value, str(words)) for format, words in FORMAT_WORDS.items()],
        format=form.format.data or "",
        reason=form.reason.data or "",
        errors=errors,
        lines=lines,
    )


def _line(export: Export) -> Line:
    return Line(
        url=url_for("exports.export", export_id=export.id),
        asked_at=moment(export.created_at),
        format=export.format.upper(),
        state=str(STATE_WORDS[export.state]),
        count=number(export.done),
    )


def _count_words(count: Count) -> str:
    shown = number(count.number)
    return gettext("%(num)s or more", num=shown) if count.has_more else shown


def _progress_words(export: Export) -> str:
    """How far it is, in words."""
    if export.state is ExportState.WAITING:
        return gettext("Counting the submissions")
    done, total = number(export.done), number(export.total)
    if export.state is ExportState.RUNNING:
        return gettext("%(done)s of about %(total)s", done=done, total=total)
    return done
