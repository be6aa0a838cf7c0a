"""Every text of a rulebook that a patient can read, each with a key that stays the same when its words change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from screener.engine.place import Place
from screener.engine.questionnaire import Item, Section
from screener.engine.rules import PackProse, Prose, Rule, Ruleset, Severity
from screener.engine.text import Text

_SAFETY_PACK = "safety"  # the pack whose texts must be the easiest to read, whatever their severity


@dataclass(frozen=True, slots=True)
class PatientText:
    """One text.

    `is_safety` says that it must be understood at once; `is_label` that it is a name, not a sentence; `is_grade` that it is how a
    source grades its own words, in the terms of its scale.
    """

    key: str
    text: Text
    fallback: Place
    is_safety: bool = False
    is_label: bool = False
    is_grade: bool = False

    def place(self, language: str) -> Place:
        """Where the text stands in `language`."""
        return self.text.places.get(language, self.fallback)


def patient_texts(ruleset: Ruleset) -> list[PatientText]:
    """All of them, in the order of the form, the rules, the conflicts and the prose."""
    found = [text for section in ruleset.sections for text in _section_texts(section)]
    found += [text for rule in ruleset.rules for text in _rule_texts(rule)]
    found += [PatientText(f"conflicts.{c.id}.text", c.text, c.place) for c in ruleset.conflicts]
    found += _prose_texts(ruleset.prose)
    return found


def _section_texts(section: Section) -> Iterator[PatientText]:
    place, key = Place(f"questionnaire/{section.id}", 0), f"sections.{section.id}"
    yield PatientText(f"{key}.title", section.title, place, is_label=True)
    if section.help is not None:
        yield PatientText(f"{key}.help", section.help, place)
    for item in section.items:
        yield from _item_texts(item, item.place)


def _item_texts(item: Item, place: Place) -> Iterator[PatientText]:
    key = f"items.{item.id}"
    yield PatientText(f"{key}.text", item.text, place)
    if item.help is not None:
        yield PatientText(f"{key}.help", item.help, place)
    for code, text in (item.choices or {}).items():
        yield PatientText(f"{key}.choices.{code}", text, place, is_label=True)
    if item.none is not None:
        yield PatientText(f"{key}.none", item.none, place, is_label=True)


def _rule_texts(rule: Rule) -> Iterator[PatientText]:
    is_safety = rule.severity is Severity.URGENT or rule.pack == _SAFETY_PACK
    for name, text in (("patient", rule.patient), ("unknown", rule.unknown), ("ask", rule.ask)):
        if text is not None:
            yield PatientText(f"rules.{rule.id}.{name}", text, rule.place, is_safety=is_safety)
    if rule.grade is not None:
        yield PatientText(f"rules.{rule.id}.grade", rule.grade, rule.place, is_grade=True)


def _prose_texts(prose: Prose) -> Iterator[PatientText]:
    place = Place("prose.yaml", 0)
    guide = prose.guide
    for name, line in (("title", guide.title), ("reasons", guide.reasons)):
        if line is not None:
            yield PatientText(f"prose.guide.{name}", line, place, is_label=True)
    for name, line in (("lead", guide.lead), ("asks", guide.asks), ("sources", guide.sources)):
        if line is not None:
            yield PatientText(f"prose.guide.{name}", line, place)
    for topic, text in prose.topics.items():
        yield PatientText(f"prose.topics.{topic}", text, place, is_label=True)
    for pack, about in prose.packs.items():
        yield from _pack_texts(pack, about, place)
    for number, text in enumerate(prose.bring):
        yield PatientText(f"prose.summary.bring.{number}", text, place, is_label=True)
    for name, line in (
        ("next", prose.next),
        ("nothing_raised", prose.nothing_raised),
        ("not_checked", prose.not_checked),
    ):
        if line is not None:
            yield PatientText(f"prose.summary.{name}", line, place)
    if prose.help_now is not None:
        yield PatientText("prose.help_now", prose.help_now, place, is_safety=True)


def _pack_texts(pack: str, prose: PackProse, place: Place) -> Iterator[PatientText]:
    if prose.title is not None:
        yield PatientText(f"prose.packs.{pack}.title", prose.title, place, is_label=True)
    if prose.about is not None:
        yield PatientText(f"prose.packs.{pack}.about", prose.about, place)
    for number, text in enumerate(prose.not_covered):
        yield PatientText(f"prose.packs.{pack}.not_covered.{number}", text, place, is_label=True)
