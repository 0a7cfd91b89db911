"""Notes that tell of something tried after another note or a practice page: what they may name, and the link."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.entries import policy, queries
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Link
from cop.entries.originals import RELATION_VALUES
from cop.events.record import record
from cop.notes.draft import NoteFacts
from cop.notes.events import NoteTriedAfter
from cop.people.viewer import Viewer

NOT_COMPARED = _l("Say how it compares with what it was tried after.")
NOT_OPEN = _l(
    "What this was tried after is not open to you (any more). Choose that your note stands on its own, "
    "or save it as a draft."
)
#: A chain of notes tried one after the other is followed so far; nobody tells a longer one.
_LONGEST = 100


def check_original(by: Viewer, facts: NoteFacts, *, entry: Entry | None, before: str = "") -> None:
    """Raise Invalid where a note names as its original what it cannot have been tried after.

    That is what its author may not open, the note itself, or what was tried after it. `before` is the
    key it names already: that may have been closed since.
    """
    if not facts.original and not facts.relation:
        return
    if facts.relation not in RELATION_VALUES or not facts.original:
        raise Invalid("relation", NOT_COMPARED)
    if facts.original == before:
        return
    target = _target(facts.original)
    if target is None or not _is_open(by, target):
        if by.system:
            # What comes later in the same files is linked when it is there.
            return
        raise Invalid("relation", NOT_OPEN)
    if not KINDS[target.kind].can_be_tried:
        raise Invalid("relation", _l("A note is tried after a case note or a practice page."))
    if entry is not None and entry.id in _chain(by, target):
        sentence = _l("That was itself tried after this note, so this note cannot come after it.")
        if target.id == entry.id:
            sentence = _l("A note cannot be tried after itself.")
        raise Invalid("relation", sentence)


def possible(by: Viewer, facts: NoteFacts, now: NoteFacts, entry: Entry) -> NoteFacts:
    """Return facts of an earlier state with the original of today where theirs cannot be named any more."""
    try:
        check_original(by, facts, entry=entry, before=now.original)
    except Invalid:
        return replace(facts, original=now.original, relation=now.relation)
    return facts


def _is_open(by: Viewer, target: Entry) -> bool:
    return by.system or target.audience in policy.listed_labels(by)


def _target(key: str) -> Entry | None:
    # A NUL is no part of any key, and PostgreSQL refuses to be asked for one.
    return db.session.scalar(select(Entry).where(Entry.key == key.replace("\0", "")))


def _chain(by: Viewer, target: Entry) -> set[int]:
    """Return an entry and all it was tried after in turn, as far as the actor may open that.

    What she may not open does not exist for her, and so closes no circle that she could hear of.
    """
    seen: set[int] = set()
    step: Entry | None = target
    while step is not None and step.id not in seen and len(seen) < _LONGEST:
        seen.add(step.id)
        above = db.session.scalar(
            select(Entry)
            .join(Link, Link.target_id == Entry.id)
            .where(Link.entry_id == step.id, Link.kind.in_(RELATION_VALUES))
        )
        step = above if above is not None and _is_open(by, above) else None
    return seen


def write_link(entry: Entry, facts: NoteFacts) -> None:
    """Make the table of links say what the facts say; an original that is not there (yet) is passed over."""
    ours = (Link.entry_id == entry.id, Link.kind.in_(RELATION_VALUES))
    target = _target(facts.original) if facts.original else None
    wanted = {(target.id, facts.relation)} if target is not None else set()
    there = db.session.execute(select(Link.target_id, Link.kind).where(*ours))
    if {(row.target_id, row.kind) for row in there} != wanted:
        db.session.execute(delete(Link).where(*ours))
        for target_id, relation in wanted:
            db.session.add(Link(entry_id=entry.id, target_id=target_id, kind=relation))
    db.session.flush()


def link_again(keys: Sequence[str]) -> None:
    """Make the links of the notes with these keys say what their facts say: what was passed over is there by now."""
    wanted = select(Entry).where(Entry.key.in_(keys)).options(selectinload(Entry.texts))
    for entry in db.session.scalars(wanted) if keys else ():
        write_link(entry, NoteFacts.from_json(queries.latest_facts(entry).facts))


def say_tried(*, by: Viewer, entry: Entry, facts: NoteFacts, before: NoteFacts) -> None:
    """Record that a note says now what it was tried after, so that who wrote that is told; not of imports."""
    if by.system or not facts.original or facts.original == before.original:
        return
    target = _target(facts.original)
    if target is not None:
        record(NoteTriedAfter(entry_id=entry.id, original_id=target.id), actor_id=by.id)
