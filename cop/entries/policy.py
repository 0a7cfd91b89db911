"""Who may read and do what, and under which name people appear: one rule each, in Python, in SQL and in the index."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _l
from cop.entries.bylines import (
    Byline,
    byline,
    byline_of,
    credited_comment,
    credited_to,
    is_by_author,
    is_masked,
    name_of,
    told_time,
)
from cop.entries.models import (
    Comment,
    CommentStatus,
    Entry,
    Status,
    Visibility,
)
from cop.people.viewer import Grant, Viewer

__all__ = [
    "MODERATORS",
    "NOBODY",
    "RULES",
    "Act",
    "Byline",
    "CommentAct",
    "audience_of",
    "byline",
    "byline_of",
    "comment_exists",
    "credited_comment",
    "credited_to",
    "existing",
    "existing_for",
    "is_by_author",
    "is_done",
    "is_masked",
    "labels_of",
    "listed",
    "listed_labels",
    "may",
    "may_comment",
    "may_read",
    "name_of",
    "readable",
    "reads_what_was_never_shown",
    "require",
    "require_comment",
    "require_member",
    "told_time",
]

#: The label of what nobody but its author may read.
NOBODY = "nobody"
MODERATORS = "moderators"
_LISTED = frozenset({"public", "members"})


def audience_of(status: str, visibility: str) -> str:
    """Return the permission label readers must meet: derived from status and visibility, stored on the entry."""
    if status == Status.PUBLISHED:
        return "public" if visibility == Visibility.PUBLIC else "members"
    if status in (Status.HELD, Status.HIDDEN):
        return MODERATORS
    return NOBODY


def labels_of(entry: Entry) -> frozenset[str]:
    """Return the labels of an entry; it is readable by those who meet one of them."""
    if entry.author_id is None:
        return frozenset({entry.audience})
    return frozenset({entry.audience, f"author:{entry.author_id}"})


def may_read(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether the viewer may read the entry."""
    return bool(viewer.labels & labels_of(entry))


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the same rule as `may_read` as a criterion on `Entry`."""
    own = Entry.author_id == viewer.id if viewer.id is not None else false()
    audiences = sorted(label for label in viewer.labels if not label.startswith("author:"))
    return or_(Entry.audience.in_(audiences), own)


def listed_labels(viewer: Viewer) -> frozenset[str]:
    """Return those of the viewer's labels that published entries carry."""
    return viewer.labels & _LISTED


