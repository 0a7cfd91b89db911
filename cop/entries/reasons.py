"""Why a moderator decided: a ready sentence, which everybody reads in her own language, and words of the moderator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cop.core.errors import Invalid
from cop.core.i18n import _, _l

#: Longest reason in a moderator's or author's own words.
REASON_LIMIT = 300

#: Why the earlier states of what was opened from a circle are empty.
OPENED_FROM_CIRCLE = "opened-from-circle"
#: The ready sentences by what they are stored as.
READY: Mapping[str, Any] = {
    "identifies": _l("A person could be recognised. Please write roles instead of names."),
    "unsafe": _l("It could put people in danger."),
    "rude": _l("It speaks about persons instead of what was done. Please keep to the matter."),
    "advertising": _l("It advertises and shares no experience."),
    "copied": _l("It is taken from elsewhere without saying so, or may not be shared."),
    "off-topic": _l("It is not about the work of NGOs."),
    "repeated": _l("The same stands here already."),
    "settled": _l("What was to be said has been said."),
    "fits": _l("It keeps to the house rules."),
    "vouched": _l("A member answers for it."),
    OPENED_FROM_CIRCLE: _l("They were for a circle, before this was opened to others."),
}
#: What a moderator can choose; the others are given by the site.
CHOICES = tuple(key for key in READY if key not in ("vouched", OPENED_FROM_CIRCLE))


@dataclass(frozen=True)
class Reason:
    """A reason as it is kept."""

    words: str = ""
    ready: str = ""

    def __str__(self) -> str:
        """Return it in the language of the moment, as far as it is ours."""
        return said(self.ready, self.words)


def checked(words: str, ready: str = "") -> Reason:
    """Return the reason as it is kept; raise Invalid where there is none."""
    words = words.strip()
    if ready and ready not in READY:
        raise Invalid("ready", _l("Please choose one of the options offered."))
    if not (words or ready):
        raise Invalid("reason", _l("Please give a reason; it is kept with the decision."))
    return Reason(words[:REASON_LIMIT], ready)


def said(ready: str, words: str) -> str:
    """Return a reason as a reader meets it; a sentence that is ready no more is left out."""
    first = str(READY[ready]) if ready in READY else ""
    if not (first and words):
        return first or words
    # Translators: two sentences after each other: a ready reason and a moderator's own words.
    return _("%(first)s %(second)s", first=first, second=words)
