"""The pages that are measured: every kind of page and list, at its easiest and at its hardest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cop.core.db import db
from cop.core.page import Cursor
from cop.entries.models import Entry, Status, Tagging, Text
from cop.notes.models import CaseNote
from cop.people import devices
from cop.people.models import User
from cop.terms.models import Scheme, Term

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@dataclass(frozen=True)
class Visit:
    """A page by the name it is reported under."""

    name: str
    url: str


def visits() -> list[Visit]:
    """Return the pages to ask for, with the rarest and commonest terms of this very database."""
    strategies, sectors, places = (_by_use(scheme) for scheme in ("strategy", "sector", "place"))
    common, rare, usual = strategies[0], strategies[-1], strategies[len(strategies) // 2]
    middle, last = _deep(0.5), _deep(0.99)
    note, note_slug = _note()
    return [
        Visit("home", "/"),
        Visit("notes", "/notes/"),
        Visit("notes, half way back", f"/notes/?older={middle}"),
        Visit("notes, at the end", f"/notes/?older={last}"),
        Visit("notes, towards newer", f"/notes/?newer={middle}"),
        Visit("notes of a common strategy", f"/notes/?strategy={common}"),
        Visit("notes of a usual strategy", f"/notes/?strategy={usual}"),
        Visit("notes of a rare strategy", f"/notes/?strategy={rare}"),
        Visit("… half way back", f"/notes/?strategy={common}&older={middle}"),
        Visit("notes of a common sector", f"/notes/?sector={sectors[0]}"),
        Visit("notes of a rare sector", f"/notes/?sector={sectors[-1]}"),
        Visit("notes of a place", f"/notes/?place={places[0]}"),
        Visit("notes of a rare place", f"/notes/?place={places[-1]}"),
        Visit("notes by outcome", "/notes/?outcome=failed"),
        Visit("notes by evidence", "/notes/?evidence=second-hand"),
        Visit("notes by language", "/notes/?text=en"),
        Visit("notes by period", "/notes/?since=2015&until=2016"),
        Visit("notes of long ago", "/notes/?until=1990"),
        Visit("two filters, many", f"/notes/?strategy={common}&outcome=worked"),
        Visit("two filters, few", f"/notes/?strategy={rare}&sector={sectors[0]}"),
        Visit("two rare filters", f"/notes/?strategy={rare}&place={places[-1]}"),
        Visit("two usual filters", f"/notes/?strategy={usual}&sector={sectors[len(sectors) // 2]}"),
        Visit("five filters", _many(common, sectors[0], places[0])),
        Visit("a note", f"/notes/{note}-{note_slug}"),
        Visit("its history", f"/entries/{note}/history"),
        Visit("terms", "/terms/"),
        Visit("a common term", f"/terms/strategy/{common}"),
        Visit("a rare term", f"/terms/strategy/{rare}"),
        Visit("a place term", f"/terms/place/{places[0]}"),
        Visit("an outcome term", "/terms/outcome/failed"),
        Visit("organisations", "/organisations/"),
        Visit("an organisation", f"/organisations/{_organisation()}"),
    ]


def ledgers() -> list[Visit]:
    """Return what the notes on the busiest strategy add up to, the lists behind its numbers, and all strategies."""
    busiest = f"/practices/{_by_use('strategy')[0]}"
    return [
        Visit("the busiest strategy", busiest),
        Visit("its notes that worked", f"{busiest}/notes?outcome=worked"),
        Visit("its named organisations", f"{busiest}/notes?organisation=known"),
        Visit("all strategies", "/practices/"),
    ]


def searches() -> list[Visit]:
    """Return the searches to make: their time is the engine's."""
    return [
        Visit("search: one Han character", "/search?q=水"),
        Visit("search: a Chinese word", "/search?q=社区"),
        Visit("search: a Chinese question", "/search?q=怎么和街道办事处谈垃圾分类"),
        Visit("search: two English words", "/search?q=residents+committee"),
        Visit("search: with filters", "/search?q=社区&outcome=failed&text=zh"),
        Visit("search: no match", "/search?q=zzxqj"),
    ]


def signed_in(app: Flask, client: FlaskClient) -> FlaskClient:
    """Sign the client in as the invented author with most notes, and return it."""
    with app.app_context():
        user = db.session.scalars(select(User).where(User.handle == "generated-000")).one()
        _row, token = devices.begin(user=user, user_agent="Benchmark")
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def _by_use(scheme: str) -> list[str]:
    """Return the keys of a scheme's terms that notes carry, commonest first."""
    uses = (
        select(CaseNote.place_id.label("term_id"))
        if scheme == "place"
        else select(Tagging.term_id.label("term_id"))
    ).subquery()
    statement = (
        select(Term.key)
        .join(Scheme, Scheme.id == Term.scheme_id)
        .join(uses, uses.c.term_id == Term.id)
        .where(Scheme.key == scheme)
        .group_by(Term.key)
        .order_by(func.count().desc(), Term.key)
    )
    return list(db.session.scalars(statement))


def _deep(share: float) -> str:
    total = db.session.scalar(select(func.count(Entry.id))) or 0
    row = db.session.execute(
        select(Entry.published_at, Entry.id)
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .offset(int(total * share))
        .limit(1)
    ).one()
    return Cursor(row.published_at, row.id).encode()


def _note() -> tuple[int, str]:
    """Return the public note with most revisions."""
    row = db.session.execute(
        select(Entry.id, Text.slug)
        .join(Text, Text.entry_id == Entry.id)
        .where(Entry.audience == "public", Entry.status == Status.PUBLISHED)
        .order_by(Text.number.desc(), Entry.id)
        .limit(1)
    ).one()
    return row.id, row.slug


def _organisation() -> int:
    """Return the organisation most notes name."""
    return db.session.scalars(
        select(CaseNote.organisation_id)
        .where(CaseNote.organisation_id.is_not(None))
        .group_by(CaseNote.organisation_id)
        .order_by(func.count().desc())
        .limit(1)
    ).one()


def _many(strategy: str, sector: str, place: str) -> str:
    return f"/notes/?strategy={strategy}&sector={sector}&place={place}&outcome=worked&since=2015"
