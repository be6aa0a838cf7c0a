"""Colours and how well they can be told apart, by the formula of WCAG 2.2. What the colours are for is not known here."""

from __future__ import annotations

import colorsys
import re

Channels = tuple[int, int, int]  # red, green, blue; each 0 to 255

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def channels(color: str) -> Channels:
    """The parts of a colour written like #0a5650 or #fff. Raises ValueError.

    >>> channels("#0a5650"), channels("#fff")
    ((10, 86, 80), (255, 255, 255))
    """
    if not _HEX.fullmatch(color):
        raise ValueError("not a colour of three or six hexadecimal digits")
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(color: str) -> float:
    """Relative luminance: 0 for black, 1 for white. Raises ValueError."""
    red, green, blue = (_linear(part / 255) for part in channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast of two colours, from 1 (the same) to 21 (black and white). Raises ValueError.

    >>> round(ratio("#000000", "#ffffff"), 2), round(ratio("#767676", "#fff"), 2)
    (21.0, 4.54)
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(color: str, other: str, share: float) -> str:
    """`share` (0 to 1) of another colour mixed into one. Raises ValueError.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    parts = (round(a + (b - a) * share) for a, b in zip(channels(color), channels(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def is_red(color: str) -> bool:
    """Whether people would call it red: near the red of the colour wheel, and not nearly grey, black or white."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in channels(color)))
    return (hue < 15 / 360 or hue > 345 / 360) and saturation > 0.35 and 0.1 < lightness < 0.9


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
