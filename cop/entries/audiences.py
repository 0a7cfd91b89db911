"""Who reads an entry: one rule, in Python, in SQL and in the index."""

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from cop.entries.models import Entry, Status, Visibility
from cop.people.viewer import Grant, Viewer

#: The label of what nobody but its author may read.
NOBODY = "nobody"
MODERATORS = "moderators"
_LISTED = frozenset({"public", "members"})


def audience_of(status: str, visibility: str, circle_id: int | None = None) -> str:
    """Return the permission label readers must meet: derived from the rest and stored on the entry.

    What is held or hidden in a circle its hosts look after, and nobody else reads it.
    """
    of_circle = visibility == Visibility.CIRCLE
    if of_circle and circle_id is None:
        return NOBODY
    if status == Status.PUBLISHED:
        if of_circle:
            return f"circle:{circle_id}"
        return "public" if visibility == Visibility.PUBLIC else "members"
    if status in (Status.HELD, Status.HIDDEN, Status.MERGED):
        return f"hosts:{circle_id}" if of_circle else MODERATORS
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
    return frozenset(
        label for label in viewer.labels if label in _LISTED or label.startswith("circle:")
    )


def listed(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion of what stands in lists and search for the viewer: published and readable."""
    return Entry.audience.in_(sorted(listed_labels(viewer)))


def reads_joined(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether what was joined with another entry is read by the viewer, who reads that one."""
    if entry.status != Status.MERGED:
        return False
    as_before = audience_of(Status.PUBLISHED, entry.visibility, entry.circle_id)
    return as_before in viewer.labels or may_read(viewer, entry)


def joined(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion of what was joined with something this viewer reads, and that she read by itself before."""
    before = [Visibility.PUBLIC, Visibility.MEMBERS] if viewer.is_member else [Visibility.PUBLIC]
    into = aliased(Entry)
    read = select(into.id).where(
        into.id == Entry.merged_into_id, into.audience.in_(sorted(listed_labels(viewer)))
    )
    return and_(
        Entry.status == Status.MERGED,
        Entry.visibility.in_([one.value for one in before]),
        read.correlate(Entry).exists(),
    )


def hears(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether what others say on an entry is there for somebody who reads it.

    Who is out of its circle reads what she wrote in it, and nothing that is said there by others.
    """
    if viewer.system or entry.visibility != Visibility.CIRCLE:
        return True
    return entry.circle_id in viewer.circles


def looks_after(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody decides about the entry and what is said on it: the moderators, in a circle its hosts."""
    if entry.visibility == Visibility.CIRCLE:
        return entry.circle_id in viewer.hosted
    return viewer.has(Grant.MODERATOR, Grant.ADMIN)
