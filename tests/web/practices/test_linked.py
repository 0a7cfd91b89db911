"""What links here, and which links lead nowhere: each reader learns of what she may read alone."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import commenting, operations, queries
from cop.entries.draft import TextDraft
from cop.entries.telling import render_stale
from cop.entries.wiki_models import CommentLink, PageLink
from cop.people.viewer import SYSTEM
from cop.terms.draft import TermDraft
from cop.terms.operations import put_term
from tests.counting import assert_constant_queries


@pytest.fixture
def strategy(make):
    term = make.term("leaders", name="Leaders first", zh="领导优先")
    db.session.commit()
    return term


@pytest.fixture
def curator(app, make):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return make.signed_in(client, make.user(grants=["curator"]))


def linking(make, title, words, **more):
    note = make.note(title=title, context=words, **more)
    db.session.commit()
    return note


def reword(note, words):
    entry = queries.get(SYSTEM, note.id, to_change=True)
    text = queries.text_for(entry, Lang.EN)
    old = queries.current(text)
    draft = TextDraft(Lang.EN, old.title, {**old.sections, "context": words})
    operations.publish_revision(by=SYSTEM, entry=entry, text=text, draft=draft, facts=old.facts)
    db.session.commit()


def test_what_links_to_a_strategy_by_any_name_or_to_its_page_stands_in_one_list(
    english, make, strategy, start
):
    page = start(strategy, title="What leaders do")
    linking(make, "By the Chinese name", "[[領導優先]]")
    linking(make, "By the key", "[[leaders|them]]")
    linking(make, "By the title", "[[what leaders do]]")
    linking(make, "To something else", "[[leader]]")
    for address in (f"/entries/{page.id}/links", "/terms/strategy/leaders/links"):
        listed = english.get(address).text
        for title in ("By the Chinese name", "By the key", "By the title"):
            assert title in listed
        assert "To something else" not in listed


def test_an_edit_changes_what_links_here(english, make):
    target = make.note(title="The target")
    source = linking(make, "The source", "[[The target]]")
    address = f"/entries/{target.id}/links"
    assert "The source" in english.get(address).text
    reword(source, "No link any more")
    listed = english.get(address).text
    assert "The source" not in listed
    assert "Nothing links here yet" in listed


def test_what_one_may_not_read_links_nowhere(english, make, curator):
    target = make.note(title="The target")
    linking(make, "Members alone", "[[The target]]", visibility="members")
    address = f"/entries/{target.id}/links"
    assert "Members alone" not in english.get(address).text
    assert "Members alone" in curator.get(address).text
    secret = make.note(title="Secret", visibility="members")
    db.session.commit()
    assert english.get(f"/entries/{secret.id}/links").status_code == 404


def test_of_two_with_one_title_the_links_are_those_of_the_one_they_lead_to(english, make):
    first, second = make.note(title="Alike"), make.note(title="Alike")
    linking(make, "The source", "[[Alike]]")
    assert "The source" in english.get(f"/entries/{first.id}/links").text
    assert "The source" not in english.get(f"/entries/{second.id}/links").text


def test_names_of_merged_terms_count(english, make, strategy):
    make.term("bosses", name="Bosses", zh="老板")
    name = {"zh-Hans": "老板", "en": "Bosses"}
    put_term(by=SYSTEM, draft=TermDraft("bosses", "strategy", name, merged_into="leaders"))
    linking(make, "By the old name", "[[Bosses]]")
    assert "By the old name" in english.get("/terms/strategy/leaders/links").text
    moved = english.get("/terms/strategy/bosses/links")
    assert (moved.status_code, moved.location) == (301, "/terms/strategy/leaders/links")


def test_curators_find_names_that_lead_nowhere_and_pages_to_write(english, make, strategy, curator):
    make.note(title="There is this")
    linking(make, "One source", "[[Never written]] [[There is this]] [[Leaders first]] [[ghost]]")
    linking(make, "Another source", "[[never WRITTEN]]")
    page = curator.get("/moderation/links").text
    names = re.findall(r"<li>([^<]+?) <a", page)
    assert [name.lower() for name in names] == ["ghost", "never written"]
    assert "2 texts" in page
    assert '<a href="/practices/leaders" lang="en">Leaders first</a>' in page
    holding = curator.get("/moderation/links?name=Never+written").text
    assert "One source" in holding
    assert "Another source" in holding
    make.note(title="Never written")
    db.session.commit()
    assert re.findall(r"<li>([^<]+?) <a", curator.get("/moderation/links").text) == ["ghost"]
    assert english.get("/moderation/links").status_code in (302, 303, 404)
    assert make.signed_in(english, make.user()).get("/moderation/links").status_code == 404


def test_names_that_lead_nowhere_are_paged_to_their_end(make, curator):
    linking(make, "Many", " ".join(f"[[nothing {at:03}]]" for at in range(120)))
    seen, address = [], "/moderation/links"
    while address:
        page = curator.get(address).text
        seen += re.findall(r"<li>(nothing \d+) <a", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"nothing {at:03}" for at in range(120)]


def test_what_was_said_on_something_links_from_there_until_it_is_taken_away(english, make):
    target, talk = make.note(title="The target"), make.note(title="Where they talk")
    author, moderator = make.member(), make.member("moderator")
    said = make.comment(talk, "See [[The target]].", by=author)
    db.session.commit()
    address = f"/entries/{target.id}/links"
    assert "Where they talk" in english.get(address).text
    commenting.remove_comment(by=moderator, comment_id=said.id, reason="Invented")
    db.session.commit()
    assert "Where they talk" not in english.get(address).text
    commenting.show_comment(by=moderator, comment_id=said.id, reason="Invented")
    db.session.commit()
    assert "Where they talk" in english.get(address).text
    draft = commenting.CommentDraft(Lang.EN, "See nothing.")
    commenting.edit_comment(by=author, comment_id=said.id, base=1, draft=draft)
    db.session.commit()
    assert "Where they talk" not in english.get(address).text


def test_a_comment_that_waits_and_one_that_was_deleted_link_nowhere(english, make):
    target, talk = make.note(title="The target"), make.note(title="Where they talk")
    author = make.member()
    make.comment(talk, "[[The target]]", by=make.newcomer())
    said = make.comment(talk, "[[The target]]", by=author)
    commenting.delete_comment(by=author, comment_id=said.id)
    db.session.commit()
    assert "Where they talk" not in english.get(f"/entries/{target.id}/links").text
    assert not db.session.query(CommentLink).filter_by(comment_id=said.id).count()


def test_what_is_said_for_members_links_for_members(english, make, curator):
    target = make.note(title="The target")
    talk = make.note(title="Where they talk", visibility="members")
    make.comment(talk, "[[The target]]", by=make.member())
    db.session.commit()
    assert "Where they talk" not in english.get(f"/entries/{target.id}/links").text
    assert "Where they talk" in curator.get(f"/entries/{target.id}/links").text


def test_comments_rendered_by_an_earlier_program_bring_their_links_too(make):
    said = make.comment(make.note(), "[[Somewhere]]", by=make.member())
    db.session.query(CommentLink).delete()
    said.html_version = 0
    db.session.commit()
    assert commenting.render_stale_comments() == 1
    assert [one.target for one in db.session.query(CommentLink)] == ["somewhere"]


def test_texts_rendered_by_an_earlier_program_bring_their_links_when_rendered_anew(make):
    note = linking(make, "The source", "[[Somewhere]]")
    db.session.query(PageLink).delete()
    text = queries.text_for(queries.get(SYSTEM, note.id), Lang.EN)
    queries.current(text).html_version = 0
    db.session.commit()
    assert render_stale() == [note.id]
    assert [(one.target, one.typed) for one in db.session.query(PageLink)] == [
        ("somewhere", "Somewhere")
    ]


def test_the_lists_ask_as_much_for_many_links_as_for_one(english, make, curator):
    target = make.note(title="The target")
    db.session.commit()
    made = iter(range(1000))

    def grow(number):
        for _ in range(number):
            at = next(made)
            linking(make, f"Source {at}", f"[[The target]] [[nothing {at}]]")

    assert_constant_queries(english, f"/entries/{target.id}/links", grow=grow)
    assert_constant_queries(curator, "/moderation/links", grow=grow)
