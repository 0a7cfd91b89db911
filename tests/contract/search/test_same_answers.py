"""The engine that ships answers as the exhaustive reference does, whatever is asked of whatever."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from cop.search import matched, room, scorer, store
from cop.search.engine import Concept, Document, Hits, Option, Query, Sort
from cop.search.local import LocalEngine
from cop.search.parse import query as parse
from tests.contract.search.reference import Reference
from tests.contract.search.shelf import text_of

# Few enough words that documents meet in them, in both scripts, inflected, and across fields.
WORDS = (
    "开放空间", "開放空間", "空间", "放空", "间", "组织", "組織", "能力建设", "会议", "一把手", "在FIC里", "2015年",
    "open", "space", "Opening", "spaces", "organisation", "organizations", "the", "NGO", "café", "start", "art",
)  # fmt: skip
LANGS = ("zh-Hans", "en")
KINDS = ("note", "term", "organisation")
OUTCOMES = ("worked", "failed", "mixed")
FACTS = {
    "outcome": OUTCOMES, "evidence": ("told", "measured"), "strategy": ("a", "b"),
    "sector": ("c", "d"), "place": ("cn", "cn-53", "cn-11"), "by": ("user:5", "org:3"),
    "period": ("2005-2009", "2010-2014"),
}  # fmt: skip
CHOICES = {**FACTS, "kind": KINDS, "lang": LANGS, "unheard-of": ("x",)}
STARTS = ("op", "organis", "organiz", "organizat", "spac", "co-op", "caf", "20")
LABELS = ("public", "members", "author:5", "moderators")
START = datetime(2020, 1, 1, tzinfo=UTC)

# What decides between two ways to the same answer; here every way is taken at any size.
DECIDES = (
    (scorer, "_FEW"), (matched, "_SOME"), (room, "_LOOK_UP"), (room, "_SORT"), (room, "_RARE"),
)  # fmt: skip
NEVER, ALWAYS = 0, 10**9
WAYS = [
    (*three, *two)
    for three in product((NEVER, ALWAYS), repeat=3)
    for two in ((NEVER, ALWAYS), (ALWAYS, NEVER))
]

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.lists(
    st.sampled_from(WORDS[:11]), max_size=5
).map("".join)


def some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    """Draw a few of the values, or none."""
    return st.frozensets(st.sampled_from(values), max_size=2)


@st.composite
def entries(draw: st.DrawFn) -> tuple[int, int, list[Document]]:
    """Draw an entry: a version, and documents in some languages or none."""
    entry_id, version = draw(st.integers(1, 8)), draw(st.integers(1, 3))
    shared: dict[str, Any] = {
        "kind": draw(st.sampled_from(KINDS)),
        "labels": draw(some(LABELS)),
        "facets": {name: draw(some(values)) for name, values in FACTS.items()},
        "discussed": draw(st.integers(0, 2)),
        "published_at": draw(
            st.none() | st.integers(0, 3).map(lambda days: START + timedelta(days=days))
        ),
        "version": version,
    }
    documents = [
        Document(
            entry_id=entry_id, lang=lang, title=draw(texts), body=draw(texts),
            tags_text=draw(texts), extra=draw(texts), **shared,
        )
        for lang in LANGS
        if draw(st.integers(0, 3))
    ]  # fmt: skip
    return entry_id, version, documents


filters = st.dictionaries(st.sampled_from(tuple(CHOICES)), st.none(), max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: some(CHOICES[name]) for name in names})
)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """Draw what somebody may type, with filters chosen, and what may be made of it."""
    parts = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("", "", "", "", "-", "+", '"', "“")), st.sampled_from(WORDS)
            ),
            max_size=4,
        )
    )
    closing = {'"': '"', "“": "”"}
    typed = " ".join(f"{sign}{word}{closing.get(sign, '')}" for sign, word in parts)
    asked = parse(typed, draw(filters))
    said = st.sampled_from(asked.words or WORDS) | st.sampled_from(WORDS)
    concepts = st.lists(
        st.builds(
            Concept, said, st.lists(st.sampled_from(WORDS), max_size=3).map(tuple), st.just("t")
        ),
        max_size=2,
    )
    option = st.builds(Option, st.sampled_from(WORDS), st.booleans())
    either = st.lists(st.lists(option, min_size=1, max_size=3).map(tuple), max_size=1)
    return replace(
        asked,
        concepts=tuple(draw(concepts)),
        either=tuple(draw(either)),
        prefixes=tuple(draw(st.lists(st.sampled_from(STARTS), max_size=1))),
        sort=draw(st.sampled_from(Sort)),
    )


class Twins:
    """Both engines with the same documents."""

    def __init__(self, root: Path) -> None:
        """Start both empty."""
        self.local = LocalEngine(root, texts=self.texts)
        self.reference = Reference(texts=self.texts)
        self.local.rebuild([])

    def texts(self, keys: list[tuple[int, str]]) -> dict[tuple[int, str], str]:
        """Give what the reference holds: there is no other database here."""
        return {
            (d.entry_id, d.lang): text_of(d)
            for d in self.reference._all()
            if (d.entry_id, d.lang) in set(keys)
        }

    def replace(self, batch: list[tuple[int, int, list[Document]]]) -> None:
        """Write the same to both."""
        self.local.replace(batch)
        self.reference.replace(batch)

    def agree(self, query: Query, labels: frozenset[str], prefer: str) -> None:
        """Compare pages, totals and facets."""
        for limit, offset in ((100, 0), (2, 1)):
            how: dict[str, Any] = {"labels": labels, "prefer_lang": prefer, "limit": limit}
            wanted = self.reference.search(query, **how, offset=offset)
            for way in WAYS if offset else [None]:
                with pytest.MonkeyPatch.context() as patch:
                    for (module, name), value in zip(DECIDES, way or (), strict=bool(way)):
                        patch.setattr(module, name, value)
                    found = self.local.search(query, **how, offset=offset)
                _same(found, wanted)


def _same(found: Hits, wanted: Hits) -> None:
    assert [(h.entry_id, h.lang) for h in found.hits] == [(h.entry_id, h.lang) for h in wanted.hits]
    assert found.total == wanted.total
    assert found.facets == wanted.facets
    assert found.discussed == wanted.discussed
    assert [round(h.score, 4) for h in found.hits] == [round(h.score, 4) for h in wanted.hits]


# Shrinking takes minutes here: add `Phase.shrink` to look into a failure.
@settings(
    max_examples=40, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    batches=st.lists(st.lists(entries(), min_size=1, max_size=8), min_size=1, max_size=4),
    asked=st.lists(queries(), min_size=4, max_size=8),
    labels=some(LABELS),
    prefer=st.sampled_from(LANGS),
    merge_at=st.sampled_from((2, 10)),
)
def test_both_engines_give_the_same_hits_totals_and_facets(
    batches: list[list[tuple[int, int, list[Document]]]],
    asked: list[Query],
    labels: frozenset[str],
    prefer: str,
    merge_at: int,
) -> None:
    """Whatever was written in whatever order, merged or not, and whichever way lists are put together."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        twins = Twins(Path(folder))
        patch.setattr(store, "MERGE_AT", merge_at)
        try:
            for batch in batches:
                twins.replace(batch)
            assert twins.local.versions() == twins.reference.versions()
            assert twins.local.count() == twins.reference.count()
            said = WORDS[::5]
            assert twins.local.holding(said, labels=labels) == twins.reference.holding(
                said, labels=labels
            )
            for query in asked:
                for seen in (labels | {"public"}, frozenset(LABELS)):
                    twins.agree(query, seen, prefer)
        finally:
            twins.local.close()
