"""Telling those who prepare a workshop what became of what it is built on.

All that happened since somebody looked stands in one line of the workshop, which says what happened last.
"""

from collections.abc import Sequence

from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Entry, Link, LinkKind, NameMask, Revision, Status, Text, Visibility
from cop.entries.significance import Significance
from cop.events.models import Event
from cop.notifications.audience import Reason, readers, without
from cop.notifications.models import Because, LineKind
from cop.notifications.writing import Telling, write
from cop.people import belonging
from cop.proposals.models import Proposal, State
from cop.workshops.changed import is_narrower, verdict
from cop.workshops.trainers import trainer_ids

#: What takes an entry away from who could read it.
_GONE = ("EntryWithdrawn", "EntryHidden", "DiscussionMerged", "PageJoined")
#: What happens to an entry that others may be built on.
VERBS = frozenset(
    {*_GONE, "ProposalDecided", "PracticeGraded", "EntryRevised", "EntryNarrowed", "NameTakenOff"}
)


def of_address(event: Event, entry: Entry) -> None:
    """Tell that a page elsewhere which a workshop names has not answered for days."""
    _tell(event, entry, trainer_ids(entry))


def follow(event: Event, entry: Entry) -> None:
    """Tell who prepares a workshop that is built on this entry what became of it.

    It is gone, says something else, is open to fewer than the workshop, or stands without its author's name.
    Whoever could not read it hears nothing of it.
    """
    gone = event.verb in _GONE
    if gone == (entry.status == Status.PUBLISHED) or not (gone or _concerns(event, entry)):
        return
    workshops = db.session.scalars(
        select(Entry)
        .join(Link, Link.entry_id == Entry.id)
        .where(Link.target_id == entry.id, Link.kind == LinkKind.MATERIAL.value)
        .order_by(Entry.id)
    )
    for workshop in workshops.all():
        if event.verb == "EntryNarrowed" and not is_narrower(entry, workshop):
            continue
        whom = trainer_ids(workshop)
        if gone:
            _tell(event, workshop, _who_could_read(entry, whom))
        else:
            _tell(event, workshop, list(readers(entry, whom)), entry.id)


def _who_could_read(entry: Entry, user_ids: Sequence[int]) -> Sequence[int]:
    """Return those of these members who could read what is gone now."""
    if entry.visibility != Visibility.CIRCLE:
        return user_ids
    joined, _hosting = belonging.among(entry.circle_id, list(user_ids))
    return [one for one in user_ids if entry.circle_id in joined.get(one, ())]


def _concerns(event: Event, entry: Entry) -> bool:
    """Tell whether what happened to an entry that is still there is more than an edit like any other."""
    if event.verb == "EntryNarrowed":
        return entry.visibility != Visibility.PUBLIC
    if event.verb == "NameTakenOff":
        return entry.name_mask == NameMask.UNNAMED
    return changes_meaning(event, entry)


def changes_meaning(event: Event, entry: Entry) -> bool:
    """Tell whether an edit, a proposal or a judgement lets an entry say something else than before."""
    if event.verb == "PracticeGraded":
        return event.data.get("grade") != event.data.get("before")
    if event.verb == "ProposalDecided":
        proposal = db.session.get(Proposal, event.data["proposal_id"])
        published = (State.ACCEPTED.value, State.AMENDED.value)
        return (
            proposal is not None
            and event.data["state"] in published
            and proposal.significance == Significance.MEANING
        )
    return bool(event.data.get("words", True)) and _says_something_else(event, entry)


def _says_something_else(event: Event, entry: Entry) -> bool:
    """Tell whether who revised it said that it does, or a note has another outcome than before.

    What came of a proposal is told with the decision, which gives a reason.
    """
    number = event.data.get("number", 0)
    rows = db.session.execute(
        select(Revision.facts, Revision.significance, Proposal.id.label("proposal"))
        .join(Text, Text.id == Revision.text_id)
        .outerjoin(Proposal, Proposal.revision_id == Revision.id)
        .where(
            Text.entry_id == entry.id,
            Text.lang == event.data.get("lang"),
            Revision.number.in_((number - 1, number)),
        )
        .order_by(Revision.number)
    ).all()
    if len(rows) != 2 or rows[1].proposal is not None:
        return False
    # The grade of a practice page has an event of its own.
    judged_anew = entry.kind == "note" and verdict(rows[0].facts) != verdict(rows[1].facts)
    return judged_anew or rows[1].significance == Significance.MEANING


def _tell(event: Event, workshop: Entry, whom: Sequence[int], built_on: int | None = None) -> None:
    if workshop.status != Status.PUBLISHED:
        return
    reason = Reason(LineKind.DECISION, Because.BUILT, built_on)
    told = dict.fromkeys(whom, reason)
    write(Telling(event, workshop, without(told, {event.actor_id}, workshop)))
