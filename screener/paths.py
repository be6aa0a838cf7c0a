"""Where things stand on this machine: the rulebook, the templates, the instance folder.

A wheel carries rulebook and templates in `screener/_data/`; a checkout has them beside the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BESIDE = _PACKAGE.parent


def rules_folder() -> Path:
    """The shipped rulebook."""
    return _shipped("rules")


def templates_folder() -> Path:
    """The page templates."""
    return _shipped("templates")


def default_instance() -> Path:
    """`instance/` of a checkout, else of the folder the command runs in."""
    root = _BESIDE if (_BESIDE / "pyproject.toml").is_file() else Path.cwd()
    return root / "instance"


def _shipped(name: str) -> Path:
    carried = _PACKAGE / "_data" / name
    return carried if carried.is_dir() else _BESIDE / name
