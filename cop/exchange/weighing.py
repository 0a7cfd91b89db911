"""How much what a file holds changes of what stood there before, where the file says so."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from cop.core.db import db
from cop.entries.models import Entry, Revision, Text
from cop.exchange.shapes import Record
from cop.exchange.states import long


@contextmanager
def weighing(record: Record) -> Iterator[None]:
    """Let what is published of a record within the block say how much it changes, by language."""
    said = long(record.get("significance"))
    if not said:
        yield
        return
    of_entry = Text.entry_id == select(Entry.id).where(Entry.key == record["id"]).scalar_subquery()
    newest = select(func.max(Revision.id)).join(Text, Text.id == Revision.text_id).where(of_entry)
    before = db.session.scalar(newest) or 0
    yield
    rows = db.session.execute(
        select(Revision, Text.lang)
        .join(Text, Text.id == Revision.text_id)
        .where(of_entry, Revision.id > before)
    )
    for revision, lang in rows:
        revision.significance = said.get(lang, "")
    db.session.flush()
