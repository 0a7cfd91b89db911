"""Pages elsewhere on the web that a workshop names: what is wrong with them, and how they are shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from cop.core import clock
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.entries.operations import TITLE_LIMIT
from cop.outside.naming import State, is_address, states
from cop.workshops.draft import Outside


def wrong_links(links: Sequence[Outside]) -> Iterator[Invalid]:
    """Yield what is wrong with pages elsewhere, so that a form can say it all at once."""
    for one in links:
        if not is_address(one.url):
            yield Invalid(
                "links",
                _l(
                    "“%(url)s” is no address of a page. It begins with http:// or https://.",
                    url=one.url[:80],
                ),
            )
    if any(one.looked and day_of(one.looked) is None for one in links):
        yield Invalid("links", _l("Write the day you looked at a page like this: 2026-05-31."))
    elif any((day_of(one.looked) or date.min) > latest_today() for one in links):
        yield Invalid("links", _l("The day you looked at a page lies in the future."))
    if any(len(one.title) > TITLE_LIMIT for one in links):
        yield Invalid(
            "links",
            _l("This title is too long; %(limit)s characters are enough.", limit=TITLE_LIMIT),
        )


def dated(links: Sequence[Outside]) -> list[Outside]:
    """Return the links, those without a day as looked at today."""
    return [
        one if one.looked else replace(one, looked=clock.now().date().isoformat()) for one in links
    ]


def day_of(typed: str) -> date | None:
    """Return a day as it is kept, or None."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def latest_today() -> date:
    """Return the latest day it is anywhere: nobody is told that her today lies in the future."""
    return datetime.fromtimestamp(clock.now().timestamp() + 14 * 3600, tz=clock.now().tzinfo).date()


@dataclass(frozen=True)
class LinkShown:
    """A page elsewhere as the page of a workshop shows it."""

    link: Outside
    title: str
    host: str
    looked: date | None
    state: State


def shown_links(links: Sequence[Outside]) -> list[LinkShown]:
    """Return pages elsewhere with how they answered last, in one query."""
    known: Mapping[str, State] = states([one.url for one in links])
    return [_shown(one, known.get(one.url, State())) for one in links]


def _shown(one: Outside, state: State) -> LinkShown:
    host = urlsplit(one.url).hostname or ""
    return LinkShown(one, one.title or state.title or host, host, day_of(one.looked), state)
