"""Pages of moderators who join and split discussions, and what readers, watchers and old addresses meet then."""

from __future__ import annotations

from cop.core.db import db
from cop.discussions.models import Rearrangement
from cop.entries.models import Comment, NameMask
from tests.counting import assert_constant_queries
from tests.web.notifications.conftest import notices, watch


def join(desk, entry, other, reason="They ask the same."):
    answer = desk.post(
        f"/discussions/{entry.id}/merge", data={"into": str(other.id), "reason": reason}
    )
    assert answer.status_code == 303, answer.text
    return answer


def split(desk, said, **values):
    data = {"replies": [str(said.id)], "where": "new", "reason": "Another matter.", **values}
    return desk.post(f"/comments/{said.id}/split", data=data)


def test_a_moderator_joins_two_by_the_address_of_one(moderators_desk, question, other, visitor):
    page = moderators_desk.get(f"/discussions/{question.id}/merge").text
    assert "Who signs when nobody will?" in page
    address = f"http://localhost/discussions/{other.id}-who-may-sign?lang=en"
    answer = moderators_desk.post(
        f"/discussions/{question.id}/merge", data={"into": address, "reason": "The same."}
    )
    assert answer.headers["Location"].startswith(f"/discussions/{other.id}-")
    page = visitor.get(f"/discussions/{other.id}", follow_redirects=True).text
    assert "A moderator has joined another discussion with this one." in page
    assert "Who signs when nobody will?" in page
    assert "Invented Asker" in page
    assert "The same." in page
    assert "Undo" not in page


