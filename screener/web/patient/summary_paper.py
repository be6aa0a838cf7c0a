"""The summary on paper: the same lists for a doctor's minute. Sources have numbers, and each is named once, at the end.

What asks for a talk is printed in full, with every source, and so is every open question. What speaks for the treatment may
be shorter than on the screen; an ellipsis says where it is. What is told to everyone leaves room for what asks for a talk: it
is printed where nothing does, else a line says that the screen and the PDF have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from screener.engine.answers import DECLINED, NOT_SURE, Reason
from screener.engine.rules import Kind, Rule, Ruleset
from screener.engine.summary import OpenQuestion, Summary, TopicGroup, unique_asks
from screener.engine.wording import code_words
from screener.web.citation_words import cited_places
from screener.web.i18n import language
from screener.web.numbered_sources import NumberedSources, Source
from screener.web.patient.summary_words import ADVICE, Told, source_title, told, topic_title
from screener.web.patient.urgent_notices import UrgentNotice

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡])")
_SAYS_ENOUGH = 60  # letters: a shorter first sentence says too little alone, a longer answer too much twice
_WAYS_OUT = {Reason.NOT_SURE: NOT_SURE, Reason.DECLINED: DECLINED}


@dataclass(frozen=True, slots=True)
class Line:
    """What one rule says, the numbers of its sources, and how sure they are."""

    words: str
    numbers: list[int]
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One topic: what the patient told, then what is said of it."""

    title: str
    told: Told
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Paper:
    """The printed summary, list by list."""

    urgent: list[tuple[bool, list[Block]]]  # for today rather than now, blocks
    first: list[Block]
    mention: list[Block]
    silent: list[tuple[str, str]]  # a source, the topics above on which this guide has nothing from it
    asks: list[str]
    unknown: list[tuple[str, list[tuple[str, list[str]]]]]  # why they are open, the questions by section
    reasons: list[tuple[str, list[Line]]]  # by source, and what others say of the evidence
    facts: list[tuple[str, list[Line]]]  # what is told to everyone; none where something asks for a talk
    facts_elsewhere: int  # how many of them the screen and the PDF have, and paper has not
    not_covered: list[tuple[str, str]]
    sources: list[Source]


class _Sources(NumberedSources):
    """Numbers the publications that rules rest on."""

    def __init__(self, ruleset: Ruleset) -> None:
        super().__init__()
        self._ruleset = ruleset

    def of_rule(self, rule: Rule, *, with_places: bool) -> list[int]:
        found = {
            number
            for citation_id in rule.cites
            for number in self.numbers(cited_places(self._ruleset, [citation_id]), with_places=with_places)
        }
        return sorted(found)


class _Told:
    """Answers as paper has them: a question that stands above is not printed again, nor is a long answer to it."""

    def __init__(self) -> None:
        self._printed: set[str | None] = set()

    def once(self, rows: Told) -> Told:
        found = [
            (None if question in self._printed else question, answer)
            for question, answer in rows
            if question not in self._printed or len(answer) <= _SAYS_ENOUGH
        ]
        self._printed.update(question for question, _ in rows)
        return found


def paper_of(
    summary: Summary, urgent: Sequence[tuple[bool, Sequence[UrgentNotice]]], packs_silent: Mapping[str, Sequence[str]]
) -> Paper:
    """Arrange the summary for paper. `packs_silent`: of each source, the topics it has no rule on."""
    ruleset, sources, answers = summary.ruleset, _Sources(summary.ruleset), _Told()
    raised = (*summary.first, *summary.mention)
    asks_for_a_talk, told_to_all = bool(raised or urgent), _told_to_all(summary)
    return Paper(
        urgent=[
            (today, [_urgent(ruleset, notice, sources, answers) for notice in notices]) for today, notices in urgent
        ],
        first=[_block(ruleset, group, sources, answers) for group in summary.first],
        mention=[_block(ruleset, group, sources, answers) for group in summary.mention],
        silent=_silent(ruleset, raised, packs_silent),
        asks=_asks(summary),
        unknown=_unknown(ruleset, summary.open_questions),
        reasons=_reasons(summary, sources),
        facts=[]
        if asks_for_a_talk
        else _by_source(ruleset, [(rule, _in_short(ruleset, rule, sources)) for rule in told_to_all]),
        facts_elsewhere=len(told_to_all) if asks_for_a_talk else 0,
        not_covered=[
            (source_title(ruleset, pack), "; ".join(text.in_language(language()) for text in texts))
            for pack, texts in summary.not_covered.items()
            if pack != ADVICE
        ],
        sources=sources.listed(),
    )


