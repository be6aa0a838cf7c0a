"""JSON Schemas of a rulebook's files, made for the questionnaire at hand, so that an editor completes items, codes and citations.

Draft 7, which editors for YAML read best. A schema says what one file may look like; what holds between files and lines (an item
asked before its gate, parts of a score with one gate) is for the loader, which alone decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from screener.engine.questionnaire import Item, ItemType, ScoreKind
from screener.engine.rules import Kind, Outcome, Ruleset, Severity

Schema = dict[str, Any]

_ID: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"}
_NAME: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$"}
_WORD: Schema = {"type": ["string", "number"]}
_STRING: Schema = {"type": "string", "minLength": 1}
_DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_NUMBER: Schema = {"type": "number"}
_CODED = (ItemType.YES_NO, ItemType.CHOICE, ItemType.MULTI)
_COMPARISONS = ("gte", "gt", "lte", "lt", "eq")
_TEXT: Schema = {"$ref": "#/definitions/text"}
_CONDITION: Schema = {"$ref": "#/definitions/condition"}
_CONDITIONS: Schema = {"type": "array", "minItems": 1, "items": _CONDITION}
_WAYS_OUT = ("not_sure", "declined")


def editor_schemas(ruleset: Ruleset) -> dict[str, Schema]:
    """One schema a file kind, by its name: manifest, section, topic, scores, citations, prose, conflicts, case."""
    kinds: Mapping[str, Callable[[Ruleset], Schema]] = {
        "manifest": _manifest,
        "section": _section,
        "topic": _topic,
        "scores": _scores,
        "citations": _citations,
        "prose": _prose,
        "conflicts": _conflicts,
        "case": _case,
    }
    definitions = {"text": _text(ruleset), "condition": _condition(ruleset), "answers": _answers(ruleset)}
    head = {"$schema": "http://json-schema.org/draft-07/schema#"}
    return {
        name: {**head, "title": f"{name} of {ruleset.id or 'a rulebook'}", **make(ruleset), "definitions": definitions}
        for name, make in kinds.items()
    }


def _object(properties: Mapping[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """A mapping of no other keys than these."""
    closed = {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }
    return {**closed, **more}


def _map(values: Schema, keys: Schema | None = None) -> Schema:
    """A mapping of free keys, not empty."""
    found: Schema = {"type": "object", "minProperties": 1, "additionalProperties": values}
    return found if keys is None else {**found, "propertyNames": keys}


def _list(parts: Schema, least: int = 1) -> Schema:
    return {"type": "array", "items": parts, "minItems": least}


def _text(ruleset: Ruleset) -> Schema:
    if not ruleset.languages:
        return _map(_STRING)
    return _object(dict.fromkeys(ruleset.languages, _STRING), ruleset.languages)


def _condition(ruleset: Ruleset) -> Schema:
    """Exactly one connective, item or score, each with what may stand under it."""
    one_of = {"all": _CONDITIONS, "any": _CONDITIONS, "not": _CONDITION}
    one_of["at_least"] = _object({"n": {"type": "integer", "minimum": 1}, "of": _CONDITIONS}, ("n", "of"))
    for item in ruleset.items.values():
        if item.type in _CODED:
            one_of[item.id] = _coded(item)
        elif item.type is ItemType.NUMBER:
            one_of[item.id] = _comparison(item)
    one_of |= {score: {**_comparison(None), "description": "score"} for score in ruleset.scores}
    return _object(one_of, minProperties=1, maxProperties=1)


def _coded(item: Item) -> Schema:
    code: Schema = {"type": "string", "enum": list(item.codes)}
    codes = _list(code)
    operators = {"all_of": codes, "none_of": codes} if item.type is ItemType.MULTI else {"none_of": codes}
    operator = _object(operators, minProperties=1, maxProperties=1)
    return {"description": _told(item), "anyOf": [code, codes, operator]}


def _told(item: Item) -> str:
    return next(iter(item.text.by_language.values()), item.id)


def _comparison(item: Item | None) -> Schema:
    number: Schema = dict(_NUMBER)
    if item is not None and item.min is not None and item.max is not None:
        number |= {"minimum": _plain(item.min), "maximum": _plain(item.max)}
    between = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    found = _object({**dict.fromkeys(_COMPARISONS, number), "between": between}, minProperties=1)
    return found if item is None else {**found, "description": _told(item)}


def _plain(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)


def _answers(ruleset: Ruleset) -> Schema:
    """An answer document, as examples and cases write it."""
    answerable = [item for item in ruleset.items.values() if item.type is not ItemType.DISPLAY]
    return _object({item.id: {"description": _told(item), **_answer(item)} for item in answerable})


def _answer(item: Item) -> Schema:
    ways_out = [code for code, offered in zip(_WAYS_OUT, (item.unsure, item.decline), strict=True) if offered]
    codes: Schema = {"type": "string", "enum": [*item.codes, *ways_out]}
    match item.type:
        case ItemType.YES_NO | ItemType.CHOICE:
            return codes
        case ItemType.MULTI:
            return {"anyOf": [{**_list(codes), "uniqueItems": True}, *([{"enum": ways_out}] if ways_out else [])]}
        case ItemType.NUMBER:
            number: Schema = {"type": "integer" if item.integer else "number"}
            if item.min is not None and item.max is not None:
                number |= {"minimum": _plain(item.min), "maximum": _plain(item.max)}
            return {"anyOf": [number, *([{"enum": ways_out}] if ways_out else [])]}
        case ItemType.DATE:
            return {"anyOf": [_DATE, *([{"enum": ways_out}] if ways_out else [])]}
        case _:
            return {**_STRING, "maxLength": item.max_length}


def _manifest(_: Ruleset) -> Schema:
    names = {**_list(_NAME), "uniqueItems": True}
    approval = _object({"who": _WORD, "role": _WORD, "date": _DATE, "of": _WORD}, ("who", "role", "date", "of"))
    properties = {
        "id": _WORD, "version": _WORD, "effective": _DATE, "languages": {**_list({"type": "string"}), "uniqueItems": True},
        "sections": names, "packs": names, "approvals": _list(approval, 0),
    }  # fmt: skip
    return _object(properties, ("id", "version", "effective", "languages", "sections", "packs"))


_EVERY_ITEM_KEYS: Mapping[str, Schema] = {
    "id": _ID,
    "type": {"enum": [kind.value for kind in ItemType]},
    "text": _TEXT,
    "help": _TEXT,
    "enabled_when": _CONDITION,
    "unsure": {"type": "boolean"},
    "decline": {"type": "boolean"},
}
_ITEM_KEYS: Mapping[ItemType, Mapping[str, Schema]] = {
    ItemType.YES_NO: {},
    ItemType.CHOICE: {"choices": _map(_TEXT, _ID), "points": _map(_NUMBER, _ID)},
    ItemType.MULTI: {"choices": _map(_TEXT, _ID), "none": _TEXT},
    ItemType.NUMBER: {"min": _NUMBER, "max": _NUMBER, "integer": {"type": "boolean"}, "unit": _STRING},
    ItemType.DATE: {},
    ItemType.TEXT: {"max_length": {"type": "integer", "minimum": 1}},
    ItemType.DISPLAY: {},
}
_ITEM_NEEDS: Mapping[ItemType, tuple[str, ...]] = {
    ItemType.CHOICE: ("choices",),
    ItemType.MULTI: ("choices",),
    ItemType.NUMBER: ("min", "max"),
}
_NO_WAYS_OUT = (ItemType.TEXT, ItemType.DISPLAY)


def _section(_: Ruleset) -> Schema:
    every = {**_EVERY_ITEM_KEYS, **{key: schema for keys in _ITEM_KEYS.values() for key, schema in keys.items()}}
    fitting = [_of_type(kind, set(every)) for kind in ItemType]
    item = _object(every, ("id", "type", "text"), allOf=fitting)
    return _object(
        {"section": _NAME, "title": _TEXT, "help": _TEXT, "items": _list(item)}, ("section", "title", "items")
    )


def _of_type(kind: ItemType, keys: set[str]) -> Schema:
    """What an item of one type must have and may not have."""
    unfit = keys - set(_EVERY_ITEM_KEYS) - set(_ITEM_KEYS[kind])
    unfit |= {"unsure", "decline"} if kind in _NO_WAYS_OUT else set()
    then: Schema = {"properties": dict.fromkeys(sorted(unfit), False), "required": list(_ITEM_NEEDS.get(kind, ()))}
    return {"if": {"properties": {"type": {"const": kind.value}}, "required": ["type"]}, "then": then}


def _topic(ruleset: Ruleset) -> Schema:
    always = _object({"always": {"const": True}}, ("always",))
    missing = _list({"enum": list(ruleset.items)}, 0)
    outcomes = {"enum": [outcome.value for outcome in Outcome]}
    example = _object(
        {"answers": {"$ref": "#/definitions/answers"}, "expect": outcomes, "missing": missing}, ("answers", "expect")
    )
    rule_ids: Schema = {"anyOf": [{"enum": [rule.id for rule in ruleset.rules]}, _ID]}
    properties: dict[str, Schema] = {
        "id": _ID, "kind": {"enum": [kind.value for kind in Kind]},
        "severity": {"enum": [severity.value for severity in Severity]}, "when": {"anyOf": [_CONDITION, always]},
        "patient": _TEXT, "unknown": _TEXT, "ask": _TEXT, "clinician": _STRING,
        "cites": _list({"enum": list(ruleset.citations)}), "grade": {"anyOf": [_TEXT, _STRING]}, "review_by": _DATE,
        "also": _list(rule_ids, 0), "non_monotone": {"type": "array"}, "examples": _list(example, 0),
    }  # fmt: skip
    rule = _object(properties, ("id", "kind", "severity", "when", "patient", "cites"))
    return _object({"topic": _NAME, "rules": _list(rule)}, ("topic", "rules"))


def _scores(ruleset: Ruleset) -> Schema:
    added = [item.id for item in ruleset.items.values() if item.type is ItemType.NUMBER or item.points]
    parts = _list({"enum": added})
    made = {ScoreKind.SUM.value: parts, ScoreKind.MEAN.value: parts, ScoreKind.COUNT.value: _CONDITIONS}
    return _map(_object(made, minProperties=1, maxProperties=1), _ID)


def _citations(_: Ruleset) -> Schema:
    loose: Schema = {"anyOf": [_STRING, {"type": "integer"}, _list(_WORD)]}
    properties = dict.fromkeys(("source", "title", "section", "url", "year", "authors", "publisher", "doi"), loose)
    properties |= {"verified": {"enum": ["primary", "secondary"]}, "read": _DATE}
    properties["lines"] = _list({"type": "integer", "minimum": 1})
    return _map(_object(properties, ("source", "title", "verified")))


def _prose(_: Ruleset) -> Schema:
    pack = _object({"title": _TEXT, "about": _TEXT, "not_covered": _list(_TEXT)})
    lines = {"bring": _list(_TEXT), "next": _TEXT, "nothing_raised": _TEXT, "not_checked": _TEXT}
    guide = _object(dict.fromkeys(("title", "lead", "asks", "sources", "reasons"), _TEXT))
    properties = {
        "guide": guide, "topics": _map(_TEXT), "packs": _map(pack), "summary": _object(lines), "help_now": _TEXT,
    }  # fmt: skip
    return _object(properties)


def _conflicts(ruleset: Ruleset) -> Schema:
    answerable = [item.id for item in ruleset.items.values() if item.type is not ItemType.DISPLAY]
    items = {**_list({"enum": answerable}), "uniqueItems": True}
    properties = {"id": _ID, "when": _CONDITION, "text": _TEXT, "items": items}
    return _list(_object(properties, ("id", "when", "text", "items")))


def _case(ruleset: Ruleset) -> Schema:
    rules = {**_list({"enum": [rule.id for rule in ruleset.rules if not rule.is_always]}, 0), "uniqueItems": True}
    properties = {
        "name": _STRING, "story": _STRING, "answers": {"$ref": "#/definitions/answers"}, "raised": rules,
        "could_not_assess": rules,
        "conflicts": {**_list({"enum": [conflict.id for conflict in ruleset.conflicts]}, 0), "uniqueItems": True},
    }  # fmt: skip
    return _object(properties, ("name", "story", "answers", "raised", "could_not_assess"))
