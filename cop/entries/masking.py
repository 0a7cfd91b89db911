"""Names that an entry decides about under other entries, where comments that were written under it stand since."""

from sqlalchemy import select, update

from cop.core.db import db
from cop.entries.models import Comment, Entry, NameMask


def mask_elsewhere(entry: Entry) -> None:
    """Let the author's comments that stand under other entries since carry her name as this entry does now."""
    moved = (Comment.origin_id == entry.id, Comment.mask != "")
    db.session.execute(
        update(Comment)
        .where(*moved, Comment.author_id == entry.author_id)
        .values(mask=entry.name_mask)
    )
    if entry.name_mask == NameMask.UNNAMED:
        elsewhere = select(Comment.entry_id).where(*moved)
        db.session.execute(update(Entry).where(Entry.id.in_(elsewhere)).values(by_day=True))
