"""Registering as the pages do it."""

from cop.core.db import db
from cop.core.types import Lang
from cop.people import operations
from cop.people.joining import Joining, Prepared
from cop.people.viewer import VISITOR

STRONG = "walking together slowly"


def joining(*, official=False, **more) -> Prepared:
    """Return what somebody types, as the pages hand it on; what the test did so far stands then."""
    db.session.commit()
    values = {
        "handle": "invented-li",
        "name": "Invented Li",
        "email": "li@example.org",
        "password": STRONG,
        "lang": Lang.EN,
    }
    return Joining(**{**values, **more}).prepared(official=official)


def register(**more):
    return operations.register(by=VISITOR, joining=joining(**more), registration="open")
