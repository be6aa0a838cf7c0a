"""One rulebook with every mistake an author may make: each is named with its file, its line and how to mend it, and none hides another.

faulty_rulebook/ marks its own mistakes: a comment `# fault: WORDS` wants WORDS told of its line, `# fault@-2: WORDS` of two lines
above, `# fault@0: WORDS` of the file without a line. Mistakes of loading, lint and proofs come in one run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from screener.commands.rules import command
from screener.engine.loader import RulesetError, load_ruleset

FOLDER = Path(__file__).parent / "faulty_rulebook"
_MARK = re.compile(r"# fault(?:@(-?\d+))?: (.+)$")


class Fault(NamedTuple):
    """A mistake that was planted; line 0 is the file as a whole."""

    file: str
    line: int
    words: str


def planted() -> list[Fault]:
    found = []
    for path in sorted(path for path in FOLDER.rglob("*") if path.suffix in (".yaml", ".yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for offset, words in _MARK.findall(line):
                at = 0 if offset == "0" else number + int(offset or 0)
                found.append(Fault(path.relative_to(FOLDER).as_posix(), at, words))
    return found


FAULTS = planted()


@pytest.fixture(scope="module")
def checked() -> Result:
    return CliRunner().invoke(command, ["check", "--rules", str(FOLDER), "--date", "2026-01-01"])


def test_there_are_many_mistakes_of_each_stage():
    assert len(FAULTS) >= 40


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.words[:40]}")
def test_each_mistake_is_named_with_file_line_and_how_to_mend_it(checked, fault):
    place = f"{fault.file}:{fault.line}: " if fault.line else f"{fault.file}: "
    told = [line for line in checked.output.splitlines() if f": {place}" in f": {line.partition(': ')[2]}"]
    (line,) = [line for line in told if fault.words in line][:1] or [f"not told of {place}"]
    assert fault.words in line
    what, _, mend = line.rpartition("; ")
    assert (bool(what), bool(mend)) == (True, True)


def test_the_check_fails_and_counts_what_it_found(checked):
    assert checked.exit_code == 1
    assert re.search(
        r"The rulebook does not load: \d+ problems, and \d+ more in what could be read of it", checked.output
    )


def test_no_mistake_of_loading_is_told_that_nobody_made():
    with pytest.raises(RulesetError) as caught:
        load_ruleset(FOLDER)
    marked = {(fault.file, fault.line) for fault in FAULTS}
    assert [problem for problem in caught.value.problems if (problem.file, problem.line) not in marked] == []
