"""What happens to dates of workshops and to who comes. Ids only: no names, no places, no reasons."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SessionAdded:
    """A workshop is given at one more time."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SessionChanged:
    """Something about a date changed that nobody who signed up must know at once."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SessionMoved:
    """A date is at another time or place."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SessionCalledOff:
    """A date does not take place."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SessionHeldAfterAll:
    """A date that was called off takes place."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SessionRemoved:
    """A date for which nobody had signed up was taken away."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SessionPutBack:
    """A date that was taken away stands there again."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SignedUp:
    """Somebody signed up for a date; a member is the actor, who came by a link is nobody's account."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SignUpWithdrawn:
    """Somebody who had signed up does not come."""

    entry_id: int
    session_id: int
    number: int


@dataclass(frozen=True)
class SeatGiven:
    """A member who waited has a seat now."""

    entry_id: int
    session_id: int
    number: int
    user_id: int


@dataclass(frozen=True)
class SeatTaken:
    """A trainer took a member off the list."""

    entry_id: int
    session_id: int
    number: int
    user_id: int


#: What people who signed up are told of.
TOLD: tuple[type, ...] = (
    SessionMoved,
    SessionCalledOff,
    SessionHeldAfterAll,
    SeatGiven,
    SeatTaken,
)
#: What changes no page that is kept for visitors.
PRIVATE: tuple[type, ...] = (SignedUp, SignUpWithdrawn, SeatGiven, SeatTaken)
