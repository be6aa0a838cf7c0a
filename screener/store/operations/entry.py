"""Handing in for a patient who told their answers by phone or on paper; a member of staff typed them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from screener.engine.screening import Screening
from screener.store.accounts import User
from screener.store.audit import require_role
from screener.store.casework import Agreed, Agreement
from screener.store.models import Source, Submission
from screener.store.operations.drafts import erase_draft
from screener.store.operations.submissions import submit
from screener.store.sealed_drafts import OpenDraft
from screener.store.workflow import Role


def enter_submission(
    session: Session,
    draft: OpenDraft,
    *,
    screening: Screening,
    source: Source,
    agreed: Agreed,
    agreement: Agreement,
    actor: User,
    now: datetime,
) -> Submission:
    """Hand in what staff typed, marked as such: by whom, from where, who agreed to it and how. The draft goes.

    Raises what `submit` does, RoleNotAllowed, and ValueError where the source is the web.
    """
    require_role(actor, (Role.INTAKE,))
    if source is Source.WEB:
        raise ValueError("staff enter what came by phone or on paper")
    consent = {"agreed": agreed.value, "agreement": agreement.value}
    submission = submit(session, draft, screening=screening, now=now, source=source, entered_by=actor, detail=consent)
    erase_draft(session, draft, now=now)
    return submission
