"""How the postings of a term lie on the disk: two rows of small numbers.

Whoosh pickles and compresses blocks of 128 postings, which costs most of the time of a build and
of the first look at a term. Here a term is one piece: how many documents, the distance of each
from the one before, how often each holds it, both in the fewest bytes that hold the largest
number. Everything else is Whoosh's own codec; segments name this class, so it stays importable.

Imported only once Whoosh is in use.
"""

import struct
from collections.abc import Iterable, Iterator
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, FileIO, RawIOBase
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import whoosh3
from whoosh.filedb import filetables
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.filedb.structfile import StructFile
from whoosh.matching.mcore import ListMatcher
from whoosh.util.numlists import GrowableArray

Numbers = NDArray[np.int32]
# A field, and its terms in ascending order with their documents and frequencies.
Lists = Iterable[tuple[str, Iterable[tuple[bytes, Numbers, Numbers]]]]

_HEAD = struct.Struct("<IBB")
_ONE = struct.Struct("<IBBIH")
_EXTENT = struct.Struct("!qi")
_LENGTHS = filetables._lengths  # noqa: SLF001  of a key and a value, as its tables have them
_POINTER = filetables._pointer  # noqa: SLF001  the same of a hash and a place
_NOTHING = _POINTER.pack(0, 0)
_WIDTHS: dict[int, np.dtype[Any]] = {
    1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4"),
}  # fmt: skip


def encoded(ids: Numbers, often: Numbers) -> bytes:
    """The postings of a term, documents ascending."""
    count = len(ids)
    if count == 1 and often[0] < 1 << 16:
        return _ONE.pack(1, 4, 2, ids[0], often[0])
    steps = np.diff(ids, prepend=np.int32(0))
    id_width, often_width = _width(int(steps.max())), _width(int(often.max()))
    if often.max() == 1:
        often_width = 0
    content = _HEAD.pack(count, id_width, often_width)
    content += steps.astype(_WIDTHS[id_width]).tobytes()
    if often_width:
        content += often.astype(_WIDTHS[often_width]).tobytes()
    return content


def decoded(content: bytes) -> tuple[Numbers, Numbers]:
    """Documents and frequencies."""
    count, id_width, often_width = _HEAD.unpack_from(content)
    steps = np.frombuffer(content, _WIDTHS[id_width], count, _HEAD.size)
    ids = np.cumsum(steps, dtype=np.int32)
    if not often_width:
        return ids, np.ones(count, np.int32)
    start = _HEAD.size + count * id_width
    return ids, np.frombuffer(content, _WIDTHS[often_width], count, start).astype(np.int32)


def _width(largest: int) -> int:
    return 1 if largest < 1 << 8 else 2 if largest < 1 << 16 else 4


class Memory(RamStorage):  # type: ignore[misc]  # Whoosh has no types
    """Files in memory, and what is temporary as well: a write of one entry is a dozen small files."""

    def temp_storage(self, name: str | None = None) -> "Memory":
        """Room for files that are not to stay."""
        return Memory()


