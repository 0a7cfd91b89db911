"""Case notes that nobody wrote: the same number and seed give the same note, on any machine."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from ruamel.yaml import YAML

from cop.core.paths import STARTER
from cop.core.types import Lang
from cop.entries.draft import Cited, Signature, TextDraft
from cop.entries.models import NameMask, Visibility
from cop.notes.draft import REASON, REQUIRED_SECTIONS, SECTIONS, NoteDraft, NoteFacts, Use
from cop.notes.models import Durability, Evidence, Outcome
from tests.benchmarks.words import REASONS, SENTENCES, SLOTS, TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

#: How many invented authors share the notes.
AUTHORS = 200
#: Different section texts and reasons a language; each is rendered once and used again and again.
_SECTIONS, _REASONS = 800, 400
_BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
_STEP = timedelta(minutes=15)
_SENTENCE_END = {
    Lang.ZH: re.compile(r"(?<=[。！？])"),
    Lang.EN: re.compile(r"(?<=[.!?])\s+(?=[A-Z])"),
}
_TOLD = ((Lang.ZH,), (Lang.EN,), (Lang.ZH, Lang.EN), (Lang.EN, Lang.ZH))
_OUTCOMES = (
    (Outcome.WORKED, 40),
    (Outcome.MIXED, 35),
    (Outcome.FAILED, 18),
    (Outcome.TOO_EARLY, 7),
)
_EVIDENCE = (
    (Evidence.OWN_EXPERIENCE, 70), (Evidence.INTERVIEW, 15),
    (Evidence.FIELD_OBSERVATION, 10), (Evidence.SECOND_HAND, 5),
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Keys of what notes may name, commonest first: terms by scheme, organisations, sources."""

    terms: dict[str, tuple[str, ...]]
    organisations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What an author did to her note later: another text of it, or (without one) she withdrew it."""

    at: datetime
    text: TextDraft | None = None


@dataclass(frozen=True)
class Note:
    """A note and its whole life; `author` counts from 0."""

    key: str
    author: int
    at: datetime
    draft: NoteDraft
    changes: tuple[Change, ...] = ()


class Composer:
    """Composes notes from sentences of the starter content and from slots filled with invented words."""

    def __init__(self, words: Words, seed: int) -> None:
        """Take what notes may name, and the seed everything follows from."""
        self._words = words
        self._seed = seed

    def note(self, number: int) -> Note:
        """Return note `number`; it depends on the words and the seed, not on how many others are made."""
        rng = Random(f"{self._seed}:{number}")
        at = _BEGIN + number * _STEP + timedelta(seconds=rng.randrange(600))
        langs = rng.choices(_TOLD, weights=(60, 20, 14, 6))[0]
        draft = NoteDraft(
            texts=tuple(self._text(rng, lang, number) for lang in langs),
            facts=self._facts(rng, langs[0], at),
            signature=Signature(
                Visibility.MEMBERS if rng.random() < 0.1 else Visibility.PUBLIC,
                NameMask.UNNAMED if rng.random() < 0.1 else NameMask.SHOWN,
            ),
        )
        return Note(
            key=f"generated-{self._seed}-{number:06d}",
            author=int(AUTHORS * rng.random() ** 2),
            at=at,
            draft=draft,
            changes=tuple(self._changes(rng, draft, at)),
        )

    def _text(self, rng: Random, lang: Lang, number: int) -> TextDraft:
        sections = {REASON: rng.choice(self._reasons[lang])}
        for key in SECTIONS:
            if key in REQUIRED_SECTIONS or rng.random() < 0.7:
                sections[key] = rng.choice(self._sections[lang])
        title = _filled(rng, lang, TITLES[lang])
        return TextDraft(lang, title[:1].upper() + title[1:], sections)

    def _facts(self, rng: Random, lang: Lang, at: datetime) -> NoteFacts:
        strategies = tuple(_some(rng, self._words.terms["strategy"], 1, 4))
        started = at.year - rng.randrange(12)
        named, described = rng.random() < 0.4, rng.random() < 0.5
        organisation = _common(rng, self._words.organisations) if named else ""
        return NoteFacts(
            outcome=_weighted(rng, _OUTCOMES),
            strategies=strategies,
            evidence=_weighted(rng, _EVIDENCE),
            organisation=organisation or "",
            described_as={lang.value: rng.choice(SLOTS[lang]["who"])}
            if described and not organisation
            else {},
            place=_common(rng, self._words.terms["place"]) if rng.random() < 0.85 else "",
            started=f"{started}-{rng.randrange(1, 13):02d}" if rng.random() < 0.8 else "",
            ended=str(min(started + rng.randrange(4), at.year)) if rng.random() < 0.6 else "",
            project=f"generated-project-{rng.randrange(10_000)}" if rng.random() < 0.1 else "",
            terms={
                name: tuple(_some(rng, self._words.terms[scheme], least, 3))
                for name, scheme, least in (
                    ("sectors", "sector", 1), ("audiences", "audience", 0),
                    ("motivations", "motivation", 0), ("resources", "resource", 0),
                    ("powers", "power", 0), ("phase", "phase", 0),
                )
            },
            uses=self._uses(rng, strategies),
            sources=tuple(
                Cited(key, f"p. {rng.randrange(1, 300)}")
                for key in _some(rng, self._words.sources, 0, 1)
            )
            if rng.random() < 0.2
            else (),
        )  # fmt: skip

    def _uses(self, rng: Random, strategies: Sequence[str]) -> dict[str, Use]:
        if rng.random() < 0.7:
            return {}
        own = _weighted(rng, _OUTCOMES) if rng.random() < 0.5 else None
        return {strategies[0]: Use(outcome=own, durability=rng.choice(list(Durability)).value)}

    def _changes(self, rng: Random, draft: NoteDraft, at: datetime) -> list[Change]:
        changes: list[Change] = []
        texts = {text.lang: text for text in draft.texts}
        for _ in range(rng.choices((0, 1, 2, 6), weights=(70, 20, 8, 2))[0]):
            at += timedelta(hours=rng.randrange(1, 400))
            old = texts[rng.choice(list(texts))]
            key = rng.choice([key for key in old.sections if key != REASON])
            others = [text for text in self._sections[old.lang][:20] if text != old.sections[key]]
            texts[old.lang] = replace(old, sections={**old.sections, key: rng.choice(others)})
            changes.append(Change(at, texts[old.lang]))
        if rng.random() < 0.01:
            changes.append(Change(at + timedelta(days=3)))
        return changes

    @cached_property
    def _sections(self) -> dict[Lang, list[str]]:
        rng = Random(f"{self._seed}:sections")
        return {lang: [self._section(rng, lang) for _ in range(_SECTIONS)] for lang in Lang}

    def _section(self, rng: Random, lang: Lang) -> str:
        sentences = [
            rng.choice(self._sentences[lang])
            if rng.random() < 0.6
            else _filled(rng, lang, SENTENCES[lang])
            for _ in range(rng.randrange(2, 9))
        ]
        gap = "" if lang is Lang.ZH else " "
        if rng.random() < 0.15:
            return "\n".join(f"- {sentence}" for sentence in sentences)
        cut = rng.randrange(1, len(sentences) + 1)
        parts = (gap.join(sentences[:cut]), gap.join(sentences[cut:]))
        return "\n\n".join(filter(None, parts))

    @cached_property
    def _reasons(self) -> dict[Lang, list[str]]:
        rng = Random(f"{self._seed}:reasons")
        return {lang: [_filled(rng, lang, REASONS[lang]) for _ in range(_REASONS)] for lang in Lang}

    @cached_property
    def _sentences(self) -> dict[Lang, list[str]]:
        notes: list[Any] = YAML(typ="safe").load(STARTER / "notes.yaml")["notes"]
        return {
            lang: [
                sentence.strip()
                for note in notes
                for told in note["sections"].values()
                for sentence in _SENTENCE_END[lang].split(told.get(lang.tag, ""))
                if sentence.strip()
            ]
            for lang in Lang
        }


def _filled(rng: Random, lang: Lang, patterns: Sequence[str]) -> str:
    chosen = {slot: rng.choice(words) for slot, words in SLOTS[lang].items()}
    return rng.choice(patterns).format(num=rng.randrange(2, 400), **chosen)


def _common(rng: Random, keys: Sequence[str]) -> str:
    """Return one of the keys, the first most often: key n about 1/n as often as the first."""
    return rng.choices(keys, cum_weights=_harmonic(len(keys)))[0] if keys else ""


def _some(rng: Random, keys: Sequence[str], least: int, most: int) -> list[str]:
    found = dict.fromkeys(_common(rng, keys) for _ in range(rng.randint(least, most)))
    return [key for key in found if key]


_sums: dict[int, tuple[float, ...]] = {}


def _harmonic(size: int) -> tuple[float, ...]:
    if size not in _sums:
        _sums[size] = tuple(accumulate(1 / (place + 1) for place in range(size)))
    return _sums[size]


def _weighted(rng: Random, weights: Sequence[tuple[T, int]]) -> T:
    return rng.choices([item for item, _ in weights], [weight for _, weight in weights])[0]
