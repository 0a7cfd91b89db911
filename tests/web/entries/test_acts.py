"""Acts sent twice are done once; unnamed entries tell the day alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries import operations
from cop.entries.models import Revision
from cop.events.models import Event
from tests.web.entries.conftest import edited


@pytest.mark.parametrize(
    ("act", "undone", "verb", "sentence"),
    [
        ("withdrawal", "", "EntryWithdrawn", "You have withdrawn this already."),
        ("return", "withdrawal", "EntryReturned", "This is published already."),
        ("hiding", "", "EntryHidden", "This is hidden already."),
        ("unhiding", "hiding", "EntryUnhidden", "This is shown already."),
    ],
)
def test_an_act_sent_twice_is_done_once_and_says_so(
    desk, moderators_desk, note, act, undone, verb, sentence
):
    by = moderators_desk if "hiding" in act else desk
    for path in filter(None, (undone, act)):
        answer = by.post(f"/entries/{note.id}/{path}", data={"reason": "Names a resident"})
        assert answer.status_code == 303
    answer = by.post(f"/entries/{note.id}/{act}", data={"reason": "Names a resident"})
    assert answer.status_code == 303
    assert sentence in by.get(answer.headers["Location"]).text
    assert len(db.session.scalars(select(Event).where(Event.verb == verb)).all()) == 1


def test_two_who_hide_at_one_moment_leave_one_event(make, note):
    moderator = make.member("moderator")
    for reason in ("One", "Two"):
        operations.hide(by=moderator, entry_id=note.id, reason=reason)
    (event,) = db.session.scalars(select(Event).where(Event.verb == "EntryHidden"))
    assert event.data["reason"] == "One"


def test_pages_of_an_unnamed_note_tell_the_day_and_no_second(make, author, visitor):
    at = datetime(2025, 3, 4, 23, 58, 17, 123456, tzinfo=UTC)
    for mask in ("unnamed", "shown"):
        note = make.note(by=author, name_mask=mask, published_at=at)
        edited(make, author, note, what_happened="More.")
        for revision in db.session.scalars(select(Revision)):
            revision.created_at = at
        db.session.commit()
        for path in (
            "/notes/",
            f"/notes/{note.id}",
            f"/entries/{note.id}/history",
            f"/entries/{note.id}/diff",
            f"/entries/{note.id}/revisions/1",
        ):
            page = visitor.get(path, follow_redirects=True).text
            page = re.sub(r"<footer.*", "", page, flags=re.DOTALL)
            times = re.findall(r'<time datetime="([^"]*)"', page)
            if mask == "unnamed":
                assert set(times) <= {"2025-03-04"}, path
                assert "4 March 2025" in page
                assert not re.search(r"(23|07):58", page), path
            elif "/diff" not in path:
                assert any(time.startswith("2025-03-04T23:58") for time in times), path
