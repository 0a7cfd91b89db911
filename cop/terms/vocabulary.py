"""The whole vocabulary in memory, kept by each process and known to be current by one small query.

A few hundred terms are on every page; reading them from tables each time would be most of its cost.
The kept copy is named by the last `VocabularyChanged` event, so that a change made in any process
is seen by all of them in their next transaction, and one that was rolled back by none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from cop.core.db import db, rows
from cop.core.types import Json, Lang, Texts
from cop.events.models import Event
from cop.terms.events import VocabularyChanged
from cop.terms.models import Label, LabelKind, Relation, RelationKind, Scheme, Term

#: Schemes whose terms have an order of their own; all others are sorted by name.
IN_GIVEN_ORDER = frozenset({"phase", "outcome", "evidence"})
_MEMO = "cop.vocabulary"


@dataclass(frozen=True, slots=True)
class LabelView:
    """One name of a term."""

    lang: str
    kind: str
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class SchemeView:
    """A list of terms."""

    id: int
    key: str
    title: Texts
    description: Texts


@dataclass(frozen=True, slots=True)
class TermView:
    """A term with its labels, and the ids of the terms around it."""

    id: int
    key: str
    scheme: str
    name: Texts
    definition: Texts
    sort_zh: str
    sort_en: str
    position: int
    extra: Json
    merged_into: int | None
    labels: tuple[LabelView, ...] = ()
    broader: tuple[int, ...] = ()
    narrower: tuple[int, ...] = ()
    related: tuple[int, ...] = ()

    def texts(self, *kinds: LabelKind) -> list[LabelView]:
        """Return the labels of these kinds, in their order."""
        return [label for label in self.labels if label.kind in kinds]

    @property
    def pinyin(self) -> str:
        """The Chinese name in Latin letters."""
        return next((label.text for label in self.texts(LabelKind.PINYIN)), "")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All schemes and terms; never changed once made, so a state is known by its identity."""

    schemes: Mapping[str, SchemeView]
    by_id: Mapping[int, TermView]
    by_key: Mapping[str, TermView] = field(init=False)
    #: Folded label → ids of the terms that have it; abbreviations are apart, for the place filter.
    by_label: Mapping[str, tuple[int, ...]] = field(init=False)
    by_abbreviation: Mapping[str, tuple[int, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Make the tables terms are looked up by."""
        free: dict[str, tuple[int, ...]] = {}
        short: dict[str, tuple[int, ...]] = {}
        for term in self.by_id.values():
            for label in term.labels:
                table = short if label.kind == LabelKind.ABBREVIATION else free
                if term.id not in table.get(label.folded, ()):
                    table[label.folded] = (*table.get(label.folded, ()), term.id)
        object.__setattr__(self, "by_key", {term.key: term for term in self.by_id.values()})
        object.__setattr__(self, "by_label", free)
        object.__setattr__(self, "by_abbreviation", short)

    def resolved(self, term: TermView) -> TermView:
        """Return the term this one was merged into, or itself; all of a circle, whatever made it, lead to one of it."""
        passed: list[int] = []
        while term.merged_into is not None:
            if term.id in passed:
                return self.by_id[min(passed[passed.index(term.id) :])]
            passed.append(term.id)
            term = self.by_id[term.merged_into]
        return term

    def in_scheme(self, scheme: str, lang: Lang) -> list[TermView]:
        """Return the living terms of a scheme, in the reader's manner of sorting."""
        found = [
            term
            for term in self.by_id.values()
            if term.scheme == scheme and term.merged_into is None
        ]
        return self.ordered(found, lang)

    def ordered(self, terms: Iterable[TermView], lang: Lang) -> list[TermView]:
        """Return terms by pinyin or by folded English name; those with an order of their own in it."""
        zh = lang == Lang.ZH
        return sorted(
            terms,
            key=lambda term: (
                ("", term.position)
                if term.scheme in IN_GIVEN_ORDER
                else (term.sort_zh if zh else term.sort_en, term.position)
            ),
        )

    def above(self, term_id: int) -> list[TermView]:
        """Return a term and everything broader, nearest first."""
        return self._walk(term_id, "broader")

    def below(self, term_id: int) -> list[TermView]:
        """Return a term and everything narrower, nearest first."""
        return self._walk(term_id, "narrower")

    def _walk(self, term_id: int, towards: str) -> list[TermView]:
        found: dict[int, TermView] = {}
        waiting = [term_id]
        while waiting:
            reached = waiting.pop(0)
            if reached not in found and reached in self.by_id:
                found[reached] = self.by_id[reached]
                waiting += getattr(found[reached], towards)
        return list(found.values())


#: The last state read by this process: its name and itself. Replaced whole, so that threads agree.
_kept: tuple[tuple[int, int, str], Vocabulary] | None = None


def vocabulary() -> Vocabulary:
    """Return the vocabulary as this transaction sees it: one small query, at most once a transaction."""
    session = db.session()
    memo = session.info.get(_MEMO)
    if memo is not None and memo[0] is session.get_transaction():
        found: Vocabulary = memo[1]
        return found
    found = _current()
    session.info[_MEMO] = (session.get_transaction(), found)
    return found


def forget() -> None:
    """Make this transaction look again: it is changing the vocabulary itself."""
    db.session().info.pop(_MEMO, None)


def _current() -> Vocabulary:
    global _kept  # noqa: PLW0603  the cache of the process
    name = version()
    if _kept is None or _kept[0] != name:
        _kept = (name, read())
    return _kept[1]


# Built once: every page asks it, and building it costs more than asking.
_EVENTS = select(func.count()).select_from(Event).where(Event.verb == VocabularyChanged.__name__)
_LAST = (
    select(Event.data)
    .where(Event.verb == VocabularyChanged.__name__)
    .order_by(Event.id.desc())
    .limit(1)
)
_VERSION = select(
    _EVENTS.scalar_subquery(),
    select(func.count()).select_from(Term).scalar_subquery(),
    _LAST.scalar_subquery(),
)


def version() -> tuple[int, int, str]:
    """Return the name of the present state: a random stamp, and counts that tell late commits."""
    ((count, size, data),) = rows(_VERSION)
    return count, size, (data or {}).get("stamp", "")


def read() -> Vocabulary:
    """Read the vocabulary from its tables, in four queries."""
    schemes = {
        row.key: SchemeView(row.id, row.key, row.title, row.description)
        for row in db.session.scalars(select(Scheme).order_by(Scheme.position, Scheme.id))
    }
    scheme_keys = {scheme.id: scheme.key for scheme in schemes.values()}
    labels = _labels()
    around = _relations()
    terms = {}
    for row in db.session.scalars(select(Term).order_by(Term.position, Term.id)):
        terms[row.id] = TermView(
            id=row.id,
            key=row.key,
            scheme=scheme_keys[row.scheme_id],
            name=row.name,
            definition=row.definition,
            sort_zh=row.sort_zh,
            sort_en=row.sort_en,
            position=row.position,
            extra=row.extra,
            merged_into=row.merged_into_id,
            labels=tuple(labels.get(row.id, ())),
            **{name: tuple(ids.get(row.id, ())) for name, ids in around.items()},
        )
    return Vocabulary(schemes, terms)


def _labels() -> dict[int, list[LabelView]]:
    found: dict[int, list[LabelView]] = {}
    columns = (Label.term_id, Label.lang, Label.kind, Label.text, Label.folded)
    for term_id, lang, kind, text, folded in db.session.execute(
        select(*columns).order_by(Label.id)
    ):
        found.setdefault(term_id, []).append(LabelView(lang, kind, text, folded))
    return found


def _relations() -> dict[str, dict[int, Sequence[int]]]:
    """Return who is broader, narrower and related; related goes both ways, however it was written."""
    found: dict[str, dict[int, dict[int, None]]] = {"broader": {}, "narrower": {}, "related": {}}
    columns = (Relation.term_id, Relation.kind, Relation.other_id)
    for term_id, kind, other_id in db.session.execute(select(*columns)):
        there, back = (
            ("broader", "narrower") if kind == RelationKind.BROADER else ("related", "related")
        )
        found[there].setdefault(term_id, {})[other_id] = None
        found[back].setdefault(other_id, {})[term_id] = None
    return {
        name: {term_id: tuple(others) for term_id, others in table.items()}
        for name, table in found.items()
    }
