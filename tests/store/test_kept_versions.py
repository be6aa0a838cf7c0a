"""`rules diff` over what an instance keeps: versions by their hash, and submissions, of which only counts are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from screener.commands.rules import command
from screener.config import make_first_config
from screener.engine.loader import load_ruleset
from screener.store import operations, queries
from screener.store.database import connect, reading, writing
from screener.store.workflow import Move
from tests.store.examples import CALM, NOW, URGENT

RULEBOOK = Path(__file__).parent / "rulebook"


@pytest.fixture
def instance(tmp_path: Path, sqlite_template: Path) -> Path:
    """An instance folder with keys and a migrated database."""
    folder = tmp_path / "instance"
    make_first_config(folder, environ={})
    shutil.copy(sqlite_template, folder / "screener.db")
    return folder


@pytest.fixture
def filled(instance, submitted) -> Path:
    """The instance with three submissions, one of them withdrawn."""
    engine = connect(f"sqlite:///{instance / 'screener.db'}")
    with writing(engine) as session:
        submitted(session, CALM)
        submitted(session, URGENT)
        gone = submitted(session, URGENT)
        operations.move_submission(session, gone, Move.WITHDRAW, actor=None, expected_version=gone.version, now=NOW)
    engine.dispose()
    return instance


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The rulebook with one severity changed."""
    folder = Path(shutil.copytree(RULEBOOK, tmp_path / "changed"))
    file = next(path for path in sorted(folder.glob("screening/*/*.yaml")) if "severity: urgent" in path.read_text())
    file.write_text(file.read_text().replace("severity: urgent", "severity: first"))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["diff", *(str(argument) for argument in arguments)])


def test_a_kept_version_is_compared_by_its_hash(filled, changed):
    kept = load_ruleset(RULEBOOK).hash
    assert run(kept, RULEBOOK, "--instance", filled).exit_code == 0
    assert run(kept[:8], changed, "--instance", filled, "--synthetic", 0).exit_code == 1


def test_stored_submissions_are_counted_only_when_asked_for(filled, changed):
    quiet = run(RULEBOOK, changed, "--synthetic", 0)
    assert "stored" not in quiet.stdout
    asked = run(RULEBOOK, changed, "--synthetic", 0, "--stored", "--instance", filled)
    assert asked.stdout.splitlines()[-2:] == [
        "Of 2 stored submissions, 1 come out otherwise",
        "    highest severity raised: urgent -> first: 1",
    ]
    assert "Zoraida" not in asked.output


@pytest.mark.parametrize(("beginning", "told"), [("0" * 8, "no version with this hash is kept")])
def test_a_version_that_is_not_kept_is_a_plain_error(filled, beginning, told):
    done = run(RULEBOOK, beginning, "--instance", filled)
    assert (done.exit_code, told in done.stderr) == (2, True)


def test_an_instance_without_a_database_is_left_as_it_is(tmp_path):
    folder = tmp_path / "instance"
    make_first_config(folder, environ={})
    done = run(RULEBOOK, "0" * 8, "--instance", folder)
    assert (done.exit_code, "has no database yet" in done.stderr) == (2, True)
    assert [path.name for path in folder.iterdir()] == ["config.toml"]


def test_a_database_without_tables_is_a_plain_error(instance):
    (instance / "screener.db").write_bytes(b"")
    done = run(RULEBOOK, "0" * 8, "--instance", instance)
    assert (done.exit_code, "cannot be read" in done.stderr, "Traceback" in done.output) == (2, True, False)


def test_newest_answers_come_in_pages(engine: Engine, submitted):
    with writing(engine) as session:
        first, second = (submitted(session, answers) for answers in (CALM, URGENT))
        numbers = [first.id, second.id]
    with reading(engine) as session:
        assert queries.answers_not_withdrawn(session) == [(numbers[0], CALM), (numbers[1], URGENT)]
        assert queries.answers_not_withdrawn(session, after=numbers[0]) == [(numbers[1], URGENT)]
        assert queries.count_submissions_not_withdrawn(session) == 2


def test_kept_versions_are_found_by_the_beginning_of_their_hash(engine: Engine, submitted, ruleset):
    with writing(engine) as session:
        submitted(session)
    with reading(engine) as session:
        assert queries.ruleset_hashes(session, ruleset.hash[:8]) == [ruleset.hash]
        assert queries.ruleset_hashes(session, "%") == []
