"""What a patient's text may not say or hold, and how long it may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from screener.engine.lint.patient_texts import PatientText
from screener.engine.lint.remarks import Remark, error
from screener.engine.lint.word_lists import clinician_words, verdict_words

# A phone of 360 by 640 points shows about 16 lines of 40 letters of 18-point type; title, question and button take a fifth of it.
LONGEST = 500  # letters
_COUNTED = "prose.summary.not_checked"  # the one text in which a number is put, in the place of `{count}`
_MARKS = (
    (re.compile(r"\{[^{}]*\}"), "is shown as it is: nothing is put in its place", "write the words themselves"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), "is shown as it is: texts know no markup", "remove it"),
    (re.compile(r"\b(TODO|TBD|FIXME|XXX+|lorem ipsum)\b"), "stands for words still to be written", "write them"),
)
_INVISIBLE = ("Cf", "Zl", "Zp", "Co")  # turns of direction, separators: they change what is read, and nobody sees them
_JOINERS = "\u200c\u200d"  # which some scripts need


def text_remarks(text: PatientText) -> Iterator[Remark]:
    """Verdict words, words for clinicians, and texts longer than a phone screen, in each language."""
    for language, words in text.text.by_language.items():
        place, where = text.place(language), f"{text.key} ({language})"
        for word in verdict_words(words, language):
            mend = "say what to talk about with a clinician; only a clinician decides"
            yield error(place, where, f"“{word}” sounds like a verdict", mend)
        for word in clinician_words(words, language) if not text.is_grade else ():
            mend = "say it in plain words; the medical name may follow in parentheses"
            yield error(place, where, f"“{word}” is a clinician's word", mend)
        yield from _unfit(text, language, words)
        if len(words) > LONGEST:
            what = f"has {len(words)} letters, more than the {LONGEST} that a phone screen shows"
            yield error(place, where, what, "shorten it, or split it in two")


def _unfit(text: PatientText, language: str, words: str) -> Iterator[Remark]:
    """What no text should hold: placeholders, markup, what is still to be written, and letters that nobody sees."""
    place, where = text.place(language), f"{text.key} ({language})"
    if not any(character.isalnum() for character in words):
        yield error(place, where, "has no words", "write the text")
    if any(unicodedata.category(character) in _INVISIBLE for character in words if character not in _JOINERS):
        yield error(place, where, "holds an invisible character", "remove it, or write the text anew")
    fine = {"{count}"} if text.key == _COUNTED else set()
    fine |= {"TODO"} if language.split("-")[0] in ("es", "pt") else set()  # where it is a word
    for pattern, what, mend in _MARKS:
        for found in dict.fromkeys(pattern.findall(words)):
            if found not in fine:
                yield error(place, where, f"“{found}” {what}", mend)
