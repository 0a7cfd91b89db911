"""What stands around an entry on its page: who links it, and whether anything else hangs on it, in one statement.

So nothing is asked of what is not there, which on most pages is nearly all of it; and what is named beside the
entry is named together. What the viewer does not meet in lists is not there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Integer, Select, bindparam, func, literal, select, union_all

from cop.core.db import rows
from cop.entries import policy
from cop.entries.cards import Heading, Named, headings_by_id
from cop.entries.image_models import Attachment
from cop.entries.models import (
    COMMENT_DRAFT,
    Comment,
    CommentStatus,
    Draft,
    Entry,
    Link,
    LinkKind,
)
from cop.entries.originals import RELATION_VALUES
from cop.entries.queries import LISTED, lists_of
from cop.entries.taken_models import TakenUp
from cop.people.viewer import Viewer

#: Entries that a page names of each kind of link.
MOST = 5
#: The kinds of links by which a page names what links it; of others it needs no more than the numbers.
_NAMED = (LinkKind.ABOUT, LinkKind.COLLECTS, LinkKind.MATERIAL, LinkKind.CAME_OF)
#: What hangs on an entry besides links.
_RELATION, _ATTACHED, _TAKEN_UP = "relation", "attached", "taken-up"
_COMMENTS, _DRAFT = "comments", "draft"


@dataclass(frozen=True)
class Around:
    """What there is around an entry, as far as the viewer meets it in lists."""

    #: Kind of link → the newest entries that link this one so.
    linking: Mapping[str, Sequence[Named]]
    #: Kind of link → how many link it so in all.
    counts: Mapping[str, int]
    #: Whether it shows images or files.
    has_attachments: bool = False
    #: Whether it says that it was tried after something.
    was_tried_after: bool = False
    #: Whether pages took up words of it.
    was_taken_up: bool = False
    #: Whether there is any comment on it for the viewer, if only its trace.
    has_comments: bool = False
    #: Whether the viewer has begun to say something on it.
    has_draft: bool = False
    told: Mapping[int, Heading] = field(default_factory=dict)

    def headings(self, kind: LinkKind) -> list[Heading]:
        """Return the newest entries that link this one in this way, as links."""
        return self.headings_of(self.linking.get(kind.value, ()))

    def headings_of(self, entries: Iterable[Entry | Named]) -> list[Heading]:
        """Return as links those of the entries that were named together with what links this one."""
        return [self.told[one.id] for one in entries if one.id in self.told]


# Built once for each reach: the page of every entry asks it.
@cache
def _statement(reached: policy.Reach) -> Select[str, int, str, str, int]:
    """Return the statement: (what it is, id, kind and language of the entry, how many there are of it)."""
    on, reader = bindparam("entry_id", type_=Integer), bindparam("reader", type_=Integer)
    newest = (Entry.published_at.desc(), Entry.id.desc())
    linking = (
        select(
            Link.kind.label("what"),
            Entry.id.label("id"),
            Entry.kind.label("kind"),
            Entry.lang.label("lang"),
            func.count().over(partition_by=Link.kind).label("number"),
            func.row_number().over(partition_by=Link.kind, order_by=newest).label("place"),
        )
        .join(Entry, Entry.id == Link.entry_id)
        .where(Link.target_id == on, LISTED)
        .subquery()
    )
    first = select(*linking.c[:5]).where(linking.c.place <= MOST)

    def hanging(what: str, statement: Select[int]) -> Select[str, int, str, str, int]:
        found = statement.limit(1).subquery()
        return select(literal(what), found.c[0], literal(""), literal(""), literal(1))

    relation = select(Link.target_id).where(Link.entry_id == on, Link.kind.in_(RELATION_VALUES))
    attached = select(Attachment.id).where(
        Attachment.entry_id == on,
        Attachment.comment_id.is_(None),
        Attachment.position.is_not(None),
    )
    taken_up = (
        select(TakenUp.page_id)
        .join(Entry, Entry.id == TakenUp.page_id)
        .where(TakenUp.source_id == on, TakenUp.comment_id.is_(None), LISTED)
    )
    comments = select(Comment.id).where(
        Comment.entry_id == on,
        Comment.status != CommentStatus.OPENING,
        policy.existing_for(reader, reached),
    )
    draft = select(Draft.id).where(
        Draft.author_id == reader, Draft.kind == COMMENT_DRAFT, Draft.entry_id == on
    )
    every = union_all(
        first,
        hanging(_RELATION, relation),
        hanging(_ATTACHED, attached),
        hanging(_TAKEN_UP, taken_up),
        hanging(_COMMENTS, comments),
        hanging(_DRAFT, draft),
    ).subquery()
    return select(*every.c)


def around(viewer: Viewer, entry: Entry, also: Iterable[Entry | Named] = ()) -> Around:
    """Return what there is around an entry. What is named beside it besides, `also`, is named together with it."""
    linking: dict[str, list[Named]] = {}
    counts: dict[str, int] = {}
    hanging: set[str] = set()
    asked = {"entry_id": entry.id, "reader": viewer.id or 0, **lists_of(viewer)}
    for what, one, kind, lang, number in rows(_statement(policy.reach(viewer, entry)), asked):
        if not kind:
            hanging.add(what)
            continue
        linking.setdefault(what, []).append(Named(one, kind, lang))
        counts[what] = number
    found = (one for what, some in linking.items() if what in _NAMED for one in some)
    return Around(
        linking=linking,
        counts=counts,
        has_attachments=_ATTACHED in hanging,
        was_tried_after=_RELATION in hanging,
        was_taken_up=_TAKEN_UP in hanging,
        has_comments=_COMMENTS in hanging,
        has_draft=_DRAFT in hanging,
        told=headings_by_id([*also, *found]),
    )
