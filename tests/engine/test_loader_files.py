"""What a rulebook folder may hold besides good files: links, folders named like files, pipes, nothing at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from small_rulebooks import files, write

from screener.engine.loader import RulesetError, load_ruleset

TOPIC = "screening/source/general.yaml"


def told(folder: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(folder)
    return [f"{problem.file}: {problem.what}" for problem in caught.value.problems]


def test_a_linked_folder_is_refused_because_its_rules_would_never_fire(tmp_path):
    folder = write(tmp_path / "rules", files())
    (folder / "screening/source").rename(tmp_path / "elsewhere")
    (folder / "screening/source").symlink_to(tmp_path / "elsewhere")
    assert told(folder) == ["screening/source: is a link to a folder, which is not followed"]


def test_a_link_to_a_folder_above_ends_in_a_problem(tmp_path):
    (write(tmp_path, files()) / "screening/again").symlink_to(tmp_path)
    assert told(tmp_path) == ["screening/again: is a link to a folder, which is not followed"]


def test_a_file_linked_to_itself_is_a_problem(tmp_path):
    path = write(tmp_path, files()) / "scores.yaml"
    path.unlink()
    path.symlink_to(path)
    assert told(tmp_path) == ["scores.yaml: cannot be read (Too many levels of symbolic links)"]


@pytest.mark.parametrize("name", ["manifest.yaml", "citations.yaml", "scores.yaml", TOPIC])
def test_a_folder_named_like_a_file_is_a_problem(tmp_path, name):
    path = write(tmp_path, files()) / name
    path.unlink()
    path.mkdir()
    assert told(tmp_path) == [f"{name}: is no file"]


def test_a_pipe_is_not_waited_for(tmp_path):
    path = write(tmp_path, files()) / TOPIC
    path.unlink()
    os.mkfifo(path)
    assert told(tmp_path) == [f"{TOPIC}: is no file"]


def test_a_pack_without_topics_is_a_problem(tmp_path):
    (write(tmp_path, files()) / TOPIC).unlink()
    assert told(tmp_path) == ["manifest.yaml: this pack has no topic file"]


def test_a_folder_name_too_long_for_the_system_is_a_problem():
    name = "x" * 5000
    assert told(Path(name)) == [f"{name}: there is no such folder"]


def test_an_empty_prose_file_is_a_problem(tmp_path):
    assert told(write(tmp_path, files(**{"prose.yaml": {}}))) == ["prose.yaml: must be a mapping, not empty"]


def test_aliases_cannot_nest_deeper_than_a_file_may(tmp_path):
    lines = ["x0: &a0 " + "{not: " * 90 + "{smokes: yes}" + "}" * 90]
    lines += [f"x{n}: &a{n} " + "{not: " * 90 + f"*a{n - 1}" + "}" * 90 for n in range(1, 13)]
    found = told(write(tmp_path, {**files(), TOPIC: "\n".join(lines)}))
    assert found == [
        f"{TOPIC}: anchors are not allowed",
        f"{TOPIC}: alias `*a0` is not allowed",
        f"{TOPIC}: anchors are not allowed",
    ]
