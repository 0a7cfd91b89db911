"""The plain text of what was published before there was a column for it is filled in by the migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import JSON, DateTime, column, insert, select, table

from cop.app import create_app
from cop.core import schema
from cop.core.clock import now
from cop.core.db import db
from cop.entries.telling import plain
from cop.entries.titles import name_of
from cop.entries.wiki_models import Title
from tests.conftest import test_settings
from tests.databases import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Engine

HTML = {
    "what_happened": "<p>They <em>came</em> &amp; stayed.</p>\n<p>He left.</p>",
    "context": "<ul>\n<li>一把手</li>\n<li>换了</li>\n</ul>",
    "outcome_reason": "<p>It held.</p>",
}
#: More than the migration reads at a time.
COUNT = 1202
WORDS = "It held.\n一把手 换了\nThey came & stayed. He left."

_TIME = DateTime(timezone=True)
_entries = table(
    "entries",
    *(column(name) for name in ("id", "kind", "key", "audience", "status", "visibility")),
    *(column(name) for name in ("name_mask", "written_by", "lang", "version")),
    *(column(name, _TIME) for name in ("created_at", "published_at", "active_at")),
)
_texts = table(
    "texts",
    *(column(name) for name in ("id", "entry_id", "lang", "title", "slug", "summary", "number")),
)
_revisions = table(
    "revisions",
    *(column(name) for name in ("text_id", "number", "title", "note", "sha256", "html_version")),
    *(column(name, JSON) for name in ("sections", "facts", "html")),
    column("created_at", _TIME),
)
_NOTE = {
    "kind": "note",
    "audience": "public",
    "status": "published",
    "visibility": "public",
    "name_mask": "shown",
    "written_by": "member",
    "lang": "en",
    "version": 1,
}
_TEXT = {
    "lang": "en",
    "title": "A title",
    "slug": "a-title",
    "summary": "",
    "number": 2,
}
_REVISION = {
    "title": "A title",
    "note": "",
    "sha256": "",
    "html_version": 1,
    "sections": {},
    "facts": {},
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Connect to a database of the first release with published texts of two revisions each."""
    with fresh_database(tmp_path) as url:
        app = create_app(test_settings(tmp_path, url))
        with app.app_context():
            schema.upgrade(db.engine, "0001")
            _fill(db.engine)
            yield db.engine
            db.engine.dispose()


def _fill(engine: Engine) -> None:
    rows = range(1, COUNT + 1)
    times = dict.fromkeys(("created_at", "published_at", "active_at"), now())
    with engine.begin() as connection:
        connection.execute(
            insert(_entries), [{**_NOTE, **times, "id": row, "key": f"k{row}"} for row in rows]
        )
        connection.execute(insert(_texts), [{**_TEXT, "id": row, "entry_id": row} for row in rows])
        for number, html in ((1, {"context": "<p>Earlier words</p>"}), (2, HTML)):
            state = {**_REVISION, "number": number, "html": html, "created_at": now()}
            state["title"] = "A title" if number == 2 else "领導 EARLIER"
            connection.execute(insert(_revisions), [{**state, "text_id": row} for row in rows])


def test_each_text_gets_the_words_of_its_published_revision(engine: Engine) -> None:
    schema.upgrade(engine)
    with engine.connect() as connection:
        words = connection.scalars(select(column("plain")).select_from(_texts)).all()
    assert len(words) == COUNT
    assert set(words) == {WORDS}


def test_titles_of_today_and_earlier_ones_are_names_for_links(engine: Engine) -> None:
    schema.upgrade(engine)
    statement = select(Title.entry_id, Title.lang, Title.folded, Title.current)
    with engine.connect() as connection:
        names = connection.execute(statement).all()
    assert len(names) == 2 * COUNT
    assert {tuple(name[1:]) for name in names} == {
        ("en", "a title", True),
        ("en", name_of("领導 EARLIER"), False),
    }


def test_the_program_writes_the_same_words_as_the_migration(app: Flask) -> None:
    assert plain("note", HTML) == WORDS


def test_the_way_back_keeps_every_text(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.downgrade(engine, "0001")
    with engine.connect() as connection:
        assert len(connection.scalars(select(_texts.c.title)).all()) == COUNT
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert set(connection.scalars(select(column("plain")).select_from(_texts))) == {WORDS}
