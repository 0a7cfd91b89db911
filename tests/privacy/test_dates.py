"""Who comes to a workshop and where one takes part online is said to nobody else, whatever address is asked for."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM
from cop.workshops.draft import WorkshopDraft, WorkshopFacts
from cop.workshops.feeds import make_feed
from cop.workshops.operations import publish_workshop
from cop.workshops.signing import make_link, sign_up, sign_up_by_name
from tests.privacy.reading import addresses, headers_and_body, pages
from tests.web.workshops.dating import give

#: In names of who comes, in links for taking part, and in all words of a workshop for members.
COMES, CLOSED = "Qwyzzcomes", "Qwyzzclosed"


@pytest.fixture
def given(make):
    """Give an open workshop, and one for members; a member and somebody by name come to each that takes them."""
    attendee = make.user(handle="qwyzz-who", name=f"{COMES} Attendee")
    for visibility, mark in ((Visibility.PUBLIC, "Open"), (Visibility.MEMBERS, CLOSED)):
        entry = publish_workshop(
            by=make.viewer(make.user(grants=["trainer"])),
            draft=WorkshopDraft(
                (TextDraft(Lang.EN, f"{mark} workshop", {}),),
                WorkshopFacts(),
                Signature(visibility),
            ),
        )
        session = give(entry, online=True, venue=f"{mark} hall", link=f"https://{COMES}.example/")
        sign_up(by=make.viewer(attendee), entry_id=entry.id, number=session.number)
        if visibility == Visibility.PUBLIC:
            token = make_link(by=SYSTEM, entry_id=entry.id, number=session.number)
            sign_up_by_name(token=token, name=f"{COMES} Guest", form_key="an-invented-key")
    make_feed(by=make.viewer(attendee))
    db.session.commit()


def walked(app, client):
    """Give (path, what it says) of every page and calendar about workshops, and of the front page."""
    paths = [path for path in addresses(app) if path.startswith(("/workshops", "/?"))]
    for path, answer in pages(client, paths):
        yield path, headers_and_body(answer)


def test_a_visitor_meets_neither_who_comes_nor_what_is_for_members(app, client, given):
    told = 0
    for path, said in walked(app, client):
        told += "Open workshop" in said
        assert COMES.lower() not in said.lower(), path
        assert CLOSED not in said, path
    assert told >= 5


def test_members_and_moderators_meet_no_one_who_comes(app, make, given):
    for grants in ([], ["moderator"]):
        desk = make.signed_in(app.test_client(), make.user(grants=grants))
        for path, said in walked(app, desk):
            assert COMES.lower() not in said.lower(), path
