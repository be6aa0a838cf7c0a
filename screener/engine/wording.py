"""Answers and conditions in words, for people: the questions and choices speak, the codes stay behind.

Every language of a ruleset may be asked for; the connecting words exist in English and Spanish, others fall back to English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from screener.engine.answers import DECLINED, NOT_SURE, Answer
from screener.engine.conditions import All, Always, AnyOf, AtLeast, Chosen, Compared, Condition, Not, Operator
from screener.engine.questionnaire import NONE, Item, ItemType
from screener.engine.rules import Ruleset

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "and": " and ", "or": " or ", "not": "not ({})", "at_least": "at least {n} of: {list}", "always": "always, for everyone",
        "is": "“{item}” is {codes}", "includes": "“{item}” includes {codes}", "every": "“{item}” includes all of {codes}",
        "gte": "{item} is {value} or more", "gt": "{item} is more than {value}", "lte": "{item} is {value} or less",
        "lt": "{item} is less than {value}", "eq": "{item} is exactly {value}", "between": "{item} is from {value} to {high}",
        "yes": "Yes", "no": "No", "not_sure": "I am not sure", "declined": "I prefer not to say", "none": "None of these",
    },
    "es": {
        "and": " y ", "or": " o ", "not": "no ({})", "at_least": "al menos {n} de: {list}", "always": "siempre, para todos",
        "is": "«{item}» es {codes}", "includes": "«{item}» incluye {codes}", "every": "«{item}» incluye todo esto: {codes}",
        "gte": "{item} es {value} o más", "gt": "{item} es más de {value}", "lte": "{item} es {value} o menos",
        "lt": "{item} es menos de {value}", "eq": "{item} es exactamente {value}", "between": "{item} va de {value} a {high}",
        "yes": "Sí", "no": "No", "not_sure": "No lo sé", "declined": "Prefiero no decirlo", "none": "Ninguna de estas",
    },
}  # fmt: skip


def _words(language: str) -> Mapping[str, str]:
    return _WORDS.get(language, _WORDS["en"])


def code_words(item: Item, code: str, language: str) -> str:
    """The words of one code of an item: a choice, none of these, yes, no, not sure, prefer not to say."""
    if item.choices and code in item.choices:
        return item.choices[code].in_language(language)
    if code == NONE and item.none is not None:
        return item.none.in_language(language)
    return _words(language)[code]


def said(item: Item, answer: Answer, language: str) -> str:
    """An answer in the words of its question: choices by their text, a number with its unit, a date or text as it is.

    >>> from screener.engine.text import Text
    >>> said(Item("pulse", "heart", ItemType.NUMBER, Text({"en": "Pulse"}), unit="per minute"), 72, "en")
    '72 per minute'
    """
    if item.type is ItemType.TEXT:
        return str(answer)
    if isinstance(answer, list | tuple):
        return ", ".join(code_words(item, code, language) for code in answer)
    if isinstance(answer, str):
        coded = answer in (NOT_SURE, DECLINED) or answer in item.codes
        return code_words(item, answer, language) if coded else answer
    return f"{answer} {item.unit}" if item.unit else str(answer)


def sentence(ruleset: Ruleset, condition: Condition, language: str) -> str:
    """A condition as one readable sentence, without a full stop."""
    words = _words(language)

    def joined(parts: tuple[Condition, ...], word: str) -> str:
        return words[word].join(_bracketed(part, say) for part in parts)

    def say(part: Condition) -> str:
        match part:
            case All(parts):
                return joined(parts, "and")
            case AnyOf(parts):
                return joined(parts, "or")
            case Not(inner):
                return words["not"].format(say(inner))
            case AtLeast(n, parts):
                return words["at_least"].format(n=n, list="; ".join(say(inner) for inner in parts))
            case Always():
                return words["always"]
            case Chosen():
                return _chosen(ruleset, part, language)
            case Compared():
                return _compared(ruleset, part, language)

    return say(condition)


def _bracketed(part: Condition, say: Callable[[Condition], str]) -> str:
    return f"({say(part)})" if isinstance(part, All | AnyOf) and len(part.conditions) > 1 else say(part)


def _chosen(ruleset: Ruleset, leaf: Chosen, language: str) -> str:
    item, words = ruleset.items[leaf.item], _words(language)
    codes = words["and" if leaf.every else "or"].join(f"“{code_words(item, code, language)}”" for code in leaf.codes)
    form = "every" if leaf.every else "includes" if item.type is ItemType.MULTI else "is"
    return words[form].format(item=item.text.in_language(language), codes=codes)


def _compared(ruleset: Ruleset, leaf: Compared, language: str) -> str:
    item = ruleset.items.get(leaf.subject)
    name = f"“{item.text.in_language(language)}”" if item is not None else leaf.subject
    form = leaf.operator.value if leaf.operator is not Operator.BETWEEN else "between"
    return _words(language)[form].format(item=name, value=leaf.value, high=leaf.high)
