"""When workshops are given, as rows of their records: without the link for taking part, and without who comes."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.models import Entry
from cop.exchange.shapes import Record
from cop.people.viewer import Viewer
from cop.terms.vocabulary import vocabulary
from cop.workshops.session_models import Spoken, WorkshopSession
from cop.workshops.session_times import last_day_of
from cop.workshops.sessions import SessionDraft, bring_session


def given(entry_ids: Sequence[int]) -> dict[int, list[Record]]:
    """Return the dates of workshops as rows, the first added first; what was taken away is left out."""
    found: dict[int, list[Record]] = {}
    statement = (
        select(WorkshopSession)
        .where(WorkshopSession.entry_id.in_(entry_ids), WorkshopSession.removed_at.is_(None))
        .order_by(WorkshopSession.entry_id, WorkshopSession.number)
    )
    for row in db.session.scalars(statement):
        found.setdefault(row.entry_id, []).append(_row(row))
    return found


def _row(row: WorkshopSession) -> Record:
    several = row.ends_local.date() != row.starts_local.date()
    closes = last_day_of(row.closes_at, row.timezone)
    place = vocabulary().by_id.get(row.place_id or 0)
    spoken = row.spoken if row.spoken == Spoken.BOTH else Lang(row.spoken).tag
    values = {
        "id": row.uid,
        "day": row.starts_local.date().isoformat(),
        "begins": f"{row.starts_local:%H:%M}",
        "last_day": row.ends_local.date().isoformat() if several else None,
        "ends": f"{row.ends_local:%H:%M}",
        "timezone": row.timezone,
        "place": place.key if place is not None else None,
        "venue": row.venue,
        "online": row.online or None,
        "lang": spoken,
        "sign_up": None if row.takes_sign_ups else False,
        "seats": row.seats,
        "closes": closes.isoformat() if closes is not None else None,
        "called_off": row.called_off_because,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def bring(author: Viewer, entry: Entry, rows: Sequence[Record]) -> None:
    """Add the dates that a file holds to a workshop that is new here."""
    for row in rows:
        bring_session(
            by=author,
            entry_id=entry.id,
            draft=_draft(row),
            uid=row.get("id", ""),
            called_off_because=row.get("called_off", ""),
        )


def _draft(row: Record) -> SessionDraft:
    first, closes = date.fromisoformat(row["day"]), row.get("closes")
    last = date.fromisoformat(row.get("last_day") or row["day"])
    lang = Lang.of_tag(row.get("lang", "both"))
    return SessionDraft(
        starts=datetime.combine(first, time.fromisoformat(row["begins"])),
        ends=datetime.combine(last, time.fromisoformat(row["ends"])),
        timezone=row["timezone"],
        place=row.get("place", ""),
        venue=row.get("venue", ""),
        online=row.get("online", False),
        spoken=Spoken(lang.value) if lang is not None else Spoken.BOTH,
        takes_sign_ups=row.get("sign_up", True),
        seats=row.get("seats"),
        closes_on=date.fromisoformat(closes) if closes else None,
    )
