"""SQLite's files: where one lies, a consistent copy of it, and whether it is sound."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import make_url

#: How every database file begins.
_MAGIC = b"SQLite format 3\x00"


def file_of(database_url: str) -> Path | None:
    """Return the file of a SQLite database, or None where the URL names another database or none on disk."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def is_database(path: Path) -> bool:
    """Tell whether there is a database file, or nothing yet; not something else in its place."""
    if not path.exists() or not path.stat().st_size:
        return True
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def copy(source: Path, target: Path, progress: Callable[[int, int], None] | None = None) -> None:
    """Write a consistent copy of a database that others may be using; it appears whole or not at all.

    `progress` hears how many pages are done, and of how many.
    """
    draft = target.with_name(target.name + ".part")
    draft.unlink(missing_ok=True)

    def told(_status: int, left: int, total: int) -> None:
        if progress is not None:
            progress(total - left, total)

    try:
        with _opened(source, "ro") as read, _opened(draft, "rwc") as written:
            # All in one step: it reads one state, and in WAL mode nobody waits for a reader. Step by step,
            # SQLite begins anew after each change of somebody else, and a busy site never gets to the end.
            read.backup(written, pages=-1, progress=told)
            # One file is easier to keep than three.
            written.execute("PRAGMA journal_mode=DELETE")
        _flush(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def problem(path: Path) -> str:
    """Return what is wrong inside a database file, or an empty string where it is sound."""
    try:
        with _opened(path, "ro") as connection:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                return str(said).strip()
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return (
        f"a row of {broken[0]} refers to a row of {broken[2]} that does not exist" if broken else ""
    )


def revision(path: Path) -> str:
    """Return the revision of the schema in a database file, or an empty string where there is none."""
    try:
        with _opened(path, "ro") as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return ""
    return str(row[0]) if row else ""


def _opened(path: Path, mode: str) -> contextlib.closing[sqlite3.Connection]:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    return contextlib.closing(sqlite3.connect(uri, uri=True, timeout=15, isolation_level=None))


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
