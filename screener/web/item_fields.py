"""One field for each type of item: it shows an answer, keeps what was sent, and reads it as an answer.

Here engine and WTForms meet. What was typed is kept, whatever it is, to be shown again. Whether a value read is an
answer, the engine says (`problem_with`). Forms of several items are in `questionnaire_form`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, cast

from flask_babel import gettext
from wtforms import Field, SelectChoice
from wtforms.form import BaseForm
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from screener.engine.answers import DECLINED, NOT_SURE, Answer, as_decimal, problem_with
from screener.engine.questionnaire import NONE, Item, ItemType
from screener.engine.wording import code_words
from screener.web.forms import clean_text
from screener.web.typed_answers import LONGEST_TYPED, DateParts, Posted, read_number

Row = tuple[str, str] | tuple[str, str, str]  # code, words, hint: what the templates' macros take


class QuestionField(Field):
    """One item on a page. After validation `answer` is what was answered: None for a blank or what cannot be read."""

    kind: ClassVar[str]

    def __init__(self, item: Item, language: str, **wtforms: Any) -> None:
        super().__init__(label=item.text.in_language(language), **wtforms)
        self.item = item
        self.question = item.text.in_language(language)
        self.hint = item.help.in_language(language) if item.help is not None else None
        self.ways_out = [
            SelectChoice(code, code_words(item, code, language))
            for code, offered in ((NOT_SURE, item.unsure), (DECLINED, item.decline))
            if offered
        ]
        self.answer: Answer | None = None

    @property
    def way_out_rows(self) -> list[Row]:
        """Not sure and prefer not to say, as rows."""
        return [(choice.value, choice.label) for choice in self.ways_out]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)  # what is stored, first
        if formdata is not None:
            self.take(formdata)

    def process_data(self, value: Any) -> None:
        self.data = self.answer = value
        self.fill(value)

    def pre_validate(self, form: BaseForm) -> None:
        self.answer = None
        answer = self.read()
        if answer is not None and problem_with(self.item, answer) is not None:
            raise ValidationError(self.complaint(answer))
        self.data = self.answer = answer

    @property
    def error(self) -> str | None:
        """What is wrong, in plain words."""
        return str(self.errors[0]) if self.errors else None

    def fill(self, answer: Answer | None) -> None:
        """Show a stored answer."""
        raise NotImplementedError

    def take(self, posted: Posted) -> None:
        """Keep what was sent, as it was sent."""
        raise NotImplementedError

    def read(self) -> Answer | None:
        """What was sent as an answer; None for a blank. Raises ValidationError for what cannot be read."""
        raise NotImplementedError

    def complaint(self, answer: Answer) -> str:
        """Why the engine does not take this answer, in words for a patient."""
        return gettext("Choose from the answers shown here.")


class _ChosenField(QuestionField):
    """Rows to choose from: radios or checkboxes."""

    def __init__(self, item: Item, language: str, **wtforms: Any) -> None:
        super().__init__(item, language, **wtforms)
        self.choices = [SelectChoice(code, code_words(item, code, language)) for code in item.codes if code != NONE]
        none = [SelectChoice(NONE, code_words(item, NONE, language))] if NONE in item.codes else []
        self.exclusive = [*none, *self.ways_out]
        self.selected: list[str] = []

    @property
    def rows(self) -> list[Row]:
        """The item's own answers."""
        return [(choice.value, choice.label) for choice in self.choices]

    @property
    def exclusive_rows(self) -> list[Row]:
        """None of these and the ways out, which stand apart."""
        return [(choice.value, choice.label) for choice in self.exclusive]

    def take(self, posted: Posted) -> None:
        self.selected = posted.getlist(self.name)


class ChoiceField(_ChosenField):
    """Radios: one answer."""

    kind = "choice"

    def fill(self, answer: Answer | None) -> None:
        self.selected = [str(answer)] if answer is not None else []

    def read(self) -> Answer | None:
        if len(self.selected) > 1:
            raise ValidationError(gettext("Choose one answer here."))
        return self.selected[0] if self.selected else None


class MultiField(_ChosenField):
    """Checkboxes: several answers, `none` alone, not sure beside others."""

    kind = "multi"

    @property
    def exclusive_rows(self) -> list[Row]:
        """The same; not sure may stand beside what one is sure of."""
        beside = gettext("You can pick this along with others.")
        return [(c.value, c.label, beside) if c.value == NOT_SURE else (c.value, c.label) for c in self.exclusive]

    def fill(self, answer: Answer | None) -> None:
        self.selected = [answer] if isinstance(answer, str) else list(cast("list[str]", answer or []))

    def read(self) -> Answer | None:
        if NONE in self.selected and len(self.selected) > 1 and self.item.none is not None:
            none = next(choice.label for choice in self.exclusive if choice.value == NONE)
            raise ValidationError(gettext("You chose “%(none)s” and something else. Keep one.", none=none))
        if NOT_SURE in self.selected and DECLINED in self.selected:
            raise ValidationError(_both_ways_out(self.ways_out))
        return list(self.selected) or None


