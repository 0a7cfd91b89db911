"""What links to a page by name, and names that lead nowhere. All that is read here passes `policy.listed`."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import aliased

from cop.core.db import db
from cop.core.page import Page
from cop.entries import policy, queries, wiki
from cop.entries.kinds import KINDS
from cop.entries.models import Comment, CommentStatus, Entry, Tagging
from cop.entries.titles import name_of
from cop.entries.wiki_models import CommentLink, PageLink, Title
from cop.people.viewer import Viewer
from cop.terms.models import Label, LabelKind, Term
from cop.terms.vocabulary import TermView, vocabulary

#: Names in the list of those that lead nowhere.
_PAGE = 50


def linking(viewer: Viewer, names: Collection[str]) -> Select[Entry]:
    """Return the statement of what links by one of these folded names, in its text or in what was said on it."""
    told = select(PageLink.entry_id).where(PageLink.target.in_(sorted(names)))
    # What everybody reads there who reads the entry.
    said = (
        select(Comment.entry_id)
        .join(CommentLink, CommentLink.comment_id == Comment.id)
        .where(CommentLink.target.in_(sorted(names)), Comment.status == CommentStatus.PUBLISHED)
    )
    return queries.recent(viewer).where(Entry.id.in_(union_all(told, said)))


def names_of_entry(viewer: Viewer, entry: Entry) -> set[str]:
    """Return the folded names that lead this reader to an entry: its titles, its key, and those of its strategy."""
    joined = select(Entry.id).where(or_(Entry.id == entry.id, Entry.merged_into_id == entry.id))
    titles = db.session.scalars(select(Title.folded).where(Title.entry_id.in_(joined)).distinct())
    own = {name for name in {*titles, name_of(entry.key)} if not wiki.is_of_a_term(name)}
    meant = wiki.entries_named(viewer, own)
    found = {name for name, one in meant.items() if one.id == entry.id}
    term_id = _term_of(viewer, entry)
    return found | (set(wiki.names_of_terms({term_id})) if term_id is not None else set())


def names_of_term(viewer: Viewer, term: TermView) -> set[str]:
    """Return the folded names that lead this reader to a living term, and to its page where it has one."""
    found = set(wiki.names_of_terms({term.id}))
    page_id = wiki.written_pages(viewer, {term.id}).get(term.id)
    if page_id is not None:
        found |= names_of_entry(viewer, queries.get(viewer, page_id))
    return found


def _term_of(viewer: Viewer, entry: Entry) -> int | None:
    """Return the living term that an entry is the page of."""
    if KINDS[entry.kind].pages_of is None:
        return None
    words = vocabulary()
    carried = db.session.scalars(select(Tagging.term_id).where(Tagging.entry_id == entry.id))
    living = {words.resolved(words.by_id[one]).id for one in carried if one in words.by_id}
    pages = wiki.written_pages(viewer, living)
    return next((term_id for term_id, page_id in pages.items() if page_id == entry.id), None)


@dataclass(frozen=True)
class Broken:
    """A name that texts link by and that leads nowhere: as somebody typed it, and how many entries hold it."""

    name: str
    target: str
    number: int


def broken(viewer: Viewer, *, after: str = "") -> Page[Broken]:
    """Return the names that lead this reader nowhere, in their order; `after` is the one to go on from.

    In two statements beside those that look names up.
    """
    statement = (
        select(PageLink.target, func.min(PageLink.typed), func.count(PageLink.entry_id.distinct()))
        .join(Entry, Entry.id == PageLink.entry_id)
        .where(policy.listed(viewer), PageLink.target > name_of(after), *_unknown(viewer))
        .group_by(PageLink.target)
        .order_by(PageLink.target)
        .limit(_PAGE + 1)
    )
    rows = db.session.execute(statement).all()
    # What was joined with something else leads there, over however many steps.
    known = wiki.leading(viewer, [target for target, _typed, _number in rows]).found
    items = [
        Broken(typed, target, number)
        for target, typed, number in rows[:_PAGE]
        if target not in known
    ]
    return Page(items, older=rows[_PAGE - 1][0] if len(rows) > _PAGE else None)


def _unknown(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a name is no term's, and of no entry this reader meets in lists."""
    called = select(Label.id).where(
        Label.folded == PageLink.target, Label.kind != LabelKind.ABBREVIATION.value
    )
    named, labels = aliased(Entry), policy.listed_labels(viewer)
    titled = select(Title.entry_id).join(named, named.id == Title.entry_id)
    titled = titled.where(Title.folded == PageLink.target, named.audience.in_(sorted(labels)))
    keyed = select(Term.id).where(func.lower(Term.key) == PageLink.target)
    return tuple(~one.correlate(PageLink).exists() for one in (called, titled, keyed))


@dataclass(frozen=True)
class Wanted:
    """A strategy that texts link to and that has no page yet."""

    term: TermView
    number: int


def wanted(viewer: Viewer) -> list[Wanted]:
    """Return the strategies without a page that most entries link to, in two statements."""
    words = vocabulary()
    living = {
        one.id
        for one in words.by_id.values()
        if one.scheme == "strategy" and one.merged_into is None
    }
    unwritten = living - wiki.written_pages(viewer, living).keys()
    names = wiki.names_of_terms(unwritten)
    statement = (
        select(PageLink.target, PageLink.entry_id)
        .join(Entry, Entry.id == PageLink.entry_id)
        .where(policy.listed(viewer), PageLink.target.in_(sorted(names)))
        .limit(_MOST_WANTED)
    )
    linked: dict[int, set[int]] = {}
    for target, entry_id in db.session.execute(statement):
        linked.setdefault(names[target], set()).add(entry_id)
    found = [Wanted(words.by_id[one], len(entries)) for one, entries in linked.items()]
    return sorted(found, key=lambda one: (-one.number, one.term.key))


#: Links that are counted for strategies without a page.
_MOST_WANTED = 2000
