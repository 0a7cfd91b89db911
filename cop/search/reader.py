"""Reading an index: segments opened once, views that are refreshed, postings as plain arrays.

Segments never change after they are written, except that documents in them are marked deleted,
and that mark lives in the list of segments. So a `Leaf` (an open segment) is kept for as long as
it is listed, and every `View` brings its own marks.
"""

# ruff: noqa: SLF001  Whoosh gives out blocks of postings and length columns by private names only

import contextlib
import threading
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cop.search.engine import IndexDamaged
from cop.search.folder import Folder
from cop.search.store import GONE, SCHEMA_VERSION, whoosh

# How long an answer about the newest generation is believed.
LOOK_AGAIN = 0.05
_TRIES = 4
# Sets of documents kept in a view: a set of 100,000 takes 6 MB.
_REMEMBERED = 16

Postings = tuple[Sequence[int], Sequence[float]]
_NO_POSTINGS: Postings = ((), ())


class Leaf:
    """An open segment: postings, lengths and columns by document number within it."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.size: int = reader.doc_count_all()
        self._lengths: dict[str, Sequence[int]] = {}
        self._totals: dict[str, int] = {}
        self._columns: dict[str, Sequence[Any]] = {}
        self._values: dict[tuple[str, ...], Sequence[tuple[Any, ...]]] = {}
        self.gone = frozenset(self.postings("kind", GONE)[0])

    def postings(self, field: str, term: str) -> Postings:
        """The documents that hold a term, deleted ones included, and how often they do."""
        # Straight from the term dictionary: the reader would filter by the marks it opened with.
        terms, schema = self._reader._terms, self._reader.schema
        key = (field, schema[field].to_bytes(term))
        if key not in terms:
            return _NO_POSTINGS
        matcher = terms.matcher(*key, schema[field].format)
        ids, weights = array("q"), array("d")
        if hasattr(matcher, "_read_weights"):  # a block of postings at a time
            while matcher.is_active():
                matcher._read_ids()
                matcher._read_weights()
                ids.extend(iter(matcher._ids))
                weights.extend(iter(matcher._weights))
                matcher._next_block()
        else:  # a term of few documents, kept in the dictionary itself
            while matcher.is_active():
                ids.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
        return ids, weights

    def lengths(self, field: str) -> Sequence[int]:
        """The number of tokens in a field of each document, as exactly as Whoosh keeps it."""
        if field not in self._lengths:
            column = self._reader._perdoc._cached_reader(f"_{field}_len", whoosh().LENGTHS_COLUMN)
            decode = whoosh().numeric.byte_to_length
            # No column: nobody has written this field into the segment.
            self._lengths[field] = array(
                "l", (decode(column[at]) if column is not None else 0 for at in range(self.size))
            )
        return self._lengths[field]

    def total_length(self, field: str) -> int:
        """The number of tokens in a field of all documents, deleted ones included."""
        if field not in self._totals:
            self._totals[field] = sum(self.lengths(field))
        return self._totals[field]

    def column(self, field: str) -> Sequence[Any]:
        """The single value of a sortable field for each document."""
        if field not in self._columns:
            column = self._reader.column_reader(field)
            self._columns[field] = [column[at] for at in range(self.size)]
        return self._columns[field]

    def values(self, fields: tuple[str, ...]) -> Sequence[tuple[Any, ...]]:
        """The values of several sortable fields for each document."""
        if fields not in self._values:
            self._values[fields] = list(zip(*map(self.column, fields), strict=True))
        return self._values[fields]

    def digest(self, at: int) -> str:
        """The digest of a document's content."""
        return str(self._reader.stored_fields(at)["digest"])

    def close(self) -> None:
        """Give back the files. Nobody may use the leaf afterwards."""
        self._reader.close()


@dataclass(frozen=True)
class Part:
    """A leaf within a view: the number its documents start at, and those that do not count."""

    base: int
    leaf: Leaf
    deleted: frozenset[int]
    dead: frozenset[int]  # deleted, or the trace of a removed entry


