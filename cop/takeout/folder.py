"""Where these files lie: apart from what people sent, for they can be made again at any time, and are in no backup.

`NAME.zip` is a file that is ready, `NAME/0001.zip` a part of one that is being made; names are made by chance.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from cop.settings import Settings
from cop.storage.store import require_room, saying_full

_NAME = re.compile(r"[0-9a-f]{32}")
_PRIVATE = 0o600


def fresh_name() -> str:
    """Return a name that no file has and nobody guesses."""
    return secrets.token_hex(16)


class Folder:
    """A folder of this machine, or one that all machines of the site share; its owner alone reads it."""

    def __init__(self, path: Path) -> None:
        """Take the folder; it is made with the first part."""
        self.path = path

    def file(self, name: str) -> Path:
        """Return where the whole file is, once it is."""
        return self.path / f"{_checked(name)}.zip"

    def put_part(self, name: str, number: int, write: Callable[[BinaryIO], None]) -> None:
        """Keep a part, whole or not at all; the same number again takes its place. Raises StorageFull."""
        self._write(self.path / _checked(name) / f"{number:05d}.zip", write)

    def put(self, name: str, write: Callable[[BinaryIO], None], *, wanted: int = 0) -> int:
        """Keep the whole file, whole or not at all; return its bytes. Raises StorageFull.

        `wanted` are the bytes it takes at least.
        """
        target = self.file(name)
        self._write(target, write, wanted)
        return target.stat().st_size

    def parts(self, name: str) -> list[Path]:
        """Return the parts there are, in their order."""
        return sorted((self.path / _checked(name)).glob("*.zip"))

    def forget_parts(self, name: str) -> None:
        """Take the parts away."""
        shutil.rmtree(self.path / _checked(name), ignore_errors=True)

    def forget(self, name: str) -> None:
        """Take the file away, and its parts; what is gone already is no error."""
        self.file(name).unlink(missing_ok=True)
        self.forget_parts(name)

    def sweep(self, kept: Collection[str], *, before: datetime) -> int:
        """Take away what has none of these names and was not written to since `before`; return how many there were.

        What was begun just now may have a row that is not committed yet.
        """
        left = [
            path
            for path in (sorted(self.path.iterdir()) if self.path.is_dir() else ())
            if path.name.partition(".")[0] not in kept and _written(path) < before.timestamp()
        ]
        for path in left:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return len(left)

    def _write(self, target: Path, write: Callable[[BinaryIO], None], wanted: int = 0) -> None:
        with saying_full():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            require_room(target.parent, wanted)
            draft = target.parent / f".{secrets.token_hex(8)}"
            try:
                opened = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, _PRIVATE)
                with os.fdopen(opened, "w+b") as file:
                    write(file)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        message = "a name of these files is 32 hexadecimal digits"
        raise ValueError(message)
    return name


def folder() -> Folder:
    """Return the folder of the running application."""
    settings: Settings = current_app.extensions["settings"]
    return Folder(settings.takeouts)
