"""A workshop as somebody hands it in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cop.core.i18n import _l
from cop.core.types import Json, Lang, Texts
from cop.entries.draft import (
    Cited,
    Enclosure,
    Image,
    Signature,
    TextDraft,
    enclosures_from_json,
    enclosures_to_json,
    images_from_json,
    images_to_json,
)
from cop.entries.models import Visibility

FOR_WHOM, OBJECTIVES, SUPPLIES = "for_whom", "objectives", "supplies"
HANDOUT_TITLE, HANDOUT = "handout_title", "handout"
SECTIONS = (FOR_WHOM, OBJECTIVES, SUPPLIES, HANDOUT_TITLE, HANDOUT)
#: Sections that are a list: one thing a line.
LISTS = (OBJECTIVES, SUPPLIES)
SECTION_TITLES: Mapping[str, Any] = {
    # Translators: sections of a workshop.
    FOR_WHOM: _l("For whom"),
    OBJECTIVES: _l("You will be able to"),
    SUPPLIES: _l("What to bring"),
    HANDOUT_TITLE: _l("Title of the handout"),
    HANDOUT: _l("Handout"),
}
#: Names of the facts, for comparisons and messages.
FACT_TITLES: Mapping[str, Any] = {
    "title": _l("Title"),
    **SECTION_TITLES,
    "minutes": _l("Length in minutes"),
    "begins": _l("Begins at"),
    "group_min": _l("Participants, at least"),
    "group_max": _l("Participants, at most"),
    "agenda": _l("Agenda"),
    "exercises": _l("Exercises"),
    "links": _l("Elsewhere on the web"),
    "sources": _l("Sources"),
    "images": _l("Images"),
    "files": _l("Files"),
}


@dataclass(frozen=True)
class AgendaRow:
    """One part of the agenda; `id` stays with it wherever it is moved."""

    id: str
    minutes: int
    title: Texts = field(default_factory=dict)
    activity: Texts = field(default_factory=dict)
    #: Whether it is the first of another day.
    new_day: bool = False


@dataclass(frozen=True)
class Exercise:
    """Something participants do, with its instructions."""

    id: str
    title: Texts = field(default_factory=dict)
    instructions: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Material:
    """An entry by its key that the workshop is built on: why it is there, and what to do with it."""

    id: str
    why: Texts = field(default_factory=dict)
    how: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Outside:
    """A page elsewhere on the web: its address, the title it is kept under, and when its trainer looked at it."""

    id: str
    url: str
    #: "" where the page's own is shown.
    title: str = ""
    #: `2026-11-23`.
    looked: str = ""
    why: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class WorkshopFacts:
    """The checkable facts of a workshop, with all that stands in rows. Entries and sources are keys."""

    #: As its trainer says it; 0 where the agenda alone says it.
    minutes: int = 0
    #: `HH:MM`, or "" where it may begin at any time.
    begins: str = ""
    group_min: int | None = None
    group_max: int | None = None
    agenda: tuple[AgendaRow, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    materials: tuple[Material, ...] = ()
    links: tuple[Outside, ...] = ()
    sources: tuple[Cited, ...] = ()
    images: tuple[Image, ...] = ()
    files: tuple[Enclosure, ...] = ()

    def to_json(self) -> Json:
        """Return the facts as a revision keeps them: rows by id, so that changes of different ones merge."""
        values: dict[str, Any] = {
            "minutes": self.minutes or None,
            "begins": self.begins,
            "group_min": self.group_min,
            "group_max": self.group_max,
            "agenda": _numbered(self.agenda, _row_to_json),
            "exercises": _numbered(self.exercises, _exercise_to_json),
            "materials": _numbered(self.materials, _material_to_json),
            "links": _numbered(self.links, _link_to_json),
            "sources": [[cited.key, cited.at] for cited in self.sources],
            "images": images_to_json(self.images),
            "files": enclosures_to_json(self.files),
        }
        return {name: value for name, value in values.items() if value not in (None, "", [], {})}

    @classmethod
    def from_json(cls, values: Json) -> "WorkshopFacts":
        """Return the facts a revision kept."""
        return cls(
            minutes=values.get("minutes", 0),
            begins=values.get("begins", ""),
            group_min=values.get("group_min"),
            group_max=values.get("group_max"),
            agenda=tuple(
                AgendaRow(
                    key,
                    row.get("minutes", 0),
                    row.get("title", {}),
                    row.get("activity", {}),
                    bool(row.get("new_day")),
                )
                for key, row in _in_order(values.get("agenda", {}))
            ),
            exercises=tuple(
                Exercise(key, row.get("title", {}), row.get("instructions", {}))
                for key, row in _in_order(values.get("exercises", {}))
            ),
            materials=tuple(
                Material(key, row.get("why", {}), row.get("how", {}))
                for key, row in _in_order(values.get("materials", {}))
            ),
            links=tuple(
                Outside(
                    key,
                    row.get("url", ""),
                    row.get("title", ""),
                    row.get("looked", ""),
                    row.get("why", {}),
                )
                for key, row in _in_order(values.get("links", {}))
            ),
            sources=tuple(Cited(key, at) for key, at in values.get("sources", ())),
            images=images_from_json(values.get("images", {})),
            files=enclosures_from_json(values.get("files", {})),
        )

    def words_in(self, lang: Lang) -> list[tuple[str, str]]:
        """Return (title, Markdown) of what its rows tell in a language to all who read it, in reading order.

        What is said beside material stays out: it is for those who may open that.
        """
        said = [(row.title, row.activity) for row in self.agenda]
        said += [(one.title, one.instructions) for one in self.exercises]
        said += [({lang.value: one.title}, one.why) for one in self.links]
        return [(first.get(lang, ""), second.get(lang, "")) for first, second in said]


_Row = TypeVar("_Row", AgendaRow, Exercise, Material, Outside)


def _numbered(rows: Sequence[_Row], told: Callable[[_Row], Json]) -> Json:
    return {
        row.id: {"at": at, **{name: value for name, value in told(row).items() if value}}
        for at, row in enumerate(rows, 1)
    }


def _in_order(kept: Json) -> list[tuple[str, Json]]:
    return sorted(kept.items(), key=lambda row: (row[1].get("at", 0), row[0]))


def _row_to_json(row: AgendaRow) -> Json:
    return {
        "minutes": row.minutes,
        "new_day": row.new_day,
        "title": dict(row.title),
        "activity": dict(row.activity),
    }


def _exercise_to_json(one: Exercise) -> Json:
    return {"title": dict(one.title), "instructions": dict(one.instructions)}


def _material_to_json(one: Material) -> Json:
    return {"why": dict(one.why), "how": dict(one.how)}


def _link_to_json(one: Outside) -> Json:
    return {"url": one.url, "title": one.title, "looked": one.looked, "why": dict(one.why)}


@dataclass(frozen=True)
class WorkshopDraft:
    """A whole workshop: one text a language (the first is the one it was written in), facts, and who may read it."""

    texts: tuple[TextDraft, ...]
    facts: WorkshopFacts
    signature: Signature = field(default_factory=lambda: Signature(Visibility.PUBLIC))

    @property
    def lang(self) -> Lang:
        """The language it was first written in."""
        return self.texts[0].lang


def as_lines(words: str) -> list[str]:
    """Return what a list says, one thing a line, without the marks of a list."""
    lines = (line.strip() for line in words.splitlines())
    return [line[2:].strip() if line[:2] in ("- ", "* ", "+ ") else line for line in lines if line]


def as_list(lines: Sequence[str]) -> str:
    """Return lines as a list in Markdown: the one form in which a text keeps them."""
    return "\n".join(f"- {line}" for line in lines if line)
