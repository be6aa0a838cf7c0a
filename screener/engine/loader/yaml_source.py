"""YAML read strictly, as the small part of YAML 1.2 that a rulebook needs: text, numbers, lists and mappings with places.

`no`, `on` and `12:30` stay text. Duplicate keys, anchors, aliases, tags, merge keys and second documents are refused. Events are
turned into nodes by hand, so that depth is limited before anything recurses. What the nodes mean is read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

import yaml

from screener.engine.loader.problems import Problems
from screener.engine.rules import Place

_DEEPEST = 100
_TOO_DEEP = (f"nested more than {_DEEPEST} levels deep", "write the condition flatter")
_TOO_DEEP_FOR_THE_PARSER = "maximum nesting depth"  # so PyYAML 6.0.4 and newer say it of their own
_MOST_COPIED = 10_000  # nodes that aliases may stand for before a file is given up: far above a slip, far below a bomb
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,6})?")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value: as written in `raw`, as YAML 1.2 reads it in `value`."""

    raw: str
    value: str | int | Decimal | bool | None
    place: Place


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of nodes. `is_cut`: the file could not be read to the end, and more may follow."""

    parts: tuple[Node, ...]
    place: Place
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping; `places` has where each key stands. `is_cut`: the file could not be read to the end, and more may follow."""

    entries: Mapping[str, Node]
    places: Mapping[str, Place]
    place: Place
    is_cut: bool = False


Node = Scalar | Listing | Entries


def _size(node: Node) -> int:
    """How many nodes it is made of."""
    parts = node.parts if isinstance(node, Listing) else node.entries.values() if isinstance(node, Entries) else ()
    return 1 + sum(_size(part) for part in parts)


def _height(node: Node) -> int:
    """How many levels deep it is nested."""
    parts = node.parts if isinstance(node, Listing) else node.entries.values() if isinstance(node, Entries) else ()
    return 1 + max((_height(part) for part in parts), default=0)


class _Cut(Exception):
    """Reading of one file stops here; the problem is noted already."""


def read_yaml(file: str, content: bytes, problems: Problems) -> Node | None:
    """The one document of a file, or None where it cannot be read (then `problems` says why).

    What stands whole before a mistake of YAML is kept, so that this one hides no other: the keys of the outermost mapping and the
    parts of their lists, both marked `is_cut`.
    """
    start = Place(file, 1)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.report(Place(file, line), "", "not UTF-8 text", "save the file as UTF-8")
        return None
    reader = _Reader(file, problems)
    try:
        node = reader.document(yaml.parse(text, Loader=_PARSER))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.report(
            Place(file, line), "", "holds a character YAML does not allow", "remove the invisible character"
        )
    except _Cut:
        pass
    else:
        if node is None or (isinstance(node, Scalar) and node.value is None):
            problems.report(start, "", "the file is empty", "write its content, or remove the file")
            return None
        return node
    return None


