"""The log: who did what to what, when and why; nothing in it changes, and no mask is lifted by it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from cop.core.db import db
from cop.entries import commenting, operations, queries
from cop.entries.models import Entry
from cop.people import invitations, operations as people, suspensions
from cop.people.viewer import SYSTEM, Grant
from tests.counting import assert_constant_queries
from tests.web.moderation.conftest import decide, flag, only_case

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def acts(make, note, author):
    """Do one of each thing that is logged."""
    keeper = make.member("moderator", "admin", name="Invented Actor")
    operations.hide(by=keeper, entry_id=note.id, reason="why hidden")
    operations.unhide(by=keeper, entry_id=note.id, reason="why shown")
    comment = make.comment(note)
    commenting.remove_comment(by=keeper, comment_id=comment.id, reason="", ready="rude")
    commenting.show_comment(by=keeper, comment_id=comment.id, reason="why not rude")
    commenting.lock(by=keeper, entry_id=note.id, reason="why locked")
    commenting.unlock(by=keeper, entry_id=note.id, reason="why unlocked")
    suspensions.suspend(by=keeper, user_id=author.id, reason="why suspended")
    suspensions.lift(by=keeper, user_id=author.id, reason="why lifted")
    people.grant(by=keeper, user_id=author.id, grant=Grant.TRAINER)
    invited, _token = invitations.invite(by=keeper, note="x", max_uses=1, days=1)
    invitations.revoke(by=keeper, invitation_id=invited.id)
    db.session.commit()
    return keeper


def rows(page):
    return re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]


def test_it_says_who_did_what_to_what_and_why_newest_first(office, acts):
    page = office.get("/moderation/log").text
    said = rows(page)
    assert len(said) == 11
    assert all("Invented Actor" in row for row in said)
    assert "invitation ended" in said[0]
    assert "role given<br>Trainer" in said[2]
    assert "Invented Author (@author)" in said[2]
    assert "why suspended" in said[4]
    assert "Please keep to the matter." in said[8]
    assert "An invented title" in said[10]
    assert "hidden" in said[10]


@pytest.mark.parametrize(
    ("asked", "number"),
    [("part=entries", 4), ("part=comments", 2), ("part=people", 2), ("part=rights", 3)],
)
def test_it_is_narrowed_to_a_part(office, acts, asked, number):
    assert len(rows(office.get(f"/moderation/log?{asked}").text)) == number


def test_it_is_narrowed_to_a_person_and_to_an_entry(office, make, acts, note):
    other = make.member("moderator")
    operations.hide(by=other, entry_id=make.note().id, reason="another")
    assert len(rows(office.get(f"/moderation/log?who={other.handle}").text)) == 1
    assert len(rows(office.get(f"/moderation/log?who=%40{acts.handle}").text)) == 11
    assert len(rows(office.get(f"/moderation/log?entry={note.id}").text)) == 6
    for nobody in ("who=nobody", "entry=99999", "entry=99999999999"):
        assert "Nothing in the log" in office.get(f"/moderation/log?{nobody}").text


def test_it_is_read_by_key(office, make, note):
    keeper = make.member("moderator")
    for number in range(20):
        operations.hide(by=keeper, entry_id=note.id, reason=f"Reason {number}.")
        operations.unhide(by=keeper, entry_id=note.id, reason="x")
    first = office.get("/moderation/log").text
    assert len(rows(first)) == 30
    older = re.search(r'rel="next" href="([^"]*)"', first)[1].replace("&amp;", "&")
    second = office.get(older).text
    assert len(rows(second)) == 10
    assert "Reason 0." in second
    assert "Reason 5." not in second


def test_who_wrote_something_unnamed_is_the_author_in_it_whenever_it_was_masked(
    make, author, office, desk, note
):
    flag(desk, f"/entries/{note.id}")
    decide(office, only_case(), person="warn", reason="x")
    text = queries.text_for(queries.get(SYSTEM, note.id), None)
    from tests.web.entries.conftest import edited

    edited(make, author, note, what_happened="More.")
    first = queries.revision_of(text, 1)
    operations.suppress(
        by=make.viewer(author), entry_id=note.id, revision_id=first.id, reason="It said too much"
    )
    db.session.commit()
    assert "Invented Author" in office.get("/moderation/log").text
    assert len(rows(office.get("/moderation/log?who=author").text)) == 1
    db.session.get(Entry, note.id).name_mask = "unnamed"
    page = office.get("/moderation/log").text
    assert "Invented Author" not in page
    assert page.count("The author") == 2
    assert "Nothing in the log" in office.get("/moderation/log?who=author").text


def test_an_entry_the_reader_may_not_open_has_no_title_in_it(make, author, office, note):
    keeper = make.member("moderator")
    operations.hide(by=keeper, entry_id=note.id, reason="x")
    operations.unhide(by=keeper, entry_id=note.id, reason="x")
    operations.withdraw(by=make.viewer(author), entry_id=note.id)
    page = office.get("/moderation/log").text
    assert "An invented title" not in page
    assert f"Entry {note.id}" in page


def test_the_pages_ask_the_same_however_much_there_is(office, make):
    keeper = make.member("moderator")

    def more(number):
        from cop.moderation import flagging

        for _ in range(number):
            entry = make.note()
            flagging.flag(by=make.member(), entry_id=entry.id, reason="rude", words="")
            comment = make.comment(entry)
            flagging.flag(by=make.member(), comment_id=comment.id, reason="rude", words="")
            taken = make.comment(entry)
            commenting.remove_comment(by=keeper, comment_id=taken.id, reason="x")

    assert_constant_queries(office, "/moderation/", grow=more, budget="moderation")
    assert_constant_queries(office, "/moderation/log", grow=more, budget="moderation")


def test_nothing_that_is_logged_is_ever_changed_or_deleted():
    """The rows of events and decisions are only ever added; sign-ins, which are no acts, are forgotten."""
    forgotten = {"cop/people/devices.py"}
    kept = {"Event", "Decision"}
    broken = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "cop").rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in forgotten
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("delete", "update")
        and any(isinstance(arg, ast.Name) and arg.id in kept for arg in node.args)
    ]
    assert broken == []


def test_what_is_forgotten_of_sign_ins_leaves_the_log_alone(office, acts):
    from datetime import timedelta

    from sqlalchemy import func, select, update

    from cop.core import clock
    from cop.events.models import Event

    logged = len(rows(office.get("/moderation/log").text))
    long_ago = clock.now() - timedelta(days=4000)
    db.session.execute(update(Event).values(at=long_ago))
    people.forget_old()
    db.session.commit()
    assert len(rows(office.get("/moderation/log").text)) == logged
    assert db.session.scalar(select(func.count()).where(Event.verb == "SignedIn")) == 0
