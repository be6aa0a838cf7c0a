"""Whether the log of events tells the same of sign-offs as their own rows do: that there was one, by whom, when, and if it still stands.

What was signed is compared in `signed_content`. The log is no proof against someone who changes both: it is not chained.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.models import Event, Review, SignOff

SIGNED, VOIDED = "signed_off", "sign_off_voided"


def is_in_the_log(session: Session, review: Review) -> bool:
    """Whether the log knows this sign-off, by this person at this time, and agrees on whether it still stands.

    Raises ValueError for a review without one.
    """
    signed = review.sign_off
    if signed is None:
        raise ValueError("only a signed review can be looked up in the log")
    of_it = review.submission_id
    told = queries.events_everywhere(session, name=SIGNED, submission_id=of_it, limit=queries.MOST)
    voided = queries.events_everywhere(session, name=VOIDED, submission_id=of_it, limit=queries.MOST)
    was_voided = any(event.detail.get("review") == review.id for event in voided)
    return any(_is_of(event, signed) for event in told) and was_voided == (signed.voided_at is not None)


def lost_sign_offs(session: Session) -> Iterator[Event]:
    """The events that tell of a sign-off of which no row is stored, the newest first."""
    before = None
    while events := queries.events_everywhere(session, name=SIGNED, before=before, limit=queries.MOST):
        for event in events:
            reviews = queries.reviews_of(session, event.submission) if event.submission is not None else []
            if not any(review.sign_off is not None and _is_of(event, review.sign_off) for review in reviews):
                yield event
        before = events[-1].id


def _is_of(event: Event, signed: SignOff) -> bool:
    return event.actor_id == signed.user_id and event.at == signed.signed_at
