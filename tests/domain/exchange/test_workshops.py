"""Workshops leave and come back as they are, and name nothing that the export does not hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cop.collections.operations import collect
from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Entry, Visibility
from cop.exchange.exporter import export_to
from cop.exchange.importer import import_files
from cop.exchange.kept import STATES
from cop.people.viewer import SYSTEM
from cop.workshops import sessions, team
from cop.workshops.draft import (
    AgendaRow,
    Exercise,
    Material,
    Outside,
    WorkshopDraft,
    WorkshopFacts,
)
from cop.workshops.operations import publish_workshop
from cop.workshops.session_models import Spoken, WorkshopSession
from cop.workshops.sessions import SessionDraft
from tests.collecting import collection
from tests.domain.exchange.test_round_trip import make_empty


@pytest.fixture
def trainer(make):
    """Return the account of a trainer."""
    return make.user(handle="invented-trainer", grants=["trainer"])


@pytest.fixture
def two_days(make, trainer):
    """Return what makes a workshop over two days, built on these entries, told unevenly in two languages."""

    def made(*materials: Entry) -> Entry:
        entry = publish_workshop(
            by=make.viewer(trainer),
            draft=WorkshopDraft(
                (
                    TextDraft(
                        Lang.EN,
                        "Two invented days",
                        {"for_whom": "Anybody", "objectives": "- One\n- Two", "handout": "A list"},
                    ),
                    TextDraft(Lang.ZH, "两天", {"objectives": "- 一"}),
                ),
                WorkshopFacts(
                    minutes=90,
                    begins="09:30",
                    group_min=4,
                    agenda=(
                        AgendaRow("k2", 30, {"en": "Arrival"}, {"en": "Sit **down**."}),
                        AgendaRow("a1", 60, {"en": "Work", "zh-Hans": "干活"}, {}, new_day=True),
                    ),
                    exercises=(Exercise("x", {"en": "Swap"}, {"en": "Swap roles."}),),
                    materials=tuple(
                        Material(one.key, {"en": "It failed."}, {"zh-Hans": "两人一组读。"})
                        for one in materials
                    ),
                    links=(
                        Outside("w", "https://example.org/a", "", "2026-05-31", {"en": "Read."}),
                    ),
                ),
                Signature(Visibility.PUBLIC),
            ),
        )
        give(entry)
        db.session.commit()
        return entry

    return made


def give(entry):
    """Add two dates, one of them called off, with all that a date can say."""
    # By the clocks of Berlin, and to come.
    starts = datetime(clock.now().year + 1, 6, 5, 9, 30)  # noqa: DTZ001
    draft = SessionDraft(
        starts=starts,
        ends=starts + timedelta(days=1, hours=6),
        timezone="Europe/Berlin",
        venue="An invented hall",
        online=True,
        link="https://meet.example/never-exported",
        spoken=Spoken.BOTH,
        seats=12,
        closes_on=starts.date() - timedelta(days=2),
    )
    sessions.add_session(by=SYSTEM, entry_id=entry.id, draft=draft)
    plain = replace(draft, takes_sign_ups=False, spoken=Spoken.EN, seats=None, closes_on=None)
    off = sessions.add_session(by=SYSTEM, entry_id=entry.id, draft=plain)
    sessions.call_off(by=SYSTEM, entry_id=entry.id, number=off.number, reason="Flooded")


def test_an_export_taken_in_by_an_empty_site_gives_the_same_export(
    make, trainer, two_days, tmp_path
):
    for handle in ("invented-helper-a", "invented-helper-b"):
        make.user(handle=handle)
    author = make.viewer(trainer)
    note = make.note(by=author)
    made = two_days(note, make.discussion(by=author), held := collection(make, note, by=author))
    collect(by=author, collection_id=held.id, entry_id=made.id, reason="So, too.", lang=Lang.EN)
    team.put_names(made, ["invented-helper-b", "invented-helper-a"])
    silent = make.user(handle="invented-silent")
    team.invite(by=author, entry_id=made.id, user=silent)
    team.accept(by=make.viewer(silent), entry_id=made.id, named=False)
    db.session.commit()
    export_to(tmp_path / "one")
    make_empty()
    for handle in ("invented-trainer", "invented-helper-a", "invented-helper-b"):
        make.user(handle=handle)
    report = import_files(sorted((tmp_path / "one").glob("*.yaml")), by=SYSTEM)
    assert report.ok, list(report.lines())
    export_to(tmp_path / "two")
    name = "workshops.yaml"
    first, second = (tmp_path / one / name for one in ("one", "two"))
    assert first.read_text() == second.read_text()
    assert "words:" in first.read_text()
    assert "invented-helper-a" in first.read_text()
    assert "invented-silent" not in first.read_text()
    assert "collections:" in first.read_text()
    assert "new_day: true" in first.read_text()
    assert "looked: 2026-05-31" in first.read_text().replace('"', "").replace("'", "")
    assert 'called_off: "Flooded"' in first.read_text()
    assert "never-exported" not in first.read_text()
    uids = db.session.scalars(select(WorkshopSession.uid)).all()
    assert all(uid in first.read_text() for uid in uids)
    again = import_files(sorted((tmp_path / "two").glob("*.yaml")), by=SYSTEM)
    assert again.unchanged["workshop"] == 1


def test_material_outside_the_export_is_not_named_in_it(make, two_days, tmp_path):
    host = make.user()
    circle = make.circle(by=host)
    hidden = make.note(by=host, circle=circle, visibility="circle")
    two_days(make.note(key="e-shown"), hidden)
    # The trainer may not read it, so that only an operator's mistake could have linked it.
    export_to(tmp_path)
    told = (tmp_path / "workshops.yaml").read_text()
    assert "e-shown" in told
    assert hidden.key not in told


def test_a_changed_file_changes_what_nobody_edited_here(make, two_days, tmp_path):
    entry = two_days(make.note())
    export_to(tmp_path)
    file = tmp_path / "workshops.yaml"
    file.write_text(file.read_text().replace("Two invented days", "Three invented days"))
    report = import_files([file], by=SYSTEM)
    assert report.ok
    # It was made here and not imported, so that what stands here is kept.
    assert STATES["workshop"]([entry.key])[entry.key].record["title"]["en"] == "Two invented days"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("duration_minutes: 91", "adds up to"),
        ("begins: noon", "time of day"),
        ("materials: {links: [{url: javascript:a, looked: 2026-05-31}]}", "address of a page"),
        ("materials: {links: [{url: 'https://a.example', looked: 2999-01-01}]}", "past day"),
        (
            "dates: {given: [{day: 2027-06-05, begins: '09:00', ends: '08:00', timezone: UTC}]}",
            "before it begins",
        ),
        ("dates: {given: [{day: 2027-06-05, begins: '09:00', ends: '10:00'}]}", "timezone"),
        ("materials: {words: [{entry: nothing, why: {en: So}}]}", "not among the materials"),
    ],
)
def test_what_does_not_hold_together_is_a_bad_record(tmp_path, wrong, said):
    file = tmp_path / "workshops.yaml"
    file.write_text(
        "format: cop-workshops/1\nworkshops:\n  - id: one\n    title: {en: One}\n"
        f"    agenda: [{{minutes: 90, title: {{en: All}}}}]\n    {wrong}\n"
    )
    report = import_files([file], by=SYSTEM)
    assert not report.ok
    assert any(said in line for line in report.lines())
