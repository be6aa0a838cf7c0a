"""Synthetic submissions that look like real life, for trying the review side. Nobody in them exists.

Everything goes through the real engine and the real operations. The same seed and time give the same people, answers
and histories; who is there already is not added again. What staff would have done is only added where the demo's own
staff accounts exist.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from screener.demo_decisions import made_up_work
from screener.demo_stories import (
    ASSESSMENTS,
    FIRST_NAMES,
    HELPERS,
    NOTES,
    PLAIN,
    QUESTIONS,
    READING,
    STORIES,
    SURNAMES,
    URGENT_NOTES,
    Story,
)
from screener.engine.answers import DECLINED, NOT_SURE, parse_answers
from screener.engine.questionnaire import Item, ItemType
from screener.engine.rules import Ruleset
from screener.engine.screening import screen
from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.database import writing
from screener.store.identifiers import ALPHABET, DRAWN, complete_reference
from screener.store.models import Submission
from screener.store.workflow import Move, Role

STAFF = {
    Role.INTAKE: ("Dana Whitfield", "demo.intake@example.org"),
    Role.CLINICIAN: ("Dr. Priya Nair", "demo.clinician@example.org"),
    Role.ADMIN: ("Sam Okafor", "demo.admin@example.org"),
}
AGE = "age"  # nobody is asked: it comes from the birth date
PLACE_AND_EXCHANGE = "602-555-01"  # 555-0100 to 555-0199 are kept free for fiction
# How far a submission came, and how often.
WAYS = {"new": 8, "asked": 2, "accepted": 3, "in_review": 3, "signed_off": 3, "closed": 2, "withdrawn": 1}


@dataclass(frozen=True, slots=True)
class Filled:
    """What was done: submissions added, and whether staff's work on them was added too."""

    submissions: int
    has_staff_work: bool


def add_staff(engine: Engine, *, password_hashes: Mapping[Role, str], now: datetime) -> list[Role]:
    """Make the demo's account of each role that is not there yet; returns the roles made."""
    made = []
    with writing(engine) as session:
        for role, (name, email) in STAFF.items():
            if queries.user_by_email(session, email) is None:
                operations.create_user(
                    session,
                    email=email,
                    name=name,
                    role=role,
                    password_hash=password_hashes[role],
                    actor=None,
                    now=now,
                )
                made.append(role)
    return made


def fill(engine: Engine, ruleset: Ruleset, *, count: int, seed: int, now: datetime) -> Filled:
    """Add `count` synthetic submissions, sent between minutes and days before `now`."""
    added = 0
    has_staff_work = False
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        with writing(engine) as session:
            public_id = f"{rng.getrandbits(128):032x}"
            if queries.submission_by_public_id(session, public_id) is not None:
                continue
            staff = _staff(session)
            story = rng.choices(STORIES, weights=[story.weight for story in STORIES])[0]
            person = _Person(rng, ruleset, story, way=_way(rng, story, has_staff=bool(staff)), now=now)
            submission = person.hand_in(session, ruleset, public_id=public_id)
            _Desk(session, rng, submission, staff=staff, now=now).work(person.way)
            has_staff_work = has_staff_work or bool(staff)
            added += 1
    return Filled(added, has_staff_work)


def _staff(session: Session) -> dict[Role, User]:
    """The demo's accounts that can act; empty unless both intake and clinician can."""
    found = {role: queries.user_by_email(session, STAFF[role][1]) for role in (Role.INTAKE, Role.CLINICIAN)}
    active = {role: user for role, user in found.items() if user is not None and user.active}
    return active if len(active) == len(found) else {}


def _way(rng: random.Random, story: Story, *, has_staff: bool) -> str:
    if story.is_urgent and rng.random() < 0.5:
        return "new"
    way = rng.choices(list(WAYS), weights=list(WAYS.values()))[0]
    return way if has_staff or way == "withdrawn" else "new"


class _Person:
    """One made-up patient: who, what they answer, when they sent it."""

    def __init__(self, rng: random.Random, ruleset: Ruleset, story: Story, *, way: str, now: datetime) -> None:
        self.way = way
        self.language = rng.choices(("en", "es"), weights=(7, 3))[0]
        self.sent_at = now - _waiting(rng, way)
        self.reference = complete_reference("".join(rng.choice(ALPHABET) for _ in range(DRAWN)))
        self.contact = _contact(rng, story, self.language, self.sent_at)
        self.answers = _answers(rng, ruleset, story, self.language)
        if AGE in ruleset.items:
            self.answers[AGE] = _full_years(self.contact["birth_date"], self.sent_at.date())

    def hand_in(self, session: Session, ruleset: Ruleset, *, public_id: str) -> Submission:
        """Fill in and submit, as the patient's door does."""
        began_at = self.sent_at - timedelta(minutes=14)
        draft, _ = operations.begin_draft(session, ruleset, language=self.language, now=began_at)
        operations.save_contact(session, draft, **self.contact, language=self.language, now=began_at)
        operations.save_answers(session, draft, self.answers, now=self.sent_at)
        result = screen(ruleset, parse_answers(ruleset, self.answers))
        return operations.submit(
            session, draft, screening=result, now=self.sent_at, reference=self.reference, public_id=public_id
        )


def _waiting(rng: random.Random, way: str) -> timedelta:
    """New ones came minutes to days ago; what was worked on is older."""
    if way == "new":
        return timedelta(minutes=rng.choice((rng.randint(4, 55), rng.randint(60, 900), rng.randint(900, 4300))))
    return timedelta(minutes=rng.randint(2000, 13000))


