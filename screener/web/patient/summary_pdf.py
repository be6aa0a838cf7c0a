"""The summary as a file to keep: what the page says, arranged for sheets of paper, with sources by number.

`summary_page` decides what is said; here it becomes plain values for `templates/paper/summary.typ`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from screener.paper import qr_svg
from screener.store.refusals import DraftGone
from screener.web.citation_words import CitedPlace
from screener.web.conflict_words import SentConflict
from screener.web.extensions import services
from screener.web.filters import day, words
from screener.web.numbered_sources import NumberedSources
from screener.web.patient.blueprint import blueprint
from screener.web.patient.keeping import return_url
from screener.web.patient.summary_page import Card, Column, Part, Unknown, summary_page
from screener.web.patient.summary_words import Told
from screener.web.patient.visit import current_visit
from screener.web.sheets import contact_lines, logo_picture, pdf_reply, sheet

FILE_NAME = "summary.pdf"
Section = dict[str, Any]
_TITLES = {
    "urgent": lazy_gettext("Get help now"),
    "first": lazy_gettext("Talk about this first"),
    "mention": lazy_gettext("Be sure to mention"),
    "unknown": lazy_gettext("We could not check"),
    "info": lazy_gettext("Good to know"),
}
_LEADS = {
    "first": lazy_gettext("A clinician should look at these before anything else."),
    "mention": lazy_gettext("These may change how a clinician watches you, or what they choose."),
}


@blueprint.get("/summary.pdf")
def summary_pdf() -> Response:
    """The summary that is open in this browser, as a PDF to save."""
    present = current_visit()
    if present is None:
        raise DraftGone()
    if present.submission is None:
        return redirect(url_for("patient.check"), 303)
    page, address, code = summary_page(present, present.submission), return_url(), present.draft.return_code
    content = pdf_content(page, [_way_back(address, code, page["ends_at"])] if code else [])
    made_at = present.submission.submitted_at
    drawings = {"qr": qr_svg(address)} if code else None
    return pdf_reply("summary.typ", content, made_at=made_at, filename=FILE_NAME, drawings=drawings)


def pdf_content(page: dict[str, Any], way_back: Sequence[Section]) -> dict[str, Any]:
    """The values for the template: what stands on every sheet, then one section after the other."""
    sources = _Numbers()
    title = gettext("Your summary to talk over with a clinician")
    foot = gettext("Things to talk about. Not a yes or a no.")
    return {
        **sheet(page["submission"], title=title, foot=foot),
        "logo": logo_picture(services().settings.clinic),
        "lead": gettext(
            "These are things to talk about. This is not a yes or a no. Only a clinician can decide with you."
        ),
        "kept_apart": gettext("Sources, kept apart."),
        "remarks": _remarks(page),
        "you_told_us": gettext("You told us:"),
        "you_could_ask": gettext("You could ask"),
        "sections": [*_found(page, sources), *_to_do(page), *way_back, *_last(sources)],
        "made_by": _made_by(page),
    }


class _Numbers:
    """Puts what a source says into plain values, and gives its publications their numbers."""

    def __init__(self) -> None:
        self._sources = NumberedSources()

    def numbers(self, citations: Sequence[CitedPlace]) -> list[int]:
        return self._sources.numbers(citations)

    def part(self, part: Part) -> dict[str, Any]:
        sayings = [
            {"words": said, "grade": gettext("How sure this source is: %(grade)s", grade=grade) if grade else None}
            for said, grade in part.sayings
        ]
        return {"told": _told(part.told), "sayings": sayings, "numbers": self.numbers(part.citations)}

    def column(self, column: Column) -> dict[str, Any]:
        return {"title": column.title, "silent": column.silent, "parts": [self.part(part) for part in column.parts]}

    def card(self, card: Card) -> dict[str, Any]:
        return {
            "title": card.title,
            "told": _told(card.told),
            "columns": [self.column(column) for column in card.columns],
            "asks": card.asks,
        }

    def listed(self) -> list[dict[str, Any]]:
        return [
            {
                "number": source.number,
                "name": source.name,
                "places": source.places or ("*" if source.in_summary else ""),
                "url": source.url,
            }
            for source in self._sources.listed()
        ]

    @property
    def has_star(self) -> bool:
        return any(source.in_summary for source in self._sources.listed())


def _found(page: dict[str, Any], sources: _Numbers) -> Iterable[Section]:
    """What was found, in the order of the page."""
    for is_today, pairs in page["urgent"]:
        yield {
            "kind": "notices",
            "severity": "urgent",
            "title": gettext("Call today") if is_today else str(_TITLES["urgent"]),
            "notices": [
                {
                    "title": notice.heading,
                    "told": _told(notice.told),
                    "words": notice.rest,
                    "numbers": sources.numbers(citations),
                }
                for notice, citations in pairs
            ],
        }
    if page["nothing_raised"]:
        yield _text(gettext("The risks these sources list"), [page["nothing_raised"]])
    for severity in ("first", "mention"):
        if page[severity]:
            cards = [sources.card(card) for card in page[severity]]
            yield {"kind": "cards", **_heading(severity, _LEADS[severity]), "cards": cards}
    if page["unknown"] or page["not_checked"] or page["quiet_lines"]:
        yield {
            "kind": "unknown",
            **_heading("unknown", page["not_checked"] or gettext("We never count this as a no.")),
            "lines": page["quiet_lines"],
            "questions": [_unknown(question) for question in page["unknown"]],
        }
    if page["conflicts"]:
        yield {
            "kind": "conflicts",
            "title": gettext("Answers that hardly go together"),
            "lead": gettext("You sent them like this. Your clinician can ask you about them."),
            "conflicts": [_conflict(conflict) for conflict in page["conflicts"]],
        }
    if page["reasons"]:
        title = words(page["ruleset"].prose.guide.reasons)
        yield {
            "kind": "columns",
            "title": title or gettext("Why the sources say it may be worth talking about"),
            "lead": gettext("What they say of people who gave answers like yours, with how sure they are."),
            "columns": [sources.column(column) for column in page["reasons"]],
        }
    facts = _all_facts(page)
    if facts:
        yield {
            "kind": "facts",
            **_heading("info", gettext("Facts that may help you plan your talk.")),
            "groups": [{"title": title, "parts": [sources.part(part) for part in facts[title]]} for title in facts],
        }
    if page["not_covered"]:
        yield {
            "kind": "lists",
            "title": gettext("What these sources never cover"),
            "groups": [{"title": title, "lines": lines} for title, lines in page["not_covered"]],
        }


def _all_facts(page: dict[str, Any]) -> dict[str, list[Part]]:
    """Good to know, source by source: what these answers raised, then what everyone is told."""
    found: dict[str, list[Part]] = {}
    for title, parts in (*page["facts"], *page["facts_for_everyone"]):
        found.setdefault(title, []).extend(parts)
    return found


def _to_do(page: dict[str, Any]) -> Iterable[Section]:
    """What to ask, to take along and to do."""
    more = gettext("More questions to ask") if page["first"] or page["mention"] else gettext("Questions to ask")
    lists = [
        {"title": title, "lines": lines}
        for title, lines in ((more, page["more_asks"]), (gettext("What to bring"), page["bring"]))
        if lines
    ]
    if lists:
        yield {"kind": "ticks", "groups": lists}
    clinic = services().settings.clinic
    said = [page["standing"], page["next_steps"], words(page["help_now"]), words(clinic.emergency) if clinic else None]
    yield _text(gettext("What happens next"), [line for line in said if line])
    if clinic and clinic.has_contact:
        yield _text(gettext("How to reach %(clinic)s", clinic=words(clinic.name)), contact_lines(clinic))


def _last(sources: _Numbers) -> Iterable[Section]:
    yield {"kind": "notes", "title": gettext("My notes")}
    listed = sources.listed()
    if listed:
        star = gettext("read in a summary") if sources.has_star else None
        yield {"kind": "sources", "title": gettext("Sources"), "sources": listed, "star": star}


def _way_back(address: str, code: Sequence[str], ends_at: datetime) -> Section:
    """How to open this summary again. The picture holds the address alone: the code is a secret, and stays in words."""
    return {
        "kind": "way_back",
        "title": gettext("Come back to this summary"),
        "words": gettext(
            "With this code and your date of birth you can open your summary again, on any phone or computer."
        ),
        "lines": [
            {"label": gettext("Where to go:"), "words": address.partition("://")[2] or address},
            {"label": gettext("Your return code:"), "words": " ".join(code)},
            {"label": gettext("Until when:"), "words": day(ends_at)},
        ],
        "secret": gettext(
            "Keep it to yourself. Anyone who has the words and knows your date of birth can read your answers."
        ),
        "picture": gettext("QR code of the address %(address)s", address=address),
    }


def _heading(severity: str, lead: Any) -> Section:
    return {"severity": severity, "title": str(_TITLES[severity]), "lead": str(lead)}


def _text(title: str, paragraphs: list[str]) -> Section:
    return {"kind": "text", "title": title, "paragraphs": paragraphs}


def _conflict(conflict: SentConflict) -> Section:
    return {"words": conflict.asked, "told": _told(list(conflict.told))}


def _unknown(question: Unknown) -> Section:
    return {"title": question.title, "told": _told(question.told), "paragraphs": question.paragraphs}


def _told(told: Told | Sequence[tuple[str, str]]) -> list[dict[str, str | None]]:
    return [{"question": question, "answer": answer} for question, answer in told]


def _remarks(page: dict[str, Any]) -> list[str]:
    guide = page["ruleset"].prose.guide
    remarks = [gettext("A number stands beside what each one says. The list is at the end."), words(guide.sources)]
    if page["has_own_words"]:
        remarks.append(gettext("No rule checked the words you wrote yourself. Your clinician can read them."))
    return [remark for remark in remarks if remark]


def _made_by(page: dict[str, Any]) -> str:
    return gettext(
        "Made by rules, version %(version)s. The rules prepare a talk. They do not decide anything.",
        version=page["ruleset"].version,
    )
