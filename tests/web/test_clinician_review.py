"""Deciding, saving and signing off a review: nothing lost, nothing signed that is not whole, nothing changed unseen."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import text

from screener.engine.answers import parse_answers
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.review_work import REASONS, Disposition
from screener.store.signed_content import is_intact
from screener.store.workflow import Move, Role, Status
from screener.web.review_words import CHOICE_WORDS, DISPOSITION_WORDS, REASON_WORDS
from tests.web.review_desk import PASSWORD, ReviewDesk, chosen, errors, fieldset
from tests.web.staff_page import event_names, offered, panel, put, stored, typed, words

ANSWERS = {
    "emergency_now": ["none"],
    "heart_conditions": ["hypertension", "angina", "not_sure"],
    "bp_control": "poor",
    "pain_kinds": ["crps"],
    "pain_average": 8,
    "stomach_upset": "declined",
}
BP = "article_bp_not_controlled"
HEART = "article_heart_disease"


@pytest.fixture
def clinician(sign_in):
    """A browser of a clinician."""
    return sign_in(Role.CLINICIAN)


@pytest.fixture
def desk(clinician, post_form, store):
    """The clinician at the page."""
    return ReviewDesk(clinician, post_form, store)


@pytest.fixture
def accepted(submitted, store):
    """Makes a submission that was accepted for a clinician."""

    def make(answers=ANSWERS):
        submission = submitted(answers)
        put(store, submission, Status.ACCEPTED)
        return stored(store, submission)

    return make


@pytest.fixture
def in_review(accepted, desk):
    """Makes a submission whose review has begun."""
    return lambda answers=ANSWERS: desk.start(accepted(answers))


@pytest.fixture
def amend(store, shipped_ruleset, clock):
    """The patient changes their answers."""

    def change(submission, answers):
        screening = screen(shipped_ruleset, parse_answers(shipped_ruleset, answers))
        with writing(store) as session:
            kept = queries.submission_by_public_id(session, submission.public_id)
            operations.amend_submission(
                session, kept, screening=screening, actor=None, expected_version=kept.version, now=clock()
            )

    return change


def test_every_code_has_its_words():
    assert {reason for reasons in REASONS.values() for reason in reasons} == set(REASON_WORDS)
    assert set(REASONS) == set(CHOICE_WORDS)
    assert set(Disposition) == set(DISPOSITION_WORDS)


# The page


def test_top_tells_what_is_first_and_what_waits(desk, in_review):
    submission = in_review()
    page = desk.page(submission)
    glance = words(page.split('class="glance"')[1].split("</section>")[0])
    needed = [name for name in desk.whole(submission) if name.startswith("choice-")]
    first = [f.rule_id for f in desk.findings(submission) if f.severity == "first" and f.outcome == "raised"]
    assert len(first) > 1
    assert f"{len(first)} to decide" in glance
    assert f"0 of {submission.unknown_count} seen" in glance
    assert f"0 of {len(needed)} findings decided, 0 of {submission.unknown_count} open questions seen" in words(page)
    desk.record(submission, **{f"choice-{rule}": "agree" for rule in first})
    page = desk.page(submission)
    assert f"First {len(first)} of {len(first)}" in words(page.split('aria-label="On this page"')[1])
    assert f"{len(first)} of {len(needed)} findings decided" in words(page)


def test_every_finding_that_must_be_decided_has_its_control_and_every_open_question_its_tick(desk, in_review):
    submission = in_review()
    page = desk.page(submission)
    whole = desk.whole(submission)
    for name in [name for name in whole if name.startswith("choice-")]:
        rule = name.removeprefix("choice-")
        control = fieldset(page, rule)
        assert f"({rule})" in words(control.split("</legend>")[0])
        assert control.count('type="radio"') == 3
    assert page.count('name="seen"') == len(whole["seen"]) == submission.unknown_count


def test_control_belongs_to_the_one_form_wherever_it_stands(desk, in_review):
    page = desk.page(in_review())
    controls = [part.split(">")[0] for part in page.split("<input")[1:] + page.split("<select")[1:]]
    marks = [one for one in controls if 'name="choice-' in one or 'name="words-' in one or 'name="seen"' in one]
    assert len(marks) > 30
    assert [one for one in marks if 'form="review-form"' not in one] == []


def test_what_would_change_a_finding_and_the_whole_citation_are_one_click_away(desk, in_review, shipped_ruleset):
    page = desk.page(in_review())
    card = words(page.split('id="first-cardiovascular"')[1].split("</section>")[0])
    assert "What would change it" in card
    assert "were “It is most often where my doctor wants it”" in card
    citation = shipped_ruleset.citations[shipped_ruleset.rule(BP).cites[0]]
    assert f"Work {citation.title}" in card
    assert f"{citation.section}, line" in card
    assert "of the text" in card
    assert "Read in the original on November 22, 2026." in card
    assert citation.id in card


def test_open_question_says_what_an_answer_would_do(desk, in_review):
    unknown = panel(desk.page(in_review()), "Could not assess")
    assert "What an answer would do" in unknown
    assert "Raised if the answer" in unknown


def test_answers_lead_to_the_cards_they_are_behind(desk, in_review):
    answers = desk.page(in_review()).split('<section id="answers">')[1].split('<section id="review"')[0]
    row = answers.split("How well is your high blood pressure kept down?")[1].split("<dt>")[0]
    assert 'behind: <a href="#first-cardiovascular">' in row


def test_citation_lines_are_joined_into_runs():
    from screener.web.clinician.citation_entries import lines_words

    assert lines_words([1, 2, 160, 161, 162, 7]) == "1–2, 7, 160–162"
    assert lines_words([9]) == "9"


def panel_words(page):
    """The words of the history."""
    return words(page.split('id="history"')[1].split("</section>")[0])


# Saving


def test_save_keeps_everything_at_once_and_shows_it_again(desk, in_review):
    submission = in_review()
    fields = {
        f"choice-{BP}": "needs_work_up",
        f"needs_work_up-{BP}": "examine_or_test",
        f"words-{BP}": " Two weeks of readings ",
        f"choice-{HEART}": "not_relevant",
        f"not_relevant-{HEART}": "looked_after",
        f"needs_work_up-{HEART}": "get_records",  # of a choice that was not made
        "seen": ["stomach_upset"],
        "disposition": "records_first",
        "assessment": "Half a thought.",
    }
    assert desk.record(submission, **fields).status_code == 303
    assert desk.decisions(submission) == {
        BP: ("needs_work_up", "examine_or_test", "Two weeks of readings"),
        HEART: ("not_relevant", "looked_after", ""),
    }
    page = desk.page(submission)
    assert chosen(page, f"choice-{BP}") == ["needs_work_up"]
    assert chosen(page, "seen") == ["stomach_upset"]
    assert typed(page, "assessment") == "Half a thought."
    assert '<option value="records_first" selected>' in page
    assert '<option value="examine_or_test" selected>' in fieldset(page, BP)
    assert 'value="Two weeks of readings"' in fieldset(page, BP)
    name = desk.review(submission).clinician.name
    said = f"Needs work-up. Examination or test. Two weeks of readings. {name}, Nov 23, 2026"
    assert f"Saved: {said}" in words(fieldset(page, BP))
    assert "Needs records or tests first" in words(page.split('class="sign-off-bar"')[1])


def test_half_a_review_can_be_saved_without_words(desk, in_review):
    submission = in_review()
    assert desk.record(submission, **{f"choice-{BP}": "agree"}).status_code == 303
    assert desk.record(submission, assessment="Later.").status_code == 303
    assert desk.decisions(submission) == {}
    assert desk.review(submission).assessment == "Later."


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({f"choice-{BP}": "not_relevant"}, f"not_relevant-{BP}", "Choose a reason or write why"),
        ({f"choice-{BP}": "needs_work_up"}, f"needs_work_up-{BP}", "Choose a reason or write why"),
        ({f"words-{BP}": "Why?"}, f"choice-{BP}", "You gave a reason but no decision"),
        ({f"not_relevant-{BP}": "long_past"}, f"choice-{BP}", "You gave a reason but no decision"),
        ({f"choice-{BP}": "agree", f"words-{BP}": "x" * 1001}, f"words-{BP}", "Write 1000 characters or fewer"),
    ],
)
def test_half_a_decision_is_not_saved_and_nothing_is_lost(desk, in_review, sent, field, says):
    submission = in_review()
    reply = desk.record(submission, **sent, **{f"choice-{HEART}": "agree"}, assessment="Kept.", seen="stomach_upset")
    assert reply.status_code == 422
    [(place, message)] = errors(reply.text)
    assert (place, message.split(":")[0]) == (field, says)
    assert f"({BP})" in message
    assert f'id="{field}"' in reply.text
    assert desk.decisions(submission) == {}
    for name in (f"choice-{BP}", f"choice-{HEART}"):
        assert chosen(reply.text, name) == ([sent[name]] if name in sent else ["agree"] if HEART in name else [])
    assert typed(reply.text, "assessment") == "Kept."
    assert chosen(reply.text, "seen") == ["stomach_upset"]
    if f"words-{BP}" in sent:
        assert f'value="{sent[f"words-{BP}"]}"' in fieldset(reply.text, BP)


def test_codes_that_no_page_has_count_as_not_sent(desk, in_review):
    submission = in_review()
    forged = {
        f"choice-{BP}": "certainly",
        f"choice-{HEART}": "agree",
        f"not_relevant-{HEART}": "because",
        "choice-no_such_rule": "agree",
        "choice-guidance_cochrane_2025'": "agree",
        "seen": ["stomach_upset", "no_such_item", "pain_average"],
        "disposition": "operate",
    }
    assert desk.record(submission, **forged).status_code == 303
    assert desk.decisions(submission) == {HEART: ("agree", None, "")}
    review = desk.review(submission)
    assert (review.seen_items, review.disposition) == (["stomach_upset"], None)


def test_words_of_a_clinician_never_become_markup(desk, in_review):
    submission = in_review()
    xss = '"><script>alert(1)</script>'
    desk.record(submission, **{f"choice-{BP}": "agree", f"words-{BP}": xss}, assessment=xss)
    page = desk.page(submission)
    assert "<script" not in page
    assert html.escape(xss, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in fieldset(page, BP)


def test_decision_can_be_set_back_to_undecided_whatever_reasons_stand_beside_it(desk, in_review):
    submission = in_review()
    assert 'value="undecided"' not in fieldset(desk.page(submission), BP)
    aside = {f"choice-{BP}": "not_relevant", f"not_relevant-{BP}": "long_past", f"words-{BP}": "Years ago."}
    desk.record(submission, **aside, **{f"choice-{HEART}": "agree"})
    assert 'value="undecided"' in fieldset(desk.page(submission), BP)
    back = {**aside, f"choice-{BP}": "undecided", f"choice-{HEART}": "agree"}
    assert desk.record(submission, **back).status_code == 303
    assert desk.decisions(submission) == {HEART: ("agree", None, "")}
    page = desk.page(submission)
    assert (chosen(page, f"choice-{BP}"), "long_past" in page.split("timeline")[1]) == ([], False)
    assert f"Decision set back to undecided by {desk.review(submission).clinician.name}" in panel_words(page)
    assert f"{BP}: Not relevant. Long past, no longer so" in panel_words(page)


def test_set_back_stays_set_back_where_something_else_is_to_be_mended_first(desk, in_review):
    submission = in_review()
    desk.record(submission, **{f"choice-{BP}": "agree"})
    reply = desk.record(submission, **{f"choice-{BP}": "undecided", f"choice-{HEART}": "not_relevant"})
    assert reply.status_code == 422
    assert chosen(reply.text, f"choice-{BP}") == ["undecided"]
    assert desk.decisions(submission) == {BP: ("agree", None, "")}


def test_undecided_is_no_decision_for_a_sign_off(desk, in_review, store):
    submission = in_review()
    desk.record(submission, **{f"choice-{BP}": "agree"})
    reply = desk.sign(submission, **{f"choice-{BP}": "undecided"})
    assert (reply.status_code, f"choice-{BP}" in dict(errors(reply.text))) == (422, True)
    assert stored(store, submission).status is Status.IN_REVIEW


# Two clinicians at once


def test_who_saves_late_keeps_their_own_and_sees_what_the_other_wrote(desk, in_review, sign_in, store, clock):
    submission = in_review()
    seen = stored(store, submission).version
    other = sign_in(Role.CLINICIAN)
    clock.move(minutes=5)
    theirs = {
        f"choice-{BP}": "not_relevant",
        f"not_relevant-{BP}": "looked_after",
        f"words-{BP}": "Followed by Dr. Sample.",
        f"choice-{HEART}": "agree",
        "seen": "stomach_upset",
        "disposition": "discuss",
        "assessment": "A colleague's words.",
    }
    assert desk.send(submission, "review", {"act": "record", **theirs}, client=other).status_code == 303
    mine = {f"choice-{BP}": "needs_work_up", f"words-{BP}": "Readings.", "assessment": "My words.", "act": "record"}
    reply = desk.send(submission, "review", mine, version=seen)
    assert reply.status_code == 409
    page, name = reply.text, desk.review(submission).clinician.name
    assert "Someone changed this submission after you opened it." in page
    assert f"{name} saved this review while your page was open." in words(page)
    assert (f"choice-{BP}", True) in [(field, "decided otherwise" in said) for field, said in errors(page)]
    control = fieldset(page, BP)
    assert chosen(page, f"choice-{BP}") == ["needs_work_up"]
    assert 'value="Readings."' in control
    meanwhile = (
        f"Saved by someone else meanwhile: Not relevant. Known and already looked after. Followed by Dr. Sample. {name}"
    )
    assert meanwhile in words(control)
    # What I did not touch is taken over from the colleague.
    assert chosen(page, f"choice-{HEART}") == ["agree"]
    assert chosen(page, "seen") == ["stomach_upset"]
    assert '<option value="discuss" selected>' in page
    assert typed(page, "assessment") == "My words."
    assert "A colleague&#39;s words." in page
    assert desk.decisions(submission)[BP] == ("not_relevant", "looked_after", "Followed by Dr. Sample.")
    # Sent once more, knowing it, mine stands; the colleague's other marks are not lost.
    again = {**mine, f"choice-{HEART}": "agree", "seen": "stomach_upset", "disposition": "discuss"}
    assert desk.send(submission, "review", again).status_code == 303
    assert desk.decisions(submission) == {BP: ("needs_work_up", None, "Readings."), HEART: ("agree", None, "")}


def test_late_sign_off_signs_nothing(desk, in_review, sign_in, store):
    submission = in_review()
    seen = stored(store, submission).version
    desk.send(submission, "review", {"act": "record", "assessment": "A colleague's."}, client=sign_in(Role.CLINICIAN))
    fields = {"act": "sign_off", "password": PASSWORD, **desk.whole(submission, assessment="Mine.")}
    reply = desk.send(submission, "review", fields, version=seen)
    assert reply.status_code == 409
    assert typed(reply.text, "assessment") == "Mine."
    assert stored(store, submission).status is Status.IN_REVIEW
    assert desk.review(submission).assessment == "A colleague's."


def test_words_come_back_to_copy_where_the_review_is_over(desk, in_review, sign_in, store):
    submission = in_review()
    seen = stored(store, submission).version
    assert desk.sign(submission).status_code == 303
    mine = {"act": "record", "assessment": "Typed with care.", f"choice-{BP}": "agree", f"words-{BP}": "My reason."}
    reply = desk.send(submission, "review", mine, version=seen)
    assert reply.status_code == 409
    left = words(reply.text.split('id="not-kept"')[1].split("</section>")[0])
    assert "Typed with care." in left
    assert "My reason." in left
    assert BP in left


def test_words_about_findings_that_are_no_more_come_back_to_copy(desk, in_review, amend, store):
    submission = in_review()
    seen = stored(store, submission).version
    amend(submission, {**ANSWERS, "bp_control": "good"})
    mine = {"act": "record", f"choice-{BP}": "agree", f"words-{BP}": "My reason.", "assessment": "Mine."}
    reply = desk.send(submission, "review", mine, version=seen)
    assert reply.status_code == 409
    assert "My reason." in words(reply.text.split('id="not-kept"')[1].split("</section>")[0])
    assert typed(reply.text, "assessment") == "Mine."


def test_page_without_its_own_token_comes_back_to_be_sent_again(desk, clinician, in_review, store):
    submission = in_review()
    fields = {"act": "sign_off", f"choice-{BP}": "agree", "assessment": "Not lost", "password": PASSWORD}
    reply = clinician.post(f"{desk.url(submission)}/review", data=fields)
    assert reply.status_code == 422
    assert typed(reply.text, "assessment") == "Not lost"
    assert chosen(reply.text, f"choice-{BP}") == ["agree"]
    assert stored(store, submission).status is Status.IN_REVIEW


# Signing off


def test_sign_off_fixes_exactly_what_was_sent(desk, in_review, store, clock):
    submission = in_review()
    assert desk.sign(submission, **{f"choice-{BP}": "not_relevant", f"words-{BP}": "Long ago."}).status_code == 303
    assert stored(store, submission).status is Status.SIGNED_OFF
    review = desk.review(submission)
    assert (review.sign_off.signed_at, review.disposition, review.assessment) == (clock(), "discuss", "Read with care.")
    with reading(store) as session:
        assert is_intact(session, queries.review_of(session, submission))
    page = desk.page(submission)
    signed = panel(page, "Signed off")
    assert f"{review.clinician.name} , Nov 23, 2026" in signed
    assert f"Content {review.sign_off.content_hash[:12]}" in signed
    assert f" {review.sign_off.content_hash} " in signed
    assert "It was worked out again just now and is the same." in signed
    assert "Discuss in person" in signed
    assert "Read with care." in signed
    assert "Not relevant. Long ago." in words(page.split('id="first-cardiovascular"')[1].split("</section>")[0])
    assert 'type="radio"' not in page
    assert offered(page) == set()
    kept = [name for name in event_names(store, submission) if name not in ("viewed", "submitted")]
    assert kept == ["review_started", "review_recorded", "signed_off"]


def test_sign_off_says_exactly_what_is_missing_and_keeps_all_that_was_sent(desk, in_review, store):
    submission = in_review()
    whole = desk.whole(submission)
    sent = {**whole, "seen": whole["seen"][1:], "assessment": "", "disposition": "", f"words-{HEART}": "Hm."}
    del sent[f"choice-{BP}"]
    reply = desk.send(submission, "review", {"act": "sign_off", "password": PASSWORD, **sent})
    assert reply.status_code == 422
    found = errors(reply.text)
    assert [field for field, _ in found] == [f"choice-{BP}", f"seen-{whole['seen'][0]}", "disposition", "assessment"]
    assert found[0][1].startswith("Not decided yet: ")
    assert all(f'id="{field}"' in reply.text for field, _ in found)
    assert chosen(reply.text, f"choice-{HEART}") == ["agree"]
    assert 'value="Hm."' in fieldset(reply.text, HEART)
    assert set(chosen(reply.text, "seen")) == set(whole["seen"][1:])
    assert PASSWORD not in reply.text
    assert stored(store, submission).status is Status.IN_REVIEW


@pytest.mark.parametrize("password", ["", "three grey herons at dawn", "x" * 5000])
def test_wrong_password_signs_nothing_and_keeps_everything(desk, in_review, store, password):
    submission = in_review()
    reply = desk.sign(submission, password=password, **{f"words-{BP}": "My reason."})
    assert reply.status_code == 422
    assert [field for field, _ in errors(reply.text)] == ["password"]
    assert 'value="My reason."' in fieldset(reply.text, BP)
    assert typed(reply.text, "assessment") == "Read with care."
    assert 'type="password"' in reply.text
    assert not password or password not in reply.text
    assert stored(store, submission).status is Status.IN_REVIEW
    with reading(store) as session:
        refused = session.execute(text("SELECT count(*) FROM event WHERE name = 'password_refused'")).scalar()
    assert refused == (1 if password else 0)


def test_wrong_passwords_count_as_they_do_at_the_door(desk, in_review, store, clock):
    submission = in_review()
    statuses = [desk.sign(submission, password="three grey herons at dawn").status_code for _ in range(10)]
    assert statuses == [422] * 10
    reply = desk.sign(submission)
    assert reply.status_code == 429
    assert typed(reply.text, "assessment") == "Read with care."
    assert stored(store, submission).status is Status.IN_REVIEW
    clock.move(minutes=16)
    assert desk.sign(submission).status_code == 303


def test_password_is_in_no_log(desk, in_review, caplog):
    submission = in_review()
    with caplog.at_level("DEBUG"):
        desk.sign(submission, password="three grey herons at dawn")
        desk.sign(submission)
    assert caplog.text
    assert "herons" not in caplog.text


def test_sign_off_is_no_plain_move(desk, in_review, store):
    submission = in_review()
    desk.record(submission, **desk.whole(submission))
    reply = desk.send(submission, "moves", {"move": "sign_off", "password": PASSWORD})
    assert reply.status_code == 409
    assert stored(store, submission).status is Status.IN_REVIEW


# After an amendment


def test_amendment_voids_the_sign_off_and_says_what_changed(desk, in_review, amend, store, clock):
    submission = in_review()
    desk.sign(submission, **{f"choice-{HEART}": "not_relevant", f"words-{HEART}": "Long ago."})
    first = desk.review(submission).sign_off.content_hash
    clock.move(minutes=20)
    amend(submission, {**ANSWERS, "bp_control": "good", "stomach_upset": "yes"})
    assert stored(store, submission).status is Status.IN_REVIEW
    page = desk.page(submission)
    gone = panel(page, "Sign-off that no longer stands")
    assert "It no longer stands since Nov 23, 2026" in gone
    assert "The answers were changed after it." in gone
    assert first in gone
    assert "What is stored is not what was signed." not in page
    changed = panel(page, "What changed since it was signed")
    assert "How well is your high blood pressure kept down? I have treatment but it is often too high" in changed
    assert "It is most often where my doctor wants it" in changed
    assert f"({BP})" in changed.split("No longer raised")[1]
    # The one that rests on the same answers is still decided, the others wait.
    assert chosen(page, f"choice-{HEART}") == ["not_relevant"]
    assert typed(page, "assessment") == "Read with care."
    assert "Not saved on these answers yet." in page
    reply = desk.sign(submission, **{f"choice-{HEART}": "agree"})
    assert reply.status_code == 303
    page = desk.page(submission)
    assert "Signed off" in panel(page, "Signed off")
    assert "What changed since it was signed" not in page
    assert desk.review(submission).sign_off.content_hash != first


def test_finding_whose_answers_changed_is_undecided_and_says_what_was_decided(desk, in_review, amend):
    submission = in_review()
    desk.sign(submission, **{f"choice-{BP}": "needs_work_up", f"words-{BP}": "Readings."})
    amend(submission, {**ANSWERS, "bp_control": "poor", "heart_conditions": ["hypertension"]})
    page = desk.page(submission)
    control = fieldset(page, BP)
    assert chosen(page, f"choice-{BP}") == []
    assert "Changed since it was decided. Needs work-up. Readings." in words(control)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET text = 'Never mind.' WHERE id = (SELECT MIN(id) FROM decision)",
        "UPDATE review SET assessment = 'Never read.'",
        "UPDATE finding SET severity = 'info' WHERE severity = 'first'",
        "UPDATE response SET answers = '{}'",
    ],
)
def test_changed_row_is_told_loudly(desk, in_review, store, statement):
    submission = in_review()
    desk.sign(submission)
    with writing(store) as session:
        assert session.execute(text(statement)).rowcount > 0
    page = desk.page(submission)
    signed = page.split('id="signed"')[1].split("</section>")[0]
    assert '<div class="alarm" role="alert">' in signed
    assert "What is stored is not what was signed." in words(signed)
    assert "is the same." not in words(signed)


# Moves


def test_asking_sends_it_back_and_the_next_review_goes_on(desk, in_review, store):
    submission = in_review()
    desk.record(submission, **{f"choice-{BP}": "agree"}, seen="stomach_upset", assessment="Half a thought.")
    assert desk.send(submission, "moves", {"move": "ask", "note": ""}).status_code == 422
    assert desk.send(submission, "moves", {"move": "ask", "note": "Which heart pills?"}).status_code == 303
    put(store, submission, Status.ACCEPTED)
    desk.start(submission)
    page = desk.page(submission)
    assert chosen(page, f"choice-{BP}") == ["agree"]
    assert chosen(page, "seen") == ["stomach_upset"]
    assert typed(page, "assessment") == "Half a thought."
    assert "Which heart pills?" in panel(page, "Questions to the patient")


def test_review_that_was_never_begun_takes_nothing(desk, accepted, store):
    submission = accepted()
    for fields in ({"act": "record"}, {"act": "sign_off", "password": PASSWORD}):
        reply = desk.send(submission, "review", {**fields, "assessment": "Too early."})
        assert reply.status_code == 409
        assert "Too early." in reply.text
    assert stored(store, submission).status is Status.ACCEPTED


def test_move_that_is_none_is_a_bad_request(desk, in_review):
    assert desk.send(in_review(), "moves", {"move": "approve"}).status_code == 400
    assert Move.SIGN_OFF.value not in offered(desk.page(in_review())) - {"sign_off"}
