"""Mentions in what people write: which are taken when a text is kept, and under which names they are shown.

A text as it is kept holds ids alone (`cop.markup.mentions`). Everything that shows one to somebody fills it here,
so that a new name shows at once, and nobody reads a name that she may not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from markupsafe import escape
from sqlalchemy import select

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _, _l
from cop.entries import bylines, policy, spoken, wiki
from cop.entries.bylines import Byline
from cop.entries.draft import TextDraft
from cop.entries.kinds import KINDS
from cop.entries.models import Comment, Entry, NameMask, Status
from cop.entries.wiki import Links
from cop.markup import mentions as source_form
from cop.markup.mentions import AUTHOR, CIRCLE, FORMER, PERSON, Mention
from cop.markup.wiki import worded
from cop.people import belonging, finding
from cop.people.models import Circle, User
from cop.people.queries import viewer_of
from cop.people.viewer import Viewer

#: Somebody who is a member and in no circle.
_ANY_MEMBER = Viewer(id=0)
#: People one text mentions at most: who calls more calls nobody.
LIMIT = 20
_TOO_MANY = _l(
    "One text can mention at most %(limit)s people. Please take some of the mentions out; their names can stay as "
    "plain text.",
    limit=LIMIT,
)


@dataclass(frozen=True)
class Names:
    """Under which names some texts mention people, and where their links lead, as one reader may know it."""

    people: Mapping[int, Byline] = field(default_factory=dict)
    #: Those circles that the reader may know of.
    circles: Mapping[int, str] = field(default_factory=dict)
    author: Byline | None = None
    links: Links = field(default_factory=Links)

    def of(self, mentioned: Mention) -> Byline:
        """Return the name of a mention."""
        if mentioned.kind == AUTHOR:
            return self.author or Byline(_("the author"))
        if mentioned.kind == CIRCLE:
            return Byline(self.circles.get(mentioned.id) or _("a circle"))
        return self.people.get(mentioned.id) or Byline(_("a former member"))

    def under(self, viewer: Viewer, entry: Entry) -> "Names":
        """Return the same names where the author meant is that of this entry, whose author is loaded."""
        if entry.name_mask == NameMask.UNNAMED:
            return replace(self, author=None)
        return replace(self, author=bylines.byline(viewer, entry))

    def beside(self, comment: Comment) -> "Names":
        """Return the same names for a comment: one that came from another entry does not mean this one's author."""
        return self if comment.origin_id is None else replace(self, author=None)

    def html(self, html: str) -> str:
        """Return rendered text with its links, and the names in it leading to profiles where there are some to read."""
        return source_form.filled(self.links.html(html), self._shown)

    def _shown(self, mentioned: Mention) -> str:
        name, href = self.of(mentioned), ""
        if name.handle is not None:
            href = f"/people/{name.handle}"
        elif mentioned.kind == CIRCLE and mentioned.id in self.circles:
            href = f"/circles/{mentioned.id}"
        if not href:
            return f'<span class="mention">@{escape(name.name)}</span>'
        return f'<a class="mention" href="{escape(href)}">@{escape(name.name)}</a>'

    def words(self, source: str) -> str:
        """Return a source with names in the place of mentions, as comparisons show it."""
        return source_form.rewritten(source, lambda mentioned, _name: f"@{self.of(mentioned).name}")

    def plain(self, source: str) -> str:
        """Return a source with names and the words of links in their places, as mails and quotations show it."""
        return worded(self.words(source))

    def source(self, source: str) -> str:
        """Return a source as its writer sees it in a form: each mention with its name in the brackets."""
        return source_form.rewritten(
            source,
            lambda mentioned, _name: source_form.written(mentioned, self.of(mentioned).name),
        )

    def sources(self, sections: Mapping[str, str]) -> dict[str, str]:
        """Return sections as their writer sees them in a form."""
        return {key: self.source(source) for key, source in sections.items()}


def names(viewer: Viewer, entry: Entry | None, texts: Iterable[str]) -> Names:
    """Return the names of all whom these texts, rendered or not, mention: in two queries at most, mostly in none.

    `entry` is what they belong to; of a text that belongs to none yet, the author is simply that.
    Where the links of rendered ones lead comes with them (see `wiki.links`).
    """
    texts = list(texts)
    found = {one for text in texts for one in _mentioned(text)}
    ids = {one.id for one in found if one.kind == PERSON}
    author_id = _named_author(entry) if Mention(AUTHOR) in found else None
    people = _people(viewer, ids | ({author_id} if author_id else set()))
    circles = _circles(viewer, {one.id for one in found if one.kind == CIRCLE})
    author = people.get(author_id) if author_id else None
    return Names(people, circles, author, wiki.links(viewer, texts))


def _circles(viewer: Viewer, ids: set[int]) -> dict[int, str]:
    """Return the names of circles; of one the reader may not know of, none."""
    if not ids:
        return {}
    known = belonging.known_to(viewer)
    rows = db.session.execute(
        select(Circle.id, Circle.name).where(Circle.id.in_(sorted(ids)), known)
    )
    return {row.id: row.name for row in rows}


