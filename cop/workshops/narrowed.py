"""The list of workshops as an address narrows it: workshops, or the dates on which they are given."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Select, exists

from cop.core.i18n import _, _l
from cop.entries.models import Entry
from cop.people.viewer import Viewer
from cop.terms.vocabulary import vocabulary
from cop.workshops import queries, session_lists
from cop.workshops.queries import WorkshopFilter
from cop.workshops.session_lists import COMING, MONTH, NEXT_MONTH, PAST, WHEN
from cop.workshops.session_models import WorkshopSession

#: Values of `date` in words.
DATES: Mapping[str, Any] = {
    # Translators: dates of workshops, as choices of a filter.
    COMING: _l("Coming"),
    MONTH: _l("This month"),
    NEXT_MONTH: _l("Next month"),
    PAST: _l("Past"),
}
FIELDS = tuple(field.name for field in fields(WorkshopFilter))


def filter_of(args: Mapping[str, Iterable[str]]) -> WorkshopFilter:
    """Return what an address asks for; unknown times, and what names no place, ask for nothing."""
    values = {name: tuple(dict.fromkeys(filter(None, args.get(name, ())))) for name in FIELDS}
    known = vocabulary().by_key
    values["date"] = tuple(one for one in WHEN if one in values["date"])
    values["place"] = tuple(
        one for one in values["place"] if one in known and known[one].scheme == "place"
    )
    return WorkshopFilter(**values)


def workshops(viewer: Viewer, narrow: WorkshopFilter) -> Select[Entry]:
    """Return the statement of workshops that match, whenever they are given."""
    statement = queries.index(viewer, narrow)
    more = session_lists.conditions(narrow.place, narrow.given)
    if more:
        given = WorkshopSession.entry_id == Entry.id, WorkshopSession.removed_at.is_(None)
        statement = statement.where(exists().where(*given, *more))
    return statement


def chips(narrow: WorkshopFilter) -> list[tuple[str, str, str]]:
    """Return (field, value, words) of the filters that are no terms, to be shown and taken off."""
    languages = {"zh": _("Given in Chinese"), "en": _("Given in English")}
    texts = {"zh": _("Text in Chinese"), "en": _("Text in English")}
    found = [("date", one, str(DATES[one])) for one in narrow.date]
    found += [("given", one, languages[one]) for one in narrow.given if one in languages]
    found += [("text", one, texts[one]) for one in narrow.text if one in texts]
    return found
