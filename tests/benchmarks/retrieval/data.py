"""The open sets, found beside the repository: nothing of them is part of the product."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "searchlab"


@dataclass(frozen=True)
class Doc:
    """A document of a set."""

    id: str
    title: str
    body: str


@dataclass(frozen=True)
class Question:
    """A question and the grade of each document that answers it."""

    text: str
    grades: dict[str, int]


@dataclass(frozen=True)
class OpenSet:
    """Documents and the questions asked of them."""

    name: str
    docs: list[Doc]
    questions: list[Question]

    def without_titles(self) -> OpenSet:
        """The same with bodies only, as SEARCH's table measures."""
        return OpenSet(self.name, [Doc(d.id, "", d.body) for d in self.docs], self.questions)


def load(name: str, limit: int | None) -> OpenSet:
    """Read a set, and of its questions an even sample of at most `limit`."""
    docs = [Doc(row["id"], row["title"], row["body"]) for row in _rows(f"{name}.docs.jsonl")]
    questions = [Question(row["text"], row["rel"]) for row in _rows(f"{name}.queries.jsonl")]
    step = max(1, len(questions) // limit) if limit else 1
    return OpenSet(name, docs, questions[::step][:limit])


def ndcg(found: Iterable[str], grades: dict[str, int], depth: int = 10) -> float:
    """The gain of what was found over the gain of the best there is, in the first ten."""
    gained = sum(_gain(grades.get(one, 0), at) for at, one in enumerate(list(found)[:depth]))
    best = sum(_gain(g, at) for at, g in enumerate(sorted(grades.values(), reverse=True)[:depth]))
    return gained / best if best else 0.0


def _gain(grade: int, at: int) -> float:
    return float(2**grade - 1) / log2(at + 2)


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]
