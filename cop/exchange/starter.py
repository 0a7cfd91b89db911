"""The starter content: the product's own files, loaded by the importer that `cop import` offers users."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from cop.core.db import db
from cop.core.paths import STARTER
from cop.events.models import Event
from cop.events.record import record
from cop.exchange.checking import Progress
from cop.exchange.importer import import_files
from cop.exchange.report import Report
from cop.exchange.writing import in_batches
from cop.people.viewer import SYSTEM


@dataclass(frozen=True)
class StarterLoaded:
    """The starter content in this state was loaded to its end."""

    sha256: str


def starter_files() -> list[Path]:
    """Return the files of the starter content."""
    return sorted(STARTER.glob("*.yaml"))


def load_starter(*, progress: Progress | None = None) -> Report:
    """Load the starter content as the system; loading it again changes nothing and keeps edits."""
    files = starter_files()
    report = import_files(files, by=SYSTEM, progress=progress)
    if report.ok:
        in_batches([StarterLoaded(sha256=_digest(files))], _remember)
    return report


def _remember(loaded: Sequence[StarterLoaded]) -> None:
    for one in loaded:
        record(one, actor_id=None)


def starter_is_loaded() -> bool:
    """Tell, in one small query, whether this very starter content was loaded to its end."""
    last = db.session.scalar(
        select(Event.data)
        .where(Event.verb == StarterLoaded.__name__)
        .order_by(Event.id.desc())
        .limit(1)
    )
    return last is not None and last.get("sha256") == _digest(starter_files())


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
