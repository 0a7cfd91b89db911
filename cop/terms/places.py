"""Places: what lies around and inside one, and how a reader writes it."""

from collections.abc import Iterable

from cop.core.i18n import pick
from cop.core.types import Lang
from cop.terms.vocabulary import TermView, vocabulary

#: Left out of a written place: nearly everything here lies in the one country.
_COUNTRY = "china"


def path(place_id: int) -> list[TermView]:
    """Return the place and what lies around it, innermost first."""
    return vocabulary().above(place_id)


def within(keys: Iterable[str]) -> set[int]:
    """Return the ids of these places and of all places inside them; keys that name nothing add nothing."""
    words = vocabulary()
    found: set[int] = set()
    for key in keys:
        term = words.by_key.get(key)
        if term is not None and term.scheme == "place":
            found |= {place.id for place in words.below(words.resolved(term).id)}
    return found


def written(place_id: int, lang: Lang) -> str:
    """Return the place as a reader writes it: 宁波市海曙区 from the large, "Haishu, Ningbo" from the small."""
    around = path(place_id)
    names = [
        pick(place.name, lang)[0] for place in around if place.key != _COUNTRY or len(around) == 1
    ]
    return _from_the_large(names) if lang is Lang.ZH else _from_the_small(names)


def _from_the_large(names: list[str]) -> str:
    """Join outermost first; an inner label may already begin with any of those around it."""
    parts: list[str] = []
    for name in reversed(names):
        own = name
        for around in parts:
            own = own.removeprefix(around)
        parts.append(own)
    return "".join(parts)


def _from_the_small(names: list[str]) -> str:
    """Join innermost first, leaving out what an inner label already says."""
    said = [part for name in names for part in name.split(", ")]
    return ", ".join(dict.fromkeys(said))
