"""Keeping files by the hash of what they hold: one protocol, and the adapter for a local folder."""

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from cop.core import clock

_NAME = re.compile(r"[0-9a-f]{64}")
#: The disk is full, the quota is used up, or the file system takes no larger files.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: What stays free for the database: a site that cannot keep words needs no pictures.
RESERVE = 100 * 1024 * 1024
_PRIVATE = 0o600
_PORTION = 1 << 20


class StorageFull(Exception):
    """There is no room for another file."""


class FileGone(Exception):
    """No file has this hash (any more)."""


@dataclass(frozen=True)
class Kept:
    """A file in the store, and when it was last put there."""

    sha256: str
    put_at: datetime
    bytes: int


@contextmanager
def saying_full() -> Iterator[None]:
    """Within the block, what a full disk says is StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(str(error)) from error
        raise


def require_room(folder: Path, wanted: int = 0) -> None:
    """Raise the error of a full disk where a file of so many bytes would leave the database no room."""
    if shutil.disk_usage(folder).free < RESERVE + wanted:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Store(Protocol):
    """Files by the SHA-256 of what they hold. What `put` has returned survives a power cut."""

    def put(self, data: bytes) -> str:
        """Keep a file, whole or not at all, and return its hash; the same twice is one. Raises StorageFull."""

    def open(self, sha256: str) -> BinaryIO:
        """Return a file to read from, or raise FileGone."""

    def has(self, sha256: str) -> bool:
        """Tell whether the file is there."""

    def put_at(self, sha256: str) -> datetime | None:
        """Return when the file was last put, or None where it is not there."""

    def delete(self, sha256: str) -> None:
        """Take a file away; one that is gone already is no error."""

    def all(self) -> Iterator[Kept]:
        """Yield every file."""

    def sweep(self, *, before: datetime) -> int:
        """Delete what writes begun before this moment left unfinished; return how many there were."""


class LocalStore:
    """A folder of this machine: `ab/abcd…`, readable by its owner alone, served by nothing but the application."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made at the first file."""
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Write beside the place and rename, so that no half file ever stands there."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._path(sha256)
        with saying_full():
            if not self.has(sha256):
                self._write(target, data)
            # Whoever tidies leaves alone what was put just now: its row may not be committed yet.
            moment = clock.now().timestamp()
            os.utime(target, (moment, moment))
        return sha256

    def _write(self, target: Path, data: bytes) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_room(self.folder, len(data))
        draft = target.parent / f".{secrets.token_hex(8)}"
        try:
            opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
            with os.fdopen(opened, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        _settle(target.parent)

    def open(self, sha256: str) -> BinaryIO:
        """Open the file; a link in its place is no file of ours."""
        try:
            opened = os.open(self._path(sha256), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError as error:
            raise FileGone(sha256) from error
        return os.fdopen(opened, "rb")

    def has(self, sha256: str) -> bool:
        """Tell it by a look at the folder alone."""
        return self._path(sha256).is_file()

    def put_at(self, sha256: str) -> datetime | None:
        """Tell it by the time of the file."""
        try:
            return datetime.fromtimestamp(self._path(sha256).stat().st_mtime, UTC)
        except OSError:
            return None

    def delete(self, sha256: str) -> None:
        """Unlink the file; who reads it at this moment reads it to its end."""
        self._path(sha256).unlink(missing_ok=True)

    def all(self) -> Iterator[Kept]:
        """Walk the folder."""
        for path in self._paths():
            if _NAME.fullmatch(path.name):
                found = path.stat()
                at = datetime.fromtimestamp(found.st_mtime, UTC)
                yield Kept(path.name, at, found.st_size)

    def sweep(self, *, before: datetime) -> int:
        """Unlink drafts of files whose writer died."""
        left = [
            path
            for path in self._paths()
            if path.name.startswith(".") and path.stat().st_mtime < before.timestamp()
        ]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _paths(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("??/*") if path.is_file())

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise FileGone(sha256)
        return self.folder / sha256[:2] / sha256


def _settle(folder: Path) -> None:
    """Make the name of a file as lasting as what it holds."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256 of what is left to read."""
    digest = hashlib.sha256()
    while portion := file.read(_PORTION):
        digest.update(portion)
    return digest.hexdigest()
