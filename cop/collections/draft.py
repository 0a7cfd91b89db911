"""A collection as somebody hands it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cop.core.i18n import _l
from cop.core.types import Json, Lang, Texts
from cop.entries.draft import Signature, TextDraft

PURPOSE = "purpose"
SECTIONS = (PURPOSE,)
SECTION_TITLES: Mapping[str, Any] = {PURPOSE: _l("Purpose")}
#: Names of the facts, for comparisons and messages.
FACT_TITLES: Mapping[str, Any] = {
    "title": _l("Title"),
    PURPOSE: SECTION_TITLES[PURPOSE],
    "entries": _l("Entries"),
    "reasons": _l("Reasons"),
}


@dataclass(frozen=True)
class CollectionFacts:
    """What a collection holds: keys of entries in their order, and why each is in it, by language."""

    entries: tuple[str, ...] = ()
    reasons: Mapping[str, Texts] = field(default_factory=dict)

    def to_json(self) -> Json:
        """Return the facts as a revision keeps them; a reason stands with its entry alone."""
        reasons = {key: dict(self.reasons[key]) for key in self.entries if self.reasons.get(key)}
        values: dict[str, Any] = {"entries": list(self.entries), "reasons": reasons}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, values: Json) -> "CollectionFacts":
        """Return the facts a revision kept."""
        return cls(tuple(values.get("entries", ())), values.get("reasons", {}))


@dataclass(frozen=True)
class CollectionDraft:
    """A whole collection: one text a language (the first is the one it was written in), facts, and who sees what."""

    texts: tuple[TextDraft, ...]
    facts: CollectionFacts
    signature: Signature = field(default_factory=Signature)

    @property
    def lang(self) -> Lang:
        """The language it was first written in."""
        return self.texts[0].lang
