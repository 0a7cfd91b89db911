"""Questions over the starter content with graded answers, how they are asked, and how an answer is judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from math import log2
from pathlib import Path

from ruamel.yaml import YAML
from sqlalchemy import select

from cop.core.db import db
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discover.asking import Asked
from cop.discover.searching import PAGE_SIZE, search
from cop.entries.models import Entry
from cop.people.viewer import VISITOR

GRADES = {"best": 3, "good": 2, "related": 1}
#: More than there are notes: who asks whether something is found at all looks at everything.
EVERYTHING = 200


@dataclass(frozen=True)
class Question:
    """What a visitor asks in her language, and what the content has to say to it."""

    about: str
    ask: str
    lang: str
    best: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    nothing: bool = False
    #: The words are misspelt: the answer may need the spelling that was meant.
    meant: bool = False
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def grades(self) -> dict[str, int]:
        """The grade of each answer that has one."""
        return {key: grade for name, grade in GRADES.items() for key in getattr(self, name)}

    def asked(self, text: str = "") -> Asked:
        """Return the question as the search page takes it, in other words where some are given."""
        return Asked(text or self.ask, self.filters)


@cache
def questions() -> tuple[Question, ...]:
    """Return all questions of the file."""
    path = Path(__file__).with_name("questions.yaml")
    read = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return tuple(
        Question(
            about=group["about"],
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in one.items()
            },
        )
        for group in read
        for one in group["questions"]
    )


def answers(question: Question, text: str = "", *, size: int = EVERYTHING) -> list[str]:
    """Return the keys of what a visitor finds, best first."""
    with speaking(Lang.of_tag(question.lang) or Lang.EN):
        found = search(VISITOR, question.asked(text), size=size)
    keys = dict(
        db.session.execute(
            select(Entry.id, Entry.key).where(Entry.id.in_([card.id for card in found.cards]))
        ).all()
    )
    return [keys[card.id] for card in found.cards]


def ndcg(question: Question, found: list[str]) -> float:
    """Return how good the first page is, of how good it could be: 1 where the best come first."""
    grades = question.grades
    ideal = sorted(grades.values(), reverse=True)[:PAGE_SIZE]
    return _gained([grades.get(key, 0) for key in found[:PAGE_SIZE]]) / _gained(ideal)


def _gained(grades: list[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))
