"""What a conflict still lacks: questions to go back to that it is about, and a worked patient who answers so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from screener.engine.conditions import UNREADABLE
from screener.engine.lint.condition_checks import items_tested, unguarded_remarks
from screener.engine.lint.remarks import Remark, error, warning
from screener.engine.rules import Conflict, Ruleset


def conflict_remarks(ruleset: Ruleset) -> Iterator[Remark]:
    """All that the conflicts of a ruleset lack."""
    shown = _shown_by_cases(ruleset)
    for conflict in ruleset.conflicts:
        yield from unguarded_remarks(ruleset, conflict)
        looked_at = _looked_at(ruleset, conflict)
        for item in conflict.items if conflict.when != UNREADABLE else ():
            if item not in looked_at:
                what = f"`items` names `{item}`, at which its condition never looks"
                yield error(conflict.place, conflict.id, what, "name a question that can settle it, or test that one")
        if ruleset.cases and conflict.id not in shown:
            mend = "add a case that lists it under `conflicts`, or adapt one"
            yield warning(conflict.place, conflict.id, "no worked patient of cases/ answers so", mend)


def _looked_at(ruleset: Ruleset, conflict: Conflict) -> set[str]:
    """The items a conflict tests, and those that decide whether these are asked."""
    found: set[str] = set()
    waiting = [conflict.when]
    while waiting:
        for item in items_tested(ruleset, waiting.pop()) - found:
            found.add(item)
            gate = ruleset.items[item].enabled_when
            waiting += [gate] if gate is not None else []
    return found


def _shown_by_cases(ruleset: Ruleset) -> set[object]:
    shown: set[object] = set()
    for case in ruleset.cases:
        listed = case.content.get("conflicts") if isinstance(case.content, Mapping) else None
        shown.update(name for name in listed if isinstance(name, str)) if isinstance(listed, list) else None
    return shown
