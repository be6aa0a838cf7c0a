"""`screener serve` as a process of its own, on a free port of this machine."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from screener.paths import rules_folder

SCREENER = [sys.executable, "-m", "screener.cli"]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("SCREENER_")}
SECONDS = 60


@pytest.fixture
def served(tmp_path):
    """Starts a server; gives the process and its first lines, up to the one that says where it listens."""
    started = []

    def start(*options, instance=tmp_path / "instance"):
        command = [*SCREENER, "serve", "--port", "0", "--instance", str(instance), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=CLEAN)
        started.append(process)
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("Listening on "):
                return process, lines
        raise AssertionError((lines, process.stderr.read()))

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def run(*arguments, **options):
    return subprocess.run(
        [*SCREENER, *arguments], capture_output=True, text=True, env=CLEAN, timeout=SECONDS, check=False, **options
    )


def fetch(address):
    with urllib.request.urlopen(address, timeout=SECONDS) as reply:
        return reply.status, dict(reply.headers), reply.read().decode()


def address_in(lines):
    return re.fullmatch(r"Listening on (http://127\.0\.0\.1:\d+)  \(Ctrl\+C stops it\)", lines[-1])[1]


def stop(process):
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=SECONDS)


def test_empty_instance_is_set_up_serves_and_ends_when_told(served, tmp_path):
    process, lines = served()
    address = address_in(lines)
    assert lines[0].startswith(f"First start: made the keys of this installation in {tmp_path}/instance/config.toml.")
    (link,) = [line.strip() for line in lines if "/set-up/" in line]
    assert link.startswith(f"{address}/set-up/")
    status, headers, page = fetch(address + "/")
    assert (status, "<h1" in page) == (200, True)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Server" not in headers
    assert fetch(link)[0] == 200
    assert stop(process) == 0
    assert {entry.name for entry in (tmp_path / "instance").iterdir()} >= {"config.toml", "screener.db"}


def test_instance_with_an_account_prints_no_link(served, tmp_path):
    instance = tmp_path / "instance"
    added = run(
        *("users", "add", "ana@clinic.test", "--name", "Ana", "--role", "admin", "--password-stdin"),
        *("--instance", str(instance)),
        input="three grey herons at dusk\n",
    )
    assert (added.returncode, added.stdout.splitlines()[-1]) == (0, "Added ana@clinic.test (admin).")
    process, lines = served()
    assert not any("/set-up/" in line for line in lines)
    assert stop(process) == 0


def test_port_in_use_is_a_clear_error(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        failed = run("serve", "--port", str(port), "--instance", str(tmp_path / "instance"))
    assert failed.returncode == 2
    assert f"Cannot listen on 127.0.0.1 port {port}: Address already in use." in failed.stderr
    assert "Traceback" not in failed.stderr


def test_address_of_no_machine_here_is_a_clear_error(tmp_path):
    failed = run("serve", "--host", "300.1.1.1", "--port", "0", "--instance", str(tmp_path / "instance"))
    assert failed.returncode == 2
    assert "300.1.1.1 is not an address of this machine. Name one with --host." in failed.stderr
    assert "Another program" not in failed.stderr


def test_database_of_a_newer_program_is_a_clear_error(tmp_path):
    instance = tmp_path / "instance"
    assert run("users", "list", "--instance", str(instance)).returncode == 0
    with closing(sqlite3.connect(instance / "screener.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0999'")
    failed = run("serve", "--port", "0", "--instance", str(instance))
    assert failed.returncode == 2
    assert failed.stderr.startswith("Error: The database was last used by a newer version of this program")
    assert "Traceback" not in failed.stderr


def test_bad_rulebook_shows_every_problem_and_nothing_is_served(tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    failed = run("serve", "--port", "0", "--instance", str(tmp_path / "instance"), "--rules", str(rules))
    assert failed.returncode == 2
    assert "manifest.yaml" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert "Listening" not in failed.stdout


def test_database_of_a_newer_version_is_left_alone_and_told(tmp_path):
    place = ("--instance", str(tmp_path / "instance"))
    assert run("users", "list", *place).returncode == 0
    with closing(sqlite3.connect(tmp_path / "instance" / "screener.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    failed = run("users", "list", *place)
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr.startswith("Error: The database was last used by a newer version of this program,")
    with closing(sqlite3.connect(tmp_path / "instance" / "screener.db")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_rulebook_of_the_option_is_served(served):
    _, lines = served("--rules", str(Path(__file__).parents[1] / "store" / "rulebook"))
    assert not any("ketamine_chronic_pain" in line for line in lines)
    _, lines = served("--rules", str(rules_folder()))
    assert any(line.startswith("Rulebook ketamine_chronic_pain ") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "ana", "--name", "Ana", "--role", "admin"), "EMAIL: expected an address"),
        (("add", "a@b.test", "--name", " ", "--role", "admin"), "--name: expected 1 to 200 characters."),
        (("add", "a@b.test", "--name", "Ana", "--role", "patient"), "'patient' is not one of"),
        (("deactivate", "nobody@clinic.test"), "No account has this e-mail address."),
    ],
)
def test_users_says_what_is_wrong(tmp_path, arguments, message):
    failed = run("users", *arguments, "--instance", str(tmp_path / "instance"))
    assert (failed.returncode, message in failed.stderr) == (2, True)


def test_users_are_invited_listed_and_deactivated(tmp_path):
    place = ("--instance", str(tmp_path / "instance"))
    invited = run("users", "add", "eve@clinic.test", "--name", "Eve", "--role", "intake", *place)
    assert re.search(r"^  http://127\.0\.0\.1:8000/set-up/[\w-]{43}$", invited.stdout, re.MULTILINE)
    add = ("users", "add", "ana@clinic.test", "--name", "Ana", "--role", "clinician", "--password-stdin", *place)
    short = run(*add, input="short\n")
    assert (short.returncode, "at least 15 characters" in short.stderr) == (2, True)
    assert run(*add, input="three grey herons at dusk\n").returncode == 0
    assert "exists already" in run(*add, input="three grey herons at dusk\n").stderr
    assert run("users", "deactivate", "Ana@clinic.test", *place).returncode == 0
    assert run("users", "list", *place).stdout.splitlines() == [
        "ana@clinic.test\tclinician\tdeactivated\tAna",
        "eve@clinic.test\tintake\tinvited\tEve",
    ]


def test_demo_fills_once_and_shows_its_passwords_once(tmp_path):
    place = ("--instance", str(tmp_path / "instance"))
    first = run("demo", "--count", "3", *place)
    assert first.returncode == 0, first.stderr
    assert "Added 3 synthetic submissions." in first.stdout
    assert len(re.findall(r"^  demo\.\w+@example\.org  [\w-]{20}$", first.stdout, re.MULTILINE)) == 3
    again = run("demo", "--count", "4", *place)
    assert again.stdout.splitlines() == ["Added 1 synthetic submissions."]
