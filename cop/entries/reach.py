"""Which comments on an entry there are for a reader at all: one rule, in Python and in SQL."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from cop.entries.audiences import hears, looks_after
from cop.entries.models import Comment, CommentStatus, Entry
from cop.people.viewer import Viewer

#: What was never shown: to all but its author and the moderators it does not exist, and leaves no trace.
_NEVER_SHOWN = (CommentStatus.HELD, CommentStatus.REFUSED)
#: What stays in the circle that an entry was opened from.
_OF_CIRCLE = (CommentStatus.CIRCLE, CommentStatus.CIRCLE_GONE)
#: Of what is not there for others, what is there for who wrote it.
_OWN = (*_NEVER_SHOWN, CommentStatus.CIRCLE)


class Reach(StrEnum):
    """Which comments on an entry there are for a reader, if only their traces."""

    #: Her own alone: she is out of the circle that the entry is of.
    OWN = "own"
    #: What others read or could read once, and her own.
    SHOWN = "shown"
    #: That, and what was said in the circle before the entry was opened.
    JOINED = "joined"
    #: What was never shown too.
    LOOKING_AFTER = "looking-after"
    #: Both.
    ALL = "all"


_NOT_THERE = {
    Reach.OWN: tuple(CommentStatus),
    Reach.SHOWN: (*_NEVER_SHOWN, *_OF_CIRCLE),
    Reach.JOINED: _NEVER_SHOWN,
    Reach.LOOKING_AFTER: _OF_CIRCLE,
    Reach.ALL: (),
}


def reach(viewer: Viewer, entry: Entry) -> Reach:
    """Return which comments on the entry there are for the viewer."""
    if not hears(viewer, entry):
        return Reach.OWN
    joined = viewer.system or (entry.circle_id is not None and entry.circle_id in viewer.circles)
    if viewer.system or looks_after(viewer, entry):
        return Reach.ALL if joined else Reach.LOOKING_AFTER
    return Reach.JOINED if joined else Reach.SHOWN


def _own(reached: Reach) -> tuple[CommentStatus, ...]:
    """Return of what is not there for others, what is there for who wrote it."""
    if reached is Reach.OWN:
        return tuple(one for one in CommentStatus if one != CommentStatus.CIRCLE_GONE)
    return _OWN


def comment_exists(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    """Tell whether there is such a comment at all for the viewer, if only its trace."""
    reached = reach(viewer, entry)
    if comment.status not in _NOT_THERE[reached]:
        return True
    hers = viewer.id is not None and comment.author_id == viewer.id
    return hers and comment.status in _own(reached)


def existing_for(reader: Any, reached: Reach) -> ColumnElement[bool]:
    """Return the same rule as a criterion on the comments of one entry, for a reader's id (or a place for it)."""
    away = _NOT_THERE[reached]
    if not away:
        return true()
    own = Comment.status.in_([status for status in away if status in _own(reached)])
    return or_(Comment.status.not_in(away), and_(Comment.author_id == reader, own))
