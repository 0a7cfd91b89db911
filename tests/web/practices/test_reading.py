"""Pages of strategies: a real one, an invitation, the notes behind numbers, the ledger as CSV."""

from __future__ import annotations

import csv
import io
import re

import pytest

from cop.core.db import db
from cop.entries import operations
from cop.people.viewer import SYSTEM, VISITOR
from cop.terms.draft import SourceDraft, TermDraft
from cop.terms.operations import put_sources, put_term
from cop.web.cache import pages
from tests.counting import assert_all_constant


@pytest.fixture
def strategy(make):
    return make.term("open-space", name="Open Space", zh="开放空间")


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def test_a_page_tells_its_sections_and_who_wrote_it(english, strategy, start):
    start(
        strategy, sections={"how": "1. First do this.\n2. Then that.", "dissent": "Some doubt it."}
    )
    page = english.get("/practices/open-space").text
    for words in ("An invented summary.", "First do this.", "Other views", "Some doubt it."):
        assert words in page
    assert "The editors wrote this page from published literature" in page
    assert "First version" in page
    assert "Not reviewed by a curator yet" in page


def test_steps_without_a_source_are_marked_as_the_editors_own(english, strategy, start):
    put_sources(by=SYSTEM, drafts=[SourceDraft("editors", {"en": "Editors"}, "", {})], digests={})
    start(
        strategy,
        sections={"how": "1. Alpha\n2. Beta\n3. Gamma\n4. Delta"},
        sources=[("editors", "how 1, 3-4")],
    )
    page = english.get("/practices/open-space").text
    steps = re.findall(r"<li><div>(.*?)</li>", page, re.DOTALL)
    assert [("Alpha" in one, "editors’ own" in one) for one in steps] == [
        (True, True),
        (False, False),
        (False, True),
        (False, True),
    ]


def test_that_something_was_over_by_a_year_is_no_year_it_began_in(english, make, strategy):
    make.note(strategies=[strategy], ended="2010-12")
    db.session.commit()
    assert '<td class="num">until 2010</td>' in english.get("/practices/open-space").text


def test_a_strategy_without_a_page_gathers_its_notes_and_invites(english, make, strategy):
    make.note(strategies=[strategy], title="An invented forum")
    page = english.get("/practices/open-space")
    assert page.status_code == 200
    assert "No page yet" in page.text
    assert "An invented forum" in page.text
    assert "/notes/new?strategy=open-space" in page.text


def test_what_is_no_strategy_has_no_practice_page(english, make):
    make.term("elsewhere", scheme="place")
    for key in ("nothing", "elsewhere", "1", "1-slug"):
        assert english.get(f"/practices/{key}").status_code == 404
        assert english.get(f"/practices/{key}/ledger.csv").status_code == 404


def test_a_merged_strategy_leads_to_the_page_of_what_it_was_merged_into(english, make, strategy):
    old = make.term("old-space")
    make.note(strategies=[old], title="Told under the old name")
    name = {"zh-Hans": "旧", "en": "Old"}
    draft = TermDraft(old.key, "strategy", name, merged_into=strategy.key)
    put_term(by=SYSTEM, draft=draft)
    for path in ("", "/notes", "/ledger.csv"):
        answer = english.get(f"/practices/old-space{path}")
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith(f"/practices/open-space{path}")
    assert "Told under the old name" in english.get("/practices/open-space").text


def test_the_entry_leads_to_the_page_by_the_strategys_key(english, strategy, start):
    entry = start(strategy)
    for path in (f"/practices/{entry.id}", f"/practices/{entry.id}-slug", f"/entries/{entry.id}"):
        answer = english.get(path, follow_redirects=True)
        assert answer.request.path == "/practices/open-space"


def test_a_hidden_page_is_gone_for_who_could_read_it(english, make, strategy, start):
    entry = start(strategy)
    operations.hide(by=make.member("moderator"), entry_id=entry.id, reason="Invented")
    answer = english.get("/practices/open-space")
    assert answer.status_code == 410
    assert "An invented practice" not in answer.text
    assert "An invented summary" not in english.get("/practices/").text


