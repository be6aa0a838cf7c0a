"""What would change a finding, in words: one sentence for each answer it rests on, or for each one that is missing.

What is said comes from `alternatives`, its questions and choices from the ruleset. English and Spanish; other languages fall
back to English, as in `wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from screener.engine.alternatives import Alternatives, AnswerSet, Lists, Span
from screener.engine.questionnaire import NONE, Item, ItemType
from screener.engine.rules import Outcome, Ruleset
from screener.engine.wording import Speaker, code_words

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "raised": "raised if {what}", "not_raised": "not raised if {what}", "could_not_assess": "could not be assessed if {what}",
        "one": "the answer to {item}", "many": "the answers to {item}", "one_again": "it", "many_again": "they",
        "were_one": "were {codes}", "were_many": "were {codes}", "any": "any number", "value": "{value}",
        "gte": "{value} or more", "gt": "more than {value}",
        "lte": "{value} or less", "lt": "less than {value}", "between": "from {value} to {high}",
        "include": "included {codes}", "exclude": "did not include {codes}", "exclude_all": "included none of these: {codes}",
        "not_known_one": "were not known", "not_known_many": "were not known",
        "nothing": "No other answer to {item} alone would change this.",
        "not_alone_one": "No answer to {item} alone would raise it",
        "not_alone_many": "None of the answers to {item} alone would raise it",
        "not_told": "Depends on several choices of {item} together.",
    },
    "es": {
        "raised": "se señalaría si {what}", "not_raised": "no se señalaría si {what}",
        "could_not_assess": "no se podría evaluar si {what}",
        "one": "la respuesta a {item}", "many": "las respuestas a {item}", "one_again": "esta", "many_again": "estas",
        "were_one": "fuera {codes}", "were_many": "fueran {codes}", "any": "cualquier número", "value": "{value}",
        "gte": "{value} o más", "gt": "más de {value}",
        "lte": "{value} o menos", "lt": "menos de {value}", "between": "de {value} a {high}",
        "include": "incluyeran {codes}", "exclude": "no incluyeran {codes}",
        "exclude_all": "no incluyeran ninguna de estas: {codes}",
        "not_known_one": "no se conociera", "not_known_many": "no se conocieran",
        "nothing": "Ninguna otra respuesta a {item} cambiaría esto por sí sola.",
        "not_alone_one": "Ninguna respuesta a {item} haría por sí sola que se señalara",
        "not_alone_many": "Ninguna de las respuestas a {item} haría por sí sola que se señalara",
        "not_told": "Depende de varias opciones de {item} a la vez.",
    },
}  # fmt: skip


def alternatives_sentence(ruleset: Ruleset, alternatives: Alternatives, language: str) -> str:
    """One sentence in `language`: which other answers to this question would end the rule otherwise, and how.

    Of a raised rule: when it would not be raised, and when it could not be assessed. Of one that could not be assessed: which
    answers would raise it; where none does alone, that, and which would settle that it is not.
    """
    speaker = _AlternativesSpeaker(ruleset, ruleset.items[alternatives.item], language)
    if not alternatives.is_told:
        return speaker.words["not_told"].format(item=speaker.question)
    if alternatives.now is Outcome.COULD_NOT_ASSESS:
        return speaker.unassessed(alternatives)
    return speaker.raised(alternatives)


class _AlternativesSpeaker:
    """Says what an answer to one item would have to be."""

    def __init__(self, ruleset: Ruleset, item: Item, language: str) -> None:
        self.item, self.language = item, language
        self.words = _WORDS.get(language, _WORDS["en"])
        self.speaker = Speaker(ruleset, language)
        self.question = self.speaker.question(item)
        self.number = "many" if item.type is ItemType.MULTI else "one"

    def raised(self, alternatives: Alternatives) -> str:
        """When it would not be raised, and when it could not be assessed."""
        wholly = {Outcome.NOT_RAISED: alternatives.not_raised, Outcome.COULD_NOT_ASSESS: alternatives.could_not_assess}
        clauses = []
        for outcome, answers in wholly.items():
            said = self.said(answers)
            if alternatives.not_known is outcome:
                said.append(self.words[f"not_known_{self.number}"])
            if said:
                clauses.append((outcome, said))
        return self.sentence(clauses) if clauses else self.words["nothing"].format(item=self.question)

    def unassessed(self, alternatives: Alternatives) -> str:
        """Which answers would raise it."""
        if alternatives.raised:
            return self.sentence([(Outcome.RAISED, self.said(alternatives.raised))])
        alone = self.words[f"not_alone_{self.number}"].format(item=self.question)
        if not alternatives.not_raised:
            return f"{alone}."
        return f"{alone}; {self.clause(Outcome.NOT_RAISED, self.said(alternatives.not_raised), is_first=False)}."

    def sentence(self, clauses: list[tuple[Outcome, list[str]]]) -> str:
        """The clauses of several outcomes, the question named in the first of them."""
        told = "; ".join(
            self.clause(outcome, said, is_first=not place) for place, (outcome, said) in enumerate(clauses)
        )
        return f"{told[0].upper()}{told[1:]}."

    def clause(self, outcome: Outcome, said: list[str], *, is_first: bool) -> str:
        """One outcome, and what it would take."""
        subject = self.words[self.number if is_first else f"{self.number}_again"].format(item=self.question)
        what = said[0] + "".join(f", {self.speaker.linked('or', part)} {part}" for part in said[1:])
        return self.words[outcome.value].format(what=f"{subject} {what}".strip())

    def said(self, answers: AnswerSet) -> list[str]:
        """What the answer would have to be, each way on its own."""
        said = [self.listed(lists) for lists in answers.lists]
        if answers.codes:
            said.append(self.words[f"were_{self.number}"].format(codes=self.codes(answers.codes)))
        if answers.spans:
            spans = [self.span(span) for span in answers.spans]
            said.append(self.words[f"were_{self.number}"].format(codes=self.speaker.listed(spans, "or")))
        return said

    def listed(self, lists: Lists) -> str:
        """What a list of choices would have to hold, and what not."""
        own = tuple(self.item.choices or ())
        if not lists.includes and self.item.none is not None and set(lists.excludes) == set(own):
            return self.words[f"were_{self.number}"].format(codes=self.codes((NONE,)))
        parts = [self.words["include"].format(codes=self.codes(group)) for group in lists.includes if len(group) > 1]
        if singles := [self.quoted(group[0]) for group in lists.includes if len(group) == 1]:
            parts.insert(0, self.words["include"].format(codes=self.speaker.listed(singles, "and")))
        if lists.excludes:
            form = "exclude" if len(lists.excludes) == 1 else "exclude_all"
            quoted = ", ".join(self.quoted(code) for code in lists.excludes)
            parts.append(self.words[form].format(codes=quoted))
        return self.speaker.listed(parts, "and")

    def codes(self, codes: tuple[str, ...]) -> str:
        """Any one of these codes, quoted."""
        return self.speaker.listed([self.quoted(code) for code in codes], "or")

    def quoted(self, code: str) -> str:
        """A code by its words, quoted."""
        return self.speaker.quoted(code_words(self.item, code, self.language))

    def span(self, span: Span) -> str:
        """A range of numbers, with its unit, by the ends that are not the item's own."""
        least, greatest = self.item.value_range
        if span.low == span.high:
            return self.amount("value", span.low)
        above = span.low > least or not span.has_low
        below = span.high < greatest or not span.has_high
        if above and below and span.has_low and span.has_high:
            return self.words["between"].format(value=_plain(span.low), high=self.amount("value", span.high))
        ends = [self.amount("gte" if span.has_low else "gt", span.low)] if above else []
        ends += [self.amount("lte" if span.has_high else "lt", span.high)] if below else []
        return self.speaker.listed(ends, "and") or self.words["any"]

    def amount(self, form: str, number: Decimal) -> str:
        """A number in one form of words, with the item's unit."""
        unit = f" {self.item.unit}" if self.item.unit else ""
        return self.words[form].format(value=f"{_plain(number)}{unit}")


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
