"""The list of people: members who chose to be found by what they know. Only members ever see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import current_lang, pick
from cop.core.page import Page
from cop.core.text import clean
from cop.core.types import Lang
from cop.notes.knowing import known_by_each, signed_about
from cop.notes.narrowing import with_merged
from cop.people import finding
from cop.people.models import Organisation, User
from cop.people.organisations import folded_name
from cop.people.viewer import Viewer
from cop.terms.refs import TermRef, ref_of
from cop.terms.vocabulary import vocabulary

PAGE_SIZE = 30
#: How many people stand beside a term or an organisation.
BESIDE = 8
_LONGEST = 80


@dataclass(frozen=True)
class Person:
    """Somebody in a list, as members see her."""

    handle: str
    name: str
    organisation: str
    organisation_lang: Lang | None
    languages: str
    ask_about: str
    knows: Sequence[TermRef]


@dataclass(frozen=True)
class Sought:
    """Whom somebody looks for: words of a name or of what people say about themselves, and a term they know about."""

    words: str = ""
    term: TermRef | None = None


def sought(words: str, term_key: str) -> Sought:
    """Return what was asked for; raises NotFound for a key that is no term."""
    if not term_key:
        return Sought(clean(words, multiline=False)[:_LONGEST])
    known = vocabulary()
    if term_key not in known.by_key:
        raise NotFound
    term = known.resolved(known.by_key[term_key])
    return Sought(clean(words, multiline=False)[:_LONGEST], ref_of(term, current_lang()))


def people(viewer: Viewer, asked: Sought, *, after: str | None) -> Page[Person]:
    """Return a page of the people who can be found, by name in the reader's manner."""
    statement = (
        select(User, Organisation.name)
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .where(_findable())
        .order_by(User.sort_name, User.id)
        .limit(PAGE_SIZE + 1)
    )
    if asked.words:
        statement = statement.where(_says(asked.words))
    if asked.term is not None:
        statement = statement.where(signed_about(viewer, with_merged([asked.term.id])))
    if after is not None:
        name, _bar, number = after.rpartition("|")
        last = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        statement = statement.where(
            (User.sort_name > name) | ((User.sort_name == name) & (User.id > last))
        )
    rows = db.session.execute(statement).all()
    shown = rows[:PAGE_SIZE]
    knows = known_by_each(viewer, [user.id for user, _home in shown])
    last_row = shown[-1][0] if len(rows) > PAGE_SIZE else None
    return Page(
        [_person(user, home, knows.get(user.id, ())) for user, home in shown],
        older=f"{last_row.sort_name}|{last_row.id}" if last_row is not None else None,
    )


def at_organisation(organisation_id: int) -> list[Person]:
    """Return the first people of an organisation who can be found."""
    return _beside(User.organisation_id == organisation_id)


def knowing_about(viewer: Viewer, term_id: int) -> list[Person]:
    """Return the first people who can be found and signed something about a term that this viewer may read."""
    return _beside(signed_about(viewer, with_merged([term_id])))


def _beside(criterion: ColumnElement[bool]) -> list[Person]:
    statement = select(User).where(_findable(), criterion).order_by(User.sort_name, User.id)
    return [_person(user, None, ()) for user in db.session.scalars(statement.limit(BESIDE))]


def _findable() -> ColumnElement[bool]:
    return and_(User.listed.is_(True), finding.can_be_mentioned())


def _says(words: str) -> ColumnElement[bool]:
    """Return the criterion of those whose name begins so, in any script, or who say these words about themselves."""
    begun = folded_name(words).replace(" ", "")
    return or_(
        User.sought.contains(f"\n{begun}", autoescape=True),
        User.ask_about.icontains(words, autoescape=True),
        User.languages.icontains(words, autoescape=True),
        User.about.icontains(words, autoescape=True),
        Organisation.folded.contains(folded_name(words), autoescape=True),
    )


def _person(user: User, home: dict[str, str] | None, knows: Sequence[TermRef]) -> Person:
    name, lang = pick(home) if home else ("", None)
    return Person(
        handle=user.handle,
        name=user.name,
        organisation=name,
        organisation_lang=lang,
        languages=user.languages,
        ask_about=user.ask_about,
        knows=knows,
    )
