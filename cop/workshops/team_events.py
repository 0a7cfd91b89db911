"""What happens among those who prepare a workshop. Ids only: no names, no texts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CoTrainerInvited:
    """Somebody is asked to prepare a workshop with its author."""

    entry_id: int
    user_id: int


@dataclass(frozen=True)
class CoTrainerAccepted:
    """Who was asked is a co-trainer now."""

    entry_id: int
    #: Who is told: the author.
    user_id: int | None
    who_id: int


@dataclass(frozen=True)
class CoTrainerDeclined:
    """Who was asked does not become a co-trainer."""

    entry_id: int
    user_id: int | None
    who_id: int


@dataclass(frozen=True)
class CoTrainerLeft:
    """A co-trainer prepares the workshop no longer."""

    entry_id: int
    user_id: int | None
    who_id: int


@dataclass(frozen=True)
class CoTrainerRemoved:
    """The author took a co-trainer off the workshop, or an invitation back."""

    entry_id: int
    user_id: int


@dataclass(frozen=True)
class CoTrainerNamed:
    """A co-trainer wants to be named on the page, or no longer."""

    entry_id: int
    who_id: int


@dataclass(frozen=True)
class WorkshopOffered:
    """A co-trainer is asked to lead the workshop from now on."""

    entry_id: int
    user_id: int


@dataclass(frozen=True)
class WorkshopHandedOver:
    """A workshop has another author."""

    entry_id: int
    #: Who led it until now, and is told.
    user_id: int | None
    who_id: int


#: Somebody is told of these.
TOLD: tuple[type, ...] = (
    CoTrainerInvited,
    CoTrainerAccepted,
    CoTrainerDeclined,
    CoTrainerLeft,
    CoTrainerRemoved,
    WorkshopOffered,
)
