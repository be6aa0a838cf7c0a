"""How a patient is found by name or phone: the forms in which both are kept for searching, and read from a search box.

Pure text, no database. A name is searched word by word, in any order, whatever its capitals and accents.
"""

from __future__ import annotations

import unicodedata

LONGEST_WORD = 100


def name_words(name: str) -> list[str]:
    """The words of a name in lower case without accents, each once.

    >>> name_words("María-José Ñáñez O'Brien")
    ['maria', 'jose', 'nanez', 'o', 'brien']
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in words))


def phone_digits(phone: str | None) -> str | None:
    """The digits of a phone number, without the country code of the United States; None where there are none.

    >>> phone_digits("+1 (602) 555-0142")
    '6025550142'
    """
    digits = "".join(sign for sign in phone or "" if sign in "0123456789")
    return (digits[1:] if len(digits) == 11 and digits[0] == "1" else digits) or None


def phone_reversed(digits: str | None) -> str | None:
    """The digits of `phone_digits` from the last to the first: numbers that end alike then begin alike.

    >>> phone_reversed("6025550142")
    '2410555206'
    """
    return digits[::-1] if digits else None
