"""Words in several languages, kept side by side. What the words say belongs to rules/, never here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from screener.engine.place import Place


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language of the ruleset, in the order of the manifest; `places` says where each was written.

    >>> Text({"en": "Pain", "es": "Dolor"}).in_language("es")
    'Dolor'
    """

    by_language: Mapping[str, str]
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def in_language(self, language: str) -> str:
        """The text in `language` (a code such as "es"); in the ruleset's first language where it has no such one."""
        if language in self.by_language:
            return self.by_language[language]
        return next(iter(self.by_language.values()))
