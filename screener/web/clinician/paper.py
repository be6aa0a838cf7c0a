"""A submission on paper: the print view for the browser's own printer, and the same as a PDF. Each is recorded as printed."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template

from screener.store import operations
from screener.web.auth import current_staff
from screener.web.case.acts import found
from screener.web.case.view import Case, read_case
from screener.web.clinician.blueprint import blueprint
from screener.web.clinician.printed_case import pdf_content, printed_case
from screener.web.extensions import now, reading, writing
from screener.web.filters import moment
from screener.web.review_words import read_reviews
from screener.web.sheets import pdf_reply

FILE_NAME = "submission.pdf"


@blueprint.get("/submissions/<public_id>/print")
def print_view(public_id: str) -> str:
    """Everything to read of one submission on one page, made for paper."""
    _, printed = _print(public_id, as_pdf=False)
    return render_template("clinician/print_view.html", **printed)


@blueprint.get("/submissions/<public_id>/print.pdf")
def pdf(public_id: str) -> Response:
    """The same as a PDF to save."""
    case, printed = _print(public_id, as_pdf=True)
    return pdf_reply("case.typ", pdf_content(case, printed), made_at=now(), filename=FILE_NAME)


def _print(public_id: str, *, as_pdf: bool) -> tuple[Case, dict[str, Any]]:
    """What is printed. That it leaves on paper is written down first: like opening it, a write of a GET for the access log."""
    clinician = current_staff()
    with writing() as session:
        operations.record_print(session, found(session, public_id), actor=clinician, as_pdf=as_pdf, now=now())
    with reading() as session:
        case = read_case(session, found(session, public_id))
        reviews = read_reviews(session, case.submission)
    return case, printed_case(case, reviews, printed_by=clinician.name, printed_at=moment(now()))
