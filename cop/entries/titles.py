"""Links by name beside the texts: the titles entries have and had, and the names their texts link to."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from cop.core.db import db
from cop.entries.models import Comment, Entry, Revision, Text
from cop.entries.wiki_models import CommentLink, PageLink, Title
from cop.markup.wiki import places
from cop.terms.labels import folded

#: As long as a title can be; a few characters fold into many.
_LONGEST = 200


def name_of(text: str) -> str:
    """Return what a title, a label or the name in a link is looked up by."""
    return folded(text)[:_LONGEST].rstrip()


def keep_titles(entry: Entry, text: Text) -> None:
    """Make the names of a text those that its revisions have; a removed one's words name nothing any more."""
    statement = select(Revision.title).where(
        Revision.text_id == text.id, Revision.suppressed_at.is_(None)
    )
    now = name_of(text.title)
    names = {name_of(title) for title in db.session.scalars(statement.distinct())} | {now}
    db.session.execute(delete(Title).where(Title.entry_id == entry.id, Title.lang == text.lang))
    db.session.add_all(
        Title(entry_id=entry.id, lang=text.lang, folded=name, current=name == now)
        for name in sorted(names)
        if name
    )
    db.session.flush()


def keep_links(text: Text, html: Iterable[str]) -> None:
    """Make the links of a text, each once, those that its rendered sections have now."""
    typed: dict[str, str] = {}
    for name in (name for one in html for name in places(one)):
        typed.setdefault(name_of(name), name)
    typed.pop("", None)
    db.session.execute(
        delete(PageLink).where(PageLink.entry_id == text.entry_id, PageLink.lang == text.lang)
    )
    db.session.add_all(
        PageLink(entry_id=text.entry_id, lang=text.lang, target=target, typed=name)
        for target, name in sorted(typed.items())
    )
    db.session.flush()


def keep_links_of(comment: Comment) -> None:
    """Make the links of a comment, each once, those that its rendered words have now."""
    targets = {name_of(name) for name in places(comment.html)} - {""}
    db.session.execute(delete(CommentLink).where(CommentLink.comment_id == comment.id))
    db.session.add_all(
        CommentLink(comment_id=comment.id, target=target) for target in sorted(targets)
    )
    db.session.flush()
