"""What can be done to workshops: publish, tell in another language, publish a new state. Actor first, no commit."""

from dataclasses import replace

from sqlalchemy import delete, select

from cop.core.db import db
from cop.core.errors import Forbidden
from cop.core.i18n import _l
from cop.entries import operations as entries, queries
from cop.entries.copying import taken_along
from cop.entries.describing import NOTHING_SAID, told_in
from cop.entries.draft import Attachments, Origin, TextDraft
from cop.entries.models import (
    Entry,
    EntrySource,
    Link,
    LinkKind,
    Revision,
    Tagging,
    Text,
    Visibility,
)
from cop.entries.significance import UNSAID, Change
from cop.entries.telling import tell_facts
from cop.outside.naming import name_addresses
from cop.people.viewer import Grant, Viewer
from cop.workshops.agenda import length
from cop.workshops.checking import Found, check_facts, check_text, settled
from cop.workshops.draft import WorkshopDraft, WorkshopFacts
from cop.workshops.models import Workshop

KIND = "workshop"
#: Who may publish one.
_PUBLISHERS = (Grant.TRAINER, Grant.CURATOR, Grant.MODERATOR)


def may_publish(viewer: Viewer) -> bool:
    """Tell whether somebody publishes workshops: trainers do, and who looks after what is on the site."""
    return viewer.system or any(viewer.has(grant) for grant in _PUBLISHERS)


def require_trainer(by: Viewer) -> None:
    """Raise Forbidden for who publishes no workshops."""
    if not may_publish(by):
        raise Forbidden(_l("Only trainers publish workshops. An administrator can make you one."))


def publish_workshop(
    *,
    by: Viewer,
    draft: WorkshopDraft,
    origin: Origin | None = None,
    author_id: int | None = None,
) -> Entry:
    """Publish a workshop and return its entry; the same form sent twice returns what it made the first time.

    Raises Invalid(field, sentence) for what cannot be taken. `author_id` differs from the actor only
    where the system account imports somebody's workshop.
    """
    origin = origin or Origin()
    require_trainer(by)
    if origin.key is not None and (made := queries.by_key(origin.key)) is not None:
        return made
    for text in draft.texts:
        check_text(text)
    draft = replace(draft, facts=settled(by, draft.facts))
    check_facts(draft.facts)
    found = Found(draft.facts)
    return entries.once(
        origin.key,
        lambda: _publish_first(by=by, draft=draft, found=found, origin=origin, author_id=author_id),
    )


def _publish_first(
    *, by: Viewer, draft: WorkshopDraft, found: Found, origin: Origin, author_id: int | None
) -> Entry:
    facts = draft.facts
    images, files = taken_along(by=by, kind=KIND, images=facts.images, files=facts.files)
    facts = replace(facts, images=images, files=files)
    entry = entries.create(
        by=by,
        kind=KIND,
        author_id=by.id if author_id is None else author_id,
        texts=draft.texts,
        facts=facts.to_json(),
        signature=draft.signature,
        origin=origin,
    )
    db.session.add(Workshop(entry_id=entry.id))
    db.session.flush()
    write_facts(entry, facts, found)
    return entry


def facts_now(entry: Entry) -> WorkshopFacts:
    """Return the facts of a workshop as they are told today."""
    return WorkshopFacts.from_json(queries.latest_facts(entry).facts)


def add_text(
    *,
    by: Viewer,
    entry: Entry,
    text: TextDraft,
    facts: WorkshopFacts | None = None,
    said: Attachments = NOTHING_SAID,
) -> Text:
    """Tell a workshop in one more language; with the facts it has at that moment, unless others are given.

    `said` describes its images and files in that language.
    """
    check_text(text)
    entry = queries.get(by, entry.id, KIND, to_change=True)
    now = facts_now(entry)
    facts = settled(by, facts, now) if facts is not None else now
    images, files = told_in(text.lang, (now.images, now.files), said)
    facts = replace(facts, images=images, files=files)
    check_facts(facts)
    found = Found(facts)
    made = entries.add_text(by=by, entry=entry, draft=text, facts=facts.to_json())
    write_facts(entry, facts, found)
    return made


def publish(
    *,
    by: Viewer,
    entry: Entry,
    text: Text,
    draft: TextDraft,
    facts: WorkshopFacts,
    change: Change = UNSAID,
    restored_number: int | None = None,
) -> Revision:
    """Publish a new state of a workshop that has been merged with what others did meanwhile."""
    check_text(draft)
    check_facts(facts)
    found = Found(facts)
    revision = entries.publish_revision(
        by=by,
        entry=entry,
        text=text,
        draft=draft,
        facts=facts.to_json(),
        change=change,
        restored_number=restored_number,
    )
    write_facts(entry, facts, found)
    return revision


def write_facts(entry: Entry, facts: WorkshopFacts, found: Found) -> None:
    """Make the tables say what the facts say; the entry's row in `workshops` exists."""
    workshop = db.session.get_one(Workshop, entry.id)
    workshop.minutes = length(facts)
    workshop.group_min, workshop.group_max = facts.group_min, facts.group_max
    for model in (Tagging, EntrySource):
        db.session.execute(delete(model).where(model.entry_id == entry.id))
    db.session.execute(
        delete(Link).where(Link.entry_id == entry.id, Link.kind == LinkKind.MATERIAL.value)
    )
    for position, target in enumerate(found.materials):
        db.session.add(
            Link(
                entry_id=entry.id,
                target_id=target.id,
                kind=LinkKind.MATERIAL.value,
                position=position,
            )
        )
    for position, term_id in enumerate(_taught(entry, found)):
        db.session.add(Tagging(entry_id=entry.id, term_id=term_id, position=position))
    for position, (source_id, cited) in enumerate(zip(found.sources, facts.sources, strict=True)):
        db.session.add(
            EntrySource(entry_id=entry.id, source_id=source_id, at=cited.at, position=position)
        )
    name_addresses(entry.id, [one.url for one in facts.links])
    db.session.flush()
    tell_facts(entry)


def _taught(entry: Entry, found: Found) -> list[int]:
    """Return the strategies whose pages it teaches, as far as everybody who reads it may know of those."""
    pages = [
        one.id
        for one in found.materials
        if one.kind == "practice" and one.visibility in (Visibility.PUBLIC.value, entry.visibility)
    ]
    carried = select(Tagging.entry_id, Tagging.term_id).where(Tagging.entry_id.in_(pages))
    terms = {row.entry_id: row.term_id for row in db.session.execute(carried)}
    return list(dict.fromkeys(terms[one] for one in pages if one in terms))
