"""What a question means: its fields and filters together, the terms its words name, and what it could not be taken for.

One step between what was typed and the engine. It asks nothing of the index; what it shows comes from the
vocabulary, and from people and organisations only what this viewer may know of.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cop.core.i18n import LazyString, _l
from cop.core.types import Lang
from cop.discover.asking import Asked
from cop.discover.values import SCHEMES, Values
from cop.notes.living import living_keys
from cop.people.viewer import Viewer
from cop.search.engine import EXPANSION_WEIGHT, Concept, Filters, Option, Query
from cop.search.parse import FieldValue, Hint, HintCode, Parsed, parse
from cop.terms.recognising import Recognised, recognised
from cop.terms.refs import TermRef, ref_of

#: The facet of the engine that goes by another name in the address.
_IN_ADDRESS = {"lang": "text"}
_OF_ADDRESS = {said: facet for facet, said in _IN_ADDRESS.items()}


@dataclass(frozen=True)
class ExpandedTerm:
    """A term that words of the question name, and its other names, which are searched as well."""

    ref: TermRef
    said: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class TypedFilter:
    """A filter that was typed: its name in the address, its value, and the question without it."""

    name: str
    value: str
    text_without: str


@dataclass(frozen=True)
class Understood:
    """A question as it is searched for, and as the page tells what became of it."""

    query: Query
    terms: Sequence[ExpandedTerm]
    hints: Sequence[LazyString]
    #: By the names of the address: those of the address and those that were typed.
    filters: Mapping[str, tuple[str, ...]]
    typed: Sequence[TypedFilter]
    #: The question as it was typed, without its fields: those are among the filters.
    text: str
    #: The words and phrases alone, without signs and fields: a title for a note, words for suggestions.
    words: str


def understand(viewer: Viewer, asked: Asked) -> Understood:
    """Return what the question means to this viewer; nothing that is typed is an error."""
    values = Values(viewer)
    parsed = parse(asked.text, known=values.known)
    typed = [
        (field, one) for field in parsed.fields for one in values.meant(field.name, field.value)
    ]
    filters = _merged(asked.filters, typed)
    named = [] if asked.exact else _named(parsed, asked.without)
    chosen = {} if asked.exact else _choices_named(parsed, asked.without)
    return Understood(
        query=replace(
            parsed.query,
            filters=engine_filters(filters),
            concepts=_concepts(named),
            either=tuple(_widened(options, chosen) for options in parsed.query.either),
            sort=asked.sort,
        ),
        terms=_terms([*named, *(one for found in chosen.values() for one in found)]),
        hints=[_sentence(hint) for hint in parsed.hints],
        filters=filters,
        typed=[
            TypedFilter(_IN_ADDRESS.get(field.name, field.name), one, _without(parsed, field))
            for field, one in typed
        ],
        text=_without_fields(parsed),
        words=_words(parsed.query),
    )


def engine_filters(filters: Mapping[str, Sequence[str]]) -> Filters:
    """Return the filters of an address as the engine knows them; what names nothing matches nothing."""
    found = {}
    for name, values in filters.items():
        facet = _OF_ADDRESS.get(name, name)
        if values:
            found[facet] = frozenset(_known_to_engine(facet, values))
    return found


def _known_to_engine(facet: str, values: Sequence[str]) -> Sequence[str]:
    if facet in SCHEMES:
        return living_keys(values)
    if facet == "lang":
        return [lang.value if (lang := Lang.of_tag(tag)) else tag for tag in values]
    return values


def _merged(
    chosen: Mapping[str, tuple[str, ...]], typed: Sequence[tuple[FieldValue, str]]
) -> dict[str, tuple[str, ...]]:
    merged = {name: tuple(values) for name, values in chosen.items()}
    for field, value in typed:
        name = _IN_ADDRESS.get(field.name, field.name)
        merged[name] = tuple(dict.fromkeys((*merged.get(name, ()), value)))
    return merged


def _named(parsed: Parsed, without: Sequence[str]) -> list[Recognised]:
    asked = parsed.query
    alone = len(parsed.plain) == 1 and not (asked.phrases or asked.prefixes or asked.either)
    return [found for run in parsed.plain for found in recognised(run, skip=without, alone=alone)]


def _choices_named(parsed: Parsed, without: Sequence[str]) -> dict[str, list[Recognised]]:
    """Return the terms that a choice of OR names as a whole."""
    texts = {option.text for one in parsed.query.either for option in one if not option.phrase}
    found = {text: recognised(text, skip=without, alone=False) for text in sorted(texts)}
    return {
        text: whole
        for text, named in found.items()
        if (whole := [one for one in named if one.said == text])
    }


def _widened(
    options: tuple[Option, ...], named: Mapping[str, Sequence[Recognised]]
) -> tuple[Option, ...]:
    """Return the choices with the other names of the terms they name, which weigh less."""
    said = [option.text for option in options]
    others = (other for text in said for one in named.get(text, ()) for other in one.others)
    more = (Option(other, weight=EXPANSION_WEIGHT) for other in dict.fromkeys(others))
    return (*options, *more)


def _terms(named: Sequence[Recognised]) -> list[ExpandedTerm]:
    """Return each term once, however often it is named."""
    found = {one.term.id: one for one in reversed(named)}
    return [
        ExpandedTerm(ref_of(one.term), one.said, one.others) for one in reversed(found.values())
    ]


def _concepts(named: Sequence[Recognised]) -> tuple[Concept, ...]:
    """Return what the engine looks for: words that name several terms bring in the names of all of them."""
    found: dict[str, Concept] = {}
    for one in named:
        there = found.get(one.said) or Concept(one.said, (), one.term.key)
        others = tuple(dict.fromkeys((*there.others, *one.others)))
        found[one.said] = replace(there, others=others)
    return tuple(concept for concept in found.values() if concept.others)


def _words(query: Query) -> str:
    options = [option.text for either in query.either for option in either]
    return " ".join(dict.fromkeys((*query.words, *query.phrases, *query.prefixes, *options)))


def _without(parsed: Parsed, field: FieldValue) -> str:
    """Return the question without this value; others that its field was given stay."""
    kept = [
        f'"{other.value}"' if re.search(r"[\s,，、|]", other.value) else other.value
        for other in parsed.fields
        if other.raw == field.raw and other != field
    ]
    name = re.match(r"[^:：]*.", field.raw)
    instead = f"{name.group()}{','.join(kept)}" if name and kept else " "
    return " ".join(parsed.query.text.replace(field.raw, instead, 1).split())


def _without_fields(parsed: Parsed) -> str:
    text = parsed.query.text
    for raw in dict.fromkeys(field.raw for field in parsed.fields):
        text = text.replace(raw, " ", 1)
    return " ".join(text.split())


def _sentence(hint: Hint) -> LazyString:
    piece = hint.piece
    if hint.code is HintCode.CUT:
        return _l("This is long: only its beginning is searched for.")
    if hint.code is HintCode.LONELY_OR:
        return _l(
            "“%(piece)s” needs a word on either side; it is searched for as a word.", piece=piece
        )
    if hint.code is HintCode.OTHER_OR:
        return _l(
            "“%(piece)s” can stand between words only; here both sides are searched for.",
            piece=piece,
        )
    if hint.code is HintCode.SHORT_PREFIX:
        return _l(
            "“%(piece)s” is too short for a beginning; it is searched for as a word.", piece=piece
        )
    if hint.code is HintCode.SIGNED_PREFIX:
        return _l("“%(piece)s”: beginnings of words cannot be left out; the word is.", piece=piece)
    if hint.code is HintCode.EMPTY_FIELD:
        return _l(
            "“%(piece)s” needs a value right after it; it is searched for as a word.", piece=piece
        )
    if hint.code is HintCode.SIGNED_FIELD:
        return _l(
            "“%(piece)s”: a filter cannot be turned round; texts with these words are left out.",
            piece=piece,
        )
    return _l("“%(piece)s” names nothing in the lists; its words are searched for.", piece=piece)
