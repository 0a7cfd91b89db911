"""The search engine on this machine's disk: Whoosh stores, our scorer finds.

Every process may search; writing is held by a lock among processes. What is raised while files are
read or written means that the index cannot be trusted: it is set aside, `IndexDamaged` tells the
caller to answer from the database, and a rebuild cures it. A fault of our own in what is only
computed from arrays is none of the index's: it is logged, `EngineFailed` says so, and nothing is
thrown away, for a rebuild would meet the same fault.
"""

import contextlib
import errno
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from traceback import walk_tb
from typing import Any, TypeVar

from cop.search.engine import (
    FACETS,
    PHRASE_CANDIDATES,
    Batch,
    EngineFailed,
    EntryDocuments,
    Health,
    Hits,
    IndexBusy,
    IndexDamaged,
    IndexProblem,
    Query,
    Rebuilt,
    Sort,
    Texts,
)
from cop.search.folder import Folder
from cop.search.matched import Key
from cop.search.near import LOOKED_AT, Nearness, Read, nearest_first
from cop.search.plan import Plan, plan, query_tokens
from cop.search.reader import Reader, View
from cop.search.scorer import ArrayScorer, Matched, Scorer
from cop.search.store import (
    GONE,
    SCHEMA_VERSION,
    digest,
    merge_tiers,
    merging,
    record,
    schema,
    tombstone,
    whoosh,
)

T = TypeVar("T")
log = logging.getLogger(__name__)

# The machine's trouble, not the index's: a full disk is no reason to throw an index away.
_NOT_DAMAGE = {
    errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS,
    errno.EMFILE, errno.ENFILE, errno.ENOMEM,
}  # fmt: skip
_WRITER_MEMORY_MB = 128
# So many documents are written and merged in memory: some ten megabytes.
_SMALL = 2_000
# Where files are read and written. What is raised in these, or below them, is about the index.
_FILES = ("whoosh.", "cop.search.leaf", "cop.search.codec", "cop.search.writing")
_MEGABYTE = 1024 * 1024


