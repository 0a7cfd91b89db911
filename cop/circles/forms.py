"""The forms of circles: what one is, asking to be let in, a link into one, a reason."""

from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cop.circles.draft import CircleDraft
from cop.core.i18n import _l, current_lang
from cop.core.text import guess_lang
from cop.people.models import Circle, Joining, Seen
from cop.web.forms import BaseForm, SentOnce, number_of

#: How one comes in, in words; and what that means.
JOINING = {
    Joining.REQUEST: _l("On request"),
    Joining.OPEN: _l("Open to members"),
    Joining.INVITATION: _l("By invitation"),
}
JOINING_DETAILS = {
    Joining.REQUEST: _l("A host answers whoever asks."),
    Joining.OPEN: _l("Every member of the site can come in at once."),
    Joining.INVITATION: _l("Only with a link that a host made."),
}
SEEN_DETAILS = {
    Seen.MEMBERS: _l("They see its name, what it is for and its hosts, and nothing else."),
    Seen.HIDDEN: _l("To all others it does not exist. Who holds a link can see what it leads to."),
}


class CircleForm(SentOnce):
    """A circle as typed; `draft` is what it says."""

    name = StringField(_l("Name"))
    purpose = TextAreaField(_l("What it is for"))
    joining = RadioField(
        _l("How one comes in"),
        choices=[SelectChoice(one.value, words) for one, words in JOINING.items()],
        default=Joining.REQUEST.value,
    )
    seen = RadioField(
        _l("Who knows that it exists"),
        choices=[
            SelectChoice(Seen.MEMBERS.value, _l("Members of the site")),
            SelectChoice(Seen.HIDDEN.value, _l("Only those in it")),
        ],
        default=Seen.HIDDEN.value,
    )
    #: Of an edit: the version it starts from.
    base = HiddenField()

    @property
    def draft(self) -> CircleDraft:
        """What was typed; its language is recognised. The more careful choice where none is made."""
        words = f"{self.name.data or ''} {self.purpose.data or ''}"
        joining, seen = self.joining.data or "", self.seen.data or ""
        return CircleDraft(
            self.name.data or "",
            guess_lang(words, default=current_lang()),
            self.purpose.data or "",
            Joining(joining) if joining in set(Joining) else Joining.INVITATION,
            Seen(seen) if seen in set(Seen) else Seen.HIDDEN,
        )

    @property
    def base_number(self) -> int:
        """The version an edit starts from."""
        return number_of(self.base.data)


def values_of(circle: Circle) -> dict[str, Any]:
    """Return what the form shows of a circle that exists."""
    return {
        "name": circle.name,
        "purpose": circle.purpose,
        "joining": circle.joining,
        "seen": circle.seen,
        "base": str(circle.version),
    }


class AskForm(BaseForm):
    """Asking the hosts to be let in."""

    words = TextAreaField(_l("Who you are, and why you would like to come in"))


class InviteForm(SentOnce):
    """A link into a circle."""

    note = StringField(_l("For whom or what"))
    uses = IntegerField(_l("How many people can use it"), default=1)
    days = IntegerField(_l("For how many days"), default=14)


class ReasonForm(BaseForm):
    """An act that is kept with its reason."""

    reason = TextAreaField(_l("Reason"))


class ConfirmForm(BaseForm):
    """An act that only needs a yes."""
