"""The forms of flags and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _l, _ln
from cop.entries.cases import Decided
from cop.entries.reasons import CHOICES, READY
from cop.moderation.deciding import DAYS, Verdict
from cop.moderation.flagging import REASONS
from cop.web.forms import BaseForm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What each decision about an item is called, and what follows from it.
ITEMS = {
    Decided.APPROVE: (_l("Let it through"), _l("Everybody it is meant for can read it.")),
    Decided.REFUSE: (
        _l("Do not let it through"),
        _l("Only its author and the moderators read it, with your reason."),
    ),
    Decided.KEEP: (
        _l("Keep it"),
        _l("It stays as it is. Its author does not learn that it was reported."),
    ),
    Decided.HIDE: (
        _l("Hide it"),
        _l("Only its author and the moderators read it, with your reason."),
    ),
    Decided.REMOVE: (
        _l("Remove it"),
        _l("Its author and the moderators read it, with your reason; others see a trace."),
    ),
    Decided.LOCK: (
        _l("Keep it and lock the page"),
        _l("Nothing can be added any more; everybody reads your reason."),
    ),
}
#: The same of what is of a circle, where it says something else.
IN_CIRCLE = {
    Decided.REFUSE: (None, _l("Only its author and the hosts read it, with your reason.")),
    Decided.HIDE: (None, _l("Only its author and the hosts read it, with your reason.")),
    Decided.REMOVE: (
        None,
        _l("Its author and the hosts read it, with your reason; others see a trace."),
    ),
}
#: The same about who wrote it.
PERSONS = {
    Decided.WARN: (_l("Warn"), _l("Your reason stands in the account of who wrote it.")),
    Decided.LIMIT: (
        _l("Limit"),
        _l("Everything this person posts waits for a moderator, for some time."),
    ),
    Decided.SUSPEND: (_l("Suspend"), _l("This person cannot sign in, for some time.")),
}
_NOTHING = _l("Nothing")


class FlagForm(BaseForm):
    """Asking the moderators to look at something."""

    reason = RadioField(
        _l("What is wrong?"),
        choices=[SelectChoice(key, label) for key, label in REASONS.items()],
        validate_choice=False,
    )
    words = TextAreaField(_l("In your words"))
    #: Asked only about something of a circle.
    to = RadioField(
        _l("Who shall look at it?"),
        choices=[
            SelectChoice("hosts", _l("The hosts of the circle")),
            SelectChoice("moderators", _l("The moderators of the site")),
        ],
        default="hosts",
        validate_choice=False,
    )


class DecisionForm(BaseForm):
    """Deciding a case."""

    number = HiddenField()
    item = RadioField(_l("About what was written"), validate_choice=False)
    person = RadioField(_l("About who wrote it"), default="", validate_choice=False)
    days = SelectField(
        _l("For how long, if limited or suspended"),
        choices=[SelectChoice(str(n), _ln("%(num)d day", "%(num)d days", n)) for n in DAYS],
        default="7",
        validate_choice=False,
    )
    ready = SelectField(
        _l("Reason"),
        choices=[
            SelectChoice("", _l("In my own words")),
            *(SelectChoice(key, READY[key]) for key in CHOICES),
        ],
        default="",
        validate_choice=False,
    )
    reason = TextAreaField(_l("In your own words"))

    def offer(self, items: Sequence[Decided], persons: Sequence[Decided]) -> None:
        """Let the form offer what can be decided now."""
        self.item.choices = [(act.value, ITEMS[act][0]) for act in items]
        self.person.choices = [("", _NOTHING), *((act.value, PERSONS[act][0]) for act in persons)]

    @property
    def verdict(self) -> Verdict:
        """What was decided."""
        digits = self.days.data or ""
        return Verdict(
            item=self.item.data or "",
            person=self.person.data or "",
            words=self.reason.data or "",
            ready=self.ready.data or "",
            days=int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else 0,
        )

    @property
    def case_number(self) -> int:
        """The number of the case the form was made for."""
        digits = self.number.data or ""
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def details(acts: Mapping[Decided, tuple[object, object]]) -> dict[str, object]:
    """Return what follows from each decision, for the form."""
    return {act.value: told for act, (_name, told) in acts.items()}
