"""The sentences that a person reads on a rendered page, for tests that measure how hard it is to read.

Names of sources and words in another language (`lang`) are left out, and so is what is no sentence: names, buttons, choices and
headings without a point or a question mark. To count them would make a page look easier than it is.
"""

from __future__ import annotations

from html.parser import HTMLParser

# What stands within a line of words; every other element begins a text of its own.
INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "mark", "small", "span", "strong", "sup", "time")
)
UNREAD = frozenset(("button", "script", "select", "style", "svg", "textarea", "title"))
VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "use", "wbr"))
ENDS = (".", "?", "!")
FEWEST_WORDS = 3


class _Blocks(HTMLParser):
    """Collects the text of each block by itself, so that two never run into one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [""]
        self.language: str | None = None
        self._path: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given["lang"]
        if tag not in INLINE:
            self.blocks.append("")
        if tag in VOID:
            return
        is_foreign = given.get("lang", self.language) != self.language
        is_unread = tag in UNREAD or "cite" in given.get("class", "").split()
        self._path.append((tag, is_foreign or is_unread or bool(self._path and self._path[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        while self._path and self._path.pop()[0] != tag:
            pass
        if tag not in INLINE:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self._path and not self._path[-1][1]:
            self.blocks[-1] += data


def sentences(page: str) -> list[str]:
    """The texts of an HTML page that end like a sentence, each once, in the page's order."""
    reader = _Blocks()
    reader.feed(page)
    texts = dict.fromkeys(" ".join(block.split()) for block in reader.blocks)
    return [text for text in texts if text.endswith(ENDS) and len(text.split()) >= FEWEST_WORDS]
