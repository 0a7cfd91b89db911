"""Whose file it is: with her eyes everything in it is read, in her language it is told."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import SelectBase, func, select
from sqlalchemy.orm import selectinload

from cop import markup
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import policy
from cop.entries.kinds import KINDS
from cop.entries.mentions import Names
from cop.entries.models import Entry
from cop.entries.queries import text_for
from cop.notifications.targets import href_of
from cop.people.mails import url
from cop.people.models import User
from cop.people.queries import viewer_of
from cop.people.viewer import Viewer
from cop.takeout import attached
from cop.takeout.sheets import Link

_OF_THE_SITE = re.compile(r'(<a\b[^>]*\bhref=")(/(?!/))')


@dataclass(frozen=True)
class Owner:
    """Somebody whose own words and data are put together."""

    user: User
    viewer: Viewer
    #: The language of the file.
    lang: Lang
    #: The first of her images and files that finds no room any more; None where all do.
    cut: int | None

    @property
    def id(self) -> int:
        """The number of her account."""
        return self.user.id

    def links(self, entry_ids: Iterable[int]) -> dict[int, Link]:
        """Return title and lasting address of those entries that she may still read, in one query."""
        wanted = sorted(set(entry_ids))
        if not wanted:
            return {}
        rows = db.session.scalars(
            select(Entry)
            .where(Entry.id.in_(wanted), policy.readable(self.viewer))
            .options(selectinload(Entry.texts))
        )
        return {row.id: self.link(row) for row in rows if row.texts}

    def link(self, entry: Entry) -> Link:
        """Return title and lasting address of an entry whose texts are loaded and that she may read."""
        return Link(text_for(entry, self.lang).title, url(href_of(entry)))

    def shown(self, source: str, names: Names) -> str:
        """Return her own words as they look on the site, with addresses that work from a file."""
        html = names.html(markup.render(source).html)
        return _OF_THE_SITE.sub(lambda found: found[1] + url(found[2]), html)


def owner_of(user: User, lang: Lang) -> Owner:
    """Return what is needed to put together what is somebody's own."""
    return Owner(user, viewer_of(user), lang, attached.first_without_room(user.id))


def kind_of(entry: Entry) -> str:
    """Return the name of an entry's kind in the reader's language."""
    return str(KINDS[entry.kind].label)


def number_of(statement: SelectBase) -> int:
    """Return how many rows a statement has."""
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
