"""The terms that entries carry: which they are, and what they say to the search index."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from cop.core.db import rows
from cop.entries.kinds import IndexFacts
from cop.entries.models import Tagging
from cop.terms.models import LabelKind
from cop.terms.vocabulary import TermView, vocabulary

_FREE_TEXT = (LabelKind.PREFERRED, LabelKind.ALTERNATIVE, LabelKind.HIDDEN)


# Built once: rows of lists ask it on most pages.
_CARRIED = (
    select(Tagging.entry_id, Tagging.term_id)
    .where(Tagging.entry_id.in_(bindparam("ids", expanding=True)))
    .order_by(Tagging.entry_id, Tagging.position)
)


def terms_of(entry_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return the ids of the terms each entry carries, in their order."""
    carried: dict[int, list[int]] = {}
    for entry_id, term_id in rows(_CARRIED, {"ids": list(entry_ids)}):
        carried.setdefault(entry_id, []).append(term_id)
    return carried


def index_facts_of(term_ids: Sequence[int]) -> IndexFacts:
    """Return what the index must know of an entry that carries these terms: filters, and all labels as words."""
    words = vocabulary()
    own = [words.by_id[one] for one in term_ids if one in words.by_id]
    living = [words.resolved(term) for term in own]
    every = list({term.id: term for term in [*own, *living]}.values())
    labels = [label for term in every for label in term.labels]
    return IndexFacts(
        facets={
            scheme: _keys(
                words.above(term.id) if scheme == "place" else [term]
                for term in living
                if term.scheme == scheme
            )
            for scheme in ("strategy", "sector", "place")
        },
        words=tuple(label.text for label in labels if label.kind in _FREE_TEXT),
        pinyin=tuple(label.text for label in labels if label.kind == LabelKind.PINYIN),
    )


def _keys(groups: Iterable[Iterable[TermView]]) -> frozenset[str]:
    return frozenset(term.key for group in groups for term in group)
