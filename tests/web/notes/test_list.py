"""The list of notes: filters that combine and live in the address, and pages that lose and repeat nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from cop.core.types import Lang
from cop.entries import queries


@pytest.fixture
def reader(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def listed(reader, query: str = "") -> list[int]:
    """Return the ids on the first page of the list."""
    page = reader.get(f"/notes/?{query}")
    assert page.status_code == 200
    return [int(one) for one in re.findall(r'<h2><a href="/notes/(\d+)-', page.text)]


@pytest.fixture
def notes(make):
    for key in ("meetings", "letters"):
        make.term(key)
    make.term("health", scheme="sector")
    make.term("zhejiang", scheme="place")
    make.term("ningbo", scheme="place", broader="zhejiang")
    made = {
        "a": make.note(
            strategies=["meetings"],
            place="ningbo",
            outcome="worked",
            started="2018",
            ended="2019-03",
        ),
        "b": make.note(
            strategies=["letters"],
            place="zhejiang",
            outcome="failed",
            terms={"sectors": ("health",)},
            started="2020-05",
        ),
        "c": make.note(
            strategies=["meetings", "letters"],
            outcome="failed",
            evidence="interview",
            lang=Lang.ZH,
            terms={"sectors": ("health",)},
        ),
        "members": make.note(strategies=["meetings"], outcome="failed", visibility="members"),
    }
    return {name: entry.id for name, entry in made.items()}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "cba"),
        ("strategy=meetings", "ca"),
        ("strategy=meetings&strategy=letters", "cba"),
        ("outcome=failed", "cb"),
        ("outcome=failed&strategy=meetings", "c"),
        ("sector=health&outcome=failed&text=zh", "c"),
        ("place=zhejiang", "ba"),
        ("place=ningbo", "a"),
        ("evidence=interview", "c"),
        ("text=en", "ba"),
        ("since=2019", "ba"),
        ("since=2020", "b"),
        ("until=2018", "a"),
        ("until=2017", ""),
        ("since=2018&until=2018", "a"),
        ("since=nonsense&until=%F0%9F%98%80", "cba"),
        ("strategy=", "cba"),
        ("strategy=nonsense", ""),
        ("place=nonsense", ""),
        ("outcome=nonsense", ""),
        ("text=fr", ""),
        ("strategy=" + "x" * 2000, ""),
        ("older=nonsense", "cba"),
        ("newer=nonsense", "cba"),
        ("older=%F0%9F%98%80", "cba"),
        ("older=WzEsMl0&page=abc", ""),
        ("older=W251bGwsMV0", "cba"),
        ("older=" + "x" * 5000, "cba"),
        ("nonsense=1&lang=xx", "cba"),
    ],
)
def test_filters_combine_and_nothing_made_up_is_an_error(reader, notes, query, names):
    assert listed(reader, query) == [notes[name] for name in names]


def test_members_see_what_is_for_members(make, notes, client):
    desk = make.signed_in(client, make.user())
    assert notes["members"] in listed(desk)
    assert listed(desk, "outcome=failed&strategy=meetings") == [notes["members"], notes["c"]]


def test_each_chosen_filter_can_be_taken_off_and_paging_keeps_the_rest(reader, make, monkeypatch):
    monkeypatch.setattr(queries.page, "__kwdefaults__", {"size": 2})
    term = make.term("meetings")
    for _ in range(3):
        make.note(strategies=[term])
    page = reader.get("/notes/?strategy=meetings&outcome=worked").text
    older = re.search(r'rel="next" href="([^"]+)"', page).group(1)
    assert "strategy=meetings" in older
    assert "outcome=worked" in older
    assert re.search(r'href="/notes/\?outcome=worked"', page)
    assert re.search(r'value="meetings" checked', page)


def walk(reader, path: str, rel: str) -> list[list[int]]:
    """Follow the list's links in one direction and return the ids of each page."""
    seen = []
    while path:
        page = reader.get(path).text
        seen.append([int(one) for one in re.findall(r'<h2><a href="/notes/(\d+)-', page)])
        link = re.search(rf'rel="{rel}" href="([^"]+)"', page)
        path = link.group(1).replace("&amp;", "&") if link else ""
    return seen


@pytest.mark.parametrize("number", [1, 3, 6, 7])
def test_pages_lose_and_repeat_nothing_in_either_direction(reader, make, monkeypatch, number):
    monkeypatch.setattr(queries.page, "__kwdefaults__", {"size": 3})
    term = make.term()
    at = datetime(2020, 1, 1, tzinfo=UTC)
    # Pairs share a moment, to the microsecond.
    made = [
        make.note(strategies=[term], published_at=at + timedelta(microseconds=step // 2)).id
        for step in range(number)
    ]
    newest_first = sorted(made, reverse=True)
    forwards = walk(reader, "/notes/", "next")
    assert [one for page in forwards for one in page] == newest_first
    if len(forwards) == 1:
        return
    page = reader.get("/notes/").text
    for _ in forwards[1:]:
        link = re.search(r'rel="next" href="([^"]+)"', page).group(1).replace("&amp;", "&")
        page = reader.get(link).text
    newer = re.search(r'rel="prev" href="([^"]+)"', page).group(1).replace("&amp;", "&")
    backwards = walk(reader, newer, "prev")
    flat = [one for page in reversed(backwards) for one in page] + forwards[-1]
    assert flat == newest_first


def test_a_note_published_meanwhile_shifts_no_page(reader, make, monkeypatch):
    monkeypatch.setattr(queries.page, "__kwdefaults__", {"size": 2})
    term = make.term()
    made = [make.note(strategies=[term]).id for _ in range(4)]
    page = reader.get("/notes/").text
    link = re.search(r'rel="next" href="([^"]+)"', page).group(1).replace("&amp;", "&")
    make.note(strategies=[term])
    second = re.findall(r'<h2><a href="/notes/(\d+)-', reader.get(link).text)
    assert [int(one) for one in second] == [made[1], made[0]]


def test_an_empty_list_says_what_to_do(reader, make):
    assert "No case notes yet" in reader.get("/notes/").text
    make.note()
    assert "No note matches all of this" in reader.get("/notes/?outcome=failed").text


def test_a_wrong_slug_leads_to_the_right_one_and_han_is_kept(reader, make):
    note = make.note(lang=Lang.ZH, title="楼道 图书馆")
    answer = reader.get(f"/notes/{note.id}-wrong?text=zh")
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith(f"/notes/{note.id}-")
    page = reader.get(answer.headers["Location"])
    assert page.status_code == 200
    assert page.request.path == f"/notes/{note.id}-楼道-图书馆"


def test_a_card_shows_the_readers_language_where_the_note_is_told_in_it(reader, make):
    make.note(texts=(make.text(Lang.ZH, "楼道图书馆"), make.text(Lang.EN, "A library")))
    assert "A library" in reader.get("/notes/?lang=en").text
    assert "楼道图书馆" in reader.get("/notes/?lang=zh").text


def test_a_year_that_is_none_is_named_and_what_to_write_instead(reader, notes) -> None:
    page = reader.get("/notes/?since=19&until=2018")
    assert "“19” is not a year" in page.text
    assert "“2018”" not in page.text
    assert "is not a year" not in reader.get("/notes/?since=2018").text
