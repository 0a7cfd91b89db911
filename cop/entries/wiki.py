"""Where wiki links in texts lead, for one reader: `[[…]]` by a term's label, an entry's title or a key.

A name means, in this order: a strategy (its page, or the invitation to write it), another term, an entry of this title
today, one that had it once. What the reader may not read does not exist: its name leads nowhere, as any made-up one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from markupsafe import escape
from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select

from cop.core.db import rows
from cop.core.errors import Invalid
from cop.core.i18n import _, _l, current_lang, pick
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Text, Visibility
from cop.entries.queries import LISTED, lists_of
from cop.entries.titles import name_of
from cop.entries.wiki_models import Title
from cop.markup import wiki as source_form
from cop.markup.wiki import WikiLink
from cop.people.viewer import Viewer
from cop.terms.models import LabelKind
from cop.terms.vocabulary import TermView, Vocabulary, vocabulary

#: Names that are looked up for one page, and links that one text may have; further ones are shown as words.
LIMIT = 1000
_TOO_MANY = _l(
    "One text can hold at most %(limit)s links in double brackets. Please take some of the brackets out; their "
    "words can stay as plain text.",
    limit=f"{LIMIT:,}",
)
_STRATEGY = "strategy"
#: Labels by which a term is linked to, those that mean it most first; 京 and 沪 are words like any other.
_RANKS = {
    LabelKind.PREFERRED.value: 0,
    LabelKind.ALTERNATIVE.value: 2,
    LabelKind.HIDDEN.value: 3,
    LabelKind.PINYIN.value: 4,
}
_KEY_RANK = 1


@dataclass(frozen=True)
class Leading:
    """Where a name leads: the page's path and its own name."""

    href: str
    name: str
    lang: str
    #: Whether there is something to read, or only the invitation to write it.
    is_written: bool = True
    #: The key it was called by, where that is no name that people use.
    key: str = ""


@dataclass(frozen=True)
class Links:
    """Where the names in some texts lead, as one reader may know it."""

    found: Mapping[str, Leading] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    def html(self, html: str) -> str:
        """Return rendered text with its links in it."""
        return source_form.filled(html, self._shown)

    def _shown(self, link: WikiLink) -> str:
        name = name_of(link.target)
        leading = self.found.get(name)
        words = str(escape(link.words))
        if leading is None:
            if name not in self.asked:
                return words
            # Translators: after words that should lead to a page, for those who do not see that they are marked.
            hint = escape(_("(no page)"))
            return f'<span class="no-page">{words}<span class="vh"> {hint}</span></span>'
        href = escape(leading.href)
        if link.is_named and link.target == leading.key:
            words = f'<span lang="{escape(leading.lang)}">{escape(leading.name)}</span>'
        if leading.is_written:
            return f'<a href="{href}">{words}</a>'
        # Translators: after a link to a strategy whose page nobody has written yet.
        hint = escape(_("(not written yet)"))
        return f'<a class="no-page" href="{href}">{words}<span class="vh"> {hint}</span></a>'


def links(viewer: Viewer, texts: Iterable[str]) -> Links:
    """Return where the links in these rendered texts lead: in four statements at most, in none without links."""
    targets = dict.fromkeys(target for text in texts for target in source_form.places(text))
    names = dict.fromkeys(islice((name_of(target) for target in targets), LIMIT))
    return leading(viewer, names)


def leading(viewer: Viewer, names: Iterable[str]) -> Links:
    """Return where folded names lead."""
    asked = frozenset(names)
    if not asked:
        return Links()
    words = vocabulary()
    by_name = _terms(words)
    terms = {name: by_name[name] for name in asked if name in by_name}
    found = _to_terms(viewer, words, terms) | _to_entries(viewer, asked - terms.keys())
    return Links(found, asked)


# Keyed by the vocabulary object itself: a new state is a new object.
@lru_cache(maxsize=2)
def _terms(words: Vocabulary) -> dict[str, int]:
    """Return what each name of a term means."""
    best: dict[str, tuple[tuple[bool, int, bool, int], int]] = {}
    for term in words.by_id.values():
        living = words.resolved(term)
        names = [
            (name_of(label.text), _RANKS[label.kind])
            for label in term.labels
            if label.kind in _RANKS
        ]
        for name, rank in [*names, (name_of(term.key), _KEY_RANK)]:
            worth = (living.scheme != _STRATEGY, rank, living.id != term.id, term.id)
            if name and (name not in best or worth < best[name][0]):
                best[name] = (worth, living.id)
    return {name: term_id for name, (_worth, term_id) in best.items()}


def names_of_terms(term_ids: Collection[int]) -> dict[str, int]:
    """Return the folded names that lead to living terms."""
    return {name: one for name, one in _terms(vocabulary()).items() if one in term_ids}


def is_of_a_term(name: str) -> bool:
    """Tell whether a folded name leads to a term, and so to no entry."""
    return name in _terms(vocabulary())


