"""Whether the ten best are the ten best: every document scored in plain Python, straight from its text.

Nothing of the index is used but how coarsely Whoosh keeps a length (one byte). The rule for plain words is
written again here from the docstring of `cop.search.scorer`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Any

from cop.search.parse import query
from cop.search.store import whoosh
from cop.search.text import token_texts, tokens
from tests.benchmarks.search.corpus import VISITOR
from tests.benchmarks.search.timing import Row

if TYPE_CHECKING:
    from tests.benchmarks.search.shelf import Shelf

_WEIGHTS = {"body": 1.0, "title": 0.6, "tags_text": 0.6}
_K1, _B, _ENOUGH = 1.2, 0.75, 0.3
_OF_A_KIND = 40


def exact(shelf: Shelf) -> list[Row]:
    """Compare ids, their order and the total of 200 questions."""
    kinds = shelf.corpus.questions(_OF_A_KIND).values()
    asked = [one.text for kind in kinds for one in kind]
    counted = _Counted({text: _of(text) for text in asked})
    for number, document in enumerate(shelf.corpus.documents()):
        counted.add(number, document)
    engine = shelf.engine()
    same = 0
    for text in asked:
        hits = engine.search(query(text), labels=VISITOR, prefer_lang="zh", limit=10)
        found = counted.found(text)
        same += [hit.entry_id for hit in hits.hits] == found[:10] and hits.total == len(found)
    engine.close()
    total = len(asked)
    return [
        Row("top 10 and total as exhaustive scoring", f"{same} of {total}", target=f"{total} of {total}",
            met=same == total)
    ]  # fmt: skip


def _of(text: str) -> list[str]:
    return list(dict.fromkeys(token.text for token in tokens(text, query=True)))


@dataclass
class _Counted:
    """How often each token that is asked for stands in each field of each document."""

    asked: dict[str, list[str]]
    holding: dict[tuple[str, str], dict[int, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    lengths: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    documents: list[tuple[int, float, bool]] = field(default_factory=list)

    def add(self, number: int, document: Any) -> None:
        """Count a document."""
        wanted = self._wanted
        for name in _WEIGHTS:
            title = f"{document.title}\n" if name == "body" else ""
            held = token_texts(title + getattr(document, name))
            self.lengths[name].append(_coarse(len(held)))
            for token, often in Counter(one for one in held if one in wanted).items():
                self.holding[name, token][number] = often
        when = document.published_at.timestamp()
        self.documents.append((document.entry_id, when, bool(document.labels & VISITOR)))

    @property
    def _wanted(self) -> frozenset[str]:
        if not hasattr(self, "_all"):
            self._all = frozenset(token for said in self.asked.values() for token in said)
        return self._all

    def found(self, text: str) -> list[int]:
        """The entries found, best first."""
        basis = [t for t in self.asked[text] if any(self.holding.get((n, t)) for n in _WEIGHTS)]
        common = {t for t in basis if len(self._in(t)) > len(self.documents) / 2}
        dropped = common if len(common) < len(basis) else set()
        required = [t for t in self.asked[text] if t not in dropped]
        scores: dict[int, int] = defaultdict(int)
        for token in required:
            for number, gain in self._gains(token).items():
                scores[number] += gain
        mine = {n: s for n, s in scores.items() if self.documents[n][2]}
        best = max(mine.values(), default=0)
        holders = [self._in(token) for token in required]
        kept = {
            n: s
            for n, s in mine.items()
            if s >= _ENOUGH * best or all(n in holding for holding in holders)
        }
        entries: dict[int, tuple[float, float]] = {}
        for number, score in kept.items():
            entry, when, _ = self.documents[number]
            entries[entry] = max((score, when), entries.get(entry, (score, when)))
        return sorted(entries, key=lambda e: (-entries[e][0], -entries[e][1], e))

    def _in(self, token: str) -> set[int]:
        return set().union(*(self.holding.get((name, token), {}) for name in _WEIGHTS))

    def _gains(self, token: str) -> dict[int, int]:
        gains: dict[int, int] = defaultdict(int)
        total = len(self.documents)
        for name, weight in _WEIGHTS.items():
            holding = self.holding.get((name, token), {})
            idf = log(1 + (total - len(holding) + 0.5) / (len(holding) + 0.5))
            average = sum(self.lengths[name]) / total
            for number, often in holding.items():
                norm = 1 - _B + _B * self.lengths[name][number] / average
                gain = weight * idf * often * (_K1 + 1) / (often + _K1 * norm)
                gains[number] += round(gain * 1_000_000)
        return gains


def _coarse(length: int) -> int:
    numeric = whoosh().numeric
    kept: int = numeric.byte_to_length(numeric.length_to_byte(length))
    return kept
