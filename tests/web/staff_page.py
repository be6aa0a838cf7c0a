"""What the tests of both staff doors look at: the words between a page's tags, one piece at a time, and what is stored."""

from __future__ import annotations

import html
import re

from sqlalchemy import Engine, update

from screener.store import queries
from screener.store.database import reading, writing
from screener.store.models import Submission
from screener.store.workflow import OPEN, Status

REFERENCE = re.compile(r'class="reference" href="[^"]*">([^<]+)<')
BUTTONS = re.compile(r'<button[^>]* name="(?:move|act)" value="(\w+)"')


def words(markup: str) -> str:
    """What a person reads of some markup, in one line."""
    spaced = re.sub(r"<(?:script|style|svg)\b.*?</(?:script|style|svg)>|<[^>]+>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(spaced).split())


def references(page: str) -> list[str]:
    """The references of a list, from top to bottom."""
    return REFERENCE.findall(page)


def offered(page: str) -> set[str]:
    """The moves and acts that the page has a button for."""
    return set(BUTTONS.findall(page))


def panel(page: str, title: str) -> str:
    """The words of the panel with this title."""
    found = re.search(
        rf"<section[^>]*>\s*<header><h2[^>]*>(?:<svg.*?</svg>)?{title}</h2>.*?</section>", page, re.DOTALL
    )
    assert found is not None, f"no panel {title}"
    return words(found[0])


def typed(page: str, field: str) -> str:
    """What stands in a text area."""
    found = re.search(rf'<textarea[^>]* name="{field}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found is not None, f"no field {field}"
    return html.unescape(found[1])


def stored(store: Engine, submission: Submission) -> Submission:
    """A submission as it stands now."""
    with reading(store) as session:
        found = queries.submission_by_public_id(session, submission.public_id)
    assert found is not None
    return found


def event_names(store: Engine, submission: Submission) -> list[str]:
    """What happened to a submission, the oldest first."""
    with reading(store) as session:
        return [event.name for event in queries.events_of(session, submission)]


def put(store: Engine, submission: Submission, status: Status) -> None:
    """Stand a submission in a status, whatever the workflow says."""
    with writing(store) as session:
        values = {"status": status, "is_open": status in OPEN}
        session.execute(update(Submission).where(Submission.id == submission.id).values(values))
