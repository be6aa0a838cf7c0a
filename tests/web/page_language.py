"""What on a rendered page is not in the page's language: for tests that open pages and ask.

`marked_words` makes an interface whose every Spanish message carries marks around what is fixed in it, and nothing around
what is put into it. What a page then shows outside marks has another source, and must be one of these: the rulebook's Spanish,
what a person typed, a date or time as Spanish writes it, a number, a reference, or words whose element says that they are in
another language (`lang`) or in none (`translate="no"`). Everything else was forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from gettext import c2py
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from screener.engine import alternatives_wording, wording
from screener.engine.rules import Ruleset
from screener.engine.text import Text
from screener.web import i18n

LANGUAGE, NO_LANGUAGE = "es", "zxx"
OPEN, CLOSE = "\ue000", "\ue001"  # letters of nobody's alphabet
MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
HEARD = (
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
    "title",
    "alt",
    "placeholder",
    "label",
)
SEEN_ON_NARROW_SCREENS = ("data-label",)  # a stylesheet writes it
BUTTONS = ("submit", "button", "reset")
UNSPOKEN = frozenset(("script", "style", "code", "kbd", "textarea"))
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_PLACE = re.compile(r"%\(\w+\)[a-z]|\{[^{}]*\}")
# Names of rules, references, hashes, addresses of the tests' accounts and of publications.
DATA = (
    r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b",
    r"https?://\S+|\bDOI\b|\b10\.\d{4,}/\S+",
    r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b",
    r"\b[0-9a-f]{12,64}\b",
    r"\b\w+@(?:clinic|example)\.test\b",
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def marked(words: str) -> str:
    """The words with marks around all that stands between the places where something is put in."""
    parts, places = _PLACE.split(words), _PLACE.findall(words)
    around = [f"{OPEN}{part}{CLOSE}" if part else "" for part in parts]
    return "".join(part + place for part, place in zip(around, [*places, ""], strict=True))


def marked_words(folder: Path, monkeypatch: Any) -> None:
    """From now on the Spanish of interface and engine carries marks. Call it before the application is made."""
    source = i18n.TRANSLATIONS / LANGUAGE / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as lines:
        catalogue = read_po(lines, locale=LANGUAGE)
    assert c2py(catalogue.plural_expr)(2) == 1
    for message in catalogue:
        if message.id:
            said = message.string
            message.string = marked(said) if isinstance(said, str) else tuple(marked(form) for form in said)
    target = folder / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as compiled:
        write_mo(compiled, catalogue)
    monkeypatch.setattr(i18n, "TRANSLATIONS", folder)
    for module in (wording, alternatives_wording):
        for name, value in vars(module).items():
            if isinstance(value, Mapping) and {"en", LANGUAGE} <= set(value):
                monkeypatch.setattr(module, name, {**value, LANGUAGE: _all_marked(value[LANGUAGE])})


def _all_marked(value: Any) -> Any:
    if isinstance(value, str):
        return marked(value)
    if isinstance(value, Mapping):
        return {key: _all_marked(inner) for key, inner in value.items()}
    return type(value)(_all_marked(inner) for inner in value)


class Reader(HTMLParser):
    """Collects what a person reads or hears of a page, piece by piece: (where, words)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.language: str | None = None
        self._path: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang")
        lang = given.get("lang", self._path[-1][1] if self._path else None)
        if given.get("translate") == "no":
            lang = NO_LANGUAGE
        if lang in (None, self.language):
            for name in (*HEARD, *SEEN_ON_NARROW_SCREENS):
                if given.get(name):
                    self.found.append((f"{tag} {name}", given[name]))
            if tag == "input" and given.get("type") in BUTTONS:
                self.found.append((f"{tag} value", given.get("value", "")))
        if tag not in VOID:
            self._path.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        while self._path and self._path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words or not self._path or any(tag in UNSPOKEN for tag, _ in self._path):
            return
        if self._path[-1][1] in (None, self.language):
            self.found.append((self._path[-1][0], words))


class Judge:
    """Knows the rulebook's Spanish, how Spanish writes dates, and what was typed; says what is left of a page."""

    def __init__(self, ruleset: Ruleset, typed: Iterable[str]) -> None:
        whole = {" ".join(text.by_language[LANGUAGE].split()) for text in _texts(ruleset)}
        pieces = {piece for text in whole for piece in (*text.split("{count}"), *_SENTENCE.split(text))}
        heads = {text.partition(piece)[2].strip() for text in whole for piece in _SENTENCE.split(text)[:1]}
        languages = Locale.parse(LANGUAGE).languages
        names = [name.replace("_", " ") for name in ruleset.scores]  # they have no others
        names += [ruleset.id, *(languages[code] for code in ruleset.languages)]
        known = {words.strip() for words in {*whole, *pieces, *heads} if _WORD.search(words)}
        self._exact = known
        self._known = sorted({*known, *names, *(" ".join(words.split()) for words in typed)}, key=len, reverse=True)
        self._data = re.compile("|".join((_dates(), *DATA)))
        self._judged: dict[str, bool] = {}

    def foreign(self, page: str) -> list[tuple[str, str]]:
        """What on this page is not in its language, without the marks; empty where all is well."""
        reader = Reader()
        reader.feed(page)
        assert reader.language == LANGUAGE, f"a page in {reader.language}"
        assert len(reader.found) > 3, "a page without words"
        return [
            (where, words.replace(OPEN, "").replace(CLOSE, ""))
            for where, words in reader.found
            if not self._fits(words)
        ]

    def _fits(self, words: str) -> bool:
        if words not in self._judged:
            rest = MARKED.sub(" | ", words)
            self._judged[words] = rest.strip() in self._exact or _WORD.search(self._without_known(rest)) is None
        return self._judged[words]

    def _without_known(self, rest: str) -> str:
        for known in self._known:
            if _WORD.search(rest) is None:
                break
            if known in rest:
                rest = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " ", rest)
        return self._data.sub(" ", rest)


def _texts(thing: Any) -> Iterator[Text]:
    """Every text of the ruleset, however deep it lies."""
    if isinstance(thing, Text):
        yield thing
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _texts(getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        for inner in thing.values():
            yield from _texts(inner)
    elif isinstance(thing, list | tuple | frozenset | set):
        for inner in thing:
            yield from _texts(inner)


def _dates() -> str:
    """Dates and spans of time as Spanish writes them."""
    locale = Locale.parse(LANGUAGE)
    wide, short = (locale.months["format"][width].values() for width in ("wide", "abbreviated"))
    week = "|".join(locale.days["format"]["abbreviated"].values())
    spans = ["segundos?", "minutos?", "horas?", "días?", "semanas?", "mes(?:es)?", "años?", "min"]
    return (
        rf"\d+ de (?:{'|'.join(wide)}) de \d{{4}}|\d+ (?:{'|'.join(short)}) \d{{4}}"
        rf"|\b(?:{week}) \d+:\d\d"
        rf"|(?:hace |dentro de )?\d+ (?:{'|'.join(spans)})"
    )
