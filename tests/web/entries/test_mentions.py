"""Mentions: picked people stand in texts by id, and are shown under the name they have now, to who may know it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.asking_whom import put_in
from cop.entries.models import Comment, Entry, Revision, Text
from cop.people.account_operations import Profile, change_profile
from cop.people.models import AccountStatus, User
from tests.counting import assert_constant_queries, counted
from tests.web.entries.conftest import edited


@pytest.fixture
def fang(make: Any) -> User:
    """Return somebody whose name two characters are."""
    found: User = make.user(handle="fang", name="王芳")
    db.session.commit()
    return found


def posted(desk: Any, note: Entry, body: str, **fields: str) -> Any:
    return desk.post(f"/entries/{note.id}/comments/", data={"act": "post", "body": body, **fields})


def last() -> Comment:
    return db.session.scalars(select(Comment).order_by(Comment.id.desc()).limit(1)).one()


def page_of(reader: Any, note: Entry) -> str:
    return str(reader.get(f"/notes/{note.id}", follow_redirects=True).text)


def offered(desk: Any, typed: str, note: Entry | None = None) -> list[dict[str, str]]:
    query = {"q": typed} | ({"entry": note.id} if note else {})
    return list(desk.get("/mentions", query_string=query).json["options"])


def mention(user: User, name: str = "") -> str:
    return f"@[{name or user.name}](person:{user.id})"


def test_a_picked_person_is_kept_by_id_and_shown_as_a_link(members_desk, note, fang):
    posted(members_desk, note, f"谢谢{mention(fang)}的建议")
    assert last().body == f"谢谢@[](person:{fang.id})的建议"
    assert "王芳" not in last().html
    assert '谢谢<a class="mention" href="/people/fang">@王芳</a>的建议' in page_of(
        members_desk, note
    )


def test_a_new_name_shows_at_once_and_in_the_form(make, members_desk, note, fang):
    posted(members_desk, note, mention(fang))
    page_of(members_desk, note)
    change_profile(by=make.viewer(fang), profile=Profile("王 小芳"))
    db.session.commit()
    assert "@王 小芳</a>" in page_of(members_desk, note)
    form = members_desk.get(f"/comments/{last().id}/edit").text
    assert f"@[王 小芳](person:{fang.id})" in form
    quoting = members_desk.get(f"/entries/{note.id}/comments/new?answer={last().id}&quote=1").text
    assert f"&gt; @[王 小芳](person:{fang.id})" in quoting


def test_somebody_who_left_is_named_by_neutral_words_and_stays_through_an_edit(
    members_desk, note, fang
):
    posted(members_desk, note, mention(fang))
    fang.status, fang.email, fang.name = AccountStatus.CLOSED.value, None, ""
    fang.handle = f"closed-{fang.id}"
    db.session.commit()
    page = page_of(members_desk, note)
    assert '<span class="mention">@a former member</span>' in page
    assert "王芳" not in page
    comment = last()
    members_desk.post(
        f"/comments/{comment.id}/edit",
        data={"act": "post", "base": "1", "body": f"{mention(fang, 'x')} still"},
    )
    assert last().body == f"@[](person:{fang.id}) still"
    assert "former member" in members_desk.get(f"/comments/{comment.id}/history").text


@pytest.mark.parametrize("state", [AccountStatus.SUSPENDED, AccountStatus.UNCONFIRMED])
def test_who_cannot_be_mentioned_stays_text_and_the_writer_is_told(members_desk, note, fang, state):
    fang.status = state.value
    db.session.commit()
    assert offered(members_desk, "王") == []
    answer = posted(members_desk, note, f"Hello {mention(fang)}!")
    assert last().body == "Hello @王芳!"
    shown = members_desk.get(answer.headers["Location"], follow_redirects=True).text
    assert "Nobody of the name “王芳” can be mentioned here any more" in shown


def test_an_id_made_up_is_text(members_desk, note):
    posted(members_desk, note, "@[Nobody](person:999999) and @[Big](person:9999999999)")
    assert last().body == "@Nobody and @Big"


def test_forty_mentions_are_refused_with_a_sentence_and_everything_typed(make, members_desk, note):
    people = [make.user() for _ in range(21)]
    db.session.commit()
    body = " ".join(mention(one) for one in people)
    answer = posted(members_desk, note, body)
    assert answer.status_code == 422
    assert "at most 20 people" in answer.text
    assert f"person:{people[20].id}" in answer.text
    assert posted(members_desk, note, " ".join(map(mention, people[:20]))).status_code == 303


def test_visitors_read_names_only_of_people_who_speak_in_public(make, members_desk, visitor, fang):
    note = make.note(title="Public")
    db.session.commit()
    posted(members_desk, note, mention(fang))
    page = page_of(visitor, note)
    assert "王芳" not in page
    assert "/people/fang" not in page
    assert '<span class="mention">@a member</span>' in page
    make.comment(note, "Hello", by=make.viewer(fang))
    db.session.commit()
    assert 'href="/people/fang">@王芳</a>' in page_of(visitor, note)


def test_the_author_of_an_unnamed_note_is_mentioned_as_such_and_by_no_id(
    make, members_desk, moderators_desk, fang
):
    note = make.note(by=make.viewer(fang), name_mask="unnamed", visibility="members")
    make.comment(note, "A further thought", by=make.viewer(fang))
    db.session.commit()
    first = offered(members_desk, "", note)[0]
    assert first == {"text": "the author", "other": "", "source": "@[the author](author)"}
    assert "fang" not in str(offered(members_desk, "", note))
    posted(members_desk, note, first["source"])
    assert last().body == "@[](author)"
    for desk in (members_desk, moderators_desk):
        page = page_of(desk, note)
        assert '<span class="mention">@the author</span>' in page
        assert "王芳" not in page
        assert "/people/fang" not in page


def test_her_name_finds_her_under_an_unnamed_note_as_everywhere_and_says_nothing(
    make, members_desk, fang
):
    note = make.note(by=make.viewer(fang), name_mask="unnamed", visibility="members")
    other = make.note(visibility="members")
    db.session.commit()
    assert offered(members_desk, "王芳", note) == offered(members_desk, "王芳", other)
    posted(members_desk, note, mention(fang))
    assert last().body == f"@[](person:{fang.id})"


def test_a_named_author_is_kept_as_the_author_so_that_a_mask_put_on_later_holds(
    make, members_desk, fang
):
    note = make.note(by=make.viewer(fang), visibility="members")
    db.session.commit()
    first = offered(members_desk, "wang", note)
    assert first == [{"text": "王芳", "other": "Author", "source": "@[王芳](author)"}]
    posted(members_desk, note, f"{first[0]['source']} {mention(fang)}")
    assert last().body == "@[](author) @[](author)"
    assert 'href="/people/fang">@王芳</a>' in page_of(members_desk, note)
    db.session.get_one(Entry, note.id).name_mask = "unnamed"
    db.session.commit()
    page = page_of(members_desk, note)
    assert "王芳" not in page
    assert "@the author</span>" in page


@pytest.mark.parametrize("typed", ["王", "王芳", "芳", "wang", "WangF", "wf", "fang", "@fang"[1:]])
def test_people_are_found_by_han_pinyin_initials_and_account_name(members_desk, fang, typed):
    assert [one["text"] for one in offered(members_desk, typed)] == ["王芳"]


@pytest.mark.parametrize("typed", ["%", "_", "ang", "王 王", "\n", "", "x" * 500])
def test_nothing_else_finds_her(members_desk, fang, typed):
    assert offered(members_desk, typed) == []


def test_who_is_in_the_talk_comes_first_and_nobody_is_offered_herself(
    make, app, members_desk, note, fang
):
    make.user(name="王阿")
    make.comment(note, "I am here", by=make.viewer(fang))
    db.session.commit()
    assert [one["text"] for one in offered(members_desk, "王", note)] == ["王芳", "王阿"]
    hers = make.signed_in(app.test_client(), fang)
    assert [one["text"] for one in offered(hers, "王", note)] == ["王阿"]


def test_visitors_find_nobody(visitor, fang):
    assert visitor.get("/mentions?q=fang", headers={"Accept": "application/json"}).status_code in (
        302,
        401,
    )


def test_what_cannot_be_read_offers_nobody(make, members_desk, fang):
    note = make.note(by=make.viewer(fang), name_mask="unnamed", visibility="members")
    note.status, note.audience = "hidden", "moderators"
    db.session.commit()
    answer = members_desk.get(f"/mentions?entry={note.id}&q=")
    assert answer.status_code in (404, 410)


def test_sections_of_a_note_mention_too_and_revisions_compare_by_name(make, author, desk, fang):
    note = make.note(by=author, visibility="members", what_happened="Nothing yet.")
    db.session.commit()
    edited(make, author, note, Lang.EN, what_happened=f"With {mention(fang)}.")
    kept = db.session.scalars(select(Revision).order_by(Revision.id.desc()).limit(1)).one()
    assert kept.sections["what_happened"] == f"With @[](person:{fang.id})."
    assert 'With <a class="mention" href="/people/fang">@王芳</a>.' in page_of(desk, note)
    assert "@王芳" in desk.get(f"/entries/{note.id}/diff").text
    assert "@王芳" in desk.get(f"/entries/{note.id}/revisions/2").text
    assert f"@[王芳](person:{fang.id})" in desk.get(f"/notes/{note.id}/edit").text


def test_the_reason_of_an_outcome_is_no_place_for_a_mention(make, author, desk, fang):
    note = make.note(by=author, outcome_reason=f"Because of {mention(fang)}")
    kept = db.session.scalars(
        select(Revision).join(Text, Text.id == Revision.text_id).where(Text.entry_id == note.id)
    ).one()
    assert kept.sections["outcome_reason"] == "Because of @王芳"


def test_search_and_lists_hold_no_name(make, author, fang):
    note = make.note(by=author, what_happened=f"With {mention(fang)}.")
    made = db.session.scalars(select(Text.plain).where(Text.entry_id == note.id)).one()
    assert "王芳" not in made
    assert "person:" not in made


def test_the_preview_names_who_is_mentioned(members_desk, note, fang):
    assert "@王芳</a>" in members_desk.post("/entries/preview", data={"text": mention(fang)}).text
    page = members_desk.post(
        f"/entries/{note.id}/comments/", data={"act": "preview", "body": mention(fang)}
    ).text
    assert "@王芳</a>" in page


def test_a_page_asks_the_same_however_many_are_mentioned(make, members_desk, note):
    def grow(number: int) -> None:
        for _ in range(number):
            make.comment(note, f"{mention(make.user())} {mention(make.user())}")
        db.session.commit()

    text = db.session.scalars(select(Text).where(Text.entry_id == note.id)).one()
    assert_constant_queries(members_desk, f"/notes/{note.id}-{text.slug}", grow=grow, budget="note")


def test_where_no_script_offered_people_the_form_asks_whom_a_name_means(
    make, members_desk, note, fang
):
    make.user(handle="another", name="王芳")
    db.session.commit()
    answer = members_desk.post(
        f"/entries/{note.id}/comments/", data={"act": "post", "body": "谢谢@王芳的建议 a@fang.org"}
    )
    assert answer.status_code == 422
    assert "Whom do you mention?" in answer.text
    assert answer.text.count('name="mention_meant"') == 1
    assert f'value="@[王芳](person:{fang.id})"' in answer.text
    assert "@another" in answer.text
    again = {"mention_typed": "王芳", "mention_meant": mention(fang), "mentions_asked": "1"}
    posted(members_desk, note, "谢谢@王芳的建议 a@fang.org", **again)
    assert last().body == f"谢谢@[](person:{fang.id})的建议 a@fang.org"


@pytest.mark.parametrize("fields", [{}, {"mention_meant": "", "mention_typed": "王芳"}])
def test_what_nobody_was_picked_for_stays_text(members_desk, note, fang, fields):
    assert posted(members_desk, note, "谢谢@王芳", mentions_asked="1", **fields).status_code == 303
    assert last().body == "谢谢@王芳"


def test_a_name_that_is_nobodys_is_not_asked_about(members_desk, note, fang):
    assert posted(members_desk, note, "@all of you, @王").status_code == 303


def test_a_short_name_chosen_is_put_in_for_it_alone(make, members_desk, note, fang):
    jian = make.user(name="王芳芳")
    db.session.commit()
    chosen = {
        "mention_typed": ["王芳", "王芳芳", "fang"],
        "mention_meant": [mention(fang), mention(jian), mention(fang)],
    }
    posted(members_desk, note, "@王芳芳和@王芳,@fang, a@fang.org", mentions_asked="1", **chosen)
    one, other = (f"@[](person:{user.id})" for user in (fang, jian))
    assert last().body == f"{other}和{one},{one}, a@fang.org"


@pytest.mark.parametrize("sent", ["@b@b@[](author)", "@[](author) ", "@[](author)@[](author)"])
def test_only_one_mention_and_nothing_else_is_put_in(sent):
    assert put_in("@a", {"a": sent, "b": "@[](author)"}) == "@a"
    assert put_in("@a @b", {"a": "@[b](author)", "b": "@[a](author)"}) == (
        "@[b](author) @[a](author)"
    )


def test_of_very_many_names_a_few_are_looked_at_each_in_one_statement(members_desk, note, fang):
    def sent(body: str) -> list[str]:
        with counted() as made:
            posted(members_desk, note, body)
        return [one for one in made if "sought" in one]

    assert len(sent("@一二三四五六七八九十一二三四五六七八九十一二三四")) == 1
    assert len(sent(" ".join(f"@王{number}" for number in range(100)))) == 30
    assert len(sent("@王芳的" + "长" * 40_000)) == 0


@pytest.fixture
def circle(make: Any, fang: User) -> Any:
    """Return a hidden circle of somebody whose desk is not here."""
    made = make.circle(by=fang, name="Invented Circle", seen="hidden")
    db.session.commit()
    return made


def test_a_circle_is_offered_to_who_is_in_it_and_named_to_nobody_else(
    app, make, members_desk, visitor, note, fang, circle
):
    hers = make.signed_in(app.test_client(), fang)
    (found,) = offered(hers, "invented c", note)
    assert found["source"] == f"@[Invented Circle](circle:{circle.id})"
    assert offered(members_desk, "invented c", note) == []
    posted(hers, note, found["source"])
    assert last().body == f"@[](circle:{circle.id})"
    assert f'href="/circles/{circle.id}">@Invented Circle</a>' in page_of(hers, note)
    for reader in (members_desk, visitor):
        page = page_of(reader, note)
        assert "@a circle</span>" in page
        assert "Invented Circle" not in page


def test_who_is_not_in_a_circle_does_not_call_it(members_desk, note, circle):
    posted(members_desk, note, f"@[guessed](circle:{circle.id})")
    assert last().body == "@guessed"


def test_who_mentions_in_a_circle_is_told_who_cannot_read_it(app, make, fang, circle, members_desk):
    inside = make.note(by=make.viewer(fang), circle=circle)
    outside = make.user(name="Invented Outsider")
    db.session.commit()
    hers = make.signed_in(app.test_client(), fang)
    answer = posted(hers, inside, f"{mention(outside)} and {mention(fang)}")
    shown = hers.get(answer.headers["Location"], follow_redirects=True).text
    assert "Not told, since they cannot read this: Invented Outsider." in shown
    open_note = make.note()
    db.session.commit()
    answer = posted(hers, open_note, mention(outside))
    assert "Not told" not in hers.get(answer.headers["Location"], follow_redirects=True).text
