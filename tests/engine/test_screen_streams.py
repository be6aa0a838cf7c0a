"""`screener screen` between other programs: one that reads on slowly, one that stops reading, none at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from small_rulebooks import files, write

SCREEN = [sys.executable, "-m", "screener.cli", "screen"]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write(tmp_path / "rules", files())


def started(arguments: Sequence[object]) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen([*SCREEN, *map(str, arguments)], stdin=pipe, stdout=pipe, stderr=pipe)


def test_each_line_is_answered_before_the_next_one_comes(rules):
    with started(["-", "--lines", "--rules", rules]) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"smokes": "yes"}\n')
        process.stdin.flush()
        assert process.stdout.readline().startswith(b'{"ruleset":{"id":"small"')
        rest, _ = process.communicate(b"\n{}", timeout=60)  # an empty line, then one that does not end
    first, second = rest.splitlines()
    assert first == b'{"line":2,"errors":["not JSON at line 1, column 1: the document is empty"]}'
    assert second.startswith(b'{"ruleset":{"id":"small"')
    assert process.returncode == 2


def test_a_reader_that_stops_is_no_mistake_in_the_answers(rules, tmp_path):
    answers = tmp_path / "answers.jsonl"
    answers.write_text("{}\n" * 5000)
    with started([answers, "--lines", "--rules", rules]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_closed_stdin_is_named(rules):
    command = [*SCREEN, "-", "--rules", str(rules)]
    done = subprocess.run(["sh", "-c", 'exec "$@" <&-', "sh", *command], capture_output=True, check=False, timeout=60)
    expected = b"-: cannot be read (Bad file descriptor); name a file of answers, or - for stdin\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", expected)


def test_a_full_disk_is_no_traceback_and_no_success(rules):
    command = [*SCREEN, "-", "--json", "--rules", str(rules)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, input=b"{}", stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    expected = b"Nothing more could be written (No space left on device): what was written is not complete.\n"
    assert (done.returncode, done.stderr) == (2, expected)
