"""Facts of workshops in words: lengths, and facts of two revisions side by side."""

from typing import Any

from cop.core.i18n import _, _n, pick
from cop.core.types import Json
from cop.entries import enclosures, pictures
from cop.notes.wording import separator
from cop.workshops.draft import FACT_TITLES, AgendaRow, Exercise, Outside, WorkshopFacts


def lasting(minutes: int) -> str:
    """Return a length as people say it: 45 minutes, 3 hours, 4 hours 30 minutes."""
    hours, rest = divmod(minutes, 60)
    whole = _n("%(num)d hour", "%(num)d hours", hours)
    if not rest:
        return whole if hours else ""
    left = _n("%(num)d minute", "%(num)d minutes", rest)
    # Translators: a length of time, such as "4 hours 30 minutes".
    return _("%(hours)s %(minutes)s", hours=whole, minutes=left) if hours else left


def group(least: int | None, most: int | None) -> str:
    """Return for how many people a workshop is, or ""."""
    if least and most and least != most:
        return _("%(least)d–%(most)d people", least=least, most=most)
    if most and least:
        return _n("%(num)d person", "%(num)d people", most)
    if most:
        return _n("At most %(num)d person", "At most %(num)d people", most)
    return _n("At least %(num)d person", "At least %(num)d people", least) if least else ""


def compare(old: Json, new: Json) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ.

    Which entries it is built on is not compared: a reader may not know some of them.
    """
    was, now = WorkshopFacts.from_json(old), WorkshopFacts.from_json(new)
    rows = [
        ("begins", was.begins, now.begins),
        ("minutes", _length(was), _length(now)),
        ("group_min", str(was.group_min or ""), str(now.group_min or "")),
        ("group_max", str(was.group_max or ""), str(now.group_max or "")),
        ("agenda", *_changed(was.agenda, now.agenda, _row)),
        ("exercises", *_changed(was.exercises, now.exercises, _exercise)),
        ("links", *_changed(was.links, now.links, _link)),
        ("sources", _sources(was), _sources(now)),
        (
            "images",
            pictures.in_words(old.get("images", {})),
            pictures.in_words(new.get("images", {})),
        ),
        (
            "files",
            enclosures.in_words(old.get("files", {})),
            enclosures.in_words(new.get("files", {})),
        ),
    ]
    return [(str(FACT_TITLES[name]), one, two) for name, one, two in rows if one != two]


def _length(facts: WorkshopFacts) -> str:
    return lasting(facts.minutes) if facts.minutes else ""


def _changed(old: Any, new: Any, told: Any) -> tuple[str, str]:
    """Return the rows that are not the same in both, or all of them where they only changed places."""
    was, now = [told(row) for row in old], [told(row) for row in new]
    gone, come = [row for row in was if row not in now], [row for row in now if row not in was]
    if was != now and not gone and not come:
        gone, come = was, now
    return separator().join(gone), separator().join(come)


def _row(row: AgendaRow) -> str:
    words = [pick(row.title)[0], lasting(row.minutes), pick(row.activity)[0]]
    said = " · ".join(filter(None, words))
    return _("%(row)s (another day begins)", row=said) if row.new_day else said


def _exercise(one: Exercise) -> str:
    return " · ".join(filter(None, [pick(one.title)[0], pick(one.instructions)[0]]))


def _link(one: Outside) -> str:
    return " · ".join(filter(None, [one.title, one.url, one.looked, pick(one.why)[0]]))


def _sources(facts: WorkshopFacts) -> str:
    return separator().join(f"{one.key} {one.at}".strip() for one in facts.sources)
