"""The index on disk: shared by processes, thrown away without regret, never in a reader's way."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cop.search import store
from cop.search.engine import Document, EngineFailed, Health, Hits, IndexBusy, IndexDamaged
from cop.search.folder import Folder
from cop.search.local import LocalEngine
from cop.search.parse import query as parse
from tests.contract.search.shelf import PUBLIC, document

if TYPE_CHECKING:
    from collections.abc import Iterator


def search(engine: LocalEngine, text: str) -> Hits:
    """Search as a visitor."""
    return engine.search(parse(text), labels=PUBLIC, prefer_lang="en", limit=10)


def put(engine: LocalEngine, *documents: Document) -> None:
    """Write documents of different entries."""
    engine.replace([(d.entry_id, d.version, [d]) for d in documents])


@pytest.fixture
def other(local: LocalEngine, tmp_path: Path) -> Iterator[LocalEngine]:
    """Give a second engine on the same folder, as another process has one."""
    engine = LocalEngine(tmp_path / "search", write_timeout=0.05)
    yield engine
    engine.close()


def test_before_the_first_build_it_says_so_and_neither_reads_nor_writes(tmp_path: Path) -> None:
    """A half-filled index must not pass for a whole one."""
    engine = LocalEngine(tmp_path / "search")
    assert (engine.check(), engine.healthy()) == (Health.MISSING, False)
    with pytest.raises(IndexDamaged):
        search(engine, "换届")
    with pytest.raises(IndexDamaged):
        put(engine, document(1, "换届"))
    engine.rebuild([(1, 1, [document(1, "换届")])])
    assert (engine.check(), search(engine, "换届").total) == (Health.OK, 1)
    engine.close()


def test_another_process_sees_a_change(local: LocalEngine, other: LocalEngine) -> None:
    """After looking again, which it does twenty times a second."""
    assert other.count() == 0
    put(local, document(1, "换届"))
    assert other.count() == 1
    assert search(other, "换届").total == 1


def test_an_index_of_another_schema_is_outdated_until_it_is_rebuilt(
    local: LocalEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads with the wrong eyes."""
    put(local, document(1, "换届"))
    for module in ("local", "reader", "folder"):
        monkeypatch.setattr(f"cop.search.{module}.SCHEMA_VERSION", store.SCHEMA_VERSION + 1)
    local.close()
    assert (local.check(), local.healthy()) == (Health.OUTDATED, False)
    local.rebuild([(1, 1, [document(1, "换届")])])
    assert (local.check(), search(local, "换届").total) == (Health.OK, 1)


def break_files(tmp_path: Path) -> None:
    """Overwrite every segment of the current index."""
    used = Folder(tmp_path / "search").current()
    assert used
    for path in (tmp_path / "search" / used[0]).glob("*.seg"):
        path.write_bytes(b"nonsense" * 40)


def test_a_damaged_index_is_set_aside_and_a_rebuild_cures_it(
    local: LocalEngine, tmp_path: Path
) -> None:
    """The reader is told, not shown an empty page."""
    put(local, document(1, "换届"))
    local.close()
    break_files(tmp_path)
    with pytest.raises(IndexDamaged):
        search(local, "换届")
    assert (local.healthy(), local.check()) == (False, Health.DAMAGED)
    assert len(list((tmp_path / "search").glob("damaged-*"))) == 1
    local.rebuild([(1, 1, [document(1, "换届")])])
    assert (local.check(), search(local, "换届").total) == (Health.OK, 1)


def test_damage_met_while_writing_is_set_aside_too(local: LocalEngine, tmp_path: Path) -> None:
    """The writer reads the old segments first."""
    put(local, document(1, "换届"))
    local.close()
    break_files(tmp_path)
    with pytest.raises(IndexDamaged):
        put(local, document(1, "选举", version=2))
    assert local.check() is Health.DAMAGED


