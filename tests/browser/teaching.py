"""What the browser finds of a workshop that people prepare and give together. All of it invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import drafts
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.models import User
from cop.workshops import attendance, following_up, sharing, team
from cop.workshops.draft import AgendaRow, Exercise, WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from cop.workshops.session_models import SignUp, SignUpState
from cop.workshops.sessions import SessionDraft, add_session

if TYPE_CHECKING:
    from tests.browser.world import World


def furnish_teaching(world: World) -> None:
    """Publish a workshop of the colleague's, which the author prepares with her and a newcomer is asked to."""
    colleague, author = world.viewer("colleague"), world.viewer("author")
    made = publish_workshop(
        by=colleague,
        draft=WorkshopDraft(
            (
                TextDraft(Lang.ZH, "和街道打交道的一天", {"for_whom": "虚构机构的新同事"}),
                TextDraft(Lang.EN, "A day on meeting the street office", {"for_whom": "New staff"}),
            ),
            WorkshopFacts(
                begins="9:00",
                agenda=(
                    AgendaRow("a", 30, {"zh-Hans": "报到", "en": "Arrival"}),
                    AgendaRow("b", 60, {"zh-Hans": "一个案例", "en": "One case"}),
                ),
                exercises=(
                    Exercise(
                        "x",
                        {"zh-Hans": "换位", "en": "Swap"},
                        {"zh-Hans": "互换角色。", "en": "Swap roles."},
                    ),
                ),
            ),
            Signature(Visibility.PUBLIC),
        ),
        origin=Origin(key="invented-taught-workshop"),
    )
    for who in ("author", "newcomer"):
        user = _account(world, who)
        team.invite(by=colleague, entry_id=made.id, user=user)
    team.accept(by=author, entry_id=made.id, named=True)
    world.ids["taught"] = made.id
    _give(world, made.id)


def _give(world: World, entry_id: int) -> None:
    """Give it last week: the newcomer came, a draft of hers is shared, and it is said what came of it."""
    colleague, newcomer = world.viewer("colleague"), world.viewer("newcomer")
    day = clock.now().astimezone(UTC).date() - timedelta(days=7)
    starts = datetime(day.year, day.month, day.day, 9)  # noqa: DTZ001  by clocks of some place
    given = add_session(
        by=colleague,
        entry_id=entry_id,
        draft=SessionDraft(
            starts, starts + timedelta(hours=6), "Asia/Shanghai", venue="虚构的社区中心"
        ),
    )
    seat = SignUp(
        session_id=given.id,
        user_id=newcomer.id,
        state=SignUpState.GOING.value,
        queued_at=clock.now(),
        changed_at=clock.now(),
    )
    db.session.add(seat)
    db.session.flush()
    number = given.number
    attendance.tick(by=colleague, entry_id=entry_id, number=number, shown=(), ticked=(seat.id,))
    attendance.add_who_came(
        by=colleague, entry_id=entry_id, number=number, names=["虚构的来客", "An invented guest"]
    )
    following_up.say(
        by=colleague,
        entry_id=entry_id,
        number=number,
        base=1,
        words="两个人回去试过，一个街道回了信。",
        lang=Lang.ZH,
    )
    draft = drafts.save_draft(
        by=newcomer,
        kind="note",
        lang=Lang.ZH.value,
        data={"title": ["第一次登门"], "what_happened": ["我们问了**两次**。"]},
        draft_id=None,
    )
    sharing.share(by=newcomer, entry_id=entry_id, draft_id=draft.id)
    sharing.remark(
        by=colleague,
        entry_id=entry_id,
        draft_id=draft.id,
        body="第二次是谁开的口？",
        section="what_happened",
    )
    world.ids.update(given=number, shared=draft.id)


def _account(world: World, who: str) -> User:
    """Return an account of the cast."""
    return db.session.get_one(User, world.viewer(who).id)