def test_the_old_address_redirects_for_ever_with_what_it_asked_for(
    moderators_desk, question, other, visitor, make
):
    said = make.comment(question, "We let the oldest sign.")
    db.session.commit()
    join(moderators_desk, question, other)
    answer = visitor.get(f"/discussions/{question.id}-who-signs-when-nobody-will?comment={said.id}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/discussions/{other.id}-who-may-sign?comment={said.id}"
    assert "max-age" not in answer.headers["Cache-Control"].replace("max-age=0", "")
    assert visitor.get(f"/entries/{question.id}/history").status_code == 301
    answer = visitor.get(f"/comments/{said.id}")
    assert answer.headers["Location"].startswith(f"/discussions/{other.id}-")
    page = visitor.get(answer.headers["Location"]).text
    assert f'id="comment-{said.id}"' in page
    assert "Who signs when nobody will?" not in visitor.get("/discussions/").text


def test_its_author_and_moderators_are_led_there_too(moderators_desk, desk, question, other):
    join(moderators_desk, question, other)
    for browser in (desk, moderators_desk):
        assert browser.get(f"/discussions/{question.id}-x").status_code == 301
    page = desk.get(f"/discussions/{other.id}", follow_redirects=True).text
    assert f"/discussions/{question.id}/edit" in page
    assert desk.get(f"/discussions/{question.id}/edit").status_code == 200


def test_a_reply_typed_meanwhile_stands_where_the_discussion_is_now(
    moderators_desk, members_desk, question, other, visitor, make
):
    said = make.comment(question, "We let the oldest sign.")
    db.session.commit()
    join(moderators_desk, question, other)
    answer = members_desk.post(
        f"/entries/{question.id}/comments/", data={"body": "Typed before", "answers": str(said.id)}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/discussions/{other.id}-")
    assert "Typed before" in visitor.get(answer.headers["Location"]).text
    page = members_desk.get(f"/entries/{question.id}/comments/new?answer={said.id}").text
    assert f"/entries/{other.id}/comments/" in page


def test_a_reply_to_what_was_split_off_stands_below_it(
    moderators_desk, members_desk, question, space, visitor, make
):
    begins = make.comment(question, "By the way")
    said = make.comment(question, "To that", answers=begins)
    db.session.commit()
    assert split(moderators_desk, begins, title="Its own", space=space.key).status_code == 303
    answer = members_desk.post(
        f"/entries/{question.id}/comments/", data={"body": "Typed before", "answers": str(said.id)}
    )
    made = db.session.query(Rearrangement).one().target_id
    assert answer.headers["Location"].startswith(f"/discussions/{made}-")


def test_what_locks_the_other_meanwhile_keeps_what_was_typed(
    moderators_desk, members_desk, question, other
):
    join(moderators_desk, question, other)
    moderators_desk.post(f"/entries/{other.id}/locking", data={"reason": "Settled"})
    answer = members_desk.post(f"/entries/{question.id}/comments/", data={"body": "Typed before"})
    assert answer.status_code == 422
    assert "Typed before" in answer.text
    assert "locked" in answer.text


def test_what_cannot_be_joined_says_why_and_keeps_the_form(moderators_desk, question, other):
    for into, why in (
        (str(question.id), "This is the same discussion."),
        ("something", "There is no such discussion."),
        ("9" * 30, "There is no such discussion."),
    ):
        answer = moderators_desk.post(
            f"/discussions/{question.id}/merge", data={"into": into, "reason": "Typed reason"}
        )
        assert answer.status_code == 422
        assert why in answer.text
        assert "Typed reason" in answer.text
    answer = moderators_desk.post(
        f"/discussions/{question.id}/merge", data={"into": str(other.id), "reason": ""}
    )
    assert "Please give a reason" in answer.text


def test_only_moderators_find_the_pages(desk, visitor, question, other, make):
    said = make.comment(question)
    db.session.commit()
    paths = (f"/discussions/{question.id}/merge", f"/comments/{said.id}/split")
    for path in paths:
        assert desk.get(path).status_code == 403
        assert desk.post(path, data={"into": other.id, "reason": "x"}).status_code == 403
    assert desk.post("/rearrangements/1/undoing", data={"reason": "x"}).status_code == 404
    page = desk.get(f"/discussions/{question.id}", follow_redirects=True).text
    assert "/merge" not in page
    assert "/split" not in page


def test_a_moderator_splits_replies_off_and_undoes_it(
    moderators_desk, question, space, visitor, make
):
    begins = make.comment(question, "By the way", by=make.user(name="Invented Sidetrack"))
    make.comment(question, "To that", answers=begins)
    db.session.commit()
    page = moderators_desk.get(f"/comments/{begins.id}/split").text
    assert f'name="replies" value="{begins.id}" checked' in page
    answer = split(moderators_desk, begins, title="", space=space.key)
    assert answer.status_code == 422
    assert "Give it a title" in answer.text
    answer = split(moderators_desk, begins, title="Its own", space=space.key, form="conversation")
    assert answer.status_code == 303
    row = db.session.query(Rearrangement).one()
    page = visitor.get(f"/discussions/{row.target_id}", follow_redirects=True).text
    assert "Invented Sidetrack" in page
    assert "2 replies were moved here from another discussion." in page
    page = visitor.get(f"/discussions/{question.id}", follow_redirects=True).text
    assert "2 replies were moved from here to another discussion." in page
    assert "Its own" in page
    lead = visitor.get(f"/comments/{begins.id}")
    assert lead.headers["Location"].startswith(f"/discussions/{row.target_id}-")
    undo = f"/rearrangements/{row.id}/undoing"
    assert undo in moderators_desk.get(f"/discussions/{row.target_id}", follow_redirects=True).text
    assert "Undo this?" in moderators_desk.get(undo).text
    assert moderators_desk.post(undo, data={"reason": "One matter."}).status_code == 303
    answer = visitor.get(f"/discussions/{row.target_id}-its-own")
    assert answer.status_code == 301
    assert "By the way" in visitor.get(answer.headers["Location"]).text


def test_the_log_says_who_joined_what_and_why(moderators_desk, question, other):
    join(moderators_desk, question, other, "They ask the same thing.")
    log = moderators_desk.get("/moderation/log").text
    assert "joined with another discussion" in log
    assert "They ask the same thing." in log


def test_its_author_is_told_with_the_reason_and_reads_it_in_her_account(
    moderators_desk, desk, question, other, run_jobs
):
    join(moderators_desk, question, other, "They ask the same thing.")
    run_jobs()
    page = notices(desk)
    assert "A moderator has joined this with another discussion." in page
    assert "They ask the same thing." in page


def test_whose_replies_were_moved_are_told(app, moderators_desk, question, space, make, run_jobs):
    writer = make.user()
    said = make.comment(question, by=writer)
    db.session.commit()
    split(moderators_desk, said, title="Its own", space=space.key)
    run_jobs()
    page = notices(make.signed_in(app.test_client(), writer))
    assert "A moderator has moved replies of yours here." in page
    assert "Another matter." in page


def test_watches_and_unread_lines_follow_and_come_back(
    moderators_desk, members_desk, question, other, make, run_jobs
):
    watch(members_desk, f"/entries/{question.id}")
    make.comment(question, "Said before")
    run_jobs()
    join(moderators_desk, question, other)
    run_jobs()
    page = notices(members_desk)
    assert "Said before" in page
    assert "Who may sign?" in page
    make.comment(other, "Said since")
    run_jobs()
    assert "2 new replies" in notices(members_desk)
    watched = members_desk.get("/account/watching").text
    assert "Who may sign?" in watched
    assert "not open to you" not in watched
    row = db.session.query(Rearrangement).one()
    moderators_desk.post(f"/rearrangements/{row.id}/undoing", data={"reason": "They differ."})
    run_jobs()
    watched = members_desk.get("/account/watching").text
    assert "Who signs when nobody will?" in watched
    assert "Who may sign?" not in watched


def test_who_muted_one_is_not_told_of_the_other(
    moderators_desk, members_desk, question, other, make, run_jobs
):
    watch(members_desk, f"/entries/{question.id}", "mute")
    join(moderators_desk, question, other)
    run_jobs()
    make.comment(other, "Said since")
    run_jobs()
    assert "Said since" not in notices(members_desk)


def test_search_finds_what_was_joined_where_it_stands(
    moderators_desk, question, other, visitor, make, index, run_jobs
):
    make.comment(question, "Zebrafish would do")
    db.session.commit()
    join(moderators_desk, question, other)
    run_jobs()
    for words in ("zebrafish", "signs when nobody"):
        page = visitor.get(f"/search?q={words}").text
        assert f"/discussions/{other.id}-" in page
        assert f"/discussions/{question.id}-" not in page


def test_nobody_becomes_known_by_it_anywhere(
    app, desk, moderators_desk, visitor, space, other, make, run_jobs
):
    asker = make.user(name="Invented Secret", handle="secret")
    unnamed = make.discussion(by=asker, space=space, name_mask=NameMask.UNNAMED)
    said = make.comment(unnamed, "My own words", by=asker)
    db.session.commit()
    join(moderators_desk, unnamed, other)
    run_jobs()
    for browser in (visitor, moderators_desk):
        for path in (
            f"/discussions/{other.id}",
            f"/comments/{said.id}/history",
            "/moderation/log",
            "/search?q=own+words",
        ):
            page = browser.get(path, follow_redirects=True).text
            assert "Invented Secret" not in page
    hers = make.signed_in(app.test_client(), asker)
    page = hers.get(f"/discussions/{other.id}", follow_redirects=True).text
    assert "here you are “the author of another discussion”" in page
    assert "here you are" not in desk.get(f"/discussions/{other.id}", follow_redirects=True).text
    assert "My own words" not in visitor.get("/people/secret").text


def test_a_discussion_with_many_joined_asks_no_more_of_the_database(
    client, make, moderators_desk, question
):
    def grow(number: int) -> None:
        for _ in range(number):
            more = make.discussion()
            make.comment(more)
            db.session.commit()
            join(moderators_desk, more, question)

    url = f"/discussions/{question.id}-who-signs-when-nobody-will"
    assert_constant_queries(client, url, grow=grow)
    assert db.session.query(Comment).count() == 20
