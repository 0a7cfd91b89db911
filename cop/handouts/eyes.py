"""For whom a paper is made: what those may read whom it is for, and nothing else, whoever has it made."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cop.core.errors import NotFound
from cop.core.i18n import _l
from cop.entries import policy
from cop.entries.models import Entry, Visibility
from cop.people.viewer import VISITOR, Viewer


class Reach(StrEnum):
    """Whom a paper is for."""

    EVERYBODY = "everybody"
    MEMBERS = "members"
    CIRCLE = "circle"


#: What stands on the face of a paper that is not for everybody.
ON_ITS_FACE: Mapping[Reach, Any] = {
    Reach.MEMBERS: _l(
        "For members alone: it holds things that not everybody may read. Please do not pass it on."
    ),
    Reach.CIRCLE: _l(
        "For those in the circle alone: it holds things that nobody else may read. Please do not pass it on."
    ),
}


def reach_of(reader: Viewer, entry: Entry, asked: str = "") -> Reach:
    """Return whom a paper of this entry is for: whoever reads the entry, or members where one of them asks for that."""
    if entry.visibility == Visibility.CIRCLE:
        return Reach.CIRCLE
    if entry.visibility == Visibility.MEMBERS:
        return Reach.MEMBERS
    wanted = asked == Reach.MEMBERS and reader.is_member
    return Reach.MEMBERS if wanted else Reach.EVERYBODY


def eyes_of(reader: Viewer, entry: Entry, reach: Reach) -> Viewer:
    """Return with whose eyes a paper is made; raise NotFound where the reader is none of those, or they cannot read it.

    The eyes are nobody's own: they have no account, no grant, and of circles at most the entry's.
    """
    eyes = eyes_for(entry, reach)
    if not reader.labels >= eyes.labels - {_NOBODYS} or not policy.may_read(eyes, entry):
        raise NotFound
    return eyes


def eyes_for(entry: Entry, reach: Reach) -> Viewer:
    """Return the eyes of those whom a paper is for."""
    if reach == Reach.EVERYBODY:
        return VISITOR
    circles = {entry.circle_id} if reach == Reach.CIRCLE and entry.circle_id else set()
    return Viewer(id=0, circles=frozenset(circles))


#: What eyes that no account has may read as their own: nothing.
_NOBODYS = "author:0"
