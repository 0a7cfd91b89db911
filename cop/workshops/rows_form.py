"""The part of a form that holds rows: agenda, exercises, material and links, each as fields that go side by side.

Rows are moved and added by buttons that publish nothing, so that this works without script; what is to be taken away
is only ticked, so that it can be unticked.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask import request
from wtforms import StringField

from cop.core.i18n import _l
from cop.core.text import clean
from cop.core.types import Lang, Texts
from cop.entries.image_forms import Many
from cop.web.forms import BaseForm
from cop.workshops.draft import AgendaRow, Exercise, Material, Outside, WorkshopFacts

#: What the buttons that only rearrange are called: `rows:agenda:up:<id>`.
ROWS = "rows"
#: What Enter in a line of text presses: it finds where something is to be found, and publishes else.
ENTER = "enter"
#: Empty rows that a new agenda begins with.
_FIRST = 3
UP, DOWN, ADD, FIND = "up", "down", "add", "find"


class ManyTexts(Many):
    """All texts that were sent under one name, with their lines."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent, cleaned as texts are."""
        self.data = [clean(str(value), multiline=True) for value in valuelist]


@dataclass(frozen=True)
class TypedRow:
    """A row as typed."""

    id: str
    first: str = ""
    second: str = ""
    minutes: str = ""
    new_day: bool = False
    gone: bool = False
    #: Of a page elsewhere.
    url: str = ""
    looked: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.first or self.second or self.minutes)


