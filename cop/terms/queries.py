"""Reading the vocabulary: lists, one term's page, choices for pickers, words for search and for enums."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import pick
from cop.core.types import Lang, Texts
from cop.people.viewer import Viewer
from cop.search.text import CJK_RUN, pinyin_forms
from cop.terms.labels import HANT, PINYIN, folded
from cop.terms.models import LabelKind, Relation, RelationKind, Source, Term, TermSource
from cop.terms.refs import TermRef, ref_of
from cop.terms.vocabulary import LabelView, SchemeView, TermView, Vocabulary, vocabulary

#: A term deeper than this stands at the top of its list again.
_DEEPEST = 12
_SHOWN = (LabelKind.ALTERNATIVE,)
_SEARCHED = (LabelKind.PREFERRED, LabelKind.ALTERNATIVE, LabelKind.HIDDEN)


@dataclass(frozen=True)
class Words:
    """A term in words: its name and definition, and the language of each."""

    name: str
    lang: Lang
    definition: str = ""
    definition_lang: Lang = Lang.EN


@dataclass(frozen=True)
class SchemeRow:
    """A scheme in a list, with how many terms it has."""

    scheme: SchemeView
    count: int
    terms: Sequence[TermRef] = ()


@dataclass(frozen=True)
class Branch:
    """A term in the tree of its scheme, with its definition and the narrower terms below it."""

    ref: TermRef
    words: Words
    children: "list[Branch]" = field(default_factory=list)


@dataclass(frozen=True)
class CitedSource:
    """A source, and the places in it: sections, tables, interview codes."""

    key: str
    short: Texts
    citation: str
    about: Texts
    at: tuple[str, ...]


def cited_once(rows: Iterable[Any]) -> list[CitedSource]:
    """Return each source once, with all the places that are cited, in the order of the rows."""
    found: dict[str, CitedSource] = {}
    for key, short, citation, about, at in rows:
        there = found.get(key) or CitedSource(key, short, citation, about, ())
        found[key] = replace(there, at=(*there.at, at) if at else there.at)
    return list(found.values())


@dataclass(frozen=True)
class TermPage:
    """Everything the page of a term shows, the notes that carry it aside."""

    term: TermView
    scheme: SchemeView
    ref: TermRef
    labels: Sequence[LabelView]
    sources: Sequence[CitedSource]
    broader: Sequence[TermRef]
    narrower: Sequence[TermRef]
    related: Sequence[TermRef]


@dataclass(frozen=True)
class Choice:
    """A term as the editor's picker offers it, findable by either name, pinyin and other labels."""

    key: str
    name: str
    name_lang: Lang
    other: str = ""
    other_lang: Lang | None = None
    #: Whether the name is in another language than the page.
    name_is_foreign: bool = False
    pinyin: str = ""
    #: Its other names, without those that are found by the names and the pinyin already.
    alts: Sequence[str] = field(default_factory=tuple)
    definition: str = ""
    #: The name of the broader term, for pickers that group.
    group: str = ""


def schemes(viewer: Viewer) -> list[SchemeRow]:
    """Return all schemes with their living terms, each sorted in the reader's manner."""
    words = vocabulary()
    rows = []
    for scheme in words.schemes.values():
        terms = words.in_scheme(scheme.key, viewer.lang)
        refs = [ref_of(term, viewer.lang) for term in terms]
        rows.append(SchemeRow(scheme, len(refs), refs))
    return rows


def scheme(viewer: Viewer, key: str) -> SchemeView:
    """Return a scheme, or raise NotFound."""
    found = vocabulary().schemes.get(key)
    if found is None:
        raise NotFound
    return found


def tree(viewer: Viewer, scheme_key: str) -> list[Branch]:
    """Return the terms of a scheme, each below its first broader term, siblings sorted for the reader."""
    words = vocabulary()
    terms = words.in_scheme(scheme_key, viewer.lang)
    branches = {
        term.id: Branch(ref_of(term, viewer.lang), _words(term, viewer.lang)) for term in terms
    }
    top = []
    for term in terms:
        parent = next((other for other in term.broader if other in branches), None)
        # A circle, made by mistake, hangs on no root; its terms must not vanish.
        if (
            parent is None
            or len(words.above(term.id)) > _DEEPEST
            or term.id in _around(words, term)
        ):
            top.append(branches[term.id])
        else:
            branches[parent].children.append(branches[term.id])
    return top


def _around(words: Vocabulary, term: TermView) -> set[int]:
    """Return the ids of everything broader than the term; its own is among them only in a circle."""
    return {one.id for parent in term.broader for one in words.above(parent)}


def get(key: str) -> TermView:
    """Return the term of this key, merged or not, or raise NotFound."""
    found = vocabulary().by_key.get(key)
    if found is None:
        raise NotFound
    return found


def living(term: TermView) -> TermView:
    """Return the term that stands for this one: itself, or what it was merged into."""
    return vocabulary().resolved(term)


def page(viewer: Viewer, term: TermView) -> TermPage:
    """Return what a term's page shows; one query besides the vocabulary."""
    words = vocabulary()
    lang = viewer.lang

    def refs(ids: Iterable[int]) -> list[TermRef]:
        near = {words.resolved(words.by_id[one]).id: None for one in ids if one in words.by_id}
        found = words.ordered([words.by_id[one] for one in near if one != term.id], lang)
        return [ref_of(one, lang) for one in found]

    return TermPage(
        term=term,
        scheme=words.schemes[term.scheme],
        ref=ref_of(term, lang),
        labels=term.texts(*_SHOWN),
        sources=sources_of(term.id),
        broader=refs(term.broader),
        narrower=refs(term.narrower),
        related=refs(term.related),
    )


