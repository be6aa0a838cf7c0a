"""The clinic's settings: what is read, what is refused and in which words, and colours that can always be read."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener import contrast
from screener.clinic import CLINIC_SETTINGS, LANGUAGES, ClinicProblem, Tones, read_clinic
from screener.clinic.colors import DARK, LEAST_CONTRAST, LEAST_ON_SELECTED, LIGHT, read_colors
from screener.clinic.logo import LARGEST_BYTES
from screener.config import ConfigError, read_settings
from screener.engine.text import Text
from screener.web import i18n

SECRETS = 'secret_key = "q8Zr2LwX0vTn5BcY7mKd4HsJ1fGp9EaU"\npassword_salt = "a3Vb6Nx9Qw2Er5Ty8Ui1Op4As7Df0Gh3"\n'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24"><path d="M0 0h48v24z"/></svg>'
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def png(width=40, height=20):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def clinic_of(folder: Path, text: str):
    (folder / "config.toml").write_text(f"{SECRETS}[clinic]\n{text}\n", encoding="utf-8")
    return read_settings(folder, environ={}).clinic


def problem_of(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        clinic_of(folder, text)
    said = str(caught.value)
    assert said.startswith(f"{folder / 'config.toml'}: [clinic] ")
    return said.partition("[clinic] ")[2]


def test_instance_without_the_table_names_no_clinic(tmp_path):
    (tmp_path / "config.toml").write_text(SECRETS, encoding="utf-8")
    assert read_settings(tmp_path, environ={}).clinic is None


def test_everything_a_clinic_can_say_is_read(tmp_path):
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    clinic = clinic_of(
        tmp_path,
        """
        name = {en = "Riverbend Pain Clinic", es = "Clínica Riverbend"}
        logo = "logo.svg"
        logo_says_name = true
        brand = "#1D4F91"
        brand_dark = "#a5c4f0"
        phone = "+1 (555) 555-0142"
        email = "care@riverbend.example"
        address = \"\"\"
        1200 River Road
        Springfield\"\"\"
        hours = {en = "Weekdays, 8 to 5", es = "De lunes a viernes, de 8 a 5"}
        emergency = "555 555 0199"
        """,
    )
    assert clinic.name == Text({"en": "Riverbend Pain Clinic", "es": "Clínica Riverbend"})
    assert (clinic.logo.media_type, clinic.logo.width, clinic.logo.height) == ("image/svg+xml", 48.0, 24.0)
    assert (clinic.logo.content, clinic.logo_says_name) == (SVG.encode(), True)
    assert (clinic.colors.light.brand, clinic.colors.dark.brand) == ("#1d4f91", "#a5c4f0")
    assert (clinic.phone, clinic.phone_url) == ("+1 (555) 555-0142", "tel:+15555550142")
    assert (clinic.email, clinic.email_url) == ("care@riverbend.example", "mailto:care@riverbend.example")
    assert clinic.address.in_language("es").splitlines()[0].strip() == "1200 River Road"
    assert clinic.hours == Text({"en": "Weekdays, 8 to 5", "es": "De lunes a viernes, de 8 a 5"})
    assert clinic.emergency == Text({"en": "555 555 0199", "es": "555 555 0199"})
    assert clinic.has_contact is True


def test_a_name_is_enough(tmp_path):
    clinic = clinic_of(tmp_path, 'name = "Riverbend"')
    assert clinic.name == Text({"en": "Riverbend", "es": "Riverbend"})
    rest = (clinic.logo, clinic.colors, clinic.phone_url, clinic.email_url, clinic.address, clinic.has_contact)
    assert rest == (None, None, None, None, None, False)


def test_it_speaks_the_languages_of_the_interface():
    assert LANGUAGES == i18n.LANGUAGES


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('nmae = "Riverbend"', f"nmae is not known. Known are: {', '.join(CLINIC_SETTINGS)}."),
        ('phone = "555 555 0142"', "name is missing: what patients call the clinic."),
        ("name = 5", "name: expected text in quotes, or a text for each language:"),
        ('name = {en = "Riverbend"}', "name: expected text in quotes, or a text for each language:"),
        ('name = {en = "A", es = "B", fr = "C"}', "name: expected text in quotes, or a text for each language:"),
        ('name = {en = "Riverbend", es = 5}', "name: expected text in quotes, and some of it."),
        ('name = "  "', "name: expected text in quotes, and some of it."),
        ('name = "River\\nbend"', "name: expected one line without control characters."),
        (f'name = "{"x" * 61}"', "name: is 61 letters long. 60 is the most that fits."),
        ('name = "A"\nhours = "8\\u00005"', "hours: expected text without control characters."),
        (f'name = "A"\nemergency = "{"x" * 301}"', "emergency: is 301 letters long. 300 is the most that fits."),
        ('name = "A"\nphone = "call us"', "phone: expected a phone number with its area code"),
        ('name = "A"\nphone = 5555550142', "phone: expected text in quotes."),
        ('name = "A"\nemail = "care at clinic"', "email: expected an e-mail address"),
        ('name = "A"\nemail = "a@b.example?cc=x@y.example"', "email: expected an e-mail address"),
        ('name = "A"\nlogo_says_name = "yes"', "logo_says_name: expected true or false."),
        ('name = "A"\nlogo_says_name = true', "logo is missing: logo_says_name tells that the name stands in it."),
        ('name = "A"\nbrand_dark = "#aaccff"', "brand is missing: brand_dark is only its other tone"),
        ('name = "A"\nbrand = "blue"', "brand: expected a colour in six digits, like #0a5650."),
        ('name = "A"\nbrand = "#12345"', "brand: expected a colour in six digits, like #0a5650."),
        ('name = "A"\nbrand = "#b01020"', "brand: #b01020 is a red, and in this guide red says one thing only"),
    ],
)
def test_bad_setting_says_which_and_what_would_do(tmp_path, text, words):
    assert problem_of(tmp_path, text).startswith(words)


def test_a_clinic_that_is_no_table_is_refused(tmp_path):
    (tmp_path / "config.toml").write_text(f'{SECRETS}clinic = "Riverbend"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"expected a table: a line \[clinic\]"):
        read_settings(tmp_path, environ={})


def test_colour_that_is_hard_to_read_is_refused_with_its_contrast_and_one_that_would_do(tmp_path):
    said = problem_of(tmp_path, 'name = "A"\nbrand = "#3aa197"')
    assert said.startswith(
        "brand: #3aa197 on the page of light screens has a contrast of 2.92 to 1, and text needs 4.5 to 1. #"
    )
    offered = said.partition("4.5 to 1. ")[2].split()[0]
    assert read_colors(offered, None).light.brand == offered
    dark = problem_of(tmp_path, 'name = "A"\nbrand = "#1d4f91"\nbrand_dark = "#1d4f91"')
    assert dark.startswith("brand_dark: #1d4f91 on the page of dark screens has a contrast of 2.")


def test_contrast_is_never_rounded_up_to_what_would_do():
    with pytest.raises(ClinicProblem) as caught:
        read_colors("#2d8060", None)  # 4.4988 on the page
    assert "has a contrast of 4.49 to 1" in str(caught.value)


@given(COLORS)
def test_whatever_colour_is_taken_reads_well_wherever_it_stands(color):
    try:
        colors = read_colors(color, None)
    except ClinicProblem:
        assert (
            contrast.is_red(color)
            or min(contrast.ratio(color, background) for background in LIGHT.backgrounds.values()) < LEAST_CONTRAST
        )
        return
    for scheme, tones in ((LIGHT, colors.light), (DARK, colors.dark)):
        for background in scheme.backgrounds.values():
            assert contrast.ratio(tones.brand, background) >= LEAST_CONTRAST
            assert contrast.ratio(tones.deep, background) >= LEAST_CONTRAST
        assert contrast.ratio(tones.on_brand, tones.brand) >= LEAST_CONTRAST
        assert contrast.ratio(tones.on_brand, tones.deep) >= LEAST_CONTRAST
        assert contrast.ratio(scheme.quiet_ink, tones.soft) >= LEAST_ON_SELECTED
        assert contrast.ratio(tones.brand, tones.soft) >= 3


@given(COLORS)
def test_every_refused_colour_comes_with_one_that_is_taken(color):
    try:
        read_colors(color, None)
    except ClinicProblem as problem:
        if "would do" in str(problem):
            offered = str(problem).split()[-3]
            assert read_colors(offered, None).light.brand == offered


@pytest.mark.parametrize("color", ["#f4825c", "#e2577a", "#d9063b"])
def test_colour_whose_darker_tones_are_reds_comes_with_one_that_is_none(color):
    with pytest.raises(ClinicProblem, match=r" would do\.$") as caught:
        read_colors(color, None)
    offered = str(caught.value).split()[-3]
    assert (contrast.is_red(offered), read_colors(offered, None).light.brand) == (False, offered)


def test_the_guides_own_green_gets_nearly_the_guides_own_tones():
    colors = read_colors("#0a5650", "#8ed1c6")
    assert colors.light == Tones(brand="#0a5650", deep="#073c38", soft="#e4ecec", on_brand="#ffffff")
    assert colors.dark.on_brand == "#0e1514"


def test_png_is_read_with_its_size(tmp_path):
    (tmp_path / "logo.png").write_bytes(png(40, 20))
    logo = clinic_of(tmp_path, 'name = "A"\nlogo = "logo.png"').logo
    assert (logo.media_type, logo.width, logo.height) == ("image/png", 40.0, 20.0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("logo.gif", b"GIF89a", "logo: logo.gif is neither an .svg nor a .png file."),
        ("logo.png", b"\x89PNG\r\n\x1a\n", "logo: logo.png is not a whole PNG picture."),
        ("logo.png", png()[:-8], "logo: logo.png is not a whole PNG picture."),
        ("logo.png", png(0, 5), "logo: logo.png is not between 1 and 4000 pixels wide and high."),
        ("logo.png", SVG.encode(), "logo: logo.png is not a whole PNG picture."),
        ("logo.svg", png(), "logo: logo.svg is not an SVG picture."),
        ("logo.svg", b"<html/>", "logo: logo.svg is not an SVG picture."),
        ("logo.svg", b"<svg/>", "logo: logo.svg is not an SVG picture."),
        ("logo.svg", b"\xff\xfe<\0", "logo: logo.svg is not an SVG picture."),
        ("logo.svg", SVG.replace(' viewBox="0 0 48 24"', "").encode(), "logo: logo.svg does not say how large it is."),
        ("logo.svg", SVG.replace("48 24", "0 24").encode(), "logo: logo.svg does not say how large it is."),
        ("logo.svg", SVG.encode() + b" " * LARGEST_BYTES, "logo: logo.svg is larger than 20 KB"),
        (
            "logo.svg",
            b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
            "logo: logo.svg defines entities.",
        ),
    ],
)
def test_file_that_is_no_small_picture_is_refused(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    assert problem_of(tmp_path, f'name = "A"\nlogo = "{name}"').startswith(words)


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<script>alert(1)</script>", "holds <script>"),
        ("<foreignObject/>", "holds <foreignObject>"),
        ("<animate/>", "holds <animate>"),
        ('<path onload="alert(1)"/>', "holds onload=…"),
        ('<image href="https://elsewhere.example/x.png"/>', "leads to something outside it"),
        ('<a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="javascript:1"/>', "leads to something outside it"),
        ("<style>@import 'x.css';</style>", "loads something from outside it"),
        ("<style>path { fill: url( 'https://elsewhere.example/x' ) }</style>", "loads something from outside it"),
        ('<path style="fill: url(x.svg#a)"/>', "loads something from outside it"),
    ],
)
def test_svg_that_would_run_move_or_load_anything_is_refused(tmp_path, inside, words):
    (tmp_path / "logo.svg").write_text(SVG.replace("</svg>", f"{inside}</svg>"), encoding="utf-8")
    assert problem_of(tmp_path, 'name = "A"\nlogo = "logo.svg"').startswith(f"logo: logo.svg {words}")


@pytest.mark.parametrize("inside", ['<use href="#a"/>', '<path fill="url(#a)"/>', "<path style=\"fill: url( '#a')\"/>"])
def test_svg_may_refer_to_its_own_parts(tmp_path, inside):
    (tmp_path / "logo.svg").write_text(SVG.replace("</svg>", f"{inside}</svg>"), encoding="utf-8")
    assert inside.encode() in clinic_of(tmp_path, 'name = "A"\nlogo = "logo.svg"').logo.content


@pytest.mark.parametrize("name", ["../logo.svg", "/etc/passwd", "sub/logo.svg", "..", "link.svg"])
def test_logo_outside_the_instance_folder_is_refused(tmp_path, name):
    folder = tmp_path / "instance"
    (folder / "sub").mkdir(parents=True)
    for path in (tmp_path / "logo.svg", folder / "sub" / "logo.svg"):
        path.write_text(SVG, encoding="utf-8")
    (folder / "link.svg").symlink_to(tmp_path / "logo.svg")
    said = problem_of(folder, f'name = "A"\nlogo = "{name}"')
    assert said.startswith("logo: expected the name of a file that lies in the instance folder")


def test_missing_logo_says_where_it_was_looked_for(tmp_path):
    said = problem_of(tmp_path, 'name = "A"\nlogo = "logo.svg"')
    assert said == f"logo: {tmp_path / 'logo.svg'} cannot be read (No such file or directory)."


def test_what_browsers_keep_is_named_anew_when_logo_or_colours_change(tmp_path):
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    tables = [
        {"name": "A"},
        {"name": "A", "logo": "logo.svg"},
        {"name": "A", "brand": "#1d4f91"},
        {"name": "A", "logo": "logo.svg", "brand": "#1d4f91"},
    ]
    versions = [read_clinic(table, tmp_path).version for table in tables]
    (tmp_path / "logo.svg").write_text(SVG.replace("48", "50"), encoding="utf-8")
    versions.append(read_clinic(tables[1], tmp_path).version)
    assert len(set(versions)) == len(versions)
    assert read_clinic({**tables[0], "hours": "8 to 5"}, tmp_path).version == versions[0]
