"""Pages elsewhere stand on a workshop with a title and the day somebody looked, and say whether they still answer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.entries import queries
from cop.entries.models import Entry
from cop.outside.models import Address
from cop.people.viewer import SYSTEM
from cop.workshops.operations import facts_now
from tests.web.workshops.conftest import typed

URL = "https://example.org/a"


def with_link(page: str, **more):
    """Return the fields of an editor with one page elsewhere."""
    row = {"link_url": URL, "link_title": "", "link_looked": "2026-05-31", "link_why": "Read."}
    return {**typed(page), "links": "w1", **row, "act": "publish", **more}


def edited(desk, entry, **more):
    page = desk.get(f"/workshops/{entry.id}/edit").text
    return desk.post(f"/workshops/{entry.id}/edit", data=with_link(page, **more))


def shown(desk, entry) -> str:
    return desk.get(f"/workshops/{entry.id}", follow_redirects=True).text


def test_a_page_elsewhere_is_kept_shown_and_compared(desk, hold):
    entry = hold()
    assert edited(desk, entry).status_code == 303
    page = shown(desk, entry)
    assert f'href="{URL}" rel="noopener noreferrer nofollow external">example.org</a>' in page
    assert "31 May 2026" in page
    assert "Last reached" not in page
    compared = desk.get(f"/entries/{entry.id}/diff?old=1&new=2", follow_redirects=True).text
    assert URL in compared
    again = typed(desk.get(f"/workshops/{entry.id}/edit").text)
    assert again["link_url"] == [URL]
    assert again["link_looked"] == ["2026-05-31"]
    gone = {**again, "links": again["links"], "link_gone": again["links"], "act": "publish"}
    assert desk.post(f"/workshops/{entry.id}/edit", data=gone).status_code == 303
    assert URL not in shown(desk, entry)


def test_an_address_typed_short_is_completed_and_no_day_is_today(desk, hold):
    entry = hold()
    assert edited(desk, entry, link_url="example.org/b", link_looked="").status_code == 303
    link = facts_now(queries.get(SYSTEM, entry.id)).links[0]
    assert link.url == "https://example.org/b"
    assert link.looked == clock.now().date().isoformat()


def test_what_cannot_be_is_said_and_stays(desk, hold):
    entry = hold()
    for wrong, said in (
        ({"link_url": "javascript:alert(1)"}, "is no address of a page"),
        ({"link_url": ""}, "is no address of a page"),
        ({"link_looked": "last week"}, "Write the day you looked"),
        ({"link_looked": "2999-01-01"}, "lies in the future"),
        ({"link_title": "a" * 300}, "This title is too long"),
    ):
        answer = edited(desk, entry, **wrong)
        assert answer.status_code == 422
        assert said in answer.text
        for name, value in wrong.items():
            assert typed(answer.text)[name] == [value]


def test_readers_are_told_whether_it_answers_and_its_own_title(desk, english, hold):
    entry = hold()
    edited(desk, entry)
    row = db.session.scalars(select(Address)).one()
    row.title, row.reached_at = "An <i>invented</i> page", clock.now() - timedelta(days=400)
    db.session.commit()
    page = shown(desk, entry)
    assert "An &lt;i&gt;invented&lt;/i&gt; page" in page
    assert "Last reached on" in page
    row.failing_since, row.failures = clock.now() - timedelta(days=3), 3
    db.session.commit()
    assert "Not reached since" in shown(desk, entry)
    edited(desk, entry, link_title="Kept under this")
    assert "Kept under this" in shown(desk, entry)


def test_a_telling_tells_why_and_changes_no_address(desk, hold):
    entry = hold()
    edited(desk, entry)
    page = desk.get(f"/workshops/{entry.id}/translate/zh").text
    assert URL in page
    fields = {**typed(page), "title": "见面", "link_why": ["请读。"], "act": "publish"}
    assert desk.post(f"/workshops/{entry.id}/translate/zh", data=fields).status_code == 303
    link = facts_now(queries.get(SYSTEM, entry.id)).links[0]
    assert (link.url, link.why) == (URL, {"en": "Read.", "zh-Hans": "请读。"})


def test_rows_of_pages_elsewhere_move_without_script(desk):
    fields = typed(desk.get("/workshops/new").text)
    added = typed(desk.post("/workshops/", data={**fields, "act": "rows:links:add"}).text)
    assert len(added["links"]) == 1
    assert db.session.scalars(select(Entry).where(Entry.kind == "workshop")).all() == []
