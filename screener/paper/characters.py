"""Letters that paper can show. People type anything; a PDF for screen readers may hold no letter that its fonts do not have.

What cannot be shown is never left out silently: a sign is written as its name, a letter as a mark that the page explains.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from screener.paper.compilers import has_glyphs

GAP = "\N{REPLACEMENT CHARACTER}"  # stands for a letter that no font of ours has
BREAK = "\N{ZERO WIDTH SPACE}"  # where a line may end inside a very long word
_LONGEST_WORD, _PIECE = 24, 8  # a column is about 28 letters wide
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_LONG_WORD = re.compile(rf"[^\s{BREAK}]{{{_LONGEST_WORD + 1},}}")
# They turn the text around them, or are marks of the machine: a reader sees nothing of them.
_UNSEEN = re.compile("[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ff]")
_JOINERS = ("\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}")
_MOST_MARKS = 6
_NEVER_SHOWN = ("Cs", "Co", "Cn", "Cf")  # half characters, private ones, none at all, directions
_SIGNS = ("So", "Sk", "Sm", "Sc", "Po")  # what stands alone and has a name that says something


def printable(content: Any) -> Any:
    """The same plain values (mappings, sequences, numbers), each text in them made fit for `typeset`.

    >>> printable({"told": ["a\\x00b", 3, None]})
    {'told': ['ab', 3, None]}
    """
    if isinstance(content, str):
        return _printable(content)
    if isinstance(content, Mapping):
        return {name: printable(value) for name, value in content.items()}
    if isinstance(content, Sequence):
        return [printable(value) for value in content]
    return content


def has_gaps(content: Any) -> bool:
    """Whether a letter of these printable values could not be shown."""
    if isinstance(content, Mapping):
        return any(has_gaps(value) for value in content.values())
    if isinstance(content, Sequence) and not isinstance(content, str):
        return any(has_gaps(value) for value in content)
    return isinstance(content, str) and GAP in content


def _printable(text: str) -> str:
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).replace("\t", " ")))
    if not text.isascii() or not text.isprintable():
        text = "".join(_shown(cluster) for cluster in _clusters(text))
    return _LONG_WORD.sub(_with_breaks, text)


def _clusters(text: str) -> Iterator[str]:
    """Each character with the accents on it, as a font has to show them. Past six, accents would cover other lines.

    A joiner after accents is left out: it changes next to nothing, and some of them break typst.
    """
    cluster = ""
    for letter in text:
        if letter in _JOINERS and len(cluster) > 1:
            continue
        if cluster and _joins(letter):
            cluster += letter if len(cluster) <= _MOST_MARKS else ""
            continue
        if cluster:
            yield cluster
        cluster = letter
    yield cluster


def _joins(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc", "Me") or letter in _JOINERS


@lru_cache(maxsize=20_000)
def _shown(cluster: str) -> str:
    """This character with its accents if a font has them, else what stands for each."""
    if cluster == "\n" or (cluster.isascii() and cluster.isprintable()):
        return cluster
    category = unicodedata.category(cluster[0])
    if category == "Cc" or cluster in _JOINERS:
        return "".join(_shown(mark) for mark in cluster[1:])
    if category not in _NEVER_SHOWN and not _joins(cluster[0]) and has_glyphs(cluster):
        return cluster
    if len(cluster) > 1:
        return "".join(_shown(letter) for letter in cluster)
    return f"[{unicodedata.name(cluster, 'sign').lower()}]" if category in _SIGNS else GAP


def _with_breaks(word: re.Match[str]) -> str:
    """A word longer than a column, with places where its line may end; never between a letter and its accents."""
    pieces, count = [""], 0
    for cluster in _clusters(word[0]):
        if count == _PIECE:
            pieces.append("")
            count = 0
        pieces[-1] += cluster
        count += 1
    return BREAK.join(pieces)