class _TypedField(QuestionField):
    """Something typed, or one of the ways out, which are checkboxes named `<name>-unknown`."""

    def __init__(self, item: Item, language: str, **wtforms: Any) -> None:
        super().__init__(item, language, **wtforms)
        self.unknown_selected: list[str] = []

    def fill(self, answer: Answer | None) -> None:
        is_way_out = isinstance(answer, str) and answer in (NOT_SURE, DECLINED)
        self.unknown_selected = [str(answer)] if is_way_out else []
        self.show(None if is_way_out else answer)

    def take(self, posted: Posted) -> None:
        self.unknown_selected = posted.getlist(f"{self.name}-unknown")
        self.keep(posted)

    def read(self) -> Answer | None:
        typed = self.read_typed()
        if len(self.unknown_selected) > 1:
            raise ValidationError(_both_ways_out(self.ways_out))
        if typed is not None and self.unknown_selected:
            said = next((way.label for way in self.ways_out if way.value == self.unknown_selected[0]), "")
            raise ValidationError(gettext("You wrote an answer and chose “%(said)s”. Keep one.", said=said))
        return self.unknown_selected[0] if self.unknown_selected else typed

    def show(self, answer: Answer | None) -> None:
        raise NotImplementedError

    def keep(self, posted: Posted) -> None:
        raise NotImplementedError

    def read_typed(self) -> Answer | None:
        raise NotImplementedError


class NumberField(_TypedField):
    """A number in ASCII digits, with one decimal point or comma where decimals are allowed."""

    kind = "number"
    value = ""

    def show(self, answer: Answer | None) -> None:
        self.value = "" if answer is None else format(as_decimal(cast("int | float | Decimal", answer)), "f")

    def keep(self, posted: Posted) -> None:
        self.value = posted.get(self.name, "")[:LONGEST_TYPED]

    def read_typed(self) -> Answer | None:
        try:
            return read_number(self.value, is_whole=self.item.integer)
        except ValueError:
            raise ValidationError(self.complaint(self.value)) from None

    def complaint(self, answer: Answer) -> str:
        if isinstance(answer, str) and answer in self.unknown_selected:
            return super().complaint(answer)
        bounds = {"low": self.item.min, "high": self.item.max}
        if self.item.integer:
            return gettext("Write a whole number from %(low)s to %(high)s, in digits.", **bounds)
        return gettext("Write a number from %(low)s to %(high)s, in digits.", **bounds)


class DateField(DateParts, _TypedField):
    """A date in three inputs."""

    kind = "date"

    def show(self, answer: Answer | None) -> None:
        self.show_date(cast("str | None", answer))

    def keep(self, posted: Posted) -> None:
        self.keep_date(posted)

    def read_typed(self) -> Answer | None:
        try:
            return self.read_date()
        except ValueError:
            raise ValidationError(self.complaint("")) from None

    def complaint(self, answer: Answer) -> str:
        return gettext("Write the month, the day and the year of a real date in digits, like 11, 22 and 2026.")


class TextField(QuestionField):
    """Free words. Control characters are left out, new lines are kept."""

    kind = "text"
    value = ""

    def fill(self, answer: Answer | None) -> None:
        self.value = str(answer or "")

    def take(self, posted: Posted) -> None:
        self.value = clean_text(posted.get(self.name)) or ""

    def read(self) -> Answer | None:
        return self.value or None

    def complaint(self, answer: Answer) -> str:
        longest, here = self.item.max_length, len(self.value)
        return gettext("Use %(longest)s characters or fewer. There are %(here)s here.", longest=longest, here=here)


class DisplayField(QuestionField):
    """Words to read; takes no answer."""

    kind = "display"

    def fill(self, answer: Answer | None) -> None:
        return None

    def take(self, posted: Posted) -> None:
        return None

    def read(self) -> Answer | None:
        return None


FIELDS: Mapping[ItemType, type[QuestionField]] = {
    ItemType.YES_NO: ChoiceField,
    ItemType.CHOICE: ChoiceField,
    ItemType.MULTI: MultiField,
    ItemType.NUMBER: NumberField,
    ItemType.DATE: DateField,
    ItemType.TEXT: TextField,
    ItemType.DISPLAY: DisplayField,
}


def _both_ways_out(ways_out: Sequence[SelectChoice]) -> str:
    chosen = {"one": ways_out[0].label if ways_out else "", "other": ways_out[-1].label if ways_out else ""}
    return gettext("You chose “%(one)s” and “%(other)s”. Keep one.", **chosen)
