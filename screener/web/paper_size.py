"""The size of paper a reader has: Letter or A4, by the country in what the browser asks for (es-MX), not by the language alone."""

from __future__ import annotations

from flask import request

# Unicode's CLDR (supplemental data, paperSize) lists these for Letter; everyone else has A4. They are read and
# compared as typst names them.
_LETTER, _A4 = "us-letter", "a4"
_LETTER_COUNTRIES = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
_COUNTRY = 2  # letters; three digits stand for a region such as Latin America


def paper_size() -> str:
    """The size by typst's name. Letter where the browser names no country: this guide's help lines are those of the US."""
    for asked, _weight in request.accept_languages:
        for part in asked.replace("_", "-").split("-")[1:]:
            if len(part) == _COUNTRY and part.isascii() and part.isalpha():
                return _LETTER if part.upper() in _LETTER_COUNTRIES else _A4
    return _LETTER
