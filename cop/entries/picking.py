"""Whom somebody can mention while she writes: offered by what she typed, those in the talk first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, true

from cop.core.db import db
from cop.core.i18n import _
from cop.entries.bylines import masked
from cop.entries.models import Comment, CommentStatus, Entry, NameMask
from cop.markup.mentions import AUTHOR, CIRCLE, PERSON, Mention, written
from cop.people import belonging, finding
from cop.people.models import User
from cop.people.sought import sought_by
from cop.people.viewer import Viewer
from cop.search.text import fold

#: The last comments whose writers count as being in the talk.
_LOOKED_AT = 100


@dataclass(frozen=True)
class Offer:
    """Somebody who can be mentioned: her name, her account name, and what stands in the text for her."""

    name: str
    other: str
    source: str


def offers(viewer: Viewer, entry: Entry | None, typed: str) -> list[Offer]:
    """Return whom the viewer can mention in a text of this entry (None: in a new one) by what she typed after "@".

    Who wrote an unnamed entry is offered as "the author" and in no way that tells who that is: what she said under
    it does not bring her name forward, and her name finds her as it does everywhere.
    """
    people = list(finding.find(viewer, typed)) if typed.strip() else []
    speaking = finding.among(viewer, _speaking(entry) if entry is not None else [])
    first = [one for one in speaking if _is_begun(typed, one.name, one.handle)]
    ordered = {one.id: one for one in (*first, *people)}
    made: list[Offer] = []
    if entry is not None and (author := _author(viewer, entry, typed)) is not None:
        made.append(author)
        if entry.name_mask == NameMask.SHOWN:
            ordered.pop(entry.author_id or 0, None)
    made += [person(one) for one in ordered.values()]
    made += _circles(viewer, entry, typed)
    return made[: finding.MOST]


def _speaking(entry: Entry) -> Sequence[int]:
    """Return who said something here under her own name, the last first."""
    last = (
        select(Comment.author_id)
        .join(Entry, Entry.id == Comment.entry_id)
        .where(
            Comment.entry_id == entry.id,
            Comment.status == CommentStatus.PUBLISHED,
            Comment.author_id.is_not(None),
            # Unknown, and so not true, where the author of an unnamed entry is gone.
            masked().is_not(true()),
        )
        .order_by(Comment.id.desc())
        .limit(_LOOKED_AT)
    )
    hidden = entry.author_id if entry.name_mask == NameMask.UNNAMED else None
    said = dict.fromkeys(db.session.scalars(last))
    return [one for one in said if one is not None and one != hidden]


def _is_begun(typed: str, name: str, handle: str = "") -> bool:
    begun = "".join(fold(typed).split())
    return not begun or f"\n{begun}" in sought_by(name, handle)


def _author(viewer: Viewer, entry: Entry, typed: str) -> Offer | None:
    """Return the author of the entry as an offer, where she is somebody else who can be told."""
    if entry.author_id is None or entry.author_id == viewer.id:
        return None
    word = _("the author")
    if entry.name_mask == NameMask.UNNAMED:
        if not any(_is_begun(typed, one) for one in (word, "作者", "author")):
            return None
        return Offer(word, "", written(Mention(AUTHOR), word))
    found = finding.among(viewer, [entry.author_id])
    if not found or not any(
        _is_begun(typed, one, found[0].handle) for one in (found[0].name, word)
    ):
        return None
    return Offer(found[0].name, _("Author"), written(Mention(AUTHOR), found[0].name))


def _circles(viewer: Viewer, entry: Entry | None, typed: str) -> list[Offer]:
    """Return those of the viewer's own circles that are called as typed; before anything is typed, the entry's."""
    own = viewer.circles
    if not typed.strip():
        own &= {entry.circle_id} if entry is not None and entry.circle_id else set()
    return [
        Offer(str(name.striptags()), _("Circle"), written(Mention(CIRCLE, one), name.striptags()))
        for one, name in belonging.names_of(own)
        if _is_begun(typed, name.striptags())
    ]


def person(user: User) -> Offer:
    """Return somebody as an offer."""
    return Offer(user.name, f"@{user.handle}", written(Mention(PERSON, user.id), user.name))
