"""No verdict in the interface either: templates, messages of the web floor and their translations hold none of the forbidden words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

import screener
from screener.engine.lint.word_lists import verdict_words
from screener.paths import templates_folder

PACKAGE = Path(screener.__file__).parent
_ASIDE = re.compile(r"{#.*?#}", re.DOTALL)  # comments of templates
_MARKUP = re.compile(
    r"{%|%}|{{|}}|<[^>]*>", re.DOTALL
)  # what stands in a template's tags may be a message, in HTML's it is not


def template_texts() -> Iterator[tuple[str, str]]:
    for path in sorted(templates_folder().rglob("*.*")):
        yield path.name, _MARKUP.sub(" ", _ASIDE.sub(" ", path.read_text(encoding="utf-8")))


def message_texts() -> Iterator[tuple[str, str]]:
    """Every string of the web floor's modules but their docstrings."""
    for path in sorted((PACKAGE / "web").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield path.name, node.value


def catalog_texts() -> Iterator[tuple[str, str, str]]:
    """English and Spanish of every message."""
    for path in sorted(PACKAGE.glob("translations/*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                for language, words in (("en", message.id), (path.parts[-3], message.string)):
                    for one in (words,) if isinstance(words, str) else words:
                        yield language, path.name, one


def test_no_template_sounds_like_a_verdict():
    texts = list(template_texts())
    assert len(texts) > 10
    assert [(name, words) for name, text in texts if (words := verdict_words(text, "en"))] == []


def test_no_message_sounds_like_a_verdict():
    assert [(name, words) for name, text in message_texts() if (words := verdict_words(text, "en"))] == []


def test_no_translation_sounds_like_a_verdict():
    texts = list(catalog_texts())
    assert {language for language, _, _ in texts} == {"en", "es"}
    assert [(name, words) for language, name, text in texts if (words := verdict_words(text, language))] == []


def test_crisis_line_is_reached_in_spanish_by_pressing_two_or_texting_its_word():
    """Whoever only calls or texts it is answered in English."""
    lines = [words for language, _name, words in catalog_texts() if language == "es" and "988" in words]
    assert len(lines) > 4
    assert [words for words in lines if "988 y oprima 2" not in words and "AYUDA" not in words] == []
