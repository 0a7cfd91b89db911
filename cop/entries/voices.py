"""Who speaks without her name where her unnamed discussion was taken."""

from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Comment, Entry, NameMask


def voice_of(author_id: int | None, entry: Entry) -> int | None:
    """Return the unnamed entry as whose author somebody speaks under this one, since it was joined with this one.

    Who asked without a name goes on speaking without one where her thread was taken.
    """
    if author_id is None:
        return None
    joined = select(Entry.id).where(
        Entry.merged_into_id == entry.id,
        Entry.author_id == author_id,
        Entry.name_mask == NameMask.UNNAMED,
    )
    said = select(Comment.origin_id).where(
        Comment.entry_id == entry.id,
        Comment.author_id == author_id,
        Comment.mask == NameMask.UNNAMED,
        Comment.origin_id.is_not(None),
    )
    return db.session.scalar(joined.union_all(said).limit(1))
