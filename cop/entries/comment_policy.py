"""Who may do what to comments."""

from collections.abc import Callable
from enum import StrEnum

from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _l
from cop.entries import policy
from cop.entries.models import Comment, CommentStatus, Entry, Status
from cop.entries.policy import Act
from cop.people.viewer import Viewer


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
    told = policy.hears(viewer, entry) or _wrote(viewer, comment, entry)
    return comment.status == CommentStatus.PUBLISHED and told


def _answerable(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _is_shown(viewer, comment, entry) and policy.may(viewer, Act.COMMENT, entry)


def _wrote(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return viewer.id is not None and comment.author_id == viewer.id


def _wrote_what_others_do_not_read(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and comment.status in _FOR_MODERATORS


def _wrote_and_open(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and _answerable(viewer, comment, entry)


def _wrote_what_waits_and_open(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    waits = _wrote(viewer, comment, entry) and comment.status == CommentStatus.HELD
    return waits and policy.may(viewer, Act.COMMENT, entry)


def _wrote_what_is_shown_or_waits(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and comment.status in _LIVE


def _reads_what_others_wrote(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    shown = _is_shown(viewer, comment, entry) and entry.status == Status.PUBLISHED
    return viewer.is_member and shown and not _wrote(viewer, comment, entry)


def _was_said_in_her_circle(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    joined = entry.circle_id is not None and entry.circle_id in viewer.circles
    return comment.status == CommentStatus.CIRCLE and (joined or _wrote(viewer, comment, entry))


def _wrote_in_her_circle(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return comment.status == CommentStatus.CIRCLE and _wrote(viewer, comment, entry)


def _moderates_shown(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return policy.looks_after(viewer, entry) and _is_shown(viewer, comment, entry)


def _moderates_what_was_taken_away(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    taken = (CommentStatus.REMOVED, CommentStatus.REFUSED)
    return policy.looks_after(viewer, entry) and comment.status in taken


def _moderates_held(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return policy.looks_after(viewer, entry) and comment.status == CommentStatus.HELD


def _moderates_what_others_do_not_read(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return policy.looks_after(viewer, entry) and comment.status in _FOR_MODERATORS


_LIVE = (CommentStatus.PUBLISHED, CommentStatus.HELD)
_FOR_MODERATORS = (CommentStatus.REMOVED, CommentStatus.HELD, CommentStatus.REFUSED)


#: Any one rule grants the act. A comment can be taken back also where nothing can be added any more.
RULES: dict[CommentAct, tuple[CommentRule, ...]] = {
    CommentAct.READ: (
        _is_shown,
        _wrote_what_others_do_not_read,
        _moderates_what_others_do_not_read,
        _was_said_in_her_circle,
    ),
    CommentAct.ANSWER: (_answerable,),
    CommentAct.EDIT: (_wrote_and_open, _wrote_what_waits_and_open),
    CommentAct.DELETE: (_wrote_what_is_shown_or_waits, _wrote_in_her_circle),
    CommentAct.REMOVE: (_moderates_shown,),
    CommentAct.SHOW: (_moderates_what_was_taken_away,),
    CommentAct.FLAG: (_reads_what_others_wrote,),
    CommentAct.APPROVE: (_moderates_held,),
    CommentAct.REFUSE: (_moderates_held,),
}


def may(viewer: Viewer, act: CommentAct, comment: Comment, entry: Entry) -> bool:
    """Tell whether the viewer may do this to a comment on the entry."""
    return policy.may_read(viewer, entry) and any(
        rule(viewer, comment, entry) for rule in RULES[act]
    )


def require(viewer: Viewer, act: CommentAct, comment: Comment, entry: Entry) -> None:
    """Raise NotFound where the entry may not be read, else Forbidden where the act is not granted."""
    if may(viewer, act, comment, entry):
        return
    if not policy.may_read(viewer, entry):
        raise NotFound
    raise Forbidden(_l("You may read this, but you may not change it."))
