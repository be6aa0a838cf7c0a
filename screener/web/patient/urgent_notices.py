"""Urgent findings on the way: which are new, what their page says in the rule's own words, and the quiet lines.

No words about health stand here: the heading is a rule's first sentence, the buttons dial the numbers its text names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from screener.engine.questionnaire import Section
from screener.engine.rules import Outcome, Severity
from screener.engine.screening import Finding
from screener.engine.summary import quiet_notices
from screener.web.answer_words import answer_words
from screener.web.i18n import language
from screener.web.patient.visit import Visit

_FIRST_SENTENCE = re.compile(r"(.+?[.!?])\s+(.+)", re.DOTALL)
_WITHIN_THE_DAY = re.compile(r"\b(today|hoy)\b", re.IGNORECASE)
_NUMBERS = re.compile(r"\b(911|988)\b")


@dataclass(frozen=True, slots=True)
class Call:
    """A button that dials or writes."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class UrgentNotice:
    """One urgent finding on its page. `can_wait_hours`: its own words say today rather than now."""

    rule_id: str
    heading: str
    rest: str
    can_wait_hours: bool
    calls: tuple[Call, ...]
    told: tuple[tuple[str, str], ...]
    change_url: str | None


def raised(visit: Visit) -> list[Finding]:
    """The urgent findings of these answers."""
    return [f for f in visit.findings if f.rule.severity is Severity.URGENT and f.outcome is Outcome.RAISED]


def unread(visit: Visit) -> list[Finding]:
    """Those whose page was not read yet."""
    return [] if visit.is_submitted else [f for f in raised(visit) if f.rule.id not in visit.draft.acknowledged]


def notice_of(visit: Visit, finding: Finding) -> UrgentNotice:
    """What the page says of one finding; now before today."""
    text = finding.rule.patient.in_language(language())
    heading, rest = _split(text)
    can_wait = _WITHIN_THE_DAY.search(heading) is not None
    items = [visit.ruleset.items[item_id] for item_id in finding.evidence]
    told = tuple((i.text.in_language(language()), answer_words(i, finding.evidence[i.id])) for i in items)
    change_url = None
    if items and not visit.is_submitted:
        first = items[0]
        change_url = url_for("patient.questions", section=first.section, _anchor=first.id)
    return UrgentNotice(finding.rule.id, heading, rest, can_wait, () if can_wait else _calls(text), told, change_url)


def notices_of(visit: Visit, findings: list[Finding]) -> list[UrgentNotice]:
    """The notices in the order of the page: what cannot wait comes first."""
    return sorted((notice_of(visit, finding) for finding in findings), key=lambda notice: notice.can_wait_hours)


def bar(visit: Visit, url: str) -> tuple[str, str, str, bool] | None:
    """The line on every later page: label, words, where it leads, and whether it is the calmer one."""
    found = notices_of(visit, raised(visit))
    if not found:
        return None
    label = gettext("Call today.") if found[0].can_wait_hours else gettext("Get help now.")
    return label, found[0].heading, url, found[0].can_wait_hours


def quiet_lines(visit: Visit, section: Section | None) -> list[str]:
    """What to do in case, of urgent rules that could not be assessed though their last question was put in this section.

    Without a section: of all of them.
    """
    order = {item_id: index for index, item_id in enumerate(visit.ruleset.items)}
    lines = []
    for finding in quiet_notices(visit.findings):
        last = max(finding.missing, key=lambda item_id: order[item_id])
        if finding.rule.unknown and (section is None or visit.ruleset.items[last].section == section.id):
            lines.append(finding.rule.unknown.in_language(language()))
    return lines


def _split(text: str) -> tuple[str, str]:
    parts = _FIRST_SENTENCE.fullmatch(text.strip())
    return (parts[1], parts[2]) if parts else (text.strip(), "")


def _calls(text: str) -> tuple[Call, ...]:
    calls = []
    for number in dict.fromkeys(_NUMBERS.findall(text)) or ("911",):
        calls.append(Call(gettext("Call %(number)s", number=number), f"tel:{number}"))
        if number == "988":
            # The Spanish line is reached by text with one word.
            body = "?body=AYUDA" if language() == "es" else ""
            calls.append(Call(gettext("Text 988"), f"sms:988{body}"))
    return tuple(calls)
