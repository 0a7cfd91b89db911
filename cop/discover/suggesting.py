"""What is offered while somebody types: terms in both languages, entries by title, organisations.

Names that fit come from memory; what is shown is read from the database under what the viewer may see,
in a fixed number of queries, and must fit as it stands now: what was hidden is gone, what was renamed
goes by its new name, and nobody learns an earlier one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from cop.core.db import db
from cop.core.i18n import current_lang, pick
from cop.core.text import slugify
from cop.core.types import Lang, Texts
from cop.discover.circle_names import found_in_circles
from cop.discover.kept_names import KeptNames, kept_names
from cop.entries import policy
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Text
from cop.notes.queries import known_to
from cop.people.models import Organisation
from cop.people.viewer import Viewer
from cop.search.suggest import Found, Grade, Typed, fits, typed
from cop.terms import refs
from cop.terms.vocabulary import vocabulary

TERM, ORGANISATION = "term", "organisation"
#: Suggestions that one group has when the others have theirs; what these leave is shared out in order.
_TERMS, _ENTRIES, _ORGANISATIONS = 4, 3, 2
#: Candidates looked at in a group: more than are shown, because not all of them are for everybody.
_LOOKED_AT = 24
#: So many letters are two syllables, and seldom anything else by chance.
_SURELY_SOUND = 6
_BY_WORDS = frozenset({Grade.BEGINNING, Grade.INSIDE})
_BY_SOUND_ALONE = frozenset({Grade.SOUND_INSIDE, Grade.INITIALS})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to go to (`href`), or to search for (`q`), with the language of each of its names."""

    #: "term", the name of a kind of entry, or "organisation".
    kind: str
    text: str
    lang: Lang
    other: str = ""
    other_lang: Lang | None = None
    href: str = ""
    q: str = ""


#: Suggestions of one kind, each with how well it fits, and how many of them have a place at least.
Group = tuple[list[tuple[Grade, Suggestion]], int]


def suggest(viewer: Viewer, text: str, limit: int = 8) -> list[Suggestion]:
    """Return what somebody may mean who has typed so far, grouped by kind, the best first in each group."""
    asked = typed(text)
    if not asked:
        return []
    kept = kept_names()
    kept.refresh()
    groups = [(_terms(kept, asked), _TERMS)]
    groups += [(group, _ENTRIES) for group in _entries(kept, viewer, asked)]
    groups += [(_organisations(kept, viewer, asked), _ORGANISATIONS)]
    return _shared_out(_likely(groups, asked), limit)


def _likely(groups: Sequence[Group], asked: Typed) -> list[tuple[list[Suggestion], int]]:
    """Leave out what a few letters could also be the sound of, where they are the beginning of a word."""
    grades = {grade for group, _share in groups for grade, _one in group}
    unlikely = frozenset(
        _BY_SOUND_ALONE if len(asked.sound) < _SURELY_SOUND and grades & _BY_WORDS else ()
    )
    return [
        ([one for grade, one in group if grade not in unlikely], share) for group, share in groups
    ]


def _shared_out(groups: Sequence[tuple[Sequence[Suggestion], int]], limit: int) -> list[Suggestion]:
    """Give each group its share, and what is left to the first that have more."""
    numbers = [min(len(group), share) for group, share in groups]
    left = limit - sum(numbers)
    for at, (group, _share) in enumerate(groups):
        more = max(0, min(len(group) - numbers[at], left))
        numbers[at] += more
        left -= more
    shown = [
        one for (group, _), number in zip(groups, numbers, strict=True) for one in group[:number]
    ]
    return shown[:limit]


def _terms(kept: KeptNames, asked: Typed) -> list[tuple[Grade, Suggestion]]:
    words = vocabulary()
    shown: dict[int, tuple[Grade, Suggestion]] = {}
    for one in kept.terms.find(asked, _LOOKED_AT):
        if one.owner in words.by_id:
            ref = refs.ref_of(words.resolved(words.by_id[one.owner]))
            made = Suggestion(TERM, ref.name, ref.name_lang, ref.other, ref.other_lang, q=ref.name)
            shown.setdefault(ref.id, (one.grade, made))
    return list(shown.values())


