"""Reads a PDF back, for tests: its words without spaces (where a line ends is the layout's business), its tags, its fonts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pypdf
from pypdf.generic import DictionaryObject

LEAST = 12  # letters of a piece that stand on one page, where it goes on on the next
TOP, FOOT = 60, 48  # points from the edge: what is nearer to it stands on every sheet


def squeezed(words: str) -> str:
    """These words without anything that only parts them."""
    return re.sub(r"[\s\u200b\u00ad]+", "", words)


def pages(pdf: bytes) -> list[str]:
    """The words of each page, squeezed."""
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def bodies(pdf: bytes) -> list[str]:
    """The words of each page, squeezed, without what stands again at the foot of each and at the top of each later one."""
    found: list[str] = []
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(pdf)).pages):
        top = float(page.mediabox.height) - (TOP if number else 0)
        said: list[str] = []

        def keep(
            text: str, space: Any, at: Any, _font: Any, _size: Any, top: float = top, said: list[str] = said
        ) -> None:
            if FOOT < space[1] * at[4] + space[3] * at[5] + space[5] < top:
                said.append(text)

        page.extract_text(visitor_text=keep)
        found.append(squeezed("".join(said)))
    return found


def words(pdf: bytes) -> str:
    """All words, squeezed, page after page."""
    return "".join(bodies(pdf))


def lacks(pdf: bytes, pieces: Iterable[str]) -> list[str]:
    """Which of these pieces of text no page says; one may begin on a page and end on the next."""
    found = bodies(pdf)
    turns = list(pairwise(found))

    def is_said(piece: str) -> bool:
        return any(piece in page for page in found) or any(
            piece[:cut] in page and piece[cut:] in following
            for page, following in turns
            for cut in range(1, len(piece))
            if max(cut, len(piece) - cut) >= LEAST
        )

    return sorted(piece for piece in pieces if not is_said(squeezed(piece)))


def created_at(pdf: bytes) -> datetime | None:
    """When the PDF says it was made."""
    told = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    return told.creation_date if told else None


def catalogue(pdf: bytes) -> Any:
    """The PDF's own account of itself."""
    return pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def title(pdf: bytes) -> str | None:
    """The document's title."""
    metadata = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    return metadata.title if metadata is not None else None


def tags(pdf: bytes) -> list[str]:
    """The kind of every tagged part, in reading order."""
    return [str(part["/S"]) for part in _parts(catalogue(pdf)["/StructTreeRoot"])]


def pictures_without_words(pdf: bytes) -> int:
    """How many tagged figures have no alternative text."""
    return sum(
        1 for part in _parts(catalogue(pdf)["/StructTreeRoot"]) if part["/S"] == "/Figure" and "/Alt" not in part
    )


def picture_words(pdf: bytes) -> list[str]:
    """The alternative text of each tagged figure, in reading order."""
    return [str(part["/Alt"]) for part in _parts(catalogue(pdf)["/StructTreeRoot"]) if part["/S"] == "/Figure"]


def fonts(pdf: bytes) -> dict[str, bool]:
    """Each font's family, and whether the file has it in itself."""
    found = {}
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            (inner,) = font.get_object()["/DescendantFonts"]
            about = inner.get_object()["/FontDescriptor"].get_object()
            embedded = any(kind in about for kind in ("/FontFile", "/FontFile2", "/FontFile3"))
            found[re.sub(r"^[A-Z]{6}\+", "", str(about["/FontName"]).lstrip("/"))] = embedded
    return found


def page_size(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page in points."""
    box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    return round(box.width), round(box.height)


def _parts(node: Any) -> Iterator[DictionaryObject]:
    node = node.get_object()
    if isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            yield from _parts(child)
