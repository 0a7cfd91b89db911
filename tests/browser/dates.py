"""Dates of the workshop that browsers look at: one with people in it, one that is called off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cop.people.viewer import SYSTEM
from cop.workshops.sessions import call_off
from cop.workshops.signing import make_link, sign_up_by_name
from tests.web.workshops.dating import give, in_days

if TYPE_CHECKING:
    from cop.entries.models import Entry


def give_dates(workshop: Entry) -> dict[str, Any]:
    """Add the dates, and return the parts of addresses they bring."""
    first = give(
        workshop,
        starts=in_days(12, 9),
        ends=in_days(13, 17),
        place="beijing",
        venue="虚构的社区服务中心二楼",
        online=True,
        link="https://meet.example.org/invented",
        seats=2,
    )
    off = give(workshop, days=20, venue="An invented hall")
    call_off(by=SYSTEM, entry_id=workshop.id, number=off.number, reason="An invented flood")
    token = make_link(by=SYSTEM, entry_id=workshop.id, number=first.number)
    for name in ("Invented Guest", "虚构的客人", "Another Guest"):
        sign_up_by_name(token=token, name=name, form_key="an-invented-key")
    return {"date": first.number, "sign_up": token}
