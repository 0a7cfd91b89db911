"""What somebody may have meant who found next to nothing: the same question with a word spelt otherwise, terms nearby.

A word is doubted only where no entry this viewer may list holds it, and a question is proposed only where it
finds more for her than what she typed. Nothing is ever searched for in place of what was typed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import bindparam, func, select

from cop.core.db import db, rows
from cop.core.types import Lang
from cop.discover.asking import Asked
from cop.discover.indexing import engine
from cop.discover.kept_names import KeptNames, kept_names
from cop.discover.lately import changed_lately
from cop.discover.once import once
from cop.discover.understanding import understand
from cop.entries import policy, queries
from cop.entries.models import Entry, Text
from cop.people.viewer import Viewer
from cop.search.engine import IndexProblem, Sort
from cop.search.readings import readings, rough
from cop.search.spelling import Piece, cased, in_script_of, pieces, replaced, windows
from cop.search.suggest import level
from cop.search.text import fold
from cop.terms import refs
from cop.terms.models import LabelKind
from cop.terms.nearest import nearest
from cop.terms.refs import TermRef
from cop.terms.vocabulary import vocabulary

#: Who found as many, if only by some of her words, found something.
ENOUGH = 3
#: Results counted at most, each looked up under what the viewer may list.
_COUNTED = 6
_MOST_PIECES, _LONGEST_RUN, _LONGEST_WINDOW = 12, 20, 6
#: Other questions tried, and entries whose titles are looked through for what sounds alike.
_TRIES, _TITLES = 3, 24
#: So many syllables alike are seldom chance.
_LONG = 3
_NO_WORDS = (LabelKind.ABBREVIATION, LabelKind.PINYIN)

#: What a piece of the question may have been meant as, likeliest first.
Ways = Mapping[Piece, Sequence[str]]


def meant(viewer: Viewer, query_text: str, asked: Asked) -> str | None:
    """Return another spelling of the question that finds more for this viewer, if there is a likely one.

    Cheap to ask for every question: without a word that no entry holds, nothing else is looked at.
    """
    # What the index still holds of an entry that was closed a moment ago must make no difference.
    if changed_lately(viewer).closed:
        return None
    try:
        kept = kept_names()
        once("kept names", kept.refresh)
        ways = _ways(viewer, kept, query_text)
        if not ways:
            return None
        proposals = list(_proposals(query_text, ways))
        return _finding_more(viewer, query_text, proposals, asked)
    except IndexProblem:
        return None


def _proposals(query_text: str, ways: Ways) -> Iterator[str]:
    """Give the question with every doubted piece in its likeliest form, then with one in a less likely one."""
    best = {piece: forms[0] for piece, forms in ways.items()}
    made = [best]
    made += [{**best, piece: form} for piece, forms in ways.items() for form in forms[1:]]
    if len(best) > 1:
        made += [{piece: form} for piece, form in best.items()]
    for changes in made[:_TRIES]:
        yield replaced(query_text, changes)


def _finding_more(
    viewer: Viewer, before: str, proposals: Sequence[str], asked: Asked
) -> str | None:
    """Return the first that finds more entries with all its words, or finds any where hardly any were found."""
    found: int | None = None
    for proposal in proposals:
        whole = _listed(viewer, proposal, asked, all_words=True)
        if whole and whole > _listed(viewer, before, asked, all_words=True):
            return proposal
        found = _listed(viewer, before, asked) if found is None else found
        if found < ENOUGH and _listed(viewer, proposal, asked) > found:
            return proposal
    return None


def _listed(viewer: Viewer, text: str, asked: Asked, *, all_words: bool = False) -> int:
    """Return how many entries a question finds that the viewer may list, counting no further than matters."""
    query = understand(viewer, replace(asked, text=text)).query
    hits = engine().search(
        # Their order does not matter, and the best would be looked at more closely.
        replace(query, all_words=all_words or query.all_words, sort=Sort.NEWEST),
        labels=policy.listed_labels(viewer),
        prefer_lang=viewer.lang.value,
        limit=_COUNTED,
    )
    if not hits.hits:
        return 0
    # The index may hold for a moment what was closed.
    ids = [hit.entry_id for hit in hits.hits]
    return db.session.scalar(_STILL_LISTED, {"ids": ids, **queries.lists_of(viewer)}) or 0


_STILL_LISTED = select(func.count()).where(
    Entry.id.in_(bindparam("ids", expanding=True)), queries.LISTED
)


def _ways(viewer: Viewer, kept: KeptNames, query_text: str) -> Ways:
    """Return what each piece that no entry holds may have been meant as; pieces without any are left out."""
    typed = pieces(query_text)[:_MOST_PIECES]
    pairs = {one: _pairs(one.text) for one in typed if one.han}
    said = [one.text for one in typed if not one.han]
    said += [pair for ones in pairs.values() for pair in ones]
    unheld = _unheld(viewer, said)
    ways: dict[Piece, list[str]] = {}
    near = {one: kept.spelt.near(one.text) for one in typed if one.text in unheld and not one.han}
    strange = _unheld(viewer, [form for forms in near.values() for form in forms])
    for one, forms in near.items():
        ways[one] = [cased(form, one.text) for form in forms if form not in strange]
    doubted = [
        (one, {at for at, pair in enumerate(ones) if pair in unheld}) for one, ones in pairs.items()
    ]
    ways.update(_near_han(viewer, kept, doubted))
    return {one: forms for one, forms in ways.items() if forms}


def _unheld(viewer: Viewer, said: Sequence[str]) -> frozenset[str]:
    """Return those of some words that no entry this viewer may list holds."""
    wanted = list(dict.fromkeys(said))
    counts = engine().holding(wanted, labels=policy.listed_labels(viewer)) if wanted else []
    return frozenset(one for one, count in zip(wanted, counts, strict=True) if not count)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run[:_LONGEST_RUN]) - 1)]


@dataclass(frozen=True, slots=True)
class _Window:
    """Some characters of a piece, one of whose pairs stands nowhere, and how they are read."""

    piece: Piece
    at: int
    text: str
    syllables: tuple[str, ...]

    @property
    def long(self) -> bool:
        """Whether another text that sounds so is seldom chance."""
        return len(self.text) >= _LONG

    def likeness(self, other: str, *, whole: bool) -> tuple[bool, int, int]:
        """Return how likely another text was meant, likeliest first: a whole name, many characters, few changed."""
        same = sum(a == b for a, b in zip(self.text, other, strict=True))
        return (not whole, -len(self.text), -same)


def _near_han(
    viewer: Viewer, kept: KeptNames, doubted: Iterable[tuple[Piece, set[int]]]
) -> dict[Piece, list[str]]:
    """Return what runs of Han characters may have been meant as, by their sound."""
    looked = [window for piece, odd in doubted for window in _windows(piece, odd)]
    if not looked:
        return {}
    terms = {window: kept.terms.near(window.syllables, 4) for window in looked}
    shelves = [names for key, names in list(kept.titles.items()) if key[1] == "public"]
    entries = {
        window: [one for names in shelves for one in names.near(window.syllables, 2)]
        for window in looked
    }
    titles = _titles(viewer, [one for ones in entries.values() for one in ones])
    ranked: dict[Piece, list[tuple[tuple[bool, int, int], str]]] = {}
    for window in looked:
        names = [(level(name), True) for one in terms[window] for name in _names(one)]
        names += [(level(name), False) for one in entries[window] for name in titles.get(one, ())]
        for name, of_term in names:
            for other in _alike(name, window):
                likeness = window.likeness(other, whole=of_term and other == name)
                # Wholly other characters are believed of a whole name only.
                if likeness[2] or likeness[0] is False:
                    ranked.setdefault(window.piece, []).append((likeness, _put(window, other)))
    return {
        piece: list(dict.fromkeys(text for _likeness, text in sorted(forms)))[:_TRIES]
        for piece, forms in ranked.items()
    }


def _windows(piece: Piece, odd: set[int]) -> Iterator[_Window]:
    """Give every part of a run that holds one of its odd pairs and can be read, longest first."""
    folded = fold(piece.text)
    sounds = [readings(one)[:1] for one in folded]
    for at, text in windows(folded[:_LONGEST_RUN], 2, _LONGEST_WINDOW):
        said = tuple(sound for one in sounds[at : at + len(text)] for sound in one)
        if len(said) == len(text) and any(at <= one < at + len(text) - 1 for one in odd):
            yield _Window(piece, at, text, said)


def _alike(name: str, window: _Window) -> Iterator[str]:
    """Give the parts of a name that sound nearly like the window and are written otherwise."""
    wanted = tuple(rough(one) for one in window.syllables)
    heard = _heard(name)
    for at in range(len(name) - len(wanted) + 1):
        if heard[at : at + len(wanted)] == wanted and name[at : at + len(wanted)] != window.text:
            yield name[at : at + len(wanted)]


@lru_cache(maxsize=2048)
def _heard(name: str) -> tuple[str, ...]:
    """Return how each character of a levelled name is heard; nothing where it is no Han character."""
    return tuple(rough(said[0]) if (said := readings(one)) else "" for one in name)


def _put(window: _Window, other: str) -> str:
    """Return the piece with the window said otherwise: what was typed right stays as it was typed."""
    before, end = window.piece.text, window.at + len(other)
    written = in_script_of(other, before)
    said = "".join(
        mine if fold(mine) == theirs else shown
        for mine, theirs, shown in zip(before[window.at : end], other, written, strict=True)
    )
    return f"{before[: window.at]}{said}{before[end:]}"


_TITLES_OF = (
    select(Text.entry_id, Text.title)
    .join(Entry, Entry.id == Text.entry_id)
    .where(
        Entry.id.in_(bindparam("ids", expanding=True)),
        Text.lang == Lang.ZH.value,
        queries.LISTED,
    )
)


def _titles(viewer: Viewer, entry_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the Chinese titles of entries as the viewer may list them now."""
    wanted = list(dict.fromkeys(entry_ids))[:_TITLES]
    found: dict[int, list[str]] = {}
    if not wanted:
        return found
    asked = {"ids": wanted, **queries.lists_of(viewer)}
    for entry_id, title in rows(_TITLES_OF, asked):
        found.setdefault(entry_id, []).append(title)
    return found


def _names(term_id: int) -> list[str]:
    term = vocabulary().by_id.get(term_id)
    return [label.text for label in term.labels if label.kind not in _NO_WORDS] if term else []


def nearest_terms(text: str, limit: int = 5) -> list[TermRef]:
    """Return the terms whose names come nearest to a text in words or in sound, for who found nothing at all."""
    kept = kept_names()
    once("kept names", kept.refresh)
    runs = [one for one in pieces(text)[:_MOST_PIECES] if one.han]
    looked = [window for one in runs for window in _windows(one, set(range(_LONGEST_RUN)))]
    sounding = [
        one for window in looked if window.long for one in kept.terms.near(window.syllables, 2)
    ]
    found = nearest(vocabulary(), text, more=dict.fromkeys(sounding), limit=limit)
    return [refs.ref_of(one) for one in found]
