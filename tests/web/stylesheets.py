"""The stylesheets as tests read them: their colours by name, light and dark, and every declaration with its selector."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import screener.web

FOLDER = Path(screener.web.__file__).parent / "static"
SHEETS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.css"))}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
DARK = "@media screen and (prefers-color-scheme: dark)"


def plain(sheet: str) -> str:
    """A stylesheet without its comments."""
    return _COMMENT.sub("", SHEETS[sheet])


def block_after(text: str, start: str) -> str:
    """What stands between the braces that open after `start`."""
    begin = text.index("{", text.index(start)) + 1
    depth, at = 1, begin
    while depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return text[begin : at - 1]


def tokens(scheme: str) -> dict[str, str]:
    """The custom properties of a scheme, "light" or "dark"."""
    light = dict(_TOKEN.findall(block_after(plain("site.css"), ":root")))
    if scheme == "light":
        return light
    return light | dict(_TOKEN.findall(block_after(block_after(plain("site.css"), DARK), ":root")))


def declarations(sheet: str) -> Iterator[tuple[str, str, str, str]]:
    """(the @-rule around it, selector, property, value) of each declaration; properties of pages are left out."""
    yield from _declarations(plain(sheet), "")


def _declarations(text: str, around: str) -> Iterator[tuple[str, str, str, str]]:
    at = 0
    while (opening := text.find("{", at)) != -1:
        head = text[at:opening].strip()
        inside = block_after(text[opening:], "")
        at = opening + len(inside) + 2
        if head.startswith("@page"):
            continue
        if head.startswith("@"):
            yield from _declarations(inside, head)
            continue
        for declaration in inside.split(";"):
            name, colon, value = declaration.partition(":")
            if colon:
                yield around, head, name.strip(), value.strip()
