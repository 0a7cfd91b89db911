"""Who may read and do what, and under which name people appear: one rule each, in Python, in SQL and in the index."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, false, or_

from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _, _l, current_lang
from cop.core.types import Lang
from cop.entries.models import (
    Comment,
    CommentStatus,
    Entry,
    NameMask,
    Revision,
    Status,
    Visibility,
)
from cop.people.models import User
from cop.people.viewer import Grant, Viewer

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


Rule = Callable[[Viewer, Entry], bool]


def _anyone(viewer: Viewer, entry: Entry) -> bool:
    return True


def _author(viewer: Viewer, entry: Entry) -> bool:
    return viewer.id is not None and entry.author_id == viewer.id


def _author_of_published(viewer: Viewer, entry: Entry) -> bool:
    return _author(viewer, entry) and entry.status == Status.PUBLISHED


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
    Act.REVISE: (_author_of_published, _curator_of_editors_text),
    Act.RESTORE: (_author_of_published, _curator_of_editors_text),
    Act.SUPPRESS: (_author, _moderator),
    Act.WITHDRAW: (_author_of_published,),
    Act.RETURN: (_author_of_withdrawn,),
    Act.HIDE: (_moderator_of_published,),
    Act.UNHIDE: (_moderator_of_hidden,),
    Act.COMMENT: (_member_where_open,),
    Act.LOCK: (_moderator_of_open,),
    Act.UNLOCK: (_moderator_of_locked,),
    Act.FLAG: (_reader_of_others,),
    Act.ACCEPT: (_author_of_published, _moderator_of_published),
    Act.ARRANGE: (_moderator_of_published,),
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


CommentRule = Callable[[Viewer, Comment, Entry], bool]


def _is_shown(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return comment.status == CommentStatus.PUBLISHED


def _answerable(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _is_shown(viewer, comment, entry) and may(viewer, Act.COMMENT, entry)


def _wrote(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return viewer.id is not None and comment.author_id == viewer.id


def _wrote_what_was_removed(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and comment.status == CommentStatus.REMOVED


def _wrote_and_open(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and _answerable(viewer, comment, entry)


def _wrote_what_is_shown(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _wrote(viewer, comment, entry) and _is_shown(viewer, comment, entry)


def _reads_what_others_wrote(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    shown = _is_shown(viewer, comment, entry) and entry.status == Status.PUBLISHED
    return viewer.is_member and shown and not _wrote(viewer, comment, entry)


def _moderates_shown(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _moderator(viewer, entry) and _is_shown(viewer, comment, entry)


def _moderates_removed(viewer: Viewer, comment: Comment, entry: Entry) -> bool:
    return _moderator(viewer, entry) and comment.status == CommentStatus.REMOVED


#: Any one rule grants the act. A comment can be taken back also where nothing can be added any more.
COMMENT_RULES: dict[CommentAct, tuple[CommentRule, ...]] = {
    CommentAct.READ: (_is_shown, _wrote_what_was_removed, _moderates_removed),
    CommentAct.ANSWER: (_answerable,),
    CommentAct.EDIT: (_wrote_and_open,),
    CommentAct.DELETE: (_wrote_what_is_shown,),
    CommentAct.REMOVE: (_moderates_shown,),
    CommentAct.SHOW: (_moderates_removed,),
    CommentAct.FLAG: (_reads_what_others_wrote,),
}


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


@dataclass(frozen=True)
class Byline:
    """A name as this reader may see it. `handle` is None where there is no profile to link to."""

    name: str
    handle: str | None = None
    lang: Lang | None = None


def byline(viewer: Viewer, of: Entry | Revision | Comment, entry: Entry | None = None) -> Byline:
    """Return the name under an entry, or under a revision or comment (then with its `entry`).

    It is the only way to a person's name. Expects `entry.author` (or `revision.editor`, `comment.author`)
    to be loaded. On an unnamed entry its author appears as "the author" on her own revisions and comments
    too, to everybody, moderators included.
    """
    if isinstance(of, Entry):
        return byline_of(viewer, of, of.author)
    if entry is None:
        message = "the byline of a revision or comment needs its entry"
        raise TypeError(message)
    if isinstance(of, Comment):
        return Byline(_("The author")) if is_masked(of, entry) else _of_person(of.author)
    if entry.name_mask == NameMask.UNNAMED and of.editor_id in (entry.author_id, None):
        return Byline(_("The author"))
    return _of_person(of.editor)


def is_by_author(comment: Comment, entry: Entry) -> bool:
    """Tell whether a comment is by the author of the entry it stands under."""
    return comment.author_id is not None and comment.author_id == entry.author_id


def told_time(entry: Entry, moment: datetime) -> datetime | date:
    """Return when something happened to an entry, as readers may know it; on an unnamed one the day alone.

    A second could be matched with other traces of its author. The day is that of UTC, as in exports:
    the day of each reader's own zone would tell the hour to who compares.
    """
    return moment.astimezone(UTC).date() if entry.name_mask == NameMask.UNNAMED else moment


def byline_of(viewer: Viewer, entry: Entry, author: User | None) -> Byline:
    """Return the name under an entry whose author was loaded apart (lists load all authors in one query)."""
    if entry.name_mask == NameMask.UNNAMED:
        return Byline(_("Unnamed practitioner"))
    return _of_person(author)


def name_of(user: User | None) -> str:
    """Return the name of somebody who acts as herself, as who looks after the site does; never for a byline."""
    return _of_person(user).name


def credited_to(entry: Entry, author: User | None) -> str | None:
    """Return the account name an export credits an entry to: a suspended author stays its author."""
    if entry.name_mask == NameMask.UNNAMED or author is None or author.system:
        return None
    return author.handle if author.email is not None else None


def is_masked(comment: Comment, entry: Entry) -> bool:
    """Tell whether a comment is signed "the author" instead of with a name."""
    return entry.name_mask == NameMask.UNNAMED and is_by_author(comment, entry)


def credited_comment(comment: Comment, entry: Entry, author: User | None) -> str | None:
    """Return the account name an export credits a comment to."""
    if is_masked(comment, entry) or author is None or author.system or author.email is None:
        return None
    return author.handle


def _of_person(user: User | None) -> Byline:
    if user is None:
        return Byline(_("A former member"))
    if user.system:
        lang = current_lang()
        return Byline((user.names or {}).get(lang, user.name))
    if user.email is None:
        return Byline(_("A former member"))
    # Only who can sign in has a profile page.
    return Byline(user.name, user.handle if user.active else None)
