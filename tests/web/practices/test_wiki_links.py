"""Links by name in every text: to strategies, terms and titles, for each reader what she may open."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.types import Lang
from cop.entries import operations, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry
from cop.entries.wiki_models import Title
from cop.people.viewer import SYSTEM
from cop.practices.operations import facts_now, publish
from cop.terms.draft import TermDraft
from cop.terms.operations import put_term
from tests.counting import assert_constant_queries

NAMES = {"zh-Hans": ("一把手工程",), "en": ("Top Leader",)}


@pytest.fixture
def strategy(make):
    term = make.term("leaders", name="Leaders first", zh="领导优先")
    name = {"zh-Hans": "领导优先", "en": "Leaders first"}
    put_term(by=SYSTEM, draft=TermDraft("leaders", "strategy", name, alternatives=NAMES))
    db.session.commit()
    return term


@pytest.fixture
def source(make):
    """Return the function that makes a note with these words and tells its address."""

    def made(words: str, **more) -> str:
        note = make.note(context=words, **more)
        db.session.commit()
        return f"/notes/{note.id}"

    return made


def links_in(reader, address):
    page = reader.get(address, follow_redirects=True).text
    found = re.findall(r'<a href="(/[^"]+)">([^<]*)</a>', page.split("<main")[1])
    return {words: href for href, words in found}


@pytest.mark.parametrize(
    "name",
    [
        "领导优先",
        "領導優先",
        "一把手工程",
        "leaders FIRST",
        "Top leader",
        "leaders",
        "ling dao you xian",
    ],
)
def test_any_label_of_a_strategy_leads_to_its_page(english, strategy, start, source, name):
    start(strategy)
    assert links_in(english, source(f"See [[{name}|this]]."))["this"] == "/practices/leaders"


def test_a_link_by_key_shows_the_name(english, strategy, start, source):
    start(strategy)
    page = english.get(source("See [[leaders]]."), follow_redirects=True).text
    assert '<a href="/practices/leaders"><span lang="en">Leaders first</span></a>' in page


def test_a_strategy_without_a_page_invites_to_write_it(english, strategy, source):
    page = english.get(source("See [[Leaders first]]."), follow_redirects=True).text
    assert '<a class="no-page" href="/practices/leaders">Leaders first' in page
    assert "(not written yet)" in page
    assert "No page yet" in english.get("/practices/leaders").text


def test_other_terms_lead_to_the_term_list(english, make, source):
    make.term("beijing", scheme="place", name="Beijing", zh="北京")
    db.session.commit()
    assert links_in(english, source("[[北京]]"))["北京"] == "/terms/place/beijing"


def test_a_title_in_either_language_and_an_earlier_one_lead_to_the_entry(
    english, make, strategy, start, source
):
    page = start(strategy, title="What leaders do")
    note = make.note(title="An invented note")
    db.session.commit()
    address = source(f"[[what Leaders DO]] [[An invented note]] [[{note.key}|key]]")
    found = links_in(english, address)
    assert found["what Leaders DO"].startswith(f"/practices/{page.id}-")
    assert found["An invented note"] == f"/notes/{note.id}-an-invented-note"
    assert found["key"] == f"/notes/{note.id}-an-invented-note"
    entry = queries.get(SYSTEM, page.id, to_change=True)
    text = queries.text_for(entry, Lang.EN)
    draft = TextDraft(Lang.EN, "Another name", queries.current(text).sections)
    publish(by=SYSTEM, entry=entry, text=text, draft=draft, facts=facts_now(entry))
    db.session.commit()
    assert links_in(english, address)["what Leaders DO"] == f"/practices/{page.id}-another-name"
    assert english.get(f"/practices/{page.id}-what-leaders-do").location == "/practices/leaders"


def test_what_one_may_not_read_looks_like_what_does_not_exist(
    english, make, members_desk_of, source
):
    secret = make.note(title="Secret matter", visibility="members")
    db.session.commit()
    for words in ("[[Secret matter|same]]", "[[No such thing|same]]", f"[[{secret.key}|same]]"):
        page = english.get(source(words), follow_redirects=True).text
        broken = re.search(r'<span class="no-page">.*?</span></span>', page)
        assert broken[0] == '<span class="no-page">same<span class="vh"> (no page)</span></span>'
        assert "Secret" not in page
    desk = members_desk_of()
    assert f"/notes/{secret.id}-" in links_in(desk, source("[[Secret matter|same]]"))["same"]


@pytest.fixture
def members_desk_of(english, make, app):
    def signed_in():
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return make.signed_in(client, make.user())

    return signed_in


def test_of_two_with_one_title_the_reader_gets_the_one_she_may_open(english, make, source):
    make.note(title="Two alike", visibility="members")
    public = make.note(title="Two alike")
    db.session.commit()
    assert f"/notes/{public.id}-" in links_in(english, source("[[Two alike]]"))["Two alike"]


def test_a_title_of_a_removed_revision_names_nothing_any_more(
    english, make, source, members_desk_of
):
    note = make.note(title="Named by mistake")
    db.session.commit()
    entry = queries.get(SYSTEM, note.id, to_change=True)
    text = queries.text_for(entry, Lang.EN)
    old = queries.current(text)
    draft = TextDraft(Lang.EN, "Better so", old.sections)
    operations.publish_revision(by=SYSTEM, entry=entry, text=text, draft=draft, facts=old.facts)
    db.session.commit()
    address = source("[[Named by mistake]]")
    assert "Named by mistake" in links_in(english, address)
    operations.suppress(by=SYSTEM, entry_id=note.id, revision_id=old.id, reason="A name")
    db.session.commit()
    assert "Named by mistake" not in links_in(english, address)
    assert [one.folded for one in db.session.query(Title).filter_by(entry_id=note.id)] == [
        "better so"
    ]


def test_entries_joined_in_a_circle_do_not_send_a_reader_round(english, make, source):
    one, other = make.note(title="First of two"), make.note(title="Second of two")
    for entry, into in ((one, other), (other, one)):
        row = db.session.get(Entry, entry.id)
        row.merged_into_id, row.status, row.audience = into.id, "merged", "nobody"
    db.session.commit()
    page = english.get(source("[[First of two]]"), follow_redirects=True)
    assert page.status_code == 200
    assert '<span class="no-page">First of two' in page.text


def test_a_link_to_what_was_joined_leads_to_where_it_is(english, make, source):
    one, middle, last = (make.note(title=f"Number {at}") for at in range(3))
    for entry, into in ((one, middle), (middle, last)):
        row = db.session.get(Entry, entry.id)
        row.merged_into_id, row.status, row.audience = into.id, "merged", "nobody"
    db.session.commit()
    assert f"/notes/{last.id}-" in links_in(english, source("[[Number 0]]"))["Number 0"]


def test_a_name_that_few_knew_does_not_lead_all_to_what_it_was_joined_with(english, make, source):
    one, other = make.note(title="Known to members", visibility="members"), make.note(title="Open")
    row = db.session.get(Entry, one.id)
    row.merged_into_id, row.status, row.audience = other.id, "merged", "moderators"
    db.session.commit()
    page = english.get(source("[[Known to members]]"), follow_redirects=True).text
    assert '<span class="no-page">Known to members' in page


def test_the_name_of_a_merged_term_leads_to_what_it_was_merged_into(
    english, make, strategy, start, source
):
    start(strategy)
    make.term("bosses", name="Bosses", zh="老板")
    name = {"zh-Hans": "老板", "en": "Bosses"}
    put_term(by=SYSTEM, draft=TermDraft("bosses", "strategy", name, merged_into="leaders"))
    db.session.commit()
    address = source("[[老板]] [[bosses|key]]")
    found = links_in(english, address)
    assert (found["老板"], found["key"]) == ("/practices/leaders", "/practices/leaders")


def test_a_thousand_links_are_shown_and_more_are_refused_with_a_sentence(english, make, source):
    many = " ".join(f"[[made up {at}]]" for at in range(1000))
    page = english.get(source(many), follow_redirects=True).text
    assert page.count('<span class="no-page">') == 1000
    with pytest.raises(Invalid) as refused:
        make.note(context=f"{many} [[one more]]")
    assert refused.value.field == "context"
    assert "1,000" in str(refused.value.message)


def test_what_is_never_closed_stays_text(english, source):
    page = english.get(source("Before [[ and [[after] and 【【 too"), follow_redirects=True).text
    assert "Before [[ and [[after] and 【【 too" in page


def test_the_number_of_statements_does_not_grow_with_the_links(english, make, strategy, start):
    start(strategy)
    words = ["[[leaders]]"]
    last = []

    def grow(number):
        for at in range(len(words), len(words) + number):
            target = make.note(title=f"Target {at}")
            make.term(f"term-{at}", name=f"Term {at}")
            words.append(f"[[Target {at}]] [[Term {at}]] [[nothing {at}]] [[{target.key}]]")
        last[:] = [make.note(title="Linking", context=" ".join(words))]
        db.session.commit()

    assert_constant_queries(english, lambda: f"/notes/{last[0].id}-linking", grow=grow)
