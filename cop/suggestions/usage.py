"""Which terms nothing carries, and which are carried by nearly the same notes; asked of the notes, never counted up."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from cop.core.db import db
from cop.entries import policy
from cop.entries.models import Entry, Tagging
from cop.people.viewer import Viewer
from cop.terms.clashing import kept_apart
from cop.terms.models import Term
from cop.terms.suggesting import open_schemes
from cop.terms.vocabulary import TermView, vocabulary

#: From so many notes on two terms are compared, and so much of what carries either must carry both.
LEAST, SHARE = 3, 0.8
#: So many of the newest entries are looked through for that, however many there are.
NEWEST = 5000


@dataclass(frozen=True)
class Overlap:
    """Two terms of one list that nearly the same entries carry: how many both, and how many either."""

    one: TermView
    other: TermView
    both: int
    either: int


def carried(viewer: Viewer, term_ids: Collection[int]) -> dict[int, int]:
    """Return how many entries carry each of these terms, of those this viewer finds in lists; one statement."""
    rows = db.session.execute(
        select(Tagging.term_id, func.count())
        .join(Entry, Entry.id == Tagging.entry_id)
        .where(Tagging.term_id.in_(term_ids), policy.listed(viewer))
        .group_by(Tagging.term_id)
    )
    return {row[0]: row[1] for row in rows}


def unused(viewer: Viewer) -> list[TermView]:
    """Return the living terms that nothing carries, without those that only hold narrower ones together.

    One statement, which looks for one entry of each term and counts none.
    """
    found = (
        select(Tagging.entry_id)
        .join(Entry, Entry.id == Tagging.entry_id)
        .where(Tagging.term_id == Term.id, policy.listed(viewer))
        .exists()
    )
    words, asked = vocabulary(), set(open_schemes())
    used = {
        words.resolved(words.by_id[one]).id
        for one in db.session.scalars(select(Term.id).where(found))
    }
    return [
        term
        for term in words.by_id.values()
        if term.scheme in asked
        and term.merged_into is None
        and not any(below.id in used for below in words.below(term.id))
    ]


def overlapping(viewer: Viewer) -> list[Overlap]:
    """Return the pairs of one list that nearly the same of the newest entries carry, and that nobody has kept apart.

    Two statements beside that of what curators said; the pairs most alike first.
    """
    words, asked = vocabulary(), set(open_schemes())
    newest = select(Entry.id).where(policy.listed(viewer))
    newest = newest.order_by(Entry.published_at.desc(), Entry.id.desc()).limit(NEWEST)
    sample, one, other = newest.subquery(), aliased(Tagging), aliased(Tagging)
    both = func.count()
    counted = db.session.execute(
        select(one.term_id, func.count())
        .join(sample, sample.c.id == one.entry_id)
        .group_by(one.term_id)
    )
    counts = {row[0]: row[1] for row in counted}
    rows = db.session.execute(
        select(one.term_id, other.term_id, both)
        .join(sample, sample.c.id == one.entry_id)
        .join(other, (other.entry_id == one.entry_id) & (other.term_id > one.term_id))
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
        either = counts[left_id] + counts[right_id] - shared
        if shared >= SHARE * either and {left.key, right.key} not in apart:
            found.append(Overlap(left, right, shared, either))
    return sorted(found, key=lambda pair: (-pair.both / pair.either, pair.one.id, pair.other.id))
