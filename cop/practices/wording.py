"""Facts of practice pages in words: grades, and facts of two revisions side by side."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cop.core.i18n import _, _l, pick
from cop.core.types import Json
from cop.notes.wording import DURABILITY, EVIDENCE, OUTCOMES, RELATIONS, separator
from cop.practices.draft import FACT_TITLES, SECTION_TITLES, STEPS
from cop.practices.ledger import KNOWN, UNTOLD, LedgerFilter
from cop.practices.models import Grade
from cop.practices.steps import own_steps
from cop.terms.refs import ref_of
from cop.terms.vocabulary import vocabulary
from cop.web.filters import as_date

#: The grades, in the order a page grows through them.
GRADES: Mapping[str, Any] = {
    # Translators: grades of a practice page.
    Grade.STUB: _l("First version"),
    Grade.EMERGING: _l("Emerging"),
    Grade.ESTABLISHED: _l("Established"),
    Grade.CONTESTED: _l("Contested"),
    Grade.SUPERSEDED: _l("Superseded"),
}
#: What each grade says, in a sentence.
MEANINGS: Mapping[str, Any] = {
    Grade.STUB: _l("A beginning; its evidence has not been judged yet."),
    Grade.EMERGING: _l("A few experiences point the same way; more are needed."),
    Grade.ESTABLISHED: _l("Experiences of several organisations and places bear it out."),
    Grade.CONTESTED: _l("Experiences or views contradict each other; read both sides."),
    Grade.SUPERSEDED: _l("Something else has taken its place; it stays here to be looked up."),
}


def day(value: str) -> date | None:
    """Return the day that facts hold as text, or None."""
    return date.fromisoformat(value) if value else None


def place(at: str) -> str:
    """Return a place of a page in words: a step by its number, a section by its title."""
    section, _space, number = at.partition(" ")
    if section == STEPS and number:
        return _("Step %(number)s", number=number)
    return str(SECTION_TITLES.get(section, section))


def compare(old: Json, new: Json) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ.

    Which notes are cited is not compared: a reader may not know some of them.
    """
    return [
        (str(FACT_TITLES[name]), _in_words(name, old.get(name)), _in_words(name, new.get(name)))
        for name in FACT_TITLES
        if name != "notes" and old.get(name) != new.get(name)
    ]


def _in_words(name: str, value: Any) -> str:
    if not value:
        return ""
    if name == "grade":
        return str(GRADES.get(value, value))
    if name in ("reviewed_on", "review_by"):
        return as_date(day(value))
    if name == "sources":
        return separator().join(_citation(key, at) for key, at in value)
    if name == "attached":
        # Which notes is not told: a reader may not know some of them.
        return separator().join(place(at) for _note, at in value)
    if isinstance(value, dict):
        return pick(value)[0]
    return separator().join(_term(key) for key in ([value] if isinstance(value, str) else value))


def _citation(key: str, at: str) -> str:
    """Return a source and the place in it; of the editors which steps they added themselves."""
    own = sorted(own_steps([(key, at)]))
    if own:
        steps = separator().join(place(f"{STEPS} {number}") for number in own)
        return _("%(what)s: %(number)s", what=_("editors’ own"), number=steps)
    return " ".join(filter(None, (key, at)))


def _term(key: str) -> str:
    words = vocabulary()
    return ref_of(words.resolved(words.by_key[key])).name if key in words.by_key else key


#: Where a ledger's notes come from.
SOURCES: Mapping[str, Any] = {
    "members": _l("Told by members"),
    "literature": _l("From literature"),
}


def said_of(narrow: LedgerFilter) -> list[str]:
    """Return in words what a list of a ledger's notes is narrowed to; a made-up value stays as it is."""
    said = []
    if narrow.outcome:
        said.append(str(OUTCOMES.get(narrow.outcome, narrow.outcome)))
    if narrow.province:
        said.append(_place(narrow.province))
    if narrow.organisation:
        known = narrow.organisation == KNOWN
        said.append(_("Organisation named") if known else _("Organisation not named"))
    if narrow.durability:
        said.append(str(DURABILITY.get(narrow.durability, narrow.durability)))
    if narrow.evidence:
        said.append(str(EVIDENCE.get(narrow.evidence, narrow.evidence)))
    if narrow.source:
        said.append(str(SOURCES.get(narrow.source, narrow.source)))
    if narrow.relation:
        tried = _("Tried after another") if narrow.relation == KNOWN else None
        said.append(tried or str(RELATIONS.get(narrow.relation, narrow.relation)))
    return said


def _place(key: str) -> str:
    if key == KNOWN:
        return _("Province told")
    return _("No province told") if key == UNTOLD else _term(key)
