"""Builds the wheel, installs it into a fresh environment elsewhere, and asks the served form for its first pages.

Not a pytest test, since it installs packages: run it with `python tests/wheel.py`. Shows that rules, templates and translations travel.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    return subprocess.run([str(part) for part in command], cwd=cwd, check=True, capture_output=True, text=True).stdout


def fetch(address: str, language: str) -> str:
    request = urllib.request.Request(f"{address}/", headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return str(reply.read().decode())


def await_address(process: subprocess.Popen[str]) -> str:
    """Where the server says that it listens."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Listening on "):
            return line.split()[2]
    raise SystemExit(f"the server ended by itself:\n{''.join(lines)}")


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
    command = [str(screener), "serve", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    try:
        address = await_address(process)
        english, spanish = fetch(address, "en"), fetch(address, "es")
        assert '<html lang="en"' in english, "the start page did not travel"
        assert '<html lang="es"' in spanish, "the Spanish start page did not travel"
        assert english != spanish.replace('lang="es"', 'lang="en"'), "the translations did not travel"
        assert "988" in spanish, "the help line did not travel"
        assert (folder / "instance").is_dir(), "the instance folder is not ./instance"
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert process.returncode == 0, f"the server ended with {process.returncode}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        check(Path(temporary))
    print("the wheel serves the form from a fresh environment")
