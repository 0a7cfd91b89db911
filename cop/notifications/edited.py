"""Telling who watches a page that curators keep when it says something else, or is judged anew.

All that happened since she looked stands in one line of the page, which leads to its history.
"""

from sqlalchemy import select

from cop.core.db import db
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Status
from cop.events.models import Event
from cop.notifications.audience import Reason, without
from cop.notifications.built import changes_meaning
from cop.notifications.models import Because, Level, LineKind, Watch
from cop.notifications.writing import Telling, write

#: What may let a page say something else.
VERBS = frozenset({"ProposalDecided", "PracticeGraded", "EntryRevised"})


def follow(event: Event, entry: Entry) -> None:
    """Tell who watches a page what became of it, but not who did it, nor whose proposal it is: she is told of that."""
    if entry.status != Status.PUBLISHED or not KINDS[entry.kind].kept_by_curators:
        return
    if not changes_meaning(event, entry):
        return
    watching = select(Watch.user_id).where(
        Watch.kind == Because.ENTRY.value,
        Watch.target_id == entry.id,
        Watch.level == Level.EVERYTHING,
    )
    told = dict.fromkeys(db.session.scalars(watching), Reason(LineKind.EDIT, Because.ENTRY))
    know = {event.actor_id, event.data.get("user_id")}
    write(Telling(event, entry, without(told, know, entry)))
