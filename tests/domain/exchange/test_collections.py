"""Collections in files: out and in again to the same bytes, without what others may not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.collections.operations import facts_now
from cop.core.db import db
from cop.entries import queries
from cop.exchange.exporter import export_to
from cop.exchange.importer import import_files
from cop.people.viewer import SYSTEM, VISITOR
from tests.collecting import collection
from tests.domain.exchange.test_round_trip import again

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
format: cop-collections/1
collections:
  - id: a-first-month
    title: {zh: 第一个月, en: A first month}
    purpose: {zh: 给新人。, en: "For newcomers, with **time**."}
    entries:
      - key: mianzhu-turned-away
        why: {zh: 先看失败的。}
      - key: practice-open-space
        why: {zh: 再看做法。, en: Then how it is done.}
      - key: discussion-leader-leaves
        why: {en: And ask.}
"""


def taken(tmp_path: Path, text: str = FILE) -> Any:
    path = tmp_path / "collections.yaml"
    path.write_text(text, encoding="utf-8")
    return import_files([path], by=SYSTEM)


@pytest.mark.usefixtures("starter")
def test_a_collection_of_a_file_comes_out_as_it_went_in(tmp_path: Path):
    report = taken(tmp_path)
    assert report.ok, list(report.lines())
    facts = facts_now(queries.by_key("a-first-month"))
    assert facts.entries[0] == "mianzhu-turned-away"
    assert facts.reasons["practice-open-space"]["en"] == "Then how it is done."
    assert not taken(tmp_path).changed
    again(tmp_path, VISITOR)
    written = (tmp_path / "two" / "collections.yaml").read_text(encoding="utf-8")
    assert "Then how it is done." in written


@pytest.mark.usefixtures("starter")
def test_another_state_of_the_file_changes_order_and_reasons(tmp_path: Path):
    taken(tmp_path)
    changed = FILE.replace("And ask.", "And then ask.").replace(
        "mianzhu-turned-away", "one-phone-call"
    )
    report = taken(tmp_path, changed)
    assert report.ok
    assert report.changed["collection"] == 1
    facts = facts_now(queries.by_key("a-first-month"))
    assert facts.entries[0] == "one-phone-call"
    assert facts.reasons["discussion-leader-leaves"]["en"] == "And then ask."


@pytest.mark.usefixtures("starter")
def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path: Path):
    report = taken(tmp_path, FILE.replace("practice-open-space", "mianzhu-turned-away"))
    assert "names an entry twice" in "\n".join(str(one) for one in report.problems)
    report = taken(tmp_path, FILE.replace("practice-open-space", "nothing-there"))
    assert "nothing-there" in "\n".join(str(one) for one in report.problems)
    assert queries.by_key("a-first-month") is None


def test_an_export_leaves_out_what_its_reader_may_not_open_with_its_reason(make, tmp_path: Path):
    inner = make.note(visibility="members", title="Invented inner")
    entry = collection(make, make.note(), inner, reasons=["Open why.", "Secret why."])
    make.comment(entry, "Invented comment on it")
    db.session.commit()
    export_to(tmp_path, viewer=VISITOR)
    written = (tmp_path / "collections.yaml").read_text(encoding="utf-8")
    assert "Open why." in written
    assert "Secret why." not in written
    assert inner.key not in written
