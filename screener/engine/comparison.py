"""What changed in meaning between two rulesets: rule by rule and question by question, in plain words.

Only what a patient or clinician can meet counts: not the lay-out of files, not examples and review dates, nor the version itself.
How many answer documents come out otherwise is for `impact`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from screener.engine.conditions import All, Always, AnyOf, AtLeast, Chosen, Compared, Condition, Not
from screener.engine.lint.patient_texts import patient_texts
from screener.engine.questionnaire import Item, Score
from screener.engine.rules import Citation, Rule, Ruleset
from screener.engine.text import Text
from screener.engine.wording import score_sentence, sentence

NOTHING = "nothing"  # what a fact is that one side does not have


class Fact(NamedTuple):
    """One thing that can be said of a rule or item: `key` decides whether it is the same, `words` are shown."""

    key: str
    words: str


Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Change:
    """One rule, section, item, score, citation, conflict or line of prose that was added, removed or changed.

    `old` and `new` say it in words, by the name of each fact: empty where it did not exist, else only what differs.
    """

    sort: str
    id: str
    old: Mapping[str, str]
    new: Mapping[str, str]

    @property
    def verb(self) -> str:
        """added, removed or changed."""
        return "added" if not self.old else "removed" if not self.new else "changed"


def compare(old: Ruleset, new: Ruleset) -> list[Change]:
    """Every change of meaning, rules first, each sort in the order of the new ruleset, what was removed last."""
    sorts = {
        "rule": (_rules(old), _rules(new)),
        "section": (_sections(old), _sections(new)),
        "item": (_items(old), _items(new)),
        "score": (_scores(old), _scores(new)),
        "citation": (_citations(old), _citations(new)),
        "conflict": (_conflicts(old), _conflicts(new)),
        "prose": (_prose(old), _prose(new)),
        "manifest": (_manifest(old), _manifest(new)),
    }
    return [change for sort, sides in sorts.items() for change in _changes(sort, *sides)]


def _changes(sort: str, old: Mapping[str, Facts], new: Mapping[str, Facts]) -> Iterator[Change]:
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name, {}), new.get(name, {})
        facts = [fact for fact in dict.fromkeys([*before, *after]) if _key(before, fact) != _key(after, fact)]
        if not before or not after:
            yield Change(sort, name, _said(before, before), _said(after, after))
        elif facts:
            told = [tuple(side[fact].words if fact in side else NOTHING for side in (before, after)) for fact in facts]
            alike = {fact for fact, (was, now) in zip(facts, told, strict=True) if was == now}
            yield Change(sort, name, _said(before, facts, alike), _said(after, facts, alike))


def _key(facts: Facts, name: str) -> str | None:
    return facts[name].key if name in facts else None


def _said(facts: Facts, names: Iterable[str], alike: Container[str] = ()) -> dict[str, str]:
    """Facts in words; where words do not tell two apart, their keys do."""
    return {
        name: (facts[name].key if name in alike else facts[name].words) if name in facts else NOTHING for name in names
    }


def _plain(pairs: Mapping[str, object]) -> dict[str, Fact]:
    """Facts that are their own words; those that are empty are none."""
    return {name: Fact(str(words), str(words)) for name, words in pairs.items() if words not in (None, "", ())}


def _texts(name: str, text: Text | None) -> dict[str, Fact]:
    words = text.by_language if text is not None else {}
    return _plain({f"{name} ({language})": " ".join(part.split()) for language, part in words.items()})


def _condition(ruleset: Ruleset, name: str, condition: Condition | None) -> dict[str, Fact]:
    if condition is None:
        return {}
    return {name: Fact(written(condition), sentence(ruleset, condition, "en"))}


def written(condition: Condition) -> str:
    """A condition in ids and codes, on one line, nearly as an author writes it.

    >>> written(AnyOf((Chosen("pain", ("new", "old")), Not(Chosen("well", ("yes",))))))
    'any: [pain: [new, old], not: well: [yes]]'
    """
    match condition:
        case All(parts) | AnyOf(parts):
            return f"{'all' if isinstance(condition, All) else 'any'}: [{', '.join(map(written, parts))}]"
        case AtLeast(n, parts):
            return f"at_least {n} of: [{', '.join(map(written, parts))}]"
        case Not(part):
            return f"not: {written(part)}"
        case Chosen(item, codes, every):
            return f"{item}: {'all_of ' if every else ''}[{', '.join(codes)}]"
        case Compared(subject, operator, value, high):
            top = f" and {high.normalize():f}" if high is not None else ""
            return f"{subject}: {operator} {value.normalize():f}{top}"
        case Always():
            return "always"


def _rules(ruleset: Ruleset) -> dict[str, Facts]:
    return {rule.id: _rule(ruleset, rule) for rule in ruleset.rules}


def _rule(ruleset: Ruleset, rule: Rule) -> Facts:
    first = {"pack": rule.pack, "topic": rule.topic, "kind": rule.kind.value, "severity": rule.severity.value}
    rest = {"clinician": rule.clinician, "citations": ", ".join(rule.cites)}
    rest |= {"also": ", ".join(rule.also), "non_monotone": "; ".join(map(str, rule.non_monotone))}
    texts = _texts("patient", rule.patient) | _texts("could not assess", rule.unknown) | _texts("ask", rule.ask)
    return _plain(first) | _condition(ruleset, "condition", rule.when) | texts | _plain(rest) | _grade(rule.grade)


def _grade(grade: Text | None) -> dict[str, Fact]:
    """Told once where it is the same in every language."""
    words = set(grade.by_language.values()) if grade is not None else set()
    return _plain({"grade": words.pop()}) if len(words) == 1 else _texts("grade", grade)


def _sections(ruleset: Ruleset) -> dict[str, Facts]:
    return {
        section.id: _texts("title", section.title)
        | _texts("help", section.help)
        | _plain({"items": ", ".join(item.id for item in section.items)})
        for section in ruleset.sections
    }


def _items(ruleset: Ruleset) -> dict[str, Facts]:
    return {item.id: _item(ruleset, item) for item in ruleset.items.values()}


def _item(ruleset: Ruleset, item: Item) -> Facts:
    found = (
        _plain({"section": item.section, "type": item.type.value})
        | _texts("text", item.text)
        | _texts("help", item.help)
    )
    found |= _condition(ruleset, "asked when", item.enabled_when)
    for code, text in (item.choices or {}).items():
        found |= _texts(f"choice {code}", text)
    found |= _texts("none of these", item.none)
    points = ", ".join(f"{code} {number.normalize():f}" for code, number in (item.points or {}).items())
    limits = f"{item.min} to {item.max}{', whole numbers' * item.integer}" if item.min is not None else None
    ways_out = ", ".join(
        way for way, offered in (("not sure", item.unsure), ("prefer not to say", item.decline)) if offered
    )
    longest = item.max_length if item.type.value == "text" else None
    return found | _plain(
        {"points": points, "range": limits, "unit": item.unit, "ways out": ways_out, "longest answer": longest}
    )


def _scores(ruleset: Ruleset) -> dict[str, Facts]:
    return {
        name: {"made of": Fact(_score(score), score_sentence(ruleset, score, "en"))}
        for name, score in ruleset.scores.items()
    }


def _score(score: Score) -> str:
    return f"{score.kind} of [{', '.join((*score.items, *map(written, score.conditions)))}]"


def _citations(ruleset: Ruleset) -> dict[str, Facts]:
    return {name: _citation(citation) for name, citation in ruleset.citations.items()}


def _citation(citation: Citation) -> Facts:
    names = ("source", "title", "section", "authors", "publisher", "year", "doi", "url", "read", "verified")
    lines = ", ".join(map(str, citation.lines))
    return _plain({**{name: getattr(citation, name) for name in names}, "lines": lines})


def _conflicts(ruleset: Ruleset) -> dict[str, Facts]:
    return {
        conflict.id: _condition(ruleset, "condition", conflict.when)
        | _texts("text", conflict.text)
        | _plain({"items to look at again": ", ".join(conflict.items)})
        for conflict in ruleset.conflicts
    }


def _prose(ruleset: Ruleset) -> dict[str, Facts]:
    """Each line by its key; lines of a list by their own words, so that one put between two others changes neither."""
    found: dict[str, Facts] = {}
    for text in patient_texts(ruleset):
        if text.key.startswith("prose."):
            key, _, number = text.key.removeprefix("prose.").rpartition(".")
            first = next(iter(text.text.by_language.values()))
            name = f"{key}: {' '.join(first.split())}" if number.isdigit() else text.key.removeprefix("prose.")
            found[name] = _texts("text", text.text)
    return found


def _manifest(ruleset: Ruleset) -> dict[str, Facts]:
    names = {"languages": ruleset.languages, "packs": ruleset.packs, "sections": tuple(s.id for s in ruleset.sections)}
    return {"manifest": _plain({"id": ruleset.id} | {name: ", ".join(parts) for name, parts in names.items()})}
