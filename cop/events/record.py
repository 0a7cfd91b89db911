"""Recording what happened: one event row, and a job row for each thing that follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, ClassVar, Protocol

from cop.core import clock
from cop.core.db import db
from cop.events.models import Event
from cop.jobs import queue


class Happening(Protocol):
    """A past-tense frozen dataclass of ids. `entry_id`, where it has one, is also a column of the event row."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True)
class Follow:
    """What follows from an event: a job of this name, one at a time for each entry where `once` says so.

    With `each`, a job for every single event, that knows its number: payload `{"event_id": …}`.
    """

    job: str
    once: bool = True
    each: bool = False


#: Event class → jobs; filled once by `cop.subscriptions`, the page of consequences.
_subscriptions: dict[type[Any], Sequence[Follow]] = {}


def subscribe(table: Mapping[type[Any], Sequence[Follow]]) -> None:
    """Set the table of consequences; called once when the application is made."""
    _subscriptions.clear()
    _subscriptions.update(table)


def record(event: Happening, *, actor_id: int | None) -> Event:
    """Write the event and the jobs its subscriptions ask for, in the transaction of the change."""
    if not is_dataclass(event):
        message = "an event is a frozen dataclass"
        raise TypeError(message)
    data = asdict(event)
    entry_id = data.pop("entry_id", None)
    row = Event(
        at=clock.now(), verb=type(event).__name__, actor_id=actor_id, entry_id=entry_id, data=data
    )
    db.session.add(row)
    for follow in _subscriptions.get(type(event), ()):
        if follow.each:
            db.session.flush()
            queue.enqueue(db.session, follow.job, {"event_id": row.id})
            continue
        payload = {"entry_id": entry_id} if entry_id is not None else dict(data)
        key = f"{follow.job}:{entry_id}" if follow.once and entry_id is not None else None
        queue.enqueue(db.session, follow.job, payload, key=key)
    return row
