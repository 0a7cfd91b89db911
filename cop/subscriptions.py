"""The page of consequences: what follows from each event, and which function does each job."""

from flask import Flask

from cop.events.record import subscribe
from cop.jobs.worker import Handler

#: Job name → function.
HANDLERS: dict[str, Handler] = {}


def install(app: Flask) -> None:
    """Make the consequences known to the recorder of events."""
    subscribe({})
