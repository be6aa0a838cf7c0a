"""How hard a patient's text is to read: US school grade for English, the INFLESZ scale for Spanish.

English: Flesch-Kincaid grade, at most 6, safety texts 5 (AHRQ, MedlinePlus and AAFP ask for fifth to sixth grade). Spanish:
Szigriszt-Pazos on the INFLESZ scale (Barrio-Cantalejo 2008), at least 65, "fairly easy", safety texts 70. textstat counts; it
is an extra for development and tests, and where it is missing nothing here is checked (`is_available`).
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
from collections.abc import Iterator
from typing import Any

from screener.engine.lint.patient_texts import PatientText
from screener.engine.lint.remarks import Remark, error

HIGHEST_GRADE = 6.0
HIGHEST_SAFETY_GRADE = 5.0
LOWEST_INFLESZ = 65.0
LOWEST_SAFETY_INFLESZ = 70.0

# A formula over one short sentence measures its longest word: below this many words only what is far off counts.
_FEW_WORDS = 10
_FEW_WORDS_GRADE = 10.0
_FEW_WORDS_INFLESZ = 30.0

# Names with no plain word in their place count as an easy word: the patient has met them already, on the bottle or in the room.
_NAMES = re.compile(
    r"\b(es)?[ck]etamin[ea]s?\b|\bopioid(es?|s)?\b|\bfibromyalgia\b|\bfibromialgia\b|\bmigraines?\b|\bmigrañas?\b"
    r"|\bibupro(fen|feno)\b|\bnaprox(en|eno)\b|\b(oxy|oxi|hydro|hidro)codon[ea]\b|\bmor(ph|f)in[ea]\b|\btramadol\b"
    r"|\b(complex )?regional pain syndrome\b|\bs[ií]ndrome de dolor regional( complejo)?\b|\b(Atlas|SAMHSA|Spravato|Cochrane)\b"
    r"|\banti-?inflammatory\b|\bantiinflamatorios?\b|\banxiety\b|\bansiedad\b|\bdepression\b|\bdepresión\b"
    r"|\b(emergency|United States|Estados Unidos)\b",
    re.IGNORECASE,
)
# Words of a published instrument: its owner allows no change, so nobody can make them easier.
_FIXED = frozenset(
    {
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?",  # PHQ-2
        "Durante las últimas 2 semanas, ¿qué tan seguido ha tenido molestias debido a los siguientes problemas?",
    }
)
_EASY = {"en": "pain", "es": "casa"}


def is_available() -> bool:
    """Whether reading level can be checked here."""
    return importlib.util.find_spec("textstat") is not None


@functools.cache
def _textstat() -> Any:
    return importlib.import_module("textstat")


def reading_remarks(text: PatientText) -> Iterator[Remark]:
    """Sentences harder to read than they may be; names, choices and grades are no sentences."""
    if text.is_label or text.is_grade or not is_available():
        return
    for language, words in text.text.by_language.items():
        if words in _FIXED:
            continue
        place, where = text.place(language), f"{text.key} ({language})"
        is_short = len(words.split()) < _FEW_WORDS
        mend = "use shorter sentences and shorter words"
        if language == "en":
            highest = _FEW_WORDS_GRADE if is_short else HIGHEST_SAFETY_GRADE if text.is_safety else HIGHEST_GRADE
            grade = school_grade(words)
            if grade > highest:
                yield error(place, where, f"reads at US grade {grade:.1f}, above {highest:.0f}", mend)
        elif language == "es":
            lowest = _FEW_WORDS_INFLESZ if is_short else LOWEST_SAFETY_INFLESZ if text.is_safety else LOWEST_INFLESZ
            ease = inflesz(words)
            if ease < lowest:
                yield error(place, where, f"reads at {ease:.0f} on the INFLESZ scale, below {lowest:.0f}", mend)


def school_grade(words: str) -> float:
    """The Flesch-Kincaid grade of an English text: years of school in the United States."""
    return _measured("flesch_kincaid_grade", words, "en", "en_US")


def inflesz(words: str) -> float:
    """The Szigriszt-Pazos ease of a Spanish text: 0 to 100, higher is easier."""
    return _measured("szigriszt_pazos", words, "es", "es")


def _measured(formula: str, words: str, language: str, name: str) -> float:
    textstat = _textstat()
    textstat.set_lang(name)  # its counters of syllables are one for the whole process
    try:
        return float(getattr(textstat, formula)(_NAMES.sub(_EASY[language], words)))
    finally:
        textstat.set_lang("en_US")
