"""Reading staff's pages in the tests: the words between the tags, one piece of the page at a time."""

from __future__ import annotations

import html
import re

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
