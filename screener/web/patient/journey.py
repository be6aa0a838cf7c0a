"""The order of the screens: about you, one a section that asks anything, check your answers. Where one stands, what comes next."""

from __future__ import annotations

from collections.abc import Iterable

from flask import session, url_for

from screener.engine.questionnaire import Item, ItemType, Section
from screener.engine.rules import Ruleset
from screener.web.ages import is_age
from screener.web.patient.visit import Visit

ABOUT_YOU = "about-you"
CHECK = "check"
RETURN_CODE = "return-code"
_LEFT = "screen-left"  # the session's keys: which screen a help page stands after, and where there is more to ask.
_MORE = "more-to-ask"  # Not in the address: it would tell a browser's history what was answered on which screen.

_AROUND_THE_QUESTIONS = 120  # seconds: about you, and checking the answers
_LONG = 15  # minutes: from here on in steps of five, as nobody is that exact about reading


def remember_screen(step: str, *, has_more: bool = False) -> None:
    """Note the screen that was just sent, and whether its answers made more to ask on it."""
    session[_LEFT] = step
    if has_more:
        session[_MORE] = step


def screen_left() -> str:
    """The screen that was sent last; empty where none was."""
    return str(session.get(_LEFT, ""))


def has_more_to_ask(section_id: str) -> bool:
    """Whether the answers just sent made more to ask on this screen."""
    return session.get(_MORE) == section_id


def more_was_shown() -> None:
    """The screen that came back has been shown: from now on it is like any other."""
    session.pop(_MORE, None)


def forget_screens() -> None:
    """Another draft begins in this browser, or none is left."""
    session.pop(_LEFT, None)
    session.pop(_MORE, None)


def sections(visit: Visit) -> list[Section]:
    """The sections that ask something now."""
    return [section for section in visit.ruleset.sections if visit.shown_items(section)]


def section_named(ruleset: Ruleset, section_id: str) -> Section | None:
    """The section of that id."""
    return next((section for section in ruleset.sections if section.id == section_id), None)


def progress(visit: Visit, step: str) -> tuple[int, int]:
    """Which part of how many a step is; a step is a section's id, ABOUT_YOU or CHECK."""
    steps = [ABOUT_YOU, *(section.id for section in sections(visit)), CHECK]
    return steps.index(step) + 1, len(steps)


def section_before(visit: Visit, step: str) -> Section | None:
    """The section one screen back; None where that is not a section."""
    earlier = _all_before(visit, step)
    return earlier[-1] if earlier else None


def url_before(visit: Visit, step: str) -> str:
    """Where Back leads."""
    before = section_before(visit, step)
    return url_for("patient.questions", section=before.id) if before else url_for("patient.about_you")


def url_after(visit: Visit, step: str, *, back_to_check: bool = False) -> str:
    """Where Continue leads: to the next screen, or back to the check that one came from to change something."""
    if back_to_check or step == CHECK:
        return url_for("patient.check")
    order = [section.id for section in visit.ruleset.sections]
    place = order.index(step) + 1 if step in order else 0
    for section in visit.ruleset.sections[place:]:
        if visit.shown_items(section):
            return url_for("patient.questions", section=section.id)
    return url_for("patient.check")


def url_to_go_on(visit: Visit) -> str:
    """Where one who comes back goes on: the first screen without any answer, else the check."""
    if visit.contact is None:
        return url_for("patient.about_you")
    for section in sections(visit):
        if not any(item.id in visit.answers for item in visit.shown_items(section)):
            return url_for("patient.questions", section=section.id)
    return url_for("patient.check")


def url_after_saving(visit: Visit) -> str:
    """Where one goes on who has just saved: the screen that was left, if its answers made more to ask on it."""
    section = section_named(visit.ruleset, str(session.get(_MORE, "")))
    return url_for("patient.questions", section=section.id) if section is not None else url_to_go_on(visit)


def minutes(ruleset: Ruleset) -> int:
    """About how long it takes: a guess from what everyone is asked, most of it read by choosing."""
    return minutes_for(item for item in ruleset.items.values() if is_question(item) and item.enabled_when is None)


def is_question(item: Item) -> bool:
    """Whether it is asked on a screen; some is only to read, and the age is told by the date of birth."""
    return item.type is not ItemType.DISPLAY and not is_age(item)


def minutes_for(items: Iterable[Item]) -> int:
    """About how long these questions take, with what stands around them. Every page that names minutes counts them here."""
    exact = -(-(_AROUND_THE_QUESTIONS + sum(seconds_for(item) for item in items)) // 60)
    return exact if exact < _LONG else -(-exact // 5) * 5


def seconds_for(item: Item) -> int:
    """About how long one question takes to read and answer."""
    return {"text": 45, "number": 20, "date": 20}.get(item.type.value, 15)


def _all_before(visit: Visit, step: str) -> list[Section]:
    if step == CHECK:
        return sections(visit)
    order = [section.id for section in visit.ruleset.sections]
    place = order.index(step) if step in order else 0
    return [section for section in visit.ruleset.sections[:place] if visit.shown_items(section)]
