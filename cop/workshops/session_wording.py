"""Dates of workshops in words: when, by whose clocks, where, in what."""

from zoneinfo import ZoneInfo

from cop.core.i18n import _, current_lang
from cop.core.text import guess_lang
from cop.core.types import Lang
from cop.people.timezones import city_of
from cop.terms import places
from cop.web.filters import as_date, as_datetime, here, join_list, period, weekday
from cop.workshops.session_models import Spoken, WorkshopSession
from cop.workshops.session_times import last_day_of


def days(session: WorkshopSession) -> str:
    """Return the days, as their place counts them: 5–6 December 2026."""
    return period(session.starts_local.date(), session.ends_local.date())


def times(session: WorkshopSession) -> str:
    """Return from when to when by the clocks there; of several days, the first and the last."""
    starts, ends = f"{session.starts_local:%H:%M}", f"{session.ends_local:%H:%M}"
    if session.starts_local.date() == session.ends_local.date():
        return f"{starts}–{ends}"
    return _(
        "begins %(first)s at %(starts)s, ends %(last)s at %(ends)s",
        first=weekday(session.starts_local.date()),
        starts=starts,
        last=weekday(session.ends_local.date()),
        ends=ends,
    )


def when(session: WorkshopSession) -> str:
    """Return days and times in one line."""
    # Translators: days, then times of a date of a workshop: "5 December 2026, 09:00–17:00".
    return _("%(days)s, %(times)s", days=days(session), times=times(session))


def clocks(session: WorkshopSession) -> str:
    """Return whose clocks these are: Shanghai time (UTC+08:00)."""
    there = session.starts_at.astimezone(ZoneInfo(session.timezone))
    # Translators: whose clocks a time is told by: "Shanghai time (UTC+08:00)".
    return _(
        "%(city)s time (%(offset)s)",
        city=city_of(session.timezone),
        offset=f"UTC{there.isoformat()[-6:]}",
    )


def for_reader(session: WorkshopSession) -> str:
    """Return when it begins by the reader's own clock, or "" where that says the same."""
    there = session.starts_at.astimezone(ZoneInfo(session.timezone))
    if here(session.starts_at).utcoffset() == there.utcoffset():
        return ""
    return as_datetime(session.starts_at)


def place(session: WorkshopSession) -> str:
    """Return the place as the reader writes it, or ""."""
    return places.written(session.place_id, current_lang()) if session.place_id else ""


def where(session: WorkshopSession) -> str:
    """Return place and venue, and whether one can take part online, as plain words."""
    there = place(session)
    if session.venue:
        # Translators: a place and where there people meet: "Haishu, Ningbo: Service centre, room 2".
        both = _("%(place)s: %(venue)s", place=there, venue=session.venue)
        there = both if there else session.venue
    if not session.online:
        return there
    # Translators: where a workshop is given, besides online.
    return _("%(place)s and online", place=there) if there else _("Online")


def lang_of(words: str) -> Lang:
    """Return the language in which a trainer wrote a line: it is recognised."""
    return guess_lang(words, default=current_lang())


def spoken(session: WorkshopSession) -> str:
    """Return in what it is given."""
    named = {Spoken.ZH: [_("Chinese")], Spoken.EN: [_("English")]}
    both = join_list([_("Chinese"), _("English")])
    return named.get(Spoken(session.spoken), [both])[0]


def closes(session: WorkshopSession) -> str:
    """Return until when one can sign up: the last day, as its place counts it, or else the beginning."""
    if session.closes_at is None or session.closes_at == session.starts_at:
        return _("Sign up until %(moment)s", moment=as_datetime(session.starts_at))
    last = last_day_of(session.closes_at, session.timezone)
    return _("Sign up until %(day)s at the latest", day=as_date(last))
