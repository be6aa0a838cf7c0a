"""The words that patients must not meet, by language. They live here and not in rules/, so that no rulebook can switch them off.

Verdict words say or suggest that somebody may or may not have the treatment: the software prepares a conversation, only a
clinician decides. Clinician words have a plain word that says the same. Patterns match whole words, with their inflections, in
text without capitals and accents; innocent neighbours ("cleared up", "profesional calificado", "seguro médico") stay allowed.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping

_VERDICTS: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"(in|non-?)?eligib(le|ly|ility)",
        r"(dis)?qualif(y|ies|ying)|disqualified|(un)?qualified (for|to (have|get|take|receive|start))|qualifications? for",
        r"candidates?|candidacy",
        r"cleared(?! up)|clearance for|clear you (for|to)",
        r"safe for (you|me|your \w+)|safe to (take|have|use|try) (it|ketamine|esketamine)",
        r"(un)?suitable for (you|me|ketamine|treatment|this|it)",
        r"(recommended|approved|right|best|ideal|indicated|appropriate|contraindicated) for (you|me)",
        r"(we|i) recommend (ketamine|esketamine|it|that you (try|take|have|get|start))|we approve",
        r"no (known |major |serious )?risks?( factors?)?( (was|were|is|are|have been))? (found|detected|identified|seen)",
        r"(found|there (is|are)) no risks?|risk-free|without( any)? risks?|free (of|from) risks?|zero risks?",
        r"(a )?good (fit|match)|(un)?fit for (ketamine|treatment|it)",
        r"you (passed|failed)|you (can|may|cannot|can not|may not) (have|get|receive|start) (ketamine|the treatment|it)",
    ),
    "es": (
        r"(in)?elegib(le|les|ilidad)",
        r"calific(?!ad|aci)\w*|(des|in)?calificad[oa]s? para|descalific\w*",
        r"candidat[oa]s?|candidaturas?",
        r"(no )?apt[oa]s?|aptitud(es)?",
        r"idone[oa]s?|idoneidad",
        r"(cumple|reune)n? (con )?(todos )?los requisitos|cumple con las condiciones",
        r"segur[oa]s? para (usted|ustedes|ti|vos|mi)|sin peligros?|libre de (riesgos?|peligros?)",
        r"(recomendad|aprobad|adecuad|indicad|apropiad|ideal|contraindicad)(es|[oa]s?)? para (usted|ustedes|ti|vos|mi)",
        r"(le|te|se le) recomend(amos|o|amos que|a) (la |el |usar |tomar |probar )?(ketamina|esketamina|tratamiento)",
        r"sin( ningun)? riesgos?|(ningun|cero) riesgos?( (encontrad|detectad|identificad)os?)?",
        r"no (se )?(hay|hubo|encontr\w+|encuentra\w*|hall\w+|detect\w+|identific\w+)( ningun)? riesgos?",
        r"(paso|no paso|aprobo|reprobo) (la|esta) (prueba|evaluacion)",
        r"(usted )?(no )?puede (recibir|empezar|iniciar) (la )?(ketamina|el tratamiento)",
    ),
}

_CLINICIAN: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"analgesi\w*", r"contraindicat\w*", r"(hyper|hypo)tens\w*", r"titrat\w*", r"refractory", r"comorbid\w*",
        r"pharmaco\w*", r"dissociat\w*", r"neuropath\w*", r"neurotox\w*", r"hepat\w*", r"renal", r"cardio(vascular|myopath)\w*",
        r"tachycardi\w*", r"bradycardi\w*", r"myocardi\w*", r"infarct\w*", r"(ant)?agonis(t|ts|m)", r"etiolog\w*",
        r"prognos\w*", r"idiopathic", r"prophyla\w*", r"parenteral\w*", r"(mono|poly)therap\w*", r"adverse (events?|effects?)",
        r"intravenous\w*", r"subcutaneous\w*", r"intramuscular\w*", r"intranasal\w*", r"bioavailab\w*", r"psychotropic",
        r"adjunct\w*", r"efficacy", r"dyspn\w*", r"edema", r"syncope", r"palliative", r"sublingual\w*", r"nociceptive",
    ),
    "es": (
        r"analges\w*", r"contraindic\w*", r"(hiper|hipo)tens\w*", r"titulacion(es)?", r"refractari[oa]s?", r"comorbil\w*",
        r"farmaco\w*", r"disociati\w*", r"neuropat\w*", r"neurotox\w*", r"hepat\w*", r"renal(es)?", r"cardio(vascular|miopat)\w*",
        r"taquicardi\w*", r"bradicardi\w*", r"miocardi\w*", r"(ant)?agonis(ta|tas|mo)", r"etiolog\w*",
        r"pronostic\w*", r"idiopatic[oa]s?", r"profila\w*", r"parenteral(es)?", r"(mono|poli)terap\w*",
        r"(eventos?|efectos?) adversos?", r"intravenos[oa]s?", r"subcutane[oa]s?", r"intramuscular(es)?", r"intranasal(es)?",
        r"biodisponib\w*", r"psicotropic[oa]s?", r"coadyuvantes?|adyuvantes?", r"eficacia", r"disnea", r"edemas?", r"sincope",
        r"paliativ[oa]s?", r"sublingual(es)?", r"nociceptiv[oa]s?",
    ),
}  # fmt: skip

LANGUAGES = frozenset(_VERDICTS)  # those with lists; texts in others are looked over by nobody here
_ASIDE = re.compile(r"\([^()]*\)")  # the medical name may stand in parentheses, after the plain words


def verdict_words(text: str, language: str) -> list[str]:
    """Words and phrases in `text` that sound like a verdict, as written there.

    >>> verdict_words("The rash cleared up. You may be Eligible!", "en")
    ['Eligible']
    >>> verdict_words("Un profesional calificado dirá si usted calificaría.", "es")
    ['calificaría']
    """
    return list(_found(_VERDICTS, text, language))


def clinician_words(text: str, language: str) -> list[str]:
    """Words in `text` that a clinician knows and a patient may not, those in parentheses aside.

    >>> clinician_words("High blood pressure (hypertension) is refractory.", "en")
    ['refractory']
    """
    return list(_found(_CLINICIAN, _ASIDE.sub(lambda aside: " " * len(aside.group()), text), language))


def _found(lists: Mapping[str, tuple[str, ...]], text: str, language: str) -> Iterator[str]:
    patterns = lists.get(language.split("-")[0])
    if patterns is not None:
        composed = unicodedata.normalize("NFC", text)
        yield from dict.fromkeys(
            composed[found.start() : found.end()] for found in _one(patterns).finditer(_bare(composed))
        )


@functools.cache
def _one(patterns: tuple[str, ...]) -> re.Pattern[str]:
    any_gap = "|".join(patterns).replace(" ", r"\s+")
    return re.compile(rf"\b(?:{any_gap})\b")


def _bare(text: str) -> str:
    """Without capitals and accents, character for character, so that a place in one is the same place in the other."""
    return "".join(unicodedata.normalize("NFD", character)[0].lower()[:1] or " " for character in text)
