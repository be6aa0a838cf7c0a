"""Builds the wheel, installs it into a fresh environment elsewhere, and asks the served form for its first pages.

Not a pytest test, since it installs packages: run it with `python tests/wheel.py`. Shows that rules, templates and translations travel.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PORT = 8391


def run(*command: str | Path, cwd: Path) -> str:
    return subprocess.run([str(part) for part in command], cwd=cwd, check=True, capture_output=True, text=True).stdout


def fetch(path: str, language: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=5) as reply:
        return str(reply.read().decode())


def await_start(process: subprocess.Popen[str]) -> None:
    for _ in range(120):
        if process.poll() is not None:
            raise SystemExit(f"the server ended by itself:\n{process.communicate()[0]}")
        try:
            fetch("/", "en")
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server did not start within a minute")


def check(folder: Path) -> None:
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        folder / "dist",
        REPOSITORY,
        cwd=folder,
    )
    (wheel,) = (folder / "dist").glob("screener-*.whl")
    venv.create(folder / "fresh", with_pip=True)
    run(folder / "fresh/bin/python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    screener = folder / "fresh/bin/screener"
    (folder / "answers.json").write_text('{"heart_conditions": ["hypertension"]}')
    findings = json.loads(run(screener, "screen", "answers.json", "--json", cwd=folder))["findings"]
    assert "article_hypertension" in [finding["rule"] for finding in findings], "the rulebook did not travel"
    look = "from screener.paper.compilers import folder, has_glyphs; print((folder() / 'summary.typ').is_file(), has_glyphs('ñ'))"
    found = run(folder / "fresh/bin/python", "-c", look, cwd=folder).split()
    assert found == ["True", "True"], "the templates or fonts of the PDFs did not travel"
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [str(screener), "serve", "--port", str(PORT)]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    try:
        await_start(process)
        assert '<html lang="en"' in fetch("/", "en"), "the start page did not travel"
        assert '<html lang="es"' in fetch("/", "es"), "the Spanish start page did not travel"
        assert fetch("/", "en") != fetch("/", "es").replace('lang="es"', 'lang="en"'), "the translations did not travel"
        assert "988" in fetch("/", "es"), "the help line did not travel"
        assert (folder / "instance").is_dir(), "the instance folder is not ./instance"
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert process.returncode == 0, f"the server ended with {process.returncode}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        check(Path(temporary))
    print("the wheel serves the form from a fresh environment")
