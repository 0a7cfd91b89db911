"""What happens to circles. Ids only: no names, no texts. The hosts read them; no list of the site shows them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CircleMade:
    """Somebody made a circle, and is its host."""

    circle_id: int


@dataclass(frozen=True)
class CircleChanged:
    """A host changed what a circle says of itself, who knows of it or how one joins."""

    circle_id: int


@dataclass(frozen=True)
class CircleJoined:
    """Somebody came into a circle: `how` is open, request or invitation."""

    circle_id: int
    user_id: int
    how: str


@dataclass(frozen=True)
class CircleLeft:
    """Somebody left a circle."""

    circle_id: int
    user_id: int


@dataclass(frozen=True)
class CircleMemberRemoved:
    """A host took somebody out of a circle, for a reason that she reads."""

    circle_id: int
    user_id: int


@dataclass(frozen=True)
class CircleRoleChanged:
    """Somebody is a host of a circle from now on, or no longer."""

    circle_id: int
    user_id: int
    role: str


@dataclass(frozen=True)
class CircleAsked:
    """Somebody asks to come into a circle."""

    circle_id: int
    user_id: int


@dataclass(frozen=True)
class CircleDeclined:
    """A host does not let somebody in who asked."""

    circle_id: int
    user_id: int


@dataclass(frozen=True)
class CircleReconsidered:
    """A host thinks better of whom the hosts did not let in, or took out: her request waits again, or she may ask."""

    circle_id: int
    user_id: int


@dataclass(frozen=True)
class CircleInvitationMade:
    """A host made a link into a circle."""

    circle_id: int
    invitation_id: int


@dataclass(frozen=True)
class CircleInvitationRevoked:
    """A host ended a link into a circle."""

    circle_id: int
    invitation_id: int


@dataclass(frozen=True)
class CircleClosed:
    """A host closed a circle."""

    circle_id: int


@dataclass(frozen=True)
class CircleReopened:
    """A host opened a closed circle again."""

    circle_id: int


@dataclass(frozen=True)
class CircleEmptied:
    """What was left of a closed circle is gone."""

    circle_id: int


@dataclass(frozen=True)
class CircleExportAsked:
    """A host has everything of a circle put into one file."""

    circle_id: int
    export_id: int


#: What people are told of.
TOLD: tuple[type, ...] = (CircleJoined, CircleAsked, CircleDeclined, CircleRoleChanged)

#: Everything here: none of it shows on a page of a visitor.
ALL: tuple[type, ...] = (
    CircleMade,
    CircleChanged,
    CircleJoined,
    CircleLeft,
    CircleMemberRemoved,
    CircleRoleChanged,
    CircleAsked,
    CircleDeclined,
    CircleReconsidered,
    CircleInvitationMade,
    CircleInvitationRevoked,
    CircleClosed,
    CircleReopened,
    CircleEmptied,
    CircleExportAsked,
)
