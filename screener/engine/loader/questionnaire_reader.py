"""Reads the section files and scores.yaml: items, their gates, and the scores made of them."""

from __future__ import annotations

import dataclasses
import math
import re
from decimal import Decimal
from typing import Any

from screener.engine.conditions import Condition, subjects
from screener.engine.loader.condition_reader import ConditionReader, Vocabulary
from screener.engine.loader.shapes import RESERVED, Shapes, id_written
from screener.engine.loader.yaml_source import Entries, Node, Scalar
from screener.engine.questionnaire import Item, ItemType, Score, ScoreKind, Section
from screener.engine.text import Text

# Names of WTForms' own attributes: an item becomes a form field of that name.
ITEM_RESERVED = RESERVED | {
    "data", "errors", "meta", "process", "validate", "populate_obj", "post_process", "hidden_tag", "is_submitted",
    "csrf_token", "submit",
}  # fmt: skip
_COMMON = ("id", "type", "text", "help", "enabled_when")
_WAYS_OUT = ("unsure", "decline")
_KEYS = {
    ItemType.YES_NO: (*_COMMON, *_WAYS_OUT),
    ItemType.CHOICE: (*_COMMON, *_WAYS_OUT, "choices", "points"),
    ItemType.MULTI: (*_COMMON, *_WAYS_OUT, "choices", "none"),
    ItemType.NUMBER: (*_COMMON, *_WAYS_OUT, "min", "max", "integer", "unit"),
    ItemType.DATE: (*_COMMON, *_WAYS_OUT),
    ItemType.TEXT: (*_COMMON, "max_length"),
    ItemType.DISPLAY: _COMMON,
}
_ALL_KEYS = tuple(dict.fromkeys(key for keys in _KEYS.values() for key in keys))


