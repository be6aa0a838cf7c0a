"""What is asked of every page, whoever made it: axe, its name, its errors, its groups, the size of what one presses, no text lost.

Each check looks at the page as it stands and gives a list of sentences, empty where all is well, so that a test can gather them over
many pages. What a reader may set (spacing, larger letters, colours of their own, no motion) is in `reader_settings`.
"""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Rules that axe leaves off of its own accord: WCAG 2.2 on targets, and, for patients, contrast of 7 to 1 (level AAA).
TARGETS = {"target-size": {"enabled": True}}
ENHANCED = {"color-contrast-enhanced": {"enabled": True}}

_AXE = """rules => axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false, rules })
    .then(done => done.violations.flatMap(fault => fault.nodes.map(node => `${fault.id} ${node.target}`)))"""

_LOOSE = """() => [...new Set([...document.querySelectorAll('input[type=radio], input[type=checkbox]')]
    .filter(control => control.type === 'radio' || document.getElementsByName(control.name).length > 1)
    .filter(control => !control.closest('fieldset')?.querySelector(':scope > legend')?.textContent.trim())
    .map(control => control.name))]"""

_NAMED = """language => {
    const found = [], wrong = sentence => found.push(sentence), errors = document.querySelector('.error-summary');
    const headings = document.querySelectorAll('h1'), skip = document.querySelector('a[href], button'), title = document.title;
    if (headings.length !== 1) wrong(`has ${headings.length} headings of the first level`);
    if (document.documentElement.lang !== language) wrong(`says it is in ${document.documentElement.lang}`);
    const leadsPast = skip?.matches('.skip') && document.querySelector(skip.hash)?.matches('main');
    if (!leadsPast && !document.body.firstElementChild.matches('main')) wrong('has no link past its frame');
    if (title.startsWith('Error: ') !== !!errors) wrong(`is called “${title}” with ${errors ? 'an' : 'no'} error`);
    const part = document.querySelector('.part'), heading = headings[0]?.textContent.trim().replace(/\\s+/g, ' ');
    if (part && !(title.includes(part.textContent.trim()) && title.includes(heading))) wrong(`is called “${title}”`);
    if (errors && document.activeElement !== errors) wrong('has an error, and the focus is elsewhere');
    return found;
}"""

# Whether each link of the error summary leads to what it is about, as a press of Enter does.
_ERRORS_LEAD = """async () => {
    const found = [];
    for (const link of document.querySelectorAll('.error-summary a')) {
        const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        if (!target?.matches('input, select, textarea, [tabindex="-1"]')) { found.push(`${link.hash} is no field`); continue; }
        link.click();
        for (let frame = 0; frame < 20 && document.activeElement !== target; frame++) await new Promise(requestAnimationFrame);
        if (document.activeElement !== target) found.push(`${link.hash} does not take the focus`);
    }
    return found;
}"""

# What must be hit: a control with its label, a link that stands alone (one inside a sentence is as high as its line).
_SMALL = """() => {
    const isSeen = element => element.checkVisibility() && !element.closest('.visually-hidden, .skip');
    const around = 'p, li, dd, dt, td, th, div, header, footer, nav, h1, h2, h3, h4, summary';
    const isAlone = link => {
        for (let outer = link; ; outer = outer.parentElement) {
            const others = [...outer.childNodes].filter(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
            if (outer !== link && others.length) return false;
            if (outer !== link && outer.matches(around)) return true;
        }
    };
    const area = element => [element, ...(element.labels ?? [])].filter(isSeen).map(each => each.getBoundingClientRect())
        .reduce((a, b) => a.width * a.height > b.width * b.height ? a : b);
    return [...document.querySelectorAll('button, summary, input:not([type=hidden]), select, textarea, a[href]')]
        .filter(target => isSeen(target) && !(target.matches('a:not(.button)') && !isAlone(target)))
        .map(target => [target, area(target)])
        .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 23.5))
        .map(([target, box]) => `${Math.round(box.width)} by ${Math.round(box.height)}: `
            + target.outerHTML.replace(/\\s+/g, ' ').slice(0, 90));
}"""

