"""Fill a site with generated notes: `python -m tests.benchmarks.generator --data DIR --entries 100000 --seed 7`.

The data folder may be new; it gets the starter content first. Running again goes on where the last run ended.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from cop.app import create_app
from cop.core import clock, schema
from cop.core.db import db, writing
from cop.core.types import Lang
from cop.discover import indexing
from cop.entries.models import Entry
from cop.exchange.starter import load_starter, starter_is_loaded
from cop.people.models import AccountStatus, Organisation, User
from cop.people.organisations import folded_names, sort_keys
from cop.settings import Settings
from cop.terms.models import Scheme, Source, Term
from tests.benchmarks.bulk import Writer
from tests.benchmarks.composing import AUTHORS, Composer, Words
from tests.benchmarks.words import SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable

#: Notes written in one transaction.
_BATCH = 1000
#: One invented organisation for so many notes.
_NOTES_AN_ORGANISATION = 50


def fill(entries: int, *, seed: int, say: Callable[[str], None] = print) -> int:
    """Bring the database of the current application to so many generated notes; return how many were new."""
    authors = invented_authors()
    invented_organisations(entries // _NOTES_AN_ORGANISATION)
    there = generated_count(seed)
    composer, writer = Composer(known_words(), seed), Writer(authors)
    started = time.perf_counter()
    for first in range(there, entries, _BATCH):
        last = min(first + _BATCH, entries)
        with writing():
            writer.write([composer.note(number) for number in range(first, last)])
            db.session.commit()
        db.session.remove()
        if last % (10 * _BATCH) == 0:
            say(f"{last:,} notes, {time.perf_counter() - started:.0f} s")
    return max(0, entries - there)


def generated_count(seed: int) -> int:
    """Return how many notes of this seed there are."""
    pattern = f"generated-{seed}-%"
    return db.session.scalar(select(func.count(Entry.id)).where(Entry.key.like(pattern))) or 0


def known_words() -> Words:
    """Return what notes may name, each list in an order of its own that never changes."""
    terms: dict[str, list[str]] = {}
    for scheme, key in db.session.execute(
        select(Scheme.key, Term.key)
        .join(Scheme, Scheme.id == Term.scheme_id)
        .where(Term.merged_into_id.is_(None))
    ):
        terms.setdefault(scheme, []).append(key)
    return Words(
        terms={scheme: _shuffled(keys, scheme) for scheme, keys in terms.items()},
        organisations=_shuffled(db.session.scalars(select(Organisation.key)), "organisations"),
        sources=_shuffled(db.session.scalars(select(Source.key)), "sources"),
    )


def _shuffled(keys: object, name: str) -> tuple[str, ...]:
    found = sorted(keys)  # type: ignore[call-overload]
    Random(name).shuffle(found)
    return tuple(found)


def invented_authors() -> list[int]:
    """Return the ids of the invented authors, who are made when they are not there."""
    with writing():
        rows = select(User.handle, User.id).where(User.handle.like("generated-%"))
        found = {row.handle: row.id for row in db.session.execute(rows)}
        handles = [f"generated-{number:03d}" for number in range(AUTHORS)]
        made = [
            User(
                handle=handle,
                email=f"{handle}@example.org",
                name=f"Invented Author {handle[-3:]}",
                status=AccountStatus.ACTIVE.value,
                lang=(Lang.EN if number % 4 == 0 else Lang.ZH).value,
                created_at=clock.now(),
                confirmed_at=clock.now(),
                trusted_at=clock.now(),
            )
            for number, handle in enumerate(handles)
            if handle not in found
        ]
        db.session.add_all(made)
        db.session.flush()
        found |= {user.handle: user.id for user in made}
        db.session.commit()
    return [found[handle] for handle in handles]


def invented_organisations(number: int) -> None:
    """Make the directory hold so many invented organisations."""
    there = set(db.session.scalars(select(Organisation.key).where(Organisation.key.like("gen-%"))))
    rows = []
    for count in range(number):
        rng = Random(f"organisation:{count}")
        key = f"gen-{count:05d}"
        if key in there:
            continue
        zh, en = (
            f"{rng.choice(SLOTS[lang]['where'])}{gap}{rng.choice(SLOTS[lang]['what'])}{gap}{end}"
            for lang, gap, end in (
                (Lang.ZH, "", f"服务社{count}"),
                (Lang.EN, " ", f"Group {count}"),
            )
        )
        name = {Lang.ZH.value: zh, Lang.EN.value: en}
        sort_zh, sort_en = sort_keys(name)
        rows.append(
            {
                "key": key,
                "name": name,
                "folded": folded_names(name),
                "sort_zh": sort_zh,
                "sort_en": sort_en,
                "written_by": "member",
                "created_at": clock.now(),
            }
        )
    if rows:
        with writing():
            db.session.execute(insert(Organisation), rows)
            db.session.commit()


def main() -> int:
    """Fill a data folder and rebuild its index."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.generator")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-index", action="store_true", help="leave the index as it is")
    asked = parser.parse_args()
    started = time.perf_counter()
    with create_app(Settings.from_env(data=asked.data)).app_context():
        schema.upgrade(db.engine)
        if not starter_is_loaded():
            load_starter()
        made = fill(asked.entries, seed=asked.seed)
        print(f"{made:,} notes written after {time.perf_counter() - started:.0f} s")
        if not asked.no_index:
            count = indexing.rebuild(_every_ten_thousand)
            print(f"{count:,} entries indexed after {time.perf_counter() - started:.0f} s")
    return 0


def _every_ten_thousand(done: int) -> None:
    if done % 10_000 == 0:
        print(f"{done:,} entries indexed", flush=True)


if __name__ == "__main__":
    sys.exit(main())
