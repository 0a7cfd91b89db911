"""Backups: whole, provable, and never in the way of what is there."""

from __future__ import annotations

import os
import stat
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cop.storage.store import LocalStore
from tests.databases import server_url

if TYPE_CHECKING:
    from tests.domain.cli.conftest import Cop, Place

PASSWORD = "an invented password of nobody"

pytestmark = pytest.mark.skipif(
    bool(server_url()), reason="a database server is backed up with its own tools"
)


def _add(cop: Cop, handle: str) -> None:
    said = cop("user", "add", handle, "--email", f"{handle}@example.org", stdin=PASSWORD + "\n")
    assert said.code == 0, said.err


def _knows(cop: Cop, handle: str, data: Path) -> bool:
    return cop("search", "query", "x", "--as", handle, "--data", data).code == 0


@pytest.fixture
def backup(site: Cop, tmp_path: Path) -> Path:
    """Return a backup of a site that knows the account `mei`."""
    _add(site, "mei")
    (site.data / "mail").mkdir()
    (site.data / "mail" / "one.eml").write_text("a mail")
    said = site("backup", tmp_path / "site.backup")
    assert said.code == 0, said.err
    return tmp_path / "site.backup"


def test_a_backup_brings_accounts_and_key_to_another_folder(
    cop: Cop, backup: Path, tmp_path: Path
) -> None:
    said = cop("restore", backup, "--data", tmp_path / "other")
    assert said.code == 0, said.err
    assert _knows(cop, "mei", tmp_path / "other")
    key = (tmp_path / "other" / "secret_key").read_text()
    assert key == (cop.data / "secret_key").read_text()


def test_a_backup_holds_no_mails_and_no_index_and_only_its_owner_reads_it(backup: Path) -> None:
    with tarfile.open(backup) as archive:
        assert set(archive.getnames()) == {"manifest.json", "cop.db", "secret_key"}
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_backup_never_overwrites_a_file(cop: Cop, backup: Path) -> None:
    before = backup.read_bytes()
    assert cop("backup", backup).code == 2
    assert backup.read_bytes() == before


def test_a_restore_leaves_a_folder_with_something_in_it_alone(cop: Cop, backup: Path) -> None:
    _add(cop, "later")
    said = cop("restore", backup)
    assert said.code == 2
    assert "--replace" in said.err
    assert _knows(cop, "later", cop.data)


def test_a_restore_that_replaces_keeps_what_was_there(cop: Cop, backup: Path) -> None:
    _add(cop, "later")
    said = cop("restore", backup, "--replace")
    assert said.code == 0, said.err
    assert _knows(cop, "mei", cop.data)
    assert not _knows(cop, "later", cop.data)
    aside = next(cop.data.glob("replaced-*"))
    assert (aside / "cop.db").exists()
    assert str(aside) in said.out


@pytest.mark.parametrize("harm", ["cut", "changed", "other file"])
def test_a_backup_that_is_not_whole_changes_nothing(cop: Cop, backup: Path, harm: str) -> None:
    whole = backup.read_bytes()
    damaged = {
        "cut": whole[: len(whole) // 2],
        "changed": whole[:2000] + bytes(byte ^ 0xFF for byte in whole[2000:2100]) + whole[2100:],
        "other file": b"something else",
    }[harm]
    backup.write_bytes(damaged)
    said = cop("restore", backup, "--replace")
    assert said.code == 2
    assert "nothing was changed" in said.err
    assert _knows(cop, "mei", cop.data)
    assert not list(cop.data.glob("replaced-*"))


def test_an_archive_cannot_write_outside_the_folder(cop: Cop, tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    (tmp_path / "manifest.json").write_text(
        '{"format": 1, "version": "0", "revision": "", "made_at": "", '
        '"files": {"cop.db": "", "../outside": ""}}'
    )
    with tarfile.open(evil, "w:gz") as archive:
        archive.add(tmp_path / "manifest.json", arcname="manifest.json")
        archive.add(tmp_path / "manifest.json", arcname="../outside")
    said = cop("restore", evil, "--data", tmp_path / "inner" / "data")
    assert said.code == 2
    assert not (tmp_path / "inner" / "outside").exists()


def test_a_start_after_an_interrupted_restore_begins_no_new_site(cop: Cop, backup: Path) -> None:
    (cop.data / "restoring").touch()
    said = cop("worker", "--once")
    assert said.code == 2
    assert "--replace" in said.err
    assert cop("restore", backup, "--replace").code == 0
    assert cop("worker", "--once").code == 0


def test_a_restore_waits_for_no_running_site(fresh_place: Place, tmp_path: Path) -> None:
    site = fresh_place.start("--empty")
    site.until("Serving")
    file = str(tmp_path / "site.backup")
    assert fresh_place.program("backup", file).code == 0
    said = fresh_place.program("restore", file, "--replace")
    assert said.code == 2
    assert "End it first" in said.err
    site.end()
    assert fresh_place.program("restore", file, "--replace").code == 0


def _image(data: Path) -> Path:
    """Keep a file as the site does, and return where it lies."""
    name = LocalStore(data / "files").put(b"an invented picture")
    return data / "files" / name[:2] / name


def test_files_people_sent_are_in_a_backup_and_come_back(site: Cop, tmp_path: Path) -> None:
    path = _image(site.data)
    (site.data / "files" / path.parent.name / ".half").write_bytes(b"left by a killed writer")
    assert site("backup", tmp_path / "with.backup").code == 0
    said = site("restore", tmp_path / "with.backup", "--data", tmp_path / "other")
    assert said.code == 0, said.err
    brought = [one for one in (tmp_path / "other" / "files").rglob("*") if one.is_file()]
    assert [one.read_bytes() for one in brought] == [b"an invented picture"]
    assert stat.S_IMODE(brought[0].stat().st_mode) == 0o600


def test_a_restore_that_replaces_moves_the_files_aside_too(
    cop: Cop, backup: Path, tmp_path: Path
) -> None:
    path = _image(cop.data)
    assert cop("restore", backup, "--replace").code == 0
    assert not path.exists()
    assert len(list(cop.data.glob("replaced-*/files/??/*"))) == 1


def test_the_doctor_tells_of_files_that_nothing_refers_to(site: Cop) -> None:
    path = _image(site.data)
    assert "all 1 are there" in site("doctor").out
    os.utime(path, (0, 0))
    assert "1 files that nothing refers to" in site("doctor").out
