"""The archive of a backup: what is in it, how it is written, and how one is proved whole before it is used."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import shutil
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cop import __version__
from cop.cli.console import Refusal
from cop.core import clock, sqlite

DATABASE = "cop.db"
#: Files of the data folder that belong to a backup where they exist.
KEPT = ("secret_key", "cop.toml", "starter.json")
#: The folder of the files people sent, and what one is called in it.
FILES = "files"
_FILE = re.compile(r"files/([0-9a-f]{2})/\1[0-9a-f]{62}")
_MANIFEST = "manifest.json"
#: Longest manifest: some two hundred thousand files.
_LONGEST_MANIFEST = 64 << 20
_FORMAT = 1
_PORTION = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What an archive says about itself."""

    format: int
    version: str
    revision: str
    made_at: str
    #: File → SHA-256.
    files: dict[str, str]


def write(database: Path, data: Path, target: Path) -> Manifest:
    """Write a backup to `target`; it appears whole or not at all, and only its owner may read it."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=data) as name:
        copy = Path(name) / DATABASE
        sqlite.copy(database, copy)
        if wrong := sqlite.problem(copy):
            raise Refusal(
                f"The database is damaged ({wrong}), so no backup was made; `cop doctor` says more."
            )
        # After the database: what it refers to was there before it was copied.
        sent = _linked(data, Path(name) / FILES)
        kept_files = {kept: data / kept for kept in KEPT if (data / kept).is_file()}
        files = {DATABASE: copy} | kept_files | sent
        manifest = Manifest(
            format=_FORMAT,
            version=__version__,
            revision=sqlite.revision(copy),
            made_at=clock.now().isoformat(timespec="seconds"),
            files={kept: digest(path) for kept, path in files.items()},
        )
        _pack(target, manifest, files)
    return manifest


def _linked(data: Path, folder: Path) -> dict[str, Path]:
    """Hold on to the files people sent, so that none goes while the archive is written; return them by name."""
    held: dict[str, Path] = {}
    for path in sorted((data / FILES).glob("??/*")):
        name = path.relative_to(data).as_posix()
        if not _FILE.fullmatch(name):
            continue
        target = folder / path.name
        folder.mkdir(exist_ok=True)
        try:
            os.link(path, target, follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError:
            # Some file systems have no hard links.
            shutil.copyfile(path, target)
        held[name] = target
    return held


def _pack(target: Path, manifest: Manifest, files: dict[str, Path]) -> None:
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        # It holds the key that signs cookies and everybody's words.
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
                told = json.dumps(asdict(manifest), indent=1).encode()
                entry = tarfile.TarInfo(_MANIFEST)
                entry.size = len(told)
                archive.addfile(entry, io.BytesIO(told))
                for name, path in files.items():
                    archive.add(path, arcname=name, recursive=False, filter=_anonymous)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def unpack(source: Path, folder: Path) -> Manifest:
    """Write an archive's files into an empty folder and prove them whole, or raise Refusal."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest = _manifest(archive, source)
            for name in manifest.files:
                _extract(archive, name, folder / name)
    except (tarfile.TarError, EOFError, OSError, KeyError, ValueError, TypeError) as error:
        raise Refusal(f"{source} is not a whole backup ({error}); nothing was changed.") from error
    for name, wanted in manifest.files.items():
        if digest(folder / name) != wanted:
            raise Refusal(
                f"{source} is damaged: {name} is not what was backed up; nothing was changed."
            )
    if wrong := sqlite.problem(folder / DATABASE):
        raise Refusal(f"The database in {source} is damaged ({wrong}); nothing was changed.")
    return manifest


def _manifest(archive: tarfile.TarFile, source: Path) -> Manifest:
    told: dict[str, Any] = json.loads(_member(archive, _MANIFEST).read(_LONGEST_MANIFEST))
    manifest = Manifest(**told)
    if manifest.format != _FORMAT:
        raise Refusal(
            f"{source} was made by another version of the program ({manifest.version}); use that one."
        )
    others = set(manifest.files) - {DATABASE, *KEPT}
    if DATABASE not in manifest.files or not all(_FILE.fullmatch(name) for name in others):
        raise ValueError("it does not hold what a backup holds")
    return manifest


def _member(archive: tarfile.TarFile, name: str) -> Any:
    found = archive.extractfile(archive.getmember(name))
    if found is None:
        raise ValueError(f"{name} is not a file")
    return found


def _extract(archive: tarfile.TarFile, name: str, target: Path) -> None:
    # Read and written by hand: nothing but the files named above can come out of an archive.
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with _member(archive, name) as read, os.fdopen(opened, "wb") as written:
        while portion := read.read(_PORTION):
            written.write(portion)
        written.flush()
        os.fsync(written.fileno())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
