"""Notes that name no strategy of the list (any more), and what a curator does about one. Actor first, no commit.

No form and no file lets a note be published without a strategy, but a file can move a term to another list, or merge
it into one there. A note that named it alone is found by no strategy and counts in no ledger: it waits for a curator.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select, tuple_

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.keyset import place_of
from cop.core.page import Cursor
from cop.core.types import Lang
from cop.entries import policy, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry, Visibility
from cop.entries.policy import Act
from cop.entries.significance import Change
from cop.notes import operations
from cop.notes.draft import NoteFacts
from cop.notes.living import facts_of
from cop.notes.models import StrategyUse
from cop.notes.operations import KIND, REASON_LIMIT
from cop.notes.tagging import carrying
from cop.people.viewer import Viewer
from cop.terms.vocabulary import TermView, vocabulary

_STRATEGY = "strategy"


def unfiled(viewer: Viewer) -> Select[int, datetime | None]:
    """Return the statement of (note, since when) of notes without a strategy, of those this viewer finds in lists."""
    words = vocabulary()
    strategies = [
        term.id for term in words.by_id.values() if words.resolved(term).scheme == _STRATEGY
    ]
    # A note names few terms: they are looked through, not each of the list looked up, as an index would invite to.
    is_filed = exists().where(
        StrategyUse.entry_id == Entry.id, (StrategyUse.term_id + 0).in_(strategies)
    )
    return select(Entry.id, Entry.published_at).where(
        Entry.kind == KIND,
        ~is_filed,
        policy.listed(viewer),
        Entry.visibility != Visibility.CIRCLE.value,
    )


def oldest(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[tuple[int, Any]]:
    """Return (note, since when) of notes without a strategy, those that wait longest first, after a place."""
    statement = unfiled(viewer)
    if after is not None:
        statement = statement.where(tuple_(Entry.published_at, Entry.id) > place_of(after))
    statement = statement.order_by(Entry.published_at, Entry.id).limit(most)
    return [(entry_id, since) for entry_id, since in db.session.execute(statement)]


def lost(entry: Entry) -> list[TermView]:
    """Return the terms a note names as strategies that are none (any more)."""
    words = vocabulary()
    named = NoteFacts.from_json(queries.latest_facts(entry).facts).strategies
    found = (words.resolved(words.by_key[key]) for key in named if key in words.by_key)
    return [term for term in found if term.scheme != _STRATEGY]


def is_filed(entry: Entry) -> bool:
    """Tell whether a note names a strategy of the list."""
    return bool(_kept(facts_of(queries.latest_facts(entry))))


def _kept(facts: NoteFacts) -> tuple[str, ...]:
    words = vocabulary()
    there = (key for key in facts.strategies if key in words.by_key)
    return tuple(key for key in there if words.by_key[key].scheme == _STRATEGY)


def file_note(*, by: Viewer, entry_id: int, strategies: Sequence[str], reason: str) -> bool:
    """Say which strategies a note tells of that names none, for a reason; return whether it named none until now.

    What it named before is carried on, where notes carry terms of that list.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.FILE, entry)
    now = facts_of(queries.latest_facts(entry))
    if _kept(now):
        return False
    if not reason:
        raise Invalid("reason", _l("Give a reason; it is kept with the change."))
    if len(reason) > REASON_LIMIT:
        raise Invalid(
            "reason",
            _l("One line is enough here: at most %(limit)s characters.", limit=REASON_LIMIT),
        )
    chosen = tuple(dict.fromkeys(strategies))
    told = list(now.uses.values())
    # What was told of the one is told of the other; of several nobody can say which.
    uses = {chosen[0]: told[0]} if len(told) == len(chosen) == 1 else {}
    facts = replace(now, strategies=chosen, uses=uses)
    for term in lost(entry):
        facts = carrying(facts, term)
    text = queries.text_for(entry, Lang(entry.lang))
    current = queries.current(text)
    draft = TextDraft(Lang(text.lang), current.title, current.sections)
    operations.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, change=Change(reason), act=Act.FILE
    )
    return True
