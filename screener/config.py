"""Settings: read once from defaults, `instance/config.toml` and SCREENER_* variables, then frozen.

The two secrets sign cookies and go into password hashes. A first start in an empty instance makes them; an
instance that holds something but no secrets has lost them, and does not start with new ones behind its back.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from screener.clinic import Clinic, ClinicProblem, read_clinic
from screener.paths import default_instance, rules_folder

CONFIG_NAME = "config.toml"
CONFIG_MODE = 0o600
INSTANCE_MODE = 0o700
SECRETS = ("secret_key", "password_salt")
CLINIC = "clinic"  # the one table of the file; no variable of the environment holds it
SHORTEST_SECRET = 32
FEWEST_DAYS, MOST_DAYS = 2, 365
MOST_SHARED_MINUTES = 60
FEWEST_DIFFERENT_CHARACTERS = 10
SMTP_SECURITIES = ("starttls", "tls", "none")
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
# What stands in examples and tutorials; anyone could sign a cookie with these.
DEFAULT_WORDS = ("change", "replace", "example", "default", "secret", "password", "insecure", "your-", "xxxx")


class ConfigError(Exception):
    """The settings cannot be used; `str()` is public text and never holds a secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between two installations."""

    instance: Path
    rules: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    password_salt: str = field(repr=False)
    debug: bool = False
    secure_cookies: bool = False
    proxies: int = 0
    public_url: str = ""
    timezone: str = ""
    waiting_target_hours: int = 48
    clinic: Clinic | None = None
    draft_days: int = 14  # how long a draft with a return code is kept after its last save
    summary_days: int = 30  # how long its summary opens with that code after it was sent
    shared_device: bool = False  # every device is used by others too: a clinic's tablet
    shared_device_minutes: int = 10  # how long a shared device opens answers after its last request
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_from: str = ""
    digest_hour: int = 7


def make_first_config(instance: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Path | None:
    """In an empty instance folder, make `config.toml` with fresh secrets; its path, None if nothing was made."""
    folder = _instance(instance, environ)
    if all(f"SCREENER_{name.upper()}" in environ for name in SECRETS) or not _is_empty(folder):
        return None
    path = folder / CONFIG_NAME
    lines = "".join(f'{name} = "{secrets.token_urlsafe(48)}"\n' for name in SECRETS)
    try:
        folder.mkdir(mode=INSTANCE_MODE, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, CONFIG_MODE)
    except FileExistsError:
        return None  # another process was faster, and its secrets count
    except OSError as error:
        raise _unusable(folder, "written", error) from None
    with open(descriptor, "w", encoding="utf-8") as config:
        config.write("# Made at the first start. Keep it: sessions and all passwords depend on it.\n" + lines)
    return path


def read_settings(
    instance: Path | None = None,
    *,
    rules: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings of this instance: arguments over the environment over the file. Raises ConfigError."""
    folder = _instance(instance, environ)
    given = _from_file(folder / CONFIG_NAME) | _from_environment(environ)
    debug = given.get("debug", False)
    for name in SECRETS:
        if name not in given and debug:
            given[name] = secrets.token_urlsafe(48)
        _check_secret(name, given.get(name), folder, debug)
    if given.get("proxies", 0) < 0:
        raise ConfigError("Setting proxies: expected 0 or more.")
    for name in ("draft_days", "summary_days"):
        if not FEWEST_DAYS <= given.get(name, FEWEST_DAYS) <= MOST_DAYS:
            raise ConfigError(f"Setting {name}: expected {FEWEST_DAYS} to {MOST_DAYS} days.")
    if not 1 <= given.get("shared_device_minutes", 10) <= MOST_SHARED_MINUTES:
        raise ConfigError(f"Setting shared_device_minutes: expected 1 to {MOST_SHARED_MINUTES} minutes.")
    if given.get("waiting_target_hours", 1) < 1:
        raise ConfigError("Setting waiting_target_hours: expected 1 or more.")
    _check_timezone(given.get("timezone", ""))
    _check_mail(given)
    shipped = Path(given.pop("rules", "") or rules_folder())
    given.setdefault("database_url", f"sqlite:///{folder / 'screener.db'}")
    return Settings(instance=folder, rules=(rules or shipped).resolve(), **given)


def _instance(given: Path | None, environ: Mapping[str, str]) -> Path:
    named = environ.get("SCREENER_INSTANCE")
    return (given or (Path(named) if named else default_instance())).expanduser().absolute()


