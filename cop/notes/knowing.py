"""What somebody knows about: the strategies of notes under her name or her organisation's, and how they went.

Counted from what this viewer may read, at the moment of asking; what is posted unnamed, and organisations
that are only described, count for nobody.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, select

from cop.core.db import db
from cop.entries import policy
from cop.entries.models import Entry, NameMask, Tagging
from cop.notes.models import CaseNote, StrategyUse
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.terms.refs import TermRef, ref_of
from cop.terms.vocabulary import vocabulary


@dataclass(frozen=True)
class Known:
    """A strategy that was tried, and in how many notes it went how."""

    term: TermRef
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of notes."""
        return sum(self.counts.values())


#: The use's own outcome where it has one, else the note's (PRODUCT.md, evidence ledger).
_OUTCOME = func.coalesce(StrategyUse.outcome, CaseNote.outcome)


def known_by_person(viewer: Viewer, user_id: int) -> list[Known]:
    """Return what somebody signed with her name, the most used strategy first."""
    return _known(_uses(viewer).where(_signed_by(user_id)))


def known_by_organisation(viewer: Viewer, organisation_id: int) -> list[Known]:
    """Return what notes that name an organisation tell, the most used strategy first."""
    return _known(_uses(viewer).where(CaseNote.organisation_id == organisation_id))


def known_by_each(
    viewer: Viewer, user_ids: Sequence[int], limit: int = 3
) -> dict[int, list[TermRef]]:
    """Return the strategies that each of these people used most, in one query."""
    rows = db.session.execute(
        select(Entry.author_id, StrategyUse.term_id, func.count())
        .join(StrategyUse, StrategyUse.entry_id == Entry.id)
        .where(
            policy.listed(viewer),
            Entry.author_id.in_(list(user_ids)),
            Entry.name_mask == NameMask.SHOWN,
        )
        .group_by(Entry.author_id, StrategyUse.term_id)
    )
    counts: dict[int, dict[int, dict[str, int]]] = defaultdict(dict)
    for user_id, term_id, number in rows:
        assert user_id is not None  # noqa: S101  one of those asked for
        counts[user_id][term_id] = {"": number}
    return {
        user_id: [known.term for known in _resolved(of_her)[:limit]]
        for user_id, of_her in counts.items()
    }


def signed_about(viewer: Viewer, term_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the criterion on `User` of who signed something about one of these terms that the viewer may read."""
    return exists().where(
        Entry.author_id == User.id,
        Entry.name_mask == NameMask.SHOWN,
        policy.listed(viewer),
        Tagging.entry_id == Entry.id,
        Tagging.term_id.in_(list(term_ids)),
    )


def _signed_by(user_id: int) -> ColumnElement[bool]:
    return (Entry.author_id == user_id) & (Entry.name_mask == NameMask.SHOWN)


def _uses(viewer: Viewer) -> Select[int, str, int]:
    return (
        select(StrategyUse.term_id, _OUTCOME, func.count())
        .join(CaseNote, CaseNote.entry_id == StrategyUse.entry_id)
        .join(Entry, Entry.id == StrategyUse.entry_id)
        .where(policy.listed(viewer))
        .group_by(StrategyUse.term_id, _OUTCOME)
    )


def _known(statement: Select[int, str, int]) -> list[Known]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for term_id, outcome, number in db.session.execute(statement):
        counts[term_id][outcome] = number
    return _resolved(counts)


def _resolved(counts: Mapping[int, Mapping[str, int]]) -> list[Known]:
    """Return the counts by living terms: what was merged counts where it was merged into."""
    words = vocabulary()
    living: dict[int, dict[str, int]] = {}
    for term_id, by_outcome in counts.items():
        if term_id in words.by_id:
            found = living.setdefault(words.resolved(words.by_id[term_id]).id, defaultdict(int))
            for outcome, number in by_outcome.items():
                found[outcome] += number
    known = [Known(ref_of(words.by_id[term_id]), found) for term_id, found in living.items()]
    return sorted(known, key=lambda one: (-one.total, one.term.key))
