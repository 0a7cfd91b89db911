"""Images of replies that are moved: seen where the replies stand, by who reads them there, and back again."""

from __future__ import annotations

from cop.core.db import db
from cop.discussions.models import Rearrangement
from cop.entries.models import Comment
from tests.web.discussions.test_rearranging import join, split
from tests.web.entries.test_files import with_file
from tests.web.entries.test_images import addresses, page_of, with_image


def seen(reader, page):
    found = addresses(page)
    assert found
    return {reader.get(address).status_code for address in found}


def test_an_image_of_a_joined_reply_is_seen_where_it_stands_now(
    moderators_desk, members_desk, visitor, make, question, space
):
    closed = make.discussion(space=space, visibility="members")
    db.session.commit()
    with_image(members_desk, question)
    join(moderators_desk, question, closed)
    page = page_of(members_desk, closed)
    assert 'alt="A wall with paper notes"' in page
    assert seen(members_desk, page) == {200}
    # It stands among members now.
    assert seen(visitor, page) == {404}


def test_a_reply_that_begins_a_discussion_brings_its_image_and_takes_it_back(
    moderators_desk, members_desk, visitor, question, space
):
    with_image(members_desk, question)
    said = db.session.query(Comment).one()
    answer = split(moderators_desk, said, title="Its own", space=space.key)
    assert answer.status_code == 303, answer.text
    row = db.session.query(Rearrangement).one()
    page = visitor.get(answer.headers["Location"]).text
    assert 'alt="A wall with paper notes"' in page
    assert seen(visitor, page) == {200}
    moderators_desk.post(f"/rearrangements/{row.id}/undoing", data={"reason": "One matter."})
    page = page_of(visitor, question)
    assert 'alt="A wall with paper notes"' in page
    assert seen(visitor, page) == {200}


def test_so_does_its_file(moderators_desk, members_desk, visitor, question, space):
    with_file(members_desk, question)
    said = db.session.query(Comment).one()
    answer = split(moderators_desk, said, title="Its own", space=space.key)
    row = db.session.query(Rearrangement).one()
    there = visitor.get(answer.headers["Location"]).text
    moderators_desk.post(f"/rearrangements/{row.id}/undoing", data={"reason": "One matter."})
    for page in (there, page_of(visitor, question)):
        assert "minutes.docx" in page
        assert "Minutes of a meeting" in page
