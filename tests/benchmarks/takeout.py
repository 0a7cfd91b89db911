"""Everything of one person in a file: `python -m tests.benchmarks.takeout [--notes 1000] [--megabytes 300]`.

Makes a site on which one person wrote so many notes, commented on each and sent so many images of a megabyte, and has
her file made as the worker makes it. Prints the seconds of the whole, of the processor, and of the longest job, which
holds up the others; how much memory the process took more than before, and the size of the file. Promised: memory
that does not grow with what she has, and no job that takes half of its lease.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from cop.app import create_app
from cop.core import clock, schema
from cop.core.db import db, writing
from cop.entries.image_models import Attachment, Rendition
from cop.jobs.models import Job
from cop.jobs.worker import run_all
from cop.people import passwords
from cop.people.models import Takeout
from cop.settings import Settings
from cop.storage.files import files
from cop.storage.images import MEDIA_TYPE
from cop.subscriptions import HANDLERS
from cop.takeout import making, operations
from tests.make import PASSWORD, Make

_LONG = "An invented sentence about a meeting. " * 60


def main() -> None:
    """Make the site and the file, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--megabytes", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        app = create_app(
            Settings(data=data, database_url=f"sqlite:///{data / 'cop.db'}", secret_key="b" * 40)
        )
        with app.app_context(), writing():
            schema.upgrade(db.engine)
            _furnish(given.notes, given.megabytes)
            db.session.remove()
        before, longest = _memory(), _watched()
        wall, processor = time.perf_counter(), time.process_time()
        run_all(app, HANDLERS)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        with app.app_context():
            row = db.session.query(Takeout).one()
            print(
                f"{row.done} things, {row.bytes / 1e6:.0f} MB: {wall:.1f} s, {processor:.1f} s of processor"
            )
            db.session.remove()
        print(
            f"longest job of {len(longest)}: {max(longest):.2f} s; memory +{_memory() - before:.0f} MiB"
        )


def _furnish(notes: int, megabytes: int) -> None:
    make = Make()
    user = make.user()
    user.password_hash = passwords.hashed(PASSWORD)
    viewer, term = make.viewer(user), make.term("open-space").key
    for number in range(notes):
        note = make.note(by=viewer, strategies=[term], what_happened=_LONG, what_we_learned=_LONG)
        make.comment(note, "My own words. " * 20, by=viewer)
        if number % 100 == 99:
            db.session.commit()
    for number in range(megabytes):
        sha256 = files().put(os.urandom(1_000_000))
        sent = Attachment(
            uploader_id=user.id,
            alt={},
            media_type=MEDIA_TYPE,
            name=f"invented-{number}.jpg",
            created_at=clock.now(),
        )
        db.session.add(sent)
        db.session.flush()
        size = Rendition(attachment_id=sent.id, width=10, height=10, sha256=sha256, bytes=10**6)
        db.session.add(size)
    # What follows from the notes themselves is not what is measured.
    db.session.query(Job).delete()
    db.session.commit()
    operations.ask(by=viewer, current=PASSWORD)
    db.session.commit()


def _watched() -> list[float]:
    """Return the list in which the seconds of each job will stand."""
    taken, go_on = [0.0], making._go_on

    def timed(row: Takeout, owner: making.Owner) -> None:
        began = time.perf_counter()
        go_on(row, owner)
        taken.append(time.perf_counter() - began)

    making._go_on = timed
    return taken


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
