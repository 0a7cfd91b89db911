"""Checking whole files before anything is written: every record, and everything the records refer to."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from cop.core.db import db
from cop.core.i18n import _
from cop.discussions.models import Space
from cop.entries.models import Comment, Entry
from cop.exchange.circling import Ways
from cop.exchange.problems import Problem
from cop.exchange.reading import Item, items_of
from cop.exchange.shapes import Record, Ref, nearest
from cop.people.models import Organisation, User
from cop.terms.models import Scheme, Source
from cop.terms.vocabulary import vocabulary

#: Tells how far something is: done, of how many (0 = unknown), and with what.
Progress = Callable[[int, int, str], None]
#: Keys asked for in one query.
_CHUNK = 500
#: Kinds that are no entries; each has keys of its own.
FIXED = frozenset({"source", "scheme", "term", "organisation", "space", "comment"})

#: What references to entries may say they are of.
_ENTRIES = ("note", "practice", "guide", "discussion", "entry", "original")
#: Kinds that a note can be tried after.
_ORIGINALS = ("note", "practice")


class Files:
    """The files of one import, read as often as needed: YAML is kept, JSONL is read again line by line."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Name the files; nothing is read yet."""
        self.paths = [Path(path) for path in paths]
        self._kept: dict[Path, list[Item | Problem]] = {}

    def items(self) -> Iterator[Item | Problem]:
        """Give everything in the files, in their order."""
        for path in self.paths:
            if path.suffix.lower() in (".jsonl", ".ndjson"):
                yield from items_of(path)
                continue
            if path not in self._kept:
                self._kept[path] = list(items_of(path))
            yield from self._kept[path]


@dataclass
class _Seen:
    """What is remembered of a record between reading it and resolving what it refers to."""

    kind: str
    key: str
    file: str
    line: int
    refs: Sequence[tuple[Ref, int]]
    good: bool


@dataclass
class Checked:
    """The outcome of checking: what is wrong, which records are good, how many of each kind there are."""

    problems: list[Problem] = field(default_factory=list)
    #: (file, line, kind) of records that can be written.
    good: set[tuple[str, int, str]] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    bad: int = 0

    def takes(self, item: Item) -> bool:
        """Tell whether a record of these files was found good."""
        return (item.file, item.line, item.kind) in self.good


def check(files: Files, progress: Progress | None = None) -> Checked:
    """Read all records of the files and resolve what they refer to, here and in the database."""
    result = Checked()
    seen: list[_Seen] = []
    first: dict[tuple[str, str], tuple[str, int]] = {}
    schemes: dict[str, str] = {}
    ways = Ways()
    for number, item in enumerate(files.items(), start=1):
        if isinstance(item, Problem):
            result.problems.append(item)
            continue
        found = _read(item, result, first, schemes, ways)
        seen.append(found)
        result.counts[found.kind] = result.counts.get(found.kind, 0) + 1
        if progress is not None and number % 50 == 0:
            progress(number, 0, "check")
    _resolve(seen, schemes, result, ways)
    result.good = {(one.file, one.line, one.kind) for one in seen if one.good}
    result.bad = sum(not one.good for one in seen)
    result.problems.sort(key=lambda problem: (problem.file, problem.line))
    return result


def _read(
    item: Item,
    result: Checked,
    first: dict[tuple[str, str], tuple[str, int]],
    schemes: dict[str, str],
    ways: Ways,
) -> _Seen:
    record, reading = item.read()
    key = _key_of(record)
    if key:
        # Entries of all kinds share their keys, and so do terms of all schemes.
        space = item.kind if item.kind in FIXED else "entry"
        there = first.setdefault((space, key), (item.file, item.line))
        if there != (item.file, item.line):
            sentence = _(
                "“%(key)s” stands in %(file)s, line %(line)s, already.",
                key=key,
                file=there[0],
                line=there[1],
            )
            reading.wrong(item.line, sentence)
        if item.kind == "term" and record is not None:
            schemes.setdefault(key, str(record.get("scheme", "")))
            ways.remember(key, record)
    result.problems += reading.problems
    refs = tuple(reading.refs.items())
    return _Seen(item.kind, key, item.file, item.line, refs, good=not reading.problems)