def test_a_page_for_members_does_not_exist_for_visitors(english, app, make, strategy, start):
    start(strategy, visibility="members", title="Zebulonia")
    assert "No page yet" in english.get("/practices/open-space").text
    assert "Zebulonia" not in english.get("/practices/").text
    desk = make.signed_in(app.test_client(), make.user())
    assert "Zebulonia" in desk.get("/practices/open-space").text


def test_the_csv_holds_exactly_the_notes_its_reader_may_open(english, app, make, strategy):
    place = make.term("beijing", scheme="place")
    make.note(
        key="one",
        strategies=[strategy],
        title="=Open to all",
        organisation_name="Invented Aid",
        place=place,
        started="2019-05",
        outcome="failed",
    )
    make.note(key="two", strategies=[strategy], title="For members", visibility="members")
    make.note(key="three", title="On something else")
    answer = english.get("/practices/open-space/ledger.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert rows_of(answer) == [
        {
            "key": "one",
            "title": "'=Open to all",
            "outcome": "failed",
            "organisation": "Invented Aid",
            "place": "beijing",
            "started": "2019-05",
            "evidence": "own-experience",
        }
    ]
    desk = make.signed_in(app.test_client(), make.user())
    assert [row["key"] for row in rows_of(desk.get("/practices/open-space/ledger.csv"))] == [
        "two",
        "one",
    ]


def test_a_spreadsheet_is_told_that_the_csv_is_utf_8(english, make, strategy):
    make.note(key="one", strategies=[strategy], title="开放空间")
    db.session.commit()
    plain = english.get("/practices/open-space/ledger.csv").data
    assert plain.startswith(b"key,title,")
    assert (
        'href="/practices/open-space/ledger.csv?sheet=1"'
        in english.get("/practices/open-space").text
    )
    for _again in range(2):
        assert english.get("/practices/open-space/ledger.csv?sheet=1").data == (
            b"\xef\xbb\xbf" + plain
        )


def test_the_csv_is_made_once_for_all_visitors_until_something_changes(
    english, app, make, strategy
):
    make.note(strategies=[strategy], key="one")
    db.session.commit()
    first = english.get("/practices/open-space/ledger.csv")
    made = pages(app).hits
    again = english.get("/practices/open-space/ledger.csv")
    assert pages(app).hits == made + 1
    assert again.data == first.data
    for answer in (first, again):
        assert answer.content_type == "text/csv; charset=utf-8"
        assert "open-space-ledger.csv" in answer.headers["Content-Disposition"]
    make.note(strategies=[strategy], key="two")
    db.session.commit()
    assert len(rows_of(english.get("/practices/open-space/ledger.csv"))) == 2


def test_every_number_leads_to_exactly_its_notes(english, make, strategy):
    places = [make.term(key, scheme="place") for key in ("north", "south")]
    for number in range(7):
        make.note(
            strategies=[strategy],
            outcome=("worked", "failed", "mixed")[number % 3],
            place=places[number % 2],
            started=str(2010 + number),
            organisation_name="Invented Aid" if number < 3 else "",
            evidence="interview" if number > 4 else "own-experience",
        )
    page = english.get("/practices/open-space").text
    numbers = re.findall(r'href="(/practices/open-space/notes\?[^"]*)">(\d+)</a>', page)
    assert len(numbers) >= 8
    for href, number in numbers:
        listed = english.get(href.replace("&amp;", "&")).text
        shown = len(re.findall(r'<article class="row entry">', listed))
        if "organisation=" in href:
            assert (number, shown) == ("1", 3)
            assert "1 organisation<" in listed
        elif "province=known" in href:
            assert (number, shown) == ("0", 0)
        else:
            assert shown == int(number), href


