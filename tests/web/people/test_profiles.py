"""Profile pages: who may know that somebody is here, and what stands under her name."""

import pytest
from sqlalchemy import event

from cop.core.db import db
from cop.entries.models import NameMask, Visibility


@pytest.fixture
def li(make):
    """Return a member."""
    return make.user(handle="invented-li", name="Invented Li")


def test_a_public_note_under_her_name_makes_a_person_known_to_visitors(client, make, li):
    make.note(by=li, title="A note she signed")
    answer = client.get("/people/invented-li")
    assert answer.status_code == 200
    assert "A note she signed" in answer.text


@pytest.mark.parametrize(
    ("visibility", "mask"),
    [
        (Visibility.PUBLIC, NameMask.UNNAMED),
        (Visibility.MEMBERS, NameMask.SHOWN),
        (Visibility.MEMBERS, NameMask.UNNAMED),
    ],
)
def test_unnamed_notes_and_notes_for_members_leave_her_unknown_to_visitors(
    client, make, li, visibility, mask
):
    make.note(by=li, visibility=visibility, name_mask=mask)
    known, unknown = client.get("/people/invented-li"), client.get("/people/nobody-here")
    assert (known.status_code, unknown.status_code) == (404, 404)


def test_an_unnamed_note_stands_on_no_profile_not_even_for_its_author(client, app, make, li):
    make.note(by=li, title="Signed in public")
    make.note(by=li, title="Marker unnamed", name_mask=NameMask.UNNAMED)
    make.note(by=li, title="Signed for members", visibility=Visibility.MEMBERS)
    own = make.signed_in(app.test_client(), li)
    member = make.signed_in(app.test_client(), make.user())
    moderator = make.signed_in(app.test_client(), make.user(grants=["moderator", "admin"]))
    for browser in (client, own, member, moderator):
        page = browser.get("/people/invented-li").text
        assert "Signed in public" in page
        assert "Marker unnamed" not in page
        assert ("Signed for members" in page) == (browser is not client)


def test_a_profile_costs_the_same_however_much_somebody_posted(client, make, li):
    make.note(by=li)
    few = _queries(client)
    for _ in range(8):
        make.note(by=li)
    assert _queries(client) == few


def _queries(client):
    counted = []

    def note(*args):
        if args[2].lstrip().upper().startswith("SELECT"):
            counted.append(args[2])

    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get("/people/invented-li").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(counted)
