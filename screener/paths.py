"""Where what travels with the package is found: in a wheel below `_data/`, in a checkout beside the package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _travelling(name: str) -> Path:
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def rules_folder() -> Path:
    """The rulebook shipped with screener."""
    return _travelling("rules")


def templates_folder() -> Path:
    """The page templates."""
    return _travelling("templates")


def default_instance() -> Path:
    """The instance folder where none is named: `instance/` of the checkout, else `./instance`."""
    checkout = _PACKAGE.parent
    return checkout / "instance" if (checkout / "pyproject.toml").is_file() else Path.cwd() / "instance"
