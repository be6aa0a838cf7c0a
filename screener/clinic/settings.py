"""The table `[clinic]` of the settings: which keys there are, what each may hold, and the clinic they make."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screener.clinic.colors import Colors, read_colors
from screener.clinic.logo import Logo, read_logo
from screener.clinic.problem import ClinicProblem
from screener.engine.text import Text

LANGUAGES = ("en", "es")  # those of the interface
# Texts, with the most letters each may have; those of several lines may hold line breaks.
ONE_LINE = {"name": 60}
LINES = {"address": 200, "hours": 200, "emergency": 300}
PLAIN = ("logo", "brand", "brand_dark", "phone", "email")
CLINIC_SETTINGS = ("name", "logo", "logo_says_name", "brand", "brand_dark", "phone", "email", *LINES)

_PHONE = re.compile(r"\+?[0-9(][0-9().\- ]{5,30}[0-9]")
_EMAIL = re.compile(r"[^@\s<>\"?&]{1,64}@[^@\s<>\"?&]{1,189}")


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic whose guide this is. `None` is what it did not say."""

    name: Text
    logo: Logo | None = None
    logo_says_name: bool = False
    colors: Colors | None = None
    phone: str | None = None
    email: str | None = None
    address: Text | None = None
    hours: Text | None = None
    emergency: Text | None = None

    @property
    def phone_url(self) -> str | None:
        """The address that dials the phone number."""
        return "tel:" + re.sub(r"[^+0-9]", "", self.phone) if self.phone else None

    @property
    def email_url(self) -> str | None:
        """The address that begins an e-mail."""
        return f"mailto:{self.email}" if self.email else None

    @property
    def has_contact(self) -> bool:
        """Whether there is any way to reach it, or a time for it."""
        return any((self.phone, self.email, self.address, self.hours))

    @property
    def version(self) -> str:
        """A short name of exactly this logo and these colours: what browsers may keep."""
        seen = f"{self.colors} {self.logo.digest if self.logo else None}"
        return hashlib.sha256(seen.encode()).hexdigest()[:12]


def read_clinic(table: object, folder: Path) -> Clinic:
    """The clinic of this table; its logo lies in `folder`. Raises ClinicProblem, which begins with the setting's name."""
    if not isinstance(table, dict):
        raise ClinicProblem("expected a table: a line [clinic], and the clinic's settings on lines below it.")
    for name in table:
        if name not in CLINIC_SETTINGS:
            raise ClinicProblem(f"{name} is not known. Known are: {', '.join(CLINIC_SETTINGS)}.")
    if "name" not in table:
        raise ClinicProblem("name is missing: what patients call the clinic.")
    plain = {name: _plain(table, name) for name in PLAIN}
    if plain["brand_dark"] and not plain["brand"]:
        raise ClinicProblem("brand is missing: brand_dark is only its other tone, for dark screens.")
    logo = read_logo(plain["logo"], folder) if plain["logo"] else None
    return Clinic(
        name=_text("name", table["name"], ONE_LINE["name"], lines=False),
        logo=logo,
        logo_says_name=_says_name(table, logo),
        colors=read_colors(plain["brand"], plain["brand_dark"]) if plain["brand"] else None,
        phone=_matching(plain, "phone", _PHONE, "a phone number with its area code, like 555 555 0142"),
        email=_matching(plain, "email", _EMAIL, "an e-mail address, like care@clinic.example"),
        **{name: _text(name, table[name], most, lines=True) for name, most in LINES.items() if name in table},
    )


def _plain(table: Mapping[str, Any], name: str) -> str | None:
    value = table.get(name)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise ClinicProblem(f"{name}: expected text in quotes.")
    return value.strip() if value is not None else None


def _says_name(table: Mapping[str, Any], logo: Logo | None) -> bool:
    value = table.get("logo_says_name", False)
    if not isinstance(value, bool):
        raise ClinicProblem("logo_says_name: expected true or false.")
    if value and logo is None:
        raise ClinicProblem("logo is missing: logo_says_name tells that the name stands in it.")
    return value


def _matching(plain: Mapping[str, str | None], name: str, pattern: re.Pattern[str], expected: str) -> str | None:
    value = plain[name]
    if value is not None and not pattern.fullmatch(value):
        raise ClinicProblem(f"{name}: expected {expected}.")
    return value


def _text(name: str, value: object, most: int, *, lines: bool) -> Text:
    """One text for every language, or one for each."""
    by_language = dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else value
    if not isinstance(by_language, dict) or set(by_language) != set(LANGUAGES):
        both = ", ".join(f'{code} = "…"' for code in LANGUAGES)
        raise ClinicProblem(f"{name}: expected text in quotes, or a text for each language: {{ {both} }}.")
    return Text({code: _words(name, by_language[code], most, lines=lines) for code in LANGUAGES})


def _words(name: str, value: object, most: int, *, lines: bool) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ClinicProblem(f"{name}: expected text in quotes, and some of it.")
    words = unicodedata.normalize("NFC", value.replace("\r\n", "\n").strip())
    if any(unicodedata.category(sign) == "Cc" and not (lines and sign == "\n") for sign in words):
        raise ClinicProblem(f"{name}: expected {'text' if lines else 'one line'} without control characters.")
    if len(words) > most:
        raise ClinicProblem(f"{name}: is {len(words)} letters long. {most} is the most that fits.")
    return words
