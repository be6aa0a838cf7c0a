"""What every sheet of a printed document tells, whichever door it comes from: whose it is, where it belongs, its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, current_app
from flask_babel import gettext

from screener import paper
from screener.clinic import Clinic
from screener.clinic.logo import PNG_TYPE, SVG_TYPE
from screener.store.models import Submission
from screener.web.extensions import services
from screener.web.filters import day, words
from screener.web.i18n import language
from screener.web.paper_size import paper_size

_FORMATS = {SVG_TYPE: "svg", PNG_TYPE: "png"}
_LONGEST_NAME = 48  # letters of a name in the line at the top of each sheet; the first page has all of it


def sheet(submission: Submission, *, title: str, foot: str, more: Sequence[str] = ()) -> dict[str, Any]:
    """The values that every template in `templates/paper/` needs. `title` is the document's, so it names nobody.

    `foot` stands at the foot of each sheet beside the page number, `more` in the line at its top, after name and reference.
    """
    contact, clinic = submission.contact, services().settings.clinic
    return {
        "language": language(),
        "paper": paper_size(),
        "title": title,
        "guide": gettext("Conversation guide"),
        "clinic": words(clinic.name) if clinic else None,
        "identity": _identity(contact.name, submission, more),
        "top": _identity(_in_short(contact.name), submission, more),
        "foot": foot,
        "page_words": gettext("Page {page} of {pages}"),
        "gaps": gettext("“{gap}” stands for a letter that this file cannot show. The page on the screen shows it."),
    }


def logo_picture(clinic: Clinic | None) -> dict[str, Any] | None:
    """The clinic's logo with the words for those who do not see it; None where it has none, or one that cannot be drawn."""
    logo = clinic.logo if clinic else None
    if clinic is None or logo is None:
        return None
    format = _FORMATS[logo.media_type]
    if not paper.can_draw(logo.content, format):
        return None
    name = words(clinic.name)
    return {
        "bytes": list(logo.content),
        "format": format,
        "width": logo.width,
        "height": logo.height,
        "alt": gettext("Logo of %(clinic)s", clinic=name),
    }


def contact_lines(clinic: Clinic) -> list[str]:
    """How to reach the clinic and when, a line each; none for what it did not say."""
    said = (
        (gettext("Phone"), clinic.phone),
        (gettext("E-mail"), clinic.email),
        (gettext("Open"), words(clinic.hours)),
        (gettext("Address"), words(clinic.address)),
    )
    return [f"{label}: {value}" for label, value in said if value]


def pdf_reply(
    template: str,
    content: Mapping[str, Any],
    *,
    made_at: datetime,
    filename: str,
    drawings: Mapping[str, str] | None = None,
) -> Response:
    """The PDF as a download; its file name tells nothing of whose it is."""
    pdf = paper.typeset(template, content, made_at=made_at, drawings=drawings)
    reply = current_app.response_class(pdf, mimetype="application/pdf")
    reply.headers.set("Content-Disposition", "attachment", filename=filename)
    return reply


def _identity(name: str, submission: Submission, more: Sequence[str]) -> list[str]:
    born = gettext("%(name)s, born %(date)s", name=name, date=day(submission.contact.birth_date))
    reference = gettext("Reference %(reference)s", reference=submission.reference)
    return [born, reference, day(submission.submitted_at), *more]


def _in_short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
