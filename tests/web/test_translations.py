"""The interface's Spanish: no words missing, none stale, every placeholder kept, and compiled as it is written."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

import screener
from screener.paths import templates_folder
from screener.store import refusals

PACKAGE = Path(screener.__file__).parent
SPANISH = PACKAGE / "translations" / "es" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def catalogue():
    with SPANISH.open("rb") as lines:
        return read_po(lines, locale="es")


def texts_of_refusals(kind=refusals.Refused):
    yield kind.text
    for narrower in kind.__subclasses__():
        yield from texts_of_refusals(narrower)


def used_messages():
    for folder, method in ((PACKAGE, [("**.py", "python")]), (templates_folder(), [("**.html", "jinja2")])):
        for *_, message, _, _ in extract_from_dir(str(folder), method, keywords=KEYWORDS):
            yield message
    yield from texts_of_refusals()


def forms(words: str | tuple[str, ...] | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def test_every_message_is_translated_and_no_translation_is_stale(catalogue):
    used = {tuple(forms(message)) for message in used_messages()}
    kept = {tuple(forms(message.id)) for message in catalogue if message.id}
    assert (sorted(used - kept), sorted(kept - used)) == ([], [])


def test_no_translation_is_empty_or_fuzzy(catalogue):
    wanting = [m.id for m in catalogue if m.id and (m.fuzzy or not all(forms(m.string)))]
    assert wanting == []
    assert catalogue.obsolete == {}


def test_every_placeholder_is_kept(catalogue):
    def placeholders(words):
        return {found for form in forms(words) for found in PLACEHOLDER.findall(form)}

    assert [m.id for m in catalogue if m.id and placeholders(m.id) != placeholders(m.string)] == []


def test_every_plural_has_its_two_forms(catalogue):
    assert [m.id for m in catalogue if isinstance(m, Message) and m.pluralizable and len(m.string) != 2] == []


def test_compiled_catalogue_is_what_is_written(catalogue):
    with SPANISH.with_suffix(".mo").open("rb") as compiled:
        spoken = GNUTranslations(compiled)

    def said(message):
        if message.pluralizable:
            return tuple(spoken.ngettext(*message.id, number) for number in (1, 2))
        return spoken.gettext(message.id)

    differing = [message.id for message in catalogue if message.id and said(message) != message.string]
    assert differing == [], "compile again: pip install -e ."


def test_page_of_staff_speaks_spanish(client):
    page = client.get("/sign-in", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).text
    assert '<html lang="es">' in page
    assert "Correo electrónico" in page
    assert "E-mail" not in page
