"""What a mail quotes of what it tells: the comment itself, the whole of a new discussion, or nothing.

Of any other new entry its line says how it begins; whoever wants all of it opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, select

from cop.core.db import db
from cop.core.i18n import current_lang
from cop.entries import comparing, mentions, queries, thread
from cop.entries.image_models import Attachment
from cop.entries.kinds import KINDS

if TYPE_CHECKING:
    from cop.entries.models import Comment, Entry
    from cop.people.viewer import Viewer

#: Characters of a mail in plain text; the rest is on the site.
_LONGEST = 6000


@dataclass(frozen=True)
class Quoted:
    """Words as text and as HTML, whoever is mentioned by the name this reader knows, and their language."""

    body: str = ""
    html: str = ""
    lang: str = ""
    #: Whether images or files stand with them, which a mail does not carry.
    has_attachments: bool = False


NOTHING = Quoted()


def of_comment(viewer: Viewer, entry: Entry, comment: Comment) -> Quoted:
    """Return the words of a comment that is shown."""
    body, html = comment.body, thread.html_of(comment)
    known = mentions.names(viewer, entry, [body, html]).beside(comment)
    return Quoted(
        _bounded(known.plain(body)), known.html(html), comment.lang, _attached(entry, comment)
    )


def of_entry(viewer: Viewer, entry: Entry) -> Quoted:
    """Return what a new entry asks or says, in the language of its reader where it is told in it.

    That is the whole of what is answered from mails; of the rest, that images or files stand with it.
    """
    if not KINDS[entry.kind].is_mailed_whole:
        return NOTHING
    text = queries.text_for(entry, current_lang())
    revision = queries.current(text)
    order = KINDS[entry.kind].sections
    sources = [revision.sections[key] for key in order if revision.sections.get(key)]
    rendered = comparing.rendered(revision)
    html = [rendered[key] for key in order if rendered.get(key)]
    known = mentions.names(viewer, entry, [*sources, *html])
    return Quoted(
        _bounded("\n\n".join(known.plain(one) for one in sources)),
        "".join(known.html(one) for one in html),
        text.lang,
        _attached(entry, None),
    )


def _bounded(words: str) -> str:
    return words if len(words) <= _LONGEST else words[:_LONGEST].rstrip() + " …"


_ATTACHED = select(
    exists().where(
        Attachment.entry_id == bindparam("entry"),
        Attachment.comment_id.is_not_distinct_from(bindparam("comment")),
        Attachment.position.is_not(None),
        Attachment.removed_at.is_(None),
    )
)


def _attached(entry: Entry, comment: Comment | None) -> bool:
    asked = {"entry": entry.id, "comment": comment.id if comment is not None else None}
    return bool(db.session.scalar(_ATTACHED, asked))
