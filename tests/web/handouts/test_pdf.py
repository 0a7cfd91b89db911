"""A booklet becomes a PDF off the request, once for all who ask, and is served only while it says what is so."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.entries import operations
from cop.handouts import drawing, making, printing
from cop.handouts.drawing import Drawn, NotDrawn
from cop.handouts.models import Printed
from cop.jobs.models import Job
from cop.jobs.queue import LEASE, claim
from cop.jobs.worker import run_all
from cop.subscriptions import HANDLERS
from tests.collecting import collection
from tests.web.workshops.dating import give

HANDED = "%PDF-1.7 an invented file"


@pytest.fixture
def pencil(monkeypatch):
    """Draw nothing but these words, and gather what was to be drawn."""
    asked = []

    def drawn(words):
        asked.append(json.loads(words))
        return Drawn(f"{HANDED} {len(asked)}".encode(), 3)

    monkeypatch.setattr(making, "drawn", drawn)
    return asked


def address(entry):
    return f"/workshops/{entry.id}-an-invented-workshop/booklet"


def pdf(browser, entry, query=""):
    return browser.get(f"{address(entry)}.pdf{query}")


def ask(browser, entry, query=""):
    page = browser.get(f"{address(entry)}/pdf{query}").text
    form = page[page.index("<main") :]
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    action = re.search(r'method="post" action="([^"]+)"', form)
    assert token is not None, page
    assert action is not None, page
    return browser.post(action[1], data={"csrf_token": token[1]})


def test_it_is_asked_for_made_and_taken_along(app, english, hold, pencil):
    entry = hold()
    assert ask(english, entry).status_code == 303
    waiting = english.get(f"{address(entry)}/pdf").text
    assert "It is being made." in waiting
    assert "Look again" in waiting
    assert pdf(english, entry).status_code == 302
    run_all(app, HANDLERS)
    assert "It is ready: 3 pages." in english.get(f"{address(entry)}/pdf").text
    answer = pdf(english, entry)
    assert answer.data == f"{HANDED} 1".encode()
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "An invented workshop" in pencil[0]["html"]


def test_two_who_ask_at_once_have_it_made_once(app, english, hold, pencil):
    entry = hold()
    page = english.get(f"{address(entry)}/pdf").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page[page.index("<main") :])
    for _one in range(2):
        english.post(f"{address(entry)}/pdf", data={"csrf_token": token[1]})
    assert db.session.query(Job).filter(Job.name == printing.PDF_JOB).count() == 1
    assert db.session.query(Printed).count() == 1
    run_all(app, HANDLERS)
    assert len(pencil) == 1


def test_what_changed_since_is_made_anew_and_never_served_as_it_was(
    app, english, hold, make, pencil, trainer
):
    note = make.note(by=make.viewer(trainer), title="Soon gone")
    entry = hold(note)
    ask(english, entry)
    run_all(app, HANDLERS)
    assert pdf(english, entry).status_code == 200
    operations.withdraw(by=make.viewer(trainer), entry_id=note.id)
    db.session.commit()
    assert pdf(english, entry).status_code == 302
    assert "Make the PDF" in english.get(f"{address(entry)}/pdf").text
    ask(english, entry)
    run_all(app, HANDLERS)
    assert "Soon gone" not in pencil[1]["html"]
    assert pdf(english, entry).data.endswith(b" 2")


def test_it_holds_what_is_so_when_it_is_made(app, english, hold, make, pencil, trainer):
    note = make.note(by=make.viewer(trainer), title="Soon gone")
    entry = hold(note)
    ask(english, entry)
    operations.withdraw(by=make.viewer(trainer), entry_id=note.id)
    db.session.commit()
    run_all(app, HANDLERS)
    assert "Soon gone" not in pencil[0]["html"]
    assert pdf(english, entry).status_code == 200


def test_who_may_not_read_the_workshop_any_more_gets_no_file(
    app, english, hold, make, pencil, trainer
):
    entry = hold()
    ask(english, entry)
    run_all(app, HANDLERS)
    row = db.session.query(Printed).one()
    operations.withdraw(by=make.viewer(trainer), entry_id=entry.id)
    db.session.commit()
    assert pdf(english, entry).status_code == 410
    assert english.get(f"/workshops/booklets/{row.id}").status_code == 410


def test_a_file_for_members_is_for_members(app, desk, hold, make, pencil):
    entry = hold(visibility="members")
    ask(desk, entry)
    run_all(app, HANDLERS)
    assert pdf(desk, entry).status_code == 200
    row = db.session.query(Printed).one()
    stranger = app.test_client()
    assert pdf(stranger, entry).status_code == 404
    assert stranger.get(f"/workshops/booklets/{row.id}").status_code == 404


def test_killed_half_way_it_is_taken_up_again(app, english, hold, pencil, monkeypatch):
    entry = hold()
    run_all(app, HANDLERS)
    ask(english, entry)
    assert claim(db.session, limit=1)[0].name == printing.PDF_JOB
    db.session.commit()
    run_all(app, HANDLERS)
    assert pencil == []
    later = clock.now() + LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    run_all(app, HANDLERS)
    assert pdf(english, entry).status_code == 200


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("weasyprint", "pip install"),
        ("pango", "apt install libpango-1.0-0"),
        ("font", "fonts-noto-cjk"),
        ("slow", "took too long"),
        ("large", "too large"),
    ],
)
def test_where_it_cannot_be_made_the_page_says_why_and_offers_the_printer(
    app, english, hold, monkeypatch, why, says
):
    def refuse(_words):
        raise NotDrawn(why)

    monkeypatch.setattr(making, "drawn", refuse)
    entry = hold()
    ask(english, entry)
    run_all(app, HANDLERS)
    page = english.get(f"{address(entry)}/pdf").text
    assert says in page
    assert "Try again" in page
    assert "print the booklet from your browser" in page
    ask(english, entry)
    assert "It is being made." in english.get(f"{address(entry)}/pdf").text


def test_without_weasyprint_nobody_is_offered_what_cannot_be(english, hold, monkeypatch):
    from cop.handouts import file_views

    monkeypatch.setattr(file_views, "is_installed", lambda: False)
    page = english.get(f"{address(hold())}/pdf").text
    assert "pip install" in page
    assert "Make the PDF" not in page


def test_old_files_and_those_over_the_number_are_forgotten(app, english, hold, pencil, monkeypatch):
    first, second = hold(), hold()
    for entry in (first, second):
        ask(english, entry)
        run_all(app, HANDLERS)
    monkeypatch.setattr(printing, "MOST", 1)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))
    printing.sweep([])
    assert len(list(printing.store().all())) == 1
    assert pdf(english, second).status_code == 200
    assert pdf(english, first).status_code == 302
    monkeypatch.setattr(clock, "now", lambda: now + printing.KEPT + timedelta(hours=1))
    printing.sweep([])
    assert list(printing.store().all()) == []
    assert db.session.query(Printed).count() == 0


def test_no_more_than_so_many_wait(english, hold, monkeypatch):
    monkeypatch.setattr(printing, "WAITING", 1)
    ask(english, hold())
    assert ask(english, hold()).status_code == 429


def run_draw(html, images=None):
    """Let the program itself draw."""
    asked = {"html": html, "css": drawing.style(), "images": images or {}}
    try:
        return drawing.drawn(json.dumps(asked).encode())
    except NotDrawn as error:
        if error.why in {"weasyprint", "pango", "font"}:
            pytest.skip(f"no PDF can be drawn here: {error.why} is missing")
        raise


def test_the_program_draws_both_scripts_and_fetches_nothing(tmp_path):
    from pypdf import PdfReader

    secret = tmp_path / "secret.txt"
    secret.write_text("an invented secret")
    made = run_draw(
        '<!doctype html><html lang="zh-Hans"><title>虚构的手册</title><body>'
        f'<link rel="stylesheet" href="file://{secret}"><img src="file://{secret}" alt="">'
        f'<link rel="attachment" href="file://{secret}">'
        '<img src="http://127.0.0.1:9/x.png" alt="not there"><p>同行 and invented words</p></body></html>'
    )
    assert made.pages == 1
    read = PdfReader(io.BytesIO(made.data))
    text = read.pages[0].extract_text()
    assert "同行" in text
    assert "invented words" in text
    assert b"an invented secret" not in made.data
    assert not read.attachments
    assert read.metadata.title == "虚构的手册"
    assert "/MarkInfo" in read.trailer["/Root"]


def test_a_date_or_an_entry_less_in_a_collection_makes_it_anew(
    app, english, hold, make, pencil, trainer
):
    note = make.note(by=make.viewer(trainer), title="Soon gone")
    entry = hold(collection(make, note))
    ask(english, entry)
    run_all(app, HANDLERS)
    assert pdf(english, entry).status_code == 200
    give(entry)
    assert pdf(english, entry).status_code == 302
    ask(english, entry)
    run_all(app, HANDLERS)
    assert pdf(english, entry).status_code == 200
    operations.withdraw(by=make.viewer(trainer), entry_id=note.id)
    db.session.commit()
    assert pdf(english, entry).status_code == 302
