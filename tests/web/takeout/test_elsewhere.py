"""What is in the file can be taken in by another site, and says the same there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Comment, Entry, NameMask, Visibility
from cop.exchange.importer import import_files
from cop.exchange.kept import STATES
from cop.exchange.located import read_yaml
from cop.people.queries import viewer_of
from cop.workshops.draft import AgendaRow, Material, WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from tests.collecting import collection
from tests.domain.exchange.test_round_trip import make_empty

if TYPE_CHECKING:
    from pathlib import Path


def unpacked(file: Any, folder: Path) -> tuple[list[Path], list[Path]]:
    """Put the records where an import finds them; return the site's words and hers."""
    for name in file.namelist():
        if name.endswith(".yaml"):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read(name))
    return sorted((folder / "import-first").glob("*")), sorted((folder / "import").glob("*"))


def told(key: str, kind: str) -> dict[str, Any]:
    """Return what a site holds under a key, but for who is its author there."""
    record = STATES[kind]([key])[key].record
    return {name: value for name, value in record.items() if name != "author"}


def test_taken_in_by_an_empty_site_it_says_the_same(make, mei, person, made, tmp_path):
    both = (make.text(Lang.EN, "Told in English"), make.text(Lang.ZH, "用中文讲"))
    place = make.term("invented-county", scheme="place")
    first = make.note(
        by=mei,
        texts=both,
        strategies=[make.term("open-space", broader=make.term("meetings").key)],
        place=place,
        started="2024-03",
        organisation_name="Invented Association",
        outcome="failed",
    )
    unnamed = make.note(by=mei, title="Told by nobody", name_mask="unnamed", after=first)
    asked = make.discussion(by=mei, title="Asked by her", notes=[first], visibility="members")
    make.comment(asked, "My own reply.", by=mei)
    make.comment(asked, "Somebody else’s reply.")
    kinds = {first.key: "note", unnamed.key: "note", asked.key: "discussion"}
    by_nobody = unnamed.key
    before = {key: told(key, kind) for key, kind in kinds.items()}
    words, hers = unpacked(made(mei), tmp_path)
    make_empty()
    again = person(handle="invented-elsewhere")
    db.session.commit()
    report = import_files([*words, *hers], by=viewer_of(again))
    assert report.ok, list(report.lines())
    assert {key: told(key, kind) for key, kind in kinds.items()} == before
    there = db.session.query(Entry).filter(Entry.key.in_(kinds)).all()
    assert {entry.author_id for entry in there} == {again.id}
    masked = [entry.key for entry in there if entry.name_mask == NameMask.UNNAMED]
    assert masked == [by_nobody]
    assert [one.body for one in db.session.query(Comment)] == ["My own reply."]


def test_what_is_built_on_others_goes_without_them_and_her_reasons_stay(
    make, person, made, tmp_path
):
    trainer = person(handle="invented-trainer", grants=["trainer"])
    mine, theirs = make.note(by=trainer, title="Mine"), make.note(title="Title of theirs")
    held = collection(make, mine, theirs, by=trainer, reasons=["Because mine.", "Because theirs."])
    taught = publish_workshop(
        by=make.viewer(trainer),
        draft=WorkshopDraft(
            (TextDraft(Lang.EN, "Invented day", {"objectives": "- One"}),),
            WorkshopFacts(
                minutes=30,
                agenda=(AgendaRow("a", 30, {"en": "Arrival"}, {"en": "Sit down."}),),
                materials=(
                    Material(mine.key, {}, {}),
                    Material(theirs.key, {"en": "It failed."}, {}),
                ),
            ),
            Signature(Visibility.MEMBERS),
        ),
    )
    keys = held.key, taught.key
    before = told(taught.key, "workshop")
    file = made(trainer)
    beside = read_yaml(file.read("data/refers-to.yaml").decode())["refers-to"]
    said = {one["id"]: one["refers_to"][0] for one in beside}
    assert said[keys[0]]["why"] == {"en": "Because theirs."}
    assert said[keys[1]]["why"] == {"en": "It failed."}
    assert {one["title"] for one in said.values()} == {"Title of theirs"}
    words, hers = unpacked(file, tmp_path)
    make_empty()
    again = person(handle="invented-elsewhere")
    db.session.commit()
    report = import_files([*words, *hers], by=viewer_of(again))
    assert report.ok, list(report.lines())
    (only,) = told(keys[0], "collection")["entries"]
    assert only["why"] == {"en": "Because mine."}
    after = told(keys[1], "workshop")
    assert after["agenda"] == before["agenda"]
    assert after["materials"] == {"notes": [only["key"]]}
