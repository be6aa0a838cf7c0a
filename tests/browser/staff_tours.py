"""Every page and state that staff meet, by tours as in `tours`: signing in, intake, typing in for a patient, clinicians, administrators.

Each tour is led by someone signed in as its role, on a site filled by `screener demo --count 40 --seed 11`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from tests.browser import walk
from tests.browser.conftest import PASSWORD
from tests.browser.walk import Look

CALLER = {"agreed": "patient", "agreement": "spoken", "preferred_contact": "phone", "contact_language": "es"}
ACCOUNT = ("/account/", "/workflow", "/admin/")  # the last one is refused


def signing_in(page: Page, look: Look, set_up_link: str) -> None:
    """The doors: signing in, and setting up an account by a link."""
    page.goto("/sign-in")
    look(page, "sign-in")
    walk.follow(page, "main form .actions button")
    look(page, "sign-in with an error")
    page.goto(set_up_link)
    look(page, "set up")
    page.fill("#password", "short")
    walk.follow(page, "main form .actions button")
    look(page, "set up with errors")
    page.goto("/set-up/none")
    look(page, "set-up link that is over")


def lists(page: Page, look: Look) -> None:
    """The list of intake with its forms, search, closing, and exports."""
    page.goto("/intake/")
    _unfold(page)
    page.locator("tbody input[name=chosen]").first.check()
    look(page, "list, unfolded")
    walk.follow(page, 'form[action$="/views"] button')
    look(page, "list with an error")
    page.goto("/intake/?severity=none&status=withdrawn&language=es&flagged=yes")
    look(page, "list with nothing")
    page.goto("/work/search")
    walk.follow(page, "form.find button")
    look(page, "search with an error")
    page.fill("#sought", "a")
    walk.follow(page, "form.find button")
    look(page, "search with answers")
    page.goto("/intake/?status=submitted")
    page.locator("tbody input[name=chosen]").first.check()
    walk.follow(page, "#chosen button[formaction]")
    look(page, "closing")
    walk.follow(page, "main form .actions button")
    look(page, "closing with an error")
    page.goto("/exports/?severity=urgent")
    walk.follow(page, "main form .actions button")
    look(page, "export with errors")
    page.check('[name="format"][value="csv"]')
    page.fill("#reason", "Asked for by the board.")
    page.fill("#password", PASSWORD)
    walk.follow(page, "main form .actions button")
    page.wait_for_selector('a[href$="/file"]')
    look(page, "export")
    for address in ACCOUNT:
        page.goto(address)
        look(page, f"{address} as intake")


def a_submission(page: Page, look: Look) -> None:
    """The page of a submission as intake has it, with nothing done yet and with forms sent empty."""
    page.goto("/intake/?status=submitted&severity=urgent")
    _open_first(page)
    look(page, "urgent submission")
    walk.follow(page, ".urgent-box button")
    _unfold(page)
    look(page, "urgent submission with an error, unfolded")
    page.goto("/intake/?status=submitted&severity=mention")
    _open_first(page)
    walk.follow(page, '#next button[value="ask"]')
    look(page, "submission with an error")
    page.goto("/intake/?status=needs_information")
    _open_first(page)
    look(page, "submission with a question to the patient")
    page.goto(f"{page.url.partition('#')[0]}/return-code")
    look(page, "return code to be given")
    walk.submit(page)
    look(page, "return code to be given, with an error")
    page.fill("#identity", "They called, and gave name and date of birth.")
    walk.submit(page)
    look(page, "return code that was given")


def typing_in_for_a_patient(page: Page, look: Look) -> None:
    """A call typed in, worked on, corrected, and put together with another one."""
    page.goto("/intake/new")
    look(page, "entry")
    walk.submit(page)
    look(page, "entry with errors")
    name = "Zacarías Llamada"
    _begin_entry(page, "phone", name)
    walk.choose(page, "emergency_now", "heart_attack_signs")
    walk.submit(page)
    page.fill('[name="pain_average"]', "lots")
    walk.submit(page)
    look(page, "section of an entry, urgent, with an error")
    page.fill('[name="pain_average"]', "7")
    walk.submit(page)
    page.goto("/intake/new")
    look(page, "entry that is begun")
    page.goto("/intake/new/check")
    look(page, "check of an entry")
    walk.submit(page)
    one = page.url
    look(page, "entry kept, urgent")
    _write(page, ".urgent-box", {"urgent_text": "Called an ambulance."})
    _write(page, "#flag", {"reason": "interpreter", "flag_text": "Mixteco"})
    _write(page, "#contacts", {"channel": "phone", "outcome": "message", "contact_text": "To her daughter."})
    _write(page, "#notes", {"text": "First words."})
    walk.follow(page, page.locator('#notes a[href*="/notes/"]').last)
    page.fill("#text", "Other words.")
    walk.submit(page)
    walk.follow(page, page.locator('#notes a[href*="/notes/"]').last)
    assert "First words." in page.locator("main").inner_text()
    look(page, "note that was changed")
    page.goto(one)
    walk.follow(page, 'form[action$="/answers"] button')
    page.goto(f"{one}/answers/questions/pain")
    page.fill('[name="pain_average"]', "9")
    walk.follow(page, '#main-form button[value="check"]')
    look(page, "correction")
    walk.submit(page)
    look(page, "worked on")
    page.goto(f"{one}/versions")
    look(page, "versions")
    _begin_entry(page, "paper", name)
    page.goto("/intake/new/check")
    walk.submit(page)
    other = page.url
    walk.follow(page, page.locator('#same-person a[href*="/beside/"]').first)
    look(page, "two beside each other")
    walk.follow(page, page.locator("#main-form button").nth(1))
    assert page.url.startswith(one)
    look(page, "kept one of two")
    page.goto(other)
    assert page.locator('a.reference[href*="/submissions/"]').first.is_visible()
    look(page, "merged")


def reviewing(page: Page, look: Look) -> None:
    """A clinician's list, reviews in each state, and what is printed."""
    page.goto("/clinician/")
    look(page, "reviews")
    for status in ("accepted", "signed_off", "in_review"):
        page.goto(f"/clinician/?status={status}")
        _open_first(page)
        if status != "in_review":  # which is looked at unfolded, below
            look(page, f"{status} review")
    one = page.url.partition("#")[0]
    _unfold(page)
    page.fill("#password", "not the password of anyone")
    page.fill("#assessment", "")
    walk.follow(page, '#sign-off button[value="sign_off"]')
    _unfold(page)
    look(page, "review that was not signed, unfolded")
    page.goto(f"{one}/print")
    look(page, "print view")
    page.goto(f"{one}/versions")
    look(page, "only version")
    page.goto(one)
    _write(page, "#notes", {"text": "Read with care."})
    walk.follow(page, page.locator('#notes a[href*="/notes/"]').last)
    page.fill("#text", "")
    walk.submit(page)
    look(page, "note with an error")
    page.goto("/clinician/?status=accepted")
    other = str(page.locator("a.reference").first.get_attribute("href"))
    page.goto(f"{one}/beside/{other.rpartition('/')[2]}")
    look(page, "reviews beside each other")
    page.goto("/feedback/")
    look(page, "feedback on rules")


