"""Discussions that moderators rearranged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from cop.core.db import db
from cop.core.text import guess_lang
from cop.core.types import Lang
from cop.discussions import joining, splitting
from cop.discussions.splitting import Choice, Own
from cop.entries import attaching
from cop.entries.draft import Image
from cop.entries.image_models import Rendition
from cop.entries.image_removing import remove_image
from cop.entries.models import NameMask
from cop.storage.files import files
from cop.storage.images import sizes_of
from tests.hostile import photograph
from tests.make import Make

if TYPE_CHECKING:
    from cop.discussions.models import Space
    from cop.people.viewer import Viewer
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


def pictured(world: World, space: Space) -> None:
    """A reply with pictures: one, several, one of them removed, one whose file is lost, one that only decorates."""
    make, author, moderator = Make(), world.viewer("author"), world.viewer("moderator")
    asked = make.discussion(by=author, space=space, title="What does your room look like?")
    alone = _picture(author, 400, "A hall with chairs in a circle")
    make.comment(asked, "Ours is a hall.", by=author, images=[alone])
    words = ("Paper notes on a wall", "墙上的纸条", "A plan of the room", "Two doors", "")
    some = [_picture(author, 260 + 20 * at, alt) for at, alt in enumerate(words)]
    shown = make.comment(asked, "And this is how it was used.", by=author, images=some)
    remove_image(by=moderator, attachment_id=some[2].id, reason="It shows a face.")
    for size in db.session.scalars(select(Rendition).where(Rendition.attachment_id == some[3].id)):
        files().delete(size.sha256)
    world.ids.update(pictured=asked.id, shown=shown.id, picture=alone.id)


def _picture(by: Viewer, width: int, alt: str) -> Image:
    """Keep a real picture, described in English or Chinese, or said to be decoration."""
    kept = attaching.keep(by=by, name="room.jpg", sizes=sizes_of(photograph(width, 200)))
    lang = guess_lang(alt, default=Lang.EN)
    return Image(kept.id, {lang.value: alt} if alt else {}, decorative=not alt)
