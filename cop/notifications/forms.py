"""The forms about being told."""

from __future__ import annotations

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _, _l
from cop.notifications.models import Frequency, Level
from cop.notifications.queries import Chosen
from cop.notifications.targets import Target
from cop.people.timezones import city_of
from cop.web.forms import BaseForm

#: What stands for "watch it no longer" among the levels.
NONE = "none"
#: Each level in a word or two.
LEVELS = {
    Level.EVERYTHING: _l("Everything"),
    Level.NEW: _l("New entries only"),
    Level.MENTIONS: _l("Mentions and answers only"),
    Level.MUTE: _l("Nothing of it"),
}
FREQUENCIES = {
    Frequency.NOW: _l("At once"),
    Frequency.DAILY: _l("Once a day"),
    Frequency.WEEKLY: _l("Once a week"),
    Frequency.NEVER: _l("Never"),
}


def mornings(timezone: str) -> dict[str, str]:
    """Return when digests come on the clock of this time zone, by how often they do."""
    city = city_of(timezone)
    return {
        Frequency.DAILY.value: _(
            "At 8 in the morning, %(city)s time, when something is new.", city=city
        ),
        Frequency.WEEKLY.value: _(
            "On Mondays at 8 in the morning, %(city)s time, when something is new.", city=city
        ),
    }


class WatchForm(BaseForm):
    """How much of something to be told."""

    level = RadioField(_l("What do you want to hear of it?"))

    def offer(self, target: Target) -> None:
        """Offer the levels of this kind of target, and not to watch it where that is not told to all anyway."""
        none = [] if target.always else [SelectChoice(NONE, _l("Do not watch it"))]
        levels = [SelectChoice(level.value, LEVELS[level]) for level in target.levels]
        self.level.choices = [*levels, *none]


class TellingForm(BaseForm):
    """How to be told."""

    mail = RadioField(
        _l("Mails about it"),
        choices=[SelectChoice(one.value, FREQUENCIES[one]) for one in Frequency],
    )
    own = BooleanField(_l("Watch what I write and what I comment on"))
    asked = BooleanField(_l("Tell me of questions on what my case notes are about"))

    @classmethod
    def of(cls, chosen: Chosen) -> TellingForm:
        """Return the form as the person has chosen."""
        return cls(data={"mail": chosen.mail.value, "own": chosen.own, "asked": chosen.asked})
