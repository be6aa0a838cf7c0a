"""What a reader may set, and the page must bear: a narrow or wide window, spaced and enlarged text, forced colours, no motion, keys alone.

Each check sets it on the page that is open, gathers sentences like those of `checks`, and sets it back, so that a page is opened once
and read in every way.
"""

from __future__ import annotations

from playwright.sync_api import CDPSession, Page

from tests.browser.checks import sideways, small_targets, unreadable

NARROW = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %, and a small phone on its side
WIDE = {"width": 1280, "height": 900}
WIDTHS = (NARROW, {"width": 768, "height": 1024}, WIDE)

# WCAG 2.2, 1.4.12.
_SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""

_MOVING = """() => [...document.querySelectorAll('*')].filter(element => [null, '::before', '::after'].some(part => {
    const style = getComputedStyle(element, part);
    const lasts = times => times.split(', ').some(time => parseFloat(time) > 0.01);
    return lasts(style.transitionDuration) || (style.animationName !== 'none' && lasts(style.animationDuration))
        || style.scrollBehavior === 'smooth';
})).map(element => `moves: ${element.outerHTML.slice(0, 60)}`)"""

# Where the reader's own colours are forced, an edge must say where a control is: tints are gone.
_EDGELESS = """() => {
    const canvas = getComputedStyle(document.body).backgroundColor;
    const hasEdge = style => ['Top', 'Right', 'Bottom', 'Left'].every(side => parseFloat(style[`border${side}Width`]) >= 1
        && style[`border${side}Style`] !== 'none' && style[`border${side}Color`] !== canvas);
    return [...document.querySelectorAll('button:not(.link), a.button, input:not([type=hidden]), select, textarea')]
        .filter(control => control.checkVisibility() && !control.closest('.visually-hidden'))
        .filter(control => !hasEdge(getComputedStyle(control))
            && ![...(control.labels ?? [])].some(label => [null, '::before'].some(part => hasEdge(getComputedStyle(label, part))))
            && !(control.matches('[type=radio], [type=checkbox]') && getComputedStyle(control).appearance !== 'none'))
        .map(control => `no edge in forced colours: ${control.outerHTML.replace(/\\s+/g, ' ').slice(0, 80)}`);
}"""

# Everything the keyboard stops at: a ring of 2 px or more that differs from the paper, and not behind anything (2.4.7, 2.4.11).
_UNSEEN_FOCUS = """() => {
    const found = [], canvas = getComputedStyle(document.body).backgroundColor;
    const ring = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== canvas;
    const stops = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]');
    for (const stop of stops) {
        if (!stop.checkVisibility() || stop.tabIndex < 0 || stop.disabled) continue;
        stop.focus();
        const labels = [...(stop.labels ?? [])], says = sentence => found.push(
            `${sentence}: ${stop.outerHTML.replace(/\\s+/g, ' ').slice(0, 80)}`);
        if (document.activeElement !== stop) { says('cannot be focused'); continue; }
        if (![stop, ...labels].some(each => ring(getComputedStyle(each)))) says('no ring around the focus');
        const isShown = [stop, ...labels].flatMap(each => [...each.getClientRects()]).some(box => {
            const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
            const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
            if (right - left < 1 || bottom - top < 1) return false;
            return [0.1, 0.5, 0.9].some(part => {
                const hit = document.elementFromPoint((left + right) / 2, top + (bottom - top) * part);
                return hit && (hit.contains(stop) || stop.contains(hit) || labels.some(label => label.contains(hit)));
            });
        });
        if (!isShown) says('focused, and not to be seen');
    }
    document.activeElement.blur();
    scrollTo(0, 0);
    return found;
}"""


def read_at_every_width(page: Page) -> list[str]:
    """At 320 px, as at 400 %, on a tablet and on a desk: nothing sideways, lost or small."""
    found: list[str] = []
    for size in WIDTHS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        here = sideways(page) + unreadable(page) + small_targets(page)
        found += [f"{sentence}, {size['width']} px wide" for sentence in here]
    return found


def read_spaced(page: Page) -> list[str]:
    """On the narrow screen with text spaced out by a stylesheet of the reader's own, which no content policy forbids."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    _restyle(page, _SPACED)
    found = sideways(page) + unreadable(page)
    _restyle(page, "")
    return [f"{sentence}, spaced out" for sentence in found]


def read_enlarged(page: Page, devtools: CDPSession) -> list[str]:
    """On a desk with letters twice as large, as set in the browser (1.4.4)."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    size = float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))
    found = [] if size >= 30 else [f"letters do not grow: {size} px"]
    found += sideways(page) + unreadable(page)
    devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    return [f"{sentence}, enlarged" for sentence in found]


def read_by_keys(page: Page) -> list[str]:
    """The focus at every stop, on the narrow screen, where least is to be seen."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.keyboard.press("Shift")  # from now on it is the keyboard that leads, and rings are drawn
    found: list[str] = page.evaluate(_UNSEEN_FOCUS)
    return found


def read_in_own_colours_without_motion(page: Page) -> list[str]:
    """In forced colours, and with less motion asked for."""
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    found: list[str] = page.evaluate(_EDGELESS) + page.evaluate(_MOVING)
    found += [f"{sentence}, in forced colours" for sentence in read_by_keys(page)]
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    return found


def _restyle(page: Page, style: str) -> None:
    page.evaluate(
        "style => { const own = new CSSStyleSheet(); own.replaceSync(style); document.adoptedStyleSheets = [own]; }",
        style,
    )
