"""All parts of the guide on one page: what is answered in each, about how many minutes are left, and a way into each.

A draft does not remember which screens were opened, so this is told from the answers alone: a part with blanks may well be as its
owner wants it, and is never called unfinished.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext

from screener.engine.questionnaire import Item, Section
from screener.web.i18n import language
from screener.web.patient import journey
from screener.web.patient.blueprint import blueprint
from screener.web.patient.visit import Visit, open_visit


@dataclass(frozen=True, slots=True)
class Part:
    """One row: a screen's title, what is answered on it, in words, and where it is; None while it cannot be opened yet."""

    id: str
    title: str
    state: str
    url: str | None


@blueprint.get("/sections")
def sections() -> str:
    """All parts of the questionnaire, and how far each is answered."""
    present = open_visit()
    left, total = minutes_left(present)
    return render_template(
        "patient/sections.html",
        parts=parts(present),
        is_open=present.contact is not None,
        left=left,
        total=total,
        go_on_url=journey.url_to_go_on(present),
    )


def parts(visit: Visit) -> list[Part]:
    """About you, every section that asks something now, and the check, in the order of the screens."""
    is_known = visit.contact is not None
    state = gettext("Answered") if is_known else gettext("No answer yet")
    found = [Part(journey.ABOUT_YOU, gettext("About you"), state, url_for("patient.about_you"))]
    for section in journey.sections(visit):
        url = url_for("patient.questions", section=section.id) if is_known else None
        found.append(Part(section.id, section.title.in_language(language()), _state(visit, section), url))
    check_url = url_for("patient.check") if is_known else None
    return [*found, Part(journey.CHECK, gettext("Check your answers"), gettext("When you are ready"), check_url)]


def minutes_left(visit: Visit) -> tuple[int, int]:
    """About how many minutes the questions without an answer take, 0 where there are none, and how many all of them."""
    asked = [item for section in journey.sections(visit) for item in _questions(visit, section)]
    left = [item for item in asked if item.id not in visit.answers]
    return journey.minutes_for(left) if left else 0, journey.minutes_for(asked)


def _questions(visit: Visit, section: Section) -> list[Item]:
    return [item for item in visit.shown_items(section) if journey.is_question(item)]


def _state(visit: Visit, section: Section) -> str:
    questions = _questions(visit, section)
    answered = sum(item.id in visit.answers for item in questions)
    if not questions:
        return gettext("To read")
    if not answered:
        return gettext("No answer yet")
    if answered == len(questions):
        return gettext("All %(total)s answered", total=len(questions)) if answered > 1 else gettext("Answered")
    return gettext("%(answered)s of %(total)s answered", answered=answered, total=len(questions))
