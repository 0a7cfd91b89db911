"""Time zones as people look for them: by region and in their own language, China first."""

from dataclasses import dataclass
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from cop.core import clock
from cop.core.i18n import LOCALES, current_locale
from cop.core.types import Lang

#: The first part of a zone's name → the region CLDR knows a name for.
_REGIONS = {
    "Asia": "142",
    "Europe": "150",
    "Africa": "002",
    "America": "019",
    "Australia": "009",
    "Pacific": "009",
}
_FIRST = "Asia/Shanghai"
_OTHER = "001"
_ORDER = ("CN", "142", "150", "002", "019", "009", _OTHER)


@dataclass(frozen=True)
class Group:
    """One region and its zones: (name of the zone, what the reader sees)."""

    name: str
    zones: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4)
def groups(lang: Lang) -> tuple[Group, ...]:
    """Return all zones by region, each sorted by its distance from UTC and then by name."""
    locale = Locale.parse(LOCALES[lang])
    found: dict[str, list[tuple[int, str, str]]] = {region: [] for region in _ORDER}
    known = available_timezones()
    for zone, territory in get_global("zone_territories").items():
        if zone not in known or "/" not in zone or zone.startswith("Etc/"):
            continue
        region = "CN" if territory == "CN" else _REGIONS.get(zone.partition("/")[0], _OTHER)
        minutes = _minutes(zone)
        found[region].append((minutes, _label(zone, minutes, locale), zone))
    found[_OTHER].append((0, "UTC", "UTC"))
    return tuple(
        Group(
            locale.territories.get(region, region),
            tuple((zone, label) for _minute, label, zone in sorted(found[region], key=_place)),
        )
        for region in _ORDER
    )


def city_of(zone: str) -> str:
    """Return the city a zone is named after, in the current language."""
    return _city(zone, Locale.parse(current_locale()))


def _place(found: tuple[int, str, str]) -> tuple[bool, int, str]:
    minutes, label, zone = found
    return zone != _FIRST, minutes, label


def _minutes(zone: str) -> int:
    offset = clock.now().astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0


def _label(zone: str, minutes: int, locale: Locale) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{_city(zone, locale)} (UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02})"


def _city(zone: str, locale: Locale) -> str:
    """Return the city a zone is named after, in the reader's language.

    CLDR keeps some names under what the zone was called before (Asia/Calcutta).
    """
    for name in (zone, *_former_names().get(zone, ())):
        city: str | None = locale.time_zones.get(name, {}).get("city")
        if city:
            return city
    return zone.rpartition("/")[2].replace("_", " ")


@cache
def _former_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for former, present in get_global("zone_aliases").items():
        found.setdefault(present, []).append(former)
    return found
