"""Discussions that moderators rearranged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.core.types import Lang
from cop.discussions import joining, splitting
from cop.discussions.splitting import Choice, Own
from cop.entries.models import NameMask
from tests.make import Make

if TYPE_CHECKING:
    from cop.discussions.models import Space
    from tests.browser.world import World


def joined_and_split(world: World, space: Space) -> None:
    """A question that took another one in, asked without a name, and gave a reply away."""
    make = Make()
    author, colleague, moderator = (
        world.viewer(who) for who in ("author", "colleague", "moderator")
    )
    joined = make.discussion(
        by=colleague,
        space=space,
        title="街道办不签字怎么办？（虚构）",
        body="我们等了三个月。\n\n后来换了一种办法，还是没有结果。",
        lang=Lang.ZH,
        name_mask=NameMask.UNNAMED,
    )
    make.comment(joined, "我们也等过。", by=author, lang=Lang.ZH)
    make.comment(joined, "谢谢，我再试试。", by=colleague, lang=Lang.ZH)
    whole = make.discussion(
        by=author, space=space, title="Who keeps the keys? An invented question"
    )
    make.comment(whole, "The neighbour does, and it works.", by=colleague)
    beside = make.comment(whole, "By the way: who pays for the room?", by=colleague)
    make.comment(whole, "Nobody does; we meet outside.", by=author, answers=beside)
    row = joining.merge(
        by=moderator, entry_id=joined.id, into_id=whole.id, reason="问的是同一件事。"
    )
    splitting.split(
        by=moderator,
        entry_id=whole.id,
        choice=Choice({beside.id}),
        to=Own("Who pays for the room?", space.key, "question"),
        reason="This is another matter.",
    )
    world.ids.update(whole=whole.id, joining=row.id)