class LocalEngine:
    """A `SearchEngine` in one folder. Share one object among the threads of a process."""

    def __init__(
        self,
        root: Path,
        *,
        texts: Texts | None = None,
        scorer: Scorer | None = None,
        write_timeout: float = 20.0,
        memory_mb: int = 128,
    ) -> None:
        """Opens nothing yet. Without `texts`, a phrase is found by its neighbouring tokens only.

        `memory_mb` bounds what is kept of postings in this process, whatever is asked.
        """
        self._folder = Folder(root)
        self._reader = Reader(self._folder, memory_mb * _MEGABYTE)
        # The writer looks with eyes of its own, so that a long merge keeps nobody from reading.
        self._writers_reader = Reader(self._folder)
        self._scorer: Scorer = scorer or ArrayScorer()
        self._texts = texts
        self._write_timeout = write_timeout

    def search(
        self,
        query: Query,
        *,
        labels: frozenset[str],
        prefer_lang: str,
        limit: int,
        offset: int = 0,
    ) -> Hits:
        """Find what may be met with these labels, in order; ties newer first, then by id."""
        asked = plan(query)
        if asked.nothing:
            self._read(lambda view: view)
            return Hits(facets={facet: {} for facet in FACETS})
        matched = self._read(lambda view: self._scorer.match(view, asked, labels, query.filters))
        texts = Read(self._texts)
        self._verify(asked, matched, texts)
        if not (texts.there and query.sort == Sort.BEST and offset < LOOKED_AT):
            return matched.page(query.sort, prefer_lang, limit, offset)
        nearness = Nearness(query, asked)
        if not nearness.matters:
            return matched.page(query.sort, prefer_lang, limit, offset)
        found = matched.page(query.sort, prefer_lang, max(offset + limit, LOOKED_AT), 0)
        ranked = nearest_first(found.hits, nearness, texts, offset + limit)
        return replace(found, hits=ranked[offset : offset + limit])

    def holding(self, said: Sequence[str], *, labels: frozenset[str]) -> list[int]:
        """Count, for each of these, the entries with these labels that hold all of its tokens."""
        wanted = [query_tokens(one) for one in said]
        return self._read(lambda view: self._scorer.holding(view, wanted, labels))

    def replace(self, batch: Batch) -> None:
        """Make each entry's documents exactly those given, in one commit."""
        newest: dict[int, EntryDocuments] = {}
        for item in batch:
            if item[0] not in newest or item[1] >= newest[item[0]][1]:
                newest[item[0]] = item
        written = [(item, _records(item)) for item in newest.values()]
        with self._folder.locked("write", self._write_timeout):
            self._change(lambda view: self._write(view, written))

    def forget(self, entry_ids: Iterable[int]) -> None:
        """Remove entries the database knows nothing of, whatever version is held, without trace."""
        ids = sorted(set(entry_ids))
        with self._folder.locked("write", self._write_timeout):
            self._change(lambda v: self._commit(v, [(_numbers(v, one), []) for one in ids]))

    def versions(self) -> dict[int, int]:
        """The version held of each entry, removed ones included."""
        return self._read(View.versions, fresh=True)

    def count(self) -> int:
        """How many documents can be found."""
        return self._read(lambda view: view.live, fresh=True)

    def rebuild(
        self,
        entries: Iterable[EntryDocuments],
        progress: Callable[[int], None] | None = None,
    ) -> Rebuilt:
        """Fill a new index and put it in place of the old one at once; readers never wait."""
        with self._folder.locked("rebuild", 0):
            self._folder.sweep()
            name = self._folder.new()
            built = self._fill(name, entries, progress)
            with self._folder.locked("write", self._write_timeout):
                held = self._held_or_nothing()
                stale = frozenset(e for e, v in held.items() if v > built.get(e, -1))
                self._folder.install(name)
                self._folder.sweep()
        self.close()
        return Rebuilt(len(built), stale)

    def optimise(self) -> None:
        """Merge all segments into one: worth it once a night."""
        with self._folder.locked("write", self._write_timeout):
            self._change(self._merge_all)

    def healthy(self) -> bool:
        """Whether the index can be asked; cheap enough for every request."""
        try:
            self._read(lambda view: view)
        except IndexProblem:
            return False
        return True

    def check(self) -> Health:
        """Look at the index afresh and say what is wrong with it, if anything."""
        used = self._folder.current()
        if used and used[1] != SCHEMA_VERSION:
            return Health.OUTDATED
        probe = Reader(self._folder)  # opens every file again, and leaves what is cached alone
        try:
            self._with(probe, lambda view: view, fresh=True)
        except IndexProblem:
            return Health.DAMAGED if self._folder.was_damaged() else Health.MISSING
        finally:
            probe.forget()
            self._reader.expire()
        return Health.OK

    def close(self) -> None:
        """Give back all files; the next call opens them again."""
        for reader in (self._reader, self._writers_reader):
            with reader.mutex:
                reader.forget()

    def _verify(self, asked: Plan, matched: Matched, read: Read) -> None:
        """Keep the documents that pass the checks the index cannot make, among the best few."""
        if not asked.verified or not read.there:
            return
        candidates = matched.candidates(PHRASE_CANDIDATES)
        texts = read.of([candidate.key for candidate in candidates if candidate.unsettled])

        def passes(key: Key, checks: Sequence[int]) -> bool:
            text = texts.get(key, "")
            return all(any(one.held_by(text) for one in asked.verified[n].sought) for n in checks)

        matched.keep(key for key, checks in candidates if passes(key, checks))

    def _read(self, use: Callable[[View], T], *, fresh: bool = False) -> T:
        return self._with(self._reader, use, fresh=fresh)

    def _change(self, change: Callable[[View], None]) -> None:
        """Change the index that is newest now. Hold the write lock."""
        with self._writers_reader.mutex:
            view = self._with(self._writers_reader, lambda view: view, fresh=True)
            self._guard(self._writers_reader, view.folder, lambda: change(view))
        self._reader.expire()

    def _with(self, reader: Reader, use: Callable[[View], T], *, fresh: bool) -> T:
        """Use the newest view. A failure is tried once more on freshly opened files."""
        with reader.mutex:
            try:
                return use(reader.view(fresh=fresh))
            except (IndexProblem, MemoryError):
                raise
            except Exception:
                log.warning("search index: reading failed, opening it again", exc_info=True)
            used = self._folder.current()
            with contextlib.suppress(Exception):
                reader.forget()
            name = used[0] if used else ""
            return self._guard(reader, name, lambda: use(reader.view(fresh=True)))

    def _guard(self, reader: Reader, name: str, do: Callable[[], T]) -> T:
        """Do it; if it fails, set the named index aside and say so."""
        try:
            return do()
        except (IndexProblem, MemoryError):
            raise
        except Exception as error:
            if not _touched_files(error):
                log.exception("search index: a fault of the engine, the index is kept")
                raise EngineFailed(str(error)) from error
            full = isinstance(error, OSError) and error.errno in _NOT_DAMAGE
            if full or isinstance(error, whoosh().index.LockError):
                raise IndexBusy(str(error)) from error
            log.exception("search index: damaged, set aside")
            with contextlib.suppress(Exception):
                reader.forget()
            self._folder.set_aside(name)
            raise IndexDamaged("the index failed and was set aside") from error

    def _index(self, name: str) -> Any:
        storage = whoosh().FileStorage(str(self._folder.path(name)))
        return whoosh().index.FileIndex(storage)

    def _merge_all(self, view: View) -> None:
        if len(view.parts) > 1 or view.live < view.size:
            _writer(self._index(view.folder), self._write_timeout).commit(optimize=True)

    def _write(
        self, view: View, written: list[tuple[EntryDocuments, list[dict[str, Any]]]]
    ) -> None:
        changes = []
        for (entry_id, version, documents), records in written:
            held = list(view.held(entry_id))
            latest = max((found for _, found, _ in held), default=version)
            if latest > version or _same(held, version, [digest(d) for d in documents] or [GONE]):
                continue
            changes.append(([number for number, _, _ in held], records))
        self._commit(view, changes)

    def _commit(self, view: View, changes: list[tuple[list[int], list[dict[str, Any]]]]) -> None:
        """Remove documents by number and add others, in one commit; none if there is nothing to do."""
        if not any(numbers or records for numbers, records in changes):
            return
        sizes = [part.leaf.size for part in view.parts]
        size = sum(sizes[at] for at in merging(sizes)) + sum(len(records) for _, records in changes)
        index = self._index(view.folder)
        writer = _writer(index, self._write_timeout, small=size <= _SMALL)
        try:
            for numbers, records in changes:
                for number in numbers:
                    writer.delete_document(number)
                for fields in records:
                    writer.add_document(**fields)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=merge_tiers)

    def _fill(
        self,
        name: str,
        entries: Iterable[EntryDocuments],
        progress: Callable[[int], None] | None,
    ) -> dict[int, int]:
        built: dict[int, int] = {}
        storage = whoosh().FileStorage(str(self._folder.path(name)))
        index = whoosh().index.FileIndex.create(storage, schema())
        writer = _writer(index, self._write_timeout)
        try:
            for item in entries:
                for fields in _records(item):
                    writer.add_document(**fields)
                built[item[0]] = item[1]
                if progress:
                    progress(len(built))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        return built

    def _held_or_nothing(self) -> dict[int, int]:
        try:
            return self.versions()
        except IndexProblem:
            return {}


def _touched_files(error: BaseException) -> bool:
    """Whether this was raised by reading or writing the index, and not only by computing."""
    if isinstance(error, OSError | EOFError):
        return True
    names = (frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__))
    return any(name.startswith(_FILES) for name in names)


def _writer(index: Any, timeout: float, *, small: bool = False) -> Any:
    # It subclasses what Whoosh brings, and that is imported at first use.
    from cop.search.writing import Writer

    return Writer(index, timeout=timeout, memory_mb=_WRITER_MEMORY_MB, small=small)


def _numbers(view: View, entry_id: int) -> list[int]:
    return [number for number, _, _ in view.held(entry_id)]


def _records(item: EntryDocuments) -> list[dict[str, Any]]:
    entry_id, version, documents = item
    if not documents:
        return [tombstone(entry_id, version)]
    return [record(replace(document, version=version)) for document in documents]


def _same(held: list[tuple[int, int, str]], version: int, digests: list[str]) -> bool:
    stored = sorted(found for _, _, found in held)
    return all(v == version for _, v, _ in held) and stored == sorted(digests)
