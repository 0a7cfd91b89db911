"""Search: one box for both languages and scripts, filters that combine, and never a word of what is closed."""

from __future__ import annotations

import re
import shutil

import pytest

from cop.core.db import db
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discover import searching
from cop.discover.asking import Asked
from cop.discover.indexing import engine
from cop.people.viewer import VISITOR


def found(query: str, viewer=VISITOR, **filters: str) -> list[int]:
    """Return the ids of what a search finds, best first."""
    db.session.commit()
    asked = Asked(query, {name: (value,) for name, value in filters.items()})
    with speaking(Lang.EN):
        return [card.id for card in searching.search(viewer, asked, size=50).cards]


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.usefixtures("starter", "index")
def test_the_starter_content_is_found_in_either_language_script_and_spelling():
    from sqlalchemy import select

    from cop.entries.models import Entry, Tagging
    from cop.terms.models import Term

    def carrying(*keys: str) -> set[int]:
        rows = select(Tagging.entry_id).join(Term, Term.id == Tagging.term_id)
        notes = rows.join(Entry, Entry.id == Tagging.entry_id).where(Entry.kind == "note")
        return set(db.session.scalars(notes.where(Term.key.in_(keys))))

    open_space = carrying("open-space")
    assert open_space
    for query in (
        "开放空间",
        "開放空間",
        '"open space"',
        "open space",
        "kaifang kongjian",
        "kaifangkongjian",
    ):
        best = found(query, kind="note")[: len(open_space)]
        assert len(open_space & set(best)) >= len(open_space) * 2 / 3, query
    first = db.session.scalars(
        select(Term.key).where(Term.name["en"].as_string().like("First-in-Command%"))
    )
    leaders = carrying(*first)
    for query in ("FIC", "一把手"):
        assert found(query, kind="note")[0] in leaders, query
        assert leaders & set(found(query))
    assert len(found("的", kind="note")) == db.session.query(Entry).filter_by(kind="note").count()


@pytest.fixture
def three(make, index):
    make.term("meetings", name="Small meetings")
    make.term("letters", name="Open letters")
    make.term("zhejiang", scheme="place", name="Zhejiang")
    make.term("ningbo", scheme="place", name="Ningbo", broader="zhejiang")
    notes = {
        "ningbo": make.note(
            title="Residents organised a library",
            strategies=["meetings"],
            place="ningbo",
            outcome="worked",
            what_happened="They kept organising meetings in the stairwell every week.",
        ),
        "letters": make.note(
            title="Letters without an answer",
            strategies=["letters"],
            outcome="failed",
            what_happened="The library got no reply from the sub-district office.",
        ),
        "members": make.note(
            title="The secret library",
            strategies=["meetings"],
            visibility="members",
            outcome="failed",
            what_happened="Only members may read of the greenhouse library.",
        ),
        "chinese": make.note(
            lang=Lang.ZH,
            title="楼道图书馆",
            strategies=["meetings"],
            what_happened="居民自己办了图书馆，街道没有反对。",
        ),
    }
    index()
    return {name: entry.id for name, entry in notes.items()}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("organise", {"ningbo"}),
        ("organized", {"ningbo"}),
        ("library", {"ningbo", "letters"}),
        ('"no reply"', {"letters"}),
        ('"reply no"', set()),
        ("library -reply", {"ningbo"}),
        ("图", {"chinese"}),
        ("圖書館", {"chinese"}),
        ("街道", {"chinese"}),
        ("Small meetings", {"ningbo", "chinese"}),
        ("Ningbo", {"ningbo"}),
        ("greenhouse", set()),
        ("secret", set()),
    ],
)
def test_a_visitor_finds(three, query, names):
    assert set(found(query)) >= {three[name] for name in names}
    assert three["members"] not in found(query)
    if not names:
        assert found(query) == []


def test_filters_combine_and_a_place_holds_the_places_below(three):
    assert found("library", outcome="failed") == [three["letters"]]
    assert found("library", outcome="failed", strategy="meetings") == []
    assert found("library", place="zhejiang") == [three["ningbo"]]
    assert set(found("图书馆 library", text="zh")) == {three["chinese"]}
    assert found("library", strategy="no-such-term") == []
    assert found("library", place="no-such-place") == []


