"""Screenings and rules as text for a terminal, in English. The web has pages of its own."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from screener.engine.answers import Answer
from screener.engine.questionnaire import Item
from screener.engine.rules import Citation, Conflict, Outcome, Rule, Ruleset, Severity
from screener.engine.screening import Finding, Screening
from screener.engine.summary import open_questions, quiet_notices
from screener.engine.wording import code_words, said, score_sentence, sentence

HEADINGS = {
    Severity.URGENT: "GET HELP NOW, OR CALL TODAY",
    Severity.FIRST: "TALK ABOUT THIS FIRST",
    Severity.MENTION: "BE SURE TO MENTION",
    Severity.INFO: "GOOD TO KNOW",
}
_WIDTH = 100


def screening_report(screening: Screening) -> str:
    """All findings of one response, most pressing first, each with why, source and question."""
    return "\n".join(_screening_lines(screening))


def _screening_lines(screening: Screening) -> Iterator[str]:
    ruleset = screening.ruleset
    yield f"{ruleset.id} {ruleset.version} ({ruleset.hash[:12]}): things to discuss with a clinician, not a yes or a no."
    for severity in Severity:
        raised = [f for f in screening.findings if f.rule.severity is severity and f.outcome is Outcome.RAISED]
        if raised:
            yield ""
            yield HEADINGS[severity]
            for finding in raised:
                yield from _finding_lines(ruleset, finding)
    yield from _unassessed_lines(screening)
    if screening.dropped:
        yield ""
        yield f"Set aside, their question not being asked: {', '.join(screening.dropped)}"


def _unassessed_lines(screening: Screening) -> Iterator[str]:
    """What could not be assessed, told by question and not by rule; rules that would only inform are counted."""
    ruleset = screening.ruleset
    unassessed = [f for f in screening.findings if f.outcome is Outcome.COULD_NOT_ASSESS]
    if not unassessed:
        return
    yield ""
    yield "COULD NOT ASSESS (an unknown answer is never counted as a no)"
    told = open_questions(ruleset, unassessed, not_asked=True)
    for question in told:
        words = ruleset.items[question.item].text.in_language("en")
        reason = question.reason.replace("_", " ")
        yield f"- {question.item}: {words} [{reason}; could be {question.severity}: {', '.join(question.topics)}]"
    for finding in quiet_notices(unassessed):
        assert finding.rule.unknown is not None
        yield _wrapped(finding.rule.unknown.in_language("en"))
    listed = {question.item for question in told}
    others = sum(not listed & finding.missing.keys() for finding in unassessed)
    if others:
        yield f"- and {others} more rules that only inform; --json names them"


def _finding_lines(ruleset: Ruleset, finding: Finding) -> Iterator[str]:
    rule = finding.rule
    yield f"- {rule.id} [{rule.pack}, {rule.kind}]"
    yield _wrapped(rule.patient.in_language("en"))
    for item, answer in finding.evidence.items():
        yield _wrapped(f"Because: {answered(ruleset.items[item], answer)}")
    if rule.ask is not None:
        yield _wrapped(f"Ask: {rule.ask.in_language('en')}")
    yield from _source_lines(ruleset, rule)


def answered(item: Item, answer: Answer) -> str:
    """A question with its answer in words."""
    return f"{item.text.in_language('en')} {said(item, answer, 'en')}"


def rule_report(ruleset: Ruleset, rule: Rule) -> str:
    """One rule in full."""
    return "\n".join(_rule_lines(ruleset, rule))


def _rule_lines(ruleset: Ruleset, rule: Rule) -> Iterator[str]:
    yield f"{rule.id} [{rule.pack}/{rule.topic}, {rule.kind}, {rule.severity}] {rule.place}"
    for language in ruleset.languages:
        yield _wrapped(f"When ({language}): {sentence(ruleset, rule.when, language)}")
    for language, words in rule.patient.by_language.items():
        yield _wrapped(f"Patient ({language}): {words}")
    for name, text in (("Could not assess", rule.unknown), ("Ask", rule.ask)):
        if text is not None:
            for language, words in text.by_language.items():
                yield _wrapped(f"{name} ({language}): {words}")
    if rule.clinician is not None:
        yield _wrapped(f"Clinician: {rule.clinician}")
    if rule.review_by is not None:
        yield _wrapped(f"Review by: {rule.review_by}")
    yield from _source_lines(ruleset, rule)


def conflict_report(ruleset: Ruleset, conflict: Conflict) -> str:
    """One conflict in full."""
    lines = [f"{conflict.id} [conflict] {conflict.place}"]
    for language in ruleset.languages:
        lines.append(_wrapped(f"When ({language}): {sentence(ruleset, conflict.when, language)}"))
    for language, words in conflict.text.by_language.items():
        lines.append(_wrapped(f"Patient ({language}): {words}"))
    lines.append(_wrapped(f"To look at again: {', '.join(conflict.items)}"))
    return "\n".join(lines)


def _source_lines(ruleset: Ruleset, rule: Rule) -> Iterator[str]:
    for citation_id in rule.cites:
        yield _wrapped(f"Source: {citation_line(ruleset.citations[citation_id])}")
    if rule.grade is not None:
        yield _wrapped(f"Grade: {rule.grade.in_language('en')}")


def citation_line(citation: Citation) -> str:
    """A citation on one line, saying where it was read in a summary only."""
    lines = ", ".join(map(str, citation.lines))
    place = f"lines {lines}" if len(citation.lines) > 1 else f"line {lines}" if lines else None
    parts = [citation.authors, citation.title, citation.publisher, citation.year, citation.section, place]
    line = ", ".join(part for part in parts if part)
    return line if citation.verified == "primary" else f"{line} (read in a summary)"


def ruleset_report(ruleset: Ruleset) -> str:
    """The whole rulebook: what is asked, which answers hardly go together, then every rule by pack and topic."""
    lines = [f"{ruleset.id} {ruleset.version}, effective {ruleset.effective}", f"hash {ruleset.hash}", ""]
    for section in ruleset.sections:
        lines.append(f"== {section.title.in_language('en')} ({section.id})")
        for item in section.items:
            gate = (
                f"  (asked when {sentence(ruleset, item.enabled_when, 'en')})" if item.enabled_when is not None else ""
            )
            lines.append(f"   {item.id} [{item.type}] {item.text.in_language('en')}{gate}")
            codes = item.codes if item.choices else ()
            lines += [f"      {code}: {code_words(item, code, 'en')}" for code in codes]
        lines.append("")
    if ruleset.scores:
        lines.append("== Scores")
        for score in ruleset.scores.values():
            lines.append(_wrapped(f"{score.id}: {score_sentence(ruleset, score, 'en')}"))
        lines.append("")
    if ruleset.conflicts:
        lines.append("== Answers that hardly go together, asked about before they are sent")
        for conflict in ruleset.conflicts:
            lines += [conflict_report(ruleset, conflict), ""]
    for pack in ruleset.packs:
        prose = ruleset.prose.packs.get(pack)
        lines.append(f"== {prose.title.in_language('en') if prose and prose.title else pack} ({pack})")
        for rule in ruleset.rules:
            if rule.pack == pack:
                lines += [rule_report(ruleset, rule), ""]
    return "\n".join(lines).rstrip()


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="    ", subsequent_indent="      ", break_long_words=False)
