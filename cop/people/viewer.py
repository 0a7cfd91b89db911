"""Who is looking: made once a request from the account, passed to every query and operation."""

from dataclasses import dataclass, field
from enum import StrEnum

from cop.core.types import Lang


class Grant(StrEnum):
    """A role. Grants add up; a visitor has none, a registered person at least `member`."""

    MEMBER = "member"
    TRAINER = "trainer"
    CURATOR = "curator"
    MODERATOR = "moderator"
    ADMIN = "admin"


#: What reads held and hidden things (PRODUCT.md, table of acts).
_SEES_HELD = frozenset({Grant.MODERATOR, Grant.ADMIN})


@dataclass(frozen=True)
class Viewer:
    """The person for whom a page is made or an act is done."""

    id: int | None = None
    handle: str = ""
    name: str = ""
    grants: frozenset[Grant] = field(default_factory=frozenset)
    lang: Lang = Lang.ZH
    timezone: str = "Asia/Shanghai"
    #: The circles she is in, and those of them she is a host of; of closed ones none.
    circles: frozenset[int] = frozenset()
    hosted: frozenset[int] = frozenset()
    #: The system account acts for imports and starter content.
    system: bool = False

    @property
    def is_member(self) -> bool:
        """Whether somebody is signed in."""
        return self.id is not None

    @property
    def labels(self) -> frozenset[str]:
        """The permission labels this viewer meets; an entry is readable when its labels and these meet."""
        if self.id is None:
            return frozenset({"public"})
        held = {"moderators"} if self.grants & _SEES_HELD else set()
        joined = {f"circle:{one}" for one in self.circles}
        joined |= {f"hosts:{one}" for one in self.hosted}
        return frozenset({"public", "members", f"author:{self.id}"} | held | joined)

    def has(self, *grants: Grant) -> bool:
        """Tell whether the viewer holds one of the grants; a moderator holds curator's rights too."""
        held = set(self.grants)
        if Grant.MODERATOR in held:
            held.add(Grant.CURATOR)
        return bool(held & set(grants))


#: Somebody who is not signed in.
VISITOR = Viewer()

#: The site itself: commands, imports and the worker.
SYSTEM = Viewer(system=True)