class View:
    """One generation of an index. Documents have one number each across all segments."""

    def __init__(self, folder: str, generation: int, parts: Sequence[Part]) -> None:
        self.folder = folder
        self.generation = generation
        self.parts = parts
        self.live = sum(part.leaf.size - len(part.dead) for part in parts)
        self._averages: dict[str, float] = {}
        self._any_of: dict[tuple[str, frozenset[str]], frozenset[int]] = {}

    def average(self, field: str) -> float:
        """The mean number of tokens in a field of the documents that can be found."""
        if field not in self._averages:
            total = sum(
                part.leaf.total_length(field)
                - sum(part.leaf.lengths(field)[at] for at in part.dead)
                for part in self.parts
            )
            self._averages[field] = total / self.live if self.live else 0.0
        return self._averages[field]

    def documents(self, field: str, term: str) -> set[int]:
        """The findable documents that hold a term."""
        found: set[int] = set()
        for part in self.parts:
            at = part.leaf.postings(field, term)[0]
            found.update(part.base + n for n in at if n not in part.dead)
        return found

    def any_of(self, field: str, values: frozenset[str]) -> frozenset[int]:
        """The findable documents that hold any of these terms, remembered for the next search.

        For labels and filters, which come again and again in few combinations.
        """
        key = field, values
        if key not in self._any_of:
            while len(self._any_of) >= _REMEMBERED:
                del self._any_of[next(iter(self._any_of))]
            found = (self.documents(field, value) for value in values)
            self._any_of[key] = frozenset().union(*found)
        return self._any_of[key]

    def held(self, entry_id: int) -> Iterator[tuple[int, int, str]]:
        """Number, version and digest of what is stored for an entry, its trace included."""
        for part in self.parts:
            for at in part.leaf.postings("entry", str(entry_id))[0]:
                if at not in part.deleted:
                    version = part.leaf.column("version")[at]
                    yield part.base + at, int(version), part.leaf.digest(at)

    def versions(self) -> dict[int, int]:
        """The version stored for each entry."""
        found: dict[int, int] = {}
        for part in self.parts:
            numbers, versions = part.leaf.column("number"), part.leaf.column("version")
            for at in range(part.leaf.size):
                if at not in part.deleted:
                    number, version = int(numbers[at]), int(versions[at])
                    found[number] = max(version, found.get(number, version))
        return found


class Reader:
    """Opens views and keeps their segments. Hold `mutex` while using it or a view of it."""

    def __init__(self, folder: Folder) -> None:
        self.mutex = threading.RLock()
        self._folder = folder
        self._view: View | None = None
        self._leaves: dict[str, Leaf] = {}
        self._looked = 0.0

    def view(self, *, fresh: bool = False) -> View:
        """The newest view; without `fresh`, one that was the newest a moment ago will do.

        Raises `IndexDamaged` when there is no index of this schema.
        """
        if self._view and not fresh and time.monotonic() - self._looked < LOOK_AGAIN:
            return self._view
        self._view = self._newest()
        self._looked = time.monotonic()
        return self._view

    def expire(self) -> None:
        """Look again at the next call, whenever the last look was."""
        self._looked = 0.0

    def forget(self) -> None:
        """Close everything; the next view opens the files anew."""
        self._view = None
        self._looked = 0.0
        self._keep({})

    def _newest(self) -> View:
        for _ in range(_TRIES):
            with contextlib.suppress(OSError, whoosh().index.EmptyIndexError):
                return self._open()
            # A commit or a swap removed a file between the list and the look: look again.
            time.sleep(LOOK_AGAIN)
        return self._open()

    def _open(self) -> View:
        used = self._folder.current()
        if used is None or used[1] != SCHEMA_VERSION:
            self.forget()
            raise IndexDamaged("there is no index of this version")
        name = used[0]
        index = whoosh().index
        storage = whoosh().FileStorage(str(self._folder.path(name)))
        generation = int(index.TOC._latest_generation(storage, "MAIN"))
        if self._view and (self._view.folder, self._view.generation) == (name, generation):
            return self._view
        toc = index.TOC.read(storage, "MAIN")
        leaves: dict[str, Leaf] = {}
        parts: list[Part] = []
        base = 0
        for segment in toc.segments:
            key = f"{name}/{segment.segment_id()}"
            leaf = self._leaves.get(key)
            if leaf is None:
                leaf = _open_leaf(storage, toc.schema, segment)
                self._leaves[key] = leaf
            leaves[key] = leaf
            deleted = frozenset(segment.deleted_docs())
            parts.append(Part(base, leaf, deleted, deleted | leaf.gone))
            base += leaf.size
        self._keep(leaves)
        return View(name, toc.generation, parts)

    def _keep(self, leaves: dict[str, Leaf]) -> None:
        dropped = [leaf for key, leaf in self._leaves.items() if key not in leaves]
        self._leaves = leaves
        for leaf in dropped:
            leaf.close()


def _open_leaf(storage: Any, schema: Any, segment: Any) -> Leaf:
    """An open segment. When it does not open, the files Whoosh had opened on the way are closed."""
    opened: list[Any] = []
    open_file = storage.open_file

    def opening(*args: Any, **kwargs: Any) -> Any:
        opened.append(open_file(*args, **kwargs))
        return opened[-1]

    storage.open_file = opening
    try:
        return Leaf(whoosh().reading.SegmentReader(storage, schema, segment))
    except BaseException:
        for file in opened:
            with contextlib.suppress(Exception):
                file.close()
        raise
    finally:
        del storage.open_file
