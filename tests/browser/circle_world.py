"""Circles in every state a page can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.circles import closing, entering
from cop.core.db import db
from cop.moderation import flagging
from cop.people.models import User
from tests.make import Make

if TYPE_CHECKING:
    from tests.browser.world import World


def furnish_circles(world: World) -> None:
    """A circle of the author's with something in it, one to ask for, and a link into a hidden one."""
    make = Make()
    author, colleague, newcomer = (
        db.session.query(User).filter_by(handle=handle).one()
        for handle in ("author", "colleague", "newcomer")
    )
    own = make.circle(
        by=author,
        members=[colleague],
        name="Invented trainers 虚构的培训师",
        purpose="We compare notes on invented workshops before they are fit for others.",
        joining="request",
    )
    note = make.note(by=author, circle=own, title="An invented draft for colleagues")
    make.comment(note, "I would begin with the failure.", by=colleague)
    asked = make.discussion(by=colleague, circle=own, title="Who brings the invented paper?")
    flag = flagging.flag(
        by=make.viewer(author), entry_id=asked.id, reason="other", words="An invented complaint"
    )
    entering.ask(
        by=make.viewer(newcomer), circle_id=own.id, words="I train volunteers. 我做志愿者培训。"
    )
    entering.invite(by=make.viewer(author), circle_id=own.id, note="Spring course", uses=5, days=9)
    other = make.circle(
        by=colleague, name="虚构的公文互助组", purpose="一起看公文。", joining="request"
    )
    hidden = make.circle(by=colleague, name="An invented hidden circle", seen="hidden")
    _made, token = entering.invite(
        by=make.viewer(colleague), circle_id=hidden.id, note="", uses=9, days=9
    )
    closed = make.circle(by=author, name="An invented closed circle")
    closing.close(by=make.viewer(author), circle_id=closed.id)
    world.ids.update(circle=own.id, other_circle=other.id, closed_circle=closed.id)
    world.ids.update(in_circle=note.id, circle_case=flag.case_id, in_circle_id=colleague.id)
    world.secrets.update(into_circle=token)
