"""Every template compiles, every one is used, and none holds what the content policy would block."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import screener.web
from screener.paths import templates_folder

TEMPLATES = sorted(path.relative_to(templates_folder()).as_posix() for path in templates_folder().rglob("*.html"))
# A script may only come as a file of our own, after the page: it is an addition, and holds nothing of the page.
OWN_SCRIPT = re.compile(
    r"""<script defer src="\{\{ url_for\('static', filename='[a-z_]+\.(?:' ~ language ~ '\.)?js'[^<>"]*\) \}\}"></script>"""
)
BLOCKED = re.compile(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:|https?://(?!www\.w3\.org)", re.IGNORECASE)


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: templates do not know it."""
    return sqlite_url


def source_of(name):
    return (templates_folder() / name).read_text(encoding="utf-8")


def named_in_python():
    folder = Path(screener.web.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
                yield node.value


def test_every_template_compiles(app):
    for name in TEMPLATES:
        app.jinja_env.get_template(name)


def test_every_template_is_used_and_every_used_one_exists():
    used = set(named_in_python())
    for name in TEMPLATES:
        used |= set(re.findall(r'"([\w/]+\.html)"', source_of(name)))
    assert used == set(TEMPLATES)


def test_every_macro_is_used():
    sources = {name: source_of(name) for name in TEMPLATES}
    made = [(name, macro) for name, source in sources.items() for macro in re.findall(r"{%-? macro (\w+)\(", source)]
    words = Counter(re.findall(r"\w+", " ".join(sources.values())))
    assert [(name, macro) for name, macro in made if words[macro] < 2] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_uses_every_macro_that_it_imports(name):
    source = source_of(name)
    lists = re.findall(r'{%-? from "[^"]+" import ([^%]+?)(?: with context)? -?%}', source)
    imported = [one.split(" as ")[-1].strip() for names in lists for one in names.split(",")]
    words = Counter(re.findall(r"\w+", source))
    assert [macro for macro in imported if words[macro] < 2] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_has_no_inline_script_no_inline_style_and_no_other_site(name):
    assert BLOCKED.findall(OWN_SCRIPT.sub("", source_of(name))) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_that_posts_carries_the_token(name):
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source_of(name), re.DOTALL)
    assert [form for form in forms if 'name="csrf_token"' not in form and "csrf_token" not in form] == []
