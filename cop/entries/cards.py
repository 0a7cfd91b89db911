"""Rows of lists: what any entry shows of itself in one line or three, in a fixed number of queries a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import bindparam, select

from cop.core.db import db, rows
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import policy
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Status, Text, Visibility
from cop.entries.originals import TIMES_TRIED, Original, originals_of
from cop.people import belonging
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.terms.refs import TermRef


@dataclass(frozen=True)
class CardFacts:
    """What a kind adds to a card."""

    outcome: str | None = None
    terms: tuple[TermRef, ...] = ()
    organisation: str = ""
    organisation_lang: str = ""
    place: str = ""
    period: str = ""
    #: What kind of discussion it is.
    form: str = ""
    #: Further words of the line below, each with its language where that is not the interface's.
    details: tuple[tuple[str, str], ...] = ()
    badges: tuple[str, ...] = ()
    #: The path of its page, where it is not made of id and title.
    href: str = ""
    #: Whether it says that it was tried after something.
    was_tried_after: bool = False


@dataclass(frozen=True)
class Card:
    """One row of a list."""

    id: int
    key: str
    kind: str
    slug: str
    title: str
    lang: str
    summary: str
    byline: str
    #: Of an unnamed entry the day alone.
    published_at: datetime | date
    outcome: str | None = None
    terms: tuple[TermRef, ...] = ()
    organisation: str = ""
    organisation_lang: str = ""
    place: str = ""
    period: str = ""
    badges: tuple[str, ...] = ()
    other_langs: tuple[str, ...] = ()
    href: str = ""
    #: What a search says of it: why it was found, and the tag of the reader's language to read it in.
    why: str = ""
    read_in: str = ""
    form: str = ""
    details: tuple[tuple[str, str], ...] = ()
    #: What it was tried after, where the reader may open that.
    after: Original | None = None
    #: How many notes that the reader may open tell that it was tried too.
    tried: int = 0


def cards(
    viewer: Viewer,
    entries: Sequence[Entry],
    *,
    langs: Mapping[int, str] | None = None,
    with_tries: bool = True,
) -> list[Card]:
    """Return the cards of entries the viewer may read, in their order; `langs` says which telling to show of each.

    Without tries they say neither what they were tried after nor how often they were tried.
    """
    ids = [entry.id for entry in entries]
    if not ids:
        return []
    could = with_tries and any(KINDS[entry.kind].can_be_tried for entry in entries)
    texts = _texts(ids, tried_for=viewer if could else None)
    authors = _authors(entries)
    circles = _circles(viewer, entries)
    facts: dict[int, Any] = {}
    for kind in {entry.kind for entry in entries}:
        facts |= KINDS[kind].card_facts([entry.id for entry in entries if entry.kind == kind])
    tried = [one for one, fact in facts.items() if with_tries and fact.was_tried_after]
    after = originals_of(viewer, tried) if tried else {}
    made = []
    for entry in entries:
        told = texts.get(entry.id)
        if told:
            wanted = (langs or {}).get(entry.id) or current_lang().value
            card = _card(
                viewer, entry, told, wanted, facts.get(entry.id, CardFacts()), authors, circles
            )
            made.append(replace(card, after=after[entry.id]) if entry.id in after else card)
    return made


@dataclass(frozen=True)
class Heading:
    """An entry as a link beside another one: its title, in the reader's language where it is told in it."""

    title: str
    lang: str
    href: str
    outcome: str | None = None


class Named(NamedTuple):
    """As much of an entry as it takes to name it."""

    id: int
    kind: str
    #: The language it was first written in.
    lang: str


def headings(entries: Sequence[Entry | Named]) -> list[Heading]:
    """Return entries the viewer may read as links, in their order, in two queries at most."""
    told = headings_by_id(entries)
    return [told[entry.id] for entry in entries if entry.id in told]


def headings_by_id(entries: Sequence[Entry | Named]) -> dict[int, Heading]:
    """Return the same by id."""
    ids = list(dict.fromkeys(entry.id for entry in entries))
    if not ids:
        return {}
    texts = _texts(ids)
    outcomes: dict[int, str] = {}
    for kind in {entry.kind for entry in entries}:
        ask = KINDS[kind].outcomes
        if ask is not None:
            outcomes |= ask([entry.id for entry in entries if entry.kind == kind])
    made = {}
    for entry in entries:
        told = texts.get(entry.id)
        if told:
            text = _text_in(told, current_lang().value, entry)
            outcome = outcomes.get(entry.id)
            made[entry.id] = Heading(text.title, text.lang, _href(entry, text), outcome)
    return made


