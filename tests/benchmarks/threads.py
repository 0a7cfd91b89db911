"""Spaces and threads at two sizes: `python -m tests.benchmarks.threads [--threads 1000 100000] [--replies 5000]`.

Makes a site with a space of each size and a thread of so many replies; asks for the first page of each space, one
in its middle and its last, taking turns, for a visitor without kept pages; then opens the thread at its first, its
middle and its last reply, beside one of fifty replies, and joins it with another and parts them again. Prints
medians of processor time in milliseconds and the ratios, and how many statements the thread asked.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from cop import markup
from cop.app import create_app
from cop.core import clock, schema
from cop.core.db import db, writing
from cop.core.page import Cursor
from cop.discussions import joining, undoing
from cop.discussions.models import Discussion
from cop.entries import moving
from cop.entries.models import Comment, Entry, Revision, Text
from cop.people.viewer import SYSTEM
from cop.settings import Settings
from tests.counting import counted
from tests.make import Make

if TYPE_CHECKING:
    from flask.testing import FlaskClient

_WORDS = "<p>" + "We asked the street first, and then the office. " * 8 + "</p>"
_BATCH = 5_000


def _app(data: Path) -> Any:
    url = os.environ.get("COP_DATABASE_URL") or f"sqlite:///{data / 'cop.db'}"
    settings = Settings(data=data, database_url=url, secret_key="of a benchmark", page_cache_mb=0)
    return create_app(settings)


def prepare(sizes: list[int], replies: int) -> dict[str, Any]:
    """Write the spaces with their threads, and the long and the short thread; return their ids."""
    make = Make()
    with writing():
        author = make.user()
        spaces = {size: make.space(f"a-space-of-{size}").id for size in sizes}
        db.session.commit()
    for size, space_id in spaces.items():
        for first in range(0, size, _BATCH):
            with writing():
                _threads(space_id, author.id, range(first, min(size, first + _BATCH)))
                db.session.commit()
    with writing():
        talk = {number: make.discussion(by=author) for number in (50, replies)}
        found = {number: _replies(entry, number, author.id) for number, entry in talk.items()}
        db.session.commit()
    return {"spaces": spaces, "talk": {n: (e.id, found[n]) for n, e in talk.items()}}


def _threads(space_id: int, author_id: int, numbers: range) -> None:
    started = datetime(2020, 1, 1, tzinfo=clock.now().tzinfo)
    at = {number: started + timedelta(minutes=number) for number in numbers}
    entries = [
        {
            "kind": "discussion",
            "key": f"t-{space_id}-{number}",
            "author_id": author_id,
            "audience": "public",
            "status": "published",
            "visibility": "public",
            "opened_to": "public",
            "name_mask": "shown",
            "written_by": "member",
            "lang": "en",
            "version": 1,
            "created_at": at[number],
            "published_at": at[number],
            "active_at": at[number],
        }
        for number in numbers
    ]
    ids = list(
        db.session.scalars(insert(Entry).returning(Entry.id, sort_by_parameter_order=True), entries)
    )
    texts = [
        {
            "entry_id": one,
            "lang": "en",
            "title": f"An invented question {number}",
            "slug": f"an-invented-question-{number}",
            "number": 1,
            "summary": "Invented.",
            "plain": "Invented.",
        }
        for one, number in zip(ids, numbers, strict=True)
    ]
    text_ids = list(
        db.session.scalars(insert(Text).returning(Text.id, sort_by_parameter_order=True), texts)
    )
    revisions = [
        {
            "text_id": one,
            "number": 1,
            "title": "Invented",
            "sections": {"body": "Invented."},
            "facts": {},
            "html": {"body": "<p>Invented.</p>"},
            "html_version": markup.VERSION,
            "editor_id": author_id,
            "sha256": "",
            "created_at": started,
        }
        for one in text_ids
    ]
    db.session.execute(insert(Revision), revisions)
    facts = [
        {
            "entry_id": one,
            "space_id": space_id,
            "form": "question",
            "pinned": False,
            "unanswered": number % 5 == 0,
            "active_at": at[number],
            "audience": "public",
        }
        for one, number in zip(ids, numbers, strict=True)
    ]
    db.session.execute(insert(Discussion), facts)


def _replies(entry: Entry, number: int, author_id: int) -> list[int]:
    started = clock.now() - timedelta(days=20)
    rows = [
        {
            "key": f"r-{entry.id}-{at}",
            "entry_id": entry.id,
            "author_id": author_id,
            "lang": "en",
            "body": "x",
            "html": _WORDS,
            "html_version": markup.VERSION,
            "status": "published",
            "created_at": started + timedelta(minutes=at),
        }
        for at in range(number)
    ]
    ids = list(
        db.session.scalars(
            insert(Comment).returning(Comment.id, sort_by_parameter_order=True), rows
        )
    )
    db.session.bulk_update_mappings(
        Comment.__mapper__, [{"id": one, "thread_id": one} for one in ids]
    )
    moving.recount(entry)
    return ids


def _address(client: FlaskClient, url: str) -> str:
    answer = client.get(url, follow_redirects=True)
    query = answer.request.query_string.decode()
    return f"{answer.request.path}?{query}" if query else answer.request.path


def _places(client: FlaskClient, space_id: int, size: int) -> dict[str, str]:
    """Return the addresses of the first page of a space, one in its middle and its last."""
    base = _address(client, f"/spaces/{space_id}")
    rows = db.session.execute(
        select(Discussion.active_at, Discussion.entry_id)
        .where(Discussion.space_id == space_id)
        .order_by(Discussion.active_at)
        .offset(10)
        .limit(1)
    ).all()
    middle = db.session.execute(
        select(Discussion.active_at, Discussion.entry_id)
        .where(Discussion.space_id == space_id)
        .order_by(Discussion.active_at)
        .offset(size // 2)
        .limit(1)
    ).all()

    return {
        "first page": base,
        "in the middle": f"{base}?older={Cursor(*middle[0]).encode()}",
        "last page": f"{base}?older={Cursor(*rows[0]).encode()}",
    }


def timed(client: FlaskClient, addresses: dict[str, str], rounds: int) -> dict[str, float]:
    """Return the median of each address, taking turns."""
    spent: dict[str, list[float]] = {name: [] for name in addresses}
    for count in range(rounds + 2):
        for name, url in addresses.items():
            started = time.process_time()
            answer = client.get(url)
            took = time.process_time() - started
            if answer.status_code != 200:
                message = f"{url} answered {answer.status_code}"
                raise RuntimeError(message)
            if count > 1:
                spent[name].append(took * 1000)
    return {name: median(times) for name, times in spent.items()}


def _join(talk: dict[int, tuple[int, list[int]]], replies: int) -> None:
    (into, _few), (long, _many) = talk[50], talk[replies]
    with writing(), counted() as seen:
        started = time.perf_counter()
        row = joining.merge(by=SYSTEM, entry_id=long, into_id=into, reason="Measured.")
        db.session.commit()
        joined = time.perf_counter() - started
    print(f"joined {replies:,} replies in {joined:.2f} s, {len(seen)} statements")
    number = row.id
    with writing(), counted() as seen:
        started = time.perf_counter()
        undoing.undo(by=SYSTEM, rearrangement_id=number, reason="Measured.")
        db.session.commit()
        parted = time.perf_counter() - started
    print(f"parted them again in {parted:.2f} s, {len(seen)} statements")


def main() -> None:
    """Make the site and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.threads", description=__doc__)
    parser.add_argument("--threads", type=int, nargs=2, default=[1_000, 100_000])
    parser.add_argument("--replies", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        with app.app_context():
            schema.upgrade(db.engine)
            made = prepare(given.threads, given.replies)
            client = app.test_client()
            small, large = given.threads
            asked = {
                (size, name): url
                for size in given.threads
                for name, url in _places(client, made["spaces"][size], size).items()
            }
            spent = timed(client, {f"{s} {n}": url for (s, n), url in asked.items()}, given.rounds)
            for name in ("first page", "in the middle", "last page"):
                one, other = spent[f"{small} {name}"], spent[f"{large} {name}"]
                print(f"{name:14} {one:6.1f} ms {other:6.1f} ms  ratio {other / one:.2f}")
            for number, (entry_id, ids) in made["talk"].items():
                base = _address(client, f"/discussions/{entry_id}")
                places = {
                    "beginning": base,
                    "middle": f"{base}?comment={ids[number // 2]}",
                    "end": f"{base}?comment={ids[-1]}",
                }
                for name, milliseconds in timed(client, places, given.rounds // 2).items():
                    with counted() as seen:
                        answer = client.get(places[name])
                    size = len(answer.data) // 1024
                    print(
                        f"{number:6,} replies, {name:10} {milliseconds:6.1f} ms,"
                        f" {len(seen)} statements, {size} KB unpacked"
                    )
            _join(made["talk"], given.replies)


if __name__ == "__main__":
    main()
