"""A PostgreSQL that lives as long as the tests need it, from the programs the system provides."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Where Debian keeps each version's programs.
_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"
#: Nothing here must survive a power cut.
_OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class Unavailable(Exception):
    """There is no PostgreSQL to start; the text says why."""


def programs() -> Path:
    """Return the folder of `initdb` and `pg_ctl`, of the newest version there is."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        raise Unavailable("PostgreSQL is not installed")
    return Path(initdb).resolve().parent


@contextmanager
def throwaway() -> Iterator[str]:
    """Start an empty cluster that listens on a socket only, give its URL, and remove it afterwards."""
    bin_ = programs()
    root = os.geteuid() == 0
    if root and (shutil.which("runuser") is None or not _has_user(_USER)):
        raise Unavailable(f"PostgreSQL does not run as root, and there is no user {_USER}")
    prefix = ["runuser", "-u", _USER, "--"] if root else []
    # A socket's path is short by nature, so the folder is not nested deeper.
    folder = Path(tempfile.mkdtemp(prefix="cop-pg-"))
    try:
        if root:
            shutil.chown(folder, _USER)
        initdb = [*prefix, str(bin_ / "initdb"), "-D", str(folder / "data")]
        _run([*initdb, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], folder)
        control = [*prefix, str(bin_ / "pg_ctl"), "-D", str(folder / "data"), "-w"]
        log = str(folder / "log")
        _run([*control, "-l", log, "-o", f"-k {folder} {_OPTIONS}", "start"], folder)
        try:
            user = _USER if root else getpass.getuser()
            yield f"postgresql://{user}@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_user(name: str) -> bool:
    import pwd

    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(f"PostgreSQL did not start: {lines[-1] if lines else 'no reason given'}")
