"""Files on notes, discussions and comments: kept while one writes, shown, searched and let go as images are."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries import commenting, queries
from cop.entries.image_models import Attachment
from cop.entries.models import Comment
from cop.people.viewer import SYSTEM
from tests import papers

WORD = "Quillonbrax"


def sent(data: bytes, name: str = "minutes.docx") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def added(page: str) -> int:
    return int(re.findall(r'name="enclosures" value="(\d+)"', page)[-1])


def told(number: int) -> dict[str, str]:
    return {
        "enclosures": str(number),
        "enclosure_about": "Minutes of a meeting",
        "enclosure_licence": "cc-by",
        "enclosure_source": "",
    }


def commenting_on(desk: Any, note: Any, **fields: Any) -> Any:
    data = {"act": "post", "body": "We tried it.", "form_key": "", **fields}
    return desk.post(f"/entries/{note.id}/comments/", data=data, content_type="multipart/form-data")


def with_file(desk: Any, note: Any) -> Comment:
    """Comment with one file, as a browser without script does."""
    page = commenting_on(desk, note, enclose=sent(papers.docx(f"{WORD} was there."))).text
    assert "We tried it." in page
    assert commenting_on(desk, note, **told(added(page))).status_code == 303
    return db.session.scalars(select(Comment)).one()


def page_of(reader: Any, entry: Any) -> str:
    return reader.get(f"/entries/{entry.id}", follow_redirects=True).text


def test_a_comment_shows_its_file_to_everybody_who_reads_it(members_desk, visitor, note):
    with_file(members_desk, note)
    page = page_of(visitor, note)
    assert "minutes.docx" in page
    assert "Minutes of a meeting" in page
    address = re.findall(r"/files/\d+/\w+\.docx", page)[0]
    answer = visitor.get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_removed_comment_answers_for_its_file_no_more(members_desk, visitor, make, note):
    comment = with_file(members_desk, note)
    address = re.findall(r"/files/\d+/\w+\.docx", page_of(visitor, note))[0]
    commenting.remove_comment(by=make.member("moderator"), comment_id=comment.id, reason="Invented")
    db.session.commit()
    assert visitor.get(address).status_code in (404, 410)
    assert "minutes.docx" not in page_of(visitor, note)


def test_an_edit_takes_a_file_away_and_the_history_shows_it(members_desk, note):
    comment = with_file(members_desk, note)
    number = db.session.scalars(select(Attachment.id)).one()
    form = members_desk.get(f"/comments/{comment.id}/edit").text
    assert added(form) == number
    answer = members_desk.post(
        f"/comments/{comment.id}/edit",
        data={"act": "post", "body": "We tried it.", "base": "1", **told(number)}
        | {"enclosure_gone": str(number)},
    )
    assert answer.status_code == 303
    assert "minutes.docx" not in page_of(members_desk, note)
    assert "minutes.docx" in members_desk.get(f"/comments/{comment.id}/history").text


def test_what_a_comment_deleted_held_goes_for_good(members_desk, note):
    comment = with_file(members_desk, note)
    members_desk.post(f"/comments/{comment.id}/deletion")
    assert db.session.scalars(select(Attachment)).all() == []


def test_a_comment_is_found_by_words_of_its_file(members_desk, visitor, note, run_jobs, index):
    with_file(members_desk, note)
    run_jobs()
    index()
    page = visitor.get(f"/search?q={WORD}").text
    assert "In the file “minutes.docx”" in page


def test_a_draft_of_a_comment_holds_its_file(members_desk, note):
    page = commenting_on(members_desk, note, enclose=sent(papers.pdf(), "a.pdf")).text
    members_desk.post(
        f"/entries/{note.id}/comments/drafts",
        data={"body": "Begun", "form_key": "", **told(added(page))},
    )
    assert "a.pdf" in page_of(members_desk, note)


@pytest.mark.parametrize("kind", ["note", "discussion"])
def test_notes_and_discussions_hold_files_through_edits(kind, app, make):
    author = make.user()
    desk = make.signed_in(app.test_client(), author)
    by = make.viewer(author)
    entry = make.note(by=by) if kind == "note" else make.discussion(by=by, space=make.space("a"))
    db.session.commit()
    path = f"/{kind}s/{entry.id}/edit"
    form = fields_of(desk.get(path).text)
    page = desk.post(path, data={**form, "enclose": sent(papers.pdf(), "plan.pdf")}).text
    answer = desk.post(path, data={**form, **told(added(page))})
    assert answer.status_code == 303, answer.text
    assert "plan.pdf" in page_of(desk, entry)
    again = fields_of(desk.get(path).text)
    assert again["enclosures"]
    files = queries.latest_facts(queries.get(SYSTEM, entry.id)).facts["files"]
    assert next(iter(files.values()))["licence"] == "cc-by"


def fields_of(page: str) -> dict[str, Any]:
    """Return the fields of an editor as its page holds them."""
    found: dict[str, Any] = {}
    form = page[page.index("data-autosave") :]
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name is None or (kind and kind[1] == "file"):
            continue
        if kind and kind[1] in ("radio", "checkbox") and "checked" not in tag:
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(value[1] if value else "")
    for name, words in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?([^<]*)<', form):
        found.setdefault(name, []).append(words)
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        found.setdefault(name, []).extend(re.findall(r'value="([^"]+)"[^>]* selected', options))
    return {**found, "act": "publish"}
