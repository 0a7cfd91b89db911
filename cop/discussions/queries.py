"""Reading discussions: lists by key, one discussion's facts, and facts of many in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    ScalarSelect,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import joinedload

from cop.core.db import db, rows
from cop.core.errors import NotFound
from cop.core.i18n import _, _n, pick
from cop.core.keyset import read_page
from cop.core.page import Cursor, Page
from cop.core.text import slugify
from cop.core.types import Lang, Texts
from cop.discussions.answering import KNOWN_TO_READER
from cop.discussions.models import Discussion, Form, Space
from cop.discussions.operations import KIND
from cop.entries import policy, queries as entries
from cop.entries.cards import CardFacts
from cop.entries.carrying import index_facts_of, terms_of
from cop.entries.kinds import IndexFacts
from cop.entries.models import Comment, Entry, Tagging
from cop.people.viewer import Viewer
from cop.terms import refs
from cop.terms.refs import TermRef

#: Pinned discussions a space shows at most.
MOST_PINNED = 10


@dataclass(frozen=True)
class SpaceShown:
    """A space as this reader sees it."""

    id: int
    key: str
    name: str
    name_lang: Lang
    purpose: str
    purpose_lang: Lang
    #: The language people mostly write in there, where there is one.
    lang: Lang | None
    slug: str
    #: What may decorate its address: its names in both languages.
    slugs: frozenset[str]

    @property
    def href(self) -> str:
        """The path of its page."""
        return f"/spaces/{self.id}-{self.slug}"


@dataclass(frozen=True)
class SpaceRow:
    """A space in the list of spaces, with how many discussions this reader may open there."""

    space: SpaceShown
    count: int


def shown_space(space: Space) -> SpaceShown:
    """Return a space for its reader."""
    name, name_lang = pick(space.name)
    purpose, purpose_lang = pick(space.purpose)
    lang = Lang(space.lang) if space.lang else None
    slugs = frozenset(slugify(one) for one in space.name.values())
    slug = slugify(name)
    return SpaceShown(
        space.id, space.key, name, name_lang, purpose, purpose_lang, lang, slug, slugs
    )


def all_spaces() -> list[SpaceShown]:
    """Return every space, in their order."""
    rows = db.session.scalars(select(Space).order_by(Space.position, Space.id))
    return [shown_space(row) for row in rows]


#: Discussions of a space that are counted; of more it says that there are more.
COUNTED = 1000


def spaces(viewer: Viewer) -> list[SpaceRow]:
    """Return every space with the number of its discussions that this viewer may open, up to COUNTED."""
    shown = all_spaces()
    if not shown:
        return []
    counts = db.session.execute(select(*(_count_in(space.id, viewer) for space in shown))).one()
    return [SpaceRow(space, count) for space, count in zip(shown, counts, strict=True)]


def _count_in(space_id: int, viewer: Viewer) -> ScalarSelect[int]:
    inside = (
        select(Discussion.entry_id)
        .where(Discussion.space_id == space_id, _listed(viewer))
        .limit(COUNTED)
        .subquery()
    )
    return select(func.count()).select_from(inside).scalar_subquery()


def get_space(space_id: int) -> SpaceShown:
    """Return a space, or raise NotFound."""
    found = db.session.get(Space, space_id) if 0 < space_id <= entries.MAX_ID else None
    if found is None:
        raise NotFound
    return shown_space(found)


def _listed(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion of `policy.listed` on the copy that discussions keep."""
    return Discussion.audience.in_(sorted(policy.listed_labels(viewer)))


def threads(
    viewer: Viewer,
    *,
    space_id: int | None = None,
    unanswered: bool = False,
    known: bool = False,
    older: str | None = None,
    newer: str | None = None,
    size: int = entries.PAGE_SIZE,
) -> Page[Entry]:
    """Return a page of discussions the viewer may open, the one last active first.

    Of a space, those that are pinned are left out: `pinned` returns them. With `known`, questions without
    a reply on what the viewer's own notes are about.
    """
    statement = select(Discussion.entry_id, Discussion.active_at).where(_listed(viewer))
    if space_id is not None:
        statement = statement.where(Discussion.space_id == space_id, Discussion.pinned.is_(False))
    if unanswered:
        statement = statement.where(Discussion.unanswered.is_(True))
    if known:
        statement = statement.where(KNOWN_TO_READER)
    page = read_page(
        statement,
        Discussion.active_at,
        Discussion.entry_id,
        older=older,
        newer=newer,
        size=size,
        read=lambda asked: rows(asked, {"reader": viewer.id or 0} if known else None),
        place=lambda row: Cursor(row.active_at, row.entry_id),
    )
    return Page(
        entries.in_order(viewer, [row[0] for row in page.items]),
        older=page.older,
        newer=page.newer,
    )


# Built once: the front page of every member asks it.
_KNOWN = (
    select(Discussion.entry_id)
    .where(Discussion.audience.in_(bindparam("listed", expanding=True)), KNOWN_TO_READER)
    .order_by(Discussion.active_at.desc(), Discussion.entry_id.desc())
    .limit(bindparam("most", type_=Integer))
)


def known_to(viewer: Viewer, most: int) -> list[Entry]:
    """Return the first of what `threads` finds with `known`."""
    asked = {"reader": viewer.id or 0, "most": most, **entries.lists_of(viewer)}
    return entries.in_order(viewer, [row[0] for row in rows(_KNOWN, asked)])


