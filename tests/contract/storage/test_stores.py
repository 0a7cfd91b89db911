"""Every store keeps the same promises."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cop.core import clock
from cop.storage import store as stores
from cop.storage.store import FileGone, LocalStore, StorageFull, Store


@pytest.fixture(params=["local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return each adapter in turn, empty."""
    return {"local": LocalStore(tmp_path / "files")}[request.param]


def test_a_file_is_kept_under_the_hash_of_what_it_holds(store: Store) -> None:
    name = store.put(b"invented")
    assert name == hashlib.sha256(b"invented").hexdigest()
    with store.open(name) as file:
        assert file.read() == b"invented"
    assert store.has(name)


def test_the_same_file_twice_is_one(store: Store) -> None:
    assert store.put(b"invented") == store.put(b"invented")
    assert [one.sha256 for one in store.all()] == [store.put(b"invented")]


def test_a_file_put_again_is_as_young_as_a_new_one(store: Store, monkeypatch: Any) -> None:
    now = clock.now()
    monkeypatch.setattr(stores.clock, "now", lambda: now - timedelta(days=3))
    name = store.put(b"invented")
    assert store.put_at(name) < now - timedelta(days=2)  # type: ignore[operator]
    monkeypatch.undo()
    store.put(b"invented")
    assert store.put_at(name) > now - timedelta(minutes=1)  # type: ignore[operator]


def test_what_is_not_there_is_said_to_be_gone(store: Store) -> None:
    nothing = "0" * 64
    assert not store.has(nothing)
    assert store.put_at(nothing) is None
    with pytest.raises(FileGone):
        store.open(nothing)
    store.delete(nothing)


def test_a_deleted_file_is_gone_and_who_reads_it_reads_to_its_end(store: Store) -> None:
    name = store.put(b"invented")
    with store.open(name) as file:
        store.delete(name)
        assert file.read() == b"invented"
    assert not store.has(name)
    assert list(store.all()) == []


@pytest.mark.parametrize("name", ["../secret_key", "/etc/passwd", "ab/../../cop.db", "", "A" * 64])
def test_nothing_but_a_hash_names_a_file(store: Store, name: str, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("secret")
    with pytest.raises(FileGone):
        store.open(name)
    with pytest.raises(FileGone):
        store.delete(name)
    assert (tmp_path / "secret_key").exists()


def test_an_empty_file_is_a_file(store: Store) -> None:
    with store.open(store.put(b"")) as file:
        assert file.read() == b""


class TestLocal:
    """What only a folder can do wrong."""

    def test_nobody_else_on_the_machine_reads_the_files(self, tmp_path: Path) -> None:
        store = LocalStore(tmp_path / "files")
        path = tmp_path / "files" / (name := store.put(b"invented"))[:2] / name
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0

    def test_a_full_disk_is_said_and_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: Any
    ) -> None:
        store = LocalStore(tmp_path / "files")

        def no_room(_file: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(stores.os, "fsync", no_room)
        with pytest.raises(StorageFull):
            store.put(b"invented")
        assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []

    def test_room_is_left_for_the_database(self, tmp_path: Path, monkeypatch: Any) -> None:
        store = LocalStore(tmp_path / "files")
        monkeypatch.setattr(stores, "RESERVE", 1 << 60)
        with pytest.raises(StorageFull):
            store.put(b"invented")

    def test_a_link_in_the_place_of_a_file_is_not_followed(self, tmp_path: Path) -> None:
        store = LocalStore(tmp_path / "files")
        (tmp_path / "secret").write_text("secret")
        name = store.put(b"invented")
        path = tmp_path / "files" / name[:2] / name
        path.unlink()
        path.symlink_to(tmp_path / "secret")
        with pytest.raises(FileGone):
            store.open(name)

    def test_what_a_killed_writer_left_is_swept(self, tmp_path: Path) -> None:
        store = LocalStore(tmp_path / "files")
        name = store.put(b"invented")
        left = tmp_path / "files" / name[:2] / ".half"
        left.write_bytes(b"inv")
        assert store.sweep(before=clock.now() - timedelta(days=1)) == 0
        assert store.sweep(before=clock.now() + timedelta(seconds=5)) == 1
        assert store.has(name)
        assert not left.exists()
