"""Facts of notes in words: periods, outcomes, kinds of evidence, facts of two revisions side by side."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cop.core.i18n import _, _l, current_lang, pick
from cop.core.types import Json, Lang
from cop.entries.enclosures import in_words as files_in_words
from cop.entries.models import LinkKind
from cop.entries.pictures import in_words
from cop.notes.models import Durability, Evidence, Outcome
from cop.web import filters

#: The words of the schemes `outcome` and `evidence`; a test compares the catalogue with the starter taxonomy.
OUTCOMES: Mapping[str, Any] = {
    Outcome.WORKED: _l("Worked"),
    Outcome.MIXED: _l("Mixed"),
    Outcome.FAILED: _l("Did not work"),
    Outcome.TOO_EARLY: _l("Too early to tell"),
}
EVIDENCE: Mapping[str, Any] = {
    Evidence.OWN_EXPERIENCE: _l("Own experience"),
    Evidence.INTERVIEW: _l("Research interview"),
    Evidence.FIELD_OBSERVATION: _l("Field observation"),
    Evidence.SECOND_HAND: _l("Second-hand account"),
}
DURABILITY: Mapping[str, Any] = {
    Durability.RUNNING: _l("Still running"),
    Durability.ENDED_AS_PLANNED: _l("Ended as planned"),
    Durability.ENDED_LEADER_CHANGE: _l("Ended when the leader changed"),
    Durability.STOPPED: _l("Stopped"),
    Durability.UNKNOWN: _l("Not known whether it lasted"),
}
#: How a note compares with what it was tried after, said of others.
RELATIONS: Mapping[str, Any] = {
    LinkKind.REPEATS: _l("Did the same"),
    LinkKind.ADAPTS: _l("Changed something"),
    LinkKind.CONTRADICTS: _l("Went differently"),
    LinkKind.CONTINUES: _l("Went on with it"),
}
#: The same, as the author of a note is asked.
OWN_RELATIONS: Mapping[str, Any] = {
    LinkKind.REPEATS: _l("We did the same"),
    LinkKind.ADAPTS: _l("We changed something"),
    LinkKind.CONTRADICTS: _l("It went differently for us"),
    LinkKind.CONTINUES: _l("We went on with it"),
}
SECTION_TITLES: Mapping[str, Any] = {
    "context": _l("Context"),
    "what_we_did": _l("What we did"),
    "what_happened": _l("What happened"),
    "what_we_learned": _l("What we learned"),
    "when_it_applies": _l("When it applies"),
}
#: Names of the facts, for the note's page, comparisons and messages.
FACT_TITLES: Mapping[str, Any] = {
    "title": _l("Title"),
    "outcome": _l("Outcome"),
    "outcome_reason": _l("Reason for the outcome"),
    "strategies": _l("Strategies used"),
    "evidence": _l("Kind of evidence"),
    "organisation": _l("Organisation"),
    "described_as": _l("Organisation, described"),
    "place": _l("Place"),
    "started": _l("From"),
    "ended": _l("Until"),
    "period_text": _l("Period in words"),
    "period_exact": _l("Dates are exact"),
    "project": _l("Project"),
    "original": _l("Tried after"),
    "relation": _l("Compared with what it was tried after"),
    "sectors": _l("Fields of work"),
    "audiences": _l("Stakeholders"),
    "motivations": _l("Motivations"),
    "resources": _l("Resources"),
    "powers": _l("Kinds of power"),
    "pressures": _l("Pressures"),
    "phase": _l("Phase"),
    "uses": _l("Uses of strategies"),
    "sources": _l("Sources"),
    "images": _l("Images"),
    "files": _l("Files"),
}


def moment(value: str) -> str:
    """Return `2019`, `2019-05` or `2019-05-31` as the reader writes it, no more precise than it is."""
    day, precision = _day(value)
    return filters.period(day, None, precision)


def period(started: str | None, ended: str | None, words: Mapping[str, str] | None = None) -> str:
    """Return when it was, in the author's words where she gave some."""
    if words:
        text, _lang = pick(words)
        if text:
            return text
    if started and ended:
        (first, precision), (last, other) = _day(started), _day(ended)
        if precision == other:
            return filters.period(first, last, precision)
        # Translators: from … to …, where one is a year and the other a month or a day.
        return _("%(start)s – %(end)s", start=moment(started), end=moment(ended))
    if started:
        return _("since %(start)s", start=moment(started))
    return _("until %(end)s", end=moment(ended)) if ended else ""


def years(started: str | None, ended: str | None) -> str:
    """Return the years alone, for a row of a list; that it was over by a year is no year it began in."""
    if ended and not started:
        return _("until %(end)s", end=moment(ended[:4]))
    first, last = (_day(value[:4])[0] if value else None for value in (started, ended))
    return filters.period(first, last, "year")


def spans(started: str | None, ended: str | None) -> frozenset[str]:
    """Return the spans of five years that a period touches, as "2005-2009"; none where no year is known."""
    known = [int(value[:4]) for value in (started, ended) if value]
    if not known:
        return frozenset()
    first, last = min(known), max(known)
    return frozenset(f"{at}-{at + 4}" for at in range(first - first % 5, last + 1, 5))


def _day(value: str) -> tuple[date, str]:
    """Return the first day of a year, a month or a day, and which of them it is."""
    parts = [int(part) for part in value.split("-")]
    return date(*[*parts, 1, 1][:3]), ("year", "month", "day")[len(parts) - 1]


def compare(old: Json, new: Json, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ; `names` gives terms by key.

    What it was tried after is not compared: a reader may not know it.
    """
    flat_old, flat_new = _flat(old), _flat(new)
    rows = []
    for key, title in FACT_TITLES.items():
        before, after = flat_old.get(key), flat_new.get(key)
        if before != after and key != "original":
            rows.append((str(title), _in_words(key, before, names), _in_words(key, after, names)))
    return rows


def _flat(facts: Json) -> Json:
    return {
        **{key: value for key, value in facts.items() if key != "terms"},
        **facts.get("terms", {}),
    }


def _in_words(key: str, value: Any, names: Mapping[str, str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if key in _WORDING:
        return _WORDING[key](value)
    if key == "uses":
        return separator().join(
            _use_in_words(strategy, use, names) for strategy, use in value.items()
        )
    if isinstance(value, list):
        return separator().join(names.get(item, item) for item in value)
    return pick(value)[0] if isinstance(value, dict) else names.get(value, str(value))


#: How facts that are neither terms nor texts are put in words.
_WORDING: Mapping[str, Callable[[Any], str]] = {
    "outcome": lambda value: str(OUTCOMES.get(value, value)),
    "evidence": lambda value: str(EVIDENCE.get(value, value)),
    "relation": lambda value: str(RELATIONS.get(value, value)),
    "started": moment,
    "ended": moment,
    "period_exact": lambda value: _("Yes") if value else _("No"),
    "images": in_words,
    "files": files_in_words,
    "sources": lambda value: separator().join(" ".join(filter(None, cited)) for cited in value),
}


def _use_in_words(strategy: str, use: Mapping[str, Any], names: Mapping[str, str]) -> str:
    said = [str(OUTCOMES[use["outcome"]])] if use.get("outcome") else []
    if use.get("durability"):
        said.append(str(DURABILITY[use["durability"]]))
    said += [pick(use[part])[0] for part in ("effects", "side_effects") if use.get(part)]
    return _(
        "%(strategy)s: %(said)s",
        strategy=names.get(strategy, strategy),
        said=separator().join(said),
    )


def separator() -> str:
    """Return what stands between the items of a plain list in the reader's language."""
    return "、" if current_lang() is Lang.ZH else ", "
