"""One open segment of the index, as numpy arrays.

Segments never change after they are written, except that documents in them are marked deleted,
and that mark lives in the list of segments. So a leaf is kept for as long as it is listed, and
what is read from it holds for good. Everything here counts documents within the segment, deleted
ones included.
"""

# ruff: noqa: SLF001  Whoosh gives out blocks of postings and columns by private names only

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cop.search.cache import Kept
from cop.search.engine import FACETS
from cop.search.room import Floats
from cop.search.store import COLUMNS, GONE, whoosh
from cop.search.values import Names, Values, laid_out

Ids = NDArray[np.int32]
Integers = NDArray[np.int64]
Bytes = NDArray[np.uint8]

_serial = count(1)


class Postings(NamedTuple):
    """The documents that hold a term, in ascending order, and how often each does."""

    ids: Ids
    frequencies: NDArray[np.int32]


_NO_POSTINGS = Postings(np.empty(0, np.int32), np.empty(0, np.int32))


class Leaf:
    """An open segment."""

    def __init__(self, reader: Any, kept: Kept, names: Names) -> None:
        self.serial = next(_serial)
        self._reader = reader
        self._kept = kept
        self._names = names
        self._lengths: dict[str, Bytes] = {}
        self._columns: dict[str, Integers] = {}
        self._facets: Mapping[str, Values] | None = None
        self.size: int = reader.doc_count_all()
        self.gone = self.read("facets", GONE).ids

    def postings(self, field: str, term: str) -> Postings:
        """The documents that hold a term, remembered for the next question."""

        def make() -> tuple[Postings, int]:
            found = self.read(field, term)
            return found, found.ids.nbytes + found.frequencies.nbytes

        return self._kept.get(self.serial, (field, term), make)

    def read(self, field: str, term: str) -> Postings:
        """The documents that hold a term, read from the file."""
        # Straight from the term dictionary: the reader would filter by the marks it opened with.
        found = self._reader._terms.postings(field, term.encode("utf-8", "surrogatepass"))
        if found is None:
            return _NO_POSTINGS
        ids = found[0]
        if ids[0] < 0 or ids[-1] >= self.size:
            raise ValueError("a document that is not there")
        return Postings(*found)

    def terms(self, field: str, start: str) -> Iterator[str]:
        """The terms of a field that begin so, in the order of their characters."""
        first = start.encode("utf-8", "surrogatepass")
        if field not in self._reader._terms._fieldmap:
            return
        for name, term in self._reader._terms.terms_from(field, first):
            if name != field or not term.startswith(first):
                return
            yield term.decode("utf-8", "surrogatepass")

    def lengths(self, field: str) -> Bytes:
        """The number of tokens in a field of each document, as the byte Whoosh keeps of it."""
        if field not in self._lengths:
            column = self._reader._perdoc._cached_reader(f"_{field}_len", whoosh().LENGTHS_COLUMN)
            self._lengths[field] = (
                # No column: nobody has written this field into the segment.
                np.zeros(self.size, np.uint8)
                if column is None
                else _column(column, self.size).astype(np.uint8)
            )
        return self._lengths[field]

    def column(self, field: str) -> Integers:
        """The number each document has in a column."""
        if field not in self._columns:
            perdoc = self._reader._perdoc
            self._columns[field] = (
                _column(perdoc.column_reader(field, COLUMNS[field]()), self.size).astype(np.int64)
                if perdoc.has_column(field)
                else np.zeros(self.size, np.int64)
            )
        return self._columns[field]

    def facets(self) -> Mapping[str, Values]:
        """The values of each document in each facet, numbered by the names this leaf was opened with."""
        if self._facets is None:
            found: dict[str, list[tuple[int, Ids]]] = {facet: [] for facet in FACETS}
            for term in self.terms("facets", ""):
                facet, _, value = term.partition("=")
                if facet in found:
                    number = self._names.number(facet, value)
                    found[facet].append((number, self.read("facets", term).ids))
            self._facets = {facet: laid_out(pairs, self.size) for facet, pairs in found.items()}
        return self._facets

    def digest(self, at: int) -> str:
        """The digest of a document's content."""
        return str(self._reader.stored_fields(at)["digest"])

    def close(self) -> None:
        """Give back the files. Nobody may use the leaf afterwards."""
        self._reader.close()


@cache
def decoded_lengths() -> Floats:
    """The number of tokens that each byte of a length column stands for."""
    decode = whoosh().numeric.byte_to_length
    return np.array([decode(byte) or 0 for byte in range(256)], np.float64)


def _column(column: Any, size: int) -> NDArray[Any]:
    """The numbers of a column for each document; those at its end may not have been written."""
    if not hasattr(column, "_fixedlen"):
        return np.fromiter((column[at] for at in range(size)), np.int64, size)
    written = min(column._count, size)
    content = bytes(column._dbfile.get(column._basepos, written * column._fixedlen))
    numbers = np.frombuffer(content, f">{column._typecode}")
    default = np.full(size - written, column._default, numbers.dtype)
    return np.concatenate((numbers, default))
