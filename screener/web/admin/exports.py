"""Every export that staff asked for: who, when, why, of what, and how many submissions. Never what stands in one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.casework import Export
from screener.store.queue_filters import Filters
from screener.store.refusals import BadFilter
from screener.web.admin.blueprint import blueprint
from screener.web.auth import ROLE_WORDS
from screener.web.export_words import STATE_WORDS
from screener.web.extensions import reading
from screener.web.filters import moment, number
from screener.web.row_numbers import number_or_404
from screener.web.worklist.filter_words import filter_words

PAGE = 50


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One export in words. `filters` is what the list was narrowed by; the query as it was kept where it cannot be read any more."""

    id: int
    asked_at: str
    who: str
    filters: str
    reason: str
    format: str
    state: str
    submissions: str


@blueprint.get("/exports")
def exports() -> str:
    """The exports, the newest first."""
    before = number_or_404(request.args.get("before"))
    with reading() as session:
        found = queries.all_exports(session, before=before, limit=PAGE + 1)
        rows = [_row(session, export) for export in found[:PAGE]]
    return render_template(
        "admin/exports.html",
        rows=rows,
        next_url=url_for("admin.exports", before=found[PAGE - 1].id) if len(found) > PAGE else None,
        first_url=url_for("admin.exports") if before else None,
    )


def _row(session: Session, export: Export) -> ExportRow:
    return ExportRow(
        id=export.id,
        asked_at=moment(export.created_at),
        who=f"{export.user.name}, {ROLE_WORDS[export.user.role]}",
        filters=_filters(session, export),
        reason=export.reason,
        format=export.format.upper(),
        state=str(STATE_WORDS[export.state]),
        submissions=number(export.done),
    )


def _filters(session: Session, export: Export) -> str:
    try:
        chosen = filter_words(session, Filters.from_query(export.query), me=export.user.name)
    except BadFilter:
        return export.query
    return "; ".join(f"{label}: {words}" for label, words in chosen)
