"""The codes of flags, contacts, sources and agreements in words, and as choices for forms."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext

from screener.store.casework import Agreed, Agreement, ContactChannel, ContactOutcome, FlagReason
from screener.store.models import Source

FLAG_WORDS: Mapping[object, object] = {
    FlagReason.IDENTITY: lazy_gettext("Who this is must be checked"),
    FlagReason.DUPLICATE: lazy_gettext("Perhaps sent twice"),
    FlagReason.CONTRADICTION: lazy_gettext("Answers contradict each other"),
    FlagReason.INTERPRETER: lazy_gettext("An interpreter is needed"),
    FlagReason.SAFETY: lazy_gettext("Worried about the patient’s safety"),
    FlagReason.CALL_BACK: lazy_gettext("To be called back"),
    FlagReason.OTHER: lazy_gettext("Something else"),
}
CHANNEL_WORDS: Mapping[object, object] = {
    ContactChannel.PHONE: lazy_gettext("Phone call"),
    ContactChannel.TEXT: lazy_gettext("Text message"),
    ContactChannel.EMAIL: lazy_gettext("E-mail"),
    ContactChannel.LETTER: lazy_gettext("Letter"),
    ContactChannel.IN_PERSON: lazy_gettext("In person"),
}
OUTCOME_WORDS: Mapping[object, object] = {
    ContactOutcome.REACHED: lazy_gettext("Reached"),
    ContactOutcome.MESSAGE: lazy_gettext("Left a message"),
    ContactOutcome.NO_ANSWER: lazy_gettext("No answer"),
    ContactOutcome.WRONG_NUMBER: lazy_gettext("Wrong number or address"),
    ContactOutcome.OTHER: lazy_gettext("Something else"),
}
SOURCE_WORDS: Mapping[object, object] = {
    Source.WEB: lazy_gettext("By the patient, on the web"),
    Source.PHONE: lazy_gettext("By phone, typed by staff"),
    Source.PAPER: lazy_gettext("On paper, typed by staff"),
}
AGREED_WORDS: Mapping[object, object] = {
    Agreed.PATIENT: lazy_gettext("The patient"),
    Agreed.REPRESENTATIVE: lazy_gettext("Someone who may decide for the patient"),
}
AGREEMENT_WORDS: Mapping[object, object] = {
    Agreement.SPOKEN: lazy_gettext("Said yes, after the words above were read out"),
    Agreement.SIGNED: lazy_gettext("Signed on paper"),
}


def choices(words: Mapping[object, object]) -> list[tuple[str, str]]:
    """Codes with their words, for a form."""
    return [(str(code), str(spoken)) for code, spoken in words.items()]


def agreement_words(agreed: object, agreement: object) -> str:
    """Who agreed that the answers are kept, and how, in one line."""
    who, how = str(AGREED_WORDS.get(agreed, agreed)), str(AGREEMENT_WORDS.get(agreement, agreement))
    return gettext("Agreed: %(who)s. %(how)s.", who=who, how=how)
