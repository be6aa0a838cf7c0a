"""Approvals that say too little to be one, or that belong to another content than this."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from screener.engine.approvals import LEAST_OF_A_HASH, is_of
from screener.engine.lint.remarks import Remark, error, warning
from screener.engine.loader.problems import did_you_mean
from screener.engine.rules import Approval, Ruleset

_KEYS = ("who", "role", "date", "of")
_WRITE = "write who, role, date, of"
_HASH = re.compile(rf"[0-9a-f]{{{LEAST_OF_A_HASH},64}}")


def approval_remarks(ruleset: Ruleset, today: datetime.date) -> Iterator[Remark]:
    """All that is wrong with the approvals of a ruleset, as of `today`."""
    for number, approval in enumerate(ruleset.approvals, start=1):
        where = f"approval {number}"
        found = list(_wrong(approval, where, today))
        yield from found
        if not found and ruleset.hash and not is_of(approval, ruleset.hash):
            what = f"is of another content than this, whose hash begins with {ruleset.hash[:LEAST_OF_A_HASH]}: it does not count"
            yield warning(approval.place, where, what, "have this content approved, or remove it")


def _wrong(approval: Approval, where: str, today: datetime.date) -> Iterator[Remark]:
    content = approval.content
    if not isinstance(content, Mapping):
        yield error(approval.place, where, "is no mapping", _WRITE)
        return
    for key in content:
        if key not in _KEYS:
            yield error(approval.place, where, f"unknown key `{key}`", did_you_mean(str(key), _KEYS, _WRITE))
    for key in _KEYS:
        if not str(content.get(key) or "").strip():
            yield error(approval.place, where, f"`{key}` is missing", _WRITE)
    yield from _wrong_date(approval, where, str(content.get("date") or ""), today)
    named = str(content.get("of") or "")
    if named and not _HASH.fullmatch(named):
        mend = f"write the hash that `screener rules check` tells, {LEAST_OF_A_HASH} digits of it or more"
        yield error(approval.place, where, "`of` is no hash of a ruleset", mend)


def _wrong_date(approval: Approval, where: str, written: str, today: datetime.date) -> Iterator[Remark]:
    if not written:
        return
    try:
        day = datetime.date.fromisoformat(written)
    except ValueError:
        yield error(approval.place, where, "`date` is no date", "write it like 2026-11-22")
        return
    if day > today:
        yield error(approval.place, where, f"`date` is {day}, which is still to come", "write the day it was approved")
