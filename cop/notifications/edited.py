"""Telling who watches a page that curators keep when it says something else, or is judged anew.

All that happened since she looked stands in one line of the page, which leads to its history.
"""

from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Status
from cop.events.models import Event
from cop.notifications.audience import of_edit, without
from cop.notifications.built import changes_meaning
from cop.notifications.writing import Telling, write

#: What may let a page say something else.
VERBS = frozenset({"ProposalDecided", "PracticeGraded", "EntryRevised"})


def follow(event: Event, entry: Entry) -> None:
    """Tell who watches a page what became of it, but not who did it, nor whose proposal it is: she is told of that."""
    if entry.status != Status.PUBLISHED or not KINDS[entry.kind].kept_by_curators:
        return
    if not changes_meaning(event, entry):
        return
    know = {event.actor_id, event.data.get("user_id")}
    write(Telling(event, entry, without(of_edit(entry), know, entry)))
