"""Importing is all or nothing, changes nothing the second time, and keeps what was edited on the site."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import operations as entries, queries
from cop.entries.draft import TextDraft
from cop.entries.models import NameMask
from cop.exchange import writing
from cop.exchange.exporter import images_left_out
from cop.exchange.importer import import_files
from cop.exchange.starter import load_starter
from cop.notes.draft import NoteFacts
from cop.notes.models import CaseNote, StrategyUse
from cop.notes.revising import revise_note
from cop.people.models import Organisation
from cop.people.system import system_account
from cop.people.viewer import SYSTEM
from cop.terms.models import Term
from cop.terms.queries import by_label
from tests.domain.exchange.files import Write, count, entry, load, note, notes, reasons
from tests.make import Make


@pytest.mark.usefixtures("strategy")
class TestGoodFiles:
    def test_a_note_needs_no_more_than_the_editor_asks_for(self, write: Write):
        report = load(write(notes(note())))
        assert report.ok, reasons(report)
        assert report.added == {"note": 1}
        assert entry("a-note").audience == "public"
        assert [text.lang for text in entry("a-note").texts] == ["en"]

    def test_a_note_may_be_told_in_chinese_only(self, write: Write):
        zh = {"zh": "只有中文"}
        sections = {"what_happened": zh, "what_we_learned": zh}
        report = load(write(notes(note(title=zh, outcome_reason=zh, sections=sections))))
        assert report.ok, reasons(report)
        assert entry("a-note").lang == "zh-Hans"
        assert [text.title for text in entry("a-note").texts] == ["只有中文"]

    def test_a_line_of_json_is_an_item_too(self, write: Write):
        item = {
            "kind": "note",
            "id": "a-line",
            "title": {"zh": "一行"},
            "strategies": ["open-space"],
            "outcome": "worked",
            "outcome_reason": {"zh": "因为"},
            "sections": {"what_happened": {"zh": "甲"}, "what_we_learned": {"zh": "乙"}},
        }
        report = load(write(json.dumps(item) + "\n\n", "notes.jsonl"))
        assert report.ok, reasons(report)
        assert entry("a-line").lang == "zh-Hans"

    def test_a_file_may_refer_to_a_file_imported_with_it(self, write: Write):
        organisations = write(
            "format: cop-organisations/1\norganisations:\n"
            "  - id: an-organisation\n    name: {en: An Invented Organisation}\n",
            "organisations.yaml",
        )
        told = write(notes(note(organisation={"key": "an-organisation"})))
        assert load(told, organisations).ok
        facts = db.session.get_one(CaseNote, entry("a-note").id)
        assert facts.organisation_id is not None

    def test_what_is_imported_for_a_newcomer_waits_for_nobody(self, write: Write, make: Make):
        newcomer = make.newcomer()
        assert load(write(notes(note(visibility="public"))), by=newcomer).ok
        assert entry("a-note").status == "published"
        assert entry("a-note").author_id == newcomer.id

    def test_the_author_is_the_account_a_record_names(self, write: Write, make: Make):
        user = make.user(handle="invented-wu")
        assert load(write(notes(note(author="invented-wu")))).ok
        assert entry("a-note").author_id == user.id
        text = entry("a-note").texts[0]
        assert queries.current(text).editor_id == user.id

    def test_without_an_author_it_is_whoever_imports(self, write: Write, make: Make):
        member = make.member()
        assert load(write(notes(note())), by=member).ok
        assert entry("a-note").author_id == member.id
        assert entry("a-note").visibility == "members"

    def test_without_anybody_it_is_the_editors(self, write: Write):
        assert load(write(notes(note()))).ok
        assert entry("a-note").author_id == system_account().id

    def test_who_asks_to_stay_unnamed_does(self, write: Write, make: Make):
        make.user(handle="invented-wu")
        told = note(author="invented-wu", masks={"name": "unnamed"}, visibility="members")
        assert load(write(notes(told))).ok
        assert entry("a-note").name_mask == NameMask.UNNAMED
        assert entry("a-note").audience == "members"

    def test_a_date_of_publication_is_kept(self, write: Write):
        assert load(write(notes(note(dates={"published": "2020-02-29"})))).ok
        assert entry("a-note").published_at.isoformat() == "2020-02-29T00:00:00+00:00"

    def test_the_head_of_a_file_speaks_for_its_notes(self, write: Write):
        head = "written_by: editors\nreviewed_by_organisations: false\n"
        assert load(write(notes(note(), note("b", written_by="member"), head=head))).ok
        assert entry("a-note").written_by == "editors"
        assert not entry("a-note").reviewed_by_organisations
        assert entry("b").written_by == "member"

    def test_the_language_it_was_written_in_is_the_first_of_the_title_or_said(self, write: Write):
        both = {"en": "Same", "zh": "一样"}
        sections = {"what_happened": both, "what_we_learned": both}
        more = {"title": both, "outcome_reason": both, "sections": sections}
        assert load(write(notes(note(**more), note("b", lang="zh", **more)))).ok
        assert entry("a-note").lang == "en"
        assert entry("b").lang == "zh-Hans"

    def test_facts_of_all_kinds_arrive(self, write: Write, make: Make):
        make.term("elderly", scheme="sector")
        make.term("phase-1", scheme="phase")
        make.term("beijing", scheme="place")
        use = {"strategy": "open-space", "outcome": "failed", "durability": "stopped"}
        told = note(
            project="a-project",
            place="beijing",
            period={"start": 2019, "end": "2020-05-01", "zh": "大约", "exact": False},
            sectors=["elderly"],
            phase="phase-1",
            evidence="second-hand",
            uses=[use | {"side_effects": {"en": "Some."}}],
            organisation={"anonymous": True, "en": "A small group"},
        )
        report = load(write(notes(told)))
        assert report.ok, reasons(report)
        facts = db.session.get_one(CaseNote, entry("a-note").id)
        assert (facts.started, facts.ended, facts.period_exact) == ("2019", "2020-05-01", False)
        assert (facts.project, facts.evidence) == ("a-project", "second-hand")
        assert facts.described_as == {"en": "A small group"}
        used = db.session.scalars(select(StrategyUse)).one()
        assert (used.outcome, used.durability) == ("failed", "stopped")
        assert used.side_effects == {"en": "Some."}
        assert load(write(notes(told))).unchanged == {"note": 1}

    def test_terms_may_have_hidden_labels_and_be_merged(self, write: Write):
        path = write(
            "format: cop-taxonomy/1\nschemes:\n  - id: sector\n    title: {en: Sectors}\n"
            "    concepts:\n"
            "      - {id: old, pref_label: {en: Old}, merged_into: new}\n"
            "      - {id: new, pref_label: {en: New}, hidden_labels: {en: [Nwe], zh: [新]}}\n",
            "taxonomy.yaml",
        )
        assert load(path).ok
        assert [term.key for term in by_label("nwe")] == ["new"]
        assert [term.key for term in by_label("old")] == ["new"]
        assert load(path).unchanged == {"scheme": 1, "term": 2}
        (reason,) = reasons(load(write(notes(note(sectors=["old"])))))
        assert "“old” was merged into “new”; use that." in reason

    def test_progress_is_told_to_its_end(self, write: Write):
        told: list[tuple[int, int, str]] = []
        many = [note(f"n-{number}") for number in range(writing.BATCH + 1)]
        path = write(notes(*many))
        import_files([path], by=SYSTEM, progress=lambda *step: told.append(step))
        # Notes are written, and then linked with each other.
        steps = 2 * len(many)
        assert told[-1] == (steps, steps, "note")
        assert (writing.BATCH, steps, "note") in told
        assert {what for _done, _total, what in told} == {"check", "note"}


@pytest.mark.usefixtures("strategy")
class TestAgain:
    def test_the_same_file_twice_changes_nothing(self, write: Write):
        path = write(notes(note(), note("b")))
        load(path)
        version = entry("b").version
        report = load(path)
        assert report.unchanged == {"note": 2}
        assert not report.added + report.changed
        assert entry("b").version == version

    def test_a_changed_file_changes_what_nobody_touched(self, write: Write):
        load(write(notes(note(), note("b"))))
        sections = {"what_happened": {"en": "Something else."}, "what_we_learned": {"en": "That."}}
        told = notes(note(outcome="failed", sections=sections), note("b"))
        report = load(write(told))
        assert (report.changed, report.unchanged) == ({"note": 1}, {"note": 1})
        revision = queries.current(entry("a-note").texts[0])
        assert revision.sections["what_happened"] == "Something else."
        assert db.session.get_one(CaseNote, entry("a-note").id).outcome == "failed"
        assert load(write(told)).unchanged == {"note": 2}

    def test_images_that_were_added_here_stay(self, write: Write, make: Make):
        load(write(notes(note())))
        found = entry("a-note")
        now = queries.current(queries.get(SYSTEM, found.id).texts[0])
        image = make.image(by=SYSTEM)
        revise_note(
            by=SYSTEM,
            entry_id=found.id,
            base_id=now.id,
            draft=TextDraft(Lang.EN, now.title, now.sections),
            facts=replace(NoteFacts.from_json(now.facts), images=(image,)),
            signature=None,
        )
        assert load(write(notes(note(outcome="failed")))).changed == {"note": 1}
        kept = NoteFacts.from_json(queries.latest_facts(queries.get(SYSTEM, found.id)).facts)
        assert (kept.outcome, kept.images) == ("failed", (image,))
        assert images_left_out() == 1

    def test_a_language_that_was_added_to_the_file_is_added_here(self, write: Write):
        load(write(notes(note())))
        both = {"en": "Same", "zh": "一样"}
        sections = {"what_happened": both, "what_we_learned": both}
        told = write(notes(note(title=both, outcome_reason=both, sections=sections)))
        assert load(told).changed == {"note": 1}
        assert {text.lang for text in entry("a-note").texts} == {"en", "zh-Hans"}
        assert load(told).unchanged == {"note": 1}

    def test_a_language_that_was_taken_out_of_the_file_stays_here(self, write: Write):
        both = {"en": "Same", "zh": "一样"}
        sections = {"what_happened": both, "what_we_learned": both}
        load(write(notes(note(title=both, outcome_reason=both, sections=sections))))
        told = write(notes(note()))
        assert load(told).changed == {"note": 1}
        assert {text.lang for text in entry("a-note").texts} == {"en", "zh-Hans"}
        assert load(told).unchanged == {"note": 1}

    def test_what_was_edited_on_the_site_is_kept_and_reported(self, write: Write):
        load(write(notes(note())))
        _edit("a-note", "Edited here.")
        report = load(write(notes(note(outcome="failed"))))
        assert [kept.key for kept in report.kept] == ["a-note"]
        assert any("edited on the site" in line for line in report.lines())
        revision = queries.current(entry("a-note").texts[0])
        assert revision.sections["what_happened"] == "Edited here."
        assert db.session.get_one(CaseNote, entry("a-note").id).outcome == "mixed"

    def test_a_change_of_visibility_is_an_edit_too(self, write: Write):
        path = write(notes(note()))
        load(path)
        row = entry("a-note")
        row.visibility = "members"
        db.session.flush()
        assert [kept.key for kept in load(path).kept] == ["a-note"]

    def test_what_was_hidden_or_withdrawn_stays_so(self, write: Write, make: Make):
        load(write(notes(note(), note("b"))))
        entries.hide(by=make.member("moderator"), entry_id=entry("a-note").id, reason="a test")
        report = load(write(notes(note(outcome="failed"), note("b", outcome="failed"))))
        assert [kept.key for kept in report.kept] == ["a-note"]
        assert entry("a-note").status == "hidden"
        assert report.changed == {"note": 1}

    def test_what_left_the_file_is_not_deleted(self, write: Write):
        load(write(notes(note(), note("b"))))
        load(write(notes(note())))
        assert count() == 2


@pytest.mark.usefixtures("starter")
def test_an_edited_term_and_an_edited_organisation_are_kept():
    term = db.session.scalars(select(Term).where(Term.key == "open-space")).one()
    term.definition = {"en": "Edited here."}
    organisation = db.session.scalars(select(Organisation).where(Organisation.key == "ssca")).one()
    organisation.name = {"en": "Renamed here"}
    db.session.flush()
    report = load_starter()
    assert [(kept.kind, kept.key) for kept in report.kept] == [
        ("term", "open-space"),
        ("organisation", "ssca"),
    ]
    assert term.definition == {"en": "Edited here."}


def _edit(key: str, text: str) -> None:
    row = entry(key)
    base = queries.current(row.texts[0])
    sections = base.sections | {"what_happened": text}
    revise_note(
        by=system_account(),
        entry_id=row.id,
        base_id=base.id,
        draft=TextDraft(Lang.EN, base.title, sections),
        facts=NoteFacts.from_json(base.facts),
        signature=None,
    )


@pytest.mark.usefixtures("strategy")
class TestInterrupted:
    def test_an_interrupted_import_is_finished_by_running_it_again(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(writing, "BATCH", 2)
        monkeypatch.setattr(writing.batches, "__defaults__", (2,))
        path = write(notes(*(note(f"n-{number}") for number in range(5))))
        with pytest.raises(KeyboardInterrupt):
            import_files([path], by=SYSTEM, progress=_stop_after(2, "note"))
        assert count() == 2
        report = load(path)
        assert (report.added, report.unchanged) == ({"note": 3}, {"note": 2})
        assert count() == 5

    def test_terms_whose_relations_were_not_written_yet_are_finished_too(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(writing.batches, "__defaults__", (1,))
        path = write(
            "format: cop-taxonomy/1\nschemes:\n  - id: sector\n    title: {en: Sectors}\n"
            "    concepts:\n"
            "      - {id: one, pref_label: {en: One}, related: [two]}\n"
            "      - {id: two, pref_label: {en: Two}, broader: [three]}\n"
            "      - {id: three, pref_label: {en: Three}}\n",
            "taxonomy.yaml",
        )
        with pytest.raises(KeyboardInterrupt):
            import_files([path], by=SYSTEM, progress=_stop_after(3, "term"))
        assert load(path).ok
        report = load(path)
        assert report.unchanged == {"scheme": 1, "term": 3}
        assert not report.kept


def _stop_after(steps: int, what: str) -> Callable[[int, int, str], None]:
    seen: list[int] = []

    def progress(done: int, total: int, kind: str) -> None:
        if kind == what:
            seen.append(done)
            if len(seen) == (1 if what == "note" else steps):
                raise KeyboardInterrupt

    return progress
