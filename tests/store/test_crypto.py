"""Sealing: it opens with the right key at the right place, and not otherwise."""

from __future__ import annotations

import hmac

import pytest
from argon2.low_level import Type, hash_secret_raw

from screener.store.crypto import Place, Unreadable, keyed_hash, new_key, quick_key, seal, slow_key, unseal

KEY = bytes(range(32))
NONCE = bytes(range(12))
PLACE = Place("draft", "sealed", "row-1")


def test_what_was_sealed_opens_with_its_key_at_its_place() -> None:
    key = new_key()
    sealed = seal(key, "años".encode(), PLACE)
    assert unseal(key, sealed, PLACE) == "años".encode()
    assert seal(key, b"same", PLACE) != seal(key, b"same", PLACE)


def test_sealing_gives_the_known_bytes() -> None:
    """Kept here as bytes: should the format ever change, drafts that people have a code for must not become unreadable."""
    assert seal(KEY, b"canary", PLACE, nonce=NONCE).hex() == (
        "01000102030405060708090a0b2463b87ab79ce58486c17b75a45d760a7becc70d538a"
    )


def test_aes_256_gcm_gives_the_bytes_of_the_standard() -> None:
    """Test case 16 of the GCM specification, with associated data."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
        "b16aedf5aa0de657ba637b39"
    )
    sealed = AESGCM(key).encrypt(
        bytes.fromhex("cafebabefacedbaddecaf888"), plain, bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    )
    assert sealed.hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
        "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
    )


def test_every_changed_bit_is_refused() -> None:
    sealed = seal(KEY, b"canary", PLACE)
    accepted = []
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            unseal(KEY, bytes(changed), PLACE)
        except Unreadable:
            continue
        accepted.append(bit)
    assert accepted == []


@pytest.mark.parametrize("length", [0, 1, 12, 13, 20, 34])
def test_what_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(Unreadable):
        unseal(KEY, seal(KEY, b"canary", PLACE)[:length], PLACE)


@pytest.mark.parametrize(
    "place", [PLACE._replace(table="contact"), PLACE._replace(column="answers"), PLACE._replace(row="row-2")]
)
def test_what_was_moved_is_refused(place: Place) -> None:
    with pytest.raises(Unreadable):
        unseal(KEY, seal(KEY, b"canary", PLACE), place)


def test_another_key_is_refused() -> None:
    with pytest.raises(Unreadable):
        unseal(new_key(), seal(KEY, b"canary", PLACE), PLACE)


def test_parts_of_a_place_do_not_run_into_each_other() -> None:
    with pytest.raises(Unreadable):
        unseal(KEY, seal(KEY, b"canary", Place("a", "bc", "d")), Place("ab", "c", "d"))


def test_quick_key_is_hkdf_with_its_purpose() -> None:
    """RFC 5869, written out for one block."""
    extracted = hmac.digest(b"salt", b"secret", "sha256")
    assert quick_key(b"secret", salt=b"salt", purpose="one") == hmac.digest(extracted, b"screener one\x01", "sha256")
    assert quick_key(b"secret", salt=b"salt", purpose="two") != quick_key(b"secret", salt=b"salt", purpose="one")


def test_slow_key_is_argon2id_of_32_mib() -> None:
    wanted = hash_secret_raw(b"words", b"s" * 16, 3, 32 * 1024, 1, 32, Type.ID)
    assert slow_key(b"words", salt=b"s" * 16) == wanted
    assert slow_key(b"words", salt=b"t" * 16) != wanted


def test_keyed_hash_tells_parts_and_purposes_apart() -> None:
    hashes = {
        keyed_hash(KEY, "code", "a", "b"),
        keyed_hash(KEY, "code", "ab"),
        keyed_hash(KEY, "network", "a", "b"),
        keyed_hash(bytes(32), "code", "a", "b"),
    }
    assert len(hashes) == 4
    assert keyed_hash(KEY, "code", "a", "b") == hmac.digest(KEY, b'["screener","code","a","b"]', "sha256").hex()
