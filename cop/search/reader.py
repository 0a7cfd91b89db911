"""Reading an index: segments opened once, views that are refreshed, whole-index arrays.

A `Leaf` (an open segment) is kept for as long as it is listed; every `View` brings its own marks
of what is deleted. Documents of one entry are always neighbours: they are written in a row, and a
merge keeps their order. The scorer counts on that.

Memory: what a view holds takes about 100 bytes a document (columns, facets, lengths); postings,
gains and masks are in `Kept`, which has a limit.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cop.search.cache import Kept
from cop.search.engine import FACETS, IndexDamaged
from cop.search.folder import Folder
from cop.search.leaf import Ids, Integers, Leaf, decoded_lengths
from cop.search.room import Floats, Mask, Places, Room
from cop.search.store import SCHEMA_VERSION, whoosh
from cop.search.values import Names, Values, in_a_row

T = TypeVar("T")

# How long an answer about the newest generation is believed.
LOOK_AGAIN = 0.05
_TRIES = 4

_serial = count(1)


@dataclass(frozen=True)
class Part:
    """A leaf within a view: the number its documents start at, and those that do not count."""

    base: int
    leaf: Leaf
    deleted: frozenset[int]


class View:
    """One generation of an index. Documents have one number each across all segments."""

    def __init__(
        self, folder: str, generation: int, parts: Sequence[Part], names: Names, kept: Kept
    ) -> None:
        self.serial = -next(_serial)  # never that of a leaf
        self.folder = folder
        self.generation = generation
        self.parts = parts
        self.names = names
        self._kept = kept
        self.size = sum(part.leaf.size for part in parts)
        #: Documents that can be found: neither deleted nor the trace of a removed entry.
        self.alive: Mask = np.ones(self.size, np.bool_)
        for part in parts:
            here = self.alive[part.base : part.base + part.leaf.size]
            here[np.fromiter(part.deleted, np.int64, len(part.deleted))] = False
            here[part.leaf.gone] = False
        self.live = int(np.count_nonzero(self.alive))
        self._lengths: dict[str, tuple[NDArray[np.uint8], float]] = {}
        self._columns: dict[str, Integers] = {}
        self._facets: Mapping[str, Values] | None = None
        self._room: Room | None = None

    @contextlib.contextmanager
    def room(self) -> Iterator[Room]:
        """Room for one question. What an error leaves in it is never met again."""
        room, self._room = self._room or Room(self.size), None
        yield room
        self._room = room

    def remembered(self, key: Hashable, make: Callable[[], tuple[T, int]]) -> T:
        """What was worked out for this view, and its bytes; made on first use."""
        return self._kept.get(self.serial, key, make)

    def lengths(self, field: str) -> tuple[NDArray[np.uint8], float]:
        """The coded length of a field in each document, and the mean of those that can be found."""
        if field not in self._lengths:
            coded = _joined([part.leaf.lengths(field) for part in self.parts], np.uint8)
            often = np.bincount(coded[self.alive], minlength=256)
            average = float(often @ decoded_lengths()) / self.live if self.live else 0.0
            self._lengths[field] = coded, average
        return self._lengths[field]

    def column(self, field: str) -> Integers:
        """The number each document has in a column."""
        if field not in self._columns:
            self._columns[field] = _joined(
                [part.leaf.column(field) for part in self.parts], np.int64
            )
        return self._columns[field]

    def facets(self) -> Mapping[str, Values]:
        """The values of each document in each facet, numbered by `names`."""
        if self._facets is None:
            found = [part.leaf.facets() for part in self.parts]
            self._facets = {facet: in_a_row([one[facet] for one in found]) for facet in FACETS}
        return self._facets

    @cached_property
    def discussed(self) -> Mask:
        """The documents that have been discussed."""
        return self.column("discussed") > 0

    def postings(self, field: str, term: str) -> tuple[Places, Floats]:
        """The findable documents that hold a term, ascending, and how often each does."""
        ids: list[Ids] = []
        frequencies: list[NDArray[Any]] = []
        for part in self.parts:
            found = part.leaf.postings(field, term)
            if len(found.ids):
                ids.append(found.ids + np.int32(part.base))
                frequencies.append(found.frequencies)
        if not ids:
            return np.empty(0, np.intp), np.empty(0, np.float64)
        at = np.concatenate(ids).astype(np.intp)
        often = np.concatenate(frequencies).astype(np.float64)
        if self.live < self.size:
            counted = np.flatnonzero(self.alive[at])
            at, often = at[counted], often[counted]
        return at, often

    def known(self, field: str, values: frozenset[str]) -> frozenset[str]:
        """Those of these terms that any findable document holds, remembered for the next search."""

        def make() -> tuple[frozenset[str], int]:
            return frozenset(one for one in values if len(self.postings(field, one)[0])), 0

        return self.remembered(("known", field, values), make)

    def any_of(self, field: str, values: frozenset[str]) -> Mask:
        """The findable documents that hold any of these terms, remembered for the next search.

        For labels and filters, which come again and again in few combinations. Not to be changed.
        """

        def make() -> tuple[Mask, int]:
            found = np.zeros(self.size, np.bool_)
            for value in values:
                found[self.postings(field, value)[0]] = True
            return found, found.nbytes

        return self.remembered((field, values), make)

    def terms(self, fields: Sequence[str], start: str) -> Iterator[str]:
        """The terms of these fields that begin so, each once, in the order of their characters."""
        last = None
        for term in merge(
            *(part.leaf.terms(field, start) for part in self.parts for field in fields)
        ):
            if term != last:
                yield term
            last = term

    def held(self, entry_id: int) -> Iterator[tuple[int, int, str]]:
        """Number, version and digest of what is stored for an entry, its trace included."""
        for part in self.parts:
            for at in part.leaf.read("entry", str(entry_id)).ids.tolist():
                if at not in part.deleted:
                    version = part.leaf.column("version")[at]
                    yield part.base + at, int(version), part.leaf.digest(at)

    def versions(self) -> dict[int, int]:
        """The version stored for each entry."""
        found: dict[int, int] = {}
        for part in self.parts:
            numbers, versions = part.leaf.column("number"), part.leaf.column("version")
            for at, (number, version) in enumerate(
                zip(numbers.tolist(), versions.tolist(), strict=True)
            ):
                if at not in part.deleted:
                    found[number] = max(version, found.get(number, version))
        return found


class Reader:
    """Opens views and keeps their segments. Hold `mutex` while using it or a view of it.

    What it keeps of postings takes at most `memory` bytes.
    """

    def __init__(self, folder: Folder, memory: int = 0) -> None:
        self.mutex = threading.RLock()
        self.kept = Kept(memory)
        self._names = Names()
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
        before = self._view
        self._view = self._newest()
        if before is not None and before is not self._view:
            self.kept.drop({before.serial})
        self._looked = time.monotonic()
        return self._view

    def expire(self) -> None:
        """Look again at the next call, whenever the last look was.

        Waits for whoever is looking just now: what she sees may be older than what expires it.
        """
        with self.mutex:
            self._looked = 0.0

    def forget(self) -> None:
        """Close everything; the next view opens the files anew."""
        if self._view is not None:
            self.kept.drop({self._view.serial})
        self._view = None
        self._looked = 0.0
        self._keep({})
        self._names = Names()

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
        generation = int(index.TOC._latest_generation(storage, "MAIN"))  # noqa: SLF001  the list has no public name
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
                leaf = self._open_leaf(storage, toc.schema, segment)
                self._leaves[key] = leaf
            leaves[key] = leaf
            parts.append(Part(base, leaf, frozenset(segment.deleted_docs())))
            base += leaf.size
        self._keep(leaves)
        return View(name, toc.generation, parts, self._names, self.kept)

    def _keep(self, leaves: dict[str, Leaf]) -> None:
        dropped = [leaf for key, leaf in self._leaves.items() if key not in leaves]
        self._leaves = leaves
        self.kept.drop({leaf.serial for leaf in dropped})
        for leaf in dropped:
            leaf.close()

    def _open_leaf(self, storage: Any, schema: Any, segment: Any) -> Leaf:
        return _opened(
            storage,
            lambda: Leaf(
                whoosh().reading.SegmentReader(storage, schema, segment), self.kept, self._names
            ),
        )


def _opened(storage: Any, make: Callable[[], Leaf]) -> Leaf:
    """An open segment. When it does not open, the files Whoosh had opened on the way are closed."""
    opened: list[Any] = []
    open_file = storage.open_file

    def opening(*args: Any, **kwargs: Any) -> Any:
        opened.append(open_file(*args, **kwargs))
        return opened[-1]

    storage.open_file = opening
    try:
        return make()
    except BaseException:
        for file in opened:
            with contextlib.suppress(Exception):
                file.close()
        raise
    finally:
        del storage.open_file


def _joined(arrays: Sequence[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    if len(arrays) == 1:
        return arrays[0]
    return np.concatenate(arrays) if arrays else np.empty(0, dtype)
