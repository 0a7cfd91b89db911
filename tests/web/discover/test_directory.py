"""The front page and the directory of organisations: what each reader may know of, and nothing else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.discover import queries
from cop.entries import operations
from cop.people.models import Organisation


def number_of(name: str) -> int:
    rows = db.session.scalars(select(Organisation))
    return next(row.id for row in rows if name in row.name.values())


def test_home_asks_what_the_reader_is_facing_and_shows_what_came_last(make, reader):
    make.note(title="The older one")
    make.note(title="The newer one")
    page = reader.get("/").text
    assert "What are you facing?" in page
    assert page.index("The newer one") < page.index("The older one")


def test_an_organisation_has_a_page_with_the_notes_that_name_it(make, reader):
    make.note(title="Named here", organisation_name="Invented Aid")
    make.note(title="Described here", described_as="An aid group")
    page = reader.get(f"/organisations/{number_of('Invented Aid')}", follow_redirects=True).text
    assert "Named here" in page
    assert "Described here" not in page


def test_a_described_organisation_leaves_no_row(make):
    make.note(described_as="An aid group")
    assert db.session.scalars(select(Organisation)).all() == []


@pytest.mark.parametrize("away", ["members only", "hidden", "withdrawn"])
def test_an_organisation_that_only_a_closed_note_names_does_not_exist(make, reader, index, away):
    author = make.member()
    note = make.note(
        by=author,
        organisation_name="Marker Aid",
        visibility="members" if away == "members only" else "public",
    )
    if away == "hidden":
        operations.hide(by=make.member("moderator"), entry_id=note.id, reason="A name")
    elif away == "withdrawn":
        operations.withdraw(by=author, entry_id=note.id)
    index()
    assert reader.get(f"/organisations/{number_of('Marker Aid')}").status_code == 404
    for path in ("/organisations/", "/search?q=marker", "/"):
        assert "Marker Aid" not in reader.get(path).text


def test_members_see_the_organisations_of_closed_notes_they_may_read(make, app):
    make.note(organisation_name="Inside Aid", visibility="members")
    desk = make.signed_in(app.test_client(), make.user())
    assert "Inside Aid" in desk.get("/organisations/").text
    assert "Inside Aid" in desk.get("/notes/new").text


def test_the_directory_is_paged_without_loss_or_repeat(make, reader, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 5)
    term = make.term()
    for number in range(12):
        make.note(strategies=[term], organisation_name=f"Aid {number:02}")
    seen, path = [], "/organisations/"
    while path:
        page = reader.get(path).text
        seen += re.findall(r"<h2><a[^>]*>(Aid \d+)</a>", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older.group(1).replace("&amp;", "&") if older else ""
    assert seen == [f"Aid {number:02}" for number in range(12)]


@pytest.mark.parametrize(
    "path",
    [
        "/organisations/?after=nonsense",
        "/organisations/?after=%7C%7C%7C",
        "/organisations/?after=x|999999999999999999999",
        "/organisations/?after=%F0%9F%98%80|1",
        "/pages/rules",
        "/pages/privacy",
        "/?lang=xx",
        "/?older=nonsense",
    ],
)
def test_made_up_values_show_what_there_is(reader, path):
    assert reader.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/organisations/0",
        "/organisations/99999999999999999999",
        "/pages/nonsense",
        "/pages/..%2F..%2Fsettings",
        "/nonsense",
        "/notes/99999999999999999999",
        "/notes/0-x",
        "/entries/99999999999999999999/history",
    ],
)
def test_what_does_not_exist_is_no_page(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 404
    assert answer.headers["X-Request-ID"] in answer.text
