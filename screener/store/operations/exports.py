"""Exports: that one is asked for and why, how far it is, what it took along, and that its file was fetched.

The reason stands in the row of the export alone; events hold its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.accounts import User
from screener.store.audit import record, require_role
from screener.store.casework import Export, ExportFormat, ExportState
from screener.store.models import Submission
from screener.store.operations.submissions import REVIEWERS
from screener.store.refusals import ExportUnfinished, TextMissing


def request_export(
    session: Session, actor: User, *, reason: str, format: ExportFormat, query: str, now: datetime
) -> Export:
    """`actor` asks for a file of the submissions that `query` names; it waits to be written.

    Raises RoleNotAllowed, TextMissing without a reason, ExportUnfinished while another one of theirs is written.
    """
    require_role(actor, REVIEWERS)
    if not reason.strip():
        raise TextMissing()
    if queries.unfinished_exports(session, actor.id):
        raise ExportUnfinished()
    export = Export(
        user_id=actor.id,
        reason=reason.strip(),
        format=format.value,
        query=query,
        state=ExportState.WAITING,
        done=0,
        total=0,
        created_at=now,
        finished_at=None,
    )
    session.add(export)
    session.flush()
    record(session, "export_requested", now=now, actor=actor, export=export.id, format=format.value)
    return export


def begin_export(session: Session, export_id: int, *, total: int) -> None:
    """The submissions were counted, and writing begins."""
    export = session.get_one(Export, export_id)
    export.state, export.total = ExportState.RUNNING, total
    session.flush()


def record_exported(session: Session, export_id: int, submissions: Sequence[Submission], *, now: datetime) -> None:
    """These submissions were written, each with its event by whom asked. Raises RoleNotAllowed once they may no longer ask."""
    export = session.get_one(Export, export_id)
    require_role(export.user, REVIEWERS)
    export.done += len(submissions)
    for submission in submissions:
        record(session, "exported", now=now, actor=export.user, submission=submission, export=export_id)
    session.flush()


def end_export(session: Session, export_id: int, state: ExportState, *, now: datetime) -> None:
    """It is over: DONE, or FAILED."""
    export = session.get_one(Export, export_id)
    export.state, export.finished_at = state, now
    name = "export_finished" if state is ExportState.DONE else "export_failed"
    record(session, name, now=now, actor=export.user, export=export_id, submissions=export.done)
    session.flush()


def record_download(session: Session, export: Export, *, actor: User, now: datetime) -> None:
    """The file of a finished export is handed out."""
    record(session, "export_downloaded", now=now, actor=actor, export=export.id)
