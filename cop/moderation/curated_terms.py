"""What waits for curators about the lists of terms: suggested ones, and those that may be one."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import ScalarSelect, literal, select

from cop.core.db import db
from cop.core.i18n import _, _l, current_lang
from cop.core.page import Cursor
from cop.moderation.curating import Item, Source
from cop.people.viewer import Viewer
from cop.suggestions import pages as suggestions, queries as suggested
from cop.terms.clashing import Clash, clashes
from cop.terms.models import Term
from cop.terms.refs import ref_of


def _terms_waiting(viewer: Viewer) -> ScalarSelect[int]:
    return suggested.waiting().scalar_subquery()


def _oldest_terms(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[Item]:
    return [
        Item(
            subject=f"term:{row.id}",
            number=row.id,
            since=row.opened_at,
            sort=_l("Suggested term"),
            title=row.name,
            lang=row.name_lang,
            by=row.by,
            note=row.why,
            href=url_for("suggestions.show", suggestion_id=row.id),
        )
        for row in suggestions.rows_of(suggested.oldest(after, most))
    ]


def _alike() -> dict[int, Clash]:
    """Return the terms whose names another had before them → the two; the closest, where there are several."""
    found: dict[int, Clash] = {}
    for pair in clashes():
        found.setdefault(max(pair.one.id, pair.other.id), pair)
    return found


def _alike_waiting(viewer: Viewer) -> ScalarSelect[int]:
    return select(literal(len(_alike()))).scalar_subquery()


def _oldest_alike(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[Item]:
    pairs = _alike()
    if not pairs:
        return []
    # They wait since the later of the two came into the list.
    made = select(Term.created_at, Term.id).where(Term.id.in_(pairs))
    places = sorted((at, term_id) for at, term_id in db.session.execute(made))
    if after is not None:
        places = [place for place in places if place > (after.at, after.id)]
    return [_item(pairs[term_id], at, term_id) for at, term_id in places[:most]]


def _item(pair: Clash, at: datetime, term_id: int) -> Item:
    one, other = ref_of(pair.one), ref_of(pair.other)
    return Item(
        subject=f"alike:{term_id}",
        number=term_id,
        since=at,
        sort=_l("Names alike"),
        title=_("%(one)s and %(other)s", one=one.name, other=other.name),
        lang=current_lang().value,
        by="",
        note=_("The two may be one term."),
        href=url_for("tending.apart", scheme=one.scheme, key=one.key, other=other.key),
    )


SUGGESTIONS = Source("terms", _l("Suggested terms"), _terms_waiting, _oldest_terms)
ALIKE = Source("alike", _l("Names alike"), _alike_waiting, _oldest_alike, is_quiet=True)
