"""Reads conflicts.yaml: a list of answers that hardly go together, each with the words that ask about them."""

from __future__ import annotations

from screener.engine.conditions import UNREADABLE, Condition
from screener.engine.loader.condition_reader import ConditionReader
from screener.engine.loader.problems import did_you_mean, looks_like_one_of
from screener.engine.loader.shapes import Shapes, id_written
from screener.engine.loader.yaml_source import Entries, Node
from screener.engine.questionnaire import ItemType
from screener.engine.rules import Conflict, Place
from screener.engine.text import Text

_KEYS = ("id", "when", "text", "items")


class ConflictsReader:
    """Reads conflicts; their ids are a namespace of their own."""

    def __init__(self, shapes: Shapes, conditions: ConditionReader) -> None:
        self.shapes = shapes
        self.conditions = conditions
        self.first_places: dict[str, Place] = {}
        self.unsound: list[Conflict] = []  # what could be read of those with mistakes: for the lint alone

    def read(self, node: Node | None) -> tuple[Conflict, ...]:
        """All conflicts in the order of the file; none where there is no file."""
        found = []
        for part in self.shapes.listing(node, "conflicts"):
            entries = self.shapes.mapping(part, id_written(part) or "a conflict", _KEYS, _KEYS)
            if entries is not None and (conflict := self._conflict(entries)) is not None:
                found.append(conflict)
        return tuple(found)

    def _conflict(self, node: Entries) -> Conflict | None:
        get, where = node.entries.get, id_written(node) or "a conflict"
        conflict_id = self.shapes.identifier(get("id"), "a conflict")
        when = self._when(get("when"), where)
        text = self.shapes.text(get("text"), f"{where} text")
        items = self._items(get("items"), f"{where} items")
        is_new = conflict_id is None or self._is_new(conflict_id, node.places["id"])
        conflict = Conflict(
            conflict_id or "a conflict without id", when or UNREADABLE, text or Text({}), items, node.place
        )
        if not is_new or not items or None in (conflict_id, when, text):
            self.unsound.append(conflict)
            return None
        return conflict

    def _when(self, node: Node | None, where: str) -> Condition | None:
        if isinstance(node, Entries) and list(node.entries) == ["always"]:
            what = "`always` is no conflict: nobody's answers would be in agreement"
            self.shapes.problems.report(node.places["always"], where, what, "say which answers hardly go together")
            return None
        return self.conditions.part(node, where)

    def _is_new(self, conflict_id: str, place: Place) -> bool:
        first = self.first_places.setdefault(conflict_id, place)
        if first is not place:
            self.shapes.problems.report(
                place, conflict_id, f"this conflict id is used twice, first at {first}", "choose another id"
            )
        return first is place

    def _items(self, node: Node | None, where: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for part in self.shapes.listing(node, where):
            name = self.shapes.raw(part, where)
            if name is None:
                continue
            if name in found:
                self.shapes.problems.report(part.place, where, f"`{name[:80]}` stands twice", "keep one")
            elif self._is_item(name, part.place, where):
                found[name] = None
        return tuple(found)

    def _is_item(self, name: str, place: Place, where: str) -> bool:
        """Whether a name is a question one can go back to; notes why not, as far as that is known."""
        vocabulary = self.conditions.vocabulary
        if name in vocabulary.broken:
            return True  # its own mistakes are noted
        if name in vocabulary.scores:
            what, mend = f"`{name}` is a score, which nobody answers", "name the items it is made of"
        elif name in vocabulary.items:
            if vocabulary.items[name].type is not ItemType.DISPLAY:
                return True
            what, mend = f"`{name}` only shows text and takes no answer", "name an item that is answered"
        else:
            known = [*vocabulary.items, *sorted(vocabulary.broken)]
            is_known_wrong = looks_like_one_of(name, known) and name not in vocabulary.unread
            if not vocabulary.complete and not is_known_wrong:
                return True
            what, mend = f"`{name[:80]}` is no item", did_you_mean(name, known, "name an item of the questionnaire")
        self.shapes.problems.report(place, where, what, mend)
        return False
