"""Sealing and the keys for it: what is done with bytes, without knowing whose they are or where they are kept.

AES-256-GCM with a random nonce. What is sealed says where it belongs (application, table, column, row), so that it opens
nowhere else. A random secret becomes a key quickly; a secret that a person can write down becomes one slowly.
"""

from __future__ import annotations

import hmac
import os
from typing import NamedTuple

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from screener.engine.json import dumps

APPLICATION = "screener"
VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
# Argon2id with about a tenth of a second and 32 MiB a try, on one core of today.
SLOW_PASSES = 3
SLOW_KIBIBYTES = 32 * 1024


class Unreadable(Exception):
    """What is sealed does not open with this key at this place: another key, moved, or changed."""


class Place(NamedTuple):
    """Where something sealed belongs."""

    table: str
    column: str
    row: str


def new_key() -> bytes:
    """256 random bits."""
    return os.urandom(KEY_BYTES)


def new_salt() -> bytes:
    """128 random bits, not secret."""
    return os.urandom(SALT_BYTES)


def seal(key: bytes, plain: bytes, place: Place, *, nonce: bytes | None = None) -> bytes:
    """`plain` for the one who has the key: version, nonce, and what AES-256-GCM makes of it. A nonce is for tests only."""
    nonce = nonce or os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, _bound_to(place))


def unseal(key: bytes, sealed: bytes, place: Place) -> bytes:
    """What was sealed with this key for this place. Raises Unreadable."""
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != VERSION or len(nonce) != NONCE_BYTES:
        raise Unreadable
    try:
        return AESGCM(key).decrypt(nonce, body, _bound_to(place))
    except InvalidTag:
        raise Unreadable from None


def quick_key(secret: bytes, *, salt: bytes, purpose: str) -> bytes:
    """A key from a secret that nobody can guess, with HKDF-SHA256; one purpose's key tells nothing of another's."""
    return HKDF(SHA256(), KEY_BYTES, salt=salt, info=f"{APPLICATION} {purpose}".encode()).derive(secret)


def slow_key(secret: bytes, *, salt: bytes) -> bytes:
    """A key from a secret that is short enough to write down, with Argon2id: about 100 ms each."""
    return hash_secret_raw(
        secret,
        salt,
        time_cost=SLOW_PASSES,
        memory_cost=SLOW_KIBIBYTES,
        parallelism=1,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def keyed_hash(key: bytes, purpose: str, *parts: str) -> str:
    """HMAC-SHA256 in hex: the same for the same words, and without the key it tells nothing about them."""
    said = dumps([APPLICATION, purpose, *parts]).encode("utf-8", "surrogatepass")
    return hmac.digest(key, said, "sha256").hex()


def _bound_to(place: Place) -> bytes:
    return VERSION + dumps([APPLICATION, *place]).encode()
