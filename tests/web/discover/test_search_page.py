"""The page around the results: filters with counts, language and order, terms that words name, ways on."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import delete, select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.models import Entry
from cop.jobs.models import Job


@pytest.fixture
def shelf(make, index):
    """Make notes of two places, two strategies, both languages, with one that only members read."""
    make.term("meetings", name="Small meetings")
    make.term("letters", name="Open letters")
    make.term("china", scheme="place", name="China")
    make.term("zhejiang", scheme="place", name="Zhejiang", broader="china")
    make.term("ningbo", scheme="place", name="Ningbo", broader="zhejiang")
    make.term("yunnan", scheme="place", name="Yunnan", broader="china")
    for key in ("worked", "mixed", "failed"):
        make.term(key, scheme="outcome")
    for key in ("own-experience", "interview", "second-hand"):
        make.term(key, scheme="evidence")
    writer = make.member(name="Invented Writer")
    notes = {
        "ningbo": make.note(
            by=writer,
            title="A zeppelin in Ningbo",
            strategies=["meetings"],
            place="ningbo",
            started="2007",
            organisation_name="Invented Aid",
        ),
        "yunnan": make.note(
            title="A zeppelin in Yunnan",
            strategies=["meetings", "letters"],
            place="yunnan",
            outcome="failed",
            started="2015",
        ),
        "both": make.note(
            texts=(
                make.text(Lang.EN, "A zeppelin told twice"),
                make.text(Lang.ZH, "zeppelin 飞艇"),
            ),
            outcome="failed",
            strategies=["letters"],
            name_mask="unnamed",
            evidence="interview",
        ),
        "secret": make.note(
            title="A zeppelin for members",
            visibility="members",
            strategies=["letters"],
            outcome="mixed",
            place="yunnan",
            started="1999",
            evidence="second-hand",
        ),
    }
    index()
    # As the worker would have: nothing of this is news to the index.
    db.session.execute(delete(Job))
    db.session.commit()
    return {name: note.id for name, note in notes.items()}


def seen(page: str) -> list[int]:
    """Return the ids of the results."""
    return [int(row) for row in re.findall(r'<h2><a href="/\w+/(\d+)', page)]


def ticks(page: str, name: str) -> dict[str, int]:
    """Return value → count of a filter's boxes."""
    boxes = re.findall(rf'name="{name}" value="([^"]*)".*?<span class="n">(\d+)</span>', page)
    return {unescape(value): int(number) for value, number in boxes}


def link(page: str, words: str) -> str:
    """Return the address of the link with these words."""
    for href, inner in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL):
        if words in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", inner)):
            return unescape(href)
    raise AssertionError(f"no link says {words!r}")


def test_the_heading_says_how_much_was_found(shelf, reader):
    page = reader.get("/search?q=zeppelin").text
    assert "<h1>3 results</h1>" in page
    assert "<title>“zeppelin”: 3 results · " in page
    assert '<meta name="robots" content="noindex">' in page
    assert "<h1>1 result</h1>" in reader.get("/search?q=zeppelin&place=ningbo").text


def test_filters_show_what_occurs_with_counts(shelf, reader):
    page = reader.get("/search?q=zeppelin").text
    assert ticks(page, "outcome") == {"worked": 1, "failed": 2}
    assert ticks(page, "strategy") == {"letters": 2, "meetings": 2}
    assert ticks(page, "place") == {"zhejiang": 1, "yunnan": 1}
    assert ticks(page, "period") == {"2015-2019": 1, "2005-2009": 1}
    assert ticks(page, "evidence") == {"own-experience": 2, "interview": 1}
    assert "2015–2019" in page


def test_values_of_one_filter_are_alternatives_and_keep_their_counts(shelf, reader):
    page = reader.get("/search?q=zeppelin&outcome=failed").text
    assert set(seen(page)) == {shelf["yunnan"], shelf["both"]}
    assert ticks(page, "outcome") == {"worked": 1, "failed": 2}
    assert ticks(page, "strategy") == {"letters": 2, "meetings": 1}
    assert 'value="failed" checked' in page
    page = reader.get("/search?q=zeppelin&outcome=failed&outcome=worked").text
    assert len(seen(page)) == 3


