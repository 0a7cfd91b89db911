"""Case notes cited at a step or a section of a practice page, as revisions of it. Actor first, no commit.

A cited note that was withdrawn or hidden since is shown to nobody; curators learn that there is one, not which.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import aliased

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.keyset import place_of
from cop.core.page import Cursor
from cop.core.types import Lang
from cop.entries import policy, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry, Link, LinkKind, Status, Visibility
from cop.entries.policy import Act
from cop.entries.significance import Change
from cop.events.models import Event
from cop.people.viewer import Viewer
from cop.practices.draft import Attached, PracticeFacts
from cop.practices.operations import KIND, facts_now, publish

#: What nobody reads any more who could read it, and what happened to it then.
_GONE = (Status.WITHDRAWN.value, Status.HIDDEN.value, Status.DELETED.value)
_VERBS = ("EntryWithdrawn", "EntryHidden")


@dataclass(frozen=True)
class Cited:
    """A note as a page cites it: where ("" for the whole page), and the entry where this viewer reads it."""

    at: str
    entry: Entry | None
    #: Whether it was withdrawn or hidden since.
    gone: bool = False


def cited(viewer: Viewer, facts: PracticeFacts) -> list[Cited]:
    """Return what a page cites, first for the whole of it, then by place, in one query."""
    wanted = [("", key) for key in facts.notes]
    wanted += [(one.at, one.note) for one in facts.attached]
    rows = db.session.scalars(select(Entry).where(Entry.key.in_({key for _at, key in wanted})))
    notes = {row.key: row for row in rows}
    labels = policy.listed_labels(viewer)
    return [
        Cited(
            at,
            notes[key] if key in notes and notes[key].audience in labels else None,
            gone=key in notes and notes[key].status in _GONE,
        )
        for at, key in wanted
    ]


def stamp(facts: PracticeFacts) -> str:
    """Return what names the citations a curator saw, so that she takes out the one she meant."""
    told = json.dumps([facts.notes, [(one.note, one.at) for one in facts.attached]])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def attach(*, by: Viewer, entry_id: int, note_id: int, at: str, reason: str, lang: Lang) -> bool:
    """Cite a note at a place of a page, for a reason; return whether it was not cited there before."""
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.REVISE, entry)
    found = 0 < note_id <= queries.MAX_ID
    note = db.session.get(Entry, note_id) if found else None
    if note is None or note.kind != "note" or note.audience not in policy.listed_labels(by):
        raise Invalid("note", _l("Choose a case note that is published."))
    if note.visibility == Visibility.CIRCLE:
        raise Invalid("note", _l("Readers of this page could not open that note; choose another."))
    facts = facts_now(entry)
    one = Attached(note.key, at)
    if one in facts.attached:
        return False
    _publish(by, entry, replace(facts, attached=(*facts.attached, one)), reason, lang)
    return True


def take_out(*, by: Viewer, entry_id: int, number: int, seen: str, reason: str, lang: Lang) -> None:
    """Take a citation out, by its number among those of `cited`, for a reason.

    Raises Invalid where what a page cites was changed since it was `seen`.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.REVISE, entry)
    facts = facts_now(entry)
    count = len(facts.notes)
    if seen != stamp(facts) or not 0 <= number < count + len(facts.attached):
        raise Invalid(
            "note",
            _l("Somebody changed what this page cites; below is what stands now. Look again."),
        )
    if number < count:
        notes = tuple(key for place, key in enumerate(facts.notes) if place != number)
        facts = replace(facts, notes=notes)
    else:
        left = (one for place, one in enumerate(facts.attached, count) if place != number)
        facts = replace(facts, attached=tuple(left))
    _publish(by, entry, facts, reason, lang)


def _publish(by: Viewer, entry: Entry, facts: PracticeFacts, reason: str, lang: Lang) -> None:
    if not reason:
        raise Invalid("reason", _l("Give a reason; it is kept with the change."))
    text = queries.text_for(entry, lang)
    current = queries.current(text)
    draft = TextDraft(Lang(text.lang), current.title, current.sections)
    publish(by=by, entry=entry, text=text, draft=draft, facts=facts, change=Change(reason))


def with_gone_notes(viewer: Viewer) -> Select[int, datetime]:
    """Return the statement of (page, since when): pages that cite a note which was withdrawn or hidden since."""
    note = aliased(Entry)
    when = (
        select(func.max(Event.at))
        .where(Event.entry_id == note.id, Event.verb.in_(_VERBS))
        .correlate(note)
        .scalar_subquery()
    )
    since = func.min(func.coalesce(when, note.active_at))
    return (
        select(Entry.id.label("page_id"), since.label("since"))
        .join(Link, Link.entry_id == Entry.id)
        .join(note, note.id == Link.target_id)
        .where(
            Entry.kind == KIND,
            Link.kind == LinkKind.SEE.value,
            note.status.in_(_GONE),
            policy.listed(viewer),
        )
        .group_by(Entry.id)
    )


def oldest(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[tuple[int, Any]]:
    """Return (page, since when) of such pages, those that wait longest first, after a place."""
    found = with_gone_notes(viewer).subquery()
    statement = select(found.c.page_id, found.c.since)
    if after is not None:
        statement = statement.where(tuple_(found.c.since, found.c.page_id) > place_of(after))
    statement = statement.order_by(found.c.since, found.c.page_id).limit(most)
    return [(page_id, since) for page_id, since in db.session.execute(statement)]