def listed(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion of what stands in lists and search for the viewer: published and readable."""
    return Entry.audience.in_(sorted(listed_labels(viewer)))


class Act(StrEnum):
    """What can be done to an entry. Every act implies that the entry may be read."""

    READ = "read"
    REVISE = "revise"
    RESTORE = "restore"
    SUPPRESS = "suppress"
    WITHDRAW = "withdraw"
    RETURN = "return"
    HIDE = "hide"
    UNHIDE = "unhide"
    COMMENT = "comment"
    LOCK = "lock"
    UNLOCK = "unlock"
    #: Ask the moderators to look at it.
    FLAG = "flag"
    #: Of a discussion: say which reply answers it.
    ACCEPT = "accept"
    #: Of a discussion: pin it, move it to another space.
    ARRANGE = "arrange"
    #: Let through, or not, what waits for a moderator.
    APPROVE = "approve"
    REFUSE = "refuse"


Rule = Callable[[Viewer, Entry], bool]


def _anyone(viewer: Viewer, entry: Entry) -> bool:
    return True


def _author(viewer: Viewer, entry: Entry) -> bool:
    return viewer.id is not None and entry.author_id == viewer.id


def _author_of_published(viewer: Viewer, entry: Entry) -> bool:
    return _author(viewer, entry) and entry.status == Status.PUBLISHED


def _author_of_live(viewer: Viewer, entry: Entry) -> bool:
    return _author(viewer, entry) and entry.status in (Status.PUBLISHED, Status.HELD)


def _author_of_withdrawn(viewer: Viewer, entry: Entry) -> bool:
    return _author(viewer, entry) and entry.status == Status.WITHDRAWN


def _curator_of_editors_text(viewer: Viewer, entry: Entry) -> bool:
    """Texts of the editors have no person as author; curators keep them."""
    return (
        entry.written_by == "editors"
        and entry.status == Status.PUBLISHED
        and viewer.has(Grant.CURATOR)
    )


def _moderator(viewer: Viewer, entry: Entry) -> bool:
    return viewer.has(Grant.MODERATOR, Grant.ADMIN)


def _moderator_of_published(viewer: Viewer, entry: Entry) -> bool:
    return _moderator(viewer, entry) and entry.status == Status.PUBLISHED


def _moderator_of_held(viewer: Viewer, entry: Entry) -> bool:
    return _moderator(viewer, entry) and entry.status == Status.HELD


def _moderator_of_hidden(viewer: Viewer, entry: Entry) -> bool:
    return _moderator(viewer, entry) and entry.status == Status.HIDDEN


def _member_where_open(viewer: Viewer, entry: Entry) -> bool:
    return viewer.is_member and entry.status == Status.PUBLISHED and entry.locked_at is None


def _reader_of_others(viewer: Viewer, entry: Entry) -> bool:
    return viewer.is_member and entry.status == Status.PUBLISHED and entry.author_id != viewer.id


def _moderator_of_open(viewer: Viewer, entry: Entry) -> bool:
    return _moderator(viewer, entry) and entry.locked_at is None


def _moderator_of_locked(viewer: Viewer, entry: Entry) -> bool:
    return _moderator(viewer, entry) and entry.locked_at is not None


#: Any one rule grants the act.
RULES: dict[Act, tuple[Rule, ...]] = {
    Act.READ: (_anyone,),
    Act.REVISE: (_author_of_live, _curator_of_editors_text),
    Act.RESTORE: (_author_of_live, _curator_of_editors_text),
    Act.SUPPRESS: (_author, _moderator),
    Act.WITHDRAW: (_author_of_live,),
    Act.RETURN: (_author_of_withdrawn,),
    Act.HIDE: (_moderator_of_published,),
    Act.UNHIDE: (_moderator_of_hidden,),
    Act.COMMENT: (_member_where_open,),
    Act.LOCK: (_moderator_of_open,),
    Act.UNLOCK: (_moderator_of_locked,),
    Act.FLAG: (_reader_of_others,),
    Act.ACCEPT: (_author_of_published, _moderator_of_published),
    Act.ARRANGE: (_moderator_of_published,),
    Act.APPROVE: (_moderator_of_held,),
    Act.REFUSE: (_moderator_of_held,),
}


def may(viewer: Viewer, act: Act, entry: Entry) -> bool:
    """Tell whether the viewer may do this to the entry."""
    if viewer.system:
        return True
    return may_read(viewer, entry) and any(rule(viewer, entry) for rule in RULES[act])


#: What can be done to an entry exactly where another act has been done to it.
_UNDOING = {
    Act.WITHDRAW: Act.RETURN,
    Act.RETURN: Act.WITHDRAW,
    Act.HIDE: Act.UNHIDE,
    Act.UNHIDE: Act.HIDE,
    Act.LOCK: Act.UNLOCK,
    Act.UNLOCK: Act.LOCK,
}


def is_done(viewer: Viewer, act: Act, entry: Entry) -> bool:
    """Tell whether the entry is already as this act would make it, to whom may do the act at all."""
    return not viewer.system and may(viewer, _UNDOING[act], entry)


def require(viewer: Viewer, act: Act, entry: Entry) -> None:
    """Raise NotFound where the entry may not be read, else Forbidden where the act is not granted."""
    if may(viewer, act, entry):
        return
    if not may_read(viewer, entry):
        raise NotFound
    raise Forbidden(_l("You may read this, but you may not change it."))


class CommentAct(StrEnum):
    """What can be done to a comment. Every act implies that its entry may be read."""

    #: See its words, and what it said before.
    READ = "read"
    ANSWER = "answer"
    EDIT = "edit"
    DELETE = "delete"
    REMOVE = "remove"
    SHOW = "show"
    FLAG = "flag"
    APPROVE = "approve"
    REFUSE = "refuse"


CommentRule = Callable[[Viewer, Comment, Entry], bool]


def _is_shown(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return comment.status == CommentStatus.PUBLISHED


def _answerable(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _is_shown(viewer, comment, entry) and may(viewer, Act.COMMENT, entry)


def _wrote(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return viewer.id is not None and comment.author_id == viewer.id


def _wrote_what_others_do_not_read(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and comment.status in _FOR_MODERATORS


def _wrote_and_open(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and _answerable(viewer, comment, entry)


def _wrote_what_waits_and_open(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    waits = _wrote(viewer, comment, entry) and comment.status == CommentStatus.HELD
    return waits and may(viewer, Act.COMMENT, entry)


def _wrote_what_is_shown_or_waits(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and comment.status in _LIVE


def _reads_what_others_wrote(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    shown = _is_shown(viewer, comment, entry) and entry.status == Status.PUBLISHED
    return viewer.is_member and shown and not _wrote(viewer, comment, entry)


def _moderates_shown(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _moderator(viewer, entry) and _is_shown(viewer, comment, entry)


def _moderates_what_was_taken_away(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    taken = (CommentStatus.REMOVED, CommentStatus.REFUSED)
    return _moderator(viewer, entry) and comment.status in taken


def _moderates_held(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _moderator(viewer, entry) and comment.status == CommentStatus.HELD


def _moderates_what_others_do_not_read(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _moderator(viewer, entry) and comment.status in _FOR_MODERATORS


_LIVE = (CommentStatus.PUBLISHED, CommentStatus.HELD)
_FOR_MODERATORS = (CommentStatus.REMOVED, CommentStatus.HELD, CommentStatus.REFUSED)
#: What was never shown: to all but its author and the moderators it does not exist, and leaves no trace.
_NEVER_SHOWN = (CommentStatus.HELD, CommentStatus.REFUSED)


#: Any one rule grants the act. A comment can be taken back also where nothing can be added any more.
COMMENT_RULES: dict[CommentAct, tuple[CommentRule, ...]] = {
    CommentAct.READ: (
        _is_shown,
        _wrote_what_others_do_not_read,
        _moderates_what_others_do_not_read,
    ),
    CommentAct.ANSWER: (_answerable,),
    CommentAct.EDIT: (_wrote_and_open, _wrote_what_waits_and_open),
    CommentAct.DELETE: (_wrote_what_is_shown_or_waits,),
    CommentAct.REMOVE: (_moderates_shown,),
    CommentAct.SHOW: (_moderates_what_was_taken_away,),
    CommentAct.FLAG: (_reads_what_others_wrote,),
    CommentAct.APPROVE: (_moderates_held,),
    CommentAct.REFUSE: (_moderates_held,),
}


def reads_what_was_never_shown(viewer: Viewer) -> bool:
    """Tell whether somebody reads all comments that wait or were not let through, whoever wrote them."""
    return viewer.system or viewer.has(Grant.MODERATOR, Grant.ADMIN)


def comment_exists(viewer: Viewer, comment: Comment) -> bool:
    """Tell whether there is such a comment at all for the viewer, if only its trace."""
    if reads_what_was_never_shown(viewer) or comment.status not in _NEVER_SHOWN:
        return True
    return viewer.id is not None and comment.author_id == viewer.id


def existing(viewer: Viewer) -> ColumnElement[bool]:
    """Return the same rule as `comment_exists` as a criterion on `Comment`."""
    return true() if reads_what_was_never_shown(viewer) else existing_for(viewer.id or 0)


def existing_for(reader: Any) -> ColumnElement[bool]:
    """Return the criterion for who does not moderate, by her id (or a place for it); 0 is a visitor."""
    return or_(Comment.status.not_in(_NEVER_SHOWN), Comment.author_id == reader)


def may_comment(viewer: Viewer, act: CommentAct, comment: Comment, entry: Entry) -> bool:
    """Tell whether the viewer may do this to a comment on the entry."""
    return may_read(viewer, entry) and any(
        rule(viewer, comment, entry) for rule in COMMENT_RULES[act]
    )


def require_comment(viewer: Viewer, act: CommentAct, comment: Comment, entry: Entry) -> None:
    """Raise NotFound where the entry may not be read, else Forbidden where the act is not granted."""
    if may_comment(viewer, act, comment, entry):
        return
    if not may_read(viewer, entry):
        raise NotFound
    raise Forbidden(_l("You may read this, but you may not change it."))


def require_member(viewer: Viewer) -> None:
    """Raise Forbidden unless somebody is signed in (or the system acts)."""
    if not (viewer.is_member or viewer.system):
        raise Forbidden(_l("Please sign in first."))
