"""A guide as somebody hands it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cop.core.i18n import _l
from cop.core.types import Json, Lang
from cop.entries.draft import Cited, Signature, TextDraft
from cop.entries.models import Visibility

KIND = "guide"
SUMMARY, BODY = "summary", "body"
#: Two and no more: what the parts of a guide are is for its writers to say, with headings in the text.
SECTIONS = (SUMMARY, BODY)
SECTION_TITLES: Mapping[str, Any] = {
    SUMMARY: _l("Summary"),
    # Translators: everything a guide says below its summary.
    BODY: _l("Text of the guide"),
}
#: What each section asks.
SECTION_HINTS: Mapping[str, Any] = {
    "summary": _l("One or two sentences: whom it helps, and with what."),
    "body": _l(
        "“## ” at the beginning of a line makes a heading; the headings are listed beside the guide."
    ),
}
#: Names of the facts, for comparisons and messages.
FACT_TITLES: Mapping[str, Any] = {
    "title": _l("Title"),
    **SECTION_TITLES,
    "terms": _l("Terms"),
    "sources": _l("Sources"),
}


@dataclass(frozen=True)
class GuideFacts:
    """The checkable facts of a guide: terms of any scheme and sources, by key."""

    terms: tuple[str, ...] = ()
    sources: tuple[Cited, ...] = ()

    def to_json(self) -> Json:
        """Return the facts as a revision keeps them; empty values are left out."""
        values: dict[str, Any] = {
            "terms": list(self.terms),
            "sources": [[cited.key, cited.at] for cited in self.sources],
        }
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, values: Json) -> "GuideFacts":
        """Return the facts a revision kept."""
        return cls(
            terms=tuple(values.get("terms", ())),
            sources=tuple(Cited(key, at) for key, at in values.get("sources", ())),
        )


@dataclass(frozen=True)
class GuideDraft:
    """A whole guide: one text a language (the first is the one it was written in), its facts, and who may read it."""

    texts: tuple[TextDraft, ...]
    facts: GuideFacts
    signature: Signature = field(default_factory=lambda: Signature(Visibility.PUBLIC))

    @property
    def lang(self) -> Lang:
        """The language it was first written in."""
        return self.texts[0].lang