def _entries(kept: KeptNames, viewer: Viewer, asked: Typed) -> list[list[tuple[Grade, Suggestion]]]:
    """Return entries by kind, in the order in which the site has its kinds."""
    found = _by_kind(kept, viewer, asked, KINDS)
    told = _told(viewer, [one.owner for ones in found.values() for one in ones])
    return [_of_kind(kind, found[kind], told, asked) for kind in KINDS]


def entries_titled(viewer: Viewer, text: str, kinds: Collection[str], limit: int) -> list[int]:
    """Return ids of entries of these kinds in the viewer's lists whose titles fit what was typed, best first."""
    asked = typed(text)
    if not asked:
        return []
    kept = kept_names()
    kept.refresh()
    every = [one for ones in _by_kind(kept, viewer, asked, kinds).values() for one in ones]
    told = _told(viewer, [one.owner for one in every])
    best = sorted(every, key=lambda one: (one.grade, one.rank, one.owner))
    fitting = (
        one.owner
        for one in best
        if any(fits(asked, row.title) for row in told.get(one.owner, {}).values())
    )
    return list(dict.fromkeys(fitting))[:limit]


def _by_kind(
    kept: KeptNames, viewer: Viewer, asked: Typed, kinds: Iterable[str]
) -> dict[str, list[Found]]:
    found = {
        kind: list(kept.entries(kind, asked, _LOOKED_AT, members=viewer.is_member))
        for kind in kinds
    }
    for kind, inside in found_in_circles(viewer, asked, _LOOKED_AT).items():
        if kind in found:
            every = [*found[kind], *inside]
            best = sorted(every, key=lambda one: (one.grade, one.rank, one.owner))
            found[kind] = best[:_LOOKED_AT]
    return found


def _told(viewer: Viewer, entry_ids: Sequence[int]) -> dict[int, dict[Lang, Any]]:
    """Return the texts of entries that stand in the viewer's lists."""
    rows = db.session.execute(_texts(viewer), {"ids": entry_ids})
    told: dict[int, dict[Lang, Any]] = {}
    for row in rows:
        told.setdefault(row.entry_id, {})[Lang(row.lang)] = row
    return told


# Kept, because building it takes as long as asking it.
@lru_cache(maxsize=64)
def _texts(viewer: Viewer) -> Select[int, str, str, str]:
    return (
        select(Text.entry_id, Text.lang, Text.title, Text.slug)
        .join(Entry, Entry.id == Text.entry_id)
        .where(Entry.id.in_(bindparam("ids", expanding=True)), policy.listed(viewer))
    )


def _of_kind(
    kind: str, found: Iterable[Found], told: dict[int, dict[Lang, Any]], asked: Typed
) -> list[tuple[Grade, Suggestion]]:
    shown = []
    for one in found:
        texts = told.get(one.owner, {})
        fitting = [text for text in texts.values() if fits(asked, text.title)]
        if not fitting:
            continue
        text = next((text for text in fitting if text.lang == current_lang()), fitting[0])
        href = f"/{KINDS[kind].path}/{one.owner}-{text.slug}"
        shown.append((one.grade, Suggestion(kind, text.title, Lang(text.lang), href=href)))
    return shown


def _organisations(kept: KeptNames, viewer: Viewer, asked: Typed) -> list[tuple[Grade, Suggestion]]:
    found = kept.organisations.find(asked, _LOOKED_AT)
    ids = [one.owner for one in found]
    rows = db.session.execute(_directory(viewer), {"ids": ids})
    names = {row.id: row.name for row in rows}
    return [
        (one.grade, _organisation(one.owner, names[one.owner]))
        for one in found
        if any(fits(asked, name) for name in names.get(one.owner, {}).values())
    ]


@lru_cache(maxsize=64)
def _directory(viewer: Viewer) -> Select[int, Texts]:
    wanted = Organisation.id.in_(bindparam("ids", expanding=True))
    return select(Organisation.id, Organisation.name).where(wanted, known_to(viewer))


def _organisation(organisation_id: int, names: Texts) -> Suggestion:
    name, lang = pick(names)
    other = names.get(lang.other, "")
    made = Suggestion(
        ORGANISATION, name, lang, href=f"/organisations/{organisation_id}-{slugify(name)}"
    )
    return replace(made, other=other, other_lang=lang.other) if other not in ("", name) else made
