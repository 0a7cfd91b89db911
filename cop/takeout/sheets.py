"""Rows of somebody's own data, told twice: as a page she reads, and as YAML a machine reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from cop.core.i18n import _, _l
from cop.exchange.dumping import dump
from cop.takeout.parts import Item, Part, page
from cop.web.filters import as_date, as_datetime

if TYPE_CHECKING:
    from cop.takeout.owner import Owner


@dataclass(frozen=True)
class Link:
    """Something of somebody else: its title and where it stands, and nothing of what it says."""

    title: str
    href: str


@dataclass(frozen=True)
class Words:
    """Her own words: as she wrote them, and as they look."""

    source: str
    html: str


#: Headings of the first page, as lazy strings.
SAID_AND_BEGUN = _l("What else you said, began and sent")
KEPT_ABOUT = _l("What the site keeps about you")
#: What no reader needs.
_FOR_MACHINES = frozenset({"id"})
_ADDRESS = ("https://", "http://")

#: Name of a value → the value; what is empty is left out.
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One room of somebody's data."""

    #: What its files are called, and the list in the YAML.
    name: str
    #: Its heading, as a lazy string.
    title: Any
    #: Name of a value → what it is called for people, as lazy strings.
    labels: Mapping[str, Any]
    #: (owner, after, most) → some rows with a number each, in the order of these.
    rows: Callable[["Owner", int, int], Sequence[tuple[int, Row]]]
    #: How many there are.
    count: Callable[["Owner"], int]
    #: Under which heading the first page names it.
    room: Any = KEPT_ABOUT

    def write(self, owner: "Owner", after: int, most: int, part: Part) -> tuple[int, int | None]:
        """Put rows into a part; return how many, and the last of them where there may be more."""
        found = [(at, _filled(row)) for at, row in self.rows(owner, after, most)]
        if found:
            rows = [row for _at, row in found]
            part.add(f"data/{self.name}.yaml", "".join("\n" + dump(_plain(row)) for row in rows))
            address = f"read/{self.name}-{found[0][0]}.html"
            told = [
                [
                    (self._label(key), _shown(value))
                    for key, value in row.items()
                    if key not in _FOR_MACHINES
                ]
                for row in rows
            ]
            part.add(address, page("takeout/file/sheet.html", title=self.title, rows=told))
            part.name(Item(str(self.room), str(self.title), address, number=len(rows)))
        return len(found), found[-1][0] if len(found) == most else None

    def _label(self, key: str) -> str:
        return str(self.labels.get(key, key))


def _filled(row: Row) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, "", [], {}, ())}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Link):
        return {"title": value.title, "link": value.href}
    if isinstance(value, Words):
        return value.source
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | str) else str(value)


def _shown(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Markup("<br>").join(
            Markup("{}: {}").format(key, _shown(one)) for key, one in value.items()
        )
    if isinstance(value, list | tuple):
        return Markup("<br>").join(_shown(one) for one in value)
    if isinstance(value, Link):
        return Markup('<a href="{}">{}</a>').format(value.href, value.title)
    if isinstance(value, Words):
        return Markup(value.html)  # noqa: S704 (rendered and made harmless by cop.markup)
    if isinstance(value, date):
        return as_datetime(value) if isinstance(value, datetime) else as_date(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and value.startswith(_ADDRESS) and not value.split()[1:]:
        return Markup('<a href="{0}">{0}</a>').format(value)
    return escape(value)
