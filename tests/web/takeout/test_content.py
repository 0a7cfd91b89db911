"""What is in the file, and what is not: all that is hers, and of others title and address alone."""

from __future__ import annotations

import re

import pytest

from cop.circles import operations as circles
from cop.core.types import Lang
from cop.entries import drafts, operations as entries
from cop.exchange.located import read_yaml
from cop.storage.files import files
from cop.takeout import attached
from cop.takeout.said import without_quotations
from tests.make import PASSWORD
from tests.web.takeout.conftest import texts

OTHERS = "Qwyzzothers"


def test_what_she_wrote_is_there_to_read_in_both_languages_and_marked(make, mei, made):
    both = (make.text(Lang.EN, "Told in English"), make.text(Lang.ZH, "用中文讲"))
    make.note(by=mei, texts=both)
    make.note(by=mei, title="Told by nobody", name_mask="unnamed")
    gone = make.note(by=mei, title="Taken back")
    entries.withdraw(by=make.viewer(mei), entry_id=gone.id)
    make.discussion(by=mei, title="Asked by her")
    file = made(mei)
    first = file.read("index.html").decode()
    for title in ("Told in English", "Told by nobody", "Taken back", "Asked by her"):
        assert title in first
    assert "unnamed: others do not see that it is yours" in first
    assert "withdrawn by you" in first
    page = re.search(r'href="(read/notes-\d+\.html)" lang="en">Told in English', first)
    assert page
    told = file.read(page[1]).decode()
    assert "用中文讲" in told
    assert "unnamed" in file.read("import/notes.yaml").decode()
    assert "Taken back" not in file.read("import/notes.yaml").decode()
    assert "Taken back" in file.read("kept-back/notes.yaml").decode()


def test_every_page_works_from_a_folder_and_loads_nothing_from_elsewhere(make, mei, made):
    note = make.note(by=mei, what_happened="See [that](https://example.org/x) and [[nothing]].")
    make.comment(note, "Said by herself", by=mei)
    file = made(mei)
    names = set(file.namelist())
    for name, text in texts(file):
        if not name.endswith(".html"):
            continue
        assert "<script" not in text
        for link in re.findall(r'<(?:link|img)[^>]+(?:href|src)="([^"]+)"', text):
            assert not link.startswith(("http", "/"))
        for href in re.findall(r'<a[^>]+href="([^"]+)"', text):
            assert not href.startswith("/"), (name, href)
            if not href.startswith("http"):
                parent = "" if "/" not in name else "read/"
                path = href[3:] if href.startswith("../") else parent + href
                assert path in names, (name, href)
    assert "look/app.css" in names


def test_of_others_there_is_title_and_address_alone(make, mei, made):
    other = make.user(name="Invented Other")
    theirs = make.note(
        by=other, title="Title of theirs", what_happened=f"{OTHERS} happened to them."
    )
    said = make.comment(theirs, f"{OTHERS} said first.", by=other)
    make.comment(theirs, f"> {OTHERS} said first.\n\nMy own answer.", by=mei, answers=said)
    mine = make.note(by=mei, title="Mine")
    make.comment(mine, f"{OTHERS} under mine.", by=other)
    make.note(by=mei, title="Tried after theirs", after=theirs)
    file = made(mei)
    assert all(OTHERS not in text for _name, text in texts(file))
    (one,) = read_yaml(file.read("data/comments.yaml").decode())["comments"]
    assert one["words"] == "> […]\n\nMy own answer."
    assert one["under"]["title"] == "Title of theirs"
    assert f"/notes/{theirs.id}-" in one["under"]["link"]
    assert one["answers"].endswith(f"/comments/{said.id}")
    beside = read_yaml(file.read("data/refers-to.yaml").decode())["refers-to"]
    assert beside[0]["refers_to"][0]["title"] == "Title of theirs"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("Mine.", "Mine."),
        ("> theirs\n> and more\nMine.", "> […]\n\nMine."),
        ("Mine.\n\n> theirs\n\nMine again.\n  > theirs", "Mine.\n\n> […]\n\nMine again.\n> […]"),
        ("```\n> a prompt of mine\n```", "```\n> a prompt of mine\n```"),
    ],
)
def test_quotations_are_cut_and_nothing_of_her_own(body, kept):
    assert without_quotations(body) == kept


def test_of_a_circle_she_has_left_there_are_her_own_words_without_where(make, mei, made):
    host = make.user(name="Invented Host")
    circle = make.circle(by=host, members=[mei], name=f"{OTHERS} circle", seen="hidden")
    theirs = make.note(by=host, circle=circle, title=f"{OTHERS} title")
    make.comment(theirs, "My words in it.", by=mei)
    make.note(by=mei, circle=circle, title="My note in it")
    circles.leave(by=make.viewer(mei), circle_id=circle.id)
    file = made(mei)
    assert all(OTHERS not in text for _name, text in texts(file))
    (one,) = read_yaml(file.read("data/comments.yaml").decode())["comments"]
    assert one["words"] == "My words in it."
    assert not {"under", "link", "answers"} & one.keys()
    assert "My note in it" in file.read("kept-back/notes.yaml").decode()
    assert "import/notes.yaml" not in file.namelist()


def test_her_images_come_along_and_what_is_gone_or_has_no_room_is_named(
    make, mei, made, monkeypatch
):
    note = make.note(by=mei, title="With pictures")
    one, two, three = (make.image(by=mei, alt=f"Invented picture {at}") for at in range(3))
    make.comment(note, "Look.", by=mei, images=[one, two, three])
    rows = attached.all_in_file(mei.id, None)
    files().delete(rows[1].sha256)
    monkeypatch.setattr(attached, "LIMIT", sum(row.bytes for row in rows[:2]))
    file = made(mei)
    held = [name for name in file.namelist() if name.startswith("files/")]
    assert held == [rows[0].name]
    first = file.read("index.html").decode()
    assert "Some images and files are not in it." in first
    assert rows[1].name in first
    told = read_yaml(file.read("data/files.yaml").decode())["files"]
    assert told[2]["file"] == "not in this file: it found no room"


def test_account_devices_and_drafts_are_in_it_and_no_secret(make, mei, made):
    drafts.save_draft(
        by=make.viewer(mei),
        kind="note",
        lang="en",
        data={"title": ["Begun and not ended"]},
        draft_id=None,
    )
    file = made(mei)
    (account,) = read_yaml(file.read("data/account.yaml").decode())["account"]
    assert account["email"] == "mei@example.org"
    assert account["account_name"] == "invented-mei"
    assert "Begun and not ended" in file.read("data/drafts.yaml").decode()
    assert "data/devices.yaml" in file.namelist()
    for _name, text in texts(file):
        assert mei.password_hash not in text
        assert PASSWORD not in text


def test_it_speaks_her_language(make, person, made):
    li = person(handle="invented-li", lang=Lang.ZH)
    make.note(by=li, lang=Lang.ZH, title="一条笔记")
    first = made(li).read("index.html").decode()
    assert '<html lang="zh-Hans">' in first
    assert ">案例</h2>" in first
