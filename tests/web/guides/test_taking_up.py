"""Words of replies and notes taken up in pages: credited, told, public only, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.models import NameMask
from cop.notes.living import facts_of
from cop.notes.operations import add_text
from cop.proposals.models import Proposal
from tests.web.proposals.conftest import decide, fields_of, published

SAID = "Ring the office first, on a Tuesday."


@pytest.fixture
def author(make):
    return make.user(name="Invented Author")


@pytest.fixture
def reply(make, author):
    return make.comment(make.discussion(), SAID, by=author)


def take_up(desk, page, name, section="body", **changes):
    """Take words up through the form; return the answer."""
    address = f"/entries/{page.id}/proposals/new?text=en&section={section}&taken={name}"
    sent = {**fields_of(desk, address), **changes}
    return desk.post(f"/entries/{page.id}/proposals/", data=sent)


def number_of(answer):
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def proposals():
    return db.session.scalars(select(Proposal)).all()


def test_a_reply_leads_to_the_form_filled_with_its_words(desk, write, reply):
    page = write()
    assert (
        f"/comments/{reply.id}/promotion"
        in desk.get(f"/comments/{reply.id}", follow_redirects=True).text
    )
    chosen = desk.get(f"/comments/{reply.id}/promotion").text
    assert SAID in chosen
    assert "How to register" in chosen
    fields = fields_of(
        desk, f"/entries/{page.id}/proposals/new?text=en&section=body&taken=reply:{reply.id}"
    )
    assert fields["note"] == "Takes up a reply in a discussion"
    assert "Bring two copies." in fields["body"]
    assert SAID in fields["body"]
    assert f"](/comments/{reply.id})" in fields["body"]


def test_what_is_accepted_names_who_said_it_and_both_sides_lead_to_each_other(
    desk, curator, write, reply, english
):
    page = write()
    number = number_of(take_up(desk, page, f"reply:{reply.id}"))
    assert "Invented Author" in curator.get(f"/proposals/{number}").text
    assert decide(curator, number).status_code == 303
    assert SAID in published(page).sections["body"]
    shown = english.get(f"/guides/{page.id}", follow_redirects=True).text
    assert "Who contributed" in shown
    assert "Invented Author" in shown
    assert "Invented Proposer" in shown
    assert "Invented Author" in english.get(f"/entries/{page.id}/history").text
    talk = english.get(f"/comments/{reply.id}", follow_redirects=True).text
    assert "Taken up in" in talk
    assert f'href="/guides/{page.id}-how-to-register"' in talk


def test_its_author_is_told_and_not_who_proposes_her_own_words(
    desk, curator, write, reply, author, proposer, make, enter, run_jobs
):
    decide(curator, number_of(take_up(desk, write(), f"reply:{reply.id}")))
    own = make.comment(make.discussion(), "My own words.", by=proposer)
    decide(curator, number_of(take_up(desk, write("Another"), f"reply:{own.id}")))
    run_jobs()
    said = "This page took up words of yours"
    assert said in enter(author).get("/notices/").text
    assert said not in desk.get("/notices/").text


def test_the_lesson_of_an_unnamed_note_is_credited_to_nobody_by_name(
    desk, curator, write, make, author, english
):
    note = make.note(
        by=author,
        what_we_learned="Nobody answers on Mondays.",
        name_mask=NameMask.UNNAMED,
        visibility="public",
    )
    page = write()
    assert (
        f"/entries/{note.id}/promotion" in desk.get(f"/notes/{note.id}", follow_redirects=True).text
    )
    decide(curator, number_of(take_up(desk, page, f"note:{note.id}")))
    shown = english.get(f"/guides/{page.id}", follow_redirects=True).text
    assert "Nobody answers on Mondays." in shown
    assert "Unnamed practitioner" in shown
    for address in (f"/guides/{page.id}", f"/entries/{page.id}/history", f"/notes/{note.id}"):
        assert "Invented Author" not in english.get(address, follow_redirects=True).text
    assert "Taken up in" in english.get(f"/notes/{note.id}", follow_redirects=True).text


@pytest.mark.parametrize("readers", ["members", "circle"])
def test_what_is_not_public_is_neither_offered_nor_taken(
    desk, write, make, author, proposer, readers
):
    inside = readers == "circle"
    circle = make.circle(by=author, members=[proposer]) if inside else None
    asked = make.discussion(by=author, visibility="members", circle=circle)
    said = make.comment(asked, "Said among ourselves.", by=author)
    note = make.note(by=author, visibility="members", circle=circle)
    page = write()
    for name, address in (
        (f"reply:{said.id}", f"/comments/{said.id}/promotion"),
        (f"note:{note.id}", f"/entries/{note.id}/promotion"),
    ):
        assert desk.get(address).status_code in (403, 404)
        form = f"/entries/{page.id}/proposals/new?text=en&section=body&taken={name}"
        assert desk.get(form).status_code in (403, 404)
        sent = {**fields_of(desk, form.partition("&taken")[0]), "body": "x", "note": "y"}
        answer = desk.post(f"/entries/{page.id}/proposals/", data={**sent, "taken": name})
        assert answer.status_code == 422
    assert "promotion" not in desk.get(f"/discussions/{asked.id}", follow_redirects=True).text
    assert proposals() == []


def test_a_source_that_was_closed_meanwhile_is_said_and_nothing_typed_is_lost(
    desk, write, reply, make
):
    page = write()
    address = f"/entries/{page.id}/proposals/new?text=en&section=body&taken=reply:{reply.id}"
    sent = fields_of(desk, address)
    reply.status = "removed"
    db.session.commit()
    answer = desk.post(f"/entries/{page.id}/proposals/", data={**sent, "note": "Typed by me"})
    assert answer.status_code == 422
    assert "is not open to everybody any more" in answer.text
    assert "Typed by me" in answer.text


def test_a_credit_is_gone_where_its_source_is(desk, curator, write, reply, english):
    page = write()
    decide(curator, number_of(take_up(desk, page, f"reply:{reply.id}")))
    reply.status = "removed"
    db.session.commit()
    assert "Invented Author" not in desk.get(f"/guides/{page.id}", follow_redirects=True).text


def test_pressed_twice_it_is_one_proposal(desk, write, reply):
    page = write()
    first = take_up(desk, page, f"reply:{reply.id}", form_key="one")
    again = desk.get(
        f"/entries/{page.id}/proposals/new?text=en&section=summary&taken=reply:{reply.id}"
    )
    assert again.location == first.location
    fields = fields_of(desk, f"/entries/{page.id}/proposals/new?text=en&section=summary")
    sent = {**fields, "summary": "x", "note": "y", "taken": f"reply:{reply.id}"}
    second = desk.post(f"/entries/{page.id}/proposals/", data=sent)
    assert second.location == first.location
    assert len(proposals()) == 1


def test_a_new_guide_begins_with_the_words(desk, curator, reply, english):
    address = f"/proposals/new/guide?taken=reply:{reply.id}"
    fields = fields_of(desk, address)
    assert SAID in fields["body"]
    sent = {**fields, "title": "Ringing offices", "summary": "When to ring."}
    number = number_of(desk.post("/proposals/new/guide", data=sent))
    decide(curator, number)
    assert "Ringing offices" in english.get(f"/comments/{reply.id}", follow_redirects=True).text


def test_whom_the_words_mention_is_not_named_in_the_page(desk, write, make, author):
    friend = make.user(handle="friend", name="Invented Friend")
    said = make.comment(make.discussion(), "Ask @friend about it.", by=author)
    page = write()
    fields = fields_of(
        desk, f"/entries/{page.id}/proposals/new?text=en&section=body&taken=reply:{said.id}"
    )
    assert "Ask" in fields["body"]
    assert friend.name not in fields["body"]


@pytest.mark.parametrize("name", ["reply:999", "note:0", "reply:x", "nothing", "reply:99999999999"])
def test_a_made_up_source_is_not_found(desk, write, name):
    page = write()
    assert desk.get(f"/entries/{page.id}/proposals/new?taken={name}").status_code == 404


def test_a_page_is_found_by_its_title_and_an_empty_search_says_so(desk, write, reply):
    write("How to open an account")
    address = f"/comments/{reply.id}/promotion"
    assert "How to open an account" in desk.get(f"{address}?q=open an").text
    assert "No page has these words in its title." in desk.get(f"{address}?q=%25").text


def test_a_note_is_quoted_in_the_language_of_the_page(desk, write, make, author):
    lessons = {"en": "Ring first.", "zh": "先打电话。"}
    note = make.note(by=author, visibility="public", what_we_learned=lessons["en"])
    told = TextDraft(
        Lang.ZH,
        "虚构的案例",
        {
            "what_happened": "有",
            "what_we_learned": lessons["zh"],
            "outcome_reason": "因",
        },
    )
    entry = queries.get(make.viewer(author), note.id)
    facts = facts_of(queries.latest_facts(entry))
    add_text(by=make.viewer(author), entry=entry, text=told, facts=facts)
    db.session.commit()
    page = write()
    fields = fields_of(
        desk, f"/entries/{page.id}/proposals/new?text=en&section=body&taken=note:{note.id}"
    )
    assert lessons["en"] in fields["body"]
    shown = desk.get(f"/entries/{note.id}/promotion?lang=zh").text
    assert lessons["zh"] in shown


def test_visitors_sign_in_first(client, reply):
    assert client.get(f"/comments/{reply.id}/promotion").status_code == 303
