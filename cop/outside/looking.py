"""Looking at addresses that are due (job `outside.look`): a few a minute, never two of one host at once.

It goes by the clock of the worker and never by who reads: nobody outside learns when a page is opened, or by whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import exists, select

from cop.core import clock
from cop.core.db import db
from cop.core.types import Json
from cop.entries.models import Entry, Status
from cop.events.record import record
from cop.jobs.schedule import expect
from cop.outside.events import AddressBroke
from cop.outside.fetching import DEADLINE, Answer, Refused, look
from cop.outside.models import Address, EntryAddress
from cop.outside.naming import LOOK_JOB

if TYPE_CHECKING:
    from flask import Flask

    from cop.settings import Settings

#: Addresses of one minute; those that are due are read a few more, as some share a host.
_AT_ONCE, _READ = 4, 40
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
#: What answered is looked at again after a week; what did not, soon, and ever more seldom.
_AGAIN = timedelta(days=7)
_AFTER_FAILURE = (_HOUR, timedelta(hours=6), timedelta(days=1))
#: What does not answer for a month is looked at once a week.
_LONG_GONE = timedelta(days=30)
#: Broken is what did not answer three times, over a day at least.
_BROKEN, _BROKEN_FOR = 3, timedelta(days=1)

_EXTENSION = "cop.outside.looking"


def init_app(app: Flask, settings: Settings) -> None:
    """Keep how addresses are looked at; nothing is asked where it is off."""
    name = settings.site_name.encode("ascii", "ignore").decode("ascii").strip() or "Tongxing"
    agent = f"{name} link check (+{settings.base_url})"
    asks = partial(look, agent=agent, loopback=settings.check_links == "loopback")
    app.extensions[_EXTENSION] = None if settings.check_links == "off" else asks


def next_look(now: datetime) -> datetime:
    """Return when somebody looks whether anything is due."""
    return now + _HOUR


def look_at_addresses(_payloads: Sequence[Json]) -> None:
    """Job: look at a few addresses that are due, write down how they answered, and come back for the others."""
    from flask import current_app

    asks = current_app.extensions[_EXTENSION]
    if asks is None:
        return
    now = clock.now()
    found = _due(now)
    chosen = _of_different_hosts(found)
    if chosen:
        # Others may write while the world answers: nothing is held meanwhile.
        db.session.rollback()
        _write(_asked(asks, chosen), clock.now())
    expect(db.session, LOOK_JOB, at=now + (_MINUTE if found else _HOUR))


def _due(now: datetime) -> Sequence[tuple[int, str]]:
    named = exists().where(
        EntryAddress.address_id == Address.id,
        Entry.id == EntryAddress.entry_id,
        Entry.status == Status.PUBLISHED.value,
    )
    rows = db.session.execute(
        select(Address.id, Address.url)
        .where(Address.next_look_at <= now, named)
        .order_by(Address.next_look_at, Address.id)
        .limit(_READ)
    )
    return [(row.id, row.url) for row in rows]


def _of_different_hosts(found: Sequence[tuple[int, str]]) -> dict[int, str]:
    chosen: dict[str, tuple[int, str]] = {}
    for address_id, url in found:
        chosen.setdefault((urlsplit(url).hostname or "").lower(), (address_id, url))
    return dict(list(chosen.values())[:_AT_ONCE])


def _asked(asks: partial[Answer], chosen: Mapping[int, str]) -> dict[int, Answer | None]:
    """Ask all at once; a name that is still being resolved when time is up has not answered."""
    threads = ThreadPoolExecutor(max_workers=len(chosen), thread_name_prefix="outside")
    asked = {one: threads.submit(_answer, asks, url) for one, url in chosen.items()}
    done, _late = wait(asked.values(), timeout=DEADLINE + 2)
    threads.shutdown(wait=False, cancel_futures=True)
    return {
        one: answer.result() if answer in done else Answer(reached=False)
        for one, answer in asked.items()
    }


def _answer(asks: partial[Answer], url: str) -> Answer | None:
    """Return what came of a look; None for an address that is not asked."""
    try:
        return asks(url)
    except Refused:
        return None


def _write(told: Mapping[int, Answer | None], now: datetime) -> None:
    for row in db.session.scalars(select(Address).where(Address.id.in_(told))):
        answer = told[row.id]
        if answer is None:
            row.next_look_at = now + _LONG_GONE
        elif answer.reached:
            row.reached_at, row.failing_since, row.failures, row.told_at = now, None, 0, None
            row.title = row.title or answer.title
            row.next_look_at = now + _AGAIN + _HOUR * (row.id % 24)
        else:
            _failed(row, now)


def _failed(row: Address, now: datetime) -> None:
    row.failures += 1
    row.failing_since = row.failing_since or now
    lasting = now - row.failing_since
    waits = _AFTER_FAILURE[min(row.failures, len(_AFTER_FAILURE)) - 1]
    row.next_look_at = now + (_AGAIN if lasting > _LONG_GONE else waits)
    if row.failures >= _BROKEN and lasting >= _BROKEN_FOR and row.told_at is None:
        row.told_at = now
        named = select(EntryAddress.entry_id).where(EntryAddress.address_id == row.id)
        for entry_id in db.session.scalars(named.order_by(EntryAddress.entry_id)):
            record(AddressBroke(entry_id, row.id), actor_id=None)
