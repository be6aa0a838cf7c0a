"""The schemas for editors accept every shipped file and refuse what the loader would refuse."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from small_rulebooks import CITATIONS, ITEMS, MANIFEST, SCORES, files, rule, ruleset, write

from screener.commands.rules import command
from screener.engine.editor_schema import editor_schemas
from screener.engine.loader import load_ruleset
from screener.engine.loader.problems import Problems
from screener.engine.loader.yaml_source import plain, read_yaml
from screener.engine.rules import Ruleset
from screener.paths import rules_folder

SMALL = ruleset(rule("r1", {"smokes": "yes"}))
SCHEMAS = editor_schemas(SMALL)
EXAMPLE = {"answers": {"smokes": "yes", "heart": ["angina", "not_sure"], "pressure": 120}, "expect": "raised"}
RULE = rule(
    "r1",
    {"all": [{"smokes": "yes"}, {"not": {"heart": {"all_of": ["angina"]}}}, {"at_least": {"n": 1, "of": [{"mood": {"gte": 3}}]}}]},
    examples=[EXAMPLE],
    review_by="2027-01-01",
    grade="B",
)  # fmt: skip
GOOD: dict[str, Any] = {
    "manifest": MANIFEST,
    "section": {"section": "only", "title": {"en": "Only"}, "items": ITEMS},
    "topic": {"topic": "general", "rules": [RULE]},
    "scores": SCORES,
    "citations": CITATIONS,
    "prose": {
        "topics": {"general": {"en": "General"}},
        "summary": {"bring": [{"en": "This"}]},
        "help_now": {"en": "Call."},
        "guide": {"title": {"en": "Thinking?"}, "asks": {"en": "Questions."}},
    },
    "conflicts": [
        {
            "id": "c1",
            "when": {"all": [{"smokes": "yes"}, {"mood": {"gte": 3}}]},
            "text": {"en": "x"},
            "items": ["smokes"],
        }
    ],
    "case": {"name": "Ann", "story": "x", "answers": {"words": "Hm."}, "raised": ["r1"], "could_not_assess": []},
}


def is_valid(kind: str, document: Any, schemas: dict[str, Any] = SCHEMAS) -> bool:
    return jsonschema.Draft7Validator(schemas[kind]).is_valid(document)


def shipped_files() -> Iterator[tuple[str, Path]]:
    folder = rules_folder()
    kinds = {"questionnaire/*.yaml": "section", "screening/*/*.yaml": "topic", "cases/*.yaml": "case"}
    for name in ("manifest", "scores", "citations", "prose", "conflicts"):
        yield name, folder / f"{name}.yaml"
    for pattern, kind in kinds.items():
        yield from ((kind, path) for path in sorted(folder.glob(pattern)))


@pytest.fixture(scope="module")
def shipped() -> Ruleset:
    return load_ruleset(rules_folder())


@pytest.mark.parametrize("kind", GOOD)
def test_each_schema_is_one_and_accepts_a_good_file(kind):
    jsonschema.Draft7Validator.check_schema(SCHEMAS[kind])
    jsonschema.validate(GOOD[kind], SCHEMAS[kind], jsonschema.Draft7Validator)


def test_every_shipped_file_is_valid(shipped):
    schemas = editor_schemas(shipped)
    wrong = []
    for kind, path in shipped_files():
        node = read_yaml(path.name, path.read_bytes(), Problems())
        assert node is not None
        wrong += [
            (path.name, error.message) for error in jsonschema.Draft7Validator(schemas[kind]).iter_errors(plain(node))
        ]
    assert wrong == []


def changed(kind: str, *path: Any, to: Any) -> Any:
    """A good file with the value at `path` replaced."""
    document = copy.deepcopy(GOOD[kind])
    *way, last = path
    inner = document
    for step in way:
        inner = inner[step]
    inner[last] = to
    return document


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("manifest", ("effective",), "soon"),
        ("manifest", ("stray",), 1),
        ("manifest", ("approvals",), [{"who": "Ada"}]),
        ("manifest", ("sections",), []),
        ("section", ("title",), "Only"),
        ("section", ("items", 0, "type"), "yesno"),
        ("section", ("items", 0, "id"), "Smokes"),
        ("section", ("items", 0, "choices"), {"a": {"en": "A"}}),
        ("section", ("items", 0, "unsure"), "no"),
        ("section", ("items", 2, "enabled_when"), {"hart": "hypertension"}),
        ("section", ("items", 2, "enabled_when"), {"heart": "hypertention"}),
        ("section", ("items", 0, "text"), {"es": "¿Fuma?"}),
        ("topic", ("rules", 0, "severity"), "high"),
        ("topic", ("rules", 0, "kind"), "danger"),
        ("topic", ("rules", 0, "cites"), ["bok"]),
        ("topic", ("rules", 0, "cites"), []),
        ("topic", ("rules", 0, "when"), {"smoks": "yes"}),
        ("topic", ("rules", 0, "when"), {"smokes": "maybe"}),
        ("topic", ("rules", 0, "when"), {"smokes": True}),
        ("topic", ("rules", 0, "when"), {"smokes": {"all_of": ["yes"]}}),
        ("topic", ("rules", 0, "when"), {"pressure": {"gte": 300}}),
        ("topic", ("rules", 0, "when"), {"pressure": {"above": 100}}),
        ("topic", ("rules", 0, "when"), {"pressure": {"between": [100]}}),
        ("topic", ("rules", 0, "when"), {"mood": 3}),
        ("topic", ("rules", 0, "when"), {"all": []}),
        ("topic", ("rules", 0, "when"), {"smokes": "yes", "heart": "angina"}),
        ("topic", ("rules", 0, "when"), {"all": [{"always": True}]}),
        ("topic", ("rules", 0, "when"), {"always": False}),
        ("topic", ("rules", 0, "when"), {"words": "x"}),
        ("topic", ("rules", 0, "when"), {"at_least": {"n": 0, "of": [{"smokes": "yes"}]}}),
        ("topic", ("rules", 0, "pateint"), {"en": "x"}),
        ("topic", ("rules", 0, "review_by"), "next year"),
        ("topic", ("rules", 0, "grade"), {"es": "Grado B"}),
        ("topic", ("rules", 0, "examples", 0, "expect"), "rased"),
        ("topic", ("rules", 0, "examples", 0, "answers"), {"smokes": "maybe"}),
        ("topic", ("rules", 0, "examples", 0, "answers"), {"pressure": 128.5}),
        ("topic", ("rules", 0, "examples", 0, "answers"), {"note": "yes"}),
        ("scores", ("mood",), {"sum": ["smokes"]}),
        ("scores", ("mood",), {"sum": ["low"], "mean": ["low"]}),
        ("scores", ("mood",), {"product": ["low"]}),
        ("citations", ("book", "verified"), "maybe"),
        ("citations", ("book", "sorce"), "x"),
        ("conflicts", (0, "items"), ["smoks"]),
        ("conflicts", (0, "items"), ["note"]),
        ("conflicts", (0, "items"), []),
        ("conflicts", (0, "when"), {"always": True}),
        ("conflicts", (0, "severity"), "first"),
        ("case", ("conflicts",), ["c1"]),
        ("prose", ("help_now",), "Call."),
        ("prose", ("guide",), {"name": {"en": "Thinking?"}}),
        ("prose", ("guide", "title"), "Thinking?"),
        ("prose", ("summary", "brings"), []),
        ("case", ("raised",), ["r2"]),
        ("case", ("answers",), {"smoks": "yes"}),
    ],
)
def test_a_planted_mistake_is_not_valid(kind, path, value):
    assert is_valid(kind, changed(kind, *path, to=value)) is False


@pytest.mark.parametrize(
    ("kind", "path"),
    [("section", ("items", 1, "choices")), ("section", ("items", 3, "min")), ("topic", ("rules", 0, "cites")), ("case", ("raised",))],
)  # fmt: skip
def test_a_missing_key_is_not_valid(kind, path):
    document = copy.deepcopy(GOOD[kind])
    *way, last = path
    inner = document
    for step in way:
        inner = inner[step]
    del inner[last]
    assert is_valid(kind, document) is False


def test_always_is_a_whole_condition():
    assert is_valid("topic", changed("topic", "rules", 0, "when", to={"always": True})) is True


def test_schemas_of_the_shipped_questionnaire_complete_its_items_and_codes(shipped):
    condition = editor_schemas(shipped)["topic"]["definitions"]["condition"]
    assert set(shipped.scores) <= set(condition["properties"])
    assert condition["properties"]["bp_control"]["anyOf"][0]["enum"] == ["good", "poor", "untreated"]


def test_the_command_writes_one_file_a_kind(tmp_path):
    rules = write(tmp_path / "rules", files())
    done = CliRunner().invoke(command, ["schema", "--rules", str(rules), "--out", str(rules / ".schemas")])
    assert (done.exit_code, sorted(path.stem for path in (rules / ".schemas").iterdir())) == (0, sorted(SCHEMAS))
    load_ruleset(rules)  # a dot-folder is allowed beside the rulebook's files
    printed = CliRunner().invoke(command, ["schema", "--rules", str(rules)])
    assert json.loads(printed.stdout)["case"] == json.loads((rules / ".schemas" / "case.json").read_text())


def test_a_rulebook_that_does_not_load_has_schemas_of_what_could_be_read(tmp_path):
    done = CliRunner().invoke(command, ["schema", "--rules", str(write(tmp_path, files(rule("r1", {"smoks": "yes"}))))])
    assert (done.exit_code, done.stderr.count("\n")) == (0, 1)
    assert "smokes" in json.loads(done.stdout)["topic"]["definitions"]["condition"]["properties"]


def test_a_folder_without_a_rulebook_is_a_plain_error(tmp_path):
    done = CliRunner().invoke(command, ["schema", "--rules", str(tmp_path / "none")])
    assert (done.exit_code, done.stdout) == (2, "")
