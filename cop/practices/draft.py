"""A practice page as somebody hands it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cop.core.i18n import _l
from cop.core.types import Json, Lang, Texts
from cop.entries.draft import Cited, Signature, TextDraft
from cop.entries.models import Visibility
from cop.practices.models import Grade

SUMMARY, STEPS = "summary", "how"
SECTIONS = (SUMMARY, "when_to_use", STEPS, "conditions", "pitfalls", "dissent")
SECTION_TITLES: Mapping[str, Any] = {
    SUMMARY: _l("Summary"),
    "when_to_use": _l("When to use it"),
    STEPS: _l("Steps"),
    "conditions": _l("Conditions"),
    "pitfalls": _l("Pitfalls"),
    # Translators: the section of a practice page where people say what they see differently.
    "dissent": _l("Other views"),
}
#: What each section asks.
SECTION_HINTS: Mapping[str, Any] = {
    "summary": _l("One or two sentences: what this strategy is, and what it is good for."),
    "when_to_use": _l("In which situations it helps, and in which to leave it."),
    "how": _l("One step a line, each beginning with “1. ”."),
    "conditions": _l("What has to be there for it to work."),
    "pitfalls": _l("What went wrong for others, and where."),
    "dissent": _l("Who sees it differently, and why. Do not smooth it over."),
}
#: Where in a page a note can be cited: at the end of a section but the summary, or at a step of the list in `how`.
PLACES = (*SECTIONS[1:], *(f"{STEPS} {number}" for number in range(1, 41)))
#: Names of the facts, for comparisons and messages.
FACT_TITLES: Mapping[str, Any] = {
    "title": _l("Title"),
    **SECTION_TITLES,
    "strategy": _l("Strategy"),
    "grade": _l("Grade"),
    "grade_reason": _l("Reason for the grade"),
    "reviewed_on": _l("Last reviewed"),
    "review_by": _l("To be reviewed by"),
    "notes": _l("Case notes it cites"),
    # Translators: case notes that are cited beside a step or a section of a practice page.
    "attached": _l("Case notes beside steps"),
    "related": _l("Related strategies"),
    "sources": _l("Sources"),
}


@dataclass(frozen=True)
class Attached:
    """A case note that is cited at a place of a page: `how 3` is the third step, a section's name its end."""

    note: str
    at: str


@dataclass(frozen=True)
class PracticeFacts:
    """The checkable facts of a practice page. Strategies, notes and sources are keys, days `YYYY-MM-DD`."""

    strategy: str
    grade: str = Grade.STUB.value
    grade_reason: Texts = field(default_factory=dict)
    reviewed_on: str = ""
    review_by: str = ""
    #: Notes the text cites; they are its sources, and no part of the ledger for that.
    notes: tuple[str, ...] = ()
    #: Notes that are cited at one place of it.
    attached: tuple[Attached, ...] = ()
    related: tuple[str, ...] = ()
    sources: tuple[Cited, ...] = ()

    def to_json(self) -> Json:
        """Return the facts as a revision keeps them; empty values are left out."""
        values: dict[str, Any] = {
            "strategy": self.strategy,
            "grade": self.grade,
            "grade_reason": dict(self.grade_reason),
            "reviewed_on": self.reviewed_on,
            "review_by": self.review_by,
            "notes": list(self.notes),
            "attached": [[one.note, one.at] for one in self.attached],
            "related": list(self.related),
            "sources": [[cited.key, cited.at] for cited in self.sources],
        }
        return {name: value for name, value in values.items() if value not in ("", [], {})}

    @classmethod
    def from_json(cls, values: Json) -> "PracticeFacts":
        """Return the facts a revision kept."""
        return cls(
            strategy=values.get("strategy", ""),
            grade=values.get("grade", Grade.STUB.value),
            grade_reason=values.get("grade_reason", {}),
            reviewed_on=values.get("reviewed_on", ""),
            review_by=values.get("review_by", ""),
            notes=tuple(values.get("notes", ())),
            attached=tuple(Attached(note, at) for note, at in values.get("attached", ())),
            related=tuple(values.get("related", ())),
            sources=tuple(Cited(key, at) for key, at in values.get("sources", ())),
        )


@dataclass(frozen=True)
class PracticeDraft:
    """A whole page: one text a language (the first is the one it was written in), its facts, and who may read it."""

    texts: tuple[TextDraft, ...]
    facts: PracticeFacts
    signature: Signature = field(default_factory=lambda: Signature(Visibility.PUBLIC))

    @property
    def lang(self) -> Lang:
        """The language it was first written in."""
        return self.texts[0].lang
