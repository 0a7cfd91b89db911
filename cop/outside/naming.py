"""Which entries name which addresses, and how those answered."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.jobs.queue import enqueue
from cop.outside.models import ADDRESS_LENGTH, Address, EntryAddress

#: The job that looks at addresses that are due (`cop.outside.looking`).
LOOK_JOB = "outside.look"


@dataclass(frozen=True)
class State:
    """How an address answered last, as readers are told."""

    title: str = ""
    reached_at: datetime | None = None
    failing_since: datetime | None = None


def is_address(url: str) -> bool:
    """Tell whether this is an address of a page on the web: of http or https, with a host and without a password."""
    if len(url) > ADDRESS_LENGTH or any(one.isspace() for one in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    named = bool(parts.hostname) and not parts.username and not parts.password
    return parts.scheme in ("http", "https") and named and port != 0


def name_addresses(entry_id: int, urls: Sequence[str]) -> None:
    """Write down that an entry names these addresses and no others; new ones are looked at soon."""
    keys = {_sha256(url): url for url in urls}
    known = _ids(keys)
    for key, url in keys.items():
        if key not in known:
            known[key] = _made(key, url)
    db.session.execute(delete(EntryAddress).where(EntryAddress.entry_id == entry_id))
    if known:
        rows = [{"entry_id": entry_id, "address_id": one} for one in sorted(known.values())]
        db.session.execute(insert(EntryAddress), rows)
        enqueue(db.session, LOOK_JOB, {}, key=f"{LOOK_JOB}:new")


def states(urls: Sequence[str]) -> Mapping[str, State]:
    """Return how these addresses answered last, in one query. One failure may be a hiccup and is not told."""
    keys = {_sha256(url): url for url in urls}
    if not keys:
        return {}
    rows = db.session.scalars(select(Address).where(Address.sha256.in_(keys)))
    return {
        row.url: State(row.title, row.reached_at, row.failing_since if row.failures > 1 else None)
        for row in rows
    }


def _ids(keys: Mapping[str, str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Address.sha256, Address.id).where(Address.sha256.in_(list(keys)))
    )
    return {row.sha256: row.id for row in rows}


def _made(key: str, url: str) -> int:
    """Make the row of an address; somebody else may have made it in this moment."""
    row = Address(sha256=key, url=url, next_look_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return _ids({key: url})[key]
    return row.id


def _sha256(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