def _mentioned(text: str) -> Iterable[Mention]:
    yield from source_form.places(text)
    yield from (one for one, _name in source_form.in_source(text))


def _named_author(entry: Entry | None) -> int | None:
    if entry is None or entry.name_mask == NameMask.UNNAMED:
        return None
    return entry.author_id


def _people(viewer: Viewer, ids: set[int]) -> dict[int, Byline]:
    """Return the names of people; visitors learn only of those who put their own name under something public."""
    if not ids:
        return {}
    rows = db.session.scalars(select(User).where(User.id.in_(sorted(ids)))).all()
    known = ids if viewer.is_member or viewer.system else spoken.named_openly(viewer, ids)
    return {row.id: bylines.mentioned(row, known=row.id in known) for row in rows}


def shown(viewer: Viewer, entry: Entry | None, html: str) -> str:
    """Return one rendered text with the names in it."""
    return names(viewer, entry, [html]).html(html)


def shown_all(viewer: Viewer, entry: Entry | None, html: Mapping[str, str]) -> dict[str, str]:
    """Return rendered sections with the names in them."""
    known = names(viewer, entry, html.values())
    return {key: known.html(one) for key, one in html.items()}


def taken(
    by: Viewer,
    entry: Entry | None,
    sections: Mapping[str, str],
    was: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return sections as they are kept: mentions by id alone, those that cannot be as the text that stood there.

    `was` is what the text said before: whom it mentioned may have left since, and stays mentioned. The author of the
    entry is mentioned as such where she is named, so that she is not where she takes her name away later; of what
    belongs to no entry yet, nobody is. Raises Invalid for more new mentions, or links, than one text may hold.
    """
    before = {one for text in (was or {}).values() for one, _name in source_form.in_source(text)}
    found: dict[Mention, str] = {}
    for key, text in sections.items():
        found |= {one: key for one, _name in source_form.in_source(text)}
    if not by.system:
        wiki.require_few(sections, tuple((was or {}).values()))
    if len(found) > LIMIT and not found.keys() <= before and not by.system:
        raise Invalid(found[list(found)[LIMIT]], _TOO_MANY)
    people = _mentionable({one.id for one in found.keys() - before if one.kind == PERSON})
    author = _named_author(entry)
    if author is None and entry is not None and entry.author_id == by.id:
        author = by.id

    def kept(mentioned: Mention, name: str) -> str:
        if mentioned.kind == PERSON and mentioned.id == author:
            return source_form.written(Mention(AUTHOR))
        # Whoever is not in a circle does not call it.
        calls = mentioned.kind == CIRCLE and mentioned.id in by.circles
        if mentioned in before or mentioned.kind in (AUTHOR, FORMER) or calls:
            return source_form.written(mentioned)
        if mentioned.kind == PERSON and mentioned.id in people:
            return source_form.written(mentioned)
        return f"@{name}"

    return {key: source_form.rewritten(text, kept) for key, text in sections.items()}


def taken_draft(
    by: Viewer, entry: Entry, draft: TextDraft, was: Mapping[str, str] | None = None
) -> TextDraft:
    """Return a telling with its sections as `taken` returns them; what is no section of the kind mentions nobody."""
    sections = KINDS[entry.kind].sections
    marked = {key: text for key, text in draft.sections.items() if key in sections}
    kept = taken(by, entry, marked, was)
    plain = {
        key: source_form.rewritten(text, lambda _mentioned, name: f"@{name}")
        for key, text in draft.sections.items()
        if key not in marked
    }
    return replace(draft, sections={key: {**plain, **kept}[key] for key in draft.sections})


def _mentionable(ids: set[int]) -> set[int]:
    if not ids:
        return set()
    statement = select(User.id).where(User.id.in_(sorted(ids)), finding.can_be_mentioned())
    return set(db.session.scalars(statement))


def cannot_read(entry: Entry, kept: Mapping[str, str]) -> list[str]:
    """Return the names of people these texts mention who may not read the entry, and so are told nothing.

    Asked for who wrote it, and only where others read it already: who reads what waits is nobody's to know.
    """
    if entry.status != Status.PUBLISHED or policy.listed_labels(_ANY_MEMBER) >= {entry.audience}:
        return []
    found = {one for text in kept.values() for one, _name in source_form.in_source(text)}
    people = finding.among(None, sorted(one.id for one in found if one.kind == PERSON))
    return [one.name for one in people if not policy.may_read(viewer_of(one), entry)]


def left_out(typed: Mapping[str, str], kept: Mapping[str, str]) -> list[str]:
    """Return the names of those whom a form mentions and the text made of it does not."""
    there = {one for text in kept.values() for one, _name in source_form.in_source(text)}
    return [
        name
        for key, text in typed.items()
        for one, name in source_form.in_source(text)
        if one not in there and f"@{name}" in kept.get(key, "")
    ]
