"""Being told on the site: who, of what, for how long, and why."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.entries import commenting, holding, operations
from cop.entries.draft import Signature
from cop.entries.holding import approve_comment
from cop.entries.models import NameMask, Visibility
from cop.notifications.models import Notice, NoticeSettings, Watch
from tests.web.notifications.conftest import bell, notices, watch


def test_who_watches_a_note_is_told_of_a_comment(make, desk, note, run_jobs):
    watch(desk, f"/entries/{note.id}")
    said = make.comment(note, "We tried it too.", by=make.user(name="Invented Colleague"))
    run_jobs()
    page = notices(desk)
    assert "An invented title" in page
    assert "1 new comment, by Invented Colleague" in page
    assert "We tried it too." in page
    assert f'href="/comments/{said.id}"' in page
    assert "You watch this." in page
    assert f"/entries/{note.id}/watch" in page
    assert bell(desk) == "1"


def test_nobody_is_told_what_she_said_herself(make, desk, reader, note, run_jobs):
    watch(desk, f"/entries/{note.id}")
    make.comment(note, by=reader)
    run_jobs()
    assert "Nothing yet" in notices(desk)


def test_three_comments_are_one_line_with_their_names(make, desk, note, run_jobs):
    watch(desk, f"/entries/{note.id}")
    for name in ("Ada", "Bo", "Chen"):
        make.comment(note, by=make.user(name=f"Invented {name}"))
        run_jobs()
    page = notices(desk)
    assert page.count("<article") == 1
    assert "3 new comments, by Invented Chen, Invented Bo, and Invented Ada" in page
    make.comment(note, by=make.user(name="Invented Di"))
    run_jobs()
    assert "4 new comments, by Invented Di, Invented Chen, Invented Bo and others" in notices(desk)
    assert bell(desk) == "1"


def test_opening_the_note_reads_its_line_and_the_next_comment_begins_it_anew(
    make, desk, note, run_jobs
):
    watch(desk, f"/entries/{note.id}")
    make.comment(note, by=make.user(name="Invented Ada"))
    run_jobs()
    opened = desk.get(f"/entries/{note.id}", follow_redirects=True)
    assert "1 unread" not in opened.text
    assert bell(desk) == ""
    make.comment(note, by=make.user(name="Invented Bo"))
    run_jobs()
    assert "1 new comment, by Invented Bo" in notices(desk)
    assert bell(desk) == "1"


def test_looking_at_the_list_reads_nothing_and_a_button_reads_all(make, desk, note, run_jobs):
    watch(desk, f"/entries/{note.id}")
    make.comment(note)
    run_jobs()
    page = notices(desk)
    assert bell(desk) == "1"
    until = re.search(r'name="until" value="(\d+)"', page)
    assert until
    assert desk.post("/notices/read", data={"until": until[1]}).status_code == 303
    assert bell(desk) == ""
    assert "Mark all as read" not in notices(desk)


def test_an_answer_is_told_to_whom_it_answers_and_to_nobody_twice(
    make, desk, reader, note, run_jobs
):
    mine = make.comment(note, "A question", by=reader)
    make.comment(note, "The answer", by=make.user(name="Invented Ada"), answers=mine)
    run_jobs()
    page = notices(desk)
    assert "1 answer to you, by Invented Ada" in page
    assert "new comment" not in page
    assert page.count("<article") == 1


def test_one_watches_what_one_wrote_and_commented_on_unless_one_says_otherwise(
    make, desk, authors_desk, reader, note, run_jobs
):
    make.comment(note, by=reader)
    run_jobs()
    assert "You wrote this." in notices(authors_desk)
    make.comment(note)
    run_jobs()
    assert "You commented on this." in notices(desk)
    desk.get(f"/entries/{note.id}", follow_redirects=True)
    assert desk.post("/account/watching", data={"mail": "now"}).status_code == 303
    make.comment(note)
    run_jobs()
    assert bell(desk) == ""
    assert bell(authors_desk) == "1"


def test_a_muted_note_is_silent_although_one_wrote_it_and_is_answered(
    make, authors_desk, author, note, run_jobs
):
    watch(authors_desk, f"/entries/{note.id}", "mute")
    mine = make.comment(note, by=author)
    make.comment(note, answers=mine)
    run_jobs()
    assert "Nothing yet" in notices(authors_desk)


def test_what_a_moderator_decides_is_told_with_its_reason_also_where_one_hears_nothing(
    make, authors_desk, note, run_jobs
):
    watch(authors_desk, f"/entries/{note.id}", "mute")
    moderator = make.member("moderator")
    operations.hide(by=moderator, entry_id=note.id, reason="It names an invented official.")
    run_jobs()
    page = notices(authors_desk)
    assert "A moderator has hidden this. Reason: It names an invented official." in page
    operations.unhide(by=moderator, entry_id=note.id, reason="It does not any more.")
    run_jobs()
    assert notices(authors_desk).count("<article") == 2


def test_a_removed_comment_is_told_to_its_writer_and_no_longer_to_others(
    make, desk, authors_desk, reader, note, run_jobs
):
    said = make.comment(note, "Rude words", by=reader)
    run_jobs()
    assert "Rude words" in notices(authors_desk)
    commenting.remove_comment(
        by=make.member("moderator"), comment_id=said.id, reason="Please stay kind."
    )
    assert "Nothing yet" in notices(authors_desk)
    assert bell(authors_desk) == ""
    run_jobs()
    assert "A moderator has removed your comment. Reason: Please stay kind." in notices(desk)


def test_the_lines_of_a_hidden_note_vanish_and_come_back_with_it(make, desk, note, run_jobs):
    watch(desk, f"/entries/{note.id}")
    make.comment(note)
    run_jobs()
    moderator = make.member("moderator")
    operations.hide(by=moderator, entry_id=note.id, reason="Why")
    assert "Nothing yet" in notices(desk)
    assert bell(desk) == ""
    operations.unhide(by=moderator, entry_id=note.id, reason="Why")
    assert bell(desk) == "1"


def test_a_new_note_is_told_for_its_term_and_for_its_author(make, desk, author, run_jobs):
    term = make.term("meetings", name="Meetings")
    make.term("ningbo", scheme="place", name="Ningbo")
    inner = make.term("haishu", scheme="place", broader="ningbo")
    watch(desk, "/terms/strategy/meetings", "new")
    watch(desk, "/terms/place/ningbo", "new")
    watch(desk, "/people/author", "new")
    first = make.note(strategies=[term], title="By its term")
    make.note(place=inner, title="By the place around its place")
    make.note(by=author, title="By its author")
    run_jobs()
    page = notices(desk)
    assert page.count("<article") == 3
    assert "You watch the term “Meetings”." in page
    assert "You watch the term “Ningbo”." in page
    assert "You watch Invented Author." in page
    make.comment(first)
    run_jobs()
    assert "new comment" not in notices(desk)


def test_a_watcher_is_not_told_who_wrote_an_unnamed_note(make, desk, author, run_jobs):
    watch(desk, "/people/author", "everything")
    unnamed = make.note(by=author, name_mask=NameMask.UNNAMED)
    make.comment(unnamed, by=author)
    run_jobs()
    assert "Nothing yet" in notices(desk)
    assert db.session.query(Notice).count() == 0


def test_a_line_told_for_a_name_goes_when_the_name_is_taken_away(make, desk, author, run_jobs):
    watch(desk, "/people/author", "new")
    made = make.note(by=author, title="Named for a while")
    run_jobs()
    assert "Named for a while" in notices(desk)
    operations.sign(
        by=make.viewer(author),
        entry=db.session.get(type(made), made.id),
        signature=Signature(Visibility.PUBLIC, NameMask.UNNAMED),
    )
    db.session.commit()
    assert "Nothing yet" in notices(desk)
    assert bell(desk) == ""


def test_an_unnamed_author_is_the_author_in_lines_and_her_time_a_day(make, desk, author, run_jobs):
    unnamed = make.note(by=author, name_mask=NameMask.UNNAMED)
    watch(desk, f"/entries/{unnamed.id}")
    make.comment(unnamed, by=author)
    run_jobs()
    page = notices(desk)
    assert "1 new comment, by The author" in page
    assert "Invented Author" not in page
    assert re.search(r'<time datetime="\d{4}-\d{2}-\d{2}"', page)


def test_one_page_shows_all_that_is_watched_and_takes_things_off_with_undo(make, desk, note):
    make.term("meetings", name="Meetings")
    watch(desk, f"/entries/{note.id}")
    watch(desk, "/terms/strategy/meetings", "new")
    page = desk.get("/account/watching").text
    assert "An invented title" in page
    assert "Meetings" in page
    number = re.search(r"/account/watching/(\d+)", page)
    assert number
    answer = desk.post(f"/account/watching/{number[1]}", data={"level": "none"})
    after = desk.get(answer.headers["Location"]).text
    assert "You watch this no longer:" in after
    assert "/account/watching/" + number[1] not in after
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', after))
    assert desk.post("/account/watching/again", data=fields).status_code == 303
    assert desk.get("/account/watching").text.count('class="in short"') == 2


def test_what_is_closed_meanwhile_stays_in_the_list_without_its_title(make, desk, note):
    watch(desk, f"/entries/{note.id}")
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="Why")
    page = desk.get("/account/watching").text
    assert "An invented title" not in page
    assert "Something that is not open to you at the moment" in page


def test_what_one_may_not_read_cannot_be_watched(make, desk, client, author):
    hidden = make.note(by=author)
    operations.hide(by=make.member("moderator"), entry_id=hidden.id, reason="Why")
    assert desk.post(f"/entries/{hidden.id}/watch", data={"level": "mute"}).status_code == 410
    assert desk.get("/entries/9999/watch").status_code == 404
    assert client.get(f"/entries/{hidden.id}/watch").status_code == 303
    other = make.signed_in(client, make.user())
    watch(desk, "/people/author", "new")
    page = desk.get("/account/watching").text
    number = re.search(r"/account/watching/(\d+)", page)
    assert number
    assert other.post(f"/account/watching/{number[1]}", data={"level": "none"}).status_code == 404


@pytest.mark.parametrize("level", ["", "new", "loud"])
def test_a_level_that_is_not_offered_is_refused(desk, note, level):
    assert desk.post(f"/entries/{note.id}/watch", data={"level": level}).status_code == 422


def test_what_a_moderator_lets_through_is_told_to_who_wrote_it_and_to_who_watches(
    app, make, desk, note, run_jobs
):
    watch(desk, f"/entries/{note.id}")
    newcomer = make.user(name="Invented Newcomer", newcomer=True)
    held = make.comment(note, "A first comment", by=newcomer)
    run_jobs()
    assert "Nothing yet" in notices(desk)
    holding.approve_comment(by=make.member("moderator"), comment_id=held.id, reason="Welcome")
    run_jobs()
    assert "1 new comment, by Invented Newcomer" in notices(desk)
    theirs = notices(make.signed_in(app.test_client(), newcomer))
    assert "A moderator has let your comment through" in theirs


def test_visitors_are_asked_to_sign_in_and_find_no_bell(client, note):
    assert client.get("/notices/").status_code == 303
    page = client.get(f"/entries/{note.id}", follow_redirects=True).text
    assert "data-bell" not in page
    assert f"/entries/{note.id}/watch" in page


def test_what_an_import_brings_from_years_ago_is_told_to_nobody(make, desk, run_jobs):
    from datetime import timedelta

    from cop.core import clock

    make.term("meetings")
    watch(desk, "/terms/strategy/meetings", "new")
    make.note(strategies=["meetings"], published_at=clock.now() - timedelta(days=400))
    run_jobs()
    assert "Nothing yet" in notices(desk)


def test_telling_twice_tells_nothing_twice(make, desk, note, run_jobs):
    from sqlalchemy import select

    from cop.events.models import Event
    from cop.notifications import telling

    watch(desk, f"/entries/{note.id}")
    make.comment(note)
    run_jobs()
    desk.get(f"/entries/{note.id}", follow_redirects=True)
    for event_id in db.session.scalars(select(Event.id)).all():
        telling.tell([{"event_id": event_id}])
    db.session.commit()
    assert bell(desk) == ""


def test_an_older_comment_let_through_joins_the_newer_ones_that_are_unread(
    make, desk, note, run_jobs, post
):
    watch(desk, f"/entries/{note.id}")
    older = make.comment(note, "What waited", by=make.newcomer("Invented Ada"))
    make.comment(note, "What came later", by=make.user(name="Invented Bo"))
    run_jobs()
    approve_comment(by=make.member("moderator"), comment_id=older.id, reason="Welcome")
    run_jobs()
    assert "2 new comments, by Invented Bo and Invented Ada" in notices(desk)
    assert bell(desk) == "1"
    mine = [mail for mail in post if mail["To"].addresses[0].username == "reader"]
    assert len(mine) == 2


def test_two_buttons_pressed_at_the_same_moment_make_one_watch_and_no_error(
    desk, reader, note, monkeypatch
):
    from cop.notifications import queries

    watch(desk, f"/entries/{note.id}")
    real, calls = queries.watch_of, []

    def too_early(*args):
        calls.append(args)
        return real(*args) if len(calls) > 1 else None

    monkeypatch.setattr(queries, "watch_of", too_early)
    watch(desk, f"/entries/{note.id}", "mute")
    assert db.session.query(Watch.level).all() == [("mute",)]


def test_settings_saved_twice_at_the_same_moment_make_one_row_and_no_error(
    desk, reader, monkeypatch
):
    data = {"mail": "daily", "own": "y"}
    assert desk.post("/account/watching", data=data).status_code == 303
    db.session.expunge_all()
    real, calls = type(db.session()).get, []

    def too_early(self, entity, *args, **more):
        if entity is NoticeSettings and more.get("with_for_update"):
            calls.append(args)
            if len(calls) == 1:
                return None
        return real(self, entity, *args, **more)

    monkeypatch.setattr(type(db.session()), "get", too_early)
    assert desk.post("/account/watching", data={**data, "mail": "weekly"}).status_code == 303
    assert db.session.query(NoticeSettings.mail).all() == [("weekly",)]
    assert len(calls) == 2


def test_numbers_that_nothing_can_have_are_no_error(make, desk, note, run_jobs):
    watch(desk, f"/entries/{note.id}")
    make.comment(note)
    run_jobs()
    huge = str(2**70)
    for kind in ("entry", "term", "person"):
        data = {"kind": kind, "target": huge, "level": "everything"}
        assert desk.post("/account/watching/again", data=data).status_code == 404
        page = desk.get(f"/account/watching?ended={kind}&target={huge}&level=everything")
        assert page.status_code == 200
    data = {"kind": "search", "target": huge, "level": "new", "address": "q=lanterns"}
    assert desk.post("/account/watching/again", data=data).status_code == 303
    found = db.session.query(Watch.target_id, Watch.address).filter_by(kind="search").one()
    assert tuple(found) == (0, "q=lanterns")
    assert desk.post("/notices/read", data={"until": f"-{huge}"}).status_code == 303
    assert bell(desk) == "1"
    assert desk.post("/notices/read", data={"until": huge}).status_code == 303
    assert bell(desk) == ""