def test_a_filter_in_use_can_be_taken_off(shelf, reader):
    page = reader.get("/search?q=zeppelin&outcome=failed&place=yunnan&page=1").text
    assert seen(page) == [shelf["yunnan"]]
    assert link(page, "Remove filter: Yunnan") == "/search?q=zeppelin&outcome=failed"
    assert set(seen(reader.get(link(page, "Remove filter: Yunnan")).text)) == {
        shelf["yunnan"],
        shelf["both"],
    }


def test_provinces_stand_beside_places_that_lie_in_no_country(shelf, make, index, reader):
    make.term("withheld", scheme="place", name="Place withheld")
    make.note(title="A zeppelin somewhere", place="withheld")
    index()
    page = reader.get("/search?q=zeppelin").text
    assert ticks(page, "place") == {"zhejiang": 1, "yunnan": 1, "withheld": 1}
    page = reader.get("/search?q=zeppelin&place=china").text
    assert ticks(page, "place") == {"china": 2, "zhejiang": 1, "yunnan": 1, "withheld": 1}


def test_a_province_opens_to_what_lies_inside(shelf, reader):
    assert 'value="ningbo"' not in reader.get("/search?q=zeppelin").text
    page = reader.get("/search?q=zeppelin&place=zhejiang").text
    assert ticks(page, "place")["ningbo"] == 1
    assert "ningbo" not in ticks(reader.get("/search?q=zeppelin+%2Bningbo").text, "place")
    # Ticking the district below the ticked province means the district.
    page = reader.get("/search?q=zeppelin&place=zhejiang&place=ningbo").text
    assert 'value="ningbo" checked' in page
    assert 'value="zhejiang" checked' not in page
    assert "Remove filter: </span>Ningbo" in page
    assert "Remove filter: </span>Zhejiang" not in page


def test_authors_and_organisations_are_those_whose_names_are_shown(shelf, make, reader, app):
    page = reader.get("/search?q=zeppelin").text
    people = ticks(page, "by")
    assert sorted(people.values()) == [1, 1, 1]
    assert "Invented Writer" in page
    assert "Invented Aid" in page
    organisation = next(value for value in people if value.startswith("org:"))
    narrowed = reader.get(f"/search?q=zeppelin&by={organisation}").text
    assert seen(narrowed) == [shelf["ningbo"]]
    assert "Remove filter: </span>Invented Aid" in narrowed


def test_counts_are_those_of_the_reader(shelf, make, reader, app):
    page = reader.get("/search?q=zeppelin").text
    assert "mixed" not in ticks(page, "outcome")
    assert "1995-1999" not in ticks(page, "period")
    assert ticks(page, "place")["yunnan"] == 1
    member = make.signed_in(app.test_client(), make.user())
    page = member.get("/search?q=zeppelin").text
    assert ticks(page, "outcome") == {"worked": 1, "mixed": 1, "failed": 2}
    assert ticks(page, "place")["yunnan"] == 2
    assert "1995-1999" in ticks(page, "period")


def test_the_language_is_chosen_by_links_with_counts(shelf, reader):
    page = reader.get("/search?q=zeppelin&page=2").text
    english, chinese = link(page, "English 3"), link(page, "中文 1")
    assert "page=" not in english
    assert len(seen(reader.get(english).text)) == 3
    page = reader.get(chinese).text
    assert seen(page) == [shelf["both"]]
    assert '<a href="/search?q=zeppelin&amp;text=zh" lang="zh-Hans"' in page
    assert link(page, "Both") == "/search?q=zeppelin"
    assert 'name="text" value="en"' in reader.get(english).text