def _contact(rng: random.Random, story: Story, language: str, sent_at: datetime) -> dict[str, Any]:
    first, last = rng.choice(FIRST_NAMES[language]), rng.choice(SURNAMES[language])
    has_phone, has_email = rng.choice(((True, True), (True, False), (False, True)))
    ways = [way for way, given in (("phone", has_phone), ("text", has_phone), ("email", has_email)) if given]
    mail_name = f"{first}.{last}".lower().replace(" ", "").translate(str.maketrans("áéíóú", "aeiou"))
    birth_year = sent_at.year - rng.randint(*story.ages) - 1
    return {
        "name": f"{first} {last}",
        "birth_date": date(birth_year, rng.randint(1, 12), rng.randint(1, 28)),
        "phone": f"{PLACE_AND_EXCHANGE}{rng.randint(0, 99):02d}" if has_phone else None,
        "email": f"{mail_name}@example.org" if has_email else None,
        "preferred_contact": rng.choice(ways),
        "helper": rng.choice(HELPERS[language]) if rng.random() < 0.2 else None,
    }


def _full_years(birth_date: date, today: date) -> int:
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


def _answers(rng: random.Random, ruleset: Ruleset, story: Story, language: str) -> dict[str, Any]:
    """The story's answers, some left out or unknown; own words where the story has them."""
    told = {**PLAIN, **story.answers}
    told |= {item_id: words[language == "es"] for item_id, words in story.words.items()}
    if rng.random() < 0.5 and not set(READING) & set(story.answers):
        told |= dict.fromkeys(READING)
    answers = {}
    for item in ruleset.items.values():
        answer = told.get(item.id)
        chance = rng.random()
        if answer is None or (chance < story.skips and item.id not in story.answers):
            continue
        is_settled = item.id in story.answers or item.id == "emergency_now"
        answers[item.id] = answer if is_settled and chance > story.unsure else _maybe_unknown(rng, item, answer, story)
    return answers


def _maybe_unknown(rng: random.Random, item: Item, answer: Any, story: Story) -> Any:
    chance = rng.random()
    if item.type is ItemType.NUMBER and isinstance(answer, int) and item.unit is None:
        answer = max(0, min(10, answer + rng.choice((-2, -1, 0, 0, 1))))
    if item.unsure and chance < story.unsure:
        return NOT_SURE
    if item.decline and chance > 0.98:
        return DECLINED
    return answer


class _Desk:
    """What staff do with one submission, one step after the other, never later than now."""

    def __init__(
        self,
        session: Session,
        rng: random.Random,
        submission: Submission,
        *,
        staff: Mapping[Role, User],
        now: datetime,
    ) -> None:
        self.session, self.rng, self.submission = session, rng, submission
        self.staff, self.now = staff, now
        self.at = submission.submitted_at

    def work(self, way: str) -> None:
        """Bring the submission as far as `way` says."""
        if way == "new":
            return
        if way == "withdrawn":
            self._later(60, 900)
            self._move(Move.WITHDRAW, None)
            return
        self._look_at_it()
        if way == "asked" or self.rng.random() < 0.15:
            self._later(10, 200)
            self._move(Move.ASK, Role.INTAKE, note=self._words(QUESTIONS))
        if way == "asked":
            return
        self._later(20, 300)
        self._move(Move.ACCEPT, Role.INTAKE)
        if way != "accepted":
            self._review(way)

    def _look_at_it(self) -> None:
        self._later(5, 120)
        intake = self.staff[Role.INTAKE]
        operations.record_view(self.session, self.submission, actor=intake, now=self.at)
        if self.submission.is_urgent:
            self._later(2, 15)
            words = self._words(URGENT_NOTES)
            operations.add_urgent_note(self.session, self.submission, words, author=intake, now=self.at)
        elif self.rng.random() < 0.5:
            operations.add_note(self.session, self.submission, self.rng.choice(NOTES), author=intake, now=self.at)

    def _review(self, way: str) -> None:
        clinician = self.staff[Role.CLINICIAN]
        self._later(60, 600)
        operations.record_view(self.session, self.submission, actor=clinician, now=self.at)
        review = operations.start_review(self.session, self.submission, clinician=clinician, **self._seen())
        if way == "in_review" and self.rng.random() < 0.5:
            return
        self._later(15, 90)
        findings = queries.findings_of(self.session, queries.current_response(self.session, self.submission))
        work = made_up_work(self.rng, findings, is_whole=way != "in_review")
        words = self._words(ASSESSMENTS)
        operations.record_review(self.session, review, words, work=work, clinician=clinician, **self._seen())
        if way == "in_review":
            return
        self._later(1, 30)
        operations.sign_off(self.session, review, clinician=clinician, **self._seen())
        if way == "closed":
            self._later(30, 200)
            self._move(Move.CLOSE, Role.INTAKE)

    def _move(self, move: Move, role: Role | None, *, note: str | None = None) -> None:
        actor = self.staff[role] if role else None
        operations.move_submission(self.session, self.submission, move, actor=actor, note=note, **self._seen())

    def _words(self, by_topic: Mapping[str, Sequence[str]]) -> str:
        topic = next((topic for topic in self.submission.topics if topic in by_topic), "")
        return self.rng.choice(by_topic[topic])

    def _seen(self) -> dict[str, Any]:
        return {"expected_version": self.submission.version, "now": self.at}

    def _later(self, least: int, most: int) -> None:
        self.at = min(self.at + timedelta(minutes=self.rng.randint(least, most)), self.now)
