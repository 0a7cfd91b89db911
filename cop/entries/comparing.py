"""Revisions beside each other: rows of the history, and what differs between two of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cop import markup
from cop.core.diff import SectionDiff, diff_sections
from cop.core.i18n import _, _l
from cop.core.types import Lang
from cop.entries import mentions, policy, queries, taken
from cop.entries.kinds import KINDS
from cop.entries.mentions import Names
from cop.entries.models import Entry, Revision, Text
from cop.entries.reasons import READY
from cop.entries.significance import SIGNIFICANCE_SHORT
from cop.people.viewer import Viewer

#: Sections every kind has beside its own.
SHARED_TITLES: Mapping[str, Any] = {
    "title": _l("Title"),
    "outcome_reason": _l("Reason for the outcome"),
}


@dataclass(frozen=True)
class RevisionRow:
    """A revision in the history; no words of it."""

    number: int
    href: str
    byline: str
    #: Of an unnamed entry the day alone.
    created_at: datetime | date
    note: str
    current: bool
    suppressed: bool
    suppressed_reason: str = ""
    note_lang: str = ""
    #: Who let it through and whether she changed it, in a sentence; and where that is told.
    passed: str = ""
    passed_href: str = ""
    #: Whose words it took up: (name, way to where they were said).
    credited: Sequence[tuple[str, str]] = ()
    #: How much it changed of the state before, in a word or two.
    significance: Any = ""

    @property
    def precision(self) -> str:
        """How exact its time is told: "datetime" or "date"."""
        return "datetime" if isinstance(self.created_at, datetime) else "date"


#: (viewer, revision ids) → what is told of who let one through: a sentence, and its page. Set by `cop.app`.
Passing = Callable[[Viewer, Sequence[int]], Mapping[int, tuple[str, str]]]


def _nobody(_viewer: Viewer, _ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    return {}


_PASSED: list[Passing] = [_nobody]


def told_by(passing: Passing) -> None:
    """Set where it comes from who let a revision through; called once when the application is made."""
    _PASSED[:] = [passing]


def rows(
    viewer: Viewer, entry: Entry, text: Text, revisions: Sequence[Revision]
) -> list[RevisionRow]:
    """Return the rows of revisions whose editors are loaded, with who let each through and whose words it took up."""
    credited: dict[int, list[tuple[str, str]]] = {}
    for one in taken.credits_of(viewer, entry) if KINDS[entry.kind].kept_by_curators else ():
        credited.setdefault(one.revision_id, []).append((one.byline.name, one.href))
    passed = _PASSED[0](viewer, [one.id for one in revisions])
    made = []
    for revision in revisions:
        sentence, href = passed.get(revision.id, ("", ""))
        found = row(viewer, entry, text, revision)
        credit = credited.get(revision.id, ())
        made.append(replace(found, passed=sentence, passed_href=href, credited=credit))
    return made


def row(viewer: Viewer, entry: Entry, text: Text, revision: Revision) -> RevisionRow:
    """Return the row of a revision whose editor is loaded."""
    note, reason = revision.note, revision.suppressed_reason or ""
    if revision.restored_number:
        note = _("Revision %(number)s restored", number=revision.restored_number)
    tag = Lang(text.lang).tag
    return RevisionRow(
        number=revision.number,
        href=f"/entries/{entry.id}/revisions/{revision.number}?text={tag}",
        byline=policy.byline(viewer, revision, entry).name,
        created_at=policy.told_time(entry, revision.created_at),
        note=note,
        current=revision.number == text.number,
        suppressed=revision.suppressed_at is not None,
        suppressed_reason=str(READY.get(reason, reason)),
        significance=SIGNIFICANCE_SHORT.get(revision.significance, "")
        if revision.number > 1
        else "",
    )


@dataclass(frozen=True)
class Comparison:
    """What differs between two revisions: texts by section, facts by name."""

    old: Revision
    new: Revision
    old_by: str
    new_by: str
    old_at: datetime | date
    new_at: datetime | date
    sections: Sequence[SectionDiff]
    facts: Sequence[tuple[str, str, str]]
    titles: Mapping[str, str]

    @property
    def exact(self) -> bool:
        """Whether the times of the two are told to the minute."""
        return isinstance(self.old_at, datetime)

    @property
    def is_empty(self) -> bool:
        """Whether the two say the same."""
        return not self.sections and not self.facts

    @property
    def suppressed(self) -> bool:
        """Whether one of the two was removed, so that nothing can be compared."""
        return self.old.suppressed_at is not None or self.new.suppressed_at is not None


def compare(viewer: Viewer, entry: Entry, old: Revision, new: Revision) -> Comparison:
    """Compare two revisions of one text; a removed one shows nothing."""
    kind = KINDS[entry.kind]
    titles = {**SHARED_TITLES, **kind.titles}
    hidden = old.suppressed_at is not None or new.suppressed_at is not None
    order = tuple(dict.fromkeys([*SHARED_TITLES, *kind.sections]))
    sections: list[SectionDiff] = []
    facts: list[tuple[str, str, str]] = []
    if not hidden:
        facts = kind.compare_facts(viewer, old.facts, new.facts, queries.latest_facts(entry).facts)
        told = mentions.names(viewer, entry, [*old.sections.values(), *new.sections.values()])
        was, now = worded(told, old), worded(told, new)
        sections = [section for section in diff_sections(was, now, order) if section.changed]
    return Comparison(
        old=old,
        new=new,
        old_by=policy.byline(viewer, old, entry).name,
        new_by=policy.byline(viewer, new, entry).name,
        old_at=policy.told_time(entry, old.created_at),
        new_at=policy.told_time(entry, new.created_at),
        sections=sections,
        facts=facts,
        titles={key: str(title) for key, title in titles.items()},
    )


def worded(told: Names, revision: Revision) -> dict[str, str]:
    """Return title and sections of a revision as comparisons show them: whoever is mentioned by name."""
    return {"title": revision.title} | {
        key: told.words(text) for key, text in revision.sections.items()
    }


def shown(viewer: Viewer, entry: Entry, revision: Revision) -> Mapping[str, str]:
    """Return the rendered sections as this reader sees them."""
    return mentions.shown_all(viewer, entry, rendered(revision))


def rendered(revision: Revision) -> Mapping[str, str]:
    """Return the rendered sections, rendering on the fly what an older renderer made; nobody is named in them yet."""
    if revision.html_version == markup.VERSION:
        return revision.html
    return {key: markup.render(source).html for key, source in revision.sections.items()}
