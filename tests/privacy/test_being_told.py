"""Who watches is told nothing that the pages do not say: no name that is masked, nothing that is closed to her."""

from __future__ import annotations

from typing import Any

import pytest

from cop.core.db import db
from cop.entries import operations
from cop.entries.models import NameMask
from tests.privacy.reading import addresses, headers_and_body, pages

NAME = "Zebulonia"
MARKER = "Qwyzzmarker"


def said(mail: Any) -> str:
    parts = [part.get_content() for part in mail.iter_parts()]
    return "\n".join([str(mail["Subject"]), str(mail.items()), *parts])


@pytest.mark.parametrize("grants", [[], ["moderator"]])
def test_who_watches_everything_is_not_told_who_wrote_an_unnamed_note(
    app, make, run_jobs, sent, index, grants
):
    person = make.user(handle="zebulonia-q", name=f"{NAME} Person", email="zq@example.org")
    make.term("meetings")
    reader = make.user(grants=grants, email="reader@example.org")
    desk = make.signed_in(app.test_client(), reader)
    for path in ("/terms/strategy/meetings", "/people/zebulonia-q"):
        assert desk.post(f"{path}/watch", data={"level": "everything"}).status_code == 303
    note = make.note(by=person, name_mask=NameMask.UNNAMED, strategies=["meetings"], title="Told")
    mine = make.comment(note, by=reader)
    make.comment(note, by=person, answers=mine)
    make.comment(note, by=person)
    run_jobs()
    page = desk.get("/notices/").text
    assert page.count("<article") == 3
    assert NAME not in page
    mails = [said(mail) for mail in sent if "reader@" in str(mail["To"])]
    assert len(mails) == 3
    assert all(NAME not in mail and "zebulonia" not in mail for mail in mails)


def test_what_is_closed_leaves_the_lines_the_bell_and_the_mails_of_who_watched_it(
    app, make, run_jobs, sent, index
):
    author, reader = make.user(), make.user(email="reader@example.org")
    desk = make.signed_in(app.test_client(), reader)
    note = make.note(by=author, title=f"{MARKER} title")
    db.session.commit()
    desk.post(f"/entries/{note.id}/watch", data={"level": "everything"})
    make.comment(note, f"{MARKER} said")
    operations.withdraw(by=make.viewer(author), entry_id=note.id)
    run_jobs()
    for path, answer in pages(desk, addresses(app)):
        assert MARKER not in headers_and_body(answer), path
    assert desk.get("/notices/count").get_json()["text"] == ""
    assert all(MARKER not in said(mail) for mail in sent)