def test_members_find_what_is_for_members_and_visitors_cannot_count_it(make, three, reader, app):
    member = make.user()
    assert three["members"] in found("library", make.viewer(member))
    page = reader.get("/search?q=library").text
    assert "2 results" in page
    assert "secret" not in page
    assert "greenhouse" not in page
    signed_in = make.signed_in(app.test_client(), member)
    assert "3 results" in signed_in.get("/search?q=library").text
    assert "Nothing found" in reader.get("/search?q=greenhouse").text


def test_found_words_are_marked_in_title_and_passage(three, reader):
    page = reader.get("/search?q=library").text
    assert "<mark>library</mark>" in page
    page = reader.get("/search?q=stairwell").text
    assert "<mark>stairwell</mark>" in page


def test_a_new_note_is_found_when_its_job_is_done(make, index, run_jobs):
    note = make.note(title="A zeppelin over the office")
    assert found("zeppelin") == []
    run_jobs()
    assert found("zeppelin") == [note.id]


def test_a_note_that_became_members_only_leaves_search_at_once(make, three, reader):
    from cop.entries import operations, queries
    from cop.entries.draft import Signature
    from cop.entries.models import Visibility
    from cop.people.viewer import SYSTEM

    operations.sign(
        by=SYSTEM,
        entry=queries.get(SYSTEM, three["ningbo"]),
        signature=Signature(Visibility.MEMBERS),
    )
    assert three["ningbo"] not in found("library")
    page = reader.get("/search?q=stairwell").text
    assert "Nothing found" in page
    assert "organised a" not in page


def test_without_an_index_the_texts_themselves_are_searched_and_the_page_says_so(
    three, reader, settings
):
    engine().close()
    shutil.rmtree(settings.index)
    page = reader.get("/search?q=library")
    assert page.status_code == 200
    assert "The full search is being prepared." in page.text
    assert "Residents organised a" in words_of(page.text)
    assert "secret" not in page.text
    assert found("library", outcome="worked") == [three["ningbo"]]
    assert found("letters", outcome="failed") == [three["letters"]]
    assert found("stairwell") == [three["ningbo"]]
    assert found("greenhouse") == []
    assert found("100% of _ \\") == []


def test_a_damaged_index_is_set_aside_and_the_database_answers(three, reader, settings, index):
    engine().close()
    for path in settings.index.rglob("*.seg"):
        path.write_bytes(b"rubbish")
    page = reader.get("/search?q=library")
    assert page.status_code == 200
    assert "The full search is being prepared." in page.text
    index()
    page = reader.get("/search?q=library")
    assert "is being prepared" not in page.text
    assert "2 results" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "q=",
        "q=%20%E3%80%80",
        "q=%22",
        "q=-",
        "q=%25",
        "q=*",
        "q=" + "x" * 5000,
        "q=" + "%E5%BC%80" * 500,
        "q=%F0%9F%98%80",
        "q=%E2%80%AE%07",
        "q=%FF%FE",
        "q=library&page=abc",
        "q=library&page=-3",
        "q=library&page=99999999999999999999",
        "q=library&page=",
        "q=library&lang=xx",
        "q=library&kind=nonsense&outcome=nonsense&text=fr",
        "q=library&place=" + "x" * 3000,
        "nonsense=1",
    ],
)
def test_nothing_that_is_typed_is_an_error(three, reader, query):
    assert reader.get(f"/search?{query}").status_code == 200


def test_a_nul_in_an_address_is_no_page(reader):
    assert reader.get("/search?q=%00").status_code == 400
    assert reader.get("/notes/%00").status_code == 404
    assert reader.get("/notes/1-%00").status_code == 404


def test_what_was_typed_is_shown_as_words(reader, index):
    page = reader.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_pages_of_results_hold_everything_once(make, index, reader):
    term = make.term()
    made = {make.note(title=f"A library {number}", strategies=[term]).id for number in range(25)}
    index()
    seen = []
    for number in (1, 2, 3):
        page = reader.get(f"/search?q=library&page={number}").text
        seen += [int(one) for one in re.findall(r'<h2><a href="/notes/(\d+)-', page)]
    assert len(seen) == 25
    assert set(seen) == made
    assert "There are no results on this page" in reader.get("/search?q=library&page=4").text


def test_terms_and_organisations_with_that_name_stand_beside_the_notes(make, index, reader):
    make.term("open-space", name="Open Space forum")
    note = make.note(organisation_name="Open Space Society")
    index()
    page = reader.get("/search?q=open+space").text
    assert "Open Space Society" in page
    page = reader.get("/search?q=open+space+forum").text
    assert 'href="/terms/strategy/open-space"' in page
    assert note.id in found("Open Space Society")