@dataclass(frozen=True, slots=True)
class _Told:
    """One telling, as far as a row shows it."""

    entry_id: int
    lang: str
    title: str
    slug: str
    summary: str
    #: How many notes tell that the entry was tried too.
    tried: int = 0


# Built once, and of columns: rows of lists are on most pages.
_TEXTS = (
    select(Text.entry_id, Text.lang, Text.title, Text.slug, Text.summary)
    .where(Text.entry_id.in_(bindparam("ids", expanding=True)))
    .order_by(Text.id)
)
_TEXTS_AND_TRIES = _TEXTS.add_columns(TIMES_TRIED)
_AUTHORS = select(User).where(User.id.in_(bindparam("ids", expanding=True)))


def _texts(ids: Sequence[int], tried_for: Viewer | None = None) -> dict[int, dict[str, _Told]]:
    told: dict[int, dict[str, _Told]] = {}
    statement, asked = _TEXTS, dict[str, Any](ids=list(ids))
    if tried_for is not None:
        statement, asked["labels"] = _TEXTS_AND_TRIES, sorted(policy.listed_labels(tried_for))
    for row in rows(statement, asked):
        told.setdefault(row[0], {})[row[1]] = _Told(*row)
    return told


def _authors(entries: Sequence[Entry]) -> dict[int, User]:
    loaded = [entry.author for entry in entries if "author" in entry.__dict__]
    found = {user.id: user for user in loaded if user is not None}
    ids = {entry.author_id for entry in entries if entry.author_id is not None} - found.keys()
    if ids:
        found |= {user.id: user for user in db.session.scalars(_AUTHORS, {"ids": sorted(ids)})}
    return found


def _card(
    viewer: Viewer,
    entry: Entry,
    told: Mapping[str, _Told],
    wanted: str,
    facts: CardFacts,
    authors: Mapping[int, User],
    circles: Mapping[int, Markup],
) -> Card:
    text = _text_in(told, wanted, entry)
    author = authors.get(entry.author_id) if entry.author_id is not None else None
    return Card(
        id=entry.id,
        key=entry.key,
        kind=entry.kind,
        slug=text.slug,
        title=text.title,
        lang=text.lang,
        summary=text.summary,
        byline=policy.byline_of(viewer, entry, author).name,
        published_at=policy.told_time(entry, entry.published_at),
        outcome=facts.outcome,
        terms=facts.terms,
        organisation=facts.organisation,
        organisation_lang=facts.organisation_lang,
        place=facts.place,
        period=facts.period,
        badges=(*facts.badges, *_badges(entry, circles)),
        other_langs=tuple(Lang(lang).tag for lang in told if lang != text.lang),
        form=facts.form,
        details=facts.details,
        href=facts.href or _href(entry, text),
        tried=text.tried,
    )


def _text_in(told: Mapping[str, _Told], lang: str, entry: Entry | Named) -> _Told:
    return told.get(lang) or told.get(entry.lang) or next(iter(told.values()))


def _href(entry: Entry | Named, text: _Told) -> str:
    return f"/{KINDS[entry.kind].path}/{entry.id}-{text.slug}"


def _circles(viewer: Viewer, entries: Sequence[Entry]) -> dict[int, Markup]:
    """Return the names of the circles these are of and the viewer is in."""
    ids = {entry.circle_id or 0 for entry in entries if entry.visibility == Visibility.CIRCLE}
    return dict(belonging.names_of(viewer.circles & ids))


def in_circle(name: str) -> str:
    """Return in words that something is of a circle, by its name for those in it."""
    if not name:
        return _("In a circle")
    # Put in afterwards, so that the name keeps the mark of its language; one piece, so that nothing parts it.
    said = Markup.escape(_("Circle: %(name)s", name="\0")).replace("\0", Markup.escape(name))
    return Markup("<span>{}</span>").format(said)


def _badges(entry: Entry, circles: Mapping[int, Markup]) -> tuple[str, ...]:
    badges = []
    by_hosts = entry.visibility == Visibility.CIRCLE
    if entry.status == Status.HELD:
        badges.append(_("Waits for a host") if by_hosts else _("Waits for a moderator"))
    if entry.status == Status.HIDDEN:
        badges.append(_("Hidden by a host") if by_hosts else _("Hidden by a moderator"))
    if entry.status == Status.WITHDRAWN:
        badges.append(_("Withdrawn"))
    if entry.visibility == Visibility.MEMBERS:
        badges.append(_("Members only"))
    if entry.visibility == Visibility.CIRCLE:
        badges.append(in_circle(circles.get(entry.circle_id or 0, "")))
    if entry.written_by == "editors" and KINDS[entry.kind].editors_badge:
        badges.append(str(KINDS[entry.kind].editors_badge))
    return tuple(badges)
