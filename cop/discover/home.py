"""The front page of somebody who is signed in: what is new to her, what she watches, what waits for her."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from cop.core.db import db
from cop.core.i18n import _
from cop.core.page import Page
from cop.discussions import queries as discussions
from cop.entries import policy, queries as entries, saying
from cop.entries.cards import Card, Heading, cards, headings
from cop.entries.kinds import KINDS
from cop.entries.models import COMMENT_DRAFT, Draft, Entry
from cop.notes import narrowing
from cop.notes.models import Outcome
from cop.notes.narrowing import NoteFilter
from cop.people.belonging import names_of
from cop.people.viewer import Viewer
from cop.web.filters import as_date, here, weekday
from cop.workshops.session_lists import Near, coming_near

#: What the list shows beside everything.
WATCHING, FAILED = "watching", "failed"
SIZE = 8
#: Drafts and questions beside the list.
BESIDE = 3
#: Beyond so many new entries nobody wants the number; it is not counted further.
MOST_COUNTED = 200

#: (viewer, older, newer) → entries that something she watches told her of, newest first.
Watched = Callable[[Viewer, str | None, str | None], Page[Entry]]


def _nothing(_viewer: Viewer, _older: str | None, _newer: str | None) -> Page[Entry]:
    return Page(())


_watched: list[Watched] = [_nothing]


def list_watched_with(source: Watched) -> None:
    """Set where the watched entries come from; called once when the application is made, since notices stand beside."""
    _watched[:] = [source]


@dataclass(frozen=True)
class Feed:
    """A page of what came: what is new since the last visit apart from what was there before."""

    fresh: Sequence[Card]
    seen: Sequence[Card]
    older: str | None
    newer: str | None


@dataclass(frozen=True)
class ForYou:
    """What stands beside the list for one person."""

    #: What she is writing, of whatever kind.
    drafts: Sequence[Draft]
    #: Those of the drafts that are comments, by number, as lists show them.
    comments: Mapping[int, saying.Row]
    questions: Sequence[Heading]
    #: Her circles: address and name of each.
    circles: Sequence[tuple[str, str]]
    #: The next dates of workshops near her.
    near: Near


def feed(
    viewer: Viewer,
    show: str,
    *,
    since: datetime | None,
    older: str | None = None,
    newer: str | None = None,
) -> Feed:
    """Return a page of everything, of what is watched, or of what did not work, as `show` says."""
    page = _page(viewer, show, older, newer)
    # What is watched comes in the order of what happened there, not of what was published.
    start = since if show != WATCHING else None
    fresh = {one.id for one in page.items if start is not None and one.published_at > start}
    made = cards(viewer, page.items)
    return Feed(
        fresh=[card for card in made if card.id in fresh],
        seen=[card for card in made if card.id not in fresh],
        older=page.older,
        newer=page.newer,
    )


def _page(viewer: Viewer, show: str, older: str | None, newer: str | None) -> Page[Entry]:
    if show == WATCHING:
        return _watched[0](viewer, older, newer)
    if show == FAILED:
        statement = narrowing.index(viewer, NoteFilter(outcome=(Outcome.FAILED.value,)))
    else:
        statement = entries.recent(viewer)
    return entries.page(statement, older=older, newer=newer, size=SIZE)


def for_you(viewer: Viewer) -> ForYou:
    """Return drafts and unanswered questions that somebody could go on with."""
    drafts = entries.drafts(viewer, BESIDE, of_comments=None)
    said = saying.rows_of([draft for draft in drafts if draft.kind == COMMENT_DRAFT])
    return ForYou(
        drafts=drafts,
        comments={row.id: row for row in said},
        questions=headings(discussions.known_to(viewer, BESIDE)),
        circles=[(f"/circles/{number}", name) for number, name in names_of(viewer.circles)],
        near=coming_near(viewer),
    )


def news(viewer: Viewer, since: datetime) -> list[str]:
    """Return in words how many entries of each kind came since then, as far as the viewer may read them."""
    return [
        # Translators: how many entries of a kind are new, such as "Case notes: 6".
        _("%(kind)s: %(number)s", kind=KINDS[kind].label_plural, number=number)
        for kind, number in _counts(viewer, since).items()
    ]


def _counts(viewer: Viewer, since: datetime) -> Mapping[str, int]:
    latest = (
        select(Entry.kind)
        .where(
            policy.listed(viewer),
            Entry.published_at > since,
            Entry.author_id.is_distinct_from(viewer.id),
        )
        .order_by(Entry.published_at.desc())
        .limit(MOST_COUNTED)
        .subquery()
    )
    rows = db.session.execute(select(latest.c.kind, func.count()).group_by(latest.c.kind))
    counts = {row.kind: row[1] for row in rows}
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def since_words(since: datetime, *, now: datetime) -> str:
    """Say since when in the reader's manner: a time of today, yesterday, a day of the week, or a date."""
    day, today = here(since).date(), here(now).date()
    if day == today:
        return _("Since %(time)s", time=f"{here(since):%H:%M}")
    if today - day == timedelta(days=1):
        return _("Since yesterday")
    if today - day < timedelta(days=7):
        # Translators: the day of the week of the reader's last visit.
        return _("Since %(weekday)s", weekday=weekday(day))
    return _("Since %(date)s", date=as_date(since))
