"""What a patient writes before handing in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from screener.engine.rules import Ruleset
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.identifiers import token_hash
from screener.store.models import Contact, Draft, DraftAccess, Event, StoredRuleset, Submission
from screener.store.refusals import DraftGone, DraftSubmitted
from screener.store.sealed_drafts import OpenDraft
from tests.store.examples import CALM, CONTACT, NOW

LATER = NOW + timedelta(hours=1)


def count(engine: Engine, table: type) -> int | None:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table))


def event_names(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Event.name).order_by(Event.id)))


def test_draft_opens_with_its_token_alone(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        draft, token = operations.begin_draft(session, ruleset, language="es", now=NOW)
    with reading(engine) as session:
        found = queries.draft_for_token(session, token, now=NOW)
        assert found is not None
        assert (found.id, found.language, found.answers, found.acknowledged) == (draft.id, "es", {}, [])
        assert queries.draft_for_token(session, token_hash(token), now=NOW) is None
        assert queries.draft_for_token(session, "", now=NOW) is None


def test_ruleset_is_kept_once(engine: Engine, ruleset: Ruleset) -> None:
    for _ in range(3):
        with writing(engine) as session:
            operations.begin_draft(session, ruleset, language="en", now=NOW)
    assert count(engine, StoredRuleset) == 1
    assert event_names(engine) == ["ruleset_kept", "draft_begun", "draft_begun", "draft_begun"]
    with reading(engine) as session:
        assert queries.ruleset_content(session, ruleset.hash) == ruleset.content
        assert queries.ruleset_content(session, "0" * 64) is None


def test_answers_are_replaced_as_a_whole(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        _, token = operations.begin_draft(session, ruleset, language="en", now=NOW)
    for answers in ({"chest_pain": "yes", "hopes": "ñandú"}, {"bladder_pain": "no"}):
        with writing(engine) as session:
            draft = queries.draft_for_token(session, token, now=LATER)
            assert draft is not None
            operations.save_answers(session, draft, answers, now=LATER)
        with reading(engine) as session:
            draft = queries.draft_for_token(session, token, now=LATER)
            assert draft is not None
            assert (draft.answers, draft.updated_at) == (answers, LATER)


def test_contact_is_replaced_not_repeated(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        draft, token = operations.begin_draft(session, ruleset, language="en", now=NOW)
        operations.save_contact(session, draft, **CONTACT, now=NOW)
        operations.save_contact(session, draft, **{**CONTACT, "phone": None}, now=NOW)
    assert count(engine, Contact) == 0  # that table is for what staff can read
    with reading(engine) as session:
        found = queries.draft_for_token(session, token, now=NOW)
    assert found is not None
    assert found.contact is not None
    kept = {field: getattr(found.contact, field) for field in CONTACT}
    assert kept == {**CONTACT, "phone": None}


def test_acknowledged_urgent_rules_are_remembered_once_and_in_order(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        draft, token = operations.begin_draft(session, ruleset, language="en", now=NOW)
        operations.acknowledge_urgent(session, draft, ["b", "a", "b"], now=NOW)
        operations.acknowledge_urgent(session, draft, ["c", "a"], now=NOW)
    with reading(engine) as session:
        found = queries.draft_for_token(session, token, now=NOW)
        assert found is not None
        assert found.acknowledged == ["b", "a", "c"]


def test_language_can_change_at_any_time(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
        operations.set_draft_language(session, draft, "es", now=NOW)
        submission = submit(session, draft)
        operations.set_draft_language(session, draft, "en", now=NOW)
    assert (draft.language, submission.language) == ("en", "es")


def test_every_write_puts_the_end_24_hours_off(engine: Engine, ruleset: Ruleset) -> None:
    with writing(engine) as session:
        draft, token = operations.begin_draft(session, ruleset, language="en", now=NOW)
        operations.save_answers(session, draft, CALM, now=LATER)
    end = LATER + timedelta(hours=24)
    with reading(engine) as session:
        assert queries.draft_for_token(session, token, now=end - timedelta(microseconds=1)) is not None
        assert queries.draft_for_token(session, token, now=end) is None


def test_expired_drafts_go_with_every_way_in(engine: Engine, filled_draft: Callable[..., OpenDraft]) -> None:
    with writing(engine) as session:
        filled_draft(session, now=NOW)
        filled_draft(session, now=LATER)
    with writing(engine) as session:
        assert operations.delete_expired_drafts(session, now=NOW + timedelta(hours=24)) == 1
    assert (count(engine, Draft), count(engine, DraftAccess)) == (1, 1)
    with writing(engine) as session:
        assert operations.delete_expired_drafts(session, now=NOW + timedelta(hours=25)) == 1
        assert operations.delete_expired_drafts(session, now=NOW + timedelta(hours=26)) == 0
    assert (count(engine, Draft), count(engine, DraftAccess)) == (0, 0)
    assert event_names(engine)[-2:] == ["drafts_expired", "drafts_expired"]


def test_expired_draft_that_was_handed_in_leaves_its_submission(
    engine: Engine, submitted: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        submitted(session)
    with writing(engine) as session:
        assert operations.delete_expired_drafts(session, now=NOW + timedelta(days=2)) == 1
    assert (count(engine, Draft), count(engine, Contact), count(engine, Submission)) == (0, 1, 1)


def test_erased_draft_is_gone_and_cannot_be_written(engine: Engine, filled_draft: Callable[..., OpenDraft]) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
    with writing(engine) as session:
        operations.erase_draft(session, draft, now=NOW)
    assert (count(engine, Draft), count(engine, DraftAccess)) == (0, 0)
    with pytest.raises(DraftGone), writing(engine) as session:
        operations.save_answers(session, draft, CALM, now=NOW)
    with pytest.raises(DraftGone), writing(engine) as session:
        operations.erase_draft(session, draft, now=NOW)


def test_erased_draft_that_was_handed_in_leaves_its_submission(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
        submit(session, draft)
        operations.erase_draft(session, draft, now=NOW)
    assert (count(engine, Draft), count(engine, Contact), count(engine, Submission)) == (0, 1, 1)


def test_draft_that_was_handed_in_takes_no_more_answers(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session)
        submit(session, draft)
        with pytest.raises(DraftSubmitted):
            operations.save_answers(session, draft, CALM, now=NOW)
        with pytest.raises(DraftSubmitted):
            operations.save_contact(session, draft, **CONTACT, now=NOW)
        with pytest.raises(DraftSubmitted):
            operations.acknowledge_urgent(session, draft, ["a"], now=NOW)


def test_event_goes_with_its_act(engine: Engine, filled_draft: Callable[..., OpenDraft]) -> None:
    def fail() -> None:
        with writing(engine) as session:
            filled_draft(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (count(engine, Draft), event_names(engine)) == (0, [])
    with writing(engine) as session:
        filled_draft(session)
    assert event_names(engine) == ["ruleset_kept", "draft_begun", "contact_saved", "answers_saved"]


def test_repr_and_events_hold_nothing_personal(
    engine: Engine, filled_draft: Callable[..., OpenDraft], submit: Callable[..., Submission]
) -> None:
    with writing(engine) as session:
        draft = filled_draft(session, {**CALM, "hopes": "canary hopes"})
        details = repr(draft), repr(draft.row), repr(draft.access)
        submission = submit(session, draft)
        contact = submission.contact
        response = queries.current_response(session, submission)
        events = session.scalars(select(Event).order_by(Event.id)).all()
        told = [*details, *(repr(row) for row in (contact, submission, response))]
        told += [repr((event.name, event.detail)) for event in events]
    rows = ("OpenDraft", "Draft", "DraftAccess", "Contact", "Submission", "Response")
    assert told[:6] == [f"<{name} 1>" for name in rows]
    secrets = ("canary", "555-0199", "1961", submission.reference.lower(), draft.access.lookup)
    assert [text for text in told for secret in secrets if secret in text.lower()] == []