def sources_of(term_id: int) -> list[CitedSource]:
    """Return the sources of a term's definition, in their order."""
    statement = (
        select(Source.key, Source.short, Source.citation, Source.about, TermSource.at)
        .join(Source, Source.id == TermSource.source_id)
        .where(TermSource.term_id == term_id)
        .order_by(TermSource.position)
    )
    return cited_once(db.session.execute(statement))


def by_keys(keys: Iterable[str]) -> dict[str, TermView]:
    """Return terms by key; a merged one stands under its old key as what it was merged into."""
    words = vocabulary()
    wanted = [key for key in dict.fromkeys(keys) if key in words.by_key]
    return {key: words.resolved(words.by_key[key]) for key in wanted}


def by_label(text: str, *, places: bool = False) -> list[TermView]:
    """Return the terms one of whose labels is this text, in either script, language or pinyin.

    With `places`, one-character abbreviations (京, 沪) count too.
    """
    words = vocabulary()
    wanted = folded(text)
    ids = list(words.by_label.get(wanted, ()))
    if places:
        ids += words.by_abbreviation.get(wanted, ())
    terms = dict.fromkeys(words.resolved(words.by_id[one]).id for one in ids)
    return [words.by_id[one] for one in terms]


def choices(scheme_key: str, lang: Lang) -> list[Choice]:
    """Return what a picker of this scheme offers, sorted for the reader."""
    return list(_choices(vocabulary(), scheme_key, lang))


# Keyed by the vocabulary object itself: a new state is a new object.
@lru_cache(maxsize=64)
def _choices(words: Vocabulary, scheme_key: str, lang: Lang) -> tuple[Choice, ...]:
    return tuple(_choice(words, term, lang) for term in words.in_scheme(scheme_key, lang))


def _choice(words: Vocabulary, term: TermView, lang: Lang) -> Choice:
    shown = ref_of(term, lang)
    broader = next((words.by_id[one] for one in term.broader if one in words.by_id), None)
    return Choice(
        key=term.key,
        name=shown.name,
        name_lang=shown.name_lang,
        other=shown.other,
        other_lang=shown.other_lang,
        name_is_foreign=shown.name_lang != lang,
        pinyin=term.pinyin,
        alts=tuple(_telling_more(term, shown)),
        definition=pick(term.definition, lang)[0],
        group=ref_of(broader, lang).name if broader is not None else "",
    )


def _telling_more(term: TermView, shown: TermRef) -> Iterator[str]:
    """Yield the other names of a term by which a picker that looks inside names would not find it anyway."""
    known = " / ".join(folded(text) for text in (shown.name, shown.other, term.pinyin))
    for label in term.texts(LabelKind.ALTERNATIVE, LabelKind.HIDDEN, LabelKind.ABBREVIATION):
        if label.folded not in known or (CJK_RUN.search(label.text) and label.text not in known):
            yield label.text


def descendants(term_id: int) -> Select[tuple[int]]:
    """Return the statement of the ids of a term and all narrower ones: a place and the places in it."""
    tree = select(Term.id).where(Term.id == term_id).cte("below", recursive=True)
    # UNION, not UNION ALL: a circle ends.
    tree = tree.union(
        select(Relation.term_id).where(
            Relation.other_id == tree.c.id, Relation.kind == RelationKind.BROADER.value
        )
    )
    return select(tree.c.id)


def label_words(term_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return all labels of terms in all languages, with the ways to type their pinyin, for search.

    Abbreviations of places are left out: they belong to the place filter only.
    """
    words = vocabulary()
    return {
        one: _label_words(words.by_id[one]) for one in dict.fromkeys(term_ids) if one in words.by_id
    }


def _label_words(term: TermView) -> tuple[str, ...]:
    labels = [label.text for label in term.texts(*_SEARCHED)]
    spelt = [pinyin_forms(label.text) for label in term.texts(LabelKind.PINYIN)]
    return tuple(dict.fromkeys(text for text in (*labels, *spelt) if text))


def place_path(term_id: int) -> tuple[str, ...]:
    """Return the keys of a place and of all places it lies in, nearest first."""
    return tuple(term.key for term in vocabulary().above(term_id))


def outcome_words(lang: Lang) -> dict[str, Words]:
    """Return outcome → its word and definition, from the scheme `outcome`, in its order."""
    return words_of("outcome", lang)


def evidence_words(lang: Lang) -> dict[str, Words]:
    """Return kind of evidence → its word and definition, from the scheme `evidence`, in its order."""
    return words_of("evidence", lang)


def words_of(scheme_key: str, lang: Lang) -> dict[str, Words]:
    """Return the words of each living term of a scheme, by key."""
    return dict(_words_of(vocabulary(), scheme_key, lang))


@lru_cache(maxsize=64)
def _words_of(words: Vocabulary, scheme_key: str, lang: Lang) -> tuple[tuple[str, Words], ...]:
    return tuple((term.key, _words(term, lang)) for term in words.in_scheme(scheme_key, lang))


def _words(term: TermView, lang: Lang) -> Words:
    name, name_lang = pick(term.name, lang)
    definition, definition_lang = pick(term.definition, lang)
    return Words(name, name_lang, definition, definition_lang)


def grouped_labels(labels: Iterable[LabelView]) -> list[tuple[str, list[str]]]:
    """Return other names by language tag, Simplified and Traditional Chinese, English, then pinyin."""
    order = (Lang.ZH.value, HANT, Lang.EN.value, PINYIN)
    found: dict[str, list[str]] = {tag: [] for tag in order}
    for label in labels:
        found.setdefault(label.lang, []).append(label.text)
    return [(tag, texts) for tag, texts in found.items() if texts]
