"""“We tried this too” on practice pages."""

from __future__ import annotations

import re


def test_a_practice_page_is_tried_too(client, make, start):
    strategy, author = make.term("open-space"), make.user()
    page = start(strategy)
    desk = make.signed_in(client, author)
    assert f"/entries/{page.id}/tried/new" in desk.get("/practices/open-space").text
    form = desk.get(f"/entries/{page.id}/tried/new").text
    assert re.search(r'value="open-space" selected', form)
    assert 'value="An invented practice"' in form
    tried = make.note(
        by=author, after=page, strategies=[strategy], title="As the page says", relation="repeats"
    )
    said = desk.get("/practices/open-space").text
    assert "1 did the same" in said
    assert f"/entries/{page.id}/tried?how=repeats" in said
    note = desk.get(f"/notes/{tried.id}", follow_redirects=True).text
    found = re.search(r'Tried after.*?href="(/practices/[^"]*)"', note, re.DOTALL)
    assert found
    assert desk.get(found[1]).headers["Location"] == "/practices/open-space"
    assert "tried too in 1 note<" in desk.get("/practices/").text
