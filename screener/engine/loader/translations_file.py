"""Reads and writes `.translations.json`, the dot-file of a rulebook folder that no author edits by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from screener.engine.loader.problems import Problem, RulesetError

_NAME = ".translations.json"


def read_confirmed(folder: Path) -> dict[str, dict[str, str]] | None:
    """Hashes by text and language; None where there is no such file. Raises RulesetError where it is damaged."""
    try:
        document = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        return {
            str(key): {str(lang): str(digest) for lang, digest in hashes.items()} for key, hashes in document.items()
        }
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError) as error:
        what = f"cannot be read ({type(error).__name__})"
        mend = "delete it and run `screener rules translated`"
        raise RulesetError([Problem(_NAME, 0, "", what, mend)]) from None


def write_confirmed(folder: Path, confirmed: Mapping[str, Mapping[str, str]]) -> None:
    """Write the file, one text a line, sorted, so that changes show line by line. Raises OSError."""
    lines = [f"{json.dumps(key)}: {json.dumps(dict(hashes))}" for key, hashes in sorted(confirmed.items())]
    (folder / _NAME).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
