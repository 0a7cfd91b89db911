"""The names each process keeps, to find them while somebody types: terms, titles, organisations.

Kept are keys, never texts: whoever shows a find loads it again under what its reader may see. What
changed is learnt from the events, in the transaction of the request, so that what is kept is never
older than what the request reads. What is missing is read in small pieces: where a server runs by a thread
of its own, from the first request on that needs a name, so that no request pays for it and a start for
nothing; elsewhere one piece with each request.

Of each kind of entry the newest `MOST` are kept, and as many organisations: some 6 MB a kind.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, current_app
from sqlalchemy import Select, bindparam, select, tuple_

from cop.core.db import db, rows
from cop.core.keyset import place_of
from cop.core.page import Cursor
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Text
from cop.events.following import LATEST, Follower
from cop.people.events import OrganisationsRenamed
from cop.people.models import Organisation
from cop.search.spelling import Spelt, words_in
from cop.search.suggest import Found, Name, Names, Typed
from cop.terms.labels import PINYIN
from cop.terms.models import LabelKind
from cop.terms.vocabulary import LabelView, TermView, Vocabulary, vocabulary

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

log = structlog.get_logger(__name__)

#: Entries of a kind, and organisations, that are kept at most: the newest.
MOST = 3000
#: So many entries and organisations are a piece, 10 ms of work, and so many labels of terms, which come first.
_PIECE, _LABELS = 50, 1500
#: Seconds between two pieces of the thread, in which requests run.
_PAUSE = 0.01
#: The same of organisations, which are made one by one.
_LATE = 10

_EXTENSION = "cop.discover.kept_names"
#: Filters by nature: nobody looks for notes by typing the word for "worked".
_NOT_SUGGESTED = frozenset({"outcome", "evidence"})
_NO_WORDS = (LabelKind.ABBREVIATION, LabelKind.PINYIN)
_TERMS_OF_A_SCHEME = 100_000
#: Of terms that fit alike, one comes first by the name it is shown under.
_OTHER_NAME = 100_000_000
_AUDIENCES = ("public", "members")


# Built once: every request asks them.
_DIRECTORY = (
    select(Organisation.id)
    .where(Organisation.id > bindparam("after"))
    .order_by(Organisation.id)
    .limit(bindparam("most"))
)
_NAMES_IN_IT = select(Organisation.id, Organisation.name).where(
    Organisation.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of an entry whose titles are kept."""

    kind: str
    rank: int
    words: frozenset[str]


