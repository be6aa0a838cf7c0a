"""Answers as rows to check: the question, what was answered, and what is unknown, marked as such."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from screener.engine.answers import DECLINED, NOT_SURE, Answer, Answers
from screener.engine.conditions import Truth
from screener.engine.questionnaire import Item, ItemType
from screener.engine.wording import code_words
from screener.store.sealed_drafts import ContactDetails
from screener.web.ages import is_age
from screener.web.answer_words import answer_words
from screener.web.contact_form import LANGUAGE_NAMES, PREFERRED
from screener.web.filters import day
from screener.web.i18n import language
from screener.web.patient import journey
from screener.web.patient.visit import Visit

Row = tuple[str, list[str], str | None]  # question, answers, and the words of the dashed tag


@dataclass(frozen=True, slots=True)
class Group:
    """One section's rows and where to change them."""

    id: str
    title: str
    rows: list[Row]
    change_url: str


def groups(visit: Visit) -> list[Group]:
    """All answers, section by section, blanks too."""
    found = [_about_you(visit.contact)]
    for section in journey.sections(visit):
        items = [item for item in visit.shown_items(section) if item.type is not ItemType.DISPLAY]
        if items:
            url = url_for("patient.questions", section=section.id, back="check")
            rows = [answer_row(visit, item) for item in items]
            found.append(Group(f"section-{section.id}", section.title.in_language(language()), rows, url))
    return found


def answer_row(visit: Visit, item: Item) -> Row:
    """One question with what is answered now."""
    return _row(item, visit.answers.get(item.id))


def changed_rows(visit: Visit, before: Answers, contact: ContactDetails) -> list[tuple[str, Row, Row]]:
    """What a patient changed since they sent it: the question, what they answered then, and what stands there now."""
    shown = [item for item in visit.ruleset.items.values() if item.type is not ItemType.DISPLAY and not is_age(item)]
    now_answers = {
        item.id: visit.answers.get(item.id) if visit.asked[item.id] is Truth.TRUE else None for item in shown
    }
    pairs = [(_row(item, before.get(item.id)), _row(item, now_answers[item.id])) for item in shown]
    pairs += zip(_about_you(contact).rows, _about_you(visit.contact).rows, strict=False)
    return [(old[0], old, new) for old, new in pairs if old != new]


def _row(item: Item, answer: Answer | None) -> Row:
    question = item.text.in_language(language())
    if answer is None:
        return question, [], None
    if isinstance(answer, list | tuple):
        known = [code for code in answer if code not in (NOT_SURE, DECLINED)]
        unknown = _unknown_part(item, answer, bool(known))
        return question, [code_words(item, code, language()) for code in known], unknown
    if item.type is not ItemType.TEXT and answer in (NOT_SURE, DECLINED):
        return question, [], code_words(item, str(answer), language())
    return question, [answer_words(item, answer)], None


def _unknown_part(item: Item, answer: list[str], has_more: bool) -> str | None:
    for code in answer:
        if code == NOT_SURE and has_more:
            return gettext("I am not sure about the rest")
        if code == DECLINED and has_more:
            return gettext("I prefer not to say the rest")
        if code in (NOT_SURE, DECLINED):
            return code_words(item, code, language())
    return None


def _about_you(contact: ContactDetails | None) -> Group:
    rows: list[Row] = []
    if contact is not None:
        preferred = PREFERRED.get(contact.preferred_contact)
        rows = [
            (gettext("Your name"), [contact.name], None),
            (gettext("Date of birth"), [day(contact.birth_date)], None),
            (gettext("Phone"), [contact.phone] if contact.phone else [], None),
            (gettext("E-mail"), [contact.email] if contact.email else [], None),
            (gettext("Best way to reach you"), [str(preferred or contact.preferred_contact)], None),
            (gettext("Language to talk in"), [LANGUAGE_NAMES.get(contact.language, contact.language)], None),
            (gettext("Someone who helps you"), [contact.helper] if contact.helper else [], None),
        ]
    return Group("about-you", gettext("About you"), rows, url_for("patient.about_you", back="check"))