class QuestionnaireReader:
    """Reads sections in the manifest's order, then scores, then gates: a gate may name only what comes before it."""

    def __init__(self, shapes: Shapes, vocabulary: Vocabulary) -> None:
        self.shapes = shapes
        self.vocabulary = vocabulary
        self.items: dict[str, Item] = {}
        self.scores: dict[str, Score] = {}
        self._sections: list[tuple[str, Text, Text | None, list[str]]] = []
        self._gates: dict[str, Node] = {}
        self.unread_gates: set[str] = set()  # items whose gate could not be read

    def read_section(self, name: str, node: Node | None) -> None:
        """Read one section file, whose name says that it is section `name`."""
        keys = ("section", "title", "items", "help")
        entries = self.shapes.mapping(node, name, keys, ("section", "title", "items"))
        if entries is None:
            self.vocabulary.complete = False
            return
        self._check_named(entries, "section", name)
        title = self.shapes.text(entries.entries.get("title"), f"{name} title")
        help_text = self.shapes.text(entries.entries.get("help"), f"{name} help")
        item_ids = []
        parts = self.shapes.listing(entries.entries.get("items"), f"{name} items")
        self.vocabulary.complete = self.vocabulary.complete and bool(parts)
        for part in parts:
            item = self._item(part, name)
            if item is not None:
                item_ids.append(item.id)
        self._sections.append((name, title or Text({"": name}), help_text, item_ids))

    def _check_named(self, entries: Entries, key: str, name: str) -> None:
        node = entries.entries.get(key)
        written = self.shapes.raw(node, key)
        if node is not None and written is not None and written != name:
            what = f"`{key}: {written}` is not the name of its file"
            self.shapes.problems.report(node.place, name, what, f"write `{key}: {name}`, or rename the file")

    def _item(self, node: Node, section: str) -> Item | None:
        written = id_written(node)
        entries = self.shapes.mapping(node, written or f"an item of {section}", _ALL_KEYS, ("id", "type", "text"))
        if written is None:
            self.vocabulary.complete = False
        if entries is None:
            return None
        get = entries.entries.get
        item_id = self.shapes.identifier(get("id"), f"an item of {section}", ITEM_RESERVED)
        type_ = self.shapes.one_of(get("type"), item_id or section, ItemType)
        text = self.shapes.text(get("text"), f"{item_id} text")
        help_text = self.shapes.text(get("help"), f"{item_id} help")
        if item_id is None:
            self.vocabulary.broken |= {written} if written is not None else set()
            return None
        if item_id in self.items:
            mend = f"it is already an item of {self.items[item_id].section}; choose another id"
            self.shapes.problems.report(entries.places["id"], item_id, "this id is used twice", mend)
            return None
        if type_ is None:
            self.vocabulary.broken.add(item_id)
            return None
        item = Item(
            id=item_id,
            section=section,
            type=type_,
            text=text or Text({"": item_id}),
            help=help_text,
            place=entries.place,
        )
        item = dataclasses.replace(item, **self._typed(item, entries))
        self.items[item_id] = item
        if (gate := get("enabled_when")) is not None:
            self._gates[item_id] = gate
        return item

    def _typed(self, item: Item, entries: Entries) -> dict[str, Any]:
        """What only some types have."""
        get = entries.entries.get
        fitting = _KEYS[item.type]
        for key, place in entries.places.items():
            if key in _ALL_KEYS and key not in fitting:
                mend = f"a {item.type} item may have {', '.join(fitting)}"
                self.shapes.problems.report(place, item.id, f"`{key}` does not fit a {item.type} item", mend)
        found: dict[str, Any] = {}
        if "unsure" in fitting:
            found["unsure"] = self.shapes.boolean(get("unsure"), f"{item.id} unsure", True)
            found["decline"] = self.shapes.boolean(get("decline"), f"{item.id} decline", True)
        if "choices" in fitting:
            found["choices"] = self._choices(item, entries)
        if item.type is ItemType.MULTI:
            found["none"] = self.shapes.text(get("none"), f"{item.id} none")
            if "none" in entries.entries and found["none"] is None:
                found["none"] = Text({"": "none"})  # noted already; conditions on it should not add to the list
        if item.type is ItemType.CHOICE and "points" in entries.entries:
            found["points"] = self._points(item, entries)
        if item.type is ItemType.NUMBER:
            found |= self._number(item, entries)
        if item.type is ItemType.TEXT and "max_length" in entries.entries:
            found["max_length"] = self.shapes.whole_number(get("max_length"), f"{item.id} max_length") or 1000
        return found

    def _choices(self, item: Item, entries: Entries) -> dict[str, Text]:
        if "choices" not in entries.entries:
            what = f"a {item.type} item needs choices"
            self.shapes.problems.report(entries.place, item.id, what, "add `choices:` with a code and a text for each")
            self.vocabulary.broken.add(item.id)
            return {}
        node = entries.entries["choices"]
        choices = {}
        for code, part in self.shapes.any_mapping(node, f"{item.id} choices").items():
            self.shapes.is_identifier(code, node.places[code] if isinstance(node, Entries) else node.place)
            choices[code] = self.shapes.text(part, f"{item.id} {code}") or Text({"": code})
        if not choices:
            self.vocabulary.broken.add(item.id)
        return choices

    def _points(self, item: Item, entries: Entries) -> dict[str, Decimal]:
        node = entries.entries["points"]
        choices = entries.entries.get("choices")
        codes = list(choices.entries) if isinstance(choices, Entries) else []
        points: dict[str, Decimal] = {}
        if not codes:
            return points  # noted already, as a choice item without choices
        for code, part in self.shapes.any_mapping(node, f"{item.id} points").items():
            if code not in codes:
                what, mend = f"points for `{code}`, which is no choice", f"its codes are {', '.join(codes)}"
                self.shapes.problems.report(part.place, item.id, what, mend)
            elif (number := self.shapes.number(part, f"{item.id} points of {code}")) is not None:
                points[code] = number
        for code in codes:
            if isinstance(node, Entries) and code not in node.entries:
                self.shapes.problems.report(
                    node.place, item.id, f"no points for `{code}`", "give points for every choice"
                )
        return points

    def _number(self, item: Item, entries: Entries) -> dict[str, Any]:
        get = entries.entries.get
        for key in ("min", "max"):
            if key not in entries.entries:
                self.shapes.problems.report(
                    entries.place, item.id, f"`{key}` is missing", f"a number item needs `{key}:`"
                )
        low = self.shapes.number(get("min"), f"{item.id} min")
        high = self.shapes.number(get("max"), f"{item.id} max")
        integer = self.shapes.boolean(get("integer"), f"{item.id} integer", False)
        unit = self.shapes.string(get("unit"), f"{item.id} unit")
        if low is not None and high is not None:
            if low > high:
                what = f"min {low} is greater than max {high}"
                self.shapes.problems.report(entries.places["min"], item.id, what, "swap them")
                low = high = None
            elif integer and math.ceil(low) > math.floor(high):
                what = f"no whole number lies from {low} to {high}"
                self.shapes.problems.report(entries.places["min"], item.id, what, "widen the range")
        return {"min": low, "max": high, "integer": integer, "unit": unit}

    def read_scores(self, node: Node | None) -> None:
        """Read scores.yaml; scores are made of items and conditions on items, never of scores."""
        if node is None:
            return
        entries = self.shapes.any_mapping(node, "scores")
        complete, broken = self.vocabulary.complete, self.vocabulary.broken
        vocabulary = Vocabulary(
            items=self.items, later=entries.keys(), broken=set(broken), is_for_scores=True, complete=complete,
            unread=self.vocabulary.unread,
        )  # fmt: skip
        reader = ConditionReader(self.shapes, vocabulary)
        self.vocabulary.complete = complete and bool(entries)
        for score_id, part in entries.items():
            place = node.places[score_id] if isinstance(node, Entries) else part.place
            if not self.shapes.is_identifier(score_id, place, ITEM_RESERVED):
                broken.add(score_id)
                continue
            if score_id in self.items:
                what = f"`{score_id}` is the id of an item already"
                self.shapes.problems.report(place, score_id, what, "items and scores share one set of ids; rename one")
                broken.add(score_id)
                continue
            score = self._score(score_id, part, reader)
            if score is None:
                broken.add(score_id)
            else:
                self.scores[score_id] = dataclasses.replace(score, place=place)

    def _score(self, score_id: str, node: Node, reader: ConditionReader) -> Score | None:
        kinds = [kind.value for kind in ScoreKind]
        entries = self.shapes.mapping(node, score_id, kinds)
        if entries is None or len(entries.entries) != 1 or next(iter(entries.entries)) not in kinds:
            if entries is not None and len(entries.entries) != 1:
                what = "a score has exactly one of sum, mean, count"
                self.shapes.problems.report(entries.place, score_id, what, "keep one of them")
            return None
        kind = ScoreKind(next(iter(entries.entries)))
        parts = self.shapes.listing(entries.entries[kind], score_id)
        if kind is ScoreKind.COUNT:
            conditions = tuple(c for c in (reader.part(part, score_id) for part in parts) if c is not None)
            return (
                Score(score_id, kind, conditions=conditions) if conditions and len(conditions) == len(parts) else None
            )
        names = tuple(name for name in (self._score_part(part, score_id, reader) for part in parts) if name is not None)
        return Score(score_id, kind, items=names) if names and len(names) == len(parts) else None

    def _score_part(self, node: Node, score_id: str, reader: ConditionReader) -> str | None:
        name = self.shapes.raw(node, score_id)
        if name is None:
            return None
        item = self.items.get(name)
        if name in reader.vocabulary.broken:
            return None
        if item is None:
            reader.part(Entries({name: Scalar(name, name, node.place)}, {name: node.place}, node.place), score_id)
            return None
        if item.type is not ItemType.NUMBER and item.points is None:
            what = f"`{name}` is neither a number item nor has points"
            self.shapes.problems.report(node.place, score_id, what, "give its choices points, or leave it out")
            return None
        return name if item.points or (item.min is not None and item.max is not None) else None

    def finish(self) -> tuple[Section, ...]:
        """Read the gates, check the parts of scores, and return the sections with their items."""
        earlier: dict[str, Item] = {}
        reach = {score_id: self._named_by(score) for score_id, score in self.scores.items()}
        later = self.items.keys() | self.scores.keys()
        for item_id, item in list(self.items.items()):
            if item_id in self._gates:
                usable = {score_id for score_id, names in reach.items() if names <= earlier.keys()}
                vocabulary = dataclasses.replace(self.vocabulary, items=earlier, scores=usable, later=later)
                gate = ConditionReader(self.shapes, vocabulary).part(self._gates[item_id], item_id)
                self.items[item_id] = dataclasses.replace(item, enabled_when=gate)
                self.unread_gates |= {item_id} if gate is None else set()
            earlier[item_id] = self.items[item_id]
        self._check_score_gates()
        self.vocabulary.items, self.vocabulary.scores = self.items, set(self.scores)
        return tuple(
            Section(name, title, tuple(self.items[item_id] for item_id in item_ids), help_text)
            for name, title, help_text, item_ids in self._sections
        )

    def _named_by(self, score: Score) -> frozenset[str]:
        return frozenset(score.items).union(*(subjects(condition) for condition in score.conditions))

    def _check_score_gates(self) -> None:
        for score_id, score in self.scores.items():
            gates: set[Condition | None] = {self.items[name].enabled_when for name in score.items}
            if len(gates) > 1 and not self.unread_gates.intersection(score.items):
                what = f"the parts of this {score.kind} have different gates"
                mend = "give all of them the same `enabled_when`, or none"
                self.shapes.problems.report(score.place, score_id, what, mend)


def section_name(file_name: str) -> str | None:
    """The section a file of questionnaire/ is for ("04-heart.yaml" is "heart"); None where the name is not of that form."""
    match = re.fullmatch(r"[0-9]+-(.+)\.yaml", file_name)
    return match.group(1) if match else None
