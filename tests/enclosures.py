"""Files that stand with a workshop of a test."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cop.core.types import Lang
from cop.entries import enclosing, queries
from cop.entries.draft import Enclosure, TextDraft
from cop.people.viewer import SYSTEM
from cop.storage.documents import Vetted
from cop.workshops.operations import facts_now, publish
from tests import papers

if TYPE_CHECKING:
    from cop.core.types import Texts
    from cop.entries.models import Entry
    from cop.people.viewer import Viewer


def enclosed(by: Viewer, name: str, data: bytes, about: Texts, source: str = "") -> Enclosure:
    """Keep a file for what somebody writes, described and on terms."""
    kept = enclosing.keep(by=by, name=name, file=Vetted(name.rpartition(".")[2], data))
    return Enclosure(kept.id, about, "cc-by-sa", source)


def add_files(entry: Entry) -> None:
    """Let a workshop show a document and a sound."""
    told = queries.text_for(entry, Lang(entry.texts[0].lang))
    current = queries.current(told)
    facts = replace(
        facts_now(entry),
        files=(
            enclosed(
                SYSTEM,
                "会前三问.docx",
                papers.docx("会前先问三件事。"),
                {"zh-Hans": "一页的填写表", "en": "A table to fill in"},
                "Invented School, 2025",
            ),
            enclosed(SYSTEM, "talk.wav", papers.wav(), {"en": "An invented talk"}),
        ),
    )
    publish(
        by=SYSTEM,
        entry=entry,
        text=told,
        draft=TextDraft(Lang(told.lang), current.title, current.sections),
        facts=facts,
    )
