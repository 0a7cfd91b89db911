"""Writing segments: postings are gathered by term, as lists, and written in one sweep.

Whoosh's own pool makes a tuple of every posting, sorts all of them and writes them one by one;
gathered by term they need no sorting, and a merge moves whole lists. What Whoosh does apart from
postings (columns, stored values, the list of segments, locks) is left to it.

Imported only once Whoosh is in use.
"""

import marshal
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import numpy as np
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from cop.search.codec import Codec, Disk, Lists, Memory, Numbers

_MEGABYTE = 1024 * 1024
# What the lists take of memory, roughly: for each posting, and for each term besides.
_POSTING, _TERM = 20, 300

# A term and its postings, as document, frequency, document, frequency.
_Flat = tuple[str, bytes, Any]


class Gathered:
    """Postings by field and term; on the disk what goes beyond the limit."""

    def __init__(self, folder: Path, limit: int) -> None:
        """Keep about so many bytes in memory."""
        self._folder = folder
        self._limit = limit
        self._size = 0
        self._fields: dict[str, dict[str, list[int]]] = {}
        self._merged: dict[str, dict[bytes, list[Numbers]]] = {}
        self._runs: list[IO[bytes]] = []

    def add(self, field: str, document: int, often: Mapping[str, int]) -> None:
        """Take the terms of a field of a document. Documents come in ascending order."""
        terms = self._fields.setdefault(field, {})
        before = len(terms)
        for term, number in often.items():
            known = terms.get(term)
            if known is None:
                terms[term] = [document, number]
            else:
                known.append(document)
                known.append(number)
        self._grow(len(often) * _POSTING + (len(terms) - before) * _TERM)

    def add_list(self, field: str, term: bytes, ids: Numbers, often: Numbers) -> None:
        """Take a term of a segment, its documents already renumbered."""
        flat = np.empty(2 * len(ids), np.int32)
        flat[::2], flat[1::2] = ids, often
        self._merged.setdefault(field, {}).setdefault(term, []).append(flat)
        self._grow(flat.nbytes + _TERM)

    def sorted(self) -> Lists:
        """Everything taken, by field and term."""
        runs = [*map(_read, self._runs), self._here()]
        whole = merge(*runs, key=itemgetter(0, 1)) if len(runs) > 1 else runs[0]
        for field, terms in groupby(whole, key=itemgetter(0)):
            yield field, _joined(terms)

    def close(self) -> None:
        """Give back the disk."""
        for run in self._runs:
            run.close()
        self._runs = []

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > self._limit:
            run = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  read at the end
            self._runs.append(run)
            for field, term, flat in self._here():
                marshal.dump((field, term, np.asarray(flat, np.int32).tobytes()), run)
            self._fields, self._merged, self._size = {}, {}, 0

    def _here(self) -> Iterator[_Flat]:
        for field in sorted({*self._fields, *self._merged}):
            gathered, merged = self._fields.get(field, {}), self._merged.get(field, {})
            own = ((field, _bytes(term), flat) for term, flat in sorted(gathered.items()))
            if not merged:
                yield from own
                continue
            # What is merged comes after what was written, and has the higher numbers.
            moved = ((field, term, np.concatenate(merged[term])) for term in sorted(merged))
            yield from merge(own, moved, key=itemgetter(1))


def _bytes(term: str) -> bytes:
    return term.encode("utf-8", "surrogatepass")


def _read(run: IO[bytes]) -> Iterator[_Flat]:
    run.seek(0)
    while True:
        try:
            field, term, content = marshal.load(run)  # noqa: S302  written by this process a moment ago
        except EOFError:
            return
        yield field, term, np.frombuffer(content, np.int32)


def _joined(terms: Iterable[_Flat]) -> Iterator[tuple[bytes, Numbers, Numbers]]:
    """One list for each term; those of later runs have the higher documents."""
    for term, parts in groupby(terms, key=itemgetter(1)):
        flats = [np.asarray(flat, np.int32) for _, _, flat in parts]
        flat = flats[0] if len(flats) == 1 else np.concatenate(flats)
        yield term, flat[::2], flat[1::2]


class Writer(SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """A Whoosh writer that takes counted tokens instead of texts."""

    def __init__(self, index: Any, *, timeout: float, memory_mb: int, small: bool = False) -> None:
        """Lock the index, waiting so many seconds for it. What is small is put together in memory."""
        self._parts = index.storage
        if small:
            self._parts, index.storage = Memory(), Disk(index.storage.folder)
        super().__init__(index, timeout=timeout, codec=Codec(self._parts))
        self._gathered = Gathered(Path(index.storage.folder), memory_mb * _MEGABYTE)

    def add_document(
        self,
        *,
        terms: Mapping[str, Mapping[str, int]],
        columns: Mapping[str, int],
        stored: Mapping[str, str],
    ) -> None:
        """Add a document: how often each field holds each term, its numbers, what is given back.

        Lengths are kept of the fields whose frequencies count: those that Whoosh calls scorable.
        """
        document, fields = self.perdocwriter, self.schema
        document.start_doc(self.docnum)
        for field, often in terms.items():
            if often:
                self._gathered.add(field, self.docnum, often)
                length = sum(often.values()) if fields[field].scorable else 0
                document.add_field(field, fields[field], None, length)
        for field, number in columns.items():
            document.add_column_value(field, fields[field].column_type, number)
        for field, value in stored.items():
            document.add_field(field, fields[field], value, 0)
        document.finish_doc()
        self._added = True
        self.docnum += 1

    def add_reader(self, reader: SegmentReader) -> None:
        """Take over all documents of a segment that are not deleted."""
        first = self.docnum
        size = reader.doc_count_all()
        numbers = self.write_per_doc(set(self.schema.names()), reader)
        places = np.arange(first, first + size, dtype=np.int32)
        if numbers is not None:  # some are deleted
            places[:] = -1
            places[list(numbers)] = list(numbers.values())
        for field, term, ids, often in reader._terms.lists():  # noqa: SLF001  ours, but Whoosh holds it
            moved = places[ids]
            alive = moved >= 0
            if alive.any():
                self._gathered.add_list(field, term, moved[alive], often[alive])
        self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.add_lists(self.schema, self._gathered.sorted())
        self.fieldwriter.close()

    def _assemble_segment(self) -> None:
        self.get_segment().put_together(self._parts, self.storage)

    def _close_segment(self) -> None:
        super()._close_segment()
        self._gathered.close()
