"""References, public ids and secret tokens.

A reference is spoken and printed and not secret; a token opens a draft or an account and is kept only as
its SHA-256. Randomness comes from `secrets`; tests hand in their own values to the operations instead.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid

# No 0 O 1 I L. 31 is prime, so the check character finds every single wrong character and every swap of two.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN = 7


def new_token() -> str:
    """256 random bits, safe in a URL and a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_public_id() -> str:
    """The random id of a submission in URLs."""
    return uuid.uuid4().hex


def new_reference() -> str:
    """A new random reference such as K7Q4-9MPD."""
    return complete_reference("".join(secrets.choice(ALPHABET) for _ in range(DRAWN)))


def complete_reference(drawn: str) -> str:
    """Seven characters with their check character, written in two groups of four.

    >>> complete_reference("K7Q49MP")
    'K7Q4-9MPB'
    """
    whole = drawn + _check_character(drawn)
    return f"{whole[:4]}-{whole[4:]}"


def read_reference(text: str) -> str | None:
    """A reference as someone typed or spoke it, in its one spelling; None if it cannot be one.

    >>> read_reference(" k7q4 9mpb ")
    'K7Q4-9MPB'
    >>> read_reference("K7Q4-9MPD") is None
    True
    """
    letters = "".join(text.split()).replace("-", "").upper()
    if len(letters) != DRAWN + 1 or any(letter not in ALPHABET for letter in letters):
        return None
    reference = complete_reference(letters[:DRAWN])
    return reference if reference[-1] == letters[-1] else None


def _check_character(drawn: str) -> str:
    total = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(drawn, start=1))
    return ALPHABET[total % len(ALPHABET)]
