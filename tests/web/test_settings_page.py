"""docs/settings.md names every setting there is and no other, and its example is one that starts."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from screener.clinic import CLINIC_SETTINGS
from screener.config import Settings, read_settings

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def test_every_setting_has_its_row_and_no_row_is_of_another():
    installation, _, clinic = PAGE.partition("## `[clinic]`")
    assert sorted(ROW.findall(installation)) == sorted(
        {field.name for field in fields(Settings)} - {"instance", "clinic"}
    )
    assert sorted(ROW.findall(clinic)) == sorted(CLINIC_SETTINGS)


def test_readme_leads_to_the_page():
    assert "(docs/settings.md)" in (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_example_of_the_page_starts(tmp_path):
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    secrets = iter(("q8Zr2LwX0vTn5BcY7mKd4HsJ1fGp9EaU", "a3Vb6Nx9Qw2Er5Ty8Ui1Op4As7Df0Gh3"))
    text = re.sub(r'= "…"', lambda _: f'= "{next(secrets)}"', example[1])
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', encoding="utf-8")
    clinic = read_settings(tmp_path, environ={}).clinic
    assert clinic is not None
    assert clinic.name.in_language("es") == "Clínica del Dolor Riverbend"
