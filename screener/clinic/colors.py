"""A clinic's own colour in place of the guide's green: checked against every background it stands on, and its tones.

The backgrounds are those of `site.css`; a test holds the two together. Severities keep their colours whatever a clinic chooses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from screener.clinic.problem import ClinicProblem
from screener.contrast import is_red, mixed, ratio

LEAST_CONTRAST = 4.5  # of text, WCAG 2.2 level AA
LEAST_ON_SELECTED = 7.0  # of a selected answer's words on its tint, as everywhere on patients' pages
COMFORTABLE = 8.0  # of the tone for dark screens, where the clinic names none
BLACK, WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, slots=True)
class Scheme:
    """Light or dark: the backgrounds a brand colour is read on, and which way it gains contrast."""

    words: str
    backgrounds: dict[str, str]
    quiet_ink: str
    away: str
    selected_share: float


LIGHT = Scheme(
    "light",
    {"the page": "#faf7f2", "cards": "#ffffff", "quiet strips": "#f2ede5"},
    quiet_ink="#434c49",
    away=BLACK,
    selected_share=0.11,
)
DARK = Scheme(
    "dark",
    {"the page": "#141817", "cards": "#1c2221", "quiet strips": "#0f1312"},
    quiet_ink="#bfc4bf",
    away=WHITE,
    selected_share=0.16,
)


@dataclass(frozen=True, slots=True)
class Tones:
    """One scheme's brand colour, its deeper tone under a pointer, the tint of what is selected, and the text on it."""

    brand: str
    deep: str
    soft: str
    on_brand: str


@dataclass(frozen=True, slots=True)
class Colors:
    """The tones for light and for dark screens."""

    light: Tones
    dark: Tones


def read_colors(brand: str, brand_dark: str | None) -> Colors:
    """The tones of a clinic's colours, written like #0a5650. Raises ClinicProblem.

    Without a colour for dark screens it is a lighter tone of the first, which reads well there.
    """
    for setting, color in (("brand", brand), ("brand_dark", brand_dark)):
        if color is not None:
            _check_written(setting, color)
    _check(LIGHT, "brand", brand)
    if brand_dark is not None:
        _check(DARK, "brand_dark", brand_dark)
    dark = brand_dark or _nearest(DARK, brand, COMFORTABLE)
    return Colors(light=_tones(LIGHT, brand.lower()), dark=_tones(DARK, dark.lower()))


def _check_written(setting: str, color: str) -> None:
    try:
        ratio(color, WHITE)
    except ValueError:
        raise ClinicProblem(f"{setting}: expected a colour in six digits, like #0a5650.") from None


def _check(scheme: Scheme, setting: str, color: str) -> None:
    if is_red(color):
        raise ClinicProblem(
            f"{setting}: {color} is a red, and in this guide red says one thing only: get help now. "
            "Choose another of the clinic's colours."
        )
    for where, measured in _contrasts(scheme, color):
        if measured < LEAST_CONTRAST:
            raise ClinicProblem(
                f"{setting}: {color} {where} of {scheme.words} screens has a contrast of {_shown(measured)} to 1, and "
                f"text needs {LEAST_CONTRAST} to 1. {_nearest(scheme, color, LEAST_CONTRAST)} would do."
            )


def _contrasts(scheme: Scheme, color: str) -> Iterator[tuple[str, float]]:
    for where, background in scheme.backgrounds.items():
        yield f"on {where}", ratio(color, background)
    yield "under the words of a button", ratio(_on_brand(scheme, color), color)


def _nearest(scheme: Scheme, color: str, least: float) -> str:
    """The same colour, darker or lighter by as little as makes it readable everywhere, and no red."""
    tones = (mixed(color, scheme.away, step / 100) for step in range(101))
    readable = (tone for tone in tones if min(measured for _, measured in _contrasts(scheme, tone)) >= least)
    return next(tone for tone in readable if not is_red(tone))


def _tones(scheme: Scheme, brand: str) -> Tones:
    shares = (scheme.selected_share * step / 10 for step in range(10, -1, -1))
    tints = (mixed(scheme.backgrounds["cards"], brand, share) for share in shares)
    return Tones(
        brand=brand,
        deep=mixed(brand, scheme.away, 0.3),
        soft=next(tint for tint in tints if ratio(scheme.quiet_ink, tint) >= LEAST_ON_SELECTED),
        on_brand=_on_brand(scheme, brand),
    )


def _on_brand(scheme: Scheme, brand: str) -> str:
    """White on a dark colour; on a light one nearly black, with a little of it."""
    return WHITE if scheme is LIGHT else mixed(BLACK, brand, 0.1)


def _shown(measured: float) -> str:
    return f"{int(measured * 100) / 100:.2f}"  # never rounded up to what would do
