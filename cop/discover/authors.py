"""People and organisations as the search narrows by them: `user:5`, `org:3`, and the names this viewer may know."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select

from cop.core.db import db, rows
from cop.core.i18n import pick
from cop.core.types import Lang, Texts
from cop.entries import policy
from cop.entries.models import Entry, NameMask
from cop.notes.queries import known_to
from cop.people import handles
from cop.people.models import AccountStatus, Organisation, User
from cop.people.organisations import folded_name
from cop.people.queries import MAX_ID
from cop.people.viewer import Viewer
from cop.search.plan import holds_phrase

_PERSON, _ORGANISATION = "user", "org"
_SHORTEST = 2
#: Organisations whose names have the typed words in common; more of them are no help.
_MOST = 10
_DIGITS = 10


def named(viewer: Viewer, said: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each of these, who in this viewer's sight it names: by account name, name or words of one.

    What names nobody, or nobody she may know of, is left out. Two queries, however many are asked for.
    """
    texts = [text for text in dict.fromkeys(said) if len(text.strip()) >= _SHORTEST]
    if not texts:
        return {}
    people, organisations = _people(viewer, texts), _organisations(viewer, texts)
    found = {}
    for text in texts:
        plain, handle = text.strip().lower(), handles.normal(text)
        by_name = [row for row, names in people if plain in names]
        by_handle = [row for row, names in people if handle == names[0]]
        theirs = [row for row, name in organisations if holds_phrase(name, text)]
        meant = (
            *(f"{_PERSON}:{row}" for row in by_handle or by_name),
            *(f"{_ORGANISATION}:{row}" for row in theirs),
        )
        if meant:
            found[text] = meant
    return found


def names_of(viewer: Viewer, values: Iterable[str]) -> dict[str, tuple[str, Lang | None]]:
    """Return the names of these people and organisations, with the language of each that has one.

    Left out is whoever this viewer may not know of. Two queries at most.
    """
    wanted: dict[str, list[int]] = {_PERSON: [], _ORGANISATION: []}
    for value in values:
        kind, _colon, number = value.partition(":")
        if kind in wanted and number.isascii() and number.isdigit() and len(number) <= _DIGITS:
            wanted[kind].append(min(int(number), MAX_ID))
    found: dict[str, tuple[str, Lang | None]] = {}
    if wanted[_PERSON]:
        for row, own, names in rows(_people_by_id(viewer), {"ids": wanted[_PERSON]}):
            name, lang = pick(names or {})
            found[f"{_PERSON}:{row}"] = (name, lang) if name else (own, None)
    if wanted[_ORGANISATION]:
        theirs = rows(_organisations_by_id(viewer), {"ids": wanted[_ORGANISATION]})
        for row, names in theirs:
            found[f"{_ORGANISATION}:{row}"] = pick(names)
    return found


# Kept, because building them takes longer than asking, and every search asks.
@lru_cache(maxsize=64)
def _people_by_id(viewer: Viewer) -> Select[int, str, Texts | None]:
    ids = User.id.in_(bindparam("ids", expanding=True))
    return select(User.id, User.name, User.names).where(ids, _known_person(viewer))


@lru_cache(maxsize=64)
def _organisations_by_id(viewer: Viewer) -> Select[int, Texts]:
    ids = Organisation.id.in_(bindparam("ids", expanding=True))
    return select(Organisation.id, Organisation.name).where(ids, known_to(viewer))


def _known_person(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on people whose name stands where the viewer may read it.

    Under something of theirs; and members see every profile. An account that is closed has no name left.
    """
    signed = exists().where(
        Entry.author_id == User.id, Entry.name_mask == NameMask.SHOWN, policy.listed(viewer)
    )
    named_still = or_(User.system, User.email.is_not(None))
    if not viewer.is_member:
        return and_(named_still, signed)
    active = and_(User.status == AccountStatus.ACTIVE.value, User.system.is_(False))
    return and_(named_still, or_(active, signed))


def _people(viewer: Viewer, texts: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the people who may be meant: id, then account name and names in lower case."""
    names = [text.strip().lower() for text in texts]
    meant = or_(
        User.handle.in_([handles.normal(text) for text in texts]),
        User.name.in_(texts),
        func.lower(User.name).in_(names),  # which SQLite does for ASCII letters only
        User.system,
    )
    rows = db.session.scalars(select(User).where(meant, _known_person(viewer)).order_by(User.id))
    return [
        (user.id, (user.handle, user.name.lower(), *map(str.lower, (user.names or {}).values())))
        for user in rows
    ]


def _organisations(viewer: Viewer, texts: Sequence[str]) -> list[tuple[int, str]]:
    """Return the organisations that may be meant: id and its names, folded."""
    meant = or_(
        *(Organisation.folded.contains(folded_name(text), autoescape=True) for text in texts)
    )
    rows = db.session.execute(
        select(Organisation.id, Organisation.folded)
        .where(meant, known_to(viewer))
        .order_by(Organisation.id)
        .limit(_MOST)
    )
    return [(row, folded) for row, folded in rows]