def test_the_order_is_chosen_by_links(shelf, reader, make):
    page = reader.get("/search?q=zeppelin").text
    newest = reader.get(link(page, "Newest")).text
    assert seen(newest) == [shelf["both"], shelf["yunnan"], shelf["ningbo"]]
    assert link(newest, "Best match") == "/search?q=zeppelin"
    assert 'name="sort" value="newest"' in newest
    assert "Most discussed" not in newest
    assert reader.get("/search?q=zeppelin&sort=nonsense").status_code == 200


def test_a_row_in_the_other_language_says_so(make, index, reader):
    only = make.note(lang=Lang.ZH, title="飞艇 zeppelin")
    twice = make.note(texts=(make.text(Lang.EN, "An airship"), make.text(Lang.ZH, "飞艇 zeppelin")))
    index()
    page = reader.get("/search?q=zeppelin").text
    rows = dict(zip(seen(page), page.split("<article")[1:], strict=True))
    assert "Written in Chinese" in rows[only.id]
    assert "Written in Chinese" not in rows[twice.id]
    assert re.search(rf'href="/notes/{twice.id}[^"]*\?text=en">Read it in English', rows[twice.id])


def test_terms_the_words_name_bring_in_their_other_names(make, index, reader):
    make.term("open-space", name="Open Space forum", zh="开放空间论坛")
    told = make.note(title="An Open Space forum with residents")
    carrying = make.note(lang=Lang.ZH, title="一次会议", strategies=["open-space"])
    index()
    page = reader.get("/search?q=open+space+forum").text
    assert set(seen(page)) == {told.id, carrying.id}
    assert "Your words describe a term in the list." in page
    assert 'href="/terms/strategy/open-space"' in page
    assert "Written in Chinese; found through the term Open Space forum" in page
    without = reader.get(link(page, "Leave out Open Space forum")).text
    assert "Your words describe a term" not in without
    assert link(without, "Include again: Open Space forum") == "/search?q=open+space+forum"
    exact = reader.get(link(page, "Search only my exact words")).text
    assert "Only your exact words were searched." in exact
    assert told.id in seen(exact)
    assert link(exact, "Search the other names of terms as well") == "/search?q=open+space+forum"


def test_filters_that_were_typed_are_chips_and_ticked_boxes(shelf, reader):
    page = reader.get("/search?q=zeppelin+outcome:failed").text
    assert set(seen(page)) == {shelf["yunnan"], shelf["both"]}
    assert 'value="failed" checked' in page
    assert link(page, "Remove filter: Did not work") == "/search?q=zeppelin"
    # The form says the same without saying it twice.
    assert '<input type="hidden" name="q" value="zeppelin">' in page


def test_filters_without_words_are_a_list(shelf, reader):
    page = reader.get("/search?outcome=failed").text
    assert set(seen(page)) == {shelf["yunnan"], shelf["both"]}
    assert "Best match" not in page
    assert seen(reader.get("/search?q=by:%22Invented+Writer%22").text) == [shelf["ningbo"]]


def test_nothing_with_these_filters_offers_to_take_them_off(shelf, reader):
    page = reader.get("/search?q=zeppelin&outcome=worked&place=yunnan").text
    assert "<h1>Nothing found</h1>" in page
    assert "Without them there are 3 results." in page
    assert len(seen(reader.get(link(page, "Take all filters off")).text)) == 3
    assert link(page, "Without “Outcome”: 1 result") == "/search?q=zeppelin&place=yunnan"
    assert link(page, "Without “Place”: 1 result") == "/search?q=zeppelin&outcome=worked"
    assert 'value="worked" checked' in page


def test_nothing_for_these_words_offers_fewer(shelf, reader):
    page = reader.get("/search?q=%2Bzeppelin+%2Bxylophone").text
    assert seen(reader.get(link(page, "Search “zeppelin”: 3 results")).text)
    assert "Nothing found for these words" in page
    page = reader.get("/search?q=%22zeppelin+Ningbo%22").text
    assert link(page, "Search “zeppelin Ningbo”")


