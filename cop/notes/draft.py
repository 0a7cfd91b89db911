"""A case note as its author hands it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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

#: Sections of a note, in reading order; `outcome_reason` is kept with them but shown beside the outcome.
SECTIONS = ("context", "what_we_did", "what_happened", "what_we_learned", "when_it_applies")
REQUIRED_SECTIONS = ("what_happened", "what_we_learned")
REASON = "outcome_reason"
#: Schemes whose terms a note carries beside its strategies, with the name of the field that holds them.
TERM_FIELDS: Mapping[str, str] = {
    "sectors": "sector",
    "audiences": "audience",
    "motivations": "motivation",
    "resources": "resource",
    "powers": "power",
    "pressures": "pressure",
    "phase": "phase",
}


@dataclass(frozen=True)
class Use:
    """What is known of one strategy's use beyond the note's own outcome."""

    outcome: str | None = None
    effects: Texts | None = None
    side_effects: Texts | None = None
    durability: str = "unknown"


@dataclass(frozen=True)
class NoteFacts:
    """The checkable facts of a note. Terms are keys; the place too."""

    outcome: str
    strategies: tuple[str, ...] = ()
    evidence: str = "own-experience"
    #: Key of an organisation of the directory, or "" where it is described or not told.
    organisation: str = ""
    #: What kind of organisation it is, by language, where it is not named.
    described_as: Texts = field(default_factory=dict)
    place: str = ""
    #: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or "".
    started: str = ""
    ended: str = ""
    period_exact: bool = True
    period_text: Texts = field(default_factory=dict)
    project: str = ""
    #: Key of the entry it was tried after, and how it compares with that: one of `RELATIONS`. Both or neither.
    original: str = ""
    relation: str = ""
    #: Field name of TERM_FIELDS → term keys.
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Strategy key → what is known of its use.
    uses: Mapping[str, Use] = field(default_factory=dict)
    sources: tuple[Cited, ...] = ()
    images: tuple[Image, ...] = ()
    files: tuple[Enclosure, ...] = ()

    def to_json(self) -> Json:
        """Return the facts as a revision keeps them; empty values are left out."""
        values: dict[str, Any] = {
            "outcome": self.outcome,
            "strategies": list(self.strategies),
            "evidence": self.evidence,
            "organisation": self.organisation,
            "described_as": dict(self.described_as),
            "place": self.place,
            "started": self.started,
            "ended": self.ended,
            "period_exact": self.period_exact,
            "period_text": dict(self.period_text),
            "project": self.project,
            "original": self.original,
            "relation": self.relation,
            "terms": {name: list(keys) for name, keys in self.terms.items() if keys},
            "uses": {key: _use_to_json(use) for key, use in self.uses.items()},
            "sources": [[cited.key, cited.at] for cited in self.sources],
            "images": images_to_json(self.images),
            "files": enclosures_to_json(self.files),
        }
        return {name: value for name, value in values.items() if value not in ("", {}, [])}

    @classmethod
    def from_json(cls, values: Json) -> "NoteFacts":
        """Return the facts a revision kept."""
        return cls(
            outcome=values["outcome"],
            strategies=tuple(values.get("strategies", ())),
            evidence=values.get("evidence", "own-experience"),
            organisation=values.get("organisation", ""),
            described_as=values.get("described_as", {}),
            place=values.get("place", ""),
            started=values.get("started", ""),
            ended=values.get("ended", ""),
            period_exact=values.get("period_exact", True),
            period_text=values.get("period_text", {}),
            project=values.get("project", ""),
            original=values.get("original", ""),
            relation=values.get("relation", ""),
            terms={name: tuple(keys) for name, keys in values.get("terms", {}).items()},
            uses={key: Use(**use) for key, use in values.get("uses", {}).items()},
            sources=tuple(Cited(key, at) for key, at in values.get("sources", ())),
            images=images_from_json(values.get("images", {})),
            files=enclosures_from_json(values.get("files", {})),
        )


@dataclass(frozen=True)
class NoteDraft:
    """A whole note: one text a language (the first is the one it was written in), its facts, and who may see what."""

    texts: tuple[TextDraft, ...]
    facts: NoteFacts
    signature: Signature = field(default_factory=Signature)

    @property
    def lang(self) -> Lang:
        """The language the note was first written in."""
        return self.texts[0].lang


def _use_to_json(use: Use) -> Json:
    values = {
        "outcome": use.outcome,
        "effects": use.effects,
        "side_effects": use.side_effects,
        "durability": use.durability,
    }
    return {name: value for name, value in values.items() if value}
