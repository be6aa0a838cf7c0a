"""Translations that fell behind: the first language was changed after the other was written.

`.translations.json` in the rulebook's folder keeps, for each text, hashes of its languages at the time somebody confirmed that
they say the same. `screener rules translated` writes it; authors never edit it. A text whose first language differs from its hash
while another does not is stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from screener.engine.lint.patient_texts import PatientText
from screener.engine.lint.remarks import Remark, error, warning
from screener.engine.place import Place
from screener.engine.rules import Ruleset
from screener.engine.text import Text

FILE_NAME = ".translations.json"
_DIGITS = 12  # of a hash: enough to tell two versions of one text apart

Hashes = Mapping[str, str]  # of one text, by language


def text_hashes(text: Text) -> Hashes:
    """A short hash of a text in each language; how its lines are broken does not count."""
    return {
        language: hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:_DIGITS]
        for language, words in text.by_language.items()
    }


def stale_languages(text: Text, confirmed: Hashes) -> list[str]:
    """Languages that have not followed a change of the first one."""
    hashes = text_hashes(text)
    first, *others = hashes
    if hashes[first] == confirmed.get(first, hashes[first]):
        return []
    return [language for language in others if hashes[language] == confirmed.get(language)]


def confirmed_anew(
    texts: Sequence[PatientText], confirmed: Mapping[str, Hashes], also: frozenset[str] = frozenset()
) -> dict[str, Hashes]:
    """What `.translations.json` should say: all texts as they are now, but stale ones as they were, unless named in `also`."""
    anew = {}
    for text in texts:
        before = confirmed.get(text.key, {})
        is_stale = text.key not in also and bool(stale_languages(text.text, before))
        anew[text.key] = before if is_stale else text_hashes(text.text)
    return anew


def translation_remarks(
    ruleset: Ruleset, texts: Sequence[PatientText], confirmed: Mapping[str, Hashes] | None
) -> Iterator[Remark]:
    """Stale texts; and, as one warning, that some have changed in every language since they were confirmed."""
    if len(ruleset.languages) < 2:
        return
    file = Place(FILE_NAME, 0)
    if confirmed is None:
        what = "nothing says which translations were confirmed"
        yield warning(file, "", what, "read the translations, then run `screener rules translated`")
        return
    changed = 0
    for text in texts:
        before = confirmed.get(text.key, {})
        stale = stale_languages(text.text, before)
        for language in stale:
            first = next(iter(text.text.by_language))
            what = f"the text in `{first}` was changed after the one in `{language}`"
            mend = f"change it too, or run `screener rules translated {text.key}` if it still says the same"
            yield error(text.place(language), f"{text.key} ({language})", what, mend)
        changed += not stale and dict(before) != dict(text_hashes(text.text))
    if changed:
        what = f"{changed} texts are new or changed in every language since their translation was confirmed"
        yield warning(file, "", what, "read them, then run `screener rules translated`")
