"""Reads the topic files of the packs: rules, each checked against questionnaire and citations."""

from __future__ import annotations

from collections.abc import Container

from screener.engine.conditions import UNREADABLE
from screener.engine.loader.condition_reader import ConditionReader
from screener.engine.loader.problems import did_you_mean
from screener.engine.loader.shapes import Shapes, id_written
from screener.engine.loader.yaml_source import Entries, Node, plain
from screener.engine.rules import Kind, Place, Rule, Severity
from screener.engine.text import Text

_REQUIRED = ("id", "kind", "severity", "when", "patient", "cites")
_OPTIONAL = ("unknown", "ask", "clinician", "grade", "review_by", "also", "non_monotone", "examples")
OUTSIDE_HASH = ("examples", "review_by")  # what may change without changing what the ruleset means
_UNREADABLE_DATE = "9999-12-31"  # for the lint alone: the mistake is noted, so nothing loads with it


class RulesReader:
    """Reads rules one topic file at a time; ids are unique over all packs."""

    def __init__(
        self, shapes: Shapes, conditions: ConditionReader, citations: Container[str], known: list[str] | None
    ) -> None:
        self.shapes = shapes
        self.conditions = conditions
        self.citations = citations
        self.known_citations = known  # None where citations.yaml could not be read: then no id is reported as unknown
        self.first_places: dict[str, Place] = {}
        self.unsound: list[Rule] = []  # what could be read of rules with mistakes: for the lint, never for screening

    def read_topic(self, pack: str, topic: str, node: Node | None) -> list[tuple[Rule, Entries]]:
        """The rules of one topic file with the nodes they were read from."""
        entries = self.shapes.mapping(node, topic, ("topic", "rules"), ("topic", "rules"))
        if entries is None:
            return []
        written = self.shapes.raw(entries.entries.get("topic"), "topic")
        if written is not None and written != topic:
            what = f"`topic: {written}` is not the name of its file"
            self.shapes.problems.report(
                entries.places["topic"], topic, what, f"write `topic: {topic}`, or rename the file"
            )
        found = []
        for part in self.shapes.listing(entries.entries.get("rules"), f"{topic} rules"):
            name = id_written(part) or f"a rule of {topic}"
            rule_node = self.shapes.mapping(part, name, (*_REQUIRED, *_OPTIONAL), _REQUIRED)
            if rule_node is not None and (rule := self.read_rule(pack, topic, rule_node)) is not None:
                found.append((rule, rule_node))
        return found

    def read_rule(self, pack: str, topic: str, node: Entries) -> Rule | None:
        """One rule; None where what it must have could not be read."""
        shapes, get = self.shapes, node.entries.get
        rule_id = shapes.identifier(get("id"), f"a rule of {topic}")
        where = id_written(node) or f"a rule of {topic}"
        kind = shapes.one_of(get("kind"), f"{where} kind", Kind)
        severity = shapes.one_of(get("severity"), f"{where} severity", Severity)
        when = self.conditions.whole(get("when"), where)
        patient = shapes.text(get("patient"), f"{where} patient")
        cites = self._cites(get("cites"), where)
        unknown, ask = shapes.text(get("unknown"), f"{where} unknown"), shapes.text(get("ask"), f"{where} ask")
        clinician = shapes.string(get("clinician"), f"{where} clinician")
        grade = shapes.text_or_string(get("grade"), f"{where} grade")
        review_by = shapes.date(get("review_by"), f"{where} review_by")
        if review_by is None and "review_by" in node.entries:
            review_by = _UNREADABLE_DATE
        also = self._names(get("also"), f"{where} also")
        non_monotone = self._free_list(get("non_monotone"), f"{where} non_monotone")
        examples = self._free_list(get("examples"), f"{where} examples")
        is_new = rule_id is None or self._is_new(rule_id, node.places["id"])
        rule = Rule(
            id=rule_id or "a rule without id", pack=pack, topic=topic, kind=kind or Kind.NOTICE,
            severity=severity or Severity.INFO, when=when or UNREADABLE, patient=patient or Text({}), cites=cites,
            unknown=unknown, ask=ask, clinician=clinician, grade=grade, review_by=review_by, also=also,
            non_monotone=non_monotone, examples=examples, place=node.place,
        )  # fmt: skip
        if not is_new or None in (rule_id, kind, severity, when, patient):
            self.unsound.append(rule)
            return None
        return rule

    def _is_new(self, rule_id: str, place: Place) -> bool:
        first = self.first_places.setdefault(rule_id, place)
        if first is not place:
            self.shapes.problems.report(
                place, rule_id, f"this rule id is used twice, first at {first}", "choose another id"
            )
        return first is place

    def _cites(self, node: Node | None, where: str) -> tuple[str, ...]:
        cites = []
        for part in self.shapes.listing(node, f"{where} cites"):
            citation = self.shapes.raw(part, f"{where} cites")
            if citation is None:
                continue
            if self.known_citations is not None and citation not in self.citations:
                mend = did_you_mean(citation, self.known_citations, "add it to citations.yaml")
                self.shapes.problems.report(part.place, where, f"citation `{citation[:80]}` does not exist", mend)
            cites.append(citation)
        return tuple(cites)

    def _names(self, node: Node | None, where: str) -> tuple[str, ...]:
        names = (self.shapes.raw(part, where) for part in self.shapes.listing(node, where, may_be_empty=True))
        return tuple(name for name in names if name is not None)

    def _free_list(self, node: Node | None, where: str) -> tuple[object, ...]:
        """A list whose content is checked later, by `rules check` and `rules test`."""
        return tuple(plain(part) for part in self.shapes.listing(node, where, may_be_empty=True))


def meaning(rule: Rule, node: Entries) -> dict[str, object]:
    """What of a rule belongs to the canonical ruleset: all that was written but its examples and review date."""
    written = {key: plain(part) for key, part in node.entries.items() if key not in OUTSIDE_HASH}
    return {**written, "pack": rule.pack, "topic": rule.topic}
