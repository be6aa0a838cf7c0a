"""Typst as it is used here: the fonts that travel with the program, nothing of this machine, PDFs that screen readers can read."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import fontpkg_source_sans_3
import typst

from screener.paths import templates_folder

# In this order: the text's own, then what typst brings, for letters that it does not have. `sheet.typ` names the same.
FAMILIES = ("Source Sans 3", "Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern", "New Computer Modern Math")
STANDARD: Final = "ua-1"  # PDF/UA-1: tagged, titled, each letter readable; typst refuses to write anything less
REMEMBERED = 10  # documents after which typst forgets one
_held = threading.local()


class Unset(Exception):
    """Typst could not set what it was given. Holds no word of it."""


def folder() -> Path:
    """Where the templates are; typst reads nothing outside it."""
    return templates_folder() / "paper"


def set_template(template: str, inputs: dict[str, str], *, made_at: datetime) -> bytes:
    """The PDF of a template, dated to the second: typst refuses a time with less than that. Raises Unset."""
    try:
        with _breaks_hidden():
            return typst.compile(
                folder() / template,
                root=folder(),
                font_paths=_fonts(),
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=STANDARD,
                timestamp=made_at.replace(microsecond=0),
            )
    finally:
        _forget()


def has_glyphs(letters: str) -> bool:
    """Whether one font has all of these characters (a letter and its accents), regular and bold. Typst itself is asked.

    Each is asked for by itself too: of a letter that no font has, under an accent that one has, typst says yes and then
    fails on the page.
    """
    return any(_family_has(family, letters) for family in FAMILIES)


def _family_has(family: str, letters: str) -> bool:
    numbers = [f"\\u{{{ord(letter):x}}}" for letter in letters]  # so that none is taken for markup
    alone = "".join(f"#box[{number}]" for number in numbers)
    words = (
        '#set document(title: "letters")\n'
        f'#set text(font: "{family}", fallback: false)\n'
        f"{alone} {''.join(numbers)} *{alone} {''.join(numbers)}*"
    )
    try:
        with _breaks_hidden():
            _asked().compile(words.encode(), format="pdf", pdf_standards=STANDARD)
    except Unset:
        return False
    return True


def sets_picture(content: bytes, format: str) -> bool:
    """Whether typst can draw this picture, by the standard that every document is held to."""
    words = (
        '#set document(title: "picture")\n'
        "#let found = json(bytes(sys.inputs.picture))\n"
        '#image(bytes(found.bytes), format: found.format, alt: "picture")'
    )
    picture = json.dumps({"bytes": list(content), "format": format})
    try:
        with _breaks_hidden():
            typst.compile(
                words.encode(),
                font_paths=_fonts(),
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs={"picture": picture},
                pdf_standards=STANDARD,
            )
    except Unset:
        return False
    return True


@contextmanager
def _breaks_hidden() -> Iterator[None]:
    """What typst says may quote the page, and where it breaks itself it raises what no `except Exception` catches."""
    broken = False
    try:
        yield
    except BaseException as error:
        if not isinstance(error, typst.TypstError) and type(error).__name__ != "PanicException":
            raise
        broken = True
    if broken:  # outside of the handler, so that typst's own words hang on nothing
        raise Unset


def _forget() -> None:
    """Let typst drop what it remembers of a page: 30 MB of someone's answers, kept for as many documents as stand here.

    Ten empty ones take a few milliseconds; without them a server holds 400 MB more.
    """
    for _ in range(REMEMBERED):
        _asked().compile(b"", format="pdf")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(fontpkg_source_sans_3.ROOT / "files")])


def _asked() -> typst.Compiler:
    """A compiler of this thread's own that never sees a patient's words; making one takes longer than asking it."""
    if not hasattr(_held, "compiler"):
        _held.compiler = typst.Compiler(root=folder(), font_paths=_fonts(), ignore_system_fonts=True)
    compiler: typst.Compiler = _held.compiler
    return compiler
