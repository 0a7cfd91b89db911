"""What the founder or host of a circle hands in: plain values, checked by the operations."""

from dataclasses import dataclass

from cop.core.types import Lang
from cop.people.models import Joining, Seen

NAME_LIMIT = 60
PURPOSE_LIMIT = 2000


@dataclass(frozen=True)
class CircleDraft:
    """A circle as it shall be."""

    name: str
    lang: Lang
    purpose: str
    joining: Joining = Joining.REQUEST
    seen: Seen = Seen.MEMBERS
