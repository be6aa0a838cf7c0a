"""The intake queue: submissions in reading order, and what an urgent patient was shown."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from screener.store import queries
from screener.store.models import Submission
from screener.store.workflow import Status
from screener.web.case_list import WAITING, list_page, list_row
from screener.web.case_view import read_case
from screener.web.extensions import now, reading
from screener.web.intake.blueprint import blueprint

DONE = (Status.SIGNED_OFF, Status.CLOSED, Status.WITHDRAWN)


@blueprint.get("/")
def queue() -> str | Response:
    """Submissions in reading order: highest severity raised, then waiting time."""
    wanted = request.args.get("reference", "").strip()
    with reading() as session:
        sought = queries.submission_by_reference(session, wanted) if wanted else None
        if sought is not None:
            return redirect(url_for("intake.submission", public_id=sought.public_id), 303)
        page = list_page(session, "intake.queue", WAITING, DONE)
        rows = [(list_row(submission), _shown_line(session, submission)) for submission in page.submissions]
    return render_template("intake/queue.html", page=page, rows=rows, reference=wanted, as_of=now())


def _shown_line(session: Session, submission: Submission) -> str | None:
    """What the patient of an open urgent submission was shown, as long as nobody noted what was done."""
    if not submission.is_urgent or submission.status not in WAITING or queries.has_urgent_note(session, submission):
        return None
    return " ".join(read_case(session, submission).findings_view(for_clinician=False).urgent_words())
