"""The forms of who runs a date and of who came to it."""

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _l
from cop.web.forms import BaseForm, number_of
from cop.workshops.evaluating import Answers, Useful

#: How useful it was, in words.
USEFUL = {
    Useful.VERY: _l("Very useful"),
    Useful.QUITE: _l("Quite useful"),
    Useful.LITTLE: _l("A little useful"),
    Useful.NOT: _l("Not useful"),
}


class EvaluationForm(BaseForm):
    """Three questions."""

    useful = RadioField(
        _l("How useful was it to you?"),
        choices=[SelectChoice(one.value, words) for one, words in USEFUL.items()],
    )
    will_try = TextAreaField(_l("What will you try?"))
    missing = TextAreaField(_l("What was missing?"))

    @property
    def answers(self) -> Answers:
        """What was answered."""
        return Answers(self.useful.data or "", self.will_try.data or "", self.missing.data or "")


class NamesForm(BaseForm):
    """Who came without having signed up."""

    names = TextAreaField(_l("Who came without having signed up"))


class DayForm(BaseForm):
    """The day of the follow-up."""

    day = StringField(_l("On which day"))


class FollowUpForm(BaseForm):
    """What came of a date."""

    words = TextAreaField(_l("What came of it?"))
    base = HiddenField()

    @property
    def base_number(self) -> int:
        """The version the answer starts from."""
        return number_of(self.base.data)
