"""Ledgers as each process keeps them, brought up to date from the events before every use.

Kept are the uses of a strategy by all published notes, whoever may read them; what one reader's ledger
holds is picked by the labels she meets, with the rule that lists go by. A change of a note reads that
note's uses again and no others, so a page costs the same however many notes there are. The events are
read in the transaction of the request: what is kept is never older than what the request reads.
"""

import time
from array import array
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from flask import Flask, current_app
from sqlalchemy import bindparam, func, select

from cop.core.db import db, rows
from cop.entries import policy
from cop.entries.models import Entry, Link, Status
from cop.entries.originals import RELATION_VALUES
from cop.events.following import Follower
from cop.notes.models import CaseNote, StrategyUse
from cop.notes.narrowing import with_merged
from cop.people.viewer import Viewer
from cop.practices.ledger import Ledger, Use, use_of
from cop.terms.vocabulary import Vocabulary, vocabulary

#: Uses kept at most, of the strategies last asked for: some 15 MB.
MOST_USES = 60_000
#: Ledgers made of the uses of one strategy, for readers who meet different labels.
MOST_READERS = 8
#: Seconds after which uses are read anew although nothing is known to have changed.
OLDEST = 600.0

_EXTENSION = "cop.practices.kept"
_RELATION = (
    select(func.min(Link.kind))
    .where(Link.entry_id == StrategyUse.entry_id, Link.kind.in_(RELATION_VALUES))
    .correlate(StrategyUse)
    .scalar_subquery()
)
_COLUMNS = (
    StrategyUse.term_id,
    Entry.audience,
    Entry.published_at,
    Entry.id,
    CaseNote.project,
    StrategyUse.outcome,
    CaseNote.outcome,
    CaseNote.place_id,
    CaseNote.organisation_id,
    StrategyUse.durability,
    CaseNote.evidence,
    Entry.written_by,
    CaseNote.started,
    _RELATION,
)
# Built once.
_USES = (
    select(*_COLUMNS)
    .join(CaseNote, CaseNote.entry_id == StrategyUse.entry_id)
    .join(Entry, Entry.id == StrategyUse.entry_id)
    .where(Entry.status == Status.PUBLISHED.value)
)
_ASKED = StrategyUse.term_id.in_(bindparam("ids", expanding=True))
_IDS = (
    select(StrategyUse.term_id, StrategyUse.entry_id).where(_ASKED).order_by(StrategyUse.entry_id)
)
_OF_USES = (
    select(StrategyUse.term_id, Entry.audience)
    .join(CaseNote, CaseNote.entry_id == StrategyUse.entry_id)
    .join(Entry, Entry.id == StrategyUse.entry_id)
    .where(_ASKED, Entry.status == Status.PUBLISHED.value)
)
_SINGLE = (
    _OF_USES.add_columns(func.count())
    .where(CaseNote.project.is_(None))
    .group_by(StrategyUse.term_id, Entry.audience)
)
_PROJECTS = _OF_USES.add_columns(CaseNote.project).where(CaseNote.project.is_not(None)).distinct()


@dataclass
class _Strategy:
    """What is kept of one strategy."""

    #: Ids of the notes that use it, ascending.
    ids: "array[int]"
    audiences: frozenset[str]
    read_at: float
    #: Newest note first; None where others took the room.
    uses: tuple[Use, ...] | None
    #: By the labels that make a difference here.
    ledgers: "OrderedDict[frozenset[str], Ledger]" = field(default_factory=OrderedDict)
    #: By audience: how many notes are of no project, and the projects of the others.
    single: Counter[str] = field(default_factory=Counter)
    projects: dict[str, set[str]] = field(default_factory=dict)

    def experiences(self, labels: frozenset[str]) -> int:
        """Return how many experiences the ledger of who meets these labels holds."""
        told = [self.projects[one] for one in labels & self.projects.keys()]
        return sum(self.single[one] for one in labels) + len(set().union(*told))

    def holds(self, entry_ids: Collection[int]) -> bool:
        """Tell whether one of these notes uses the strategy, as far as is known."""
        for one in entry_ids:
            at = bisect_left(self.ids, one)
            if at < len(self.ids) and self.ids[at] == one:
                return True
        return False


