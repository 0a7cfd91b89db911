"""Who may do what to entries; with who reads them and under which name people appear. Of comments: `comment_policy`."""

from collections.abc import Callable
from enum import StrEnum

from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _l
from cop.entries.audiences import (
    MODERATORS,
    NOBODY,
    audience_of,
    hears,
    joined,
    labels_of,
    listed,
    listed_labels,
    looks_after,
    may_read,
    readable,
    reads_joined,
)
from cop.entries.bylines import (
    Byline,
    byline,
    byline_of,
    credited_comment,
    credited_to,
    is_by_author,
    is_masked,
    masked,
    name_of,
    told_time,
)
from cop.entries.kinds import KINDS
from cop.entries.models import (
    Entry,
    Status,
    Visibility,
)
from cop.entries.reach import Reach, comment_exists, existing_for, reach
from cop.people.viewer import Grant, Viewer

__all__ = [
    "MODERATORS",
    "NOBODY",
    "RULES",
    "Act",
    "Byline",
    "Reach",
    "audience_of",
    "byline",
    "byline_of",
    "comment_exists",
    "credited_comment",
    "credited_to",
    "existing_for",
    "hears",
    "is_by_author",
    "is_done",
    "is_masked",
    "joined",
    "labels_of",
    "listed",
    "listed_labels",
    "looks_after",
    "masked",
    "may",
    "may_read",
    "name_of",
    "reach",
    "readable",
    "reads_joined",
    "require",
    "require_member",
    "told_time",
]


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
    #: Of a practice page: judge its evidence, and say when it is looked at again.
    GRADE = "grade"
    #: Of a case note that names no strategy: say which it tells of.
    FILE = "file"
    #: Put it into a collection.
    COLLECT = "collect"
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


def _is_kept_by_curators(entry: Entry) -> bool:
    return entry.kind in KINDS and KINDS[entry.kind].kept_by_curators


def _author_of_own(viewer: Viewer, entry: Entry) -> bool:
    return _author(viewer, entry) and not _is_kept_by_curators(entry)


def _author_of_live(viewer: Viewer, entry: Entry) -> bool:
    return _author_of_own(viewer, entry) and entry.status in (
        Status.PUBLISHED,
        Status.HELD,
        Status.MERGED,
    )


def _edits_with_its_author(viewer: Viewer, entry: Entry) -> bool:
    """Somebody the author works with, as co-trainers of a workshop do; who reads it and signs it stays hers to say."""
    kind = KINDS.get(entry.kind)
    if kind is None or kind.edited_with is None or not viewer.is_member:
        return False
    live = entry.status in (Status.PUBLISHED, Status.HELD)
    return live and kind.edited_with(viewer, entry)


def _author_of_withdrawn(viewer: Viewer, entry: Entry) -> bool:
    return _author(viewer, entry) and entry.status == Status.WITHDRAWN


def _curator_of_kept(viewer: Viewer, entry: Entry) -> bool:
    """Curators keep texts of the editors, which have no person as author, the pages of the wiki, and collections."""
    kind = KINDS.get(entry.kind)
    shared = kind is not None and (kind.kept_by_curators or kind.shared_with_curators)
    kept = entry.written_by == "editors" or shared
    return kept and _curator_of_open(viewer, entry)


def _curator_of_page(viewer: Viewer, entry: Entry) -> bool:
    return _is_kept_by_curators(entry) and _curator_of_kept(viewer, entry)


def _curator_of_open(viewer: Viewer, entry: Entry) -> bool:
    seen = entry.status == Status.PUBLISHED and entry.visibility != Visibility.CIRCLE
    return seen and viewer.has(Grant.CURATOR)


def _moderator_of_published(viewer: Viewer, entry: Entry) -> bool:
    return looks_after(viewer, entry) and entry.status == Status.PUBLISHED


def _moderator_of_merged(viewer: Viewer, entry: Entry) -> bool:
    return looks_after(viewer, entry) and entry.status == Status.MERGED


def _moderator_of_held(viewer: Viewer, entry: Entry) -> bool:
    return looks_after(viewer, entry) and entry.status == Status.HELD


def _moderator_of_hidden(viewer: Viewer, entry: Entry) -> bool:
    return looks_after(viewer, entry) and entry.status == Status.HIDDEN


def _member_where_open(viewer: Viewer, entry: Entry) -> bool:
    is_open = entry.status == Status.PUBLISHED and entry.locked_at is None
    return viewer.is_member and is_open and hears(viewer, entry)


def _reader_of_others(viewer: Viewer, entry: Entry) -> bool:
    return viewer.is_member and entry.status == Status.PUBLISHED and entry.author_id != viewer.id


def _collector_of_listed(viewer: Viewer, entry: Entry) -> bool:
    open_to_her = entry.audience in listed_labels(viewer)
    held_by_others = entry.kind in KINDS and KINDS[entry.kind].can_be_collected
    return held_by_others and open_to_her and viewer.has(Grant.CURATOR, Grant.TRAINER)


def _moderator_of_open(viewer: Viewer, entry: Entry) -> bool:
    return looks_after(viewer, entry) and entry.locked_at is None and entry.status != Status.MERGED


def _moderator_of_locked(viewer: Viewer, entry: Entry) -> bool:
    return looks_after(viewer, entry) and entry.locked_at is not None


#: Any one rule grants the act.
RULES: dict[Act, tuple[Rule, ...]] = {
    Act.READ: (_anyone,),
    Act.REVISE: (_author_of_live, _curator_of_kept, _edits_with_its_author),
    Act.RESTORE: (_author_of_live, _curator_of_kept, _edits_with_its_author),
    Act.SUPPRESS: (_author_of_own, looks_after),
    Act.WITHDRAW: (_author_of_live,),
    Act.RETURN: (_author_of_withdrawn,),
    Act.HIDE: (_moderator_of_published, _moderator_of_merged),
    Act.UNHIDE: (_moderator_of_hidden,),
    Act.COMMENT: (_member_where_open,),
    Act.LOCK: (_moderator_of_open,),
    Act.UNLOCK: (_moderator_of_locked,),
    Act.FLAG: (_reader_of_others,),
    Act.ACCEPT: (_author_of_published, _moderator_of_published),
    Act.ARRANGE: (_moderator_of_published,),
    Act.GRADE: (_curator_of_page,),
    Act.FILE: (_curator_of_open,),
    Act.COLLECT: (_collector_of_listed,),
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


def require_member(viewer: Viewer) -> None:
    """Raise Forbidden unless somebody is signed in (or the system acts)."""
    if not (viewer.is_member or viewer.system):
        raise Forbidden(_l("Please sign in first."))
