"""What can be watched: a registry of kinds, so that a room that comes later brings its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, _l, current_lang
from cop.core.types import Lang
from cop.discussions import queries as discussions
from cop.discussions.models import Space
from cop.entries import policy, queries
from cop.entries.kinds import KINDS
from cop.entries.models import Entry
from cop.notifications.models import Because, Level, Watch
from cop.notifications.searches import said_of
from cop.people.models import AccountStatus, Circle, User
from cop.people.viewer import Viewer
from cop.terms.refs import ref_of
from cop.terms.vocabulary import vocabulary


@dataclass(frozen=True)
class Shown:
    """Something watched, as its watcher sees it."""

    name: str
    href: str
    lang: Lang | None = None


@dataclass(frozen=True)
class Target:
    """A kind of what can be watched."""

    kind: str
    #: The kind in one word, as a lazy string.
    label: Any
    #: What can be chosen, with a sentence for each; the first is what the button takes.
    levels: Mapping[Level, Any]
    #: Watches of this kind → what each watches, for those the viewer may see at this moment, by id of the watch.
    shown: Callable[[Viewer, Sequence[Watch]], dict[int, Shown]]
    #: Raises NotFound unless the viewer may watch what has this id.
    check: Callable[[Viewer, int], object]
    #: Whether who never said anything is told at the first level.
    always: bool = False

    @property
    def default(self) -> Level:
        """What the button takes."""
        return next(iter(self.levels))


#: Kind → target; filled once by `cop.app`.
TARGETS: dict[str, Target] = {}


def register(*targets: Target) -> None:
    """Make kinds of targets known."""
    for target in targets:
        TARGETS[target.kind] = target


def target_of(kind: str) -> Target:
    """Return the kind of this name, or raise NotFound."""
    found = TARGETS.get(kind)
    if found is None:
        raise NotFound
    return found


def href_of(entry: Entry) -> str:
    """Return the path of an entry whose texts are loaded, for the reader's language."""
    text = queries.text_for(entry, current_lang())
    return f"/{KINDS[entry.kind].path}/{entry.id}-{text.slug}"


def _entries(viewer: Viewer, watches: Sequence[Watch]) -> dict[int, Shown]:
    rows = db.session.scalars(
        select(Entry)
        .where(Entry.id.in_([watch.target_id for watch in watches]), policy.readable(viewer))
        .options(selectinload(Entry.texts))
    )
    found = {entry.id: entry for entry in rows}
    return {
        watch.id: _entry(found[watch.target_id]) for watch in watches if watch.target_id in found
    }


def _entry(entry: Entry) -> Shown:
    text = queries.text_for(entry, current_lang())
    return Shown(text.title, href_of(entry), Lang(text.lang))


def _terms(viewer: Viewer, watches: Sequence[Watch]) -> dict[int, Shown]:
    known = vocabulary()
    shown = {}
    for watch in watches:
        term = known.by_id.get(watch.target_id)
        if term is not None:
            ref = ref_of(known.resolved(term))
            shown[watch.id] = Shown(ref.name, ref.href, ref.name_lang)
    return shown


def _check_term(viewer: Viewer, term_id: int) -> None:
    if term_id not in vocabulary().by_id:
        raise NotFound


def _people(viewer: Viewer, watches: Sequence[Watch]) -> dict[int, Shown]:
    rows = db.session.scalars(
        select(User).where(
            User.id.in_([watch.target_id for watch in watches]),
            User.status == AccountStatus.ACTIVE,
        )
    )
    found = {user.id: user for user in rows}
    return {
        watch.id: Shown(found[watch.target_id].name, f"/people/{found[watch.target_id].handle}")
        for watch in watches
        if watch.target_id in found
    }


def _check_person(viewer: Viewer, user_id: int) -> None:
    user = db.session.get(User, user_id) if 0 < user_id <= queries.MAX_ID else None
    if user is None or not user.active or user.id == viewer.id:
        raise NotFound


