"""What a patient's text may not say, and how long it may be."""

from __future__ import annotations

from collections.abc import Iterator

from screener.engine.lint.patient_texts import PatientText
from screener.engine.lint.remarks import Remark, error
from screener.engine.lint.word_lists import clinician_words, verdict_words

# A phone of 360 by 640 points shows about 16 lines of 40 letters of 18-point type; title, question and button take a fifth of it.
LONGEST = 500  # letters


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
        if len(words) > LONGEST:
            what = f"has {len(words)} letters, more than the {LONGEST} that a phone screen shows"
            yield error(place, where, what, "shorten it, or split it in two")
