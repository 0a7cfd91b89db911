"""Mentions in files: people stand there by account name, since the ids of one site mean nothing on another.

``@[fang](person:fang)`` in a file is ``@[](person:12)`` on the site where fang has that id. Whom a site does not know
stays as the text ``@fang``; whose account is closed is nobody's name any more, ``@[](former)``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from cop.core.db import db
from cop.exchange.shapes import Record
from cop.markup.mentions import (
    CIRCLE,
    FORMER,
    PERSON,
    UNTOLD,
    Mention,
    in_source,
    rewritten,
    written,
)
from cop.people import handles
from cop.people.models import User

#: Circles are nobody's to take elsewhere.
_CIRCLE = re.compile(rf"(?<!\\)@\[(?P<name>[^\[\]\n]{{0,120}})\]\({CIRCLE}:[^()\s]{{1,40}}\)")
_BY_HANDLE = re.compile(rf"(?<!\\)@\[[^\[\]\n]{{0,120}}\]\({PERSON}:(?P<handle>[^()\s]{{1,40}})\)")


def handles_in(texts: Iterable[str]) -> dict[int, str]:
    """Return the account names of all whom these sources mention by id, "" of those who left; in one query at most."""
    found = (mentioned for text in texts for mentioned, _name in in_source(text))
    ids = sorted({mentioned.id for mentioned in found if mentioned.kind == PERSON})
    if not ids:
        return {}
    rows = db.session.execute(
        select(User.id, User.handle, User.email, User.system).where(User.id.in_(ids))
    )
    return {row.id: row.handle if row.email or row.system else "" for row in rows}


def told(source: str, known: Mapping[int, str]) -> str:
    """Return a source as a file holds it."""

    def say(mentioned: Mention, _name: str) -> str:
        if mentioned.kind == CIRCLE:
            return UNTOLD
        if mentioned.kind != PERSON:
            return written(mentioned)
        handle = known.get(mentioned.id, "")
        return f"@[{handle}]({PERSON}:{handle})" if handle else written(Mention(FORMER))

    return rewritten(source, say)


def settled(records: Sequence[Record]) -> list[Record]:
    """Return records in which everybody mentioned is known here; of others the name stays, as text."""
    known = _ids(_texts(records))

    def say(found: re.Match[str]) -> str:
        handle = handles.normal(found["handle"])
        return f"@[{handle}]({PERSON}:{handle})" if handle in known else f"@{found['handle']}"

    def change(text: str) -> str:
        return _CIRCLE.sub(lambda found: f"@{found['name']}", _BY_HANDLE.sub(say, text))

    return [_mapped(record, change) for record in records]


def by_id(source: str) -> str:
    """Return a source of a settled record as the site keeps it."""
    known = _ids([source])

    def say(found: re.Match[str]) -> str:
        user_id = known.get(handles.normal(found["handle"]))
        return written(Mention(PERSON, user_id)) if user_id else f"@{found['handle']}"

    return _BY_HANDLE.sub(say, source) if "@[" in source else source


def _ids(texts: Iterable[str]) -> dict[str, int]:
    wanted = {
        handles.normal(found["handle"])
        for text in texts
        if "@[" in text
        for found in _BY_HANDLE.finditer(text)
    }
    if not wanted:
        return {}
    rows = db.session.execute(select(User.handle, User.id).where(User.handle.in_(sorted(wanted))))
    return {row.handle: row.id for row in rows}


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value) if "@[" in value else value
    if isinstance(value, Mapping):
        return {key: _mapped(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(one, change) for one in value]
    return value
