"""The examples and worked patients of a ruleset that does not load, as far as they can be run: no mistake elsewhere hides one of theirs.

Answers to questions that could not be read are left out, and so is what a case says of rules that could not. What stays is judged
as if nothing else were there; a question that does not exist is told of once.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from screener.engine.loader.problems import Unread
from screener.engine.proof.space import items_behind
from screener.engine.rules import Case, Rule, Ruleset

_LISTS = ("raised", "could_not_assess", "conflicts")


def with_readable_examples(sound: Ruleset, partial: Ruleset, unread: Unread) -> Ruleset:
    """The sound part of a ruleset with such examples and cases as say nothing of the rest (see `sound_part`)."""
    times = Counter(rule.id for rule in partial.rules)  # of two rules of one id nobody can say which one is meant
    rules = tuple(
        rule for rule in sound.rules if times[rule.id] == 1 and not items_behind(sound, rule.when) & unread.broken
    )
    conflicts = tuple(c for c in sound.conflicts if not items_behind(sound, c.when) & unread.broken)
    known = {rule.id for rule in rules} | {conflict.id for conflict in conflicts}
    untold = ({rule.id for rule in partial.rules} | {c.id for c in partial.conflicts} | unread.names) - known

    def may_be_an_item(name: object) -> bool:
        return not unread.knows_items or name in partial.items or name in unread.broken or name in unread.names

    told: set[object] = set()

    def is_to_judge(name: object) -> bool:
        """Whether an answer stays: to a question that was read, or the first to one that does not exist."""
        if name in sound.items:
            return True
        is_new = name not in told and not may_be_an_item(name)
        told.add(name)
        return is_new

    def answered(answers: Any) -> Any:
        if not isinstance(answers, Mapping):
            return answers
        return {item: answer for item, answer in answers.items() if is_to_judge(item)}

    return dataclasses.replace(
        sound,
        rules=tuple(_with_examples(rule, answered) for rule in rules),
        conflicts=conflicts,
        cases=tuple(Case(case.file, _told(case.content, answered, untold)) for case in partial.cases),
    )


def _with_examples(rule: Rule, answered: Callable[[Any], Any]) -> Rule:
    return dataclasses.replace(rule, examples=tuple(_example(example, answered) for example in rule.examples))


def _example(example: Any, answered: Callable[[Any], Any]) -> Any:
    """One example without the answers nobody can judge; its rule does not look at them."""
    if not isinstance(example, Mapping) or "answers" not in example:
        return example
    return {**example, "answers": answered(example["answers"])}


def _told(content: Any, answered: Callable[[Any], Any], untold: set[str] | frozenset[str]) -> Any:
    """A case without the answers and rules nobody can judge."""
    if not isinstance(content, Mapping):
        return content
    told = dict(content)
    if "answers" in told:
        told["answers"] = answered(told["answers"])
    for name in _LISTS:
        if isinstance(told.get(name), list):
            told[name] = [listed for listed in told[name] if not (isinstance(listed, str) and listed in untold)]
    return told