@pytest.mark.parametrize("lost", ["index-*/*", "index-*/*.seg", "index-*/*.toc"])
def test_a_vanished_index_is_noticed_even_while_it_is_open(
    local: LocalEngine, tmp_path: Path, lost: str
) -> None:
    """Somebody tidied the data folder."""
    put(local, document(1, "换届"))
    assert search(local, "换届").total == 1
    for path in sorted((tmp_path / "search").glob(lost)):
        path.unlink()
    assert local.check() is Health.DAMAGED
    assert not local.healthy()


def test_two_writers_take_turns_and_the_second_gives_up_in_time(
    local: LocalEngine, other: LocalEngine, tmp_path: Path
) -> None:
    """Giving up harms nothing: the job is tried again."""
    with Folder(tmp_path / "search").locked("write", 0), pytest.raises(IndexBusy):
        put(other, document(1, "换届"))
    put(other, document(1, "换届"))
    assert local.count() == 1


def test_a_full_disk_is_not_damage(local: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is kept, and can be asked."""
    put(local, document(1, "换届"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("cop.search.writing.Writer.add_document", full)
        with pytest.raises(IndexBusy):
            put(local, document(2, "换届"))
    assert (local.check(), search(local, "换届").total) == (Health.OK, 1)
    put(local, document(2, "换届"))
    assert local.count() == 2


@pytest.mark.parametrize("fault", [TypeError, IndexError, ZeroDivisionError])
def test_a_fault_of_the_engine_does_not_throw_the_index_away(
    local: LocalEngine, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    """The caller answers from the database; a rebuild would meet the same fault."""
    put(local, document(1, "换届"))

    def failing(*_: object, **__: object) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr("cop.search.scorer._Scoring._too_common", failing)
        with pytest.raises(EngineFailed):
            search(local, "换届")
    assert (local.check(), search(local, "换届").total) == (Health.OK, 1)


def test_postings_that_name_documents_that_are_not_there_are_damage(
    local: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files may hold anything."""
    put(local, document(1, "换届"))
    monkeypatch.setattr("cop.search.codec.decoded", lambda _: (np.array([7]), np.array([1])))
    with pytest.raises(IndexDamaged):
        search(local, "换届")
    assert local.check() is Health.DAMAGED


def test_readers_go_on_with_the_old_index_while_a_new_one_is_filled(
    local: LocalEngine, other: LocalEngine
) -> None:
    """And with the new one from the moment it is whole."""
    put(local, document(1, "换届"))
    seen: list[int] = []

    def entries() -> Iterator[tuple[int, int, list[Document]]]:
        for n in (2, 3):
            seen.append(search(other, "换届").total)
            yield n, 1, [document(n, "换届")]

    local.rebuild(entries())
    assert seen == [1, 1]
    assert other.versions() == {2: 1, 3: 1}


def test_what_is_written_during_a_rebuild_is_named_afterwards(
    local: LocalEngine, other: LocalEngine
) -> None:
    """The caller replaces those entries again."""
    put(local, document(1, "换届"), document(2, "换届"))

    def entries() -> Iterator[tuple[int, int, list[Document]]]:
        yield 1, 1, [document(1, "换届")]
        yield 2, 1, [document(2, "换届")]
        put(other, document(2, "选举", version=2), document(3, "新的"))

    assert local.rebuild(entries()).stale == {2, 3}


def test_a_rebuild_that_fails_leaves_the_old_index_as_it_was(
    local: LocalEngine, tmp_path: Path
) -> None:
    """And the next one clears away what it left."""
    put(local, document(1, "换届"))

    def entries() -> Iterator[tuple[int, int, list[Document]]]:
        yield 2, 1, [document(2, "换届")]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        local.rebuild(entries())
    assert [hit.entry_id for hit in search(local, "换届").hits] == [1]
    local.rebuild([])
    assert len(list((tmp_path / "search").glob("index-*"))) == 1


def test_only_one_rebuild_runs_at_a_time(local: LocalEngine, tmp_path: Path) -> None:
    """The second is told at once."""
    with Folder(tmp_path / "search").locked("rebuild", 0), pytest.raises(IndexBusy):
        local.rebuild([])


def test_many_commits_leave_few_segments_and_lose_nothing(local: LocalEngine) -> None:
    """Ten of a size become one; deletions and versions survive the merge."""
    for n in range(1, 26):
        put(local, document(n, f"换届 {n}"))
    put(local, document(7, "选举", version=2))
    local.replace([(8, 2, [])])
    for n in range(26, 48):
        put(local, document(n, "换届"))
    assert local.versions() == {n: 2 if n in (7, 8) else 1 for n in range(1, 48)}
    assert search(local, "换届").total == 45
    assert len(local._read(lambda view: view.parts)) < 20
    local.optimise()
    assert len(local._read(lambda view: view.parts, fresh=True)) == 1
    assert (search(local, "换届").total, search(local, "选举").total) == (45, 1)


def test_big_segments_are_never_merged(local: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit must not take minutes because it is the tenth."""
    monkeypatch.setattr(store, "NEVER_MERGE_OVER", 0)
    for n in range(1, 14):
        put(local, document(n, "换届"))
    assert len(local._read(lambda view: view.parts, fresh=True)) == 13


def test_writing_the_same_again_costs_no_commit(local: LocalEngine) -> None:
    """Reconcile may be generous."""
    put(local, document(1, "换届"))
    before = local._read(lambda view: view.generation, fresh=True)
    put(local, document(1, "换届"))
    assert local._read(lambda view: view.generation, fresh=True) == before


DYING_WRITER = """
import importlib, os, sys
from pathlib import Path
from cop.search.engine import Document
from cop.search.local import LocalEngine
from cop.search.store import whoosh

def die(*_, **__):
    os._exit(9)

whoosh()
*holder, name = sys.argv[3].split(".")
within = importlib.import_module(sys.argv[2])
setattr(getattr(within, holder[0]) if holder else within, name, die)
documents = [Document(1, "en", "note", "", "after", labels=frozenset({"public"}), version=2)]
LocalEngine(Path(sys.argv[1])).replace([(1, 2, documents)])
"""


@pytest.mark.parametrize(
    ("module", "name", "written"),
    [
        ("cop.search.writing", "Writer.add_document", False),
        ("cop.search.codec", "FieldWriter.add_lists", False),
        ("whoosh.writing", "SegmentWriter._commit_toc", False),
        ("whoosh.index", "clean_files", True),
    ],
)
def test_a_writer_that_dies_leaves_either_the_old_state_or_the_new_and_no_lock(
    local: LocalEngine, tmp_path: Path, module: str, name: str, *, written: bool
) -> None:
    """Whenever in a commit it dies."""
    put(local, document(1, "before"))
    died = subprocess.run(
        [sys.executable, "-c", DYING_WRITER, str(tmp_path / "search"), module, name],
        cwd=Path(__file__).parents[3], check=False, capture_output=True,
    )  # fmt: skip
    assert died.returncode == 9, died.stderr.decode()
    assert local.check() is Health.OK
    assert local.versions() == {1: 2 if written else 1}
    assert search(local, "after" if written else "before").total == 1
    put(local, document(1, "later", version=3))
    assert search(local, "later").total == 1


def test_a_long_merge_keeps_no_reader_of_the_same_process_waiting(
    local: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`cop up` has readers and the indexer in one process, on one engine."""
    put(local, document(1, "换届"))
    found: list[int] = []

    def merge(writer: object, segments: list[object]) -> list[object]:
        asking = threading.Thread(target=lambda: found.append(search(local, "换届").total))
        asking.start()
        asking.join(10)
        return segments

    monkeypatch.setattr("cop.search.local.merge_tiers", merge)
    put(local, document(2, "换届"))
    assert found == [1]
    assert search(local, "换届").total == 2


def test_threads_search_while_another_writes(local: LocalEngine) -> None:
    """No answer is an error, and none is half of one."""
    put(local, document(1, "换届"))
    failures: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                assert search(local, "换届").total >= 1
        except BaseException as error:  # noqa: BLE001  whatever it is, the test reports it
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(2, 30):
        put(local, document(n, "换届"))
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert search(local, "换届").total == 29
