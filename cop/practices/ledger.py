"""The evidence ledger of a strategy: what all notes that used it, and that this reader may read, add up to.

It is computed from the notes and never counted up beside them. It holds exactly the readable notes with
a use of this very term. Notes of one project are one experience; where they tell of different outcomes,
the experience is mixed. The outcome is the use's own where one is given, else the note's. Organisations
that are not named are said apart. Every number is that of a list of notes, which `narrowed` gives.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from sys import intern

from cop.entries.originals import RELATION_VALUES
from cop.notes.models import Durability, Evidence, Outcome
from cop.terms.vocabulary import Vocabulary

#: From so many experiences on there is a strip of marks, and a plot with breakdowns; below that, words.
STRIP_FROM, PLOT_FROM = 2, 5
#: Lists of notes behind numbers that a ledger keeps at hand.
_MOST_LISTS = 12
#: What stands for everything that is told, and for what is not.
KNOWN, UNTOLD = "known", "untold"
_PROVINCES = frozenset(
    {"province", "municipality", "autonomous-region", "special-administrative-region"}
)


@dataclass(frozen=True, slots=True)
class Use:
    """One note's use of a strategy, as far as the ledger counts it."""

    entry_id: int
    #: The label its readers must meet.
    audience: str
    #: When the note was published.
    at: float
    #: What makes notes one experience: the key of their project, or the note itself.
    experience: str | int
    outcome: str
    #: Key of the province, or "" where none is told.
    province: str
    #: Id of the organisation, or None where it is not named.
    organisation: int | None
    durability: str
    evidence: str
    #: Whether the editors wrote it from literature.
    literature: bool
    #: How it compares with what it was tried after; "" where it was tried after nothing.
    relation: str
    #: The year it began in, or the first year it lies in; None where none is told.
    year: int | None


@dataclass(frozen=True, slots=True)
class Experience:
    """What one or more notes of a project tell of: one mark."""

    outcome: str
    province: str
    year: int | None
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class LedgerFilter:
    """What a list of a ledger's notes is narrowed to; "" narrows nothing. The names are those of addresses."""

    outcome: str = ""
    province: str = ""
    organisation: str = ""
    durability: str = ""
    evidence: str = ""
    #: "literature" or "members".
    source: str = ""
    relation: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return not any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True)
class Count:
    """A number of a ledger: how many experiences, and the notes that tell of them."""

    value: str
    experiences: int
    notes: int