def _line(rule: Rule, sources: _Sources, *, with_places: bool = False) -> Line:
    grade = rule.grade.in_language(language()) if rule.grade is not None else None
    return Line(rule.patient.in_language(language()), sources.of_rule(rule, with_places=with_places), grade)


def _urgent(ruleset: Ruleset, notice: UrgentNotice, sources: _Sources, answers: _Told) -> Block:
    numbers = sources.of_rule(ruleset.rule(notice.rule_id), with_places=True)
    return Block(notice.heading, answers.once(list(notice.told)), [Line(notice.rest, numbers)])


def _block(ruleset: Ruleset, group: TopicGroup, sources: _Sources, answers: _Told) -> Block:
    lines = [_line(finding.rule, sources, with_places=True) for finding in group.findings]
    return Block(topic_title(ruleset, group.topic), answers.once(told(ruleset, group.evidence)), lines)


def _asks(summary: Summary) -> list[str]:
    """The questions of what is urgent or comes first, and one question a topic of what is to be mentioned."""
    asks = list(unique_asks([*summary.urgent, *(finding for group in summary.first for finding in group.findings)]))
    for group in summary.mention:
        asks.extend([ask for ask in group.asks if ask not in asks][:1])
    return [ask.in_language(language()) for ask in asks or summary.asks]


def _silent(
    ruleset: Ruleset, groups: Iterable[TopicGroup], packs_silent: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    topics = list(dict.fromkeys(group.topic for group in groups))
    found = {
        pack: [topic_title(ruleset, topic) for topic in topics if topic in packs_silent[pack]] for pack in packs_silent
    }
    return [(source_title(ruleset, pack), ", ".join(titles)) for pack, titles in found.items() if titles]


def _unknown(ruleset: Ruleset, questions: Iterable[OpenQuestion]) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Open questions by why they are open and by section; those that matter most stay ahead."""
    sections = {section.id: section.title.in_language(language()) for section in ruleset.sections}
    found: dict[str, dict[str, list[str]]] = {}
    for question in questions:
        item = ruleset.items[question.item]
        code = _WAYS_OUT.get(question.reason)
        why = code_words(item, code, language()) if code else gettext("No answer")
        found.setdefault(why, {}).setdefault(sections[item.section], []).append(item.text.in_language(language()))
    return [(why, list(by_section.items())) for why, by_section in found.items()]


def _reasons(summary: Summary, sources: _Sources) -> list[tuple[str, list[Line]]]:
    """What speaks for ketamine in short; what other sources say of the evidence whole, with its grade."""
    claims = [(finding.rule, _in_short(summary.ruleset, finding.rule, sources)) for finding in summary.indications]
    weighing = [(finding.rule, _line(finding.rule, sources)) for finding in summary.counterweight]
    return _by_source(summary.ruleset, [*claims, *weighing])


def _told_to_all(summary: Summary) -> list[Rule]:
    """What is told to everyone: no claims, and no topic on which the source has said more of this patient above."""
    above = {(f.rule.pack, f.rule.topic) for group in (*summary.first, *summary.mention) for f in group.findings}
    told_to_all = [f.rule for group in summary.good_to_know for f in group.findings if f.rule.is_always]
    return [r for r in told_to_all if r.kind is not Kind.INDICATION and (r.pack, r.topic) not in above]


def _by_source(ruleset: Ruleset, lines: Sequence[tuple[Rule, Line]]) -> list[tuple[str, list[Line]]]:
    found = {pack: [line for rule, line in lines if rule.pack == pack] for pack in ruleset.packs}
    return [(source_title(ruleset, pack), of_pack) for pack, of_pack in found.items() if of_pack]


def _in_short(ruleset: Ruleset, rule: Rule, sources: _Sources) -> Line:
    """Its first sentence or two. Words that hold another pack's source against its own stay whole: neither stands alone."""
    line = _line(rule, sources)
    first, *others = _SENTENCE_END.split(line.words)
    if {ruleset.citations[citation].source for citation in rule.cites} & (set(ruleset.packs) - {rule.pack}):
        return line
    while others and len(first) < _SAYS_ENOUGH:
        first = f"{first} {others.pop(0)}"
    return Line(f"{first} …" if others else first, line.numbers, line.grade)
