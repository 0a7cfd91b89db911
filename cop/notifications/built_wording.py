"""What became of what a workshop is built on, in words, and where its page says more."""

from cop.core.i18n import _, current_lang
from cop.entries import queries
from cop.entries.models import Entry
from cop.events.models import Event

#: What became of something that says the same as before.
_STILL_THERE = ("EntryNarrowed", "NameTakenOff")


def said(event: Event, built_on: Entry | None) -> str:
    """Return what happened, in words. What it is built on is named where the reader may open it."""
    if event.verb == "AddressBroke":
        return _(
            "A page elsewhere that this names has not answered for days. "
            "Look whether it has moved, or name another."
        )
    if event.verb not in (*_STILL_THERE, "ProposalDecided", "PracticeGraded", "EntryRevised"):
        return _("Something that this is built on is not open any more.")
    if built_on is None:
        return _("Something became of what this is built on.")
    title = queries.text_for(built_on, current_lang()).title
    if event.verb == "EntryNarrowed":
        return _(
            "“%(title)s”, which this is built on, is open to members alone now: visitors who read this cannot open it.",
            title=title,
        )
    if event.verb == "NameTakenOff":
        return _(
            "“%(title)s”, which this is built on, stands without its author's name now. "
            "Papers that were printed before name her: print them anew.",
            title=title,
        )
    changed = _("“%(title)s”, which this is built on, says something else now.", title=title)
    reason = event.data.get("reason", "")
    if not reason:
        return changed
    return _("%(decision)s Reason: %(reason)s", decision=changed, reason=reason)


def href_of(event: Event, entry: Entry) -> str:
    """Return the place of the workshop's page that says more."""
    return f"/workshops/{entry.id}#{'links' if event.verb == 'AddressBroke' else 'built-on'}"
