"""What stands twice where it should stand once: conditions and codes beside each other, parts of a score, citations, choices in the
same words; and a translation that is its original.

A repeated part changes nothing in `all` and `any`, which is a slip; in `at_least`, a sum or a count it counts twice, which is worse.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from screener.engine.conditions import All, AnyOf, AtLeast, Chosen, Condition, children
from screener.engine.lint.patient_texts import PatientText
from screener.engine.lint.remarks import Remark, error
from screener.engine.place import Place
from screener.engine.questionnaire import NONE, Item
from screener.engine.rules import Ruleset
from screener.engine.wording import sentence

Listed = TypeVar("Listed", bound=Hashable)
_KEEP = "keep one of the two"
_FEW_WORDS = 3  # names and short labels may well be the same in two languages


def repetition_remarks(ruleset: Ruleset, texts: Sequence[PatientText]) -> Iterator[Remark]:
    """All that stands twice in a ruleset."""
    for owner, condition in ruleset.conditions():
        yield from _in_condition(ruleset, condition, owner.place, owner.id)
    for rule in ruleset.rules:
        for name, listed in (("cites", rule.cites), ("also", rule.also)):
            for twice in _twice(listed):
                yield error(rule.place, rule.id, f"`{twice}` stands twice in its `{name}`", _KEEP)
        if rule.id in rule.also:
            yield error(rule.place, rule.id, "`also` names the rule itself", "remove it")
    for item in ruleset.items.values():
        yield from _same_choices(item)
    for score in ruleset.scores.values():
        for twice in _twice(score.items):
            yield error(score.place, score.id, f"`{twice}` counts twice in this {score.kind}", _KEEP)
        for condition in _twice(score.conditions):
            what = f"counts this twice: {sentence(ruleset, condition, 'en')}"
            yield error(score.place, score.id, what, _KEEP)
    for text in texts:
        yield from _untranslated(text)


def _twice(listed: Iterable[Listed]) -> list[Listed]:
    seen: set[Listed] = set()
    return list(dict.fromkeys(one for one in listed if one in seen or seen.add(one)))  # type: ignore[func-returns-value]


def _in_condition(ruleset: Ruleset, condition: Condition, place: Place, where: str) -> Iterator[Remark]:
    if isinstance(condition, Chosen):
        for code in _twice(condition.codes):
            yield error(place, where, f"`{code}` stands twice in one list of `{condition.item}`", _KEEP)
    name = {All: "all", AnyOf: "any", AtLeast: "at_least"}.get(type(condition))
    for part in _twice(children(condition)):
        yield error(place, where, f"stands twice in one `{name}`: {sentence(ruleset, part, 'en')}", _KEEP)
    for part in dict.fromkeys(children(condition)):
        yield from _in_condition(ruleset, part, place, where)


def _same_choices(item: Item) -> Iterator[Remark]:
    """Two choices that nobody can tell apart."""
    choices = {**(item.choices or {}), **({NONE: item.none} if item.none is not None else {})}
    first: dict[tuple[str, str], str] = {}
    for code, text in choices.items():
        for language, words in text.by_language.items():
            other = first.setdefault((language, " ".join(words.split()).casefold()), code)
            if other != code and language:  # a text that could not be read has no language
                what = f"`{code}` says the same as `{other}` in `{language}`"
                yield error(text.places.get(language, item.place), item.id, what, "say how they differ")


def _untranslated(text: PatientText) -> Iterator[Remark]:
    first, *others = text.text.by_language.items() or [("", "")]
    if len(first[1].split()) <= _FEW_WORDS:
        return
    for language, words in others:
        if words.split() == first[1].split():
            what = f"the text in `{language}` is the one in `{first[0]}`"
            yield error(text.place(language), f"{text.key} ({language})", what, "translate it")
