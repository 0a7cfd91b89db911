"""The folder of an index: which one is current, who may write, and what was set aside.

search/current        names the folder in use and its schema version; replaced atomically
search/index-…/       an index; several exist only while one is being built
search/damaged-…/     the last one that failed, kept for whoever wants to know why
search/*.lock         locks of the operating system: they end with the process
"""

import contextlib
import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from cop.search.engine import IndexBusy
from cop.search.store import SCHEMA_VERSION, whoosh


class Folder:
    """Names and locks inside one search folder. Holds no index open."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> tuple[str, int] | None:
        """The folder in use and the schema version it was built with; nothing if there is none."""
        try:
            said = json.loads((self.root / "current").read_text("ascii"))
            return str(said["folder"]), int(said["schema"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            return "", 0  # unreadable: as good as an outdated one

    def path(self, name: str) -> Path:
        """Where the named index lies."""
        return self.root / name

    def new(self) -> str:
        """An empty folder for an index to be built in."""
        name = f"index-{secrets.token_hex(6)}"
        self.path(name).mkdir(parents=True)
        return name

    def install(self, name: str) -> None:
        """Make this the current index; everybody sees either the old one or this."""
        said = json.dumps({"folder": name, "schema": SCHEMA_VERSION})
        fresh = self.root / f"current-{secrets.token_hex(4)}"
        fresh.write_text(said, "ascii")
        fresh.replace(self.root / "current")

    def sweep(self) -> None:
        """Remove what is neither current nor the damaged one kept. Hold both locks."""
        used = self.current()
        for path in self.root.glob("index-*"):
            if used is None or path.name != used[0]:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.root.glob("current-*"):
            path.unlink(missing_ok=True)

    def set_aside(self, name: str) -> None:
        """Take a failed index out of use, unless somebody already has."""
        used = self.current()
        if used is None or used[0] != name or not name:
            return
        (self.root / "current").unlink(missing_ok=True)
        for old in self.root.glob("damaged-*"):
            shutil.rmtree(old, ignore_errors=True)
        aside = self.root / f"damaged-{secrets.token_hex(6)}"
        try:
            self.path(name).replace(aside)
        except OSError:
            with contextlib.suppress(OSError):
                aside.mkdir()  # it vanished: remember at least that there was one

    def was_damaged(self) -> bool:
        """Whether an index was set aside and not yet rebuilt."""
        return any(self.root.glob("damaged-*"))

    @contextlib.contextmanager
    def locked(self, name: str, timeout: float) -> Iterator[None]:
        """Hold a lock among all processes; `IndexBusy` when it is not free in time."""
        self.root.mkdir(parents=True, exist_ok=True)
        filelock = whoosh().filelock
        lock = filelock.FileLock(str(self.root / f"{name}.lock"))
        if not filelock.try_for(lock.acquire, timeout=timeout, delay=0.02):
            raise IndexBusy(f"{name} is locked")
        try:
            yield
        finally:
            lock.release()
