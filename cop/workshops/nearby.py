"""What "near" means to a member: the place she chose for herself, else the province of her organisation."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, select

from cop.core.db import db, rows
from cop.core.errors import Invalid
from cop.core.i18n import _l, current_lang
from cop.events.record import record
from cop.people.account_operations import own
from cop.people.events import PreferencesChanged
from cop.people.models import Organisation, OwnPlace, User
from cop.people.viewer import Viewer
from cop.terms import places
from cop.terms.queries import Choice, choices
from cop.terms.refs import TermRef, ref_of
from cop.terms.vocabulary import TermView, vocabulary

#: The country: what lies just below it is a province, and nothing is far from it.
ROOT = "china"
_SCHEME = "place"


@dataclass(frozen=True)
class Nearby:
    """A place, and how it is known; shown to the member alone."""

    place: TermView
    #: Whether she chose it herself.
    own: bool

    @property
    def ref(self) -> TermRef:
        """The place as a link."""
        return ref_of(self.place)


# Built once: the front page of every member asks it.
_NAMED = (
    select(OwnPlace.place_id, Organisation.place_id)
    .select_from(User)
    .outerjoin(OwnPlace, OwnPlace.user_id == User.id)
    .outerjoin(Organisation, Organisation.id == User.organisation_id)
    .where(User.id == bindparam("reader", type_=Integer))
)


def nearby(viewer: Viewer) -> Nearby | None:
    """Return what a member goes by; None where neither she nor her organisation names a place."""
    found = rows(_NAMED, {"reader": viewer.id}) if viewer.id is not None else ()
    if not found:
        return None
    # Both are of rows that may be missing.
    chosen: int | None = found[0][0]
    of_organisation = found[0][1]
    words = vocabulary()
    if chosen is not None and chosen in words.by_id:
        return Nearby(words.resolved(words.by_id[chosen]), own=True)
    around = places.path(of_organisation) if of_organisation is not None else []
    inside = [place for place in around if place.key != ROOT]
    return Nearby(inside[-1], own=False) if inside else None


def offered() -> Sequence[Choice]:
    """Return the places that can be chosen, in the language of the moment."""
    return [one for one in choices(_SCHEME, current_lang()) if one.key != ROOT]


def choose_place(*, by: Viewer, key: str) -> None:
    """Keep which place a member wants to be told of, or forget it where none is named. Nobody else reads it."""
    user = own(by)
    kept = db.session.get(OwnPlace, user.id)
    place = vocabulary().by_key.get(key)
    if not key:
        if kept is not None:
            db.session.delete(kept)
    elif place is None or place.scheme != _SCHEME or place.key == ROOT:
        raise Invalid("place", _l("Please choose one of the options offered."))
    elif kept is not None:
        kept.place_id = place.id
    else:
        db.session.add(OwnPlace(user_id=user.id, place_id=place.id))
    record(PreferencesChanged(user_id=user.id), actor_id=by.id)