def administering(page: Page, look: Look) -> None:
    """Accounts, sign-ins, settings, rulesets, what was done."""
    page.goto("/admin/")
    look(page, "accounts")
    invite = 'main form[action$="/invitations"] .actions button'
    walk.follow(page, invite)
    look(page, "accounts with errors")
    page.fill("#name", "Robin Nuevo")
    page.fill("#email", f"robin.{page.locator('html').get_attribute('lang')}@example.org")
    walk.choose(page, "role", "intake")
    walk.follow(page, invite)
    look(page, "accounts with an invitation")
    page.goto("/admin/settings")
    page.fill("#waiting_target_hours", "never")
    walk.submit(page)
    look(page, "settings with an error")
    page.goto("/admin/rulesets")
    look(page, "rulesets")
    kept = str(page.locator('main a[href*="version="]').first.get_attribute("href")).rpartition("=")[2]
    page.goto(f"/admin/rulesets/changes?old={kept}&new={kept}")
    look(page, "what changed between rulesets")
    for address in ("/admin/sessions", "/admin/exports", "/admin/audit"):
        page.goto(address)
        look(page, address)
    page.fill("#reference", "nothing like it")
    walk.follow(page, 'form[method="post"].filters button')
    look(page, "what was done, with an error")


def _open_first(page: Page) -> None:
    walk.follow(page, page.locator('main a[href*="/submissions/"]').first)


def _unfold(page: Page) -> None:
    for folded in page.locator("main details").all():
        folded.evaluate("one => { one.open = true }")


def _begin_entry(page: Page, source: str, name: str) -> None:
    """The first page of typing in for a patient."""
    page.goto("/intake/new")
    for field, code in {"source": source, **CALLER}.items():
        walk.choose(page, field, code)
    page.fill('input[name="name"]', name)
    for part in ("month", "day", "year"):
        page.fill(f'input[name="birth_date-{part}"]', walk.PERSON[part])
    page.fill('input[name="phone"]', "555 555 0142")
    walk.submit(page)


def _write(page: Page, panel: str, fields: Mapping[str, str]) -> None:
    """Open a panel's form where it is folded, fill it in and send it."""
    summary = page.locator(f"{panel} summary")
    if summary.count():
        summary.first.click()
    for field, value in fields.items():
        control = page.locator(f"#{field}")
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    walk.follow(page, f"{panel} form:has(#{next(iter(fields))}) button")


# Who goes on each.
STAFF: Mapping[str, tuple[Callable[[Page, Look], None], ...]] = {
    "intake": (lists, a_submission, typing_in_for_a_patient),
    "clinician": (reviewing,),
    "admin": (administering,),
}
