"""How long asking takes: warm, first use, with filters, and a whole search with its passages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cop.search.engine import FACETS
from cop.search.parse import query
from cop.search.passages import highlight, passage
from cop.search.text import tokens
from tests.benchmarks.search.corpus import FEW, MEMBERS, VISITOR
from tests.benchmarks.search.references import Fts5, StockWhoosh, Tantivy, installed
from tests.benchmarks.search.timing import Row, Times, compared, in_rounds, in_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cop.search.engine import Filters, Hits, Query
    from cop.search.local import LocalEngine
    from tests.benchmarks.search.corpus import Question
    from tests.benchmarks.search.shelf import Shelf

#: Questions of a kind, and how often each is asked.
QUESTIONS, ROUNDS = 60, 4
_MOST = {"zh": 2.0, "en": 3.0}


def warm(shelf: Shelf) -> list[Row]:
    """Each kind of question after it was asked before, beside one reference after the other.

    A round goes to ours, a round to the reference. Beside the slow ones it is told as well what is left of that
    where they take turns after each question, and find each other's memory in the processor's caches.
    """
    engine, rows = shelf.engine(), []
    for kind, asked in shelf.corpus.questions(QUESTIONS).items():
        said = [_Asked(one) for one in asked]
        for reference in (*installed()[0], StockWhoosh):
            one = shelf.reference(reference)
            engines: dict[str, Callable[[_Asked], object]] = {
                "ours": lambda one: _search(engine, one.query),
                one.name: _finding(one.find),
            }
            found = in_rounds(engines, said, ROUNDS)
            rows += _beside(kind, found["ours"], found[one.name], one.name)
            if reference in (Fts5, StockWhoosh):
                found = in_turns(engines, said, 1)
                what = f"{kind}: p50, in turns"
                rows.append(_told(what, found["ours"].p50, found[one.name].p50, one.name))
    engine.close()
    return rows


class _Asked:
    """A question as ours hears it and as the references hear it."""

    def __init__(self, question: Question) -> None:
        self.query: Query = query(question.text)
        found = tokens(question.text, query=True)
        self.tokens = list(dict.fromkeys(token.text for token in found))


def _finding(find: Callable[[list[str]], object]) -> Callable[[_Asked], object]:
    return lambda asked: find(asked.tokens)


def _beside(kind: str, ours: Times, theirs: Times, name: str) -> list[Row]:
    if name == Tantivy.name:
        most = _MOST["en" if kind.endswith("en") else "zh"]
        return [
            compared(f"{kind}: p50", ours.p50, theirs.p50, most=most, by=name),
            compared(f"{kind}: p95", ours.p95, theirs.p95, most=3, by=name),
        ]
    if name in (Fts5.name, StockWhoosh.name):
        return [compared(f"{kind}: p50", ours.p50, theirs.p50, most=0.05, by=name)]
    return [_told(f"{kind}: p50", ours.p50, theirs.p50, name)]


def _told(what: str, ours: float, theirs: float, name: str) -> Row:
    return Row(what, f"{ours:.2f} ms", f"{name} {theirs:.2f} ms", f"{ours / theirs:.3g}")


def _search(
    engine: LocalEngine,
    asked: Query,
    labels: frozenset[str] = VISITOR,
    *,
    counting: Collection[str] = (),
) -> Hits:
    """Search; facets are counted when somebody looks, so look at these."""
    hits = engine.search(asked, labels=labels, prefer_lang="zh", limit=10)
    for facet in counting:
        assert hits.facets[facet] is not None
    return hits


def first_use(shelf: Shelf) -> list[Row]:
    """A question whose words nobody asked for since the process began, beside the same asked again.

    The process is warm but for the words: other questions were asked before, nothing of them is kept.
    """
    times = {"first": Times(), "again": Times()}
    asked = [one for kind in shelf.corpus.questions(QUESTIONS).values() for one in kind[:20]]
    engine = shelf.engine()
    for other in shelf.corpus.questions(QUESTIONS)["question zh"][-5:]:
        _search(engine, query(other.text))
    reader = engine._reader
    for one in asked:
        with reader.mutex:
            reader.kept.drop({leaf.serial for leaf in reader._leaves.values()})
            reader.kept.drop({reader.view().serial})
        _search(
            engine, query("zzxqj")
        )  # the masks of the reader's labels are there before any question
        for name in ("first", "again", "again", "again"):
            started = time.process_time()
            _search(engine, query(one.text))
            times[name].spent.append((time.process_time() - started) * 1000)
    engine.close()
    first, again = times["first"], times["again"]
    return [compared("first use of its words: p50", first.p50, again.p50, most=15, by="warm")]


def filters(shelf: Shelf) -> list[Row]:
    """Three filters and the counts of their three facets, each without itself, beside the same questions plain."""
    engine = shelf.engine()
    chosen: Filters = {
        "kind": frozenset({"note"}),
        "outcome": frozenset({"worked", "failed"}),
        "strategy": frozenset({"strategy-0", "strategy-1", "strategy-2"}),
    }
    asked = [one for kind in shelf.corpus.questions(QUESTIONS).values() for one in kind[:30]]
    times = in_turns(
        {
            "plain": lambda one: _search(engine, query(one.text)),
            "filtered": lambda one: _search(engine, query(one.text, chosen), counting=chosen),
        },
        asked,
        ROUNDS,
    )
    engine.close()
    filtered, plain = times["filtered"], times["plain"]
    return [
        compared("filters + facets: p50", filtered.p50, plain.p50, most=1.3, by="plain"),
        compared("filters + facets: p95", filtered.p95, plain.p95, most=1.3, by="plain"),
    ]


def hidden(shelf: Shelf) -> list[Row]:
    """Whether time tells of what the reader may not see: one of a hundred documents or all of them; or none.

    Who may see none asks for words that a tenth of the documents hold, and for one that none holds.
    """
    engine = shelf.engine()
    asked = [one for kind in shelf.corpus.questions(QUESTIONS).values() for one in kind[:30]]
    few, everything = frozenset({FEW}), frozenset({"public", MEMBERS})
    none, unknown = frozenset({"author:0"}), query("zzxqj zzxqk")
    times = in_turns(
        {
            "few": lambda one: _search(engine, query(one.text), few),
            "all": lambda one: _search(engine, query(one.text), everything),
        },
        asked,
        ROUNDS,
    )
    strangers = in_turns(
        {
            "held": lambda one: _search(engine, query(one.text), none),
            "unknown": lambda _: _search(engine, unknown, none),
        },
        shelf.corpus.questions(QUESTIONS)["two common words"],
        ROUNDS,
    )
    engine.close()
    held, nowhere = strangers["held"].p50, strangers["unknown"].p50
    return [
        compared("may see 1 of 100: p95", times["few"].p95, times["all"].p95, most=1, by="all"),
        _told("may see none, common words: p50", held, nowhere, "unknown words"),
    ]


def whole(shelf: Shelf) -> list[Row]:
    """A search without HTTP: score, mask, facets, ids, and passages of the ten, texts from an SQLite file.

    On the wall as well, because the texts come from a disk.
    """
    engine = shelf.engine(texts=True)
    asked = [one for kind in shelf.corpus.questions(QUESTIONS).values() for one in kind[:30]]

    def search(one: Question) -> None:
        said = query(one.text)
        hits = _search(engine, said, counting=FACETS).hits
        told = shelf.texts([(hit.entry_id, hit.lang) for hit in hits])
        for hit in hits:
            title, _, body = told[hit.entry_id, hit.lang].partition("\n")
            highlight(title, said)
            passage(body, said)

    cpu = in_turns({"whole": search}, asked, ROUNDS)["whole"]
    wall = in_turns({"whole": search}, asked, 1, clock=time.perf_counter, warm=0)["whole"]
    engine.close()
    return [
        Row("whole search without HTTP: p50", f"{cpu.p50:.2f} ms", f"wall {wall.p50:.2f} ms",
            target="≤ 10 ms", met=cpu.p50 <= 10),
        Row("whole search without HTTP: p95", f"{cpu.p95:.2f} ms", f"wall {wall.p95:.2f} ms",
            target="≤ 25 ms", met=cpu.p95 <= 25),
    ]  # fmt: skip
