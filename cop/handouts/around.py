"""What stands around a workshop on paper, in the language of the moment: its dates, pages elsewhere, its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from cop.core.i18n import current_lang, pick
from cop.entries.enclosures import File
from cop.entries.models import Entry
from cop.entries.pictures import Picture
from cop.handouts.blocks import whole
from cop.handouts.wording import WORDS
from cop.web.codes import code
from cop.web.filters import as_date
from cop.workshops import session_wording
from cop.workshops.links import shown_links
from cop.workshops.queries import RowsShown
from cop.workshops.session_models import WorkshopSession
from cop.workshops.session_queries import to_come

#: Dates that a paper names; of more it says where they are.
DATES = 5
#: Longest address that a sheet has room for; of a longer one it names the host.
_SHORT = 72
#: Longest address whose code is coarse enough to be read off paper.
_CODED = 300


@dataclass(frozen=True)
class DateTold:
    """A date to come, by the clocks of its place: nothing of who comes, nor how one takes part online."""

    when: str
    clocks: str
    where: Markup
    spoken: str


@dataclass(frozen=True)
class LinkTold:
    """A page elsewhere on the web."""

    title: str
    address: str
    #: The day its trainer looked at it, in words, or "".
    looked: str
    why: Markup
    why_lang: str

    @property
    def code(self) -> Markup:
        """Its code; empty where the address is too long for one that a telephone reads off paper."""
        return code(self.address, str(WORDS["code"])) if len(self.address) <= _CODED else Markup()

    @property
    def short(self) -> str:
        """Its address as a sheet has room for it."""
        bare = self.address.partition("://")[2].rstrip("/")
        return bare if len(bare) <= _SHORT else urlsplit(self.address).hostname or ""


def dates_told(workshop: Entry) -> list[DateTold]:
    """Return the coming dates of a workshop, the next one first, and one more than a paper names where there are."""
    return [
        DateTold(
            when=session_wording.when(one),
            clocks=session_wording.clocks(one),
            where=_where(one),
            spoken=session_wording.spoken(one),
        )
        for one in to_come(workshop, most=DATES + 1)
    ]


def _where(session: WorkshopSession) -> Markup:
    """Return where it is; what the trainer wrote of it is marked as its language."""
    words = escape(session_wording.where(session))
    if not session.venue:
        return words
    venue = Markup('<span lang="{}">{}</span>').format(
        session_wording.lang_of(session.venue).value, session.venue
    )
    return words.replace(escape(session.venue), venue, 1)


def links_told(rows: RowsShown, base: str) -> list[LinkTold]:
    """Return the pages elsewhere that a workshop names, in one query."""
    return [
        LinkTold(
            title=one.title,
            address=one.link.url,
            looked=_day(one.looked),
            why=whole(rows.html.get(f"l{one.link.id}", ""), base),
            why_lang=pick(one.link.why, current_lang())[1].value,
        )
        for one in shown_links(rows.facts.links)
    ]


def _day(day: date | None) -> str:
    return as_date(day) if day else ""


def can_be_seen(images: Sequence[Picture]) -> list[Picture]:
    """Return the images that can be had."""
    return [one for one in images if not one.is_lost and not one.is_removed]


def there(files: Sequence[File]) -> list[File]:
    """Return the files that can be had."""
    return [one for one in files if not one.is_lost and not one.is_removed]
