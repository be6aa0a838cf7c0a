"""References and tokens."""

from __future__ import annotations

import hashlib
from itertools import pairwise

from screener.store.identifiers import (
    ALPHABET,
    complete_reference,
    new_reference,
    new_token,
    read_reference,
    token_hash,
)


def test_reference_leaves_out_look_alikes() -> None:
    assert not set("0O1IL") & set(ALPHABET)
    assert len(ALPHABET) == 31


def test_reference_is_read_back_however_it_is_typed() -> None:
    reference = new_reference()
    spoken = reference.lower().replace("-", " ")
    assert read_reference(reference) == read_reference(f"  {spoken} ") == reference


def test_reference_check_character_finds_every_single_mistake() -> None:
    whole = complete_reference("K7Q49MP").replace("-", "")
    for place, right in enumerate(whole):
        wrong = [whole[:place] + letter + whole[place + 1 :] for letter in ALPHABET if letter != right]
        assert [read_reference(text) for text in wrong] == [None] * 30


def test_reference_check_character_finds_every_swap_of_neighbours() -> None:
    for drawn in ("K7Q49MP", "23456AB", "ZYXWVUT"):
        whole = complete_reference(drawn).replace("-", "")
        for place, (left, right) in enumerate(pairwise(whole)):
            swapped = whole[:place] + right + left + whole[place + 2 :]
            assert left == right or read_reference(swapped) is None


def test_references_do_not_follow_one_another() -> None:
    assert len({new_reference()[:3] for _ in range(200)}) > 100


def test_reference_of_another_length_or_alphabet_is_none() -> None:
    assert [read_reference(text) for text in ("", "K7Q4", "K7Q4-9MPO", "K7Q4-9MPD-2", "ñ" * 8)] == [None] * 5


def test_token_is_long_and_kept_only_as_its_hash() -> None:
    token = new_token()
    assert len(token) == 43
    assert token_hash(token) == hashlib.sha256(token.encode()).hexdigest()
    assert len(token_hash("\udcff")) == 64  # whatever a cookie brings is only a token that opens nothing