class RowsForm(BaseForm):
    """A form with rows. The fields of one group go side by side; `…_day` and `…_gone` name ids."""

    agenda = Many(_l("Agenda"))
    agenda_minutes = Many()
    agenda_title = Many()
    agenda_activity = ManyTexts()
    agenda_day = Many()
    agenda_gone = Many()
    exercises = Many(_l("Exercises"))
    exercise_title = Many()
    exercise_instructions = ManyTexts()
    exercise_gone = Many()
    materials = Many(_l("Material"))
    material_why = Many()
    material_how = Many()
    material_gone = Many()
    links = Many(_l("Elsewhere on the web"))
    link_url = Many()
    link_title = Many()
    link_looked = Many()
    link_why = ManyTexts()
    link_gone = Many()
    #: Keys of what was found and chosen just now.
    material_take = Many()
    find = StringField(_l("Find case notes, practice pages, guides, discussions and collections"))

    @property
    def agenda_rows(self) -> list[TypedRow]:
        """The rows of the agenda, in order."""
        return self._rows("agenda", self.agenda_title, self.agenda_activity)

    @property
    def exercise_rows(self) -> list[TypedRow]:
        """The exercises, in order."""
        return self._rows("exercises", self.exercise_title, self.exercise_instructions)

    @property
    def material_rows(self) -> list[TypedRow]:
        """The material, in order, with what was chosen just now at its end."""
        rows = self._rows("materials", self.material_why, self.material_how)
        there = {row.id for row in rows}
        return rows + [
            TypedRow(key) for key in dict.fromkeys(self.material_take.data) if key not in there
        ]

    def _rows(self, group: str, first: Any, second: Any) -> list[TypedRow]:
        gone = set(self[_SINGULAR[group] + "_gone"].data)
        days = set(self.agenda_day.data) if group == "agenda" else set()
        ids = list(dict.fromkeys(self[group].data))
        columns = [self[f"{_SINGULAR[group]}_{name}"].data for name in _MORE.get(group, ())]
        rows = zip_longest(ids, first.data, second.data, *columns, fillvalue="")
        return [
            TypedRow(
                one,
                words,
                more,
                new_day=one in days,
                gone=one in gone,
                **dict(zip(_MORE.get(group, ()), others, strict=True)),
            )
            for one, words, more, *others in rows
            if one
        ]

    @property
    def link_rows(self) -> list[TypedRow]:
        """The pages elsewhere, in order."""
        return self._rows("links", self.link_title, self.link_why)

    def typed_agenda(self, lang: Lang, kept: Sequence[AgendaRow]) -> tuple[AgendaRow, ...]:
        """Return the agenda as handed in: in `lang` as typed, in the other language as `kept` has it."""
        before = {row.id: row for row in kept}
        rows = (row for row in self.agenda_rows if not row.gone)
        made: list[AgendaRow] = []
        for row in rows:
            known = before.get(row.id, AgendaRow(row.id, 0))
            title = _in(lang, known.title, row.first)
            activity = _in(lang, known.activity, row.second)
            if title or activity or row.minutes:
                made.append(
                    AgendaRow(
                        row.id, whole(row.minutes), title, activity, row.new_day and bool(made)
                    )
                )
        return tuple(made)

    def typed_exercises(self, lang: Lang, kept: Sequence[Exercise]) -> tuple[Exercise, ...]:
        """Return the exercises as handed in."""
        before = {one.id: one for one in kept}
        made = []
        for row in self.exercise_rows:
            known = before.get(row.id, Exercise(row.id))
            title = _in(lang, known.title, row.first)
            instructions = _in(lang, known.instructions, row.second)
            if not row.gone and (title or instructions):
                made.append(Exercise(row.id, title, instructions))
        return tuple(made)

    def typed_materials(self, lang: Lang, kept: Sequence[Material]) -> tuple[Material, ...]:
        """Return the material as handed in."""
        before = {one.id: one for one in kept}
        made = []
        for row in self.material_rows:
            known = before.get(row.id, Material(row.id))
            if not row.gone:
                why, how = _in(lang, known.why, row.first), _in(lang, known.how, row.second)
                made.append(Material(row.id, why, how))
        return tuple(made)

    def typed_links(self, lang: Lang, kept: Sequence[Outside]) -> tuple[Outside, ...]:
        """Return the pages elsewhere as handed in; an address typed without its beginning is given one."""
        before = {one.id: one for one in kept}
        made = []
        for row in self.link_rows:
            known = before.get(row.id, Outside(row.id, ""))
            url = row.url if not row.url or "://" in row.url else f"https://{row.url}"
            why = _in(lang, known.why, row.second)
            if not row.gone and (url or row.first or why):
                made.append(Outside(row.id, url, row.first, row.looked, why))
        return tuple(made)

    def put_rows(self, facts: WorkshopFacts, lang: Lang) -> None:
        """Fill in the rows of a published state, in one language."""
        self._put(
            "agenda",
            [
                TypedRow(
                    row.id,
                    row.title.get(lang, ""),
                    row.activity.get(lang, ""),
                    str(row.minutes),
                    new_day=row.new_day,
                )
                for row in facts.agenda
            ],
        )
        self._put(
            "exercises",
            [
                TypedRow(one.id, one.title.get(lang, ""), one.instructions.get(lang, ""))
                for one in facts.exercises
            ],
        )
        self._put(
            "materials",
            [
                TypedRow(one.id, one.why.get(lang, ""), one.how.get(lang, ""))
                for one in facts.materials
            ],
        )

        self._put(
            "links",
            [
                TypedRow(one.id, one.title, one.why.get(lang, ""), url=one.url, looked=one.looked)
                for one in facts.links
            ],
        )

    def begin_rows(self) -> None:
        """Offer a new workshop its first rows."""
        self._put("agenda", [TypedRow(_fresh()) for _at in range(_FIRST)])
        self._put("exercises", [TypedRow(_fresh())])

    def rearranged(self) -> bool:
        """Do what a button says that moves or adds a row, or finds material; return whether one was pressed."""
        act = request.form.get("act", "")
        if act == ENTER and self.find.data:
            act = f"{ROWS}:materials:{FIND}"
        name, _colon, rest = act.partition(":")
        group, _colon, rest = rest.partition(":")
        if name != ROWS or group not in _SINGULAR:
            return False
        rows = {
            "agenda": self.agenda_rows,
            "exercises": self.exercise_rows,
            "materials": self.material_rows,
            "links": self.link_rows,
        }[group]
        what, _colon, row_id = rest.partition(":")
        at = next((at for at, row in enumerate(rows) if row.id == row_id), None)
        if what == ADD and group != "materials":
            rows.append(TypedRow(_fresh()))
        elif what in (UP, DOWN) and at is not None:
            rows.insert(max(at + (-1 if what == UP else 1), 0), rows.pop(at))
        self._put(group, rows)
        return True

    def _put(self, group: str, rows: Sequence[TypedRow]) -> None:
        one = _SINGULAR[group]
        first, second = _FIELDS[group]
        self[group].data = [row.id for row in rows]
        self[first].data = [row.first for row in rows]
        self[second].data = [row.second for row in rows]
        self[f"{one}_gone"].data = [row.id for row in rows if row.gone]
        for name in _MORE.get(group, ()):
            self[f"{one}_{name}"].data = [getattr(row, name) for row in rows]
        if group == "agenda":
            self.agenda_day.data = [row.id for row in rows if row.new_day]
        if group == "materials":
            self.material_take.data = []


_SINGULAR = {
    "agenda": "agenda",
    "exercises": "exercise",
    "materials": "material",
    "links": "link",
}
_FIELDS = {
    "agenda": ("agenda_title", "agenda_activity"),
    "exercises": ("exercise_title", "exercise_instructions"),
    "materials": ("material_why", "material_how"),
    "links": ("link_title", "link_why"),
}
#: Fields that some groups have besides.
_MORE = {"agenda": ("minutes",), "links": ("url", "looked")}


def _fresh() -> str:
    """Return the id of a new row: two people who add one at once add two."""
    return secrets.token_hex(4)


def _in(lang: Lang, known: Texts, typed: str) -> Texts:
    others = {tongue: words for tongue, words in known.items() if tongue != lang}
    return {**others, lang.value: typed} if typed else others


def whole(typed: str) -> int:
    """Return minutes as typed, in either script; -1 for what is no whole number, which the domain refuses."""
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= 6 else (-1 if typed else 0)
