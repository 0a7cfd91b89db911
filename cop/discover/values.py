"""The values of the fields people type: any name of a term, a language, a kind, years, a person or an organisation."""

import re
from collections.abc import Sequence

from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discover import authors
from cop.entries.kinds import KINDS
from cop.people.viewer import Viewer
from cop.search.text import fold
from cop.terms.recognising import terms_called

#: Facet → scheme of the terms that are its values.
SCHEMES = {name: name for name in ("outcome", "evidence", "strategy", "sector", "place")}
#: A period is found by spans of so many years.
SPAN = 5

_LANGUAGES = {
    Lang.ZH: ("zh", "zh-hans", "zh-hant", "chinese", "中文", "汉语", "汉字", "华文"),
    Lang.EN: ("en", "english", "英文", "英语"),
}
_YEARS = re.compile(
    r"(?P<first>(?:19|20)\d\d)年?(?:(?:\s*[-–—~～至到]+\s*|\.\.)(?P<last>(?:19|20)\d\d)年?)?"
)


class Values:
    """What the values of fields mean for one viewer; each is worked out once."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._met: dict[tuple[str, str], tuple[str, ...]] = {}

    def known(self, facet: str, candidates: Sequence[str]) -> int:
        """Return which of these, each a word longer, is the longest that means something; -1 if none does."""
        meant = self._all(facet, candidates)
        return max((at for at, found in enumerate(meant) if found), default=-1)

    def meant(self, facet: str, said: str) -> tuple[str, ...]:
        """Return the values of the facet that somebody means by what she said; none if it means nothing."""
        return self._all(facet, [said])[0]

    def _all(self, facet: str, said: Sequence[str]) -> list[tuple[str, ...]]:
        new = [text for text in said if (facet, text) not in self._met]
        if new and facet == "by":
            found = authors.named(self._viewer, new)
            self._met |= {(facet, text): found.get(text, ()) for text in new}
        else:
            self._met |= {(facet, text): _values(facet, text) for text in new}
        return [self._met[facet, text] for text in said]


def _values(facet: str, said: str) -> tuple[str, ...]:
    if facet in SCHEMES:
        return tuple(term.key for term in terms_called(said, SCHEMES[facet]))
    if facet == "lang":
        return _languages(fold(said))
    if facet == "kind":
        return _kinds(fold(said))
    return _periods(said)


def _languages(folded: str) -> tuple[str, ...]:
    return tuple(lang.tag for lang, names in _LANGUAGES.items() if folded in names)


def _kinds(folded: str) -> tuple[str, ...]:
    """Return the kinds of this name, for one or for many, in either language."""
    found: dict[str, None] = {}
    for lang in Lang:
        with speaking(lang):
            for kind in KINDS.values():
                names = (kind.name, kind.path, str(kind.label), str(kind.label_plural))
                if folded in map(fold, names):
                    found[kind.name] = None
    return tuple(found)


def _periods(said: str) -> tuple[str, ...]:
    years = _YEARS.fullmatch(said.strip())
    if years is None:
        return ()
    first = int(years["first"])
    last = int(years["last"] or first)
    spans = range(min(first, last) // SPAN * SPAN, max(first, last) + 1, SPAN)
    return tuple(f"{year}-{year + SPAN - 1}" for year in spans)
