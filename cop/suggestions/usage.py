"""Which terms nothing carries, and which are carried by nearly the same notes; asked of the notes, never counted up."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from cop.core.db import db
from cop.entries import policy
from cop.entries.models import Entry, Tagging
from cop.people.viewer import Viewer
from cop.terms.clashing import kept_apart
from cop.terms.suggesting import open_schemes
from cop.terms.vocabulary import TermView, vocabulary

#: From so many notes on two terms are compared, and so much of what carries either must carry both.
LEAST, SHARE = 3, 0.8


@dataclass(frozen=True)
class Overlap:
    """Two terms of one list that nearly the same entries carry: how many both, and how many either."""

    one: TermView
    other: TermView
    both: int
    either: int


def carried(viewer: Viewer) -> dict[int, int]:
    """Return how many entries carry each living term, of those this viewer finds in lists; one statement."""
    rows = db.session.execute(
        select(Tagging.term_id, func.count())
        .join(Entry, Entry.id == Tagging.entry_id)
        .where(policy.listed(viewer))
        .group_by(Tagging.term_id)
    )
    words, counts = vocabulary(), dict[int, int]()
    for term_id, count in rows:
        living = words.resolved(words.by_id[term_id]).id
        counts[living] = counts.get(living, 0) + count
    return counts


def unused(counts: Mapping[int, int]) -> list[TermView]:
    """Return the living terms that nothing carries, without those that only hold narrower ones together."""
    words, asked = vocabulary(), set(open_schemes())
    return [
        term
        for term in words.by_id.values()
        if term.scheme in asked
        and term.merged_into is None
        and not any(counts.get(below.id) for below in words.below(term.id))
    ]


def overlapping(viewer: Viewer, counts: Mapping[int, int]) -> list[Overlap]:
    """Return the pairs of one list that nearly the same entries carry, and that nobody has kept apart.

    One statement beside that of what curators said; the pairs most alike first.
    """
    words, asked = vocabulary(), set(open_schemes())
    one, other = aliased(Tagging), aliased(Tagging)
    both = func.count()
    rows = db.session.execute(
        select(one.term_id, other.term_id, both)
        .join(other, (other.entry_id == one.entry_id) & (other.term_id > one.term_id))
        .join(Entry, Entry.id == one.entry_id)
        .where(policy.listed(viewer))
        .group_by(one.term_id, other.term_id)
        .having(both >= LEAST)
    )
    apart = kept_apart()
    found = []
    for left_id, right_id, shared in rows:
        left, right = words.by_id[left_id], words.by_id[right_id]
        alive = left.merged_into is None and right.merged_into is None
        if not alive or left.scheme != right.scheme or left.scheme not in asked:
            continue
        either = counts.get(left_id, 0) + counts.get(right_id, 0) - shared
        if shared >= SHARE * either and {left.key, right.key} not in apart:
            found.append(Overlap(left, right, shared, either))
    return sorted(found, key=lambda pair: (-pair.both / pair.either, pair.one.id, pair.other.id))