def _to_terms(viewer: Viewer, words: Vocabulary, terms: Mapping[str, int]) -> dict[str, Leading]:
    strategies = {one for one in terms.values() if words.by_id[one].scheme == _STRATEGY}
    written = written_pages(viewer, strategies)
    return {name: _to_term(words.by_id[one], name, written) for name, one in terms.items()}


def written_pages(viewer: Viewer, strategies: Collection[int]) -> dict[int, int]:
    """Return the pages of these living strategies that this viewer finds in lists."""
    asked = [kind.pages_of for kind in KINDS.values() if kind.pages_of is not None]
    found: dict[int, int] = {}
    for ask in asked if strategies else ():
        found |= ask(viewer, strategies)
    return found


def _to_term(term: TermView, name: str, written: Collection[int]) -> Leading:
    title, lang = pick(term.name, current_lang())
    is_strategy = term.scheme == _STRATEGY
    return Leading(
        href=f"/practices/{term.key}" if is_strategy else f"/terms/{term.scheme}/{term.key}",
        name=title,
        lang=lang.value,
        is_written=not is_strategy or term.id in written,
        key="" if name in {name_of(label.text) for label in term.labels} else term.key,
    )


def _by_title() -> Select[str, bool, int, str, str]:
    """Return the statement of which entries have or had titles of these names.

    What was joined with another entry leads there, unless others than its own readers read that one by now; the
    union keeps even a circle from going round.
    """
    columns = (Entry.id, Entry.merged_into_id, Entry.visibility, Entry.circle_id)
    steps = (
        select(Title.folded.label("name"), Title.current, *columns)
        .join(Entry, Entry.id == Title.entry_id)
        .where(Title.folded.in_(_NAMES))
        .cte("steps", recursive=True)
    )
    steps = steps.union(
        select(steps.c.name, steps.c.current, *columns)
        .join(Entry, Entry.id == steps.c.merged_into_id)
        .where(
            or_(
                steps.c.visibility == Visibility.PUBLIC.value,
                and_(
                    steps.c.visibility == Entry.visibility,
                    steps.c.circle_id.is_not_distinct_from(Entry.circle_id),
                ),
            )
        )
    )
    return (
        select(steps.c.name, steps.c.current, Entry.id, Entry.kind, Entry.lang)
        .join(Entry, Entry.id == steps.c.id)
        .where(LISTED)
    )


# Built once.
_NAMES: BindParameter[str] = bindparam("names", expanding=True)
_BY_TITLE = _by_title()
_BY_KEY = select(Entry.key, Entry.id, Entry.kind, Entry.lang).where(Entry.key.in_(_NAMES), LISTED)
_TELLINGS = select(Text.entry_id, Text.lang, Text.title, Text.slug).where(
    Text.entry_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class _Meant:
    """An entry that a name may mean; those kept by curators, titles of today and older entries come first."""

    rank: tuple[bool, bool, bool, int]
    id: int
    kind: str
    lang: str
    by_key: bool


def _to_entries(viewer: Viewer, names: frozenset[str]) -> dict[str, Leading]:
    meant = entries_named(viewer, names)
    if not meant:
        return {}
    told: dict[int, dict[str, Any]] = {}
    for row in rows(_TELLINGS, {"ids": sorted({one.id for one in meant.values()})}):
        told.setdefault(row[0], {})[row[1]] = row
    wanted = current_lang().value
    found = {}
    for name, one in meant.items():
        tellings = told.get(one.id, {})
        text = tellings.get(wanted) or tellings.get(one.lang) or next(iter(tellings.values()), None)
        if text is not None:
            _id, lang, title, slug = text
            href = f"/{KINDS[one.kind].path}/{one.id}-{slug}"
            found[name] = Leading(href, title, lang, key=name if one.by_key else "")
    return found


def entries_named(viewer: Viewer, names: Iterable[str]) -> dict[str, _Meant]:
    """Return the entry that each of these folded names means to this reader, where there is one."""
    asked = {"names": sorted(names), **lists_of(viewer)}
    if not asked["names"]:
        return {}
    best: dict[str, _Meant] = {}

    def offer(name: str, one: _Meant) -> None:
        if name not in best or one.rank < best[name].rank:
            best[name] = one

    for key, entry_id, kind, lang in rows(_BY_KEY, asked):
        offer(key, _Meant((False, False, False, entry_id), entry_id, kind, lang, by_key=True))
    for name, current, entry_id, kind, lang in rows(_BY_TITLE, asked):
        rank = (not current, not KINDS[kind].kept_by_curators, True, entry_id)
        offer(name, _Meant(rank, entry_id, kind, lang, by_key=False))
    return best


def require_few(sections: Mapping[str, str], was: Sequence[str] = ()) -> None:
    """Raise Invalid for a text with more links than one may have, if it had fewer before."""
    for key, source in sections.items():
        if source_form.in_source(source) > LIMIT >= max(map(source_form.in_source, was), default=0):
            raise Invalid(key, _TOO_MANY)