def test_a_search_for_nothing_leads_to_a_first_note_with_the_words_as_title(
    shelf, reader, make, app
):
    page = reader.get("/search?q=xylophone+quartets").text
    href = link(page, "Write the first note on it")
    editor = make.signed_in(app.test_client(), make.user()).get(href).text
    assert 'value="xylophone quartets"' in editor
    assert link(page, "Look through the term list") == "/terms/"


def test_a_page_after_the_last_says_so_and_leads_back(shelf, reader):
    page = reader.get("/search?q=zeppelin&page=7").text
    assert "<h1>3 results</h1>" in page
    assert "There are no results on this page" in page
    assert link(page, "To the first results") == "/search?q=zeppelin"


def test_what_is_odd_in_the_question_is_said(shelf, reader):
    page = reader.get("/search?q=zeppelin+outcome:").text
    assert "needs a value right after it" in unescape(page)
    assert len(seen(page)) == 3


def test_many_values_are_few_at_first(make, index, reader):
    for number in range(9):
        make.note(title="A zeppelin", strategies=[make.term(f"strategy-{number}")])
    index()
    page = reader.get("/search?q=zeppelin").text
    assert len(ticks(page, "strategy")) == 9
    assert "4 more" in page
    chosen = reader.get("/search?q=zeppelin&strategy=strategy-8").text
    first = chosen.partition('<details class="rest">')[0]
    assert 'value="strategy-8" checked' in first


def test_another_spelling_is_offered_and_never_searched_for_by_itself(shelf, reader):
    page = reader.get("/search?q=zepelin&outcome=failed").text
    assert "<h1>Nothing found</h1>" in page
    assert link(page, "zeppelin") == "/search?q=zeppelin&outcome=failed"
    assert "Did you mean <a" in page
    assert len(seen(reader.get(link(page, "zeppelin")).text)) == 2
    assert "Did you mean" not in reader.get("/search?q=zeppelin").text


def test_terms_near_the_words_are_a_way_on(shelf, reader):
    page = reader.get("/search?q=opne+lettrs").text
    assert "Near in the term list" in page
    assert 'href="/terms/strategy/letters"' in page


def test_without_an_index_nothing_found_still_leads_on(shelf, reader, settings):
    import shutil

    from cop.discover.indexing import engine

    engine().close()
    shutil.rmtree(settings.index)
    page = reader.get("/search?q=xylophone&outcome=failed&sort=newest&by=user:1&page=1").text
    assert "The full search is being prepared." in page
    assert "Nothing found" in page
    assert link(page, "Look through the term list") == "/terms/"
    assert link(page, "Write the first note on it")
    page = reader.get("/search?q=zeppelin&outcome=failed").text
    assert set(seen(page)) == {shelf["yunnan"], shelf["both"]}
    assert link(page, "Remove filter: Did not work") == "/search?q=zeppelin"
    assert seen(reader.get("/search?q=zeppelin+-yunnan&kind=note").text) == [
        shelf["both"],
        shelf["ningbo"],
    ]
    assert "zeppelin for members" not in reader.get("/search?q=zeppelin").text
    assert seen(reader.get("/search?q=zeppelin&period=2005-2009").text) == [shelf["ningbo"]]
    writer = db.session.scalars(select(Entry.author_id).where(Entry.id == shelf["ningbo"])).one()
    unnamed = db.session.scalars(select(Entry.author_id).where(Entry.id == shelf["both"])).one()
    assert seen(reader.get(f"/search?q=zeppelin&by=user:{writer}").text) == [shelf["ningbo"]]
    assert seen(reader.get(f"/search?q=zeppelin&by=user:{unnamed}").text) == []
    for odd in ("by=user:x", "by=", "period=x", "period=9999", "kind=x", "by=org:99999999999"):
        assert reader.get(f"/search?q=zeppelin&{odd}").status_code == 200