def _key_of(record: Record | None) -> str:
    return str(record.get("id", "")) if record is not None else ""


def _resolve(
    seen: Sequence[_Seen], schemes: Mapping[str, str], result: Checked, ways: Ways
) -> None:
    """Report references to nothing; a record that refers to a bad one is bad too."""
    own = [Ref("note", one.key) for one in seen if one.kind not in FIXED and one.key]
    known = Known([*own, *(ref for one in seen for ref, _line in one.refs)])
    declared = {name for one in seen if one.key for name in _names(one)}
    for one in seen:
        for ref, line in one.refs:
            reason = _missing(ref, declared, schemes, known)
            if reason:
                result.problems.append(Problem(one.file, line, reason))
                one.good = False
        if taken := known.other_kind(one.kind, one.key):
            reason = _("“%(key)s” is the key of a %(kind)s already.", key=one.key, kind=taken)
            result.problems.append(Problem(one.file, one.line, reason))
            one.good = False
    _find_circles(seen, result)
    _find_circling_terms(seen, result, ways)
    _spread(seen, known)


def _find_circles(seen: Sequence[_Seen], result: Checked) -> None:
    """Report notes of these files that were tried after each other in a circle."""
    above = {one.key: ref.key for one in seen for ref, _line in one.refs if ref.kind == "original"}
    for one in seen:
        step, passed = above.get(one.key), set[str]()
        while step is not None and step != one.key and step not in passed:
            passed.add(step)
            step = above.get(step)
        if step is not None and step == one.key and one.kind == "note":
            reason = _("“%(key)s” was tried after itself, if only by a detour.", key=one.key)
            result.problems.append(Problem(one.file, one.line, reason))
            one.good = False


def _find_circling_terms(seen: Sequence[_Seen], result: Checked, ways: Ways) -> None:
    terms = {one.key: one for one in seen if one.kind == "term"}
    for key, reason in ways.circling():
        one = terms[key]
        result.problems.append(Problem(one.file, one.line, reason))
        one.good = False


def _names(one: _Seen) -> list[tuple[str, str]]:
    """Return what a record can be referred to as: comments name entries of any kind, notes their originals."""
    also = [] if one.kind in FIXED else [("entry", one.key)]
    also += [("original", one.key)] if one.kind in _ORIGINALS else []
    return [(one.kind, one.key), *also]


def _spread(seen: Sequence[_Seen], known: "Known") -> None:
    while True:
        bad = {name for one in seen if not one.good for name in _names(one)}
        bad = {(kind, key) for kind, key in bad if not known.holds(kind, key)}
        spoilt = [
            one
            for one in seen
            if one.good and any((ref.kind, ref.key) in bad for ref, _ in one.refs)
        ]
        if not spoilt:
            return
        for one in spoilt:
            one.good = False


def _missing(
    ref: Ref, declared: set[tuple[str, str]], schemes: Mapping[str, str], known: "Known"
) -> str:
    """Return the sentence about a reference that leads nowhere, or nothing."""
    here = (ref.kind, ref.key) in declared
    if not here and not known.holds(ref.kind, ref.key):
        words = [key for kind, key in declared if kind == ref.kind]
        return _nothing(ref) + nearest(ref.key, [*words, *known.names(ref.kind)])
    if ref.kind == "term":
        scheme = schemes[ref.key] if here else known.schemes[ref.key]
        if ref.scheme and scheme != ref.scheme:
            return _(
                "“%(key)s” is a term of the list “%(scheme)s”, not of “%(wanted)s”.",
                key=ref.key,
                scheme=scheme,
                wanted=ref.scheme,
            )
        if not here and ref.scheme and (into := known.merged.get(ref.key)):
            return _("“%(key)s” was merged into “%(into)s”; use that.", key=ref.key, into=into)
    return ""


