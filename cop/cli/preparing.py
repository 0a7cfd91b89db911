"""What must be true before the site serves: a schema as new as the code, and the starter content once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import select

from cop.cli.console import Refusal, newer
from cop.core import clock, schema, sqlite
from cop.core.db import db
from cop.settings import Settings

#: Copies made before upgrades that are kept; older ones are deleted.
_COPIES = 3
_COPY_NAME = "before-upgrade"
#: Says whether the starter content was begun, done, or not wanted.
_MARK = "starter.json"
#: Stands in the data folder while a restore exchanges its files.
_RESTORING = "restoring"


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Let one process at a time prepare a data folder; others wait for it."""
    with (data / "preparing.lock").open("w") as file:
        _lock(file, shared=False, wait=True)
        yield


@contextlib.contextmanager
def running(data: Path) -> Iterator[None]:
    """Say that a site or a worker runs on this folder, for as long as it does."""
    with (data / "running.lock").open("w") as file:
        if not _lock(file, shared=True, wait=False):
            raise Refusal(
                "A backup is being brought back into this folder. Start again when that is done."
            )
        yield


@contextlib.contextmanager
def nobody_running(data: Path) -> Iterator[None]:
    """Refuse while a site or a worker runs on this folder, and keep new ones from starting."""
    with (data / "running.lock").open("w") as file:
        if not _lock(file, shared=False, wait=False):
            raise Refusal(f"A site or worker is running on {data}. End it first.")
        yield


@contextlib.contextmanager
def restoring(data: Path) -> Iterator[None]:
    """Mark the folder while its files are exchanged, so that a start after a crash does not begin a new site."""
    mark = data / _RESTORING
    mark.touch()
    yield
    mark.unlink()


def refuse_half_restored(data: Path) -> None:
    """Say what to do about a folder in which a restore was interrupted."""
    if (data / _RESTORING).exists():
        raise Refusal(
            f"Bringing back a backup into {data} was interrupted. Run the same `cop restore` again, with --replace."
        )


def _lock(file: IO[str], *, shared: bool, wait: bool) -> bool:
    try:
        import fcntl
    except ImportError:
        # A system without these locks has to be trusted with one command at a time.
        return True
    try:
        fcntl.flock(
            file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        )
    except BlockingIOError:
        return False
    return True


def upgrade(settings: Settings, say: Callable[[str], None]) -> bool:
    """Bring the database to the code's schema, after copying a file with content; tell if it changed."""
    stands, wanted = schema.current(db.engine), schema.head()
    if stands == wanted:
        return False
    if stands and not schema.known(stands):
        raise Refusal(newer(stands))
    file = sqlite.file_of(settings.database_url)
    if stands and file is not None:
        copy = file.with_name(f"{_COPY_NAME}-{stands}-{stamp(clock.now())}.db")
        sqlite.copy(file, copy)
        _forget_old_copies(file.parent)
        say(f"A copy of the database was kept as {copy}.")
    schema.upgrade(db.engine)
    say(
        "The database is ready."
        if not stands
        else f"The database was upgraded from {stands} to {wanted}."
    )
    return True


def stamp(at: datetime) -> str:
    """Return a moment as part of a file's name."""
    return f"{at:%Y%m%d-%H%M%S}"


def wants_starter(settings: Settings) -> bool:
    """Tell whether starter content is to be loaded: all of it, what an earlier run left, or what is new in it."""
    from cop.entries.models import Entry
    from cop.exchange.starter import starter_is_loaded
    from cop.people.models import User

    state = _mark(settings.data)
    if state == "unwanted":
        return False
    if state:
        return not starter_is_loaded()
    # A folder without a mark beside a database with people or entries: somebody brought the database along.
    people = select(User.id).where(User.system.is_(False)).limit(1)
    return not (db.session.scalar(people) or db.session.scalar(select(Entry.id).limit(1)))


def mark_starter(settings: Settings, state: str) -> None:
    """Write down that the starter content was `begun`, is `done` or is `unwanted`."""
    path = settings.data / _MARK
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps({"state": state, "at": clock.now().isoformat()}), encoding="utf-8")
    draft.replace(path)


def _mark(data: Path) -> str:
    try:
        return str(json.loads((data / _MARK).read_text(encoding="utf-8"))["state"])
    except FileNotFoundError:
        return ""
    except (ValueError, KeyError, TypeError):
        # Half-written: loading again does no harm, since the same content twice changes nothing.
        return "begun"


def _forget_old_copies(folder: Path) -> None:
    copies = sorted(folder.glob(f"{_COPY_NAME}-*.db"), key=lambda path: path.stat().st_mtime)
    for old in copies[:-_COPIES]:
        old.unlink(missing_ok=True)