def pinned(viewer: Viewer, space_id: int) -> list[Entry]:
    """Return the pinned discussions of a space that the viewer may open."""
    ids = db.session.scalars(
        select(Discussion.entry_id)
        .where(Discussion.space_id == space_id, Discussion.pinned.is_(True), _listed(viewer))
        .order_by(Discussion.active_at.desc())
        .limit(MOST_PINNED)
    ).all()
    return entries.in_order(viewer, ids)


@dataclass(frozen=True)
class DiscussionShown:
    """The facts of one discussion as its page shows them."""

    facts: Discussion
    space: SpaceShown
    terms: Sequence[TermRef]
    #: What it is about and this viewer may read.
    about: Sequence[Entry]
    sources: Sequence[entries.Cited]

    @property
    def is_question(self) -> bool:
        """Whether its asker wants an answer."""
        return self.facts.form == Form.QUESTION

    @property
    def is_answered(self) -> bool:
        """Whether an answer was accepted."""
        return self.facts.accepted_id is not None


# Built once, as all that the page of a discussion and rows of lists ask.
_ON: BindParameter[int] = bindparam("entry_id", type_=Integer)
_DISCUSSION = (
    select(Discussion).where(Discussion.entry_id == _ON).options(joinedload(Discussion.space))
)
_TERMS_OF = select(Tagging.term_id).where(Tagging.entry_id == _ON).order_by(Tagging.position)
_NEAR = (
    select(Entry)
    .join(Tagging, Tagging.entry_id == Entry.id)
    .where(
        Tagging.term_id == bindparam("term_id", type_=Integer),
        Tagging.entry_id != _ON,
        Entry.kind == KIND,
        entries.LISTED,
    )
    .order_by(Tagging.entry_id.desc())
    .limit(bindparam("most", type_=Integer))
)
_ACCEPTED = (
    select(Comment)
    .where(Comment.id == bindparam("comment_id", type_=Integer))
    .options(joinedload(Comment.author))
)


def shown(viewer: Viewer, entry: Entry) -> DiscussionShown:
    """Return the facts of a discussion for its page."""
    asked = {"entry_id": entry.id}
    found = db.session.scalars(_DISCUSSION, asked).one()
    term_ids = [row[0] for row in rows(_TERMS_OF, asked)]
    known = refs.refs(term_ids)
    return DiscussionShown(
        facts=found,
        space=shown_space(found.space),
        terms=[known[one] for one in term_ids if one in known],
        about=entries.about(viewer, entry),
        sources=entries.sources(entry),
    )


def near(viewer: Viewer, entry: Entry, facts: DiscussionShown, limit: int = 4) -> list[Entry]:
    """Return the newest other discussions that carry the first term of this one."""
    if not facts.terms:
        return []
    asked = {"term_id": facts.terms[0].id, "entry_id": entry.id, "most": limit}
    return list(db.session.scalars(_NEAR, {**asked, **entries.lists_of(viewer)}))


def accepted_of(viewer: Viewer, entry: Entry, discussion: Discussion) -> Comment | None:
    """Return the accepted reply with its author, if it is there for the viewer."""
    if discussion.accepted_id is None:
        return None
    found = db.session.scalar(_ACCEPTED, {"comment_id": discussion.accepted_id})
    return found if found and policy.comment_exists(viewer, found, entry) else None


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CARD_FACTS = (
    select(
        Discussion.entry_id,
        Discussion.form,
        Discussion.accepted_id,
        Discussion.pinned,
        Space.name,
        Entry.replies,
        Entry.locked_at,
    )
    .join(Space, Space.id == Discussion.space_id)
    .join(Entry, Entry.id == Discussion.entry_id)
    .where(Discussion.entry_id.in_(_IDS))
)


def card_facts(ids: Sequence[int]) -> dict[int, CardFacts]:
    """Return what rows of a list show of discussions, in a fixed number of queries."""
    found = rows(_CARD_FACTS, {"ids": list(ids)})
    carried = terms_of(ids)
    known = refs.refs({one for terms in carried.values() for one in terms})
    return {
        row.entry_id: CardFacts(
            terms=tuple(known[one] for one in carried.get(row.entry_id, ()) if one in known),
            form=row.form,
            details=(_in_words(row.name), (_replies(row.replies), "")),
            badges=_badges(row),
        )
        for row in found
    }


def _in_words(name: Texts) -> tuple[str, str]:
    words, lang = pick(name)
    return words, lang.value


def _replies(number: int) -> str:
    return _n("%(num)d reply", "%(num)d replies", number) if number else _("No reply yet")


def _badges(found: Any) -> tuple[str, ...]:
    badges = []
    if found.accepted_id is not None:
        badges.append(_("Answered"))
    if found.pinned:
        badges.append(_("Pinned"))
    if found.locked_at is not None:
        badges.append(_("Locked"))
    return tuple(badges)


def index_facts(ids: Sequence[int]) -> dict[int, IndexFacts]:
    """Return what the index must know of discussions: what they are narrowed by, and all labels as words."""
    carried = terms_of(ids)
    return {one: index_facts_of(carried.get(one, ())) for one in ids}
