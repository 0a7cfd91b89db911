"""Where words of a reply or a note can go: pages of its strategies first, guides, any page by its title."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import selectinload

from cop import markup
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import policy, queries as entries
from cop.entries.carrying import terms_of
from cop.entries.models import Entry, Link, LinkKind, Tagging, Text
from cop.entries.taken import LESSON, Source
from cop.entries.wiki import written_pages
from cop.guides.draft import KIND as GUIDE
from cop.guides.operations import TERM_LIMIT as MOST_TERMS
from cop.notes.narrowing import with_merged
from cop.people.viewer import Viewer
from cop.practices.operations import KIND as PRACTICE
from cop.terms.refs import TermRef, refs
from cop.terms.vocabulary import vocabulary

#: Pages offered at once; others are found by their titles.
MOST = 12


@dataclass(frozen=True)
class Places:
    """Pages that can take words up, and strategies of the source that have no page yet."""

    pages: Sequence[Entry]
    unwritten: Sequence[TermRef] = ()


def lang_of(source: Source, wished: Lang) -> Lang:
    """Return the language in which it is taken up: of a note the one wished, where it is told in it."""
    if source.comment is not None:
        return Lang(source.comment.lang)
    return Lang(entries.text_for(source.entry, wished).lang)


def words_of(source: Source, wished: Lang) -> str:
    """Return what is taken up as plain lines; whom it mentions is not named, since names change."""
    if source.comment is not None:
        return markup.render(source.comment.body).text
    text = entries.text_for(source.entry, wished)
    return markup.render(entries.current(text).sections.get(LESSON, "")).text


def places(viewer: Viewer, source: Source, sought: str = "") -> Places:
    """Return where the words can go; with `sought`, the pages whose titles hold these words."""
    if sought:
        words = sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        named = exists(
            select(Text.id).where(
                Text.entry_id == Entry.id, Text.title.ilike(f"%{words}%", escape="\\")
            )
        )
        found = select(Entry).where(_takes(viewer), named)
        return Places(_read(found.order_by(Entry.kind.desc(), Entry.id).limit(MOST)))
    term_ids = _terms(source)
    carrying = exists(
        select(Tagging.entry_id).where(
            Tagging.entry_id == Entry.id, Tagging.term_id.in_(with_merged(term_ids))
        )
    )
    discussed = exists(
        select(Link.entry_id).where(
            Link.target_id == Entry.id,
            Link.entry_id == source.entry.id,
            Link.kind == LinkKind.ABOUT.value,
        )
    )
    near = _read(
        select(Entry)
        .where(_takes(viewer), or_(carrying, discussed))
        .order_by((Entry.kind == PRACTICE).desc(), Entry.id.desc())
        .limit(MOST)
    )
    held = {one.id for one in near}
    more = _read(
        select(Entry)
        .where(_takes(viewer), Entry.kind == GUIDE, Entry.id.not_in(held))
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .limit(max(MOST - len(near), 0))
    )
    return Places([*near, *more], _unwritten(viewer, term_ids))


def about_of(source: Source) -> str:
    """Return the terms that a new guide would carry, as its address names them."""
    words = vocabulary()
    living = (words.resolved(words.by_id[one]).key for one in _terms(source)[:MOST_TERMS])
    return ",".join(dict.fromkeys(living))


def _terms(source: Source) -> list[int]:
    carried = terms_of([source.entry.id]).get(source.entry.id, [])
    return [one for one in carried if one in vocabulary().by_id]


def _takes(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on `Entry` of pages that take proposals from this viewer."""
    kept = Entry.kind.in_((PRACTICE, GUIDE))
    return and_(policy.listed(viewer), kept, Entry.locked_at.is_(None))


def _read(statement: Select[Entry]) -> list[Entry]:
    return list(db.session.scalars(statement.options(selectinload(Entry.texts))))


def _unwritten(viewer: Viewer, term_ids: Sequence[int]) -> list[TermRef]:
    """Return the strategies among these terms of which this viewer finds no page."""
    words = vocabulary()
    living = [words.resolved(words.by_id[one]) for one in term_ids]
    asked = {term.id: term for term in living if term.scheme == "strategy"}
    if not asked:
        return []
    there = written_pages(viewer, asked)
    return list(refs(one for one in asked if one not in there).values())