class Ledger:
    """What the notes on one strategy add up to for one reader, newest note first."""

    def __init__(self, uses: Iterable[Use]) -> None:
        """Take the uses this reader may read."""
        self.uses = tuple(uses)
        self._lists: dict[LedgerFilter, tuple[Use, ...]] = {}
        self._counts: dict[LedgerFilter, Count] = {}

    @cached_property
    def experiences(self) -> Sequence[Experience]:
        """The experiences, those of the newest notes first."""
        found: dict[str | int, list[Use]] = {}
        for use in self.uses:
            found.setdefault(use.experience, []).append(use)
        return [_experience(uses) for uses in found.values()]

    @cached_property
    def _of(self) -> Mapping[str | int, Experience]:
        return {one.uses[0].experience: one for one in self.experiences}

    @property
    def has_strip(self) -> bool:
        """Whether there are enough experiences for a strip of marks."""
        return len(self.experiences) >= STRIP_FROM

    @property
    def has_plot(self) -> bool:
        """Whether there are enough experiences for a plot and breakdowns."""
        return len(self.experiences) >= PLOT_FROM

    def narrowed(self, narrow: LedgerFilter) -> tuple[Use, ...]:
        """Return exactly the notes behind a number; the lists asked for lately are kept."""
        if narrow.is_empty:
            return self.uses
        found = self._lists.get(narrow)
        if found is None:
            found = tuple(use for use in self.uses if self._fits(use, narrow))
            if len(self._lists) >= _MOST_LISTS:
                self._lists.clear()
                self._counts.clear()
            self._lists[narrow] = found
        return found

    def _fits(self, use: Use, narrow: LedgerFilter) -> bool:
        whole = self._of[use.experience]
        return (
            narrow.outcome in ("", whole.outcome)
            and _told(narrow.province, use.province)
            and _told(narrow.organisation, str(use.organisation or ""))
            and narrow.durability in ("", _durability(use, whole))
            and narrow.evidence in ("", use.evidence)
            and narrow.source in ("", "literature" if use.literature else "members")
            and _told(narrow.relation, use.relation)
        )

    def count(self, narrow: LedgerFilter) -> Count:
        """Return how many experiences and notes there are of this."""
        uses = self.narrowed(narrow)
        found = self._counts.get(narrow)
        if found is None:
            found = Count("", len({use.experience for use in uses}), len(uses))
            self._counts[narrow] = found
        return found

    def organisations_in(self, narrow: LedgerFilter) -> int:
        """Return how many named organisations there are of this."""
        if narrow == LedgerFilter(organisation=KNOWN):
            return len(self.organisations)
        return len({use.organisation for use in self.narrowed(narrow)} - {None})

    def provinces_in(self, narrow: LedgerFilter) -> int:
        """Return how many provinces there are of this."""
        if narrow == LedgerFilter(province=KNOWN):
            return len(self.provinces)
        return len({use.province for use in self.narrowed(narrow)} - {""})

    @cached_property
    def outcomes(self) -> Mapping[str, Count]:
        """Experiences by outcome, in the order of outcomes; each is counted once."""
        return self._by(Outcome, lambda use: self._of[use.experience].outcome)

    @cached_property
    def durabilities(self) -> Mapping[str, Count]:
        """Experiences by what is known of whether it lasted."""
        return self._by(Durability, lambda use: _durability(use, self._of[use.experience]))

    @cached_property
    def evidence(self) -> Mapping[str, Count]:
        """Experiences by kind of evidence; one may rest on several."""
        return self._by(Evidence, lambda use: use.evidence)

    @cached_property
    def sources(self) -> Mapping[str, Count]:
        """Experiences members tell of themselves, and those the editors took from literature."""
        return self._by(
            ("members", "literature"),
            lambda use: "literature" if use.literature else "members",
        )

    @cached_property
    def relations(self) -> Mapping[str, Count]:
        """Experiences that were tried after another or after the page, by how they compare."""
        return self._by(RELATION_VALUES, lambda use: use.relation)

    @property
    def adaptations(self) -> Count:
        """The experiences that were tried after something, however they compare."""
        return self.count(LedgerFilter(relation=KNOWN))

    @cached_property
    def provinces(self) -> Mapping[str, Count]:
        """Experiences by province, the one with the most first; those without one are not among them."""
        keys = dict.fromkeys(use.province for use in self.uses if use.province)
        counts = self._by(keys, lambda use: use.province)
        return dict(sorted(counts.items(), key=lambda item: (-item[1].experiences, item[0])))

    def in_province(self, province: str, outcome: str) -> int:
        """Return how many experiences of this outcome have a note in this province."""
        return len(self._cells.get((province, outcome), ()))

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str], set[str | int]]:
        found: dict[tuple[str, str], set[str | int]] = {}
        for use in self.uses:
            cell = (use.province or UNTOLD, self._of[use.experience].outcome)
            found.setdefault(cell, set()).add(use.experience)
        return found

    @cached_property
    def organisations(self) -> frozenset[int]:
        """The organisations that are named."""
        return frozenset(use.organisation for use in self.uses if use.organisation is not None)

    @cached_property
    def unnamed(self) -> int:
        """Notes whose organisation is not named; nobody guesses whether two of them are the same."""
        return sum(use.organisation is None for use in self.uses)

    @cached_property
    def unplaced(self) -> int:
        """Notes that tell of no province."""
        return sum(not use.province for use in self.uses)

    def _by(self, order: Iterable[str], value_of: Callable[[Use], str]) -> Mapping[str, Count]:
        notes: dict[str, int] = {}
        experiences: dict[str, set[str | int]] = {}
        for use in self.uses:
            value = value_of(use)
            notes[value] = notes.get(value, 0) + 1
            experiences.setdefault(value, set()).add(use.experience)
        return {
            str(value): Count(str(value), len(experiences[value]), notes[value])
            for value in order
            if value in notes
        }


def _experience(uses: Sequence[Use]) -> Experience:
    """Return what notes of one project, newest first, tell together."""
    told = {use.outcome for use in uses}
    if len(told) > 1:
        # What is too early to tell in one note is told in another.
        told.discard(Outcome.TOO_EARLY)
    earliest = min(uses, key=lambda use: (use.year is None, use.year or 0))
    places = [use.province for use in (earliest, *uses) if use.province]
    return Experience(
        outcome=told.pop() if len(told) == 1 else Outcome.MIXED.value,
        province=places[0] if places else "",
        year=earliest.year,
        uses=tuple(uses),
    )


def _durability(use: Use, whole: Experience) -> str:
    """Return what a note says of whether it lasted; nothing, where another note of the project knows."""
    if use.durability != Durability.UNKNOWN:
        return use.durability
    known = any(one.durability != Durability.UNKNOWN for one in whole.uses)
    return "" if known else Durability.UNKNOWN.value


def _told(wanted: str, there: str) -> bool:
    if wanted == KNOWN:
        return bool(there)
    if wanted == UNTOLD:
        return not there
    return wanted in ("", there)


def use_of(
    words: Vocabulary,
    audience: str,
    published_at: datetime,
    entry_id: int,
    project: str | None,
    own: str | None,
    outcome: str,
    place_id: int | None,
    organisation_id: int | None,
    durability: str,
    evidence: str,
    written_by: str,
    started: str | None,
    relation: str | None,
) -> Use:
    """Return a note's use of a strategy, of what its tables hold."""
    return Use(
        entry_id=entry_id,
        audience=intern(audience),
        at=published_at.timestamp(),
        experience=project or entry_id,
        outcome=intern(own or outcome),
        province=province_of(words, place_id),
        organisation=organisation_id,
        durability=intern(durability),
        evidence=intern(evidence),
        literature=written_by == "editors",
        relation=intern(relation or ""),
        year=int(started[:4]) if started else None,
    )


def province_of(words: Vocabulary, place_id: int | None) -> str:
    """Return the key of the province a place is or lies in, or "" where it lies in none."""
    if place_id is None or place_id not in words.by_id:
        return ""
    around = [words.resolved(one) for one in words.above(words.resolved(words.by_id[place_id]).id)]
    return next((one.key for one in around if one.extra.get("level") in _PROVINCES), "")