# Lines of text as they are drawn: those cut off by a box around them, and those drawn over each other.
_UNREADABLE = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const lines = [], found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const around = node.parentElement, words = node.textContent.trim();
        if (!words || around.closest('.visually-hidden, .skip, svg') || !around.checkVisibility()) continue;
        const boxes = [];
        let isForEars = false, floats = false;
        for (let outer = around; outer && outer !== document.body; outer = outer.parentElement) {
            const style = getComputedStyle(outer);
            isForEars ||= style.clipPath !== 'none';
            floats ||= ['sticky', 'fixed'].includes(style.position); // over whatever is under it: `reader_settings` looks at the focus
            if (style.overflowX !== 'visible' && style.display !== 'inline') boxes.push([outer, style.overflowY]);
        }
        if (isForEars) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) {
            if (box.width < 1) continue;
            for (const [outer, down] of boxes) {
                const edge = outer.getBoundingClientRect(); // what is further down can be scrolled to, sideways nothing may be
                if (box.right > edge.right + 1 || box.left < edge.left - 1 || (box.bottom > edge.bottom + 1 && !/auto|scroll/.test(down)))
                    found.push(`cut off by .${outer.className}: ${words.slice(0, 60)}`);
            }
            if (!floats) lines.push({ node, words, left: box.left, right: box.right, top: box.top, bottom: box.bottom });
        }
    }
    lines.sort((a, b) => a.top - b.top);
    lines.forEach((line, at) => {
        for (let next = at + 1; next < lines.length && lines[next].top < line.bottom - 2; next++) {
            const other = lines[next];
            if (other.node !== line.node && other.left < line.right - 2 && other.right > line.left + 2)
                found.push(`drawn over each other: ${line.words.slice(0, 40)} / ${other.words.slice(0, 40)}`);
        }
    });
    return [...new Set(found)];
}"""


def faults(page: Page, state: str) -> list[str]:
    """What can be asked of a page as it stands, in a state that no tour leads to."""
    found = axe_faults(page) + loose_controls(page) + sideways(page) + small_targets(page)
    return [f"{state}: {sentence}" for sentence in found]


def axe_faults(page: Page) -> list[str]:
    """What axe finds, with the rules of WCAG 2.2 AA and its own advice; on patients' pages contrast of 7 to 1 too."""
    is_patients = page.locator("body.patient").count() == 1
    page.evaluate(f"{AXE_SCRIPT}; 0")
    found: list[str] = page.evaluate(_AXE, TARGETS | ENHANCED if is_patients else TARGETS)
    return found


def loose_controls(page: Page) -> list[str]:
    """Rows to choose from that no legend says the question of."""
    return [f"{name} stands in no fieldset with a legend" for name in page.evaluate(_LOOSE)]


def misnamed(page: Page, language: str) -> list[str]:
    """One heading, the language, a link past the frame, a title that tells the part and an error; the focus on the error.

    Asked first, while the focus is where the page put it.
    """
    found: list[str] = page.evaluate(_NAMED, language)
    return found


def errors_that_lead_nowhere(page: Page) -> list[str]:
    """Links of the error summary that do not take one to the answer. Asked last: it moves the focus."""
    found: list[str] = page.evaluate(_ERRORS_LEAD)
    return found


def sideways(page: Page) -> list[str]:
    """Whether the page has to be moved sideways to be read."""
    is_wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["scrolls sideways"] if is_wider else []


def small_targets(page: Page) -> list[str]:
    """What has to be hit and is less than 44 px high."""
    return [f"a small target, {control}" for control in page.evaluate(_SMALL)]


def unreadable(page: Page) -> list[str]:
    """Text that is cut off or drawn over other text."""
    found: list[str] = page.evaluate(_UNREADABLE)
    return found