class KeptNames:
    """The names of one process. Threads read whole states; one at a time brings them up to date."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._lock = Lock()
        #: Begins to read what is missing outside of requests; None where each request adds a piece.
        self.apart: Callable[[], None] | None = None
        self._reading_apart = False
        self.terms = Names.of(())
        self.organisations = Names.of(())
        self.spelt = Spelt()
        self._vocabulary: Vocabulary | None = None
        self._labels: dict[int, tuple[LabelView, ...]] = {}
        self._follower = Follower()
        self._directory: set[int] = set()
        self._directory_whole = False
        self._forget_entries()

    def _forget_entries(self) -> None:
        #: By kind and audience.
        self.titles: dict[tuple[str, str], Names] = {}
        self._held: dict[int, _Held] = {}
        #: By kind: the last entry read, None before the first; a kind that is missing is read.
        self._reached: dict[str, tuple[datetime, int] | None] | None = None
        self.spelt.clear()

    def refresh(self) -> None:
        """Bring what is kept up to date; while another thread does so, it is used as it is."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._follow_events()
            if self.apart is None or self._is_whole():
                self._add()
            elif not self._reading_apart:
                self._reading_apart = True
                self.apart()
        finally:
            self._lock.release()

    def read_all(self, transaction: Callable[[], AbstractContextManager[Any]]) -> None:
        """Read what is missing, each piece in a transaction of its own; after a failure requests do it."""
        try:
            whole = False
            while not whole:
                with self._lock, transaction():
                    self._follow_events()
                    self._add()
                    whole = self._is_whole()
                time.sleep(_PAUSE)
        except Exception:
            self.apart = None
            log.exception("discover.names_not_read_apart")
        finally:
            self._reading_apart = False

    def _is_whole(self) -> bool:
        """Tell whether nothing is missing but what changed since, which is little."""
        return vocabulary() is self._vocabulary and self._reached == {} and self._directory_whole

    def _add(self) -> None:
        self._follow_terms()
        self._add_entries()
        self._add_organisations()

    def entries(self, kind: str, asked: Typed, most: int, *, members: bool) -> list[Found]:
        """Return entries of a kind one of whose titles fits; to be shown only after a look at each."""
        audiences = _AUDIENCES if members else _AUDIENCES[:1]
        found = [
            one
            for audience in audiences
            if (kind, audience) in self.titles
            for one in self.titles[kind, audience].find(asked, most)
        ]
        return sorted(found, key=lambda one: (one.grade, one.rank, one.owner))[:most]

    def _follow_terms(self) -> None:
        words = vocabulary()
        if words is self._vocabulary:
            return
        told = {
            term.id: term.labels
            for term in words.by_id.values()
            if words.resolved(term).scheme not in _NOT_SUGGESTED
        }
        gone = [one for one in self._labels if one not in told]
        changed: dict[int, tuple[LabelView, ...]] = {}
        number = 0
        for one, labels in told.items():
            if self._labels.get(one) != labels and number < _LABELS:
                changed[one] = labels
                number += len(labels)
        made = Names.of(_names_of_terms(words, [words.by_id[one] for one in changed]), near=True)
        self.terms = self.terms.without([*gone, *changed]).plus(made)
        there = {one: labels for one, labels in self._labels.items() if one in told}
        self._labels = there | changed
        if number < _LABELS:
            self._vocabulary = words
            self._spell(words, told)

    def _spell(self, words: Vocabulary, term_ids: Iterable[int]) -> None:
        every = [label for one in term_ids for label in words.by_id[one].labels]
        self.spelt.labels(
            [one.text for one in every if one.kind not in _NO_WORDS],
            [one.text for one in every if one.kind == LabelKind.PINYIN],
        )

    def _follow_events(self) -> None:
        news = self._follower.look()
        if news.is_lost:
            self._forget_entries()
        elif news.entry_ids:
            self._read_again(news.entry_ids)
        if OrganisationsRenamed.__name__ in news.verbs:
            self.organisations, self._directory = Names.of(()), set()
            self._directory_whole = False
        # Last, so that what failed is tried again.
        self._follower.remember(news)

    def _read_again(self, entry_ids: Iterable[int]) -> None:
        ids = set(entry_ids)
        for key, names in self.titles.items():
            self.titles[key] = names.without(ids)
        self._let_go(ids)
        self._put(db.session.execute(_titles(Entry.id.in_(ids))).all())

    def _let_go(self, entry_ids: Iterable[int]) -> None:
        for one in entry_ids:
            held = self._held.pop(one, None)
            if held is not None:
                self.spelt.drop(held.words)

    def _add_entries(self) -> None:
        if self._reached is None:
            self._reached = dict.fromkeys(KINDS)
        for kind, reached in list(self._reached.items()):
            place = tuple_(Entry.published_at, Entry.id)
            older = [place < place_of(Cursor(*reached))] if reached is not None else []
            ids = (
                select(Entry.id, Entry.published_at)
                .where(Entry.kind == kind, Entry.audience.in_(_AUDIENCES), *older)
                .order_by(Entry.published_at.desc(), Entry.id.desc())
                .limit(_PIECE)
            )
            rows = db.session.execute(ids).all()
            fresh = [row.id for row in rows if row.id not in self._held]
            if fresh:
                self._put(db.session.execute(_titles(Entry.id.in_(fresh))).all())
            if len(rows) < _PIECE or self._number(kind) >= MOST:
                del self._reached[kind]
            else:
                self._reached[kind] = (rows[-1].published_at, rows[-1].id)
            if len(rows) == _PIECE:
                return

    def _number(self, kind: str) -> int:
        return sum(held.kind == kind for held in self._held.values())

    def _put(self, rows: Sequence[Any]) -> None:
        """Keep titles; of a kind that is full the oldest go."""
        made: dict[tuple[str, str], list[Name]] = {}
        for row in rows:
            rank = -int(row.published_at.timestamp() // 60)
            made.setdefault((row.kind, row.audience), []).append(Name(row.id, rank, row.title))
            words = words_in(f"{row.title}\n{row.summary}") if row.audience == "public" else ()
            before = self._held.get(row.id)
            told = frozenset(words) | (before.words if before else frozenset())
            self.spelt.put(told - (before.words if before else frozenset()))
            self._held[row.id] = _Held(row.kind, rank, told)
        for key, names in made.items():
            there = self.titles.get(key, Names.of(()))
            self.titles[key] = there.plus(Names.of(names, near=key[1] == "public"))
        for kind in {kind for kind, _audience in made}:
            self._trim(kind)

    def _trim(self, kind: str) -> None:
        over = self._number(kind) - MOST
        if over <= 0:
            return
        oldest = sorted(
            (one for one, held in self._held.items() if held.kind == kind),
            key=lambda one: (-self._held[one].rank, one),
        )[:over]
        self._let_go(oldest)
        for audience in _AUDIENCES:
            if (kind, audience) in self.titles:
                self.titles[kind, audience] = self.titles[kind, audience].without(oldest)

    def _add_organisations(self) -> None:
        if len(self._directory) >= MOST:
            self._directory_whole = True
            return
        # One that was committed late under a lower number is among these too.
        last = max(self._directory, default=0)
        asked = {"after": last - LATEST, "most": _PIECE + LATEST}
        newest = [row.id for row in rows(_DIRECTORY, asked)]
        self._directory_whole = len(newest) < asked["most"]
        missing = [one for one in newest if one not in self._directory]
        if not missing:
            return
        found = rows(_NAMES_IN_IT, {"ids": missing})
        names = [Name(row.id, row.id, text) for row in found for text in row.name.values()]
        self.organisations = self.organisations.plus(Names.of(names))
        self._directory.update(missing)


def _titles(which: "ColumnElement[bool]") -> Select[int, str, str, datetime, str, str]:
    columns = (Entry.id, Entry.kind, Entry.audience, Entry.published_at, Text.title, Text.summary)
    return (
        select(*columns)
        .join(Text, Text.entry_id == Entry.id)
        .where(Entry.audience.in_(_AUDIENCES), which)
    )


def _names_of_terms(words: Vocabulary, terms: Iterable[TermView]) -> Iterable[Name]:
    """Give every name of terms but one-character abbreviations, which serve the place filter."""
    schemes = list(words.schemes)
    for term in terms:
        rank = schemes.index(term.scheme) * _TERMS_OF_A_SCHEME + term.position
        for label in term.labels:
            if label.kind == LabelKind.PREFERRED:
                spelt = "" if label.text.isascii() else term.pinyin
                yield Name(term.id, rank, label.text, spelt)
            # Pinyin among the other names is found by the sound of the Chinese ones.
            elif label.kind not in _NO_WORDS and label.lang != PINYIN:
                yield Name(term.id, rank + _OTHER_NAME, label.text)


def init_app(app: Flask) -> None:
    """Give the application its names; nothing is read before they are asked for."""
    app.extensions[_EXTENSION] = KeptNames()


def read_apart(app: Flask) -> None:
    """Let a thread of this process read the names, once a request needs one; for what serves the application.

    Not for tests or commands, whose one connection a second thread would disturb.
    """
    kept = kept_names(app)

    def begin() -> None:
        Thread(target=kept.read_all, args=(app.app_context,), name="names", daemon=True).start()

    kept.apart = begin


def kept_names(app: Flask | None = None) -> KeptNames:
    """Return the names of this process, as they were last brought up to date."""
    found: KeptNames = (app or current_app).extensions[_EXTENSION]
    return found


def forget(app: Flask) -> None:
    """Start with nothing again, as a new process does."""
    init_app(app)
