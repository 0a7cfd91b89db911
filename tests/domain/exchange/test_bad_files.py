"""What is wrong with a file is said with file, line and reason, and nothing of it is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Revision, Text
from cop.people.viewer import Viewer
from tests.domain.exchange.files import Write, count, load, note, notes, reasons


@pytest.mark.usefixtures("strategy")
class TestBadRecords:
    def test_one_bad_record_keeps_everything_out(self, write: Write):
        report = load(write(notes(note(), note("b", outcome="won"))))
        assert count() == 0
        assert not report.written
        assert any("Nothing was written" in line for line in report.lines())

    def test_the_report_names_file_line_and_reason(self, write: Write):
        text = notes(note(), note("b", outcome="wroked"))
        report = load(write(text))
        line = next(n for n, row in enumerate(text.splitlines(), 1) if "wroked" in row)
        (reason,) = reasons(report)
        assert reason.startswith(f"notes.yaml:{line}: ")
        assert "Did you mean “worked”?" in reason

    def test_all_problems_are_named_at_once(self, write: Write):
        report = load(write(notes(note(title="-"), note("b", outcome=3), note("c", strategies=[]))))
        assert len(report.problems) == 3

    def test_with_keep_going_the_good_ones_are_written(self, write: Write):
        report = load(write(notes(note(), note("b", outcome="won"), note("c"))), keep_going=True)
        assert report.added == {"note": 2}
        assert report.left_out == 1
        assert len(report.problems) == 1
        assert count() == 2

    def test_with_keep_going_what_refers_to_a_bad_record_is_left_out_too(self, write: Write):
        bad = write(
            "format: cop-organisations/1\norganisations:\n  - {id: broken, name: nothing}\n",
            "organisations.yaml",
        )
        told = write(notes(note(organisation={"key": "broken"}), note("b")))
        report = load(bad, told, keep_going=True)
        assert report.left_out == 2
        assert report.added == {"note": 1}

    def test_a_key_that_is_unknown_suggests_the_nearest(self, write: Write):
        (reason,) = reasons(load(write(notes(note(strategys=["x"])))))
        assert "There is no key “strategys” here. Did you mean “strategies”?" in reason

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"id": "Not A Key"}, "“id” must be a key"),
            ({"id": "-"}, "“id” is missing"),
            ({"strategies": ["open-spice"]}, "Did you mean “open-space”?"),
            ({"strategies": ["open-space", "open-space"]}, "stands in the list twice"),
            ({"sectors": ["open-space"]}, "is a term of the list “strategy”, not of “sector”"),
            ({"place": "atlantis"}, "There is no term “atlantis”"),
            ({"organisation": {"key": "nobody"}}, "There is no organisation “nobody”"),
            ({"organisation": {"anonymous": True, "key": "x"}}, "take “key” out"),
            ({"author": "nobody-here"}, "There is no account “nobody-here”"),
            ({"source": [{"ref": "no-paper"}]}, "There is no source “no-paper”"),
            ({"title": {"fr": "Titre"}}, "“fr” is no language of this site"),
            ({"title": "Only text"}, "must be given by language"),
            ({"title": {"en": "x" * 161}}, "has 161 characters; at most 160 fit"),
            ({"title": {"en": "A", "zh": "甲"}}, "“what_happened” lacks its text in “zh”"),
            ({"outcome_reason": {"en": "A", "zh": "甲"}}, "but the title has none"),
            ({"title": {"en": "\u200b \u3000"}}, "“title” is missing or empty"),
            ({"period": {"start": 2020, "end": 2019}}, "The end lies before the beginning"),
            ({"period": {"start": "2019-02-30"}}, "Write a year (2019)"),
            ({"period": {"start": "last year"}}, "Write a year (2019)"),
            ({"dates": {"published": "2999-01-01"}}, "must be a past day"),
            ({"dates": {"published": "2020-01-01T08:00:00"}}, "must be a past day"),
            ({"visibility": "circle"}, "must be one of: public, members"),
            ({"uses": [{"strategy": "open-space", "outcome": "great"}]}, "must be one of"),
            ({"uses": [{"strategy": "daxing"}]}, "not among the strategies"),
            ({"lang": "zh"}, "names a language in which there is no title"),
            ({"masks": {"name": True}}, "must be one of: shown, unnamed"),
            ({"sections": {"what_happened": {"en": "x"}}}, "“what_we_learned” is missing"),
            ({"sections": ["x"]}, "must be a map"),
            ({"strategies": "open-space"}, "must be a list"),
            ({"reviewed_by_organisations": "no"}, "must be true or false"),
        ],
    )
    def test_what_does_not_fit_is_said_in_a_sentence(
        self, write: Write, more: dict[str, Any], said: str
    ):
        report = load(write(notes(note(**more))))
        assert any(said in reason for reason in reasons(report)), reasons(report)
        assert count() == 0

    def test_a_key_that_stands_twice_names_the_first_place(self, write: Write):
        (reason,) = reasons(load(write(notes(note(), note()))))
        assert "“a-note” stands in notes.yaml, line 3, already." in reason

    def test_a_file_without_a_format_is_told_which_there_are(self, write: Write):
        (reason,) = reasons(load(write("notes: []\n")))
        assert "cop-notes/1" in reason

    def test_what_the_operations_refuse_is_a_bad_record_too(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("cop.exchange.importer._post", _refuse_b)
        path = write(notes(note("b"), note("c")))
        report = load(path, keep_going=True)
        assert report.left_out == 1
        assert report.added == {"note": 1}
        assert any("refused" in reason for reason in reasons(report))
        report = load(path)
        assert report.stopped
        assert not report.added
        assert any("run the import again" in line for line in report.lines())


def _refuse_b(author: Viewer, record: dict[str, Any]) -> None:
    from cop.core.errors import Invalid

    if record["id"] == "b":
        raise Invalid("title", "refused")


def _problem(*paths: Path) -> Sequence[str]:
    return reasons(load(*paths))


class TestHostileFiles:
    def test_aliases_are_not_read(self, write: Write):
        bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
        (reason,) = _problem(write(bomb))
        assert reason == "notes.yaml:2: Aliases (*name) are not read; write the text out."

    @pytest.mark.parametrize(
        "tag", ["!!python/object/apply:os.system ['true']", "!x y", "!!set {a}"]
    )
    def test_tags_are_not_read(self, write: Write, tag: str):
        (reason,) = _problem(write(f"format: cop-notes/1\nnotes: {tag}\n"))
        assert reason == "notes.yaml:2: Tags (!name) are not read; leave them out."

    @pytest.mark.parametrize(
        "text",
        [
            "[" * 100_000,
            "{a: " * 5_000,
            "format: cop-notes/1\nnotes:\n" + "- " * 3_000,
            "a: b: c",
            "\t- x",
            "a: 'x",
            "%YAML 9.9\n---\nx",
            "--- a\n--- b\n",
            "a: 1\na: 2\n",
            "? [a]\n: b\n",
            "",
            "null",
            "just words",
            "- a\n",
            "format: [x]\n",
            "format: cop-notes/1\nnotes: 5\n",
            "format: cop-notes/1\nnotes: [5, null, [x]]\n",
            "format: cop-notes/1\nlanguages: 3\nwritten_by: me\nreviewed_by_organisations: 1\n",
            "format: cop-taxonomy/1\nschemes: [{id: x, title: {en: X}, concepts: {a: b}}]\n",
            "format: cop-notes/1\nnotes: [{id: \x00}]",
        ],
    )
    def test_nonsense_gives_sentences_and_no_traceback(self, write: Write, text: str):
        report = load(write(text))
        assert report.problems
        assert not report.written
        assert count() == 0

    @pytest.mark.parametrize(
        "line",
        [
            "{",
            "[]",
            '"x"',
            '{"kind": "note"',
            '{"kind": "nothing"}',
            '{"kind": 5}',
            '{"kind": "note", "id": NaN}',
            '{"kind": "note", "id": 1e999}',
            '{"kind": "note", "kind": "note"}',
            "[" * 100_000,
            '{"kind": "note", "title": {"en": ' + "[" * 50 + "]" * 50 + "}}",
        ],
    )
    def test_nonsense_in_a_line_gives_a_sentence_too(self, write: Write, line: str):
        report = load(write("\n" + line + "\n", "x.jsonl"))
        assert report.problems
        assert all(problem.line == 2 for problem in report.problems)

    def test_other_encodings_other_names_and_missing_files_are_told(self, tmp_path: Path):
        latin = tmp_path / "latin.yaml"
        latin.write_bytes("format: cop-notes/1\nnotes: ['é']".encode("latin-1"))
        other = tmp_path / "notes.txt"
        other.write_text("x")
        missing = tmp_path / "missing.yaml"
        assert "UTF-8" in _problem(latin)[0]
        assert "must end in .yaml or .jsonl" in _problem(other)[0]
        assert "cannot be read" in _problem(missing)[0]
        assert "cannot be read" in _problem(tmp_path / "missing.jsonl")[0]

    def test_a_file_that_is_too_large_is_not_read(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("cop.exchange.reading.LARGEST_YAML", 100)
        monkeypatch.setattr("cop.exchange.reading.LONGEST_LINE", 100)
        assert "use JSONL" in _problem(write("x" * 101))[0]
        assert "too long" in _problem(write("x" * 101, "x.jsonl"))[0]

    @pytest.mark.usefixtures("strategy")
    def test_markup_and_control_characters_are_cleaned_as_everywhere(self, write: Write):
        title = {"en": "A\u202e title\u0007 <script>"}
        assert load(write(notes(note(title=title)))).ok
        assert db.session.scalars(select(Text.title)).one() == "A title <script>"
        html = db.session.scalars(select(Revision.html)).one()
        assert "<script" not in json.dumps(html)


def terms(*told: str) -> str:
    head = "format: cop-taxonomy/1\nschemes:\n  - id: strategy\n    title: {en: Strategies}\n"
    return head + "    concepts:\n" + "".join(f"      - {{{one}}}\n" for one in told)


class TestTermsThatLeadRound:
    @pytest.mark.parametrize(
        ("way", "said"),
        [
            ("merged_into: {}", "would be merged into itself"),
            ("broader: [{}]", "broader than itse"),
        ],
    )
    def test_a_circle_of_terms_is_said_and_not_written(self, write: Write, way: str, said: str):
        told = [
            f"id: {key}, pref_label: {{en: {key}}}, {way.format(other)}"
            for key, other in (("one", "two"), ("two", "three"), ("three", "one"))
        ]
        found = reasons(load(write(terms(*told), "terms.yaml")))
        assert len(found) == 3
        assert all(said in one for one in found)
        assert "terms.yaml:6" in found[0]

    def test_a_circle_over_a_term_that_is_there_is_one_too(self, write: Write):
        first = terms(
            "id: one, pref_label: {en: One}", "id: two, pref_label: {en: Two}, merged_into: one"
        )
        assert load(write(first, "first.yaml")).written
        later = terms("id: one, pref_label: {en: One}, merged_into: two")
        (found,) = reasons(load(write(later, "later.yaml")))
        assert "would be merged into itself" in found