class _Reader:
    """Turns the events of one file into nodes."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems
        self.anchored: dict[str, Node] = {}
        self.copied = 0  # how many nodes aliases stand for so far
        self.is_cut = False

    def document(self, parsed: Iterator[Any]) -> Node | None:
        root: Node | None = None
        documents = 0
        events = self._told(parsed)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    mend = "keep one document a file; remove the `---`"
                    self.problems.report(self._place(event), "", "holds a second document", mend)
                    return root
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 1)
                if self.is_cut:
                    return root
        return root

    def _told(self, events: Iterator[Any]) -> Iterator[Any]:
        """The events of a file up to the first that is no YAML, which is noted."""
        try:
            yield from events
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(self.file, mark.line + 1 if mark is not None else 1)
            if _TOO_DEEP_FOR_THE_PARSER in (error.problem or ""):  # it looks ahead, so it can be the first to see it
                self.problems.report(place, "", *_TOO_DEEP)
            else:
                what = f"not YAML: {error.problem or error.context}"
                self.problems.report(place, "", what, "check indent, quotes and colons here")
            raise _Cut from None

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1)

    def _refuse(self, event: Any, what: str, mend: str) -> None:
        self.problems.report(self._place(event), "", what, mend)
        raise _Cut

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if depth > _DEEPEST:
            self._refuse(event, *_TOO_DEEP)
        self._check_plain(event)
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event, depth)
        node = self._written(event, events, depth)
        if event.anchor is not None:
            self.anchored[event.anchor] = node
        return node

    def _aliased(self, event: Any, depth: int) -> Node:
        """What an alias stands for, so that the rest of the file is read on; one that stands for too much ends the reading."""
        node = self.anchored.get(event.anchor)
        self.copied += _size(node) if node is not None else 0
        if node is None or self.copied > _MOST_COPIED or depth + _height(node) > _DEEPEST:
            raise _Cut
        return node

    def _written(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, _value(event.value) if event.implicit[0] else event.value, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._listing(place, events, depth)
        return self._mapping(place, events, depth)

    def _listing(self, place: Place, events: Iterator[Any], depth: int) -> Listing:
        parts: list[Node] = []
        try:
            for inner in iter(lambda: next(events), None):
                if isinstance(inner, yaml.SequenceEndEvent):
                    break
                parts.append(self._node(inner, events, depth + 1))
        except _Cut:
            if depth != 2:  # a part that is not whole tells nothing
                raise
            self.is_cut = True
        return Listing(tuple(parts), place, self.is_cut)

    def _mapping(self, place: Place, events: Iterator[Any], depth: int) -> Entries:
        entries: dict[str, Node] = {}
        places: dict[str, Place] = {}
        try:
            for inner in iter(lambda: next(events), None):
                if isinstance(inner, yaml.MappingEndEvent):
                    break
                key = self._node(inner, events, depth + 1)
                self._enter(key, self._node(next(events), events, depth + 1), entries, places)
                if self.is_cut:
                    break
        except _Cut:
            if depth != 1:
                raise
            self.is_cut = True
        return Entries(entries, places, place, self.is_cut)

    def _enter(self, key: Node, value: Node, entries: dict[str, Node], places: dict[str, Place]) -> None:
        if not isinstance(key, Scalar):
            self.problems.report(key.place, "", "a key is a list or a mapping", "write a word as the key")
        elif key.raw in entries:
            self.problems.report(key.place, key.raw, "stands twice in one mapping", "keep one of the two")
        elif key.raw == "<<":
            self.problems.report(key.place, "<<", "merge keys are not allowed", "write the values out")
        else:
            entries[key.raw], places[key.raw] = value, key.place

    def _check_plain(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            what = f"alias `*{event.anchor}` is not allowed"
            self.problems.report(self._place(event), "", what, "write the value out")
        elif event.anchor is not None:
            self.problems.report(
                self._place(event), f"&{event.anchor}", "anchors are not allowed", "remove it and write values out"
            )
        if getattr(event, "tag", None) is not None:
            self.problems.report(
                self._place(event), event.tag, "tags are not allowed", "remove the tag; quote text instead"
            )


def _value(raw: str) -> str | int | Decimal | bool | None:
    """A plain scalar as the core schema of YAML 1.2 reads it; octal, hexadecimal, infinity and NaN stay text here."""
    if raw in _WORDS:
        return _WORDS[raw]
    if _INTEGER.fullmatch(raw) and len(raw) <= 40:
        return int(raw)
    return Decimal(raw) if _NUMBER.fullmatch(raw) else raw


def node_of(value: Any, place: Place) -> Node:
    """A node of plain JSON values, for reading a ruleset back from its canonical form."""
    if isinstance(value, Mapping):
        return Entries({key: node_of(part, place) for key, part in value.items()}, dict.fromkeys(value, place), place)
    if isinstance(value, list):
        return Listing(tuple(node_of(part, place) for part in value), place)
    if value is None or isinstance(value, bool):
        return Scalar("null" if value is None else str(value).lower(), value, place)
    return Scalar(str(value), value, place)


def plain(node: Node) -> Any:
    """The plain JSON value of a node; numbers in their shortest form, exactly, so that 60 and 60.0 are the same."""
    if isinstance(node, Entries):
        return {key: plain(part) for key, part in node.entries.items()}
    if isinstance(node, Listing):
        return [plain(part) for part in node.parts]
    if isinstance(node.value, Decimal):
        return (
            int(node.value)
            if node.value == node.value.to_integral_value() and node.value.adjusted() < 40
            else node.value.normalize(Context(prec=len(node.value.as_tuple().digits)))
        )
    return node.value