def _nothing(ref: Ref) -> str:
    sentences = {
        "user": _(
            "There is no account “%(key)s”; make it first, or take “author” out.", key=ref.key
        ),
        "term": _("There is no term “%(key)s”, here or in these files.", key=ref.key),
        "scheme": _("There is no term list “%(key)s”, here or in these files.", key=ref.key),
        "source": _("There is no source “%(key)s”, here or in these files.", key=ref.key),
        "organisation": _(
            "There is no organisation “%(key)s”, here or in these files.", key=ref.key
        ),
        "note": _("There is no case note “%(key)s”, here or in these files.", key=ref.key),
        "practice": _("There is no practice page “%(key)s”, here or in these files.", key=ref.key),
        "guide": _("There is no guide “%(key)s”, here or in these files.", key=ref.key),
        "discussion": _("There is no discussion “%(key)s”, here or in these files.", key=ref.key),
        "space": _("There is no space “%(key)s”, here or in these files.", key=ref.key),
        "entry": _("There is nothing with the key “%(key)s”, here or in these files.", key=ref.key),
        "original": _(
            "There is no case note or practice page “%(key)s”, here or in these files.", key=ref.key
        ),
        "comment": _("There is no comment “%(key)s”, here or in these files.", key=ref.key),
    }
    return sentences[ref.kind]


class Known:
    """What the database holds of the things that are referred to."""

    def __init__(self, refs: Iterable[Ref]) -> None:
        """Look all of them up, each kind in as few queries as it takes."""
        wanted: dict[str, set[str]] = {}
        for ref in refs:
            wanted.setdefault(ref.kind, set()).add(ref.key)
        words = vocabulary()
        self.schemes = {term.key: term.scheme for term in words.by_id.values()}
        self.merged = {
            term.key: words.resolved(term).key
            for term in words.by_id.values()
            if term.merged_into is not None
        }
        self._held: dict[str, set[str]] = {
            "term": set(self.schemes),
            "scheme": set(db.session.scalars(select(Scheme.key))),
            "source": set(db.session.scalars(select(Source.key))),
        }
        columns = {
            "organisation": Organisation.key,
            "user": User.handle,
            "space": Space.key,
            "comment": Comment.key,
        }
        for kind, column in columns.items():
            self._held[kind] = set()
            for chunk in chunks(sorted(wanted.get(kind, ()))):
                self._held[kind] |= set(db.session.scalars(select(column).where(column.in_(chunk))))
        entries = sorted(set().union(*(wanted.get(kind, set()) for kind in _ENTRIES)))
        self._entries: dict[str, str] = {}
        self._look_up_entries(entries)

    def _look_up_entries(self, keys: Sequence[str]) -> None:
        for chunk in chunks(keys):
            rows = db.session.execute(select(Entry.key, Entry.kind).where(Entry.key.in_(chunk)))
            self._entries |= {row.key: row.kind for row in rows}

    def holds(self, kind: str, key: str) -> bool:
        """Tell whether the database holds this."""
        if kind in self._held:
            return key in self._held[kind]
        if kind == "entry":
            return key in self._entries
        if kind == "original":
            return self._entries.get(key) in _ORIGINALS
        return self._entries.get(key) == kind

    def names(self, kind: str) -> Iterable[str]:
        """Return keys of this kind to suggest from; people are never suggested."""
        return () if kind == "user" else self._held.get(kind, ())

    def other_kind(self, kind: str, key: str) -> str:
        """Return the kind of the entry that has this key, where it is another one."""
        found = self._entries.get(key, kind)
        return found if kind not in FIXED and found != kind else ""


def chunks(keys: Sequence[str], size: int = _CHUNK) -> Iterator[Sequence[str]]:
    """Cut keys into pieces that fit a query."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
