"""The clinician's list: what was accepted, is in review or was signed off, without a name."""

from __future__ import annotations

from flask import render_template

from screener.store.workflow import Status
from screener.web.case_list import list_page, list_row
from screener.web.clinician.blueprint import blueprint
from screener.web.extensions import now, reading

TO_DO = (Status.ACCEPTED, Status.IN_REVIEW)
DONE = (Status.SIGNED_OFF,)


@blueprint.get("/")
def reviews() -> str:
    """Accepted, in review, signed off: in reading order."""
    with reading() as session:
        page = list_page(session, "clinician.reviews", TO_DO, DONE)
    rows = [list_row(submission) for submission in page.submissions]
    return render_template("clinician/reviews.html", page=page, rows=rows, as_of=now())
