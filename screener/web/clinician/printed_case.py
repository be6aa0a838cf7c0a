"""One submission on paper, for a clinician: everything of the review page that is read, nothing that is pressed.

`printed_case` is what the print view shows; `pdf_content` is the same in plain values, for `templates/paper/case.typ`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from screener.engine.rules import Severity
from screener.web.case.findings import SEVERITY_WORDS, Card, Column, FindingWords
from screener.web.case.view import SHORT_HASH, Case, age, answer_groups, language_words, set_aside
from screener.web.citation_words import CitedPlace
from screener.web.clinician.decision_controls import decision_sentence
from screener.web.conflict_words import sent_conflicts
from screener.web.filters import day, moment
from screener.web.review_words import ReviewWords, SignOffWords
from screener.web.sheets import sheet
from screener.web.status_words import STATUS_WORDS

Facts = list[tuple[str, str]]
Section = dict[str, Any]


def printed_case(case: Case, reviews: Sequence[ReviewWords], *, printed_by: str, printed_at: str) -> dict[str, Any]:
    """The variables of the print view. Decisions and ticks of the newest review stand where they belong, those of earlier ones below it."""
    view = case.findings_view(for_clinician=True)
    newest = reviews[-1] if reviews and reviews[-1].response_id == case.response.id else None
    return {
        "submission": case.submission,
        "contact": case.submission.contact,
        "ruleset": case.ruleset,
        "facts": _facts(case, printed_by, printed_at),
        "rules": rules_words(case),
        "bands": view.risk_bands(all_notices=True),
        "unknowns": view.unknowns(),
        "unassessed": view.unassessed(),
        "indications": view.indications(),
        "routes": view.routes(),
        "info": view.info(for_everyone=False),
        "info_for_everyone": view.info(for_everyone=True),
        "conflicts": sent_conflicts(case.ruleset, case.answers),
        "answers": answer_groups(case),
        "set_aside": set_aside(case),
        "decisions": _decisions(newest),
        "seen": newest.seen if newest else frozenset(),
        "reviews": [
            _review(review, is_newest=review is newest) for review in reversed(reviews) if _says_anything(review)
        ],
    }


def pdf_content(case: Case, printed: dict[str, Any]) -> dict[str, Any]:
    """The values for the template: what stands on every sheet, then one section after the other."""
    short = f"{case.ruleset.version}, {case.ruleset.hash[:SHORT_HASH]}"
    return {
        **sheet(
            case.submission,
            title=gettext("Submission, for the clinician"),
            foot=printed["rules"],
            more=[gettext("Rules %(rules)s", rules=short)],
        ),
        "facts": [{"label": label, "words": words} for label, words in printed["facts"]],
        "words": {
            "why": gettext("Why"),
            "raised_when": gettext("Raised when:"),
            "note": gettext("Clinician note"),
            "decision": gettext("Decision"),
            "next": gettext("What happens next:"),
            "seen": gettext("Seen"),
            "question": gettext("Question"),
            "answer": gettext("Answer"),
            "decides": gettext("The rules prepare a talk. They do not decide anything."),
        },
        "sections": list(_sections(printed)),
    }


def rules_words(case: Case) -> str:
    """Which rules these are, by version and whole hash."""
    return gettext("Rules %(version)s, hash %(hash)s", version=case.ruleset.version, hash=case.ruleset.hash)


def _facts(case: Case, printed_by: str, printed_at: str) -> Facts:
    submission, contact = case.submission, case.submission.contact
    born = gettext("%(age)s, born %(day)s", age=age(contact.birth_date), day=day(contact.birth_date))
    return [
        (gettext("Name"), contact.name),
        (gettext("Age"), born),
        (gettext("Reference"), submission.reference),
        (gettext("Sent"), moment(submission.submitted_at)),
        (gettext("Answered in"), language_words(submission.language)),
        (gettext("Status"), str(STATUS_WORDS[submission.status])),
        (gettext("Highest raised"), _severity_words(submission.severity_raised)),
        (gettext("Highest possible"), _severity_words(submission.severity_possible)),
        (gettext("Printed"), gettext("%(when)s by %(name)s", when=printed_at, name=printed_by)),
    ]


def _severity_words(severity: str | None) -> str:
    return str(SEVERITY_WORDS[Severity(severity)]) if severity else "–"


def _says_anything(review: ReviewWords) -> bool:
    return bool(review.recorded_at or review.decisions or review.sign_off)


def _decisions(review: ReviewWords | None) -> dict[str, str]:
    """What was decided, in a sentence, by rule."""
    return {rule: decision_sentence(words) for rule, words in review.decisions.items()} if review else {}


def _review(review: ReviewWords, *, is_newest: bool) -> dict[str, Any]:
    """What a clinician concluded and whether it is signed, each a sentence or None."""
    when = moment(review.recorded_at or review.started_at)
    return {
        "recorded": gettext("Recorded by %(name)s, %(when)s.", name=review.clinician, when=when),
        "next": review.disposition_words,
        "assessment": review.assessment,
        "signed": _signed(review.sign_off) if review.sign_off else None,
        "broken": gettext("What is stored is not what was signed.")
        if review.sign_off and not review.sign_off.is_intact
        else None,
        "voided": _voided(review.sign_off) if review.sign_off else None,
        "decisions": [] if is_newest else list(_decisions(review).items()),
    }


def _signed(signed: SignOffWords) -> str:
    return gettext(
        "Signed off by %(name)s, %(when)s. Content %(hash)s.",
        name=signed.name,
        when=moment(signed.at),
        hash=signed.content_hash,
    )


def _voided(signed: SignOffWords) -> str | None:
    if signed.voided_at is None:
        return None
    since = gettext("It no longer stands since %(when)s.", when=moment(signed.voided_at))
    return f"{since} {signed.void_words}" if signed.void_words else since


def _sections(printed: dict[str, Any]) -> Iterable[Section]:
    decisions = printed["decisions"]
    none = gettext("Nothing was recorded yet.")
    yield {"kind": "reviews", "title": gettext("Review"), "reviews": printed["reviews"], "none": none}
    for band in printed["bands"]:
        title = str(SEVERITY_WORDS[band.severity])
        yield {"kind": "cards", "severity": band.severity.value, "title": title, "cards": _cards(band.cards, decisions)}
    if not printed["bands"]:
        none = gettext(
            "No risk note of severity mention or higher was raised by these answers. The sources do not cover everything."
        )
        yield {"kind": "text", "title": gettext("Risk notes"), "paragraphs": [none]}
    yield _unknowns(printed)
    if printed["indications"]:
        lead = gettext("What one source says in favor, beside what others say about the proof.")
        (card,) = _cards([printed["indications"]], decisions)
        card["title"] = gettext("Reasons to talk about it, and the proof")
        yield {"kind": "cards", "title": gettext("Reasons the sources give"), "lead": lead, "cards": [card]}
    if printed["routes"]:
        yield {"kind": "cards", "title": gettext("Ways it is given"), "cards": _cards(printed["routes"], decisions)}
    if printed["info"]:
        title = str(SEVERITY_WORDS[Severity.INFO])
        yield {"kind": "cards", "severity": "info", "title": title, "cards": _cards(printed["info"], decisions)}
    if printed["conflicts"]:
        yield {
            "kind": "conflicts",
            "title": gettext("Answers that hardly go together"),
            "lead": gettext("Sent like this. Both can be true; ask if it matters."),
            "conflicts": [_pairs(conflict.told) for conflict in printed["conflicts"]],
        }
    yield _answers(printed)
    if printed["info_for_everyone"]:
        title = gettext("The same for everyone")
        yield {
            "kind": "cards",
            "severity": "info",
            "title": title,
            "cards": _cards(printed["info_for_everyone"], decisions),
        }


def _unknowns(printed: dict[str, Any]) -> Section:
    questions = [
        {
            "title": unknown.title,
            "could_be": gettext("could be %(severity)s", severity=SEVERITY_WORDS[unknown.could_be]),
            "said": [answer for _, answer in unknown.answers],
            "settles": unknown.settles,
            "is_seen": unknown.item in printed["seen"],
        }
        for unknown in printed["unknowns"]
    ]
    rules = [
        {"topic": rule.topic, "rule": rule.rule_id, "questions": _pairs(rule.questions)}
        for rule in printed["unassessed"]
    ]
    return {
        "kind": "unknown",
        "severity": "unknown",
        "title": gettext("Could not assess"),
        "lead": gettext("Not counted as “no”. What would settle it:"),
        "questions": questions,
        "none": gettext("Every rule could be assessed."),
        "rules_title": gettext("Reasons, ways of giving and background notes"),
        "rules": rules,
    }


def _answers(printed: dict[str, Any]) -> Section:
    blank = gettext("No answer")
    groups = [
        {
            "title": title,
            "rows": [
                {
                    "question": question.striptags() if isinstance(question, Markup) else question,
                    "answers": answers or ([] if unknown else [blank]),
                    "unknown": unknown,
                }
                for question, answers, unknown in rows
            ],
        }
        for title, rows in printed["answers"]
    ]
    aside = gettext("Set aside, because the question no longer applied")
    return {
        "kind": "answers",
        "title": gettext("All answers"),
        "groups": groups,
        "set_aside_title": aside,
        "set_aside": printed["set_aside"],
    }


def _cards(cards: Iterable[Card], decisions: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "title": card.title,
            "evidence": _pairs(card.evidence),
            "columns": [_column(column, decisions) for column in card.columns],
        }
        for card in cards
    ]


def _column(column: Column, decisions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": column.title,
        "silent": column.silent,
        "findings": [_finding(finding, decisions.get(finding.rule_id)) for finding in column.findings],
    }


def _finding(finding: FindingWords, decision: str | None) -> dict[str, Any]:
    grade = finding.grade or gettext("No grade")
    return {
        "rule": finding.rule_id,
        "title": finding.title,
        "paragraphs": list(finding.paragraphs),
        "evidence": _pairs(finding.evidence),
        "condition": finding.condition,
        "note": finding.note,
        "decision": decision,
        "grade": f"{grade} ({finding.grade_note})" if finding.grade_note else grade,
        "citations": [_citation(citation) for citation in finding.citations],
    }


def _citation(citation: CitedPlace) -> dict[str, Any]:
    read = gettext("Read in a summary.") if citation.in_summary else gettext("Read in the original.")
    return {"name": citation.name, "url": citation.url, "place": citation.place, "read": read}


def _pairs(evidence: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"question": question, "answer": answer} for question, answer in evidence]
