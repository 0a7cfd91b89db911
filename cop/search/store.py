"""Whoosh as a store: schema, documents, segments, and the folder they live in.

Whoosh keeps files, segments and the writer; its search is not used (SEARCH: slow, and its
top-N shortcut sometimes loses a document). Traps of 2.7.4 that this module steps around:
`reader(reuse=…)` never reuses (it compares generations with segment ids) and closes the old
reader under whoever still reads it; `update_document` takes 84 ms where deleting by number
takes 12; importing it warns about its own syntax.
"""

import hashlib
import importlib
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from cop.search.engine import Document
from cop.search.text import token_texts

# Goes up when the schema, the tokens or the meaning of a field changes: the index is rebuilt.
SCHEMA_VERSION = 5

TEXT_FIELDS = ("title", "body", "tags_text", "extra")
# Merged only when this many segments share a power of ten, and never once they are big.
MERGE_AT = 10
NEVER_MERGE_OVER = 10_000

# A removed entry leaves a document without labels, so that its version is remembered and a
# late job cannot bring it back.
GONE = "-"
_NEVER = -(2**62)  # sorts before every time


@cache
def whoosh() -> Any:
    """The parts of Whoosh that are used, imported once and without its warnings."""
    names = ("fields", "formats", "index", "reading", "writing", "columns")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = {name: importlib.import_module(f"whoosh.{name}") for name in names}
        numeric = importlib.import_module("whoosh.util.numeric")
        storage = importlib.import_module("whoosh.filedb.filestore").FileStorage
        filelock = importlib.import_module("whoosh.util.filelock")
        lengths = importlib.import_module("whoosh.codec.whoosh3").LENGTHS_COLUMN
    return SimpleNamespace(
        **parts, numeric=numeric, FileStorage=storage, filelock=filelock, LENGTHS_COLUMN=lengths
    )


def schema() -> Any:
    """The schema: frequencies without positions, no bodies, numbers in columns of their own.

    `facets` holds "name=value" for every value of every facet, kind and language included.
    """
    fields = whoosh().fields

    def text() -> Any:
        return fields.TEXT(phrase=False, stored=False)

    return fields.Schema(
        entry=fields.ID(),
        digest=fields.ID(stored=True),
        **{name: text() for name in TEXT_FIELDS},
        labels=fields.ID(),
        facets=fields.ID(),
        **{name: fields.COLUMN(column()) for name, column in COLUMNS.items()},
    )


def _numbers() -> Any:
    return whoosh().columns.NumericColumn("q")


# One number a document: entry, version, two times, comments.
COLUMNS: Mapping[str, Callable[[], Any]] = dict.fromkeys(
    ("number", "version", "published", "active", "discussed"), _numbers
)


def record(document: Document) -> dict[str, Any]:
    """A document as the writer takes it: tokens counted, numbers, and what is given back."""
    return {
        "terms": {
            "entry": {str(document.entry_id): 1},
            **{name: Counter(token_texts(words_in(document, name))) for name in TEXT_FIELDS},
            "labels": dict.fromkeys(document.labels, 1),
            "facets": dict.fromkeys(_facets(document), 1),
        },
        "columns": {
            "number": document.entry_id,
            "version": document.version,
            "published": _moment(document.published_at),
            "active": _moment(document.active_at),
            "discussed": document.discussed,
        },
        "stored": {"digest": digest(document)},
    }


def words_in(document: Document, field: str) -> str:
    """The text a field is searched by. A title is also the first sentence of what it stands over.

    What a question says in its title its text does not say again. With titles in both, nDCG@10 on
    Cranfield rose from .389 to .405, and stayed the same on the parallel Chinese and English sets.
    """
    return f"{document.title}\n{document.body}" if field == "body" else getattr(document, field)


def tombstone(entry_id: int, version: int) -> dict[str, Any]:
    """What stays of an entry that was taken out: its version."""
    return {
        "terms": {"entry": {str(entry_id): 1}, "facets": {GONE: 1}},
        "columns": {"number": entry_id, "version": version},
        "stored": {"digest": GONE},
    }


def digest(document: Document) -> str:
    """A short name for exactly this content, whatever order its sets come in."""
    content = repr(
        (
            *(getattr(document, name) for name in TEXT_FIELDS),
            sorted(document.labels),
            _facets(document),
            document.discussed,
            _moment(document.published_at),
            _moment(document.active_at),
        )
    )
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _facets(document: Document) -> list[str]:
    values = {f"kind={document.kind}", f"lang={document.lang}"}
    values.update(f"{name}={one}" for name, several in document.facets.items() for one in several)
    return sorted(values)


def _moment(at: datetime | None) -> int:
    return _NEVER if at is None else int(at.timestamp() * 1000)


def merging(sizes: Sequence[int]) -> list[int]:
    """The places of the segments to be merged: ten of one power of ten become one; big ones stay."""
    tiers: dict[int, list[int]] = {}
    for place, size in enumerate(sizes):
        if size <= NEVER_MERGE_OVER:
            tiers.setdefault(len(str(size)), []).append(place)
    return sorted(place for tier in tiers.values() if len(tier) >= MERGE_AT for place in tier)


def merge_tiers(writer: Any, segments: Sequence[Any]) -> list[Any]:
    """The merge policy, as Whoosh calls it: takes segments into the writer, and returns the others."""
    merged = [segments[at] for at in merging([one.doc_count_all() for one in segments])]
    for segment in merged:
        reader = whoosh().reading.SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in merged]
