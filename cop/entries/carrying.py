"""What entries carry: terms, sources and links by key, as rows; and what the terms say to the search index."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, select

from cop.core.db import db, rows
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.entries.draft import Cited
from cop.entries.kinds import IndexFacts
from cop.entries.models import Entry, EntrySource, Link, LinkKind, Tagging
from cop.terms.models import LabelKind, Source
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


def term_ids(keys: Iterable[str]) -> list[int]:
    """Return the ids of terms by key; raise Invalid for a key that names none."""
    words = vocabulary()
    found = []
    for key in keys:
        if key not in words.by_key:
            raise Invalid(
                "terms",
                _l("“%(key)s” is not in the term list (any more); choose another.", key=key),
            )
        found.append(words.by_key[key].id)
    return found


def source_ids(keys: Sequence[str]) -> list[int]:
    """Return the ids of sources by key; raise Invalid for a key that names none."""
    if not keys:
        return []
    found = {
        row.key: row.id
        for row in db.session.execute(select(Source.key, Source.id).where(Source.key.in_(keys)))
    }
    for key in keys:
        if key not in found:
            raise Invalid("sources", _l("There is no source “%(key)s”.", key=key))
    return [found[key] for key in keys]


def carry(
    entry: Entry,
    *,
    terms: Iterable[int],
    sources: Sequence[tuple[int, Cited]] = (),
    targets: Iterable[int] = (),
    link: LinkKind = LinkKind.SEE,
) -> None:
    """Let an entry carry exactly these terms, sources and links, in their order."""
    for model in (Tagging, EntrySource, Link):
        db.session.execute(delete(model).where(model.entry_id == entry.id))
    for position, term_id in enumerate(dict.fromkeys(terms)):
        db.session.add(Tagging(entry_id=entry.id, term_id=term_id, position=position))
    for position, target_id in enumerate(dict.fromkeys(targets)):
        row = Link(entry_id=entry.id, target_id=target_id, kind=link.value, position=position)
        db.session.add(row)
    for position, (source_id, cited) in enumerate(sources):
        db.session.add(
            EntrySource(entry_id=entry.id, source_id=source_id, at=cited.at, position=position)
        )
    db.session.flush()