def _is_empty(folder: Path) -> bool:
    try:
        return not folder.exists() or all(entry.name == ".gitkeep" for entry in folder.iterdir())
    except OSError as error:
        raise _unusable(folder, "read", error) from None


def _unusable(folder: Path, what: str, error: OSError) -> ConfigError:
    return ConfigError(
        f"{folder}: cannot be {what} ({error.strerror}). Name another folder with --instance or SCREENER_INSTANCE."
    )


_KINDS: Mapping[str, type] = {
    "secret_key": str,
    "password_salt": str,
    "database_url": str,
    "rules": str,
    "debug": bool,
    "secure_cookies": bool,
    "proxies": int,
    "public_url": str,
    "timezone": str,
    "draft_days": int,
    "summary_days": int,
    "shared_device": bool,
    "shared_device_minutes": int,
    "smtp_host": str,
    "smtp_port": int,
    "smtp_security": str,
    "smtp_user": str,
    "smtp_password": str,
    "mail_from": str,
    "digest_hour": int,
    "waiting_target_hours": int,
}


def _from_file(path: Path) -> dict[str, Any]:
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError:
        # The reader's own message can quote the line, and the line can hold a secret.
        raise ConfigError(f'{path}: is not TOML. Write lines like: timezone = "America/New_York"') from None
    for name, value in written.items():
        if name != CLINIC and name not in _KINDS:
            raise ConfigError(f"{path}: setting {name} is not known. Known are: {', '.join((*_KINDS, CLINIC))}.")
        if name != CLINIC and type(value) is not _KINDS[name]:
            raise ConfigError(f"{path}: setting {name}: expected {_words(_KINDS[name])}.")
    if CLINIC in written:
        try:
            written[CLINIC] = read_clinic(written[CLINIC], path.parent)
        except ClinicProblem as problem:
            raise ConfigError(f"{path}: [{CLINIC}] {problem}") from None
    return written


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found = {name: environ.get(f"SCREENER_{name.upper()}", "") for name in _KINDS}
    return {name: _read_value(name, text) for name, text in found.items() if text}


def _read_value(name: str, text: str) -> Any:
    kind = _KINDS[name]
    if kind is bool and text.lower() in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        return text.lower() in ("1", "true", "yes", "on")
    if kind is int and text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    if kind is str:
        return text
    raise ConfigError(f"SCREENER_{name.upper()}: expected {_words(kind)}.")


def _words(kind: type) -> str:
    return {str: "text in quotes", bool: "true or false", int: "a whole number"}[kind]


def _check_secret(name: str, value: str | None, folder: Path, debug: bool) -> None:
    where = f"Put {name} into {folder / CONFIG_NAME} or SCREENER_{name.upper()}"
    if value is None:
        raise ConfigError(
            f"{folder} is in use but has no {name}. {where}: the one it had before, from your backup. "
            f"If it never had one, any {SHORTEST_SECRET} random characters will do."
        )
    if debug:
        return
    if len(value) < SHORTEST_SECRET:
        raise ConfigError(f"{name} is too short. {where}: {SHORTEST_SECRET} random characters or more.")
    is_default = any(word in value.lower() for word in DEFAULT_WORDS)
    if is_default or len(set(value)) < FEWEST_DIFFERENT_CHARACTERS:
        raise ConfigError(f"{name} looks like a default. {where}: {SHORTEST_SECRET} random characters or more.")


def _check_mail(given: Mapping[str, Any]) -> None:
    if given.get("smtp_host") and not _ADDRESS.fullmatch(given.get("mail_from", "")):
        raise ConfigError("Setting mail_from: with smtp_host, say which address the mail comes from.")
    if not 1 <= given.get("smtp_port", 587) <= 65535:
        raise ConfigError("Setting smtp_port: expected a number from 1 to 65535.")
    if given.get("smtp_security", "starttls") not in SMTP_SECURITIES:
        raise ConfigError(f"Setting smtp_security: expected one of {', '.join(SMTP_SECURITIES)}.")
    if not 0 <= given.get("digest_hour", 7) <= 23:
        raise ConfigError("Setting digest_hour: expected an hour from 0 to 23.")


def _check_timezone(name: str) -> None:
    try:
        if name:
            ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ConfigError(f"Setting timezone: {name!r} is not known. Write it like America/New_York.") from None
