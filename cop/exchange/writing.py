"""Committing an import piece by piece, so that what is written stays written.

The only file of this package that commits. An import may take minutes and be stopped at any moment;
each batch is whole, and running the import again goes on where it ended.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from cop.core.db import db, writing

T = TypeVar("T")

#: Records (with their job rows) in one transaction.
BATCH = 200


def in_batches(
    records: Iterable[T],
    write: Callable[[Sequence[T]], None],
    done: Callable[[int], None] | None = None,
) -> None:
    """Write records batch by batch, each in a transaction of its own; `done` hears how many are safe."""
    safe = 0
    # What was read so far is over: the next transaction begins with the write lock.
    db.session.commit()
    for batch in batches(records):
        with writing():
            try:
                write(batch)
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise
        safe += len(batch)
        if done is not None:
            done(safe)


def batches(records: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Cut records into batches, reading no further than the batch in hand."""
    rest = iter(records)
    while batch := list(islice(rest, size)):
        yield batch
