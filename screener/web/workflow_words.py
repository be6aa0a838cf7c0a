"""The workflow in plain words, made from the one table in `store.workflow`: for staff's page and for docs/workflow.md.

Which moves there are is never said here; only what statuses, roles and moves are called, and what a move asks for besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext

from screener.store.workflow import MOVES, OPEN, Move, Role, Status
from screener.web.auth import ROLE_WORDS
from screener.web.status_words import STATUS_WORDS

WHO_WORDS: Mapping[Role, object] = {Role.PATIENT: lazy_gettext("Patient"), **ROLE_WORDS}
STANDING_WORDS: Mapping[Status, object] = {
    **STATUS_WORDS,
    Status.DRAFT: lazy_gettext("Draft"),
}
MEANING: Mapping[Status, object] = {
    Status.DRAFT: lazy_gettext("The patient is still answering. Nobody else can see it."),
    Status.SUBMITTED: lazy_gettext("The patient sent it. Intake reads it next."),
    Status.NEEDS_INFORMATION: lazy_gettext("Staff asked the patient something and wait for the answer."),
    Status.ACCEPTED: lazy_gettext("Intake has read it. It waits for a clinician."),
    Status.IN_REVIEW: lazy_gettext("A clinician reads it and decides, finding by finding."),
    Status.SIGNED_OFF: lazy_gettext("A clinician signed exactly this content. Intake tells the patient what is next."),
    Status.CLOSED: lazy_gettext("Nothing more is to be done here."),
    Status.WITHDRAWN: lazy_gettext("The patient took it back."),
}
ACT_WORDS: Mapping[Move, object] = {
    Move.SUBMIT: lazy_gettext("send it"),
    Move.WITHDRAW: lazy_gettext("take it back"),
    Move.AMEND: lazy_gettext("change the answers"),
    Move.ACCEPT: lazy_gettext("accept it for a clinician"),
    Move.ASK: lazy_gettext("ask the patient"),
    Move.CLOSE: lazy_gettext("close it"),
    Move.START_REVIEW: lazy_gettext("start a review"),
    Move.SIGN_OFF: lazy_gettext("sign it off"),
}
NEEDS: Mapping[tuple[Role, Move], object] = {
    (Role.INTAKE, Move.ACCEPT): lazy_gettext("After something urgent, only with a note of what was done."),
    (Role.INTAKE, Move.ASK): lazy_gettext(
        "Only with the question. After something urgent, only with a note of what was done."
    ),
    (Role.INTAKE, Move.CLOSE): lazy_gettext(
        "Before a sign-off, only with a reason. After something urgent, only with a note of what was done."
    ),
    (Role.CLINICIAN, Move.ASK): lazy_gettext("Only with the question."),
    (Role.CLINICIAN, Move.SIGN_OFF): lazy_gettext(
        "Only with a decision on each finding of severity urgent, first and mention, each open question seen, the next step,"
        " an assessment, and the password again. After something urgent, only with a note of what was done."
    ),
    (Role.PATIENT, Move.AMEND): lazy_gettext(
        "Staff can do it for the patient. A sign-off of the earlier answers no longer stands."
    ),
}


@dataclass(frozen=True, slots=True)
class LawfulMove:
    """One row of the table in words: who may do what, what it needs besides ("" for nothing), and where it leads."""

    who: str
    act: str
    needs: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One status: its code, name and meaning, whether it waits for someone, and every move from it."""

    code: str
    name: str
    meaning: str
    is_open: bool
    moves: tuple[LawfulMove, ...]


def standings() -> list[Standing]:
    """Every status with its moves, in the table's order."""
    return [
        Standing(
            code=status.value,
            name=str(STANDING_WORDS[status]),
            meaning=str(MEANING[status]),
            is_open=status in OPEN,
            moves=tuple(
                LawfulMove(
                    str(WHO_WORDS[role]),
                    str(ACT_WORDS[move]),
                    str(NEEDS.get((role, move), "")),
                    str(STANDING_WORDS[to]),
                )
                for (at, role, move), to in MOVES.items()
                if at is status
            ),
        )
        for status in Status
    ]


def moveless_roles() -> list[str]:
    """The roles that move nothing."""
    return [str(WHO_WORDS[role]) for role in Role if role not in {role for _at, role, _move in MOVES}]


def workflow_markdown() -> str:
    """docs/workflow.md: the same table for who reads the repository."""
    lines = [
        f"# {gettext('Workflow')}",
        "",
        gettext("Who may move a submission from where to where. No other move is possible, whatever is sent."),
        "",
        "Made from `screener/store/workflow.py` by `python docs/write_workflow.py`; staff read it at `/workflow`.",
    ]
    for standing in standings():
        lines += ["", f"## {standing.name} (`{standing.code}`)", "", standing.meaning, ""]
        if not standing.moves:
            lines.append(gettext("No move leads from here."))
            continue
        lines += [
            f"| {gettext('Who')} | {gettext('may')} | {gettext('then it is')} | {gettext('needs')} |",
            "|---|---|---|---|",
        ]
        lines += [f"| {move.who} | {move.act} | {move.leads_to} | {move.needs} |" for move in standing.moves]
    nobody = gettext("%(roles)s: moves nothing, and sees no answers.", roles=", ".join(moveless_roles()))
    return "\n".join([*lines, "", nobody, ""])