class Disk(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """The folder of an index, without the one for temporary files that Whoosh makes inside it.

    To make and remove a folder took two thirds of the time of writing one entry.
    """

    def temp_storage(self, name: str | None = None) -> Memory:
        """Room for files that are not to stay."""
        return Memory()


class Codec(whoosh3.W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's codec with postings of our own."""

    length_stats = False

    def __init__(self, parts: Any = None) -> None:
        """With `parts`, the files of which a segment is put together are written there."""
        super().__init__()
        self._parts = parts

    def new_segment(self, storage: Any, indexname: str) -> "Segment":
        """A segment to be written."""
        return Segment(Codec(), indexname)

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        """What writes the columns and stored values of a segment."""
        return super().per_document_writer(self._parts or storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> "FieldWriter":
        """What writes the terms of a segment."""
        return FieldWriter(self, self._parts or storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "TermsReader":
        """What reads the terms of a segment."""
        name = segment.make_filename(self.TERMS_EXT)
        terms = storage.open_file(name)
        postings = segment.open_file(storage, self.POSTS_EXT)
        return TermsReader(self, terms, storage.file_length(name), postings)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """The postings of a term as Whoosh's own functions take them."""
        ids, often = decoded(dbfile.get(*terminfo.extent()))
        return ListMatcher(
            ids.tolist(),
            [float(one) for one in often.tolist()],
            [b""] * len(ids),
            format_,
            scorer=scorer,
            term=term,
            terminfo=terminfo,
        )


class Table(filetables.OrderedHashWriter):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's table of terms, hashed by CRC32 instead of MD5 and written in larger pieces."""

    def __init__(self, file: Any) -> None:
        filetables.HashWriter.__init__(self, file, hashtype=1)
        self.index = GrowableArray("H")
        self.lastkey = b""
        self._at = file.tell()

    def add(self, key: bytes, value: bytes) -> None:
        """Write what is told of a key. Keys come in ascending order."""
        if key <= self.lastkey:
            raise ValueError("keys must ascend")
        content = _LENGTHS.pack(len(key), len(value)) + key + value
        self.dbfile.write(content)
        hashed = crc32(key)
        self.buckets[hashed & 255].append((hashed, self._at))
        self.index.append(self._at)
        self.lastkey = key
        self._at += len(content)

    def _write_hashes(self) -> None:
        for entries in self.buckets:
            slots = 2 * len(entries)
            table = [_NOTHING] * slots
            for hashed, at in entries:
                slot = (hashed >> 8) % slots
                while table[slot] is not _NOTHING:
                    slot = (slot + 1) % slots
                table[slot] = _POINTER.pack(hashed, at)
            content = b"".join(table)
            self.directory.append((self._at, slots))
            self.dbfile.write(content)
            self._at += len(content)


class FieldWriter(whoosh3.W3FieldWriter):  # type: ignore[misc]  # Whoosh has no types
    """Writes the terms of a segment."""

    _tindex: Any

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        file = self._tindex.dbfile
        file.seek(0)
        self._tindex = Table(file)
        self._tindex.extras["fieldmap"] = self._fieldmap

    def add_lists(self, schema: Any, lists: Lists) -> None:
        """Write all terms of all fields, both in ascending order."""
        info = whoosh3.W3TermInfo._struct.pack  # noqa: SLF001  the layout that its reader expects
        add, write, at = self._tindex.add, self._postfile.write, self._postfile.tell()
        for field, terms in lists:
            self.start_field(field, schema[field])
            prefix = whoosh3.pack_ushort(self._fieldid)
            for term, ids, often in terms:
                content = encoded(ids, often)
                write(content)
                told = info(0, 0.0, len(ids), 0, 0, 0.0, ids[0], ids[-1])
                add(prefix + term, told + _EXTENT.pack(at, len(content)))
                at += len(content)
            self.finish_field()


class TermsReader(whoosh3.W3TermsReader):  # type: ignore[misc]  # Whoosh has no types
    """Reads the terms of a segment."""

    def postings(self, field: str, term: bytes) -> tuple[Numbers, Numbers] | None:
        """Documents and frequencies of a term; nothing where no document holds it."""
        told = self._tindex.get(self._keycoder(field, term))
        return None if told is None else self._decoded(told)

    def lists(self) -> Iterator[tuple[str, bytes, Numbers, Numbers]]:
        """All terms of all fields, with their documents and frequencies; for a merge."""
        terms, postings = self._dbfile.all(), self._postfile.all()
        at, end = self._tindex.startofdata, self._tindex.endofdata
        while at < end:
            key_length, told_length = _LENGTHS.unpack_from(terms, at)
            start = at + _LENGTHS.size
            at = start + key_length + told_length
            offset, length = _EXTENT.unpack_from(terms, at - _EXTENT.size)
            field, term = self._keydecoder(terms[start : start + key_length])
            yield field, term, *decoded(postings[offset : offset + length])

    def _decoded(self, told: bytes) -> tuple[Numbers, Numbers]:
        offset, length = _EXTENT.unpack_from(told, len(told) - _EXTENT.size)
        return decoded(self._postfile.get(offset, length))


class Segment(whoosh3.W3Segment):  # type: ignore[misc]  # Whoosh has no types
    """A segment whose file is read where it lies.

    Whoosh maps it into memory and then copies the whole of it, for every reader that opens it:
    217 MB at 100,000 documents. The map alone would do, but a file that somebody cuts short
    would end the process instead of being noticed.
    """

    def put_together(self, parts: Any, storage: Any) -> None:
        """Make one file of its files, which may lie elsewhere."""
        names = self.list_files(parts)
        Compound.assemble(self.create_file(storage, self.COMPOUND_EXT), parts, names)
        for name in names:
            parts.delete_file(name)
        self.compound = True

    def open_compound_file(self, storage: Any) -> "Compound":
        """The files of the segment."""
        path = Path(storage.folder) / self.make_filename(self.COMPOUND_EXT)
        return Compound(StructFile(_Kept(path)), use_mmap=False)


class Compound(CompoundStorage):  # type: ignore[misc]  # Whoosh has no types
    """Several files in one."""

    def open_file(self, name: str, *_: Any, **__: Any) -> "Section":
        """One of the files; one thread at a time may use any of them."""
        start, length = self.range(name)
        return Section(self._file.raw_file(), start, length, name)


class Section(StructFile):  # type: ignore[misc]  # Whoosh has no types
    """A stretch of a file, read piece by piece."""

    def __init__(self, raw: Any, start: int, length: int, name: str) -> None:
        super().__init__(BufferedReader(_Window(raw, start, length)), name=name)
        self._raw, self._start, self._length = raw, start, length

    def get(self, position: int, length: int) -> bytes:
        """So many bytes from there on."""
        self._raw.seek(self._start + position)
        content: bytes = self._raw.read(length)
        return content

    def all(self) -> bytes:
        """The whole of it."""
        return self.get(0, self._length)


class _Kept(FileIO):
    """A file that stays open as long as somebody reads in it, and closes when nobody can."""

    def __del__(self) -> None:
        self.close()


class _Window(RawIOBase):
    """A stretch of a file as a file."""

    def __init__(self, raw: Any, start: int, length: int) -> None:
        self._raw, self._start, self._length, self._at = raw, start, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        self._at = offset + {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._length}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        self._raw.seek(self._start + self._at)
        content = self._raw.read(max(0, min(len(buffer), self._length - self._at)))
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)
