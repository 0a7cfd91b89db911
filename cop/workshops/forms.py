"""The editor of a workshop."""

from dataclasses import replace
from typing import Any, ClassVar

from wtforms import HiddenField, StringField, TextAreaField

from cop.core.types import Lang
from cop.entries import mentions
from cop.entries.draft import TextDraft
from cop.entries.editor_form import EditorForm
from cop.entries.models import Entry, Revision
from cop.entries.opening import is_signed_so
from cop.entries.readers_field import chosen_of
from cop.people.viewer import Viewer
from cop.web.forms import number_of
from cop.workshops.checking import lacking, settled, wrong_in
from cop.workshops.draft import (
    FACT_TITLES,
    HANDOUT,
    LISTS,
    SECTION_TITLES,
    SECTIONS,
    WorkshopDraft,
    WorkshopFacts,
    as_lines,
    as_list,
)
from cop.workshops.operations import KIND
from cop.workshops.rows_form import RowsForm, whole


class WorkshopForm(EditorForm, RowsForm):
    """A workshop as typed; `text`, `facts` and `signature` are what it says."""

    entry_kind: ClassVar[str] = KIND
    words: ClassVar[tuple[str, ...]] = ("title", *SECTIONS)
    whole_by: ClassVar[str] = "minutes"
    marked: ClassVar[tuple[str, ...]] = (HANDOUT,)

    title = StringField(FACT_TITLES["title"])
    for_whom = StringField(SECTION_TITLES["for_whom"])
    objectives = TextAreaField(SECTION_TITLES["objectives"])
    supplies = TextAreaField(SECTION_TITLES["supplies"])
    handout_title = StringField(SECTION_TITLES["handout_title"])
    handout = TextAreaField(SECTION_TITLES["handout"])
    minutes = StringField(FACT_TITLES["minutes"])
    begins = StringField(FACT_TITLES["begins"])
    group_min = StringField(FACT_TITLES["group_min"])
    group_max = StringField(FACT_TITLES["group_max"])
    facts_base = HiddenField()
    #: The workshop that this one was begun from.
    copied = HiddenField()

    #: The facts an edit starts from: what the form does not show stays as it is.
    kept: WorkshopFacts = WorkshopFacts()

    @property
    def text(self) -> TextDraft:
        """The telling: title and sections in its language."""
        typed = {name: self[name].data or "" for name in SECTIONS}
        typed |= {name: as_list(as_lines(typed[name])) for name in LISTS}
        filled = {name: words for name, words in typed.items() if words}
        return TextDraft(self.language, self.title.data or "", filled)

    @property
    def facts(self) -> WorkshopFacts:
        """The facts as chosen."""
        lang, kept = self.language, self.kept
        return replace(
            kept,
            minutes=whole(self.minutes.data or ""),
            begins=self.begins.data or "",
            group_min=self._people("group_min"),
            group_max=self._people("group_max"),
            agenda=self.typed_agenda(lang, kept.agenda),
            exercises=self.typed_exercises(lang, kept.exercises),
            materials=self.typed_materials(lang, kept.materials),
            images=self.described(lang, kept.images),
            files=self.enclosed(lang, kept.files),
            links=self.typed_links(lang, kept.links),
        )

    @property
    def facts_told(self) -> WorkshopFacts:
        """The facts as they stand, with what was typed into their rows: a telling changes nothing else.

        Rows that came or went while somebody told them are as they are now.
        """
        typed, now = self.facts, self.kept
        agenda = {row.id: row for row in typed.agenda}
        exercises = {one.id: one for one in typed.exercises}
        materials = {one.id: one for one in typed.materials}
        links = {one.id: one for one in typed.links}
        return replace(
            now,
            agenda=tuple(
                replace(row, title=agenda[row.id].title, activity=agenda[row.id].activity)
                if row.id in agenda
                else row
                for row in now.agenda
            ),
            exercises=tuple(exercises.get(one.id, one) for one in now.exercises),
            materials=tuple(materials.get(one.id, one) for one in now.materials),
            links=tuple(
                replace(one, why=links[one.id].why) if one.id in links else one for one in now.links
            ),
        )

    def _people(self, name: str) -> int | None:
        typed = (self[name].data or "").strip()
        return whole(typed) if typed else None

    @property
    def workshop_draft(self) -> WorkshopDraft:
        """Return the whole workshop as the operation takes it."""
        return WorkshopDraft((self.text,), self.facts, self.signature)

    def is_whole(self, *, telling: bool = False) -> bool:
        """Put a sentence beside everything that is missing or does not hold together; return whether nothing is.

        `telling` leaves images and files out: what they lack was asked for when they were added.
        """
        found = [*lacking(self.text), *wrong_in(self.facts)]
        for error in found:
            self.put_error(error.field, error.message)
        if telling:
            return not found
        pictured = self.describes_images(self.language, self.kept.images)
        return self.describes_enclosures(self.language, self.kept.files) and pictured and not found

    def says_more_than(self, by: Viewer, entry: Entry, published: Revision) -> bool:
        """Whether words, facts or signature differ from what stands published."""
        text = mentions.taken_draft(by, entry, self.text, published.sections)
        facts = settled(by, self.facts)
        return (
            (text.title, text.sections) != (published.title, published.sections)
            or facts.to_json() != published.facts
            or not is_signed_so(entry, self.signature)
        )

    @property
    def copied_id(self) -> int:
        """The workshop that this one was begun from; 0 where there is none."""
        return number_of(self.copied.data)

    @property
    def facts_base_id(self) -> int:
        """The revision whose facts the edit started from; 0 where the form names none."""
        return number_of(self.facts_base.data)


def values_of(entry: Entry, revision: Revision, lang: Lang) -> dict[str, Any]:
    """Return what the editor shows of the words of a workshop that exists, and of who may read it."""
    return {
        "lang": lang.tag,
        "title": revision.title,
        **words_of(revision.sections),
        "visibility": chosen_of(entry),
        "name_mask": entry.name_mask,
        "base": str(revision.id),
    }


def words_of(sections: dict[str, str]) -> dict[str, str]:
    """Return sections as the editor shows them: lists one thing a line."""
    return {
        name: "\n".join(as_lines(sections.get(name, "")))
        if name in LISTS
        else sections.get(name, "")
        for name in SECTIONS
    }


def values_of_facts(facts: WorkshopFacts) -> dict[str, Any]:
    """Return what the editor shows of facts beside their rows."""
    return {
        "minutes": str(facts.minutes or ""),
        "begins": facts.begins,
        "group_min": str(facts.group_min or ""),
        "group_max": str(facts.group_max or ""),
    }
