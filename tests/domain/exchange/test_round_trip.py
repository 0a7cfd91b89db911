"""What is exported can be imported into an empty site, and exported again to the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete

from cop.core.db import Base, db
from cop.core.errors import Invalid
from cop.core.types import Lang
from cop.entries import operations as entries
from cop.entries.draft import Cited, Signature, TextDraft
from cop.entries.models import NameMask, Visibility
from cop.exchange.dumping import dump
from cop.exchange.exporter import export_to
from cop.exchange.importer import import_files
from cop.exchange.located import read_yaml
from cop.notes.draft import NoteDraft, NoteFacts, Use
from cop.notes.operations import post_note
from cop.people.viewer import SYSTEM, VISITOR, Viewer
from cop.terms.vocabulary import forget

if TYPE_CHECKING:
    from tests.make import Make

HARD = [
    "one line",
    "two\nlines",
    "  indented\n    code",
    "trailing space \nand more",
    "- a list\n- that is none",
    "key: value # no comment",
    "“引号”与：全角，标点",
    '"quotes" and \\backslashes\\ and \ttabs',
    "yes",
    "null",
    "2019",
    "1.5",
    "0x1f",
    "𠮷野家 😀 ز",
    "\u0085next\u2028line",
    "*alias &anchor !tag %directive @at `tick",
    "a\n\n\nb\n   ",
    "#heading\n\ntext",
]


def make_empty() -> None:
    """Take everything out of the database, as if the site were new."""
    db.session.expunge_all()
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(delete(table))
    db.session.commit()
    forget()


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def again(tmp_path: Path, viewer: Viewer, *, people: Any = None) -> None:
    export_to(tmp_path / "one", viewer=viewer)
    make_empty()
    if people is not None:
        people()
    report = import_files(sorted((tmp_path / "one").iterdir()), by=SYSTEM)
    assert report.ok, list(report.lines())
    export_to(tmp_path / "two", viewer=viewer)
    assert files_in(tmp_path / "two") == files_in(tmp_path / "one")


@pytest.mark.parametrize("text", HARD)
def test_any_text_is_read_back_as_it_was_written(text: str):
    record = {"id": "a", "title": {"zh": text, "en": "x"}, "list": [text], "maps": [{"at": text}]}
    assert read_yaml("items:\n" + dump(record)) == {"items": [record]}


@pytest.mark.usefixtures("starter")
def test_the_starter_content_survives_a_round_trip(tmp_path: Path):
    again(tmp_path, VISITOR)
    assert set(files_in(tmp_path / "one")) == {
        "taxonomy.yaml",
        "organisations.yaml",
        "notes.yaml",
        "practices.yaml",
        "guides.yaml",
        "spaces.yaml",
        "discussions.yaml",
        "collections.yaml",
        "comments.yaml",
        "workshops.yaml",
    }


@pytest.mark.usefixtures("starter")
def test_an_export_imported_where_it_came_from_changes_nothing(tmp_path: Path):
    export_to(tmp_path, viewer=VISITOR)
    report = import_files(sorted(tmp_path.iterdir()), by=SYSTEM)
    assert report.ok
    assert not report.added
    assert not report.changed
    assert not report.kept


@pytest.mark.usefixtures("starter")
def test_an_export_as_lines_survives_a_round_trip_too(tmp_path: Path):
    export_to(tmp_path / "one", viewer=VISITOR, jsonl=True)
    make_empty()
    assert import_files(sorted((tmp_path / "one").iterdir()), by=SYSTEM).ok
    export_to(tmp_path / "two", viewer=VISITOR, jsonl=True)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    assert list(files_in(tmp_path / "one")) == ["export.jsonl"]


def _post(by: Viewer, *, title: str, mask: NameMask, visibility: Visibility = Visibility.PUBLIC):
    sections = {
        "outcome_reason": "Because.",
        "what_happened": "Something  \n\n    code\n\n happened.",
        "what_we_learned": "Something.",
    }
    facts = NoteFacts(
        outcome="mixed",
        strategies=("open-space", "first-in-command"),
        described_as={"en": "A small group in the north"},
        place="beijing",
        started="2019-05",
        ended="2020",
        period_exact=False,
        period_text={"en": "about then"},
        project="some-project",
        terms={"sectors": ("elderly",), "phase": ("phase-1",)},
        uses={
            "open-space": Use(outcome="failed", effects={"en": "Few came."}, durability="stopped")
        },
        sources=(Cited("fls2012", "§1"),),
    )
    return post_note(
        by=by,
        draft=NoteDraft(
            texts=(TextDraft(Lang.EN, title, sections),),
            facts=facts,
            signature=Signature(visibility=visibility, name_mask=mask),
        ),
    )


@pytest.mark.usefixtures("starter")
def test_a_members_note_in_one_language_survives_with_its_author(make: Make, tmp_path: Path):
    user = make.user(handle="invented-li")
    _post(make.viewer(user), title="A note by name", mask=NameMask.SHOWN)
    again(tmp_path, VISITOR, people=lambda: make.user(handle="invented-li"))
    text = (tmp_path / "two" / "notes.yaml").read_text()
    assert "author: invented-li" in text
    assert "A note by name" in text


@pytest.mark.usefixtures("starter")
def test_who_stays_unnamed_appears_nowhere_in_an_export(make: Make, tmp_path: Path):
    user = make.user(handle="invented-hidden-handle", name="Invented Hidden Name")
    _post(make.viewer(user), title="An unnamed note", mask=NameMask.UNNAMED)
    for viewer in (VISITOR, make.member(), make.member("moderator"), make.viewer(user)):
        export_to(tmp_path / "one", viewer=viewer)
        everything = b"".join(files_in(tmp_path / "one").values())
        assert b"An unnamed note" in everything
        assert b"hidden-handle" not in everything
        assert b"Hidden Name" not in everything
    again(tmp_path, VISITOR)


@pytest.mark.usefixtures("starter")
def test_what_is_hidden_withdrawn_or_for_members_stays_out_of_a_visitors_export(
    make: Make, tmp_path: Path
):
    author, moderator = make.member(), make.member("moderator")
    for_members = Visibility.MEMBERS
    _post(author, title="Marker for members", mask=NameMask.SHOWN, visibility=for_members)
    hidden = _post(author, title="Marker hidden", mask=NameMask.SHOWN)
    entries.hide(by=moderator, entry_id=hidden.id, reason="a test")
    withdrawn = _post(author, title="Marker withdrawn", mask=NameMask.SHOWN)
    entries.withdraw(by=author, entry_id=withdrawn.id)
    export_to(tmp_path / "visitor", viewer=VISITOR)
    assert b"Marker" not in b"".join(files_in(tmp_path / "visitor").values())
    export_to(tmp_path / "moderator", viewer=moderator)
    everything = b"".join(files_in(tmp_path / "moderator").values())
    assert b"Marker for members" in everything
    assert b"Marker hidden" not in everything
    assert b"Marker withdrawn" not in everything


@pytest.mark.usefixtures("starter")
def test_the_operators_export_counts_what_each_file_holds(tmp_path: Path):
    counts = export_to(tmp_path / "new" / "folder")
    assert counts == {
        "taxonomy.yaml": 6 + 12 + 167,
        "organisations.yaml": 8,
        "notes.yaml": 41,
        "practices.yaml": 16,
        "guides.yaml": 0,
        "spaces.yaml": 3,
        "discussions.yaml": 10,
        "workshops.yaml": 6,
        "collections.yaml": 0,
        "comments.yaml": 0,
    }


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(Invalid, match="cannot be made"):
        export_to(tmp_path / "file" / "folder")
