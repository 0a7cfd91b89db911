"""What became of what a workshop is built on, for those who prepare it: what says something else now, what is gone.

A page says something else where who changed it said so, and where its verdict changed: the outcome of a case note,
the grade of a practice page. Everybody else sees what there is and nothing of what is missing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import current_lang, pick
from cop.core.types import Json, Lang
from cop.entries import queries
from cop.entries.cards import Card
from cop.entries.models import Entry, Revision, Status, Text, Visibility
from cop.entries.significance import Significance
from cop.people.viewer import Viewer
from cop.workshops.queries import WorkshopShown
from cop.workshops.session_models import WorkshopSession

#: Facts that are a verdict.
_VERDICTS = ("outcome", "grade")


def verdict(facts: Json) -> list[object]:
    """Return what the facts of an entry judge."""
    return [facts.get(name) for name in _VERDICTS]


@dataclass(frozen=True)
class Changed:
    """Something that says something else now, with the comparison of exactly the two states."""

    card: Card
    href: str


@dataclass(frozen=True)
class Became:
    """What became of what a workshop is built on since a moment."""

    since: datetime
    #: Whether that was when it was given last; else when somebody last worked on it.
    since_given: bool
    changed: Sequence[Changed]
    #: What those who prepare it wrote beside what is not open to this one any more; "" where nothing.
    gone: Sequence[str]
    #: What some of those who read the workshop cannot open.
    narrower: Sequence[Card] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is to be said."""
        return not (self.changed or self.gone or self.narrower)


def is_narrower(entry: Entry, workshop: Entry) -> bool:
    """Tell whether some who read a workshop cannot read this, which it is built on."""
    if workshop.visibility == Visibility.PUBLIC:
        return entry.visibility != Visibility.PUBLIC
    return entry.visibility == Visibility.CIRCLE and (
        workshop.visibility != Visibility.CIRCLE or workshop.circle_id != entry.circle_id
    )


def became(viewer: Viewer, entry: Entry, shown: WorkshopShown) -> Became:
    """Return what became of it, as `viewer`, who prepares it and is `shown` it, may know. Nobody else may."""
    cards = [one.card for rows in shown.materials.values() for one in rows]
    given = db.session.scalar(
        select(func.max(WorkshopSession.ends_at)).where(
            WorkshopSession.entry_id == entry.id,
            WorkshopSession.ends_at <= clock.now(),
            WorkshopSession.called_off_at.is_(None),
        )
    )
    since = given or queries.latest_facts(entry).created_at
    there = {card.key for card in cards}
    missing = [one for one in shown.facts.materials if one.id not in there]
    kept = _kept_from(viewer, [one.id for one in missing])
    return Became(
        since=since,
        since_given=given is not None,
        changed=_changed(cards, since),
        gone=[pick(one.why)[0] for one in missing if one.id not in kept],
        narrower=_narrower(entry, cards),
    )


def _kept_from(viewer: Viewer, keys: Sequence[str]) -> set[str]:
    """Return those of these entries that are others' alone: there, but not for her, or of a circle she is not in."""
    if not keys:
        return set()
    rows = db.session.execute(
        select(Entry.key, Entry.status, Entry.visibility, Entry.circle_id).where(
            Entry.key.in_(sorted(keys))
        )
    )
    return {
        row.key
        for row in rows
        if row.status == Status.PUBLISHED
        or (row.visibility == Visibility.CIRCLE and row.circle_id not in viewer.circles)
    }


def _narrower(workshop: Entry, cards: Sequence[Card]) -> list[Card]:
    found = db.session.scalars(select(Entry).where(Entry.id.in_([card.id for card in cards])))
    narrower = {one.id for one in found if is_narrower(one, workshop)}
    return [card for card in cards if card.id in narrower]


@dataclass(frozen=True)
class _State:
    """A published state of one telling."""

    number: int
    is_new: bool
    #: Whether it says something else than the one before.
    means: bool
    sha256: str


def _changed(cards: Sequence[Card], since: datetime) -> list[Changed]:
    """Return what changed its meaning, in the order of the cards, in one query; nothing that is as it was."""
    compared = {
        told: (old.number, states[-1].number)
        for told, states in _states([card.id for card in cards], since).items()
        if any(one.is_new and one.means for one in states)
        and (old := _before(states)).sha256 != states[-1].sha256
    }
    chosen = [(card, _telling(card, compared)) for card in cards]
    return [
        Changed(card, _href(card, one, *compared[one])) for card, one in chosen if one is not None
    ]


def _before(states: Sequence[_State]) -> _State:
    """Return what stood there at that moment, or the first state of what did not stand there yet."""
    return next((one for one in reversed(states) if not one.is_new), states[0])


def _states(ids: Sequence[int], since: datetime) -> dict[tuple[int, str], list[_State]]:
    """Return the states of each telling that was revised since, by entry and language, the first one first."""
    newer = select(Revision.text_id).where(Revision.created_at > since, Revision.number > 1)
    rows = db.session.execute(
        select(
            Text.entry_id,
            Text.lang,
            Revision.number,
            Revision.created_at,
            Revision.facts,
            Revision.significance,
            Revision.sha256,
            Revision.suppressed_at,
        )
        .join(Revision, Revision.text_id == Text.id)
        .where(Text.entry_id.in_(ids), Text.id.in_(newer))
        .order_by(Text.id, Revision.number)
    ).all()
    states: dict[tuple[int, str], list[_State]] = {}
    judged: dict[tuple[int, str], list[object]] = {}
    for row in rows:
        told, now = (row.entry_id, row.lang), verdict(row.facts)
        means = row.significance == Significance.MEANING
        if row.suppressed_at is None:
            # What was removed judges nothing.
            means = means or judged.get(told, now) != now
            judged[told] = now
        new = row.created_at > since
        states.setdefault(told, []).append(_State(row.number, new, means, row.sha256))
    return states


def _telling(card: Card, compared: Collection[tuple[int, str]]) -> tuple[int, str] | None:
    """Return the telling to be compared: in the reader's language where that one changed."""
    langs = (current_lang(), current_lang().other)
    return next(
        ((card.id, lang.value) for lang in langs if (card.id, lang.value) in compared), None
    )


def _href(card: Card, told: tuple[int, str], old: int, new: int) -> str:
    lang = Lang(told[1]).tag
    values: dict[str, Any] = {"from": old, "to": new, "text": lang}
    return url_for("entries.diff", entry_id=card.id, **values)
