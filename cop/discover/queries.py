"""What the front pages show: ways in, organisations."""

from dataclasses import dataclass

from sqlalchemy import select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import current_lang, pick
from cop.core.page import Page
from cop.core.text import slugify
from cop.core.types import Lang
from cop.entries.queries import MAX_ID
from cop.notes.queries import known_to
from cop.people.models import Organisation
from cop.people.viewer import Viewer
from cop.terms import places

PAGE_SIZE = 50


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation in a list: its name in the reader's language where it has one there."""

    id: int
    name: str
    lang: Lang
    other: str
    other_lang: Lang | None
    place: str
    written_by: str
    slug: str


def organisations(viewer: Viewer, *, after: str | None) -> Page[OrganisationRow]:
    """Return a page of the viewer's directory, by name in the reader's manner, after the key of the last row seen."""
    sort = Organisation.sort_zh if current_lang() is Lang.ZH else Organisation.sort_en
    statement = (
        select(Organisation, sort)
        .where(known_to(viewer))
        .order_by(sort, Organisation.id)
        .limit(PAGE_SIZE + 1)
    )
    if after is not None:
        name, _bar, number = after.rpartition("|")
        last = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        statement = statement.where((sort > name) | ((sort == name) & (Organisation.id > last)))
    rows = db.session.execute(statement).all()
    more = (
        f"{rows[PAGE_SIZE - 1][1]}|{rows[PAGE_SIZE - 1][0].id}" if len(rows) > PAGE_SIZE else None
    )
    return Page([row_of(found) for found, _key in rows[:PAGE_SIZE]], older=more)


def organisation(viewer: Viewer, organisation_id: int) -> Organisation:
    """Return an organisation of the viewer's directory, or raise NotFound."""
    if not 0 < organisation_id <= MAX_ID:
        raise NotFound
    wanted = select(Organisation).where(Organisation.id == organisation_id, known_to(viewer))
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def row_of(found: Organisation) -> OrganisationRow:
    """Return an organisation as a list shows it."""
    name, lang = pick(found.name)
    other = found.name.get(lang.other, "")
    return OrganisationRow(
        id=found.id,
        name=name,
        lang=lang,
        other=other if other != name else "",
        other_lang=lang.other if other and other != name else None,
        place=places.written(found.place_id, current_lang()) if found.place_id else "",
        written_by=found.written_by,
        slug=slug_of(name),
    )


def slug_of(name: str) -> str:
    """Return the decoration of an organisation's address."""
    return slugify(name)
