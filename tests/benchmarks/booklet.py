"""A booklet of forty entries in both languages: `python -m tests.benchmarks.booklet [--entries 40] [--keep FILE]`.

Makes a site of the starter content and a workshop that is built on so many of its practice pages and case notes; has
its booklet made in Chinese, in English and in both as the worker makes it, three times each. Prints the median of the
seconds of the whole job, of the processor for drawing, and of making the words; the most memory of the process that
draws, pages and size; then how long the page with the words takes. Promised: both languages under 20 seconds and
500 MB on two cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cop.app import create_app
from cop.core import schema
from cop.core.db import db, writing
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry
from cop.exchange.starter import load_starter
from cop.handouts.drawing import Drawn, drawn, to_draw
from cop.handouts.eyes import Reach
from cop.handouts.paper import booklet_of, langs_of
from cop.people.viewer import VISITOR
from cop.settings import Settings
from cop.workshops.draft import AgendaRow, Exercise, Material, WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from tests.make import Make

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 3


def prepare(number: int) -> int:
    """Load the starter content and publish the workshop; return its id."""
    load_starter()
    wanted = Entry.kind.in_(("practice", "note"))
    keys = db.session.scalars(
        select(Entry.key).where(wanted).order_by(Entry.kind.desc(), Entry.id).limit(number)
    ).all()
    with writing():
        made = publish_workshop(by=Make().member("trainer"), draft=_draft(keys))
        db.session.commit()
    return made.id


def _draft(keys: Sequence[str]) -> WorkshopDraft:
    said = {"en": "An invented part of the day", "zh-Hans": "虚构的一节"}
    words = {"en": "Everybody reads it in pairs. " * 8, "zh-Hans": "两人一组阅读并讨论。" * 12}
    return WorkshopDraft(
        tuple(
            TextDraft(lang, title, {"for_whom": line, "objectives": f"- {line}\n- {line}"})
            for lang, title, line in (
                (Lang.ZH, "四十篇的手册", "所有人"),
                (Lang.EN, "A booklet of forty", "Everybody"),
            )
        ),
        WorkshopFacts(
            begins="09:00",
            agenda=tuple(AgendaRow(f"a{at}", 20, said, words) for at in range(20)),
            exercises=tuple(Exercise(f"x{at}", said, words) for at in range(6)),
            materials=tuple(Material(key, words, words) for key in keys),
        ),
    )


def measured(entry_id: int, text: str) -> tuple[float, float, Drawn]:
    """Make the booklet once as the worker does; return the seconds of all of it and of its words, and the file."""
    entry = queries.get(VISITOR, entry_id)
    began = time.perf_counter()
    paper = booklet_of(VISITOR, entry, langs_of(text, Lang.ZH), Reach.EVERYBODY)
    asked = to_draw(paper, VISITOR)
    words = time.perf_counter() - began
    db.session.rollback()
    made = drawn(asked)
    return time.perf_counter() - began, words, made


def asked_for(client: Any, address: str) -> float:
    """Return the seconds that the page with the words takes."""
    began = time.perf_counter()
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return time.perf_counter() - began


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=40)
    parser.add_argument("--keep", type=Path, help="where to leave the booklet in both languages")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = Settings(
            data=data,
            database_url=f"sqlite:///{data / 'cop.db'}",
            secret_key="of a benchmark",
            page_cache_mb=0,
        )
        app = create_app(settings)
        with app.app_context():
            schema.upgrade(db.engine)
            entry_id = prepare(args.entries)
            print(f"{args.entries} entries")
            for text in ("zh", "en", "both"):
                rounds = [measured(entry_id, text) for _round in range(ROUNDS)]
                made = rounds[-1][2]
                print(
                    f"{text:4}  {median(one[0] for one in rounds):5.1f} s"
                    f"  (drawing {median(one[2].seconds for one in rounds):4.1f} s of the processor"
                    f", its words {median(one[1] for one in rounds):4.2f} s)"
                    f"  {max(one[2].memory for one in rounds) / 1e6:4.0f} MB"
                    f"  {made.pages} pages  {len(made.data) / 1e6:.1f} MB of file"
                )
            if args.keep:
                args.keep.write_bytes(made.data)
        seconds = [
            asked_for(app.test_client(), f"/workshops/{entry_id}/booklet?text=both")
            for _round in range(ROUNDS)
        ]
        print(f"its page, both languages: {median(seconds):.2f} s")


if __name__ == "__main__":
    main()