class KeptLedgers:
    """The ledgers of one process."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._lock = Lock()
        self._follower = Follower()
        self._words: Vocabulary | None = None
        self._kept: OrderedDict[int, _Strategy] = OrderedDict()

    def ledgers(self, viewer: Viewer, term_ids: Sequence[int]) -> dict[int, Ledger]:
        """Return the ledgers of living strategies for this reader, in a fixed number of queries."""
        labels = policy.listed_labels(viewer)
        with self._lock:
            self._refresh()
            self._read([one for one in term_ids if self._uses(one) is None])
            found = {one: _ledger(self._kept[one], labels) for one in term_ids}
            self._make_room()
        return found

    def counts(self, viewer: Viewer, term_ids: Sequence[int]) -> dict[int, int]:
        """Return how many experiences the ledgers of strategies hold for this reader."""
        labels = policy.listed_labels(viewer)
        with self._lock:
            self._refresh()
            self._count([one for one in term_ids if self._held(one) is None])
            return {one: self._kept[one].experiences(labels) for one in term_ids}

    def _uses(self, term_id: int) -> tuple[Use, ...] | None:
        kept = self._held(term_id)
        if kept is None:
            return None
        self._kept.move_to_end(term_id)
        return kept.uses

    def _held(self, term_id: int) -> _Strategy | None:
        kept = self._kept.get(term_id)
        return kept if kept and time.monotonic() - kept.read_at <= OLDEST else None

    def _refresh(self) -> None:
        words = vocabulary()
        news = self._follower.look()
        if words is not self._words or news.is_lost:
            self._kept.clear()
            self._words = words
        elif news.entry_ids and self._kept:
            self._read_again(news.entry_ids)
        # Last, so that what failed is tried again.
        self._follower.remember(news)

    def _read_again(self, entry_ids: frozenset[int]) -> None:
        """Read the uses of notes that changed; what does not use a strategy that is kept costs nothing more."""
        fresh = self._rows(entry_ids=entry_ids)
        for term_id, kept in list(self._kept.items()):
            new = fresh.get(term_id, [])
            if not new and not kept.holds(entry_ids):
                continue
            if kept.uses is None:
                del self._kept[term_id]
                continue
            uses = [use for use in kept.uses if use.entry_id not in entry_ids]
            made = _strategy([*uses, *new])
            made.read_at = kept.read_at
            self._kept[term_id] = made

    def _read(self, term_ids: Sequence[int]) -> None:
        if not term_ids:
            return
        found = self._rows(term_ids=term_ids)
        for one in term_ids:
            self._kept[one] = _strategy(found.get(one, []))
            self._kept.move_to_end(one)

    def _count(self, term_ids: Sequence[int]) -> None:
        """Count the experiences of strategies without reading their uses."""
        words = vocabulary()
        # A note may have used two strategies that are one by now: of those the uses themselves must be read.
        merged = {one for one in term_ids if with_merged([one]) != [one]}
        self._read(sorted(merged))
        alone = [one for one in term_ids if one in words.by_id and one not in merged]
        if not alone:
            return
        asked = {"ids": alone}
        found = {one: _Strategy(array("q"), frozenset(), time.monotonic(), None) for one in alone}
        for term_id, entry_id in rows(_IDS, asked):
            found[term_id].ids.append(entry_id)
        for term_id, audience, number in rows(_SINGLE, asked):
            found[term_id].single[audience] = number
        for term_id, audience, project in rows(_PROJECTS, asked):
            found[term_id].projects.setdefault(audience, set()).add(project)
        self._kept.update(found)

    def _rows(
        self, *, term_ids: Sequence[int] = (), entry_ids: Collection[int] = ()
    ) -> dict[int, list[Use]]:
        """Return the uses of these strategies, or by these notes, by living strategy."""
        words = vocabulary()
        statement = (
            _USES.where(StrategyUse.term_id.in_(with_merged(term_ids)))
            if term_ids
            else _USES.where(StrategyUse.entry_id.in_(sorted(entry_ids)))
        )
        found: dict[int, dict[int, Use]] = {}
        for term_id, *facts in db.session.execute(statement):
            living = words.resolved(words.by_id[term_id]).id
            use = use_of(words, *facts)
            uses = found.setdefault(living, {})
            # A note that used two strategies which are one by now used that one once.
            if use.entry_id not in uses or term_id == living:
                uses[use.entry_id] = use
        return {term_id: list(uses.values()) for term_id, uses in found.items()}

    def _make_room(self) -> None:
        """Let go of the uses of strategies that were not asked for lately; their counts stay."""
        left = MOST_USES
        for kept in reversed(self._kept.values()):
            left -= len(kept.uses or ())
            if left < 0 and kept.uses is not None:
                kept.uses = None
                kept.ledgers.clear()


def _strategy(uses: Iterable[Use]) -> _Strategy:
    ordered = sorted(uses, key=lambda use: (use.at, use.entry_id), reverse=True)
    made = _Strategy(
        ids=array("q", sorted(use.entry_id for use in ordered)),
        audiences=frozenset(use.audience for use in ordered),
        read_at=time.monotonic(),
        uses=tuple(ordered),
    )
    for use in ordered:
        if isinstance(use.experience, str):
            made.projects.setdefault(use.audience, set()).add(use.experience)
        else:
            made.single[use.audience] += 1
    return made


def _ledger(kept: _Strategy, labels: frozenset[str]) -> Ledger:
    """Return the ledger of who meets these labels; readers for whom they make no difference share it."""
    key = labels & kept.audiences
    found = kept.ledgers.get(key)
    if found is None:
        found = Ledger(use for use in kept.uses or () if use.audience in key)
        kept.ledgers[key] = found
        if len(kept.ledgers) > MOST_READERS:
            kept.ledgers.popitem(last=False)
    return found


def init_app(app: Flask) -> None:
    """Give the application its ledgers; nothing is read before they are asked for."""
    app.extensions[_EXTENSION] = KeptLedgers()


def kept_ledgers() -> KeptLedgers:
    """Return the ledgers of this process."""
    found: KeptLedgers = current_app.extensions[_EXTENSION]
    return found


def ledger_of(viewer: Viewer, term_id: int) -> Ledger:
    """Return the ledger of a living strategy for this reader."""
    return ledgers_of(viewer, [term_id])[term_id]


def ledgers_of(viewer: Viewer, term_ids: Sequence[int]) -> dict[int, Ledger]:
    """Return the ledgers of living strategies for this reader."""
    return kept_ledgers().ledgers(viewer, term_ids)
