"""A discussion as somebody hands it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cop.core.i18n import _l
from cop.core.types import Json, Lang
from cop.discussions.models import Form
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

BODY = "body"
SECTIONS = (BODY,)
SECTION_TITLES: Mapping[str, Any] = {BODY: _l("Question or topic")}
#: Names of the facts, for comparisons and messages.
FACT_TITLES: Mapping[str, Any] = {
    "title": _l("Title"),
    BODY: SECTION_TITLES[BODY],
    "space": _l("Space"),
    "form": _l("What it is"),
    "terms": _l("Terms"),
    "notes": _l("Case notes it is about"),
    "sources": _l("Sources"),
    "images": _l("Images"),
    "files": _l("Files"),
}
FORMS: Mapping[str, Any] = {
    Form.QUESTION: _l("A question"),
    Form.CONVERSATION: _l("A conversation"),
}


@dataclass(frozen=True)
class DiscussionFacts:
    """The checkable facts of a discussion. Space, terms and notes are keys."""

    space: str
    form: str = Form.QUESTION.value
    terms: tuple[str, ...] = ()
    #: Notes it is about; it shows on their pages too.
    notes: tuple[str, ...] = ()
    sources: tuple[Cited, ...] = ()
    images: tuple[Image, ...] = ()
    files: tuple[Enclosure, ...] = ()

    def to_json(self) -> Json:
        """Return the facts as a revision keeps them; empty values are left out."""
        values: dict[str, Any] = {
            "space": self.space,
            "form": self.form,
            "terms": list(self.terms),
            "notes": list(self.notes),
            "sources": [[cited.key, cited.at] for cited in self.sources],
            "images": images_to_json(self.images),
            "files": enclosures_to_json(self.files),
        }
        return {name: value for name, value in values.items() if value not in ("", [], {})}

    @classmethod
    def from_json(cls, values: Json) -> "DiscussionFacts":
        """Return the facts a revision kept."""
        return cls(
            space=values.get("space", ""),
            form=values.get("form", Form.QUESTION.value),
            terms=tuple(values.get("terms", ())),
            notes=tuple(values.get("notes", ())),
            sources=tuple(Cited(key, at) for key, at in values.get("sources", ())),
            images=images_from_json(values.get("images", {})),
            files=enclosures_from_json(values.get("files", {})),
        )


@dataclass(frozen=True)
class DiscussionDraft:
    """A whole discussion: one text a language (the first is the one it was written in), facts, and who sees what."""

    texts: tuple[TextDraft, ...]
    facts: DiscussionFacts
    signature: Signature = field(default_factory=Signature)

    @property
    def lang(self) -> Lang:
        """The language it was first written in."""
        return self.texts[0].lang
