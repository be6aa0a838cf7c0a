"""Evidence and missing items over long and crossing chains of gates: each gate is walked once."""

from __future__ import annotations

from typing import Any

import pytest
from small_rulebooks import rule, ruleset

from screener.engine.screening import screen

LENGTH = 1200


def question(number: int, **gate: Any) -> dict[str, Any]:
    return {"id": f"i{number}", "type": "yes_no", "text": {"en": "x"}, **gate}


def single(before: str) -> dict[str, Any]:
    return {before: "yes"}


def double(before: str) -> dict[str, Any]:
    return {"all": [{before: "yes"}, {before: {"none_of": ["no"]}}]}


@pytest.mark.parametrize("gate", [single, double])
def test_a_long_chain_of_gates_is_explained(gate):
    items = [question(0), *(question(n, enabled_when=gate(f"i{n - 1}")) for n in range(1, LENGTH))]
    chain = ruleset(rule("r1", {f"i{LENGTH - 1}": "yes"}), items=items, scores={})
    ids = [f"i{number}" for number in range(LENGTH)]
    assert list(screen(chain, dict.fromkeys(ids, "yes")).findings[0].evidence) == ids
    missing = screen(chain, {}).findings[0].missing
    assert missing == {"i0": "not_answered", **dict.fromkeys(ids[1:], "not_asked")}
