"""The words of files: read by the worker in a bounded process, found by search, said plainly where there are none."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cop.core import bounded, clock
from cop.core.db import db
from cop.entries import file_words, operations
from cop.entries.enclosure_models import Enclosed, Reading
from cop.entries.image_models import Rendition
from cop.jobs import queue
from cop.people.viewer import SYSTEM
from cop.storage.documents import words_of
from cop.storage.files import files
from cop.storage.process import NotTaken
from tests import papers
from tests.web.workshops.test_files import published, upload

WORD = "Quillonbrax"
#: What search says of a file that answers.
IN_FILE = "In the file “board.docx”"


def known() -> Enclosed:
    db.session.expire_all()
    return db.session.scalars(select(Enclosed)).one()


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (papers.docx("中文的一段。", table="A cell"), "docx", ["中文的一段。", "A cell"]),
        (papers.pptx("A line", notes="Spoken"), "pptx", ["An invented slide", "A line", "Spoken"]),
        (papers.xlsx("单元格"), "xlsx", ["Invented sheet", "单元格", "Words in place", "4711"]),
        (papers.pdf("A page"), "pdf", ["A page"]),
    ],
)
def test_words_tables_notes_and_cells_are_read(data, kind, words):
    assert words_of(data, kind).split("\n") == words


def test_a_workshop_is_found_by_words_of_its_file_and_the_hit_names_the_file(desk, run_jobs, index):
    published(desk, papers.docx(f"Ask the board for {WORD} first."), visibility="public")
    run_jobs()
    index()
    assert known().reading == Reading.READ
    page = desk.get(f"/search?q={WORD}").text
    assert IN_FILE in page
    assert f"<mark>{WORD}</mark>" in page
    assert "Meeting an invented office" in page


def test_words_that_stand_late_in_a_long_file_are_found(desk, run_jobs, index):
    published(desk, papers.docx(*["An invented line of words."] * 4000, WORD))
    run_jobs()
    index()
    assert f"<mark>{WORD}</mark>" in desk.get(f"/search?q={WORD}").text


def test_who_may_not_read_the_workshop_finds_nothing_by_its_file(desk, app, run_jobs, index):
    place = published(desk, papers.docx(WORD), f"{WORD}.docx", visibility="public")
    number = int(re.findall(r"/workshops/(\d+)", place)[0])
    run_jobs()
    index()
    visitor = app.test_client()
    assert f"<mark>{WORD}</mark>" in visitor.get(f"/search?q={WORD}").text
    operations.hide(by=SYSTEM, entry_id=number, reason="Invented")
    run_jobs()
    assert "<mark>" not in visitor.get(f"/search?q={WORD}").text


def test_a_file_without_words_and_one_that_cannot_be_read_are_said_to_the_trainer_alone(
    desk, app, run_jobs, monkeypatch
):
    said = "No text could be read from it"
    place = published(desk, papers.pdf(""), "scan.pdf", visibility="public")
    assert "still being read" in desk.get(place).text
    run_jobs()
    assert known().reading == Reading.WORDLESS
    assert said in desk.get(place).text
    assert said not in app.test_client().get(place, follow_redirects=True).text


def test_reading_that_dies_loses_only_the_words(desk, run_jobs, monkeypatch, tmp_path):
    place = published(desk)
    dying = tmp_path / "dying.py"
    dying.write_text("import os; os.abort()")
    monkeypatch.setattr(bounded, "_PROGRAM", dying)
    run_jobs()
    assert known().reading == Reading.FAILED
    assert "board.docx" in desk.get(place).text


def test_a_worker_that_is_killed_while_it_reads_leaves_the_file_to_the_next(
    desk, run_jobs, monkeypatch
):
    published(desk, papers.docx(WORD))

    def killed(*_told: object) -> str:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(file_words, "words_of", killed)
        with pytest.raises(SystemExit):
            run_jobs()
    assert known().reading == Reading.WAITS
    later = clock.now() + queue.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    run_jobs()
    assert known().words == WORD


def test_while_others_are_read_a_file_waits_its_turn_and_loses_no_try(desk, run_jobs, monkeypatch):
    published(desk)

    def busy(*_told: object) -> str:
        raise NotTaken("busy")

    monkeypatch.setattr(file_words, "words_of", busy)
    run_jobs()
    assert known().reading == Reading.WAITS
    assert queue.parked(db.session) == []


def test_a_file_that_vanished_from_the_store_is_not_read_for_ever(desk, run_jobs):
    published(desk)
    files().delete(db.session.scalars(select(Rendition.sha256)).one())
    run_jobs()
    assert known().reading == Reading.FAILED


def test_sound_is_not_read(desk, run_jobs):
    upload(desk, papers.wav(), "a.wav")
    assert known().reading == Reading.NONE
