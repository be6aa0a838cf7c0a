"""The small shapes a rulebook is made of: mappings of known keys, ids, texts, numbers, dates. Each mistake is noted, reading goes on."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from screener.engine.loader.problems import Problems, did_you_mean
from screener.engine.loader.yaml_source import Entries, Listing, Node, Scalar
from screener.engine.rules import Place
from screener.engine.text import Text

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_DIGITS = 30
RESERVED = frozenset({"all", "any", "not", "at_least", "always", "none", "not_sure", "declined"})
EnumType = TypeVar("EnumType", bound=StrEnum)


def id_written(node: Node) -> str | None:
    """The `id` of an item or rule as it was written, right or wrong, so that its problems can name it; None where it has none."""
    written = node.entries.get("id") if isinstance(node, Entries) else None
    return (written.raw.strip()[:80] or None) if isinstance(written, Scalar) else None


class Shapes:
    """Reads nodes into Python values; `languages` are the manifest's, empty while they are not known."""

    def __init__(self, problems: Problems, languages: tuple[str, ...] = ()) -> None:
        self.problems = problems
        self.languages = languages

    def mapping(
        self, node: Node | None, where: str, known: Iterable[str], required: Iterable[str] = ()
    ) -> Entries | None:
        """A mapping with all of `required` and nothing but `known` keys; None where it is no mapping at all."""
        if node is None:
            return None
        if not isinstance(node, Entries):
            self.problems.report(node.place, where, "must be a mapping of keys and values", "write `key: value` lines")
            return None
        names = list(known)
        for key, place in node.places.items():
            if key not in names:
                mend = did_you_mean(key, names, f"the keys here are {', '.join(names)}")
                self.problems.report(place, where, f"unknown key `{key}`", mend)
        for key in required:
            if key not in node.entries and not node.is_cut:
                self.problems.report(node.place, where, f"`{key}` is missing", f"add `{key}:`")
        return node

    def any_mapping(self, node: Node | None, where: str) -> Mapping[str, Node]:
        """A mapping of free keys, not empty."""
        if node is None:
            return {}
        if not isinstance(node, Entries) or not node.entries:
            self.problems.report(node.place, where, "must be a mapping, not empty", "write `key: value` lines")
            return {}
        return node.entries

    def listing(self, node: Node | None, where: str, *, may_be_empty: bool = False) -> tuple[Node, ...]:
        """The parts of a list; a list that is empty though it may not be is noted."""
        if node is None:
            return ()
        if not isinstance(node, Listing):
            self.problems.report(node.place, where, "must be a list", "write `- ` before each entry, or `[a, b]`")
            return ()
        if not node.parts and not may_be_empty and not node.is_cut:
            self.problems.report(node.place, where, "the list is empty", "add an entry, or remove the key")
        return node.parts

    def raw(self, node: Node | None, where: str) -> str | None:
        """A single value as it is written, whatever YAML would make of it: ids, codes, versions."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or not node.raw.strip():
            self.problems.report(node.place, where, "must be a single word", "write one word")
            return None
        return node.raw

    def string(self, node: Node | None, where: str) -> str | None:
        """Text that is not empty and holds no control character."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            mend = "write it in quotes" if isinstance(node, Scalar) and node.value is not None else "write the text"
            self.problems.report(node.place, where, "must be text", mend)
            return None
        if not node.value.strip():
            self.problems.report(node.place, where, "the text is empty", "write the text, or remove the key")
            return None
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n" for c in node.value):
            self.problems.report(
                node.place, where, "the text holds a control character", "remove the invisible character"
            )
            return None
        return node.value

    def text(self, node: Node | None, where: str) -> Text | None:
        """A text in exactly the manifest's languages."""
        if node is None:
            return None
        if not isinstance(node, Entries):
            wanted = ", ".join(f"{language}: …" for language in self.languages) or "en: …"
            self.problems.report(node.place, where, "must have its languages", f"write {{{wanted}}}")
            return None
        words: dict[str, str] = {}
        for language, part in node.entries.items():
            if self.languages and language not in self.languages:
                mend = f"the manifest's languages are {', '.join(self.languages)}"
                self.problems.report(
                    node.places[language], where, f"language `{language}` is not one of the manifest's", mend
                )
            elif (text := self.string(part, f"{where} ({language})")) is not None:
                words[language] = text
        for language in self.languages:
            if language not in node.entries:
                self.problems.report(node.place, where, f"the text in `{language}` is missing", f"add `{language}:`")
        if set(words) != set(self.languages or words):
            return None
        if not words:
            return None
        return Text({language: words[language] for language in self.languages or words}, node.places)

    def text_or_string(self, node: Node | None, where: str) -> Text | None:
        """A text in the manifest's languages, or a string that stands for all of them as it is."""
        if node is None or isinstance(node, Entries):
            return self.text(node, where)
        words = self.string(node, where)
        return Text(dict.fromkeys(self.languages or ("en",), words)) if words is not None else None

    def texts(self, node: Node | None, where: str) -> tuple[Text, ...]:
        """A list of texts."""
        found = (self.text(part, where) for part in self.listing(node, where))
        return tuple(text for text in found if text is not None)

    def number(self, node: Node | None, where: str) -> Decimal | None:
        """A finite number of a sensible length."""
        if node is None:
            return None
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.problems.report(node.place, where, "must be a number", "write digits, without quotes")
            return None
        number = Decimal(value)
        _, digits, exponent = number.as_tuple()
        if not isinstance(exponent, int) or len(digits) > _MOST_DIGITS or abs(exponent) > _MOST_DIGITS:
            self.problems.report(node.place, where, "the number has too many digits", "write a shorter number")
            return None
        return number

    def whole_number(self, node: Node | None, where: str, least: int = 1) -> int | None:
        """A whole number of at least `least`."""
        number = self.number(node, where)
        if node is None or number is None:
            return None
        if number != number.to_integral_value() or number < least:
            self.problems.report(
                node.place, where, f"must be a whole number of at least {least}", "write such a number"
            )
            return None
        return int(number)

    def boolean(self, node: Node | None, where: str, default: bool) -> bool:
        """`true` or `false`."""
        if node is None:
            return default
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.problems.report(node.place, where, "must be true or false", "write `true` or `false`, without quotes")
        return default

    def date(self, node: Node | None, where: str) -> str | None:
        """A date written like 2026-11-22."""
        written = self.raw(node, where)
        if node is None or written is None:
            return None
        try:
            if not _DATE.fullmatch(written):
                raise ValueError
            datetime.date.fromisoformat(written)
        except ValueError:
            self.problems.report(node.place, where, "is not a date", "write it like 2026-11-22")
            return None
        return written

    def one_of(self, node: Node | None, where: str, kind: type[EnumType]) -> EnumType | None:
        """A member of an enumeration, by its value."""
        written = self.raw(node, where)
        if node is None or written is None:
            return None
        try:
            return kind(written)
        except ValueError:
            known = [member.value for member in kind]
            mend = did_you_mean(written, known, f"write one of {', '.join(known)}")
            self.problems.report(node.place, where, f"`{written}` is not known here", mend)
            return None

    def identifier(self, node: Node | None, where: str, reserved: frozenset[str] = RESERVED) -> str | None:
        """An id or code: lower-case letters, digits and underscores, 60 at most, beginning with a letter, not reserved."""
        written = self.raw(node, where)
        if node is None or written is None:
            return None
        if isinstance(node, Scalar) and not isinstance(node.value, str) and _ID.fullmatch(written):
            self.problems.report(node.place, where, f"`{written}` is no text in YAML", "choose another id")
            return None
        return written if self.is_identifier(written, node.place, reserved) else None

    def is_identifier(self, written: str, place: Place, reserved: frozenset[str] = RESERVED) -> bool:
        """Whether `written` may be an id or code; notes why not."""
        if not _ID.fullmatch(written):
            mend = "write a letter, then letters, digits and _ in lower case, 60 at most"
            self.problems.report(place, written[:80], "is no valid id", mend)
            return False
        if written in reserved or (written.startswith("validate_") and "validate" in reserved):
            self.problems.report(place, written, "is a reserved word", "choose another id")
            return False
        return True

    def name(self, node: Node | None, where: str) -> str | None:
        """The name of a section, pack or topic, which is a file's or folder's name too."""
        written = self.raw(node, where)
        if node is None or written is None:
            return None
        if not _NAME.fullmatch(written):
            self.problems.report(
                node.place, where, f"`{written[:80]}` cannot name a file", "write letters, digits, _ and - only"
            )
            return None
        return written
