"""A clinician at the page of a review, as the tests drive it: real forms, with the version that the page has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from screener.store import queries
from screener.store.database import reading
from screener.store.models import Review, StoredFinding, Submission
from screener.store.review_work import needs_decision, open_items
from tests.web.staff_page import stored

PASSWORD = "three grey herons at dusk"


class ReviewDesk:
    """One clinician's browser; `send` and `record` take another one where given."""

    def __init__(self, client: FlaskClient, post_form: Callable[..., TestResponse], store: Engine) -> None:
        self.client, self.post_form, self.store = client, post_form, store

    def url(self, submission: Submission) -> str:
        return f"/clinician/submissions/{submission.public_id}"

    def page(self, submission: Submission, client: FlaskClient | None = None) -> str:
        reply = (client or self.client).get(self.url(submission))
        assert reply.status_code == 200
        return reply.text

    def send(
        self,
        submission: Submission,
        door: str,
        fields: Mapping[str, Any],
        *,
        client: FlaskClient | None = None,
        version: int | None = None,
    ) -> TestResponse:
        """Sends a form of the page, with the version it has now unless another is given."""
        page = self.url(submission)
        seen = stored(self.store, submission).version if version is None else version
        return self.post_form(client or self.client, f"{page}/{door}", {"version": seen, **fields}, page=page)

    def start(self, submission: Submission) -> Submission:
        assert self.send(submission, "moves", {"move": "start_review"}).status_code == 303
        return submission

    def findings(self, submission: Submission) -> list[StoredFinding]:
        with reading(self.store) as session:
            return queries.findings_of(session, queries.current_response(session, submission))

    def whole(self, submission: Submission, **other: Any) -> dict[str, Any]:
        """Every field that a sign-off needs but the password: agreement, ticks, the next step, words."""
        findings = self.findings(submission)
        agreed = {f"choice-{f.rule_id}": "agree" for f in findings if needs_decision(f)}
        fields = {"seen": list(open_items(findings)), "disposition": "discuss", "assessment": "Read with care."}
        return {**agreed, **fields, **other}

    def record(self, submission: Submission, **other: Any) -> TestResponse:
        return self.send(submission, "review", {"act": "record", **other})

    def sign(self, submission: Submission, **other: Any) -> TestResponse:
        fields = {"act": "sign_off", "password": PASSWORD, **self.whole(submission), **other}
        return self.send(submission, "review", fields)

    def review(self, submission: Submission) -> Review:
        with reading(self.store) as session:
            found = queries.review_of(session, submission)
        assert found is not None
        return found

    def decisions(self, submission: Submission) -> dict[str, tuple[str, str | None, str]]:
        """What is decided in the newest review, on whichever answers."""
        with reading(self.store) as session:
            review = queries.review_of(session, submission)
            kept = queries.decisions_of(session, review) if review is not None else []
            return {one.finding.rule_id: (one.choice.value, one.reason, one.text) for one in kept}


def chosen(page: str, name: str) -> list[str]:
    """The values of the radios or boxes of this name that are on."""
    inputs = re.findall(r"<input[^>]*>", page)
    return [
        re.search(r'value="([^"]*)"', one)[1]  # type: ignore[index]
        for one in inputs
        if f'name="{name}"' in one and re.search(r"\bchecked\b", one)
    ]


def fieldset(page: str, rule: str) -> str:
    """The markup of the decision on one rule's finding."""
    return next(part for part in page.split("<fieldset") if f'name="choice-{rule}"' in part).split("</fieldset>")[0]


def errors(page: str) -> list[tuple[str, str]]:
    """The error summary: (field it leads to, words)."""
    summary = page.split('id="error-summary"')[1].split("</div>")[0] if 'id="error-summary"' in page else ""
    return re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
