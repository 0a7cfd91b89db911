"""Who is newly mentioned by what was published: by a comment, by a text, by an edit of either.

What an edit keeps was told before; whom an edit takes out again has no line of it any more.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select

from cop.core.db import db
from cop.entries.kinds import KINDS
from cop.entries.models import (
    Comment,
    CommentRevision,
    CommentStatus,
    Entry,
    Revision,
    Status,
    Text,
)
from cop.events.models import Event
from cop.markup import render
from cop.markup.mentions import AUTHOR, CIRCLE, PERSON
from cop.notifications.audience import Reason
from cop.notifications.models import Because, LineKind, Notice
from cop.people.belonging import members_of

_REASON = Reason(LineKind.MENTION, Because.MENTIONED)


def by_comment(event: Event, entry: Entry, comment: Comment) -> dict[int, Reason]:
    """Return who is mentioned by a comment, and was not by what it said before this event."""
    author_id = _author_meant(entry, comment)
    now = _people(author_id, [comment.body])
    before: set[int] = set()
    if event.verb == "CommentEdited":
        earlier = select(CommentRevision.body).where(
            CommentRevision.comment_id == comment.id,
            CommentRevision.number == event.data["number"] - 1,
        )
        before = _people(author_id, db.session.scalars(earlier))
        _forget(entry, comment, now)
    return dict.fromkeys(now - before - {comment.author_id}, _REASON)


def by_entry(event: Event, entry: Entry) -> dict[int, Reason]:
    """Return who is mentioned by an entry, and was not by what it said before this event."""
    told = _told(entry)
    now = {person for lang in told for person in told[lang]}
    if event.verb == "EntryPublished":
        return dict.fromkeys(now - {entry.author_id}, _REASON)
    lang = event.data["lang"]
    if event.verb == "TextAdded":
        before = {person for other in told if other != lang for person in told[other]}
    else:
        before = _said_before(entry, lang, event.data["number"])
        _forget(entry, None, now)
    new = told.get(lang, set()) - before - {entry.author_id, event.actor_id}
    return dict.fromkeys(new, _REASON)


def may_tell(entry: Entry, comment: Comment | None) -> bool:
    """Tell whether others read this now."""
    shown = comment is None or comment.status == CommentStatus.PUBLISHED
    return entry.status == Status.PUBLISHED and shown


def _author_meant(entry: Entry, comment: Comment) -> int | None:
    """Return whom a comment means by "the author": who wrote the entry that it was written under.

    Who speaks as the author of what was joined with this entry says it to this one's author.
    """
    origin = db.session.get(Entry, comment.origin_id) if comment.origin_id is not None else None
    if origin is None or origin.author_id == comment.author_id:
        return entry.author_id
    return origin.author_id


def _people(author_id: int | None, sources: Iterable[str]) -> set[int]:
    """Return the ids of whom these sources mention, by herself or with a circle; "the author" is this one."""
    found: set[int] = set()
    circles: set[int] = set()
    for source in sources:
        for one in render(source).mentions if "@[" in source else ():
            if one.kind == PERSON:
                found.add(one.id)
            elif one.kind == CIRCLE:
                circles.add(one.id)
            elif one.kind == AUTHOR and author_id is not None:
                found.add(author_id)
    return found | members_of(circles)


def _told(entry: Entry) -> dict[str, set[int]]:
    """Return whom each telling of an entry mentions now, by language."""
    rows = db.session.execute(
        select(Text.lang, Revision.sections)
        .join(Revision, (Revision.text_id == Text.id) & (Revision.number == Text.number))
        .where(Text.entry_id == entry.id)
    )
    return {lang: _people(entry.author_id, _marked(entry, sections)) for lang, sections in rows}


def _said_before(entry: Entry, lang: str, number: int) -> set[int]:
    rows = db.session.scalars(
        select(Revision.sections)
        .join(Text, Text.id == Revision.text_id)
        .where(Text.entry_id == entry.id, Text.lang == lang, Revision.number == number - 1)
    )
    return {
        person for sections in rows for person in _people(entry.author_id, _marked(entry, sections))
    }


def _marked(entry: Entry, sections: Mapping[str, str]) -> list[str]:
    return [sections[key] for key in KINDS[entry.kind].sections if key in sections]


def _forget(entry: Entry, comment: Comment | None, still: set[int]) -> None:
    """Take back the lines of those whom a text mentions no more."""
    of_comment = Notice.comment_id == comment.id if comment else Notice.comment_id.is_(None)
    db.session.execute(
        delete(Notice).where(
            Notice.entry_id == entry.id,
            of_comment,
            Notice.kind == LineKind.MENTION,
            Notice.user_id.not_in(sorted(still)),
        )
    )
