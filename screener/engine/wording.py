"""Answers and conditions in words, for people: the questions and choices speak, the codes stay behind.

Every condition becomes one readable sentence, for the clinician who signs it off and for whoever asks why. It means exactly what
its tree means, brackets included. Connecting words exist in English and Spanish; other languages fall back to English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from screener.engine.answers import DECLINED, NOT_SURE, Answer
from screener.engine.conditions import All, Always, AnyOf, AtLeast, Chosen, Compared, Condition, Not
from screener.engine.questionnaire import NONE, Item, ItemType, Score, ScoreKind
from screener.engine.rules import Ruleset

_CODES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "yes": "Yes", "no": "No", "not_sure": "I am not sure", "declined": "I prefer not to say", "none": "None of these",
    },
    "es": {
        "yes": "Sí", "no": "No", "not_sure": "No lo sé", "declined": "Prefiero no decirlo", "none": "Ninguna de estas",
    },
}  # fmt: skip


def _own_words(language: str) -> Mapping[str, str]:
    return _CODES.get(language, _CODES["en"])


def code_words(item: Item, code: str, language: str) -> str:
    """The words of one code of an item: a choice, none of these, yes, no, not sure, prefer not to say."""
    if item.choices and code in item.choices:
        return item.choices[code].in_language(language)
    if code == NONE and item.none is not None:
        return item.none.in_language(language)
    return _own_words(language)[code]


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


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "quote": "“{}”", "and": "and", "or": "or", "always": "always, for everyone", "not": "it is not true that {}",
        "unreadable": "a condition that could not be read",
        "at_least": "at least {n} of these {total} are true: {list}",
        "answer": "the answer to {item}", "answers": "the answers to {item}",
        "is": "is {codes}", "is_not": "is not {codes}", "neither": "is none of these: {codes}",
        "include": "include {codes}", "include_not": "do not include {codes}", "include_any": "include {codes}",
        "include_none": "include none of these: {codes}", "include_all": "include all of these: {codes}",
        "include_not_all": "do not include all of these: {codes}",
        "gte": "is {value} or more", "gt": "is more than {value}", "lte": "is {value} or less", "lt": "is less than {value}",
        "eq": "is exactly {value}", "between": "is from {value} to {high}, both included",
        "score": "the score “{name}” ({made})", "sum": "the sum of the points for {items}", "sum_numbers": "the sum of {items}",
        "mean": "the mean of the points for {items}", "mean_numbers": "the mean of {items}",
        "count": "how many of these {total} are true: {list}",
    },
    "es": {
        "quote": "«{}»", "and": "y", "or": "o", "always": "siempre, para todas las personas", "not": "esto no es cierto: {}",
        "unreadable": "una condición que no se pudo leer",
        "at_least": "al menos {n} de estas {total} condiciones son ciertas: {list}",
        "answer": "la respuesta a {item}", "answers": "las respuestas a {item}",
        "is": "es {codes}", "is_not": "no es {codes}", "neither": "no es ninguna de estas: {codes}",
        "include": "incluyen {codes}", "include_not": "no incluyen {codes}", "include_any": "incluyen {codes}",
        "include_none": "no incluyen ninguna de estas: {codes}", "include_all": "incluyen todas estas: {codes}",
        "include_not_all": "no incluyen todas estas: {codes}",
        "gte": "es {value} o más", "gt": "es más de {value}", "lte": "es {value} o menos", "lt": "es menos de {value}",
        "eq": "es exactamente {value}", "between": "va de {value} a {high}, ambos incluidos",
        "score": "el puntaje «{name}» ({made})", "sum": "la suma de los puntos de {items}", "sum_numbers": "la suma de {items}",
        "mean": "el promedio de los puntos de {items}", "mean_numbers": "el promedio de {items}",
        "count": "cuántas de estas {total} condiciones son ciertas: {list}",
    },
}  # fmt: skip


def sentence(ruleset: Ruleset, condition: Condition, language: str) -> str:
    """A condition as one readable sentence in `language`, without a full stop."""
    return Speaker(ruleset, language).say(condition)


def score_sentence(ruleset: Ruleset, score: Score, language: str) -> str:
    """What a score is made of, in words."""
    return Speaker(ruleset, language).made(score)


class Speaker:
    """Says conditions, and parts of them, of one ruleset in one language."""

    def __init__(self, ruleset: Ruleset, language: str) -> None:
        self.ruleset = ruleset
        self.language = language
        self.words = _WORDS.get(language, _WORDS["en"])

    def say(self, condition: Condition) -> str:
        """The whole sentence."""
        match condition:
            case All(()):
                return self.words["unreadable"]
            case All(parts) if (subject := _one_subject(parts)) is not None:
                together = [self.comparison(part) for part in parts if isinstance(part, Compared)]
                return f"{self.subject(subject)} {self.listed(together, 'and')}"
            case All(parts):
                return self.clauses(parts, "and")
            case AnyOf(parts):
                return self.clauses(parts, "or")
            case Not(Chosen() as leaf):
                return self.chosen(leaf, negated=True)
            case Not(part):
                return self.words["not"].format(self.bracketed(part))
            case AtLeast(n, parts):
                return self.words["at_least"].format(n=n, total=len(parts), list=self.numbered(parts))
            case Always():
                return self.words["always"]
            case Chosen():
                return self.chosen(condition)
            case Compared():
                return f"{self.subject(condition.subject)} {self.comparison(condition)}"

    def clauses(self, parts: Sequence[Condition], word: str) -> str:
        """Clauses joined by a comma and a word, so that the “or” between choices is never taken for the one between clauses."""
        spoken = [self.bracketed(part) if len(parts) > 1 else self.say(part) for part in parts]
        return "".join(spoken[:1]) + "".join(f", {self.linked(word, clause)} {clause}" for clause in spoken[1:])

    def bracketed(self, part: Condition) -> str:
        """In brackets where it is made of several clauses."""
        is_compound = isinstance(part, All | AnyOf | AtLeast) and _one_subject(getattr(part, "conditions", ())) is None
        return f"({self.say(part)})" if is_compound and part != All(()) else self.say(part)

    def numbered(self, parts: Sequence[Condition]) -> str:
        return "; ".join(f"{number}) {self.bracketed(part)}" for number, part in enumerate(parts, start=1))

    def linked(self, word: str, following: str) -> str:
        """“and” or “or” as it sounds before what follows: in Spanish “e” before i, “u” before o."""
        if self.language != "es":
            return self.words[word]
        bare = unicodedata.normalize("NFD", following.lstrip("(«").lower())
        if word == "or":
            return "u" if re.match("h?o", bare) else "o"
        return "e" if re.match("h?i(?![aeou])", bare) else "y"

    def listed(self, parts: Sequence[str], word: str) -> str:
        """Parts of a list: “a, b and c”."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.linked(word, parts[-1])} {parts[-1]}"

    def quoted(self, words: str) -> str:
        """Words in the quotation marks of the language."""
        return self.words["quote"].format(words.strip())

    def chosen(self, leaf: Chosen, *, negated: bool = False) -> str:
        """A leaf over choices."""
        item = self.ruleset.items[leaf.item]
        codes = [self.quoted(code_words(item, code, self.language)) for code in leaf.codes]
        subject, form = "answer", _choice_form(len(codes), negated)
        if item.type is ItemType.MULTI and leaf.codes != (NONE,):
            subject, form = "answers", _multi_form(len(codes), leaf.every, negated)
        listed = self.listed(codes, "or") if form in ("is", "include_any") else ", ".join(codes)
        predicate = self.words[form].format(codes=listed)
        return f"{self.words[subject].format(item=self.question(item))} {predicate}"

    def question(self, item: Item) -> str:
        """An item by its question, quoted."""
        return self.quoted(item.text.in_language(self.language))

    def subject(self, name: str) -> str:
        """A number item or a score, as the subject of a comparison."""
        score = self.ruleset.scores.get(name)
        if score is None:
            return self.words["answer"].format(item=self.question(self.ruleset.items[name]))
        return self.words["score"].format(name=name.replace("_", " "), made=self.made(score))

    def made(self, score: Score) -> str:
        """What a score is made of."""
        if score.kind is ScoreKind.COUNT:
            return self.words["count"].format(total=len(score.conditions), list=self.numbered(score.conditions))
        items = [self.ruleset.items[item_id] for item_id in score.items]
        form = score.kind.value if any(item.points for item in items) else f"{score.kind}_numbers"
        return self.words[form].format(items=self.listed([self.question(item) for item in items], "and"))

    def comparison(self, leaf: Compared) -> str:
        """What is said of the number, with its unit."""
        item = self.ruleset.items.get(leaf.subject)
        unit = f" {item.unit}" if item is not None and item.unit else ""
        high = f"{leaf.high}{unit}"
        value = f"{leaf.value}{'' if leaf.high is not None else unit}"
        return self.words[leaf.operator.value].format(value=value, high=high)


def _one_subject(parts: Sequence[Condition]) -> str | None:
    """The number that all of several comparisons are about."""
    subjects = {part.subject if isinstance(part, Compared) else None for part in parts}
    return subjects.pop() if len(parts) > 1 and len(subjects) == 1 else None


def _choice_form(count: int, negated: bool) -> str:
    return "is" if not negated else "is_not" if count == 1 else "neither"


def _multi_form(count: int, every: bool, negated: bool) -> str:
    if count == 1:
        return "include_not" if negated else "include"
    if every:
        return "include_not_all" if negated else "include_all"
    return "include_none" if negated else "include_any"
