"""The documents that are searched and the questions that are asked: written once, read again by every run.

Document *n* of a seed is always the same. Half are Chinese and half English; one entry in five is told in both
languages, so that 100,000 documents are some 83,000 entries. One in ten is for members only. Facets are spread
like 1/n over as many values as a busy site has: 60 strategies, 30 sectors, 80 places within 12 provinces.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from cop.search.engine import Document
from tests.benchmarks.search.invented import QUESTIONS, Told, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cop.search.engine import EntryDocuments

PUBLIC, MEMBERS, FEW = "public", "members", "few"
VISITOR = frozenset({PUBLIC})
_BEGIN = datetime(2015, 1, 1, tzinfo=UTC)
_SPREAD = {"strategy": 60, "sector": 30, "place": 80, "period": 6, "by": 400}
_OUTCOMES = ("worked", "partly", "failed", "too-early")
_EVIDENCE = ("first-hand", "second-hand", "documented")


@dataclass(frozen=True)
class Question:
    """What is asked, and what kind of question it is."""

    kind: str
    text: str


class Corpus:
    """The first `size` documents of a seed, in one file of the data folder."""

    def __init__(self, data: Path, size: int, seed: int = 7) -> None:
        """Write the file if it is not there."""
        self.size, self.seed, self.data = size, seed, data
        self.path = data / f"documents-{size}-{seed}.jsonl"
        if not self.path.exists():
            data.mkdir(parents=True, exist_ok=True)
            fresh = self.path.with_suffix(".writing")
            with fresh.open("w", encoding="utf-8") as file:
                for document in islice(_documents(seed), size):
                    file.write(json.dumps(document, ensure_ascii=False) + "\n")
            fresh.replace(self.path)

    def documents(self, first: int = 0, last: int | None = None) -> Iterator[Document]:
        """Read the documents."""
        with self.path.open(encoding="utf-8") as file:
            for line in islice(file, first, last):
                yield _read(json.loads(line))

    def entries(self, last: int | None = None) -> Iterator[EntryDocuments]:
        """Read the documents, entry by entry."""
        held: list[Document] = []
        for document in self.documents(0, last):
            if held and held[0].entry_id != document.entry_id:
                yield held[0].entry_id, 1, held
                held = []
            held.append(document)
        if held:
            yield held[0].entry_id, 1, held

    def questions(self, count: int) -> dict[str, list[Question]]:
        """Make so many questions of each kind, about what is in the documents."""
        asked: dict[str, list[Question]] = {}
        for kind, lang in (
            ("title words zh", "zh"),
            ("title words en", "en"),
            ("question zh", "zh"),
            ("question en", "en"),
        ):
            rng = Random(f"{kind}:{self.seed}")
            told = _sample(_abouts(self.path, lang), count, rng)
            asked[kind] = [Question(kind, _question(kind, lang, about, rng)) for about in told]
        rng, words = Random(f"common:{self.seed}"), [Words(one, self.seed) for one in ("zh", "en")]
        asked["two common words"] = [
            Question("two common words", f"{words[n % 2].common(rng)} {words[n % 2].common(rng)}")
            for n in range(count)
        ]
        return asked


def _question(kind: str, lang: str, about: Sequence[str], rng: Random) -> str:
    if kind.startswith("title"):
        return " ".join(about[: rng.choice((2, 2, 3))])
    return rng.choice(QUESTIONS[lang]).format(*rng.sample(list(about[:6]), 3))


def _abouts(path: Path, lang: str) -> list[list[str]]:
    with path.open(encoding="utf-8") as file:
        rows = (json.loads(line) for line in islice(file, 20_000))
        return [row["about"] for row in rows if row["lang"] == lang]


def _sample(found: list[list[str]], count: int, rng: Random) -> list[list[str]]:
    return rng.sample(found, count)


def _documents(seed: int) -> Iterator[dict[str, Any]]:
    words = {lang: Words(lang, seed) for lang in ("zh", "en")}
    number = 0
    while True:
        number += 1
        rng = Random(f"entry:{seed}:{number}")
        first = "zh" if rng.random() < 0.5 else "en"
        second = "en" if first == "zh" else "zh"
        facts = _facts(rng)
        for lang in (first, second)[: 2 if rng.random() < 0.2 else 1]:
            told: Told = words[lang].tell(rng)
            yield {
                "entry": number,
                "lang": lang,
                "title": told.title,
                "body": told.body,
                "about": told.about,
                **facts,
            }


def _facts(rng: Random) -> dict[str, Any]:
    facets = {
        name: sorted({_like_real(rng, name, several) for _ in range(rng.randint(1, several))})
        for name, several in (
            ("strategy", 3),
            ("sector", 2),
            ("place", 1),
            ("period", 1),
            ("by", 1),
        )
    }
    facets["place"].append(f"province-{int(facets['place'][0].rpartition('-')[2]) % 12}")
    facets["outcome"] = [rng.choices(_OUTCOMES, (40, 30, 20, 10))[0]]
    facets["evidence"] = [rng.choices(_EVIDENCE, (60, 30, 10))[0]]
    return {
        "kind": rng.choices(("note", "practice", "discussion"), (70, 10, 20))[0],
        "labels": [MEMBERS if rng.random() < 0.1 else PUBLIC] + [FEW] * (rng.random() < 0.01),
        "tags": " ".join(facets["strategy"] + facets["sector"]).replace("-", ""),
        "facets": facets,
        "discussed": max(0, round(rng.expovariate(0.5)) - 1),
        "minute": rng.randrange(10 * 365 * 24 * 60),
    }


def _like_real(rng: Random, name: str, _several: int) -> str:
    count = _SPREAD[name]
    return f"{name}-{rng.choices(range(count), [1 / (n + 2) for n in range(count)])[0]}"


def _read(row: dict[str, Any]) -> Document:
    at = _BEGIN + timedelta(minutes=row["minute"])
    return Document(
        entry_id=row["entry"],
        lang=row["lang"],
        kind=row["kind"],
        title=row["title"],
        body=row["body"],
        tags_text=row["tags"],
        labels=frozenset(row["labels"]),
        facets={name: frozenset(values) for name, values in row["facets"].items()},
        discussed=row["discussed"],
        published_at=at,
        active_at=at,
        version=1,
    )
