"""Dates, numbers and lists in the reader's manner and time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel import Locale, dates, lists, numbers

from cop.core import clock
from cop.core.i18n import LOCALES, current_lang
from cop.core.types import Lang
from cop.web.negotiate import current_zone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

#: How a day, a month, a year and a moment are written. Chinese figures and words stand without typed
#: spaces; `text-autospace` of the style sheet sets the gap.
_PATTERNS: dict[Lang, dict[str, str]] = {
    Lang.ZH: {
        "day": "y年M月d日",
        "month": "y年M月",
        "year": "y年",
        "same_year": "M月d日",
    },
    Lang.EN: {
        "day": "d MMMM y",
        "month": "MMMM y",
        "year": "y",
        "same_year": "d MMMM",
    },
}
_MOMENT = {Lang.ZH: "{day} {time}", Lang.EN: "{day}, {time}"}
#: From then on a date says more than "5 weeks ago".
_LONG_AGO = timedelta(days=30)


@lru_cache(maxsize=8)
def _locale(lang: Lang) -> Locale:
    return Locale.parse(LOCALES[lang])


# Lists write the same few days again and again.
@lru_cache(maxsize=4096)
def _write(value: date, pattern: str, lang: Lang) -> str:
    return dates.format_date(value, _PATTERNS[lang][pattern], locale=_locale(lang))


def here(moment: datetime) -> datetime:
    """Return the moment on the reader's clock."""
    return moment.astimezone(current_zone())


def as_date(value: date | datetime | None, lang: Lang | None = None) -> str:
    """Return a day: `2026年11月18日`, `18 November 2026`; a moment is the day it falls on for the reader."""
    if value is None:
        return ""
    day = here(value).date() if isinstance(value, datetime) else value
    return _write(day, "day", lang or current_lang())


def weekday(day: date, lang: Lang | None = None) -> str:
    """Return the name of the day of the week."""
    return dates.format_date(day, "EEEE", locale=_locale(lang or current_lang()))


def as_datetime(moment: datetime | None, lang: Lang | None = None) -> str:
    """Return a day and its time: `2026年11月16日 21:40`, `16 November 2026, 21:40`."""
    if moment is None:
        return ""
    spoken = lang or current_lang()
    local = here(moment)
    return _MOMENT[spoken].format(day=_write(local.date(), "day", spoken), time=f"{local:%H:%M}")


def ago(moment: datetime | None, lang: Lang | None = None) -> str:
    """Return how long ago, up to a month; then the day."""
    if moment is None:
        return ""
    spoken = lang or current_lang()
    passed = clock.now() - moment
    if abs(passed) > _LONG_AGO:
        return as_date(moment, spoken)
    return dates.format_timedelta(
        -passed, granularity="minute", add_direction=True, locale=_locale(spoken)
    )


def number(value: float, lang: Lang | None = None) -> str:
    """Return a number with the separators of the language."""
    return numbers.format_decimal(value, locale=_locale(lang or current_lang()))


def join_list(items: Iterable[Any], style: str = "standard", lang: Lang | None = None) -> str:
    """Return `甲、乙和丙`, `A, B and C`; style "or" for choices."""
    return lists.format_list(
        [str(item) for item in items],
        style=style,  # type: ignore[arg-type]
        locale=_locale(lang or current_lang()),
    )


def sentences(said: Iterable[Any], lang: Lang | None = None) -> str:
    """Return whole sentences one after the other: a Chinese full stop brings its own gap."""
    return ("" if (lang or current_lang()) is Lang.ZH else " ").join(str(one) for one in said)


def period(
    started: date | None,
    ended: date | None = None,
    precision: str = "day",
    lang: Lang | None = None,
) -> str:
    """Return a period in the precision its author chose, "day", "month" or "year"; "" where hidden.

    What both ends share is written once: `2026年12月5—6日`, `5–6 December 2026`.
    """
    spoken = lang or current_lang()
    first, last = started or ended, ended or started
    if first is None or last is None or precision not in ("day", "month", "year"):
        return ""
    left, right = _write(first, precision, spoken), _write(last, precision, spoken)
    if left == right:
        return left
    if spoken is Lang.ZH:
        return _range_zh(first, last, precision)
    return _range_en(first, last, precision)


def _range_zh(first: date, last: date, precision: str) -> str:
    if precision == "year":
        return f"{first.year}—{_write(last, 'year', Lang.ZH)}"
    if first.year != last.year:
        return f"{_write(first, precision, Lang.ZH)}—{_write(last, precision, Lang.ZH)}"
    if precision == "month":
        return f"{first.year}年{first.month}—{last.month}月"
    if first.month == last.month:
        return f"{first.year}年{first.month}月{first.day}—{last.day}日"
    return f"{_write(first, 'day', Lang.ZH)}—{_write(last, 'same_year', Lang.ZH)}"


def _range_en(first: date, last: date, precision: str) -> str:
    end = _write(last, precision, Lang.EN)
    if precision == "year":
        return f"{first.year}–{last.year}"
    if first.year != last.year:
        return f"{_write(first, precision, Lang.EN)} – {end}"
    if precision == "month":
        return f"{dates.format_date(first, 'MMMM', locale=_locale(Lang.EN))}–{end}"
    if first.month == last.month:
        return f"{first.day}–{end}"
    return f"{_write(first, 'same_year', Lang.EN)} – {end}"


def lang_tag(lang: Lang | str) -> str:
    """Return the short tag of a language, for addresses."""
    return lang.tag if isinstance(lang, Lang) else (Lang.of_tag(lang) or Lang.EN).tag


def init_app(app: Flask) -> None:
    """Offer the filters to templates."""
    app.jinja_env.filters.update(
        date=as_date,
        datetime=as_datetime,
        ago=ago,
        number=number,
        join_list=join_list,
        sentences=sentences,
        period=period,
        lang_tag=lang_tag,
    )
