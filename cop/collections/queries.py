"""Reading collections: what one holds for its reader, and which ones somebody can put an entry into."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cop.collections.draft import CollectionFacts
from cop.collections.operations import KIND, facts_now
from cop.core.db import db
from cop.core.i18n import pick
from cop.core.page import Page
from cop.core.types import Json, Lang
from cop.entries import policy, queries as entries
from cop.entries.cards import Card, CardFacts, cards, headings
from cop.entries.collecting import holding_ids, inside, sources_of
from cop.entries.kinds import IndexFacts
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.people.viewer import Grant, Viewer
from cop.terms.queries import CitedSource, cited_once

#: Collections that the form for putting an entry into one offers.
OFFERED = 40


@dataclass(frozen=True)
class Held:
    """One entry of a collection: its card, and why it is there, in the reader's language where it is told in it."""

    card: Card
    reason: str
    reason_lang: Lang


@dataclass(frozen=True)
class Shown:
    """What a collection shows this reader."""

    held: Sequence[Held]
    sources: Sequence[CitedSource]


def shown(viewer: Viewer, entry: Entry) -> Shown:
    """Return what a collection holds and this reader meets in lists; of the rest nothing, no gap either.

    In a fixed number of queries.
    """
    found = inside(viewer, entry)
    reasons = facts_now(entry).reasons
    rows = [Held(card, *pick(reasons.get(card.key, {}))) for card in cards(viewer, found)]
    cited = sources_of([one.id for one in found])
    return Shown(
        rows,
        cited_once((one.key, one.short, one.citation, one.about, "") for one in cited),
    )


def by_keys(viewer: Viewer, keys: Iterable[str]) -> dict[str, Entry]:
    """Return those of the entries of these keys that the viewer meets in lists and a collection can hold."""
    asked = [key for key in keys if "\0" not in key]
    if not asked:
        return {}
    statement = select(Entry).where(Entry.key.in_(asked), Entry.kind != KIND, policy.listed(viewer))
    return {entry.key: entry for entry in db.session.scalars(statement)}


def titles_of(viewer: Viewer, keys: Sequence[str]) -> dict[str, str]:
    """Return the titles of entries by key, as far as the viewer meets them in lists."""
    found = list(by_keys(viewer, keys).values())
    return {entry.key: heading.title for entry, heading in zip(found, headings(found), strict=True)}


def open_to(viewer: Viewer) -> list[Entry]:
    """Return the collections the viewer can put something into, the one last changed first."""
    statement = select(Entry).where(Entry.kind == KIND, policy.readable(viewer))
    if not viewer.has(Grant.CURATOR):
        statement = statement.where(Entry.author_id == viewer.id)
    statement = statement.order_by(Entry.active_at.desc(), Entry.id.desc()).limit(OFFERED)
    found = db.session.scalars(statement)
    return [entry for entry in found if policy.may(viewer, Act.REVISE, entry)]


def held_already(entry: Entry, collections: Sequence[Entry]) -> set[int]:
    """Return which of these collections, each one the viewer edits, hold the entry."""
    return holding_ids(entry, [one.id for one in collections])


def facts_shown(viewer: Viewer, entry: Entry) -> CollectionFacts:
    """Return what a collection holds as its editor sees it: without what she may not read."""
    return _seen_of(viewer, facts_now(entry))


def facts_told(viewer: Viewer, facts: Json) -> Json:
    """Return what of a collection's facts its reader may know."""
    return _seen_of(viewer, CollectionFacts.from_json(facts)).to_json()


def _seen_of(viewer: Viewer, facts: CollectionFacts) -> CollectionFacts:
    seen = by_keys(viewer, facts.entries)
    return CollectionFacts(
        tuple(key for key in facts.entries if key in seen),
        {key: words for key, words in facts.reasons.items() if key in seen},
    )


def card_facts(ids: Sequence[int]) -> dict[int, CardFacts]:
    """Return what rows of a list show of collections: nothing but what every entry shows."""
    return {one: CardFacts() for one in ids}


def index_facts(ids: Sequence[int]) -> dict[int, IndexFacts]:
    """Return what the index must know of collections.

    Neither what they hold nor why: who finds one by it could not read it there.
    """
    return {one: IndexFacts() for one in ids}


def page(viewer: Viewer, *, older: str | None, newer: str | None) -> Page[Entry]:
    """Return one page of the collections the viewer meets in lists, the newest first."""
    return entries.page(entries.recent(viewer, kind=KIND), older=older, newer=newer)