ENTRY = Target(
    Because.ENTRY.value,
    _l("Entry"),
    {
        Level.EVERYTHING: _l(
            "Tell me of every comment, and when a page that curators keep says something else."
        ),
        Level.MENTIONS: _l("Tell me only when somebody mentions or answers me."),
        Level.MUTE: _l("Tell me nothing of it, whatever else I watch."),
    },
    _entries,
    queries.get,
)
TERM = Target(
    Because.TERM.value,
    _l("Term"),
    {
        Level.NEW: _l("Tell me when something new carries it."),
        Level.EVERYTHING: _l("Tell me of new entries and of comments on what carries it."),
        Level.MUTE: _l("Tell me nothing for now; keep it in my list."),
    },
    _terms,
    _check_term,
)
PERSON = Target(
    Because.PERSON.value,
    _l("Person"),
    {
        Level.NEW: _l("Tell me when she or he publishes something under the own name."),
        Level.EVERYTHING: _l("Tell me of what is published and of comments, under the own name."),
        Level.MUTE: _l("Tell me nothing for now; keep it in my list."),
    },
    _people,
    _check_person,
)


def _searches(viewer: Viewer, watches: Sequence[Watch]) -> dict[int, Shown]:
    return {
        watch.id: Shown(said_of(watch.address), f"/search?{watch.address}") for watch in watches
    }


def _check_search(viewer: Viewer, _target_id: int) -> None:
    """A search may be watched by everybody; that it asks for something is said by its address."""


SEARCH = Target(
    Because.SEARCH.value,
    _l("Search"),
    {
        Level.NEW: _l("Tell me when something new is found by it."),
        Level.MUTE: _l("Tell me nothing for now; keep it in my list."),
    },
    _searches,
    _check_search,
)


def _spaces(viewer: Viewer, watches: Sequence[Watch]) -> dict[int, Shown]:
    rows = db.session.scalars(
        select(Space).where(Space.id.in_([watch.target_id for watch in watches]))
    )
    found = {row.id: discussions.shown_space(row) for row in rows}
    return {
        watch.id: Shown(space.name, space.href, space.name_lang)
        for watch in watches
        if (space := found.get(watch.target_id)) is not None
    }


def _check_space(viewer: Viewer, space_id: int) -> None:
    discussions.get_space(space_id)


SPACE = Target(
    Because.SPACE.value,
    _l("Space"),
    {
        Level.NEW: _l("Tell me of every new question and conversation there."),
        Level.EVERYTHING: _l("Tell me of new questions and conversations, and of every reply."),
        Level.MUTE: _l("Tell me nothing for now; keep it in my list."),
    },
    _spaces,
    _check_space,
)


def _circles(viewer: Viewer, watches: Sequence[Watch]) -> dict[int, Shown]:
    rows = db.session.execute(
        select(Circle.id, Circle.name, Circle.lang).where(
            Circle.id.in_(viewer.circles & {watch.target_id for watch in watches})
        )
    )
    found = {row.id: row for row in rows}
    return {
        watch.id: Shown(circle.name, f"/circles/{circle.id}", Lang.of_tag(circle.lang))
        for watch in watches
        if (circle := found.get(watch.target_id)) is not None
    }


def _check_circle(viewer: Viewer, circle_id: int) -> None:
    if circle_id not in viewer.circles:
        raise NotFound


CIRCLE = Target(
    Because.CIRCLE.value,
    _l("Circle"),
    {
        Level.NEW: _l("Tell me of everything new that is written in it."),
        Level.EVERYTHING: _l("Tell me of everything new, and of every comment and reply."),
        Level.MUTE: _l("Tell me nothing for now; keep it in my list."),
    },
    _circles,
    _check_circle,
    always=True,
)

#: Every kind there is.
ALL = (ENTRY, TERM, PERSON, SEARCH, SPACE, CIRCLE)


def words_of(watch: Watch) -> str:
    """Return what stands for something watched that its watcher may not see any more."""
    if watch.kind in (Because.ENTRY, Because.CIRCLE):
        return _("Something that is not open to you at the moment")
    return _("Something that is no longer here")