@pytest.mark.parametrize("more", [0, 4])
def test_what_was_tried_after_another_is_counted_and_leads_to_its_notes(
    english, make, strategy, start, more
):
    page, first = start(strategy), make.note(strategies=[strategy])
    make.note(strategies=[strategy], title="It broke", after=first, relation="contradicts")
    make.note(strategies=[strategy], title="It held", after=page, relation="repeats")
    for _number in range(more):
        make.note(strategies=[strategy])
    shown = english.get("/practices/open-space").text
    for value, number, there, elsewhere in (
        ("known", 2, "It broke", "Nothing of this name"),
        ("contradicts", 1, "It broke", "It held"),
        ("repeats", 1, "It held", "It broke"),
    ):
        address = f"/practices/open-space/notes?relation={value}"
        assert re.search(rf'href="{re.escape(address)}">[^<]*\b{number}</a>', shown), value
        listed = english.get(address).text
        assert listed.count('class="row entry"') == number
        assert there in listed
        assert f">{elsewhere}</a>" not in listed


def test_little_evidence_is_told_in_words_and_a_strip_and_more_in_a_plot(english, make, strategy):
    seen = []
    for _number in range(5):
        make.note(strategies=[strategy], started="2015")
        page = english.get("/practices/open-space").text
        seen.append(('class="tally"' in page, 'class="ev mt"' in page, '"plot mt-l"' in page))
    assert seen[0] == (True, False, False)
    assert seen[1:4] == [(True, True, False)] * 3
    assert seen[4] == (False, False, True)


def test_a_note_and_a_term_lead_to_the_practice_page_and_back(english, make, strategy, start):
    note = make.note(strategies=[strategy])
    start(strategy)
    assert (
        'href="/practices/open-space"'
        in english.get(f"/entries/{note.id}", follow_redirects=True).text
    )
    assert 'href="/practices/open-space"' in english.get("/terms/strategy/open-space").text
    assert 'href="/terms/strategy/open-space"' in english.get("/practices/open-space").text
    assert 'href="/practices/open-space"' in english.get("/").text


def test_comments_and_discussions_stand_on_the_page(english, make, strategy, start):
    entry = start(strategy)
    make.comment(entry, "An invented comment")
    make.discussion(title="An invented question", notes=[entry])
    page = english.get("/practices/open-space").text
    assert "An invented comment" in page
    assert "An invented question" in page


def test_pages_ask_as_often_with_many_notes_as_with_one(app, make, strategy, start):
    start(strategy)
    desk = make.signed_in(app.test_client(), make.user())
    visitor = app.test_client()

    def grow(number):
        for _one in range(number):
            make.note(strategies=[strategy, make.term()], started="2012")

    assert_all_constant(
        [
            (desk, "/practices/open-space", "practice"),
            (desk, "/practices/", "practices"),
            (visitor, "/practices/open-space/notes?outcome=worked", "practice notes"),
            (visitor, "/practices/open-space/ledger.csv", ""),
        ],
        grow=grow,
    )


def test_marks_stand_beside_short_names_of_provinces(english, make, strategy):
    from cop.core.i18n import speaking
    from cop.core.types import Lang
    from cop.practices import charts
    from cop.practices.kept import ledger_of
    from cop.terms.draft import TermDraft

    make.term("elsewhere", scheme="place")
    name = {"zh-Hans": "宁夏回族自治区", "en": "Ningxia"}
    more = {"alternatives": {"zh-Hans": ("宁夏", "塞上")}, "extra": {"level": "autonomous-region"}}
    put_term(by=SYSTEM, draft=TermDraft("ningxia", "place", name, **more))
    for _number in range(5):
        make.note(strategies=[strategy], place="ningxia", started="2012")
    with speaking(Lang.ZH):
        drawn = charts.plot(ledger_of(VISITOR, strategy.id))
    assert [row.name for row in drawn.rows] == ["宁夏"]
    assert len({mark.x for mark in drawn.rows[0].marks}) == 5
