"""What happened to a submission as its patient may read it: no names, no notes, no views, and nothing of how staff work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext

from screener.store.models import Event, NoteKind
from screener.store.workflow import Role
from screener.web.filters import moment


@dataclass(frozen=True, slots=True)
class PatientHappening:
    """One line: what, and when."""

    what: str
    when: str


def patient_timeline(events: Sequence[Event]) -> list[PatientHappening]:
    """What happened, the oldest first. Only what is named here is told, so that a new kind of event stays unseen until it is."""
    lines = [(_words_of(event), event) for event in events]
    return [PatientHappening(str(words), moment(event.at)) for words, event in lines if words is not None]


def _words_of(event: Event) -> object | None:
    if event.name == "noted":
        return _REPLIED if event.detail.get("kind") == NoteKind.REPLY else None
    words = _WORDS.get(event.name)
    return words(event) if callable(words) else words


def _is_patient(event: Event) -> bool:
    return event.actor_role == Role.PATIENT


_REPLIED = lazy_gettext("You replied")
_CHANGED_BY_YOU = lazy_gettext("You changed your answers")
_CHANGED_FOR_YOU = lazy_gettext("The clinic changed your answers for you")
_WORDS: Mapping[str, object | Callable[[Event], object]] = {
    "submitted": lazy_gettext("You sent your answers"),
    "entered": lazy_gettext("The clinic wrote down your answers for you"),
    "accepted": lazy_gettext("The clinic passed your answers on to a clinician"),
    "asked": lazy_gettext("The clinic asked you something"),
    "amended": lambda event: _CHANGED_BY_YOU if _is_patient(event) else _CHANGED_FOR_YOU,
    "review_started": lazy_gettext("A clinician began to read your answers"),
    "signed_off": lazy_gettext("A clinician finished reading your answers"),
    "sign_off_voided": lazy_gettext("A clinician will read your changed answers"),
    "return_code_given": lazy_gettext("The clinic gave you a return code"),
    "closed": lazy_gettext("The clinic closed your case"),
    "withdrawn": lazy_gettext("You took your answers back"),
    "merged": lazy_gettext("The clinic put this together with other answers you sent"),
}
